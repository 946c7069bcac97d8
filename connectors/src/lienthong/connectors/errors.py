"""Errors that every wire maps to; a remote system's own codes become these in one table per connector."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, DataError, Refused, Transient, Uncertain, Words


@dataclass(eq=False, kw_only=True)
class ConnectorTwice(ConfigurationError):
    """Two installed packages offer a connector by the same name."""

    code: ClassVar[str] = "LT-CONNECT-001"
    en: ClassVar[str] = "The connector {kind} is offered by two packages: {packages}. Uninstall one of them."
    vi: ClassVar[str] = "Bộ kết nối {kind} có trong hai gói: {packages}. Hãy gỡ một gói."
    kind: str
    packages: str


@dataclass(eq=False, kw_only=True)
class RemoteBusy(Transient):
    """The remote system reports a passing fault of its own; it did not do what was asked."""

    code: ClassVar[str] = "LT-CONNECT-010"
    en: ClassVar[str] = "{connection}: the remote system has a passing fault (code {remote_code}) and did not do {operation}."
    vi: ClassVar[str] = "{connection}: hệ thống bên ngoài tạm thời lỗi (mã {remote_code}) và chưa thực hiện {operation}."
    connection: str
    operation: str
    remote_code: str


@dataclass(eq=False, kw_only=True)
class AnswerUnclear(Uncertain):
    """The request arrived and the answer can't be read: an error page, cut-off JSON, a missing field."""

    code: ClassVar[str] = "LT-CONNECT-011"
    en: ClassVar[str] = "{connection}: the answer to {operation} can't be understood ({reason}); it may have been done."
    vi: ClassVar[str] = "{connection}: không hiểu được trả lời của {operation} ({reason}); có thể việc đã được thực hiện."
    connection: str
    operation: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class AnswerUnusable(Transient):
    """The answer to a question that changes nothing can't be read, so that it can simply be asked again."""

    code: ClassVar[str] = "LT-CONNECT-012"
    en: ClassVar[str] = "{connection}: the answer to {operation} can't be understood ({reason})."
    vi: ClassVar[str] = "{connection}: không hiểu được trả lời của {operation} ({reason})."
    connection: str
    operation: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class CredentialsRejected(ConfigurationError):
    """The remote system doesn't accept who we say we are."""

    code: ClassVar[str] = "LT-CONNECT-013"
    en: ClassVar[str] = "{connection}: the remote system rejects the credentials (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: hệ thống bên ngoài không chấp nhận thông tin đăng nhập (mã {remote_code}, máy báo: {detail})."
    connection: str
    remote_code: str
    detail: str  # the remote system's own text


@dataclass(eq=False, kw_only=True)
class RemoteRefused(Refused):
    """The remote system said no; where the reason has no class of its own it is this one."""

    code: ClassVar[str] = "LT-CONNECT-014"
    en: ClassVar[str] = "{connection}: {operation} was refused (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: {operation} bị từ chối (mã {remote_code}, máy báo: {detail})."
    connection: str
    operation: str
    remote_code: str = field()  # required here; without field() it would inherit the category's None
    detail: str  # the remote system's own text


@dataclass(eq=False, kw_only=True)
class UnknownRecipient(DataError):
    """An addressee isn't registered where the packet should go."""

    code: ClassVar[str] = "LT-CONNECT-015"
    en: ClassVar[str] = "{connection}: the recipient {recipient} is not registered there."
    vi: ClassVar[str] = "{connection}: đơn vị nhận {recipient} chưa được đăng ký ở đó."
    connection: str
    recipient: str


@dataclass(eq=False, kw_only=True)
class RecipientClosed(Refused):
    """The addressee is registered and locked."""

    code: ClassVar[str] = "LT-CONNECT-016"
    en: ClassVar[str] = "{connection}: the recipient {recipient} is locked."
    vi: ClassVar[str] = "{connection}: đơn vị nhận {recipient} đã bị khóa."
    connection: str
    recipient: str
