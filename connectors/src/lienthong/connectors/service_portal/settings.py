"""Settings of a connection to the service portal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from lienthong.connectors.context import Context
from lienthong.connectors.port import Connector
from lienthong.connectors.registry import ConnectionSettings, ConnectorType
from lienthong.core.secrets import SecretRef


class ServicePortalSettings(ConnectionSettings):
    """A province's connection to the service portal."""

    kind: Literal["service_portal"]
    wire: Annotated[
        Literal["G1"],
        Field(
            description="Generation of the wire: G1 is the adapter with login and session.",
            json_schema_extra={"vi": "Thế hệ giao thức: G1 là bộ chuyển đổi có đăng nhập và phiên."},
        ),
    ]
    endpoint: Annotated[
        str,
        Field(
            min_length=1,
            description="Address of the adapter (adapter_url); the paths below are appended to it.",
            json_schema_extra={"vi": "Địa chỉ của bộ chuyển đổi (adapter_url); các đường dẫn dưới đây được nối vào sau."},
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
    share_endpoint: Annotated[
        str | None,
        Field(
            pattern="^/",
            description="Path for shared catalogues; none of the operations that are built uses it.",
            json_schema_extra={"vi": "Đường dẫn cho danh mục dùng chung; các thao tác hiện có chưa dùng đến."},
        ),
    ] = None
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
    transport: Annotated[
        Literal["tls", "trusted-network"],
        Field(
            description="trusted-network allows http:// to private and loopback addresses.",
            json_schema_extra={"vi": "trusted-network cho phép http:// tới địa chỉ nội bộ."},
        ),
    ] = "tls"
    ca_file: Annotated[
        Path | None,
        Field(
            description="PEM file of the authorities to trust instead of the machine's.",
            json_schema_extra={"vi": "Tệp PEM chứa các CA được tin cậy thay cho CA của máy."},
        ),
    ] = None
    client_certificate: Annotated[
        Path | None,
        Field(
            description="PEM file of our certificate, where the adapter asks for one.",
            json_schema_extra={"vi": "Tệp PEM chứng thư của mình, nếu bộ chuyển đổi yêu cầu."},
        ),
    ] = None
    client_key: Annotated[
        Path | None,
        Field(
            description="PEM file of that certificate's key, unless it stands in the same file.",
            json_schema_extra={"vi": "Tệp PEM khóa của chứng thư đó, nếu không nằm cùng tệp."},
        ),
    ] = None
    concurrency: Annotated[
        int,
        Field(
            ge=1,
            le=32,
            description="How many calls at once.",
            json_schema_extra={"vi": "Số lời gọi đồng thời."},
        ),
    ] = 2
    connect_timeout: Annotated[
        float,
        Field(
            gt=0,
            description="Seconds for a new connection.",
            json_schema_extra={"vi": "Số giây chờ lập kết nối."},
        ),
    ] = 5
    timeout: Annotated[
        float,
        Field(
            gt=0,
            description="Seconds for a whole call, up to the last byte of its reply.",
            json_schema_extra={"vi": "Số giây cho cả một lời gọi, đến byte cuối của trả lời."},
        ),
    ] = 60
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
