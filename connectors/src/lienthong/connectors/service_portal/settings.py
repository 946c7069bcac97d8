"""Settings of a connection to the service portal."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lienthong.connectors.context import Context
from lienthong.connectors.http_settings import HttpSettings
from lienthong.connectors.port import Connector
from lienthong.connectors.registry import ConnectorType
from lienthong.core.secrets import SecretRef


class ServicePortalSettings(HttpSettings):
    """A province's connection to the service portal."""

    kind: Literal["service_portal"]
    wire: Annotated[
        Literal["G1"],
        Field(
            description="Generation of the wire: G1 is the adapter with login and session.",
            json_schema_extra={"vi": "Thế hệ giao thức: G1 là bộ chuyển đổi có đăng nhập và phiên."},
        ),
    ]
    auth_endpoint: Annotated[
        str,
        Field(
            pattern="^/",
            description="Path of the login.",
            json_schema_extra={"vi": "Đường dẫn đăng nhập."},
        ),
    ]
    integration_endpoint: Annotated[
        str,
        Field(
            pattern="^/",
            description="Path for dossiers.",
            json_schema_extra={"vi": "Đường dẫn cho dữ liệu hồ sơ."},
        ),
    ]
    dstcode: Annotated[
        str,
        Field(
            pattern=r"^[\x21-\x7e]+$",
            description="Destination code on the data axis (header dstcode).",
            json_schema_extra={"vi": "Mã đích trên trục dữ liệu (header dstcode)."},
        ),
    ]
    unit_code: Annotated[
        str,
        Field(
            min_length=1,
            description="Our unit's code at the portal (madonvi).",
            json_schema_extra={"vi": "Mã đơn vị của mình trên Cổng (madonvi)."},
        ),
    ]
    username: Annotated[
        str,
        Field(
            min_length=1,
            description="User name of the portal account.",
            json_schema_extra={"vi": "Tên đăng nhập tài khoản trên Cổng."},
        ),
    ]
    password: Annotated[
        SecretRef,
        Field(
            description="Where the account's password stands, as env:NAME or file:PATH.",
            json_schema_extra={"vi": "Nơi lưu mật khẩu của tài khoản, dạng env:TÊN hoặc file:ĐƯỜNG_DẪN."},
        ),
    ]
    session_errors: Annotated[
        tuple[int, ...],
        Field(
            description="Values of error_code that mean an ended session. A message that speaks of the session (phiên) means it anyway.",
            json_schema_extra={"vi": "Các giá trị error_code nghĩa là phiên đã hết. Thông báo có chữ “phiên” cũng được hiểu như vậy."},
        ),
    ] = ()


def _open(settings: ServicePortalSettings, context: Context) -> Connector:
    from lienthong.connectors.service_portal.wire_g1 import WireG1  # noqa: PLC0415 - keeps urllib3 out of whoever lists connectors

    return WireG1(settings, context)


connector_type = ConnectorType(
    kind="service_portal",
    title=("National service portal", "Cổng Dịch vụ công quốc gia"),
    settings=ServicePortalSettings,
    open=_open,
)
