"""What can go wrong between us and a remote host, by what is known about the fate of the request.

    Transient            surely not done, or a question that can be asked again
    ├── ConnectFailed    not one byte of the request left
    ├── TimedOut         no connection was free, or a question stayed without an answer
    ├── ConnectionLost   a question stayed without an answer
    ├── RateLimited      the host asks to wait
    └── GatewayFailed    something between us and the system failed a question
    FateUnknown          bytes left and no usable answer came
    ├── TimedOutAfterSending
    ├── ConnectionCut
    └── ReplyUnreadable
    ConfigurationError   EndpointInvalid, TlsFilesUnusable, TlsRejected, PlainHttpForbidden, AddressForbidden, RedirectRefused
    SecurityError        ReplyTooLarge

No error shows a header, a query or a body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, SecurityError, Transient, Uncertain, Words


@dataclass(eq=False, kw_only=True)
class ConnectFailed(Transient):
    """No connection came about; not one byte of the request left."""

    code: ClassVar[str] = "LT-HTTP-001"
    en: ClassVar[str] = "{connection}: {host} can't be reached: {reason}."
    vi: ClassVar[str] = "{connection}: không kết nối được tới {host}: {reason}."
    connection: str
    host: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class TimedOut(Transient):
    """The time for a question ran out, or for any call while it waited for a free connection."""

    code: ClassVar[str] = "LT-HTTP-002"
    en: ClassVar[str] = "{connection}: {host} gave no complete answer within {seconds:g} s."
    vi: ClassVar[str] = "{connection}: {host} không trả lời trọn vẹn trong {seconds:g} giây."
    connection: str
    host: str
    seconds: float


@dataclass(eq=False, kw_only=True)
class ConnectionLost(Transient):
    """The connection ended, or carried no HTTP, in the middle of a question; it can simply be asked again."""

    code: ClassVar[str] = "LT-HTTP-003"
    en: ClassVar[str] = "{connection}: the connection to {host} was cut before the answer was complete."
    vi: ClassVar[str] = "{connection}: kết nối tới {host} bị ngắt trước khi nhận đủ trả lời."
    connection: str
    host: str


@dataclass(eq=False, kw_only=True)
class RateLimited(Transient):
    """The host did nothing and asks to come back later."""

    code: ClassVar[str] = "LT-HTTP-004"
    en: ClassVar[str] = "{connection}: {host} is busy and asks to come back later (HTTP {status})."
    vi: ClassVar[str] = "{connection}: {host} đang bận và yêu cầu thử lại sau (HTTP {status})."
    connection: str
    host: str
    status: int


@dataclass(eq=False, kw_only=True)
class GatewayFailed(Transient):
    """A gateway before the remote system couldn't pass a question on."""

    code: ClassVar[str] = "LT-HTTP-005"
    en: ClassVar[str] = "{connection}: a gateway at {host} could not reach the system behind it (HTTP {status})."
    vi: ClassVar[str] = "{connection}: cổng trung gian tại {host} không tới được hệ thống phía sau (HTTP {status})."
    connection: str
    host: str
    status: int


@dataclass(eq=False, kw_only=True)
class FateUnknown(Uncertain):
    """Bytes of a call that changes something left, and no usable answer came."""

    connection: str
    host: str


@dataclass(eq=False, kw_only=True)
class TimedOutAfterSending(FateUnknown):
    """The time ran out after the first byte had left."""

    code: ClassVar[str] = "LT-HTTP-006"
    en: ClassVar[str] = "{connection}: {host} got the request, at least in part, and gave no complete answer within {seconds:g} s."
    vi: ClassVar[str] = "{connection}: {host} đã nhận yêu cầu, ít nhất một phần, nhưng không trả lời trọn vẹn trong {seconds:g} giây."
    seconds: float


@dataclass(eq=False, kw_only=True)
class ConnectionCut(FateUnknown):
    """The connection ended after the first byte had left."""

    code: ClassVar[str] = "LT-HTTP-007"
    en: ClassVar[str] = "{connection}: the connection to {host} was cut after the request had left, at least in part."
    vi: ClassVar[str] = "{connection}: kết nối tới {host} bị ngắt sau khi yêu cầu đã được gửi đi, ít nhất một phần."


@dataclass(eq=False, kw_only=True)
class ReplyUnreadable(FateUnknown):
    """The reply to a call that changes something is larger than we read."""

    code: ClassVar[str] = "LT-HTTP-008"
    en: ClassVar[str] = "{connection}: the reply of {host} is larger than {limit} bytes and was not read; the call may have been done."
    vi: ClassVar[str] = "{connection}: trả lời của {host} lớn hơn {limit} byte nên không được đọc; có thể việc đã được thực hiện."
    limit: int


@dataclass(eq=False, kw_only=True)
class TlsRejected(ConfigurationError):
    """No trusted TLS connection: the certificate doesn't verify, or the host doesn't accept ours. Nothing was sent."""

    code: ClassVar[str] = "LT-HTTP-009"
    en: ClassVar[str] = "{connection}: no trusted TLS connection to {host}: {reason}. Set ca_file if the host has its own authority."
    vi: ClassVar[str] = (
        "{connection}: không lập được kết nối TLS tin cậy tới {host} (máy báo: {reason}). Hãy đặt ca_file nếu máy chủ dùng CA riêng."
    )
    connection: str
    host: str
    reason: str


@dataclass(eq=False, kw_only=True)
class PlainHttpForbidden(ConfigurationError):
    """An `http://` address where the settings don't say that the network in between is trusted."""

    code: ClassVar[str] = "LT-HTTP-010"
    en: ClassVar[str] = "{connection}: http:// is only used with transport: trusted-network; otherwise give an https:// address of {host}."
    vi: ClassVar[str] = "{connection}: chỉ dùng http:// khi transport: trusted-network; nếu không, hãy dùng địa chỉ https:// của {host}."
    connection: str
    host: str


@dataclass(eq=False, kw_only=True)
class AddressForbidden(ConfigurationError):
    """An `http://` host that is neither private nor loopback; nothing was sent and no connection made."""

    code: ClassVar[str] = "LT-HTTP-011"
    en: ClassVar[str] = "{connection}: {host} has the public address {address}; without TLS only private and loopback addresses are used."
    vi: ClassVar[str] = "{connection}: {host} có địa chỉ công cộng {address}; không có TLS thì chỉ dùng địa chỉ nội bộ."
    connection: str
    host: str
    address: str


@dataclass(eq=False, kw_only=True)
class EndpointInvalid(ConfigurationError):
    """The address is no http(s) URL, or carries a user name or password."""

    code: ClassVar[str] = "LT-HTTP-012"
    en: ClassVar[str] = "{connection}: the endpoint must be an http:// or https:// address with a host and without user name or password."
    vi: ClassVar[str] = "{connection}: endpoint phải là địa chỉ http:// hoặc https:// có tên máy và không kèm tên đăng nhập, mật khẩu."
    connection: str


@dataclass(eq=False, kw_only=True)
class RedirectRefused(ConfigurationError):
    """The host sends us elsewhere; redirects are never followed. Nothing was done."""

    code: ClassVar[str] = "LT-HTTP-013"
    en: ClassVar[str] = "{connection}: {host} redirects to {target} (HTTP {status}); if that is right, put it into the settings."
    vi: ClassVar[str] = "{connection}: {host} chuyển hướng tới {target} (HTTP {status}); nếu đúng, hãy ghi địa chỉ đó vào cấu hình."
    connection: str
    host: str
    target: str
    status: int


@dataclass(eq=False, kw_only=True)
class ReplyTooLarge(SecurityError):
    """The reply to a question is larger than we read."""

    code: ClassVar[str] = "LT-HTTP-014"
    en: ClassVar[str] = "{connection}: the reply of {host} is larger than {limit} bytes and was not used."
    vi: ClassVar[str] = "{connection}: trả lời của {host} lớn hơn {limit} byte nên không được dùng."
    connection: str
    host: str
    limit: int


@dataclass(eq=False, kw_only=True)
class TlsFilesUnusable(ConfigurationError):
    """The file of trusted authorities, or our certificate or its key, can't be used."""

    code: ClassVar[str] = "LT-HTTP-015"
    en: ClassVar[str] = "{connection}: {file} can't be used for TLS: {reason}."
    vi: ClassVar[str] = "{connection}: không dùng được {file} cho TLS (máy báo: {reason})."
    connection: str
    file: Words | str
    reason: str
