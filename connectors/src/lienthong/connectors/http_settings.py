"""Settings of every connection over HTTP, and the client that they make. Importing this loads no network code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from lienthong.connectors.context import Context
from lienthong.connectors.registry import ConnectionSettings

if TYPE_CHECKING:
    from lienthong.core.http import HttpClient


class HttpSettings(ConnectionSettings):
    """How a remote system is reached over HTTP."""

    endpoint: Annotated[
        str,
        Field(
            min_length=1,
            description="Address of the remote system, without a slash at its end; operation or path is appended to it.",
            json_schema_extra={
                "vi": "Địa chỉ của hệ thống bên ngoài, không có dấu / ở cuối; tên thao tác hoặc đường dẫn được nối vào sau."
            },
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
            description="PEM file of our certificate, where the remote system asks for one.",
            json_schema_extra={"vi": "Tệp PEM chứng thư của mình, nếu hệ thống bên ngoài yêu cầu."},
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
            le=100,
            description="Seconds for a whole call, up to the last byte of its reply; at most 100: a packet being sent is leased for 120.",
            json_schema_extra={
                "vi": "Số giây cho cả một lời gọi, đến byte cuối của trả lời; tối đa 100 vì gói tin đang gửi chỉ được giữ 120 giây."
            },
        ),
    ] = 60


def open_http(settings: HttpSettings, context: Context, *, url: str | None = None) -> HttpClient:
    """Return a client for a connection's endpoint, or for another address that is reached in the same way.

    Raises:
        EndpointInvalid, PlainHttpForbidden, TlsFilesUnusable: configuration.
    """
    from lienthong.core.http import Endpoint, HttpClient  # noqa: PLC0415 - keeps urllib3 out of whoever lists connectors

    def within(path: Path | None) -> Path | None:
        return None if path is None else context.folder / path

    endpoint = Endpoint(
        url=settings.endpoint if url is None else url,
        transport=settings.transport,
        ca_file=within(settings.ca_file),
        client_certificate=within(settings.client_certificate),
        client_key=within(settings.client_key),
    )
    return HttpClient(
        endpoint,
        name=context.name,
        concurrency=settings.concurrency,
        connect_timeout=settings.connect_timeout,
        timeout=settings.timeout,
        clock=context.clock,
    )
