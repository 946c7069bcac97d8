"""Settings of a connection to a one-door system."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lienthong.connectors.context import Context
from lienthong.connectors.http_settings import HttpSettings
from lienthong.connectors.port import Connector
from lienthong.connectors.registry import ConnectorType
from lienthong.core.secrets import SecretRef


class OneDoorSettings(HttpSettings):
    """A connection to a one-door system."""

    kind: Literal["one_door"]
    wire: Annotated[
        Literal["soap"],
        Field(
            description="How the system is called: soap is SOAP 1.1 or 1.2 by its WSDL.",
            json_schema_extra={"vi": "Cách gọi hệ thống: soap là SOAP 1.1 hoặc 1.2 theo WSDL."},
        ),
    ]
    wsdl: Annotated[
        str,
        Field(
            min_length=1,
            description="The WSDL: a file, from the settings' folder, or its address on the endpoint's own host; all in one document.",
            json_schema_extra={
                "vi": "WSDL: tệp (tính từ thư mục cấu hình) hoặc địa chỉ trên chính máy của endpoint. Gồm trong một tài liệu."
            },
        ),
    ]
    endpoint: Annotated[
        str,
        Field(
            description="Address of the service; may be left out if the WSDL has an address and its soap:address is on the same host.",
            json_schema_extra={"vi": "Địa chỉ dịch vụ; có thể bỏ nếu WSDL lấy qua địa chỉ và soap:address ở cùng máy."},
        ),
    ] = ""
    username: Annotated[
        str | None,
        Field(
            description="User in the SOAP header; without it no header is sent.",
            json_schema_extra={"vi": "Tên người dùng trong SOAP header; nếu không có thì không gửi header."},
        ),
    ] = None
    password: Annotated[
        SecretRef | None,
        Field(
            description="Where the password of the SOAP header stands, as env:NAME or file:PATH.",
            json_schema_extra={"vi": "Nơi lưu mật khẩu của SOAP header, dạng env:TÊN hoặc file:ĐƯỜNG_DẪN."},
        ),
    ] = None
    page_size: Annotated[
        int,
        Field(
            ge=10,
            le=500,
            description="How many dossiers are asked for at once, at most; the system's own limit.",
            json_schema_extra={"vi": "Số hồ sơ tối đa mỗi lần hỏi, theo giới hạn của hệ thống."},
        ),
    ] = 200

    @model_validator(mode="after")
    def _account_is_complete(self) -> Self:
        if (self.username is None) != (self.password is None):
            message = "username and password belong together"
            raise ValueError(message)
        return self


def _open(settings: OneDoorSettings, context: Context) -> Connector:
    from lienthong.connectors.one_door.wire_soap import OneDoorSoap  # noqa: PLC0415 - keeps zeep out of whoever lists connectors

    return OneDoorSoap(settings, context)


connector_type = ConnectorType(
    kind="one_door",
    title=("One-door system", "Hệ thống một cửa"),
    settings=OneDoorSettings,
    open=_open,
)
