"""Errors that only the service portal has; those that every wire has stand in `lienthong.connectors.errors`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.connectors.errors import RemoteRefused
from lienthong.core.errors import ConfigurationError, DataError, Place


@dataclass(eq=False, kw_only=True)
class DossierExists(RemoteRefused):
    """The portal has the dossier that was to be inserted. It was not changed; send it as known."""

    code: ClassVar[str] = "LT-PORTAL-001"
    en: ClassVar[str] = "{connection}: the portal has the dossier already and did not insert it (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: hồ sơ đã tồn tại trên Cổng nên không được thêm mới (mã {remote_code}, máy báo: {detail})."


@dataclass(eq=False, kw_only=True)
class DossierUnknown(RemoteRefused):
    """The portal doesn't have the dossier that was to be updated, or whose progress was reported."""

    code: ClassVar[str] = "LT-PORTAL-002"
    en: ClassVar[str] = "{connection}: the portal doesn't have the dossier (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: Cổng không có hồ sơ này (mã {remote_code}, máy báo: {detail})."


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
class ProgressIncomplete(RemoteRefused):
    """Some steps of a dossier were taken and a later one was refused."""

    code: ClassVar[str] = "LT-PORTAL-005"
    en: ClassVar[str] = "{connection}: {taken} steps were taken, then the portal refused (code {remote_code}): {detail}"
    vi: ClassVar[str] = "{connection}: Cổng đã nhận {taken} bước rồi từ chối phần sau (mã {remote_code}, máy báo: {detail})."
    taken: int


@dataclass(eq=False, kw_only=True)
class DossierFieldMissing(DataError):
    """A field that the portal requires is empty."""

    code: ClassVar[str] = "LT-DOSSIER-001"
    en: ClassVar[str] = "{field} ({portal_field}) is required by the portal and empty."
    vi: ClassVar[str] = "{field} ({portal_field}) là trường Cổng bắt buộc nhưng đang để trống."
    field: str
    portal_field: str
    place: Place


@dataclass(eq=False, kw_only=True)
class DossierCodeUnknown(DataError):
    """A code isn't on the portal's list."""

    code: ClassVar[str] = "LT-DOSSIER-002"
    en: ClassVar[str] = "{field} ({portal_field}) is {shown}, which is not on the portal's list: {allowed}."
    vi: ClassVar[str] = "{field} ({portal_field}) là {shown}, không có trong danh mục của Cổng: {allowed}."
    field: str
    portal_field: str
    shown: str
    allowed: str
    place: Place


@dataclass(eq=False, kw_only=True)
class DossierDatesReversed(DataError):
    """Something is said to have happened before what must come first."""

    code: ClassVar[str] = "LT-DOSSIER-003"
    en: ClassVar[str] = "{field} ({portal_field}) lies before {earlier} ({portal_earlier})."
    vi: ClassVar[str] = "{field} ({portal_field}) sớm hơn {earlier} ({portal_earlier})."
    field: str
    portal_field: str
    earlier: str
    portal_earlier: str
    place: Place


@dataclass(eq=False, kw_only=True)
class DossierNumberUnusual(DataError):
    """The number has neither the style before QĐ 20/2020/QĐ-TTg nor the one since."""

    code: ClassVar[str] = "LT-DOSSIER-004"
    en: ClassVar[str] = "{field} ({portal_field}) has neither of the two known styles, such as H42.12-20261102-0000001."
    vi: ClassVar[str] = "{field} ({portal_field}) không theo một trong hai dạng đã biết, như H42.12-20261102-0000001."
    field: str
    portal_field: str
    place: Place


@dataclass(eq=False, kw_only=True)
class DossierTextLong(DataError):
    """A text is longer than the portal is thought to take."""

    code: ClassVar[str] = "LT-DOSSIER-005"
    en: ClassVar[str] = "{field} ({portal_field}) has {length} characters; the portal is thought to take {most}."
    vi: ClassVar[str] = "{field} ({portal_field}) dài {length} ký tự; Cổng có thể chỉ nhận {most}."
    field: str
    portal_field: str
    length: int
    most: int
    place: Place


@dataclass(eq=False, kw_only=True)
class DossierTimeWithoutZone(DataError):
    """A moment has no zone, so that nobody knows which one it is."""

    code: ClassVar[str] = "LT-DOSSIER-006"
    en: ClassVar[str] = "{field} ({portal_field}) has no time zone."
    vi: ClassVar[str] = "{field} ({portal_field}) không có múi giờ."
    field: str
    portal_field: str
    place: Place
