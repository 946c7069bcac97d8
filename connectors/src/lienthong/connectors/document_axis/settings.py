"""Settings of a connection to the document axis."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from lienthong.connectors.context import Context
from lienthong.connectors.port import Connector
from lienthong.connectors.registry import ConnectionSettings, ConnectorType
from lienthong.core.secrets import SecretRef

# What travels in the signed headers; anything else reaches the axis changed, so that the signature can't hold.
AXIS_TEXT = r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$"


class DocumentAxisSettings(ConnectionSettings):
    """A centre's connection to the document axis."""

    kind: Literal["document_axis"]
    wire: Annotated[
        Literal["A"],
        Field(
            description="Family of the wire: A is the VXP/VPCP adapter with XroadVnpt headers.",
            json_schema_extra={"vi": "Họ giao thức: A là bộ chuyển đổi VXP/VPCP với các header XroadVnpt."},
        ),
    ]
    endpoint: Annotated[
        str,
        Field(
            min_length=1,
            description="Address of the adapter, without a slash at its end; the operation is appended after a slash.",
            json_schema_extra={"vi": "Địa chỉ của bộ chuyển đổi, không có dấu / ở cuối; tên thao tác được nối vào sau dấu /."},
        ),
    ]
    system_id: Annotated[
        str,
        Field(
            pattern=AXIS_TEXT,
            description="The centre's SystemId, such as 00.42.W00.",
            json_schema_extra={"vi": "SystemId của trung tâm, ví dụ 00.42.W00."},
        ),
    ]
    secret: Annotated[
        SecretRef,
        Field(
            description="Where the centre's secret stands, as env:NAME or file:PATH.",
            json_schema_extra={"vi": "Nơi lưu khóa bí mật của trung tâm, dạng env:TÊN hoặc file:ĐƯỜNG_DẪN."},
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
            le=10,
            description="How many calls at once.",
            json_schema_extra={"vi": "Số lời gọi đồng thời."},
        ),
    ] = 4
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
    max_packet_bytes: Annotated[
        int,
        Field(
            gt=0,
            description="A larger packet isn't fetched.",
            json_schema_extra={"vi": "Gói tin lớn hơn sẽ không được lấy về."},
        ),
    ] = 128 << 20
    hash_file: Annotated[
        Literal["padded", "unpadded"],
        Field(
            description="How hash-file is written: padded is plain SHA-256 in hex, unpadded drops leading zeros as the Java SDK does.",
            json_schema_extra={"vi": "Cách ghi hash-file: padded là SHA-256 dạng hex, unpadded bỏ số 0 đứng đầu mỗi byte như SDK Java."},
        ),
    ] = "padded"
    append_crlf: Annotated[
        bool,
        Field(
            description="Send CR LF after the packet, as the Java SDK does; the packet is then held in memory.",
            json_schema_extra={"vi": "Gửi thêm CR LF sau gói tin như SDK Java; khi đó cả gói tin nằm trong bộ nhớ."},
        ),
    ] = False
    user_agent: Annotated[
        str,
        Field(
            pattern=AXIS_TEXT,
            description="The User-Agent header; by default that of the Java SDK, the only one that adapters are known to see.",
            json_schema_extra={"vi": "Header User-Agent; mặc định như SDK Java, vì các bộ chuyển đổi chỉ quen giá trị này."},
        ),
    ] = "JAVASDKAgent/1.0.0 XRoad/VPCP"


def _open(settings: DocumentAxisSettings, context: Context) -> Connector:
    from lienthong.connectors.document_axis.wire_a import WireA  # noqa: PLC0415 - keeps urllib3 out of whoever lists connectors

    return WireA(settings, context)


connector_type = ConnectorType(
    kind="document_axis",
    title=("Document axis", "Trục liên thông văn bản"),
    settings=DocumentAxisSettings,
    open=_open,
)
