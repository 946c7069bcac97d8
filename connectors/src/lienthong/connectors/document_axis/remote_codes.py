"""What the codes of the document axis mean here; one table, most specific first.

Source of codes 10 to 23: the guide v2.2, section 4, as a provincial axis carries it out. A reply that isn't JSON and has an HTTP
status of the 400s was refused by something before the axis; its code here is `HTTP` and the status.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lienthong.connectors.document_axis.errors import OperationMissing, PacketRefused, SenderNotRegistered
from lienthong.connectors.errors import CredentialsRejected, RecipientClosed, RemoteBusy, RemoteRefused, UnknownRecipient
from lienthong.connectors.port import Parcel
from lienthong.core.errors import LienthongError
from lienthong.core.text import mask_personal

_DETAIL_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A reply that says no.

    Attributes:
        detail: What the axis wrote about it.
        parcel: What was to be sent, where the operation is sendEdoc.
    """

    connection: str
    operation: str
    remote_code: str
    detail: str
    parcel: Parcel | None = None

    @property
    def shown(self) -> str:
        """The axis's text, cut and without personal data."""
        return mask_personal(self.detail)[:_DETAIL_LENGTH] or "-"

    @property
    def recipient(self) -> str:
        """The recipients that the text names, or all of the parcel's."""
        codes = self.parcel.recipients if self.parcel else ()
        named = [code for code in codes if re.search(rf"(?<![\w.]){re.escape(code)}(?!\.?\w)", self.detail)]
        return ", ".join(named or codes) or "?"

    @property
    def sender(self) -> str:
        """The parcel's sender."""
        return self.parcel.sender if self.parcel else "?"


def _busy(refusal: Refusal) -> LienthongError:
    return RemoteBusy(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code)


def _credentials(refusal: Refusal) -> LienthongError:
    return CredentialsRejected(connection=refusal.connection, remote_code=refusal.remote_code, detail=refusal.shown)


def _packet(refusal: Refusal) -> LienthongError:
    return PacketRefused(connection=refusal.connection, remote_code=refusal.remote_code, detail=refusal.shown)


def _unknown_recipient(refusal: Refusal) -> LienthongError:
    return UnknownRecipient(connection=refusal.connection, recipient=refusal.recipient)


def _closed_recipient(refusal: Refusal) -> LienthongError:
    return RecipientClosed(connection=refusal.connection, recipient=refusal.recipient, remote_code=refusal.remote_code)


def _sender(refusal: Refusal) -> LienthongError:
    return SenderNotRegistered(connection=refusal.connection, sender=refusal.sender, remote_code=refusal.remote_code)


def _missing(refusal: Refusal) -> LienthongError:
    return OperationMissing(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code)


def _refused(refusal: Refusal) -> LienthongError:
    return RemoteRefused(connection=refusal.connection, operation=refusal.operation, detail=refusal.shown, remote_code=refusal.remote_code)


TABLE: tuple[tuple[str | None, str | None, Callable[[Refusal], LienthongError]], ...] = (
    # code, operation (None: any), what it is here
    ("10", "sendEdoc", _packet),  # file không hợp lệ
    ("21", "sendEdoc", _packet),  # lỗi xử lý file
    ("22", "sendEdoc", _packet),  # edXML sai chuẩn
    ("18", "sendEdoc", _unknown_recipient),  # đơn vị nhận không tồn tại
    ("23", "sendEdoc", _closed_recipient),  # đơn vị nhận đã khóa
    ("19", "sendEdoc", _sender),  # đơn vị gửi không đăng ký
    ("HTTP 413", "sendEdoc", _packet),
    ("15", None, _credentials),  # sai SystemId/SecretKey
    ("20", None, _busy),  # lỗi hệ thống
    ("HTTP 401", None, _credentials),
    ("HTTP 403", None, _credentials),
    ("HTTP 404", None, _missing),
    ("HTTP 405", None, _missing),
    (None, None, _refused),
)


def error_for(refusal: Refusal) -> LienthongError:
    """Return the error that a refusal is here."""
    return next(
        make(refusal) for code, operation, make in TABLE if code in (None, refusal.remote_code) and operation in (None, refusal.operation)
    )
