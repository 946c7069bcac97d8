"""Errors of the exchange: settings, keys, what may be sent and by whom a status may be reported."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import ClassVar, Literal

from lienthong.core.errors import ConfigurationError, DataError, LienthongError, Place, Problem, SecurityError, Transient, Uncertain, Words


@dataclass(eq=False, kw_only=True)
class SettingsInvalid(ConfigurationError):
    """A settings key is misspelt, missing or has a wrong value; the value itself is never shown."""

    code: ClassVar[str] = "LT-SETTINGS-001"
    en: ClassVar[str] = "{place}: {reason}{hint}"
    vi: ClassVar[str] = "{place}: {reason}{hint}"
    place: Place
    reason: Words
    hint: Words | str = ""


@dataclass(eq=False, kw_only=True)
class SettingsMissing(ConfigurationError):
    """There is no settings file where one was expected."""

    code: ClassVar[str] = "LT-SETTINGS-002"
    en: ClassVar[str] = "There is no settings file {path}; name one with --settings or LIENTHONG_SETTINGS."
    vi: ClassVar[str] = "Không có tệp cấu hình {path}; hãy chỉ ra bằng --settings hoặc LIENTHONG_SETTINGS."
    path: str


@dataclass(eq=False, kw_only=True)
class UnknownName(ConfigurationError):
    """The settings have no such organisation, connection or route."""

    code: ClassVar[str] = "LT-SETTINGS-003"
    en: ClassVar[str] = "{section}.{name}: the settings have nothing by this name{hint}"
    vi: ClassVar[str] = "{section}.{name}: cấu hình không có mục này{hint}"
    section: Literal["organisations", "connections", "routes"]
    name: str
    hint: Words | str = ""


@dataclass(eq=False, kw_only=True)
class SenderUnclear(ConfigurationError):
    """More than one organisation can send, and none was named."""

    code: ClassVar[str] = "LT-SEND-004"
    en: ClassVar[str] = "Say which organisation sends: {organisations}."
    vi: ClassVar[str] = "Hãy nêu đơn vị gửi: {organisations}."
    organisations: str


@dataclass(eq=False, kw_only=True)
class StoreBusy(Transient):
    """The ledger is locked or can't be reached just now."""

    code: ClassVar[str] = "LT-STORE-001"
    en: ClassVar[str] = "The ledger can't be used just now: {detail}."
    vi: ClassVar[str] = "Tạm thời không dùng được sổ cái (máy báo: {detail})."
    detail: str


@dataclass(eq=False, kw_only=True)
class StoreUnusable(ConfigurationError):
    """The store's address, rights or version don't fit."""

    code: ClassVar[str] = "LT-STORE-002"
    en: ClassVar[str] = "The store can't be opened: {reason}."
    vi: ClassVar[str] = "Không mở được kho lưu trữ: {reason}."
    reason: Words


@dataclass(eq=False, kw_only=True)
class DocumentInvalid(DataError):
    """A document or status breaks rules that a receiver or an axis enforces; nothing was accepted."""

    code: ClassVar[str] = "LT-SEND-001"
    en: ClassVar[str] = "It can't be sent: {first} ({count} in all)."
    vi: ClassVar[str] = "Không gửi được: {first} (tất cả {count} lỗi)."
    first: Words
    count: int
    problems: tuple[Problem, ...] = ()


@dataclass(eq=False, kw_only=True)
class KeyConflict(DataError):
    """The same number, notation, year and kind were used before for other content."""

    code: ClassVar[str] = "LT-SEND-002"
    en: ClassVar[str] = "{key} stands in the ledger with other content as message {message}; a revision would send it all the same."
    vi: ClassVar[str] = "{key} đã có trong sổ cái với nội dung khác (bản ghi {message}); nêu số phiên bản thì vẫn gửi được."
    key: str
    message: str


@dataclass(eq=False, kw_only=True)
class NoRoute(ConfigurationError):
    """No sending route serves the organisation."""

    code: ClassVar[str] = "LT-SEND-003"
    en: ClassVar[str] = "No route that sends serves the organisation {organisation}."
    vi: ClassVar[str] = "Không có tuyến gửi nào phục vụ đơn vị {organisation}."
    organisation: str


@dataclass(eq=False, kw_only=True)
class ReasonMissing(DataError):
    """A rejection or a recall says why, and nobody but the clerk knows it."""

    code: ClassVar[str] = "LT-SEND-005"
    en: ClassVar[str] = "The status {status} needs a reason."
    vi: ClassVar[str] = "Trạng thái {status} phải nêu lý do."
    status: str


@dataclass(eq=False, kw_only=True)
class UnknownMessage(DataError):
    """The ledger has no such message."""

    code: ClassVar[str] = "LT-LEDGER-001"
    en: ClassVar[str] = "The ledger has no message {message}."
    vi: ClassVar[str] = "Sổ cái không có bản ghi {message}."
    message: str


@dataclass(eq=False, kw_only=True)
class PacketMissing(DataError):
    """The folder of blobs no longer has a packet that the ledger names; nothing was sent."""

    code: ClassVar[str] = "LT-STORE-003"
    en: ClassVar[str] = "The packet {sha256} is missing from the folder of blobs."
    vi: ClassVar[str] = "Thư mục blob không còn gói tin {sha256}."
    sha256: str


@dataclass(eq=False, kw_only=True)
class FateUnresolved(Uncertain):
    """A worker ended while it was sending; whether the remote system took the packet or dossier is not known."""

    code: ClassVar[str] = "LT-LEDGER-002"
    en: ClassVar[str] = "A worker ended while it was sending {key} (attempt {attempt}); whether it arrived is not known."
    vi: ClassVar[str] = "Tiến trình dừng khi đang gửi {key} (lần {attempt}); chưa rõ đã đến hay chưa."
    key: str
    attempt: int


@dataclass(eq=False, kw_only=True)
class NotForUs(DataError):
    """A packet came whose recipients are none of our organisations."""

    code: ClassVar[str] = "LT-RECEIVE-001"
    en: ClassVar[str] = "None of the recipients {recipients} is an organisation of these settings."
    vi: ClassVar[str] = "Không đơn vị nhận nào trong {recipients} có trong cấu hình."
    recipients: str


@dataclass(eq=False, kw_only=True)
class StatusWithoutDocument(DataError):
    """A status packet came for a document that the ledger doesn't have."""

    code: ClassVar[str] = "LT-RECEIVE-002"
    en: ClassVar[str] = "The status {status} from {sender} is about {document}, which is not in the ledger."
    vi: ClassVar[str] = "Trạng thái {status} do {sender} gửi về văn bản {document}, nhưng văn bản này không có trong sổ cái."
    status: str
    sender: str
    document: str


@dataclass(eq=False, kw_only=True)
class StatusUnreadable(DataError):
    """A status packet about a document of ours has an unknown code or no readable time."""

    code: ClassVar[str] = "LT-RECEIVE-006"
    en: ClassVar[str] = "{element} of the status from {sender} about {document} can't be read: {value}."
    vi: ClassVar[str] = "Không đọc được {element} trong trạng thái do {sender} gửi về văn bản {document}: {value}."
    element: str
    value: str
    sender: str
    document: str


@dataclass(eq=False, kw_only=True)
class NotEntitled(SecurityError):
    """Something about a document came from an organisation that may not say it."""

    code: ClassVar[str] = "LT-RECEIVE-003"
    en: ClassVar[str] = "{sender} is not entitled to {what} {document}."
    vi: ClassVar[str] = "{sender} không có quyền {what} {document}."
    what: Words
    sender: str
    document: str


@dataclass(eq=False, kw_only=True)
class SenderDisagrees(SecurityError):
    """A packet names another sender than the axis does."""

    code: ClassVar[str] = "LT-RECEIVE-005"
    en: ClassVar[str] = "The packet says that it is from {packet}, the remote system says {remote}."
    vi: ClassVar[str] = "Gói tin ghi nơi gửi là {packet}, hệ thống bên ngoài ghi là {remote}."
    packet: str
    remote: str


@dataclass(eq=False, kw_only=True)
class FieldTooLong(DataError):
    """A field that the ledger keeps as a key is longer than any real one."""

    code: ClassVar[str] = "LT-LEDGER-004"
    en: ClassVar[str] = "{field} has {length} characters; at most {most} can be kept."
    vi: ClassVar[str] = "{field} dài {length} ký tự; chỉ lưu được tối đa {most}."
    field: str
    length: int
    most: int


@dataclass(eq=False, kw_only=True)
class ContentConflict(DataError):
    """A document came under a key that was received before with other content."""

    code: ClassVar[str] = "LT-RECEIVE-004"
    en: ClassVar[str] = "{key} was received before with other content (message {message})."
    vi: ClassVar[str] = "{key} đã được nhận trước đó với nội dung khác (bản ghi {message})."
    key: str
    message: str


@dataclass(eq=False, kw_only=True)
class LeaseLost(Transient):
    """Someone else took over what this caller held; nothing was recorded for it."""

    code: ClassVar[str] = "LT-LEDGER-003"
    en: ClassVar[str] = "The lease of {message} ended and was taken over."
    vi: ClassVar[str] = "Thời hạn giữ {message} đã hết; nơi khác đã nhận xử lý."
    message: str


@dataclass(eq=False, kw_only=True)
class Unforeseen(DataError):
    """One item met an error that nobody thought of; it is held back, the log has the traceback, the rest goes on."""

    code: ClassVar[str] = "LT-RUN-004"
    en: ClassVar[str] = "{item} met an unforeseen error ({kind}); the log has the details."
    vi: ClassVar[str] = "{item} gặp lỗi ngoài dự kiến ({kind}); chi tiết trong nhật ký."
    item: str
    kind: str


@dataclass(eq=False, kw_only=True)
class RouteBusy(Transient):
    """The same route is being run elsewhere."""

    code: ClassVar[str] = "LT-RUN-001"
    en: ClassVar[str] = "The route {route} is being run elsewhere."
    vi: ClassVar[str] = "Tuyến {route} đang được chạy ở nơi khác."
    route: str


@dataclass(eq=False, kw_only=True)
class WrongProtocol(ConfigurationError):
    """A connection is asked for something that its kind can't do."""

    code: ClassVar[str] = "LT-RUN-002"
    en: ClassVar[str] = "The connection {connection} is of a kind that doesn't {need}."
    vi: ClassVar[str] = "Kết nối {connection} thuộc loại không {need}."
    connection: str
    need: Words


@dataclass(eq=False, kw_only=True)
class WaitedInVain(Transient):
    """The status that was waited for didn't come in time; it may still come."""

    code: ClassVar[str] = "LT-RUN-003"
    en: ClassVar[str] = "The status {status} of {message} did not come within {timeout:g} s."
    vi: ClassVar[str] = "Trạng thái {status} của {message} chưa đến trong {timeout:g} giây."
    status: str
    message: str
    timeout: float


def as_ours(error: Exception, item: str, logger: logging.Logger) -> LienthongError:
    """Return an error as it is if it is ours, else `Unforeseen`, after its traceback went into the log."""
    if isinstance(error, LienthongError):
        return error
    logger.error("unforeseen item=%s", item, exc_info=error)
    return Unforeseen(item=item, kind=type(error).__name__)
