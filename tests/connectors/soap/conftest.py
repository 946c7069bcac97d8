"""A SOAP server that answers what a test tells it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lienthong.connectors import Context, HttpSettings
from lienthong.connectors.soap import SoapClient

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSDL = """<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions targetNamespace="urn:s" xmlns:t="urn:s" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
  <wsdl:types><xs:schema targetNamespace="urn:s" elementFormDefault="qualified">
    <xs:element name="Key"><xs:complexType><xs:sequence><xs:element name="User" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="Echo"><xs:complexType><xs:sequence>
      <xs:element name="text" type="xs:string"/><xs:element name="since" type="xs:dateTime" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="EchoResponse"><xs:complexType><xs:sequence>
      <xs:element name="text" type="xs:string"/><xs:element name="n" type="xs:int" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="Odd"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
    <xs:element name="OddResponse"><xs:complexType><xs:sequence><xs:any/></xs:sequence></xs:complexType></xs:element>
  </xs:schema></wsdl:types>
  <wsdl:message name="Key"><wsdl:part name="Key" element="t:Key"/></wsdl:message>
  <wsdl:message name="Echo"><wsdl:part name="p" element="t:Echo"/></wsdl:message>
  <wsdl:message name="EchoResponse"><wsdl:part name="p" element="t:EchoResponse"/></wsdl:message>
  <wsdl:message name="Odd"><wsdl:part name="p" element="t:Odd"/></wsdl:message>
  <wsdl:message name="OddResponse"><wsdl:part name="p" element="t:OddResponse"/></wsdl:message>
  <wsdl:portType name="P">
    <wsdl:operation name="Echo"><wsdl:input message="t:Echo"/><wsdl:output message="t:EchoResponse"/></wsdl:operation>
    <wsdl:operation name="Odd"><wsdl:input message="t:Odd"/><wsdl:output message="t:OddResponse"/></wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="B" type="t:P">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="Echo"><soap:operation soapAction="urn:s:Echo"/>
      <wsdl:input><soap:header message="t:Key" part="Key" use="literal"/><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>
    <wsdl:operation name="Odd"><soap:operation soapAction="urn:s:Odd"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="S"><wsdl:port name="S" binding="t:B"><soap:address location="$address"/></wsdl:port></wsdl:service>
</wsdl:definitions>"""


def envelope(content: str, *, namespace: str = SOAP) -> bytes:
    return f'<s:Envelope xmlns:s="{namespace}"><s:Body>{content}</s:Body></s:Envelope>'.encode()


@dataclass
class Server:
    """Answers every POST with `reply(body)`, every GET with `wsdl`, and keeps what came."""

    url: str = ""
    wsdl: bytes = b""
    reply: Callable[[bytes], bytes] = lambda _: b""
    status: int = 200
    content_type: str = "text/xml; charset=utf-8"
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on loopback for one test."""
    scripted = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(scripted.wsdl)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            scripted.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self._send(scripted.reply(body))

        def _send(self, body: bytes) -> None:
            self.send_response(scripted.status)
            self.send_header("Content-Type", scripted.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scripted.url = f"http://127.0.0.1:{httpd.server_address[1]}/soap"
    scripted.wsdl = WSDL.replace("$address", scripted.url).encode()
    thread = threading.Thread(target=httpd.serve_forever, daemon=True, kwargs={"poll_interval": 0.01})
    thread.start()
    yield scripted
    httpd.shutdown()
    httpd.server_close()
    thread.join()


MakeClient = Callable[..., SoapClient]


class AnyEndpoint(HttpSettings):
    """Settings whose endpoint may be left to the WSDL."""

    endpoint: str


@pytest.fixture
def make_client(server: Server, tmp_path: Path) -> Iterator[MakeClient]:
    """Makes clients of the server by a WSDL file, and closes them."""
    made: list[SoapClient] = []

    def make(*, wsdl: str | bytes | None = None, url: str | None = None, operations: tuple[str, ...] = ("Echo",)) -> SoapClient:
        given: Path | str
        if isinstance(wsdl, str):
            given = wsdl
        else:
            given = tmp_path / "service.wsdl"
            given.write_bytes(server.wsdl if wsdl is None else wsdl)
        settings = AnyEndpoint(kind="test", endpoint=server.url if url is None else url, transport="trusted-network", timeout=5)
        client = SoapClient(settings, Context(name="test"), wsdl=given, operations=operations)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()
