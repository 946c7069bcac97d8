"""Every answer that the portal is known to give has a meaning here."""

from __future__ import annotations

import pytest

from lienthong.connectors.answers import Refusal, error_for
from lienthong.connectors.errors import CredentialsRejected, RemoteRefused
from lienthong.connectors.service_portal.errors import DossierExists, DossierUnknown, ServiceMissing
from lienthong.connectors.service_portal.remote_codes import TABLE, session_ended

EXPECTED = {
    ("3", "DongBoHoSoMC", "Hồ sơ H42-1 ĐÃ TỒN TẠI"): DossierExists,
    ("-1", "DongBoHoSoMC", "Hồ sơ đã tồn tại"): DossierExists,  # decomposed letters
    ("-3", "DongBoHoSoMC", "Hồ sơ H42-1 không tồn tại"): DossierUnknown,
    ("-3", "CapNhatTienDoHoSoMC", "Hồ sơ H42-1 không tồn tại"): DossierUnknown,
    ("1", "DongBoHoSoMC", "Mã thủ tục không tồn tại"): RemoteRefused,
    ("3", "DongBoHoSoMC", ""): RemoteRefused,
    ("-1", "TraCuuHoSo", "Lỗi"): RemoteRefused,
    ("1", "login", "Sai tài khoản hoặc mật khẩu"): CredentialsRejected,
    ("HTTP 401", "DongBoHoSoMC", ""): CredentialsRejected,
    ("HTTP 403", "DongBoHoSoMC", ""): CredentialsRejected,
    ("HTTP 404", "login", ""): ServiceMissing,
    ("HTTP 405", "DongBoHoSoMC", ""): ServiceMissing,
    ("HTTP 400", "DongBoHoSoMC", ""): RemoteRefused,
}


def refusal(code: str, operation: str, message: str) -> Refusal:
    return Refusal(connection="portal", operation=operation, remote_code=code, text=message)


@pytest.mark.parametrize(("code", "operation", "message"), EXPECTED)
def test_answer_becomes_its_error_in_both_languages(code: str, operation: str, message: str) -> None:
    """A known answer has its error, an unknown one is a refusal, and both sentences can be made."""
    found = error_for(refusal(code, operation, message), TABLE)
    assert type(found) is EXPECTED[code, operation, message]
    assert found.sentence("vi")
    assert found.sentence("en")


def test_table_has_no_row_without_a_test() -> None:
    """Every row of the table decides at least one case above."""
    decided = {next(index for index, row in enumerate(TABLE) if row.fits(refusal(*case))) for case in EXPECTED}
    assert decided == set(range(len(TABLE)))


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("-1", "Phiên làm việc không hợp lệ", True),
        ("5", "Invalid session", True),
        ("7", "", True),
        ("1", "Phiên bản biểu mẫu không đúng", False),
        ("1", "NgayTiepNhan bắt buộc", False),
        ("77", "", False),
    ],
)
def test_ended_session_is_told_from_a_refusal(code: str, message: str, expected: bool) -> None:
    """The message speaks of the session, or the settings say that the code does."""
    assert session_ended(refusal(code, "DongBoHoSoMC", message), (7,)) is expected
