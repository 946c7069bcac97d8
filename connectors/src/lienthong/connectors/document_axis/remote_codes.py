"""What the codes of the document axis mean here; one table, most specific first.

Source of codes 10 to 23: the guide v2.2, section 4, as a provincial axis carries it out. A reply that isn't JSON and has an HTTP
status of the 400s was refused by something before the axis; its code here is `HTTP` and the status.
"""

from __future__ import annotations

import re

from lienthong.connectors.answers import Refusal, Row, busy, credentials, refused
from lienthong.connectors.document_axis.errors import OperationMissing, PacketUnfit, SenderNotRegistered
from lienthong.connectors.errors import AnswerUnclear, RecipientClosed, UnknownRecipient
from lienthong.core.errors import LienthongError, Words


def _recipient(refusal: Refusal) -> str:
    """Return the recipients that the axis's text names, or all of the parcel's."""
    codes = refusal.parcel.recipients if refusal.parcel else ()
    named = [code for code in codes if re.search(rf"(?<![\w.]){re.escape(code)}(?!\.?\w)", refusal.text)]
    return ", ".join(named or codes) or "?"


def _packet(refusal: Refusal) -> LienthongError:
    return PacketUnfit(connection=refusal.connection, remote_code=refusal.remote_code, detail=refusal.shown)


def _unknown_recipient(refusal: Refusal) -> LienthongError:
    return UnknownRecipient(connection=refusal.connection, recipient=_recipient(refusal))


def _closed_recipient(refusal: Refusal) -> LienthongError:
    return RecipientClosed(connection=refusal.connection, recipient=_recipient(refusal), remote_code=refusal.remote_code)


def _sender(refusal: Refusal) -> LienthongError:
    sender = refusal.parcel.sender if refusal.parcel else "?"
    return SenderNotRegistered(connection=refusal.connection, sender=sender, remote_code=refusal.remote_code)


def _missing(refusal: Refusal) -> LienthongError:
    return OperationMissing(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code)


def _perhaps_sent(refusal: Refusal) -> LienthongError:
    reason = Words(f"code {refusal.remote_code}, a fault of its own", f"mã {refusal.remote_code}, lỗi của chính hệ thống đó")
    return AnswerUnclear(connection=refusal.connection, operation=refusal.operation, reason=reason)


TABLE = (
    Row("10", "sendEdoc", _packet),  # file không hợp lệ
    Row("21", "sendEdoc", _packet),  # lỗi xử lý file
    Row("22", "sendEdoc", _packet),  # edXML sai chuẩn
    Row("18", "sendEdoc", _unknown_recipient),  # đơn vị nhận không tồn tại
    Row("23", "sendEdoc", _closed_recipient),  # đơn vị nhận đã khóa
    Row("19", "sendEdoc", _sender),  # đơn vị gửi không đăng ký
    Row("HTTP 413", "sendEdoc", _packet),
    Row("15", None, credentials),  # sai SystemId/SecretKey
    Row("20", "sendEdoc", _perhaps_sent),  # lỗi hệ thống; nothing says that it comes before the packet is taken
    Row("20", None, busy),
    Row("HTTP 401", None, credentials),
    Row("HTTP 403", None, credentials),
    Row("HTTP 404", None, _missing),
    Row("HTTP 405", None, _missing),
    Row(None, None, refused),
)
