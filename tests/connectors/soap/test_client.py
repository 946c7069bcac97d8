"""Calls by a WSDL, over real HTTP."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lienthong.connectors import Context, HttpSettings
from lienthong.connectors.errors import AnswerUnclear, AnswerUnusable
from lienthong.connectors.soap import AddressForeign, RequestUnfit, SoapClient, WsdlForeign, WsdlReachesOut, WsdlUnusable
from lienthong.core.http import PlainHttpForbidden
from lienthong.schemas.conversion import SchemaUnsupported, WrongValue
from lienthong.schemas.errors import DoctypeRefused, UnsafeXml

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MakeClient = Callable[..., SoapClient]


def envelope(content: str) -> bytes:
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{content}</s:Body></s:Envelope>'.encode()


def echo(body: bytes) -> bytes:
    text = re.search(rb"<[^>]*text>([^<]*)<", body)
    assert text is not None
    return envelope(f'<EchoResponse xmlns="urn:s"><text>{text[1].decode()}</text><n>1</n></EchoResponse>')


def test_call_writes_the_request_by_the_wsdl_and_converts_the_reply(server: Any, make_client: MakeClient) -> None:
    """Namespaces, header and action come from the WSDL, and the answer is JSON-ready."""
    server.reply = echo
    answer = make_client().call(
        "Echo", header={"Key": {"User": "u"}}, safe=True, text="Sở & Ngành", since="2026-11-20T08:00:00.1234567+07:00"
    )
    assert answer == {"text": "Sở & Ngành", "n": [1]}
    ((headers, body),) = server.requests
    assert headers["soapaction"] == '"urn:s:Echo"'
    assert headers["content-type"] == "text/xml; charset=utf-8"
    assert b"2026-11-20T08:00:00.1234567+07:00" in body
    assert b"User>u</" in body


def test_argument_that_is_none_is_left_out(server: Any, make_client: MakeClient) -> None:
    """An optional argument that isn't there isn't written."""
    server.reply = echo
    make_client().call("Echo", safe=True, text="x", since=None)
    assert b"since" not in server.requests[0][1]
    assert b"Header" not in server.requests[0][1]


@pytest.mark.parametrize("arguments", [{}, {"text": "x", "other": "SECRET"}, {"text": ["SECRET", {}]}])
def test_arguments_that_do_not_fit_are_refused_before_sending(server: Any, make_client: MakeClient, arguments: dict[str, Any]) -> None:
    """Nothing leaves, and the error shows no value."""
    with pytest.raises(RequestUnfit) as caught:
        make_client().call("Echo", safe=False, **arguments)
    assert "SECRET" not in str(caught.value.problem())
    assert server.requests == []


def test_header_that_does_not_fit_is_refused_without_its_value(make_client: MakeClient) -> None:
    """A header carries passwords."""
    with pytest.raises(RequestUnfit) as caught:
        make_client().call("Echo", header={"Key": {"Password": "SECRET"}}, safe=True, text="x")
    assert caught.value.__cause__ is None
    assert "SECRET" not in str(caught.value)


def test_wsdl_is_fetched_from_the_endpoints_own_host(server: Any, make_client: MakeClient) -> None:
    """With or without an endpoint in the settings."""
    server.reply = echo
    for url in ("", server.url):
        assert make_client(wsdl=server.url + "?wsdl", url=url).call("Echo", safe=True, text="x")["text"] == "x"


def test_wsdl_on_another_host_is_not_fetched(server: Any, make_client: MakeClient) -> None:
    """The settings' endpoint says where the connection goes."""
    with pytest.raises(WsdlForeign):
        make_client(wsdl="http://127.0.0.2:9/x?wsdl").call("Echo", safe=True, text="x")


@pytest.mark.parametrize("by_file", [True, False])
def test_address_in_the_wsdl_on_a_host_that_is_not_configured_is_not_called(server: Any, make_client: MakeClient, by_file: bool) -> None:
    """A WSDL can't send us, and our credentials with us, elsewhere."""
    server.wsdl = server.wsdl.replace(server.url.encode(), b"http://127.0.0.2:9/soap")
    with pytest.raises(AddressForeign, match=r"127\.0\.0\.2"):
        make_client(wsdl=None if by_file else server.url, url="").call("Echo", safe=True, text="x")
    assert server.requests == []


def test_address_without_tls_needs_a_trusted_network(server: Any, tmp_path: Path) -> None:
    """SOAP goes out by the same rules as everything else."""
    (tmp_path / "s.wsdl").write_bytes(server.wsdl)
    settings = HttpSettings(kind="test", endpoint=server.url)
    client = SoapClient(settings, Context(name="test"), wsdl=tmp_path / "s.wsdl", operations=("Echo",))
    with pytest.raises(PlainHttpForbidden):
        client.call("Echo", safe=True, text="x")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<wsdl:types>", b'<wsdl:import namespace="urn:x" location="http://127.0.0.1:1/x"/><wsdl:types>'),
        (b'elementFormDefault="qualified">', b'elementFormDefault="qualified"><xs:import namespace="urn:x" schemaLocation="x.xsd"/>'),
        (b'elementFormDefault="qualified">', b'elementFormDefault="qualified"><xs:include schemaLocation="file:///etc/passwd"/>'),
    ],
)
def test_wsdl_that_points_elsewhere_is_refused_with_its_line(server: Any, make_client: MakeClient, old: bytes, new: bytes) -> None:
    """Nothing that a WSDL points to is fetched."""
    with pytest.raises(WsdlReachesOut) as caught:
        make_client(wsdl=server.wsdl.replace(old, new)).call("Echo", safe=True, text="x")
    assert caught.value.place.line == 4


@pytest.mark.filterwarnings("ignore::UserWarning")  # zeep warns of what it leaves out
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"</wsdl:definitions>", b"", "Premature end"),
        (b"wsdl:definitions", b"wsdl:description", "the root is not wsdl:definitions"),
        (b'element="t:EchoResponse"', b'element="t:Nowhere"', ""),
        (b'name="Echo"><soap:operation', b'name="Other"><soap:operation', ""),
        (b'style="document"', b'style="rpc"', "not document/literal"),
    ],
)
def test_wsdl_that_is_none_is_a_matter_of_configuration(server: Any, make_client: MakeClient, old: bytes, new: bytes, reason: str) -> None:
    """Whatever is wrong with it, in one error that names the file."""
    with pytest.raises(WsdlUnusable) as caught:
        make_client(wsdl=server.wsdl.replace(old, new)).call("Echo", safe=True, text="x")
    assert caught.value.wsdl == "service.wsdl"
    assert reason in caught.value.reason.en
    assert caught.value.reason.vi not in caught.value.sentence("en")


def test_missing_file_or_page_instead_of_a_wsdl_is_named(server: Any, make_client: MakeClient, tmp_path: Path) -> None:
    """Both are found at the first call."""
    with pytest.raises(WsdlUnusable, match="No such file"):
        make_client(wsdl=str(tmp_path / "none.wsdl")).call("Echo", safe=True, text="x")
    server.status = 404
    with pytest.raises(WsdlUnusable, match="HTTP 404"):
        make_client(wsdl=server.url).call("Echo", safe=True, text="x")


def test_wsdl_with_a_doctype_is_unsafe(server: Any, make_client: MakeClient) -> None:
    """It goes through the hardened parser before zeep sees it."""
    with pytest.raises(DoctypeRefused):
        make_client(wsdl=server.wsdl.replace(b"<wsdl:definitions", b"<!DOCTYPE x><wsdl:definitions", 1)).call("Echo", safe=True, text="x")


def test_reply_type_that_can_not_be_converted_is_a_matter_of_configuration(server: Any, make_client: MakeClient) -> None:
    """Only operations that are used are compiled, and those wholly; the file is the settings' fault, not a dossier's."""
    client = make_client(operations=("Odd",))
    with pytest.raises(WsdlUnusable, match="any") as caught:
        client.call("Odd", safe=True)
    assert isinstance(caught.value.__cause__, SchemaUnsupported)
    assert server.requests == []


def test_operation_that_the_wsdl_has_not_is_named(make_client: MakeClient) -> None:
    """A WSDL of another system is noticed."""
    with pytest.raises(WsdlUnusable, match="no SOAP port has Nothing"):
        make_client(operations=("Nothing",)).call("Nothing", safe=True)


def test_reply_that_breaks_the_wsdl_depends_on_what_the_call_does(server: Any, make_client: MakeClient) -> None:
    """A question's bad answer is bad data; a change with a bad answer may have been done."""
    server.reply = lambda _: envelope('<EchoResponse xmlns="urn:s"><text>x</text><n>one</n></EchoResponse>')
    client = make_client()
    with pytest.raises(WrongValue):
        client.call("Echo", safe=True, text="x")
    with pytest.raises(AnswerUnclear):
        client.call("Echo", safe=False, text="x")


def test_other_element_than_promised_is_no_answer(server: Any, make_client: MakeClient) -> None:
    """An answer to another question isn't used."""
    server.reply = lambda _: envelope('<Other xmlns="urn:s"/>')
    with pytest.raises(AnswerUnusable):
        make_client().call("Echo", safe=True, text="x")


def test_reply_with_a_doctype_is_unsafe(server: Any, make_client: MakeClient) -> None:
    """Nothing of it is used; if the call changes something, its fate is open."""
    server.reply = lambda _: b"<!DOCTYPE x>" + envelope('<EchoResponse xmlns="urn:s"/>')
    client = make_client()
    with pytest.raises(UnsafeXml):
        client.call("Echo", safe=True, text="x")
    with pytest.raises(AnswerUnclear):
        client.call("Echo", safe=False, text="x")


def test_records_of_a_reply_are_converted_each_by_itself(server: Any, make_client: MakeClient) -> None:
    """A bad record comes back with its error, the others with their values."""
    server.reply = lambda _: envelope('<EchoResponse xmlns="urn:s"><text>x</text><n>1</n><n>two</n><n>3</n></EchoResponse>')
    converted = make_client().call_for_records("Echo", "n", text="x")
    assert converted.rest == {"text": "x"}
    assert [(record.value, record.error is None) for record in converted.records] == [(1, True), (None, False), (3, True)]


def test_records_that_the_wsdl_has_not_are_named(server: Any, make_client: MakeClient) -> None:
    """The WSDL isn't of the system that the caller thinks."""
    server.reply = echo
    with pytest.raises(WsdlUnusable, match="no repeated element m"):
        make_client().call_for_records("Echo", "m", text="x")


def test_threads_share_one_client_without_mixing_calls(server: Any, make_client: MakeClient) -> None:
    """Each call gets its own answer, also while the WSDL is first read."""
    server.reply = echo
    client = make_client()
    start = threading.Barrier(8)

    def run(worker: int) -> bool:
        start.wait()
        return all(client.call("Echo", safe=True, text=f"{worker}-{turn}")["text"] == f"{worker}-{turn}" for turn in range(25))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(8)))
    assert len(server.requests) == 200


def test_client_can_be_closed_and_used_again(server: Any, make_client: MakeClient) -> None:
    """Closing lets go of connections and nothing else."""
    server.reply = echo
    client = make_client()
    client.call("Echo", safe=True, text="x")
    client.close()
    assert client.call("Echo", safe=True, text="y")["text"] == "y"
