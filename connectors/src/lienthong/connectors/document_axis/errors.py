"""Errors that only the document axis has; those that every wire has stand in `lienthong.connectors.errors`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, DataError, SecurityError


@dataclass(eq=False, kw_only=True)
class ParameterUnfit(DataError):
    """A value for a signed header has a character outside printable ASCII; the axis would get it changed. Nothing was sent."""

    code: ClassVar[str] = "LT-AXIS-001"
    en: ClassVar[str] = "The parameter {parameter} has a character that headers of the document axis can't carry (position {position})."
    vi: ClassVar[str] = "Tham số {parameter} có ký tự không truyền được trong header của trục liên thông (vị trí {position})."
    parameter: str
    position: int  # from 1


@dataclass(eq=False, kw_only=True)
class PacketTooLarge(SecurityError):
    """A packet is larger than the settings allow to fetch."""

    code: ClassVar[str] = "LT-AXIS-002"
    en: ClassVar[str] = "{connection}: the packet {remote_id} is larger than {limit} bytes and was not fetched."
    vi: ClassVar[str] = "{connection}: gói tin {remote_id} lớn hơn {limit} byte nên không được lấy về."
    connection: str
    remote_id: str
    limit: int


@dataclass(eq=False, kw_only=True)
class OperationMissing(ConfigurationError):
    """There is nothing at the address of an operation, so that the endpoint is probably wrong. Nothing was done."""

    code: ClassVar[str] = "LT-AXIS-004"
    en: ClassVar[str] = "{connection}: the endpoint has no operation {operation} ({remote_code}); check the endpoint in the settings."
    vi: ClassVar[str] = "{connection}: địa chỉ đã cấu hình không có thao tác {operation} ({remote_code}); hãy kiểm tra endpoint."
    connection: str
    operation: str
    remote_code: str


@dataclass(eq=False, kw_only=True)
class PacketUnfit(DataError):
    """The axis can't use the packet: file, edXML or processing; the same packet will be refused again."""

    code: ClassVar[str] = "LT-AXIS-010"
    en: ClassVar[str] = "{connection}: the axis can't use the packet (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: trục không dùng được gói tin (mã {remote_code}, máy báo: {detail})."
    connection: str
    remote_code: str
    detail: str  # the axis's own text


@dataclass(eq=False, kw_only=True)
class SenderNotRegistered(ConfigurationError):
    """The sending organisation isn't registered for our SystemId."""

    code: ClassVar[str] = "LT-AXIS-019"
    en: ClassVar[str] = "{connection}: the sender {sender} is not registered on the axis for this SystemId (code {remote_code})."
    vi: ClassVar[str] = "{connection}: đơn vị gửi {sender} chưa được đăng ký trên trục cho SystemId này (mã {remote_code})."
    connection: str
    sender: str
    remote_code: str
