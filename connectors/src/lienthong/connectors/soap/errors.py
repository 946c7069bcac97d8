"""What can be wrong with a WSDL and with a request by it; faults that come back become the errors of all connectors (`faults`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, DataError, Place, Words


@dataclass(eq=False, kw_only=True)
class WsdlUnusable(ConfigurationError):
    """The WSDL can't be read, isn't one, or hasn't what the connection needs."""

    code: ClassVar[str] = "LT-SOAP-001"
    en: ClassVar[str] = "{connection}: the WSDL {wsdl} can't be used: {reason}."
    vi: ClassVar[str] = "{connection}: không dùng được WSDL {wsdl}: {reason}."
    connection: str
    wsdl: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class WsdlReachesOut(ConfigurationError):
    """The WSDL imports or includes another document, which is never fetched; put all of it into one file."""

    code: ClassVar[str] = "LT-SOAP-002"
    en: ClassVar[str] = "{connection}: {place}: the WSDL uses {construct} of another document, which is never fetched; give one file."
    vi: ClassVar[str] = "{connection}: {place}: WSDL dùng {construct} tới tài liệu khác và sẽ không được tải; hãy gộp thành một tệp."
    connection: str
    construct: str
    place: Place


@dataclass(eq=False, kw_only=True)
class WsdlForeign(ConfigurationError):
    """The WSDL's address is on another host than the endpoint."""

    code: ClassVar[str] = "LT-SOAP-003"
    en: ClassVar[str] = (
        "{connection}: the WSDL is on {host}, but the endpoint on {expected}; it is only fetched from there, or give a file."
    )
    vi: ClassVar[str] = "{connection}: WSDL ở {host} nhưng endpoint ở {expected}; chỉ tải WSDL từ chính máy đó, hoặc hãy dùng tệp."
    connection: str
    host: str
    expected: str


@dataclass(eq=False, kw_only=True)
class AddressForeign(ConfigurationError):
    """The WSDL names a service address on a host that the settings don't name; it isn't called."""

    code: ClassVar[str] = "LT-SOAP-004"
    en: ClassVar[str] = "{connection}: the WSDL sends us to {host}, which the settings don't name; if that is right, set endpoint."
    vi: ClassVar[str] = "{connection}: WSDL trỏ tới {host}, không có trong cấu hình; nếu đúng, hãy đặt endpoint."
    connection: str
    host: str


@dataclass(eq=False, kw_only=True)
class RequestUnfit(DataError):
    """The arguments of a call aren't what the WSDL says; nothing was sent."""

    code: ClassVar[str] = "LT-SOAP-005"
    en: ClassVar[str] = "{connection}: the arguments of {operation} don't fit the WSDL."
    vi: ClassVar[str] = "{connection}: tham số của {operation} không khớp với WSDL."
    connection: str
    operation: str
