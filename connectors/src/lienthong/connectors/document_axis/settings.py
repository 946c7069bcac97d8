"""Settings of a connection to the document axis."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lienthong.connectors.context import Context
from lienthong.connectors.http_settings import HttpSettings
from lienthong.connectors.port import Connector
from lienthong.connectors.registry import ConnectorType
from lienthong.core.secrets import SecretRef

# What travels in the signed headers; anything else reaches the axis changed, so that the signature can't hold.
AXIS_TEXT = r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$"


class DocumentAxisSettings(HttpSettings):
    """A centre's connection to the document axis."""

    kind: Literal["document_axis"]
    wire: Annotated[
        Literal["A"],
        Field(
            description="Family of the wire: A is the VXP/VPCP adapter with XroadVnpt headers.",
            json_schema_extra={"vi": "Họ giao thức: A là bộ chuyển đổi VXP/VPCP với các header XroadVnpt."},
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
