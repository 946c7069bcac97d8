"""Errors that only the service portal has; those that every wire has stand in `lienthong.connectors.errors`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, DataError, Refused


@dataclass(eq=False, kw_only=True)
class DossierExists(Refused):
    """The portal has the dossier that was to be inserted. It was not changed; send it as known."""

    code: ClassVar[str] = "LT-PORTAL-001"
    en: ClassVar[str] = "{connection}: the portal has the dossier already and did not insert it (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: hồ sơ đã tồn tại trên Cổng nên không được thêm mới (mã {remote_code}): {detail}"
    connection: str
    detail: str


@dataclass(eq=False, kw_only=True)
class DossierUnknown(Refused):
    """The portal doesn't have the dossier that was to be updated, or whose progress was reported."""

    code: ClassVar[str] = "LT-PORTAL-002"
    en: ClassVar[str] = "{connection}: the portal doesn't have the dossier (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: Cổng không có hồ sơ này (mã {remote_code}): {detail}"
    connection: str
    detail: str


@dataclass(eq=False, kw_only=True)
class ServiceMissing(ConfigurationError):
    """There is nothing at an address of the settings. Nothing was done."""

    code: ClassVar[str] = "LT-PORTAL-003"
    en: ClassVar[str] = "{connection}: there is nothing at the address of {operation} ({remote_code}); check the endpoints in the settings."
    vi: ClassVar[str] = "{connection}: không có dịch vụ tại địa chỉ của {operation} ({remote_code}); hãy kiểm tra các endpoint."
    connection: str
    operation: str
    remote_code: str


@dataclass(eq=False, kw_only=True)
class TimeWithoutZone(DataError):
    """A time of a dossier has no zone, so that it can't be told to the portal without guessing."""

    code: ClassVar[str] = "LT-PORTAL-004"
    en: ClassVar[str] = "The time {field} has no time zone."
    vi: ClassVar[str] = "Thời điểm {field} không có múi giờ."
    field: str


@dataclass(eq=False, kw_only=True)
class ProgressIncomplete(Refused):
    """Some steps of a dossier were taken and a later one was refused."""

    code: ClassVar[str] = "LT-PORTAL-005"
    en: ClassVar[str] = "{connection}: {taken} steps were taken, then the portal refused (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: Cổng đã nhận {taken} bước rồi từ chối phần sau (mã {remote_code}): {detail}"
    connection: str
    taken: int
    detail: str
