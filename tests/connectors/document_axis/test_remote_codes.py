"""Every code that the axis is known to give has a meaning here."""

from __future__ import annotations

import pytest

from lienthong.connectors.answers import Refusal, error_for
from lienthong.connectors.document_axis.errors import OperationMissing, PacketUnfit, SenderNotRegistered
from lienthong.connectors.document_axis.remote_codes import TABLE
from lienthong.connectors.errors import AnswerUnclear, CredentialsRejected, RecipientClosed, RemoteBusy, RemoteRefused, UnknownRecipient
from lienthong.connectors.port import Parcel
from lienthong.core.blob import Blob
from lienthong.core.errors import LienthongError

PARCEL = Parcel(id="1", kind="document", sender="H42.12", recipients=("H42", "H42.13", "G22"), key="k", packet=Blob.of_bytes(b""))
EXPECTED = {
    ("10", "sendEdoc"): PacketUnfit,
    ("15", "sendEdoc"): CredentialsRejected,
    ("15", "getEdoc"): CredentialsRejected,
    ("18", "sendEdoc"): UnknownRecipient,
    ("19", "sendEdoc"): SenderNotRegistered,
    ("20", "sendEdoc"): AnswerUnclear,
    ("20", "updateStatus"): RemoteBusy,
    ("21", "sendEdoc"): PacketUnfit,
    ("21", "getEdoc"): RemoteRefused,
    ("22", "sendEdoc"): PacketUnfit,
    ("23", "sendEdoc"): RecipientClosed,
    ("99", "sendEdoc"): RemoteRefused,
    ("HTTP 401", "sendEdoc"): CredentialsRejected,
    ("HTTP 403", "getEdoc"): CredentialsRejected,
    ("HTTP 404", "sendEdoc"): OperationMissing,
    ("HTTP 405", "sendEdoc"): OperationMissing,
    ("HTTP 413", "sendEdoc"): PacketUnfit,
    ("HTTP 400", "sendEdoc"): RemoteRefused,
}


def error(code: str, operation: str, detail: str = "Lỗi") -> LienthongError:
    parcel = PARCEL if operation == "sendEdoc" else None
    return error_for(Refusal(connection="axis", operation=operation, remote_code=code, text=detail, parcel=parcel), TABLE)


@pytest.mark.parametrize(("code", "operation"), EXPECTED)
def test_code_becomes_its_error_in_both_languages(code: str, operation: str) -> None:
    """A known code has its error, an unknown one is a refusal, and both sentences can be made."""
    found = error(code, operation)
    assert type(found) is EXPECTED[code, operation]
    assert found.sentence("vi")
    assert found.sentence("en")


def test_table_has_no_gap_and_no_row_without_a_test() -> None:
    """Every row of the table is reached by a case above, and the last row takes whatever is left."""
    codes = {row.code for row in TABLE if row.code is not None}
    assert codes <= {code for code, _ in EXPECTED}
    assert {"10", "15", "18", "19", "20", "21", "22", "23"} <= codes
    assert TABLE[-1][:2] == (None, None)
    reached = [
        index
        for index, row in enumerate(TABLE)
        for code, operation in EXPECTED
        if row.fits(Refusal(connection="axis", operation=operation, remote_code=code))
    ]
    assert set(reached) == set(range(len(TABLE)))


@pytest.mark.parametrize(
    ("detail", "recipient"),
    [
        ("Đơn vị nhận không tồn tại: H42.13", "H42.13"),
        ("Đơn vị H42 không tồn tại.", "H42"),
        ("không có G22, H42.13.", "H42.13, G22"),
        ("Đơn vị nhận không tồn tại", "H42, H42.13, G22"),
        ("H42.130 và 000.H42 không tồn tại", "H42, H42.13, G22"),
    ],
)
def test_recipients_that_the_axis_names_are_told_apart(detail: str, recipient: str) -> None:
    """Where the axis names a recipient it is that one, else all of the parcel's."""
    found = error("18", "sendEdoc", detail)
    assert isinstance(found, UnknownRecipient)
    assert found.recipient == recipient


def test_personal_data_in_the_axis_text_is_masked() -> None:
    """What the axis writes may hold an identity number."""
    assert "012345678901" not in str(error("22", "sendEdoc", "số 012345678901 sai"))
