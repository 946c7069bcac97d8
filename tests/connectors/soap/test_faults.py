"""Replies that aren't answers: one row each."""

from __future__ import annotations

import pytest

from lienthong.connectors.errors import AnswerUnclear, AnswerUnusable, CredentialsRejected, RemoteBusy, RemoteRefused
from lienthong.connectors.soap.faults import body_of
from lienthong.core.errors import LienthongError
from lienthong.core.http import Reply

S11 = "http://schemas.xmlsoap.org/soap/envelope/"
S12 = "http://www.w3.org/2003/05/soap-envelope"


def fault_11(code: str, text: str = "text") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{S11}"><s:Body><s:Fault><faultcode>{code}</faultcode><faultstring>{text}</faultstring>'
        "<detail><x/></detail></s:Fault></s:Body></s:Envelope>"
    ).encode()


def fault_12(code: str, subcode: str = "") -> bytes:
    inner = f"<s:Subcode><s:Value>{subcode}</s:Value></s:Subcode>" if subcode else ""
    return (
        f'<s:Envelope xmlns:s="{S12}"><s:Body><s:Fault><s:Code><s:Value>{code}</s:Value>{inner}</s:Code>'
        "<s:Reason><s:Text>text</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"
    ).encode()


HTML = b"<!DOCTYPE html><html><body>503</body></html>"
ROWS = [
    (500, "text/xml", fault_11("s:Server"), RemoteBusy, AnswerUnclear),
    (200, "text/xml", fault_11("s:Server.Timeout"), RemoteBusy, AnswerUnclear),
    (500, "text/xml", fault_12("s:Receiver"), RemoteBusy, AnswerUnclear),
    (500, "text/xml", fault_11("s:Client"), RemoteRefused, RemoteRefused),
    (200, "text/xml", fault_11("Client.Parameters"), RemoteRefused, RemoteRefused),
    (400, "application/soap+xml", fault_12("s:Sender", "x:Bad"), RemoteRefused, RemoteRefused),
    (500, "text/xml", fault_11("s:VersionMismatch"), RemoteRefused, RemoteRefused),
    (500, "text/xml", fault_11(""), RemoteRefused, RemoteRefused),
    (500, "text/xml", fault_11("s:Client.Authentication"), CredentialsRejected, CredentialsRejected),
    (500, "text/xml", fault_11("wsse:FailedAuthentication"), CredentialsRejected, CredentialsRejected),
    (400, "application/soap+xml", fault_12("s:Sender", "wsse:InvalidSecurityToken"), CredentialsRejected, CredentialsRejected),
    (401, "text/html", b"", CredentialsRejected, CredentialsRejected),
    (403, "text/plain", b"no", CredentialsRejected, CredentialsRejected),
    (200, "text/html; charset=utf-8", HTML, AnswerUnusable, AnswerUnclear),
    (200, "text/xml", b"\n" + HTML, AnswerUnusable, AnswerUnclear),
    (500, "text/xml", b"", AnswerUnusable, AnswerUnclear),
    (200, "text/xml", f'<s:Envelope xmlns:s="{S11}"><s:Body>'.encode(), AnswerUnusable, AnswerUnclear),
    (200, "text/xml", b"<other/>", AnswerUnusable, AnswerUnclear),
    (200, "text/xml", f'<s:Envelope xmlns:s="{S11}"><s:Body/></s:Envelope>'.encode(), AnswerUnusable, AnswerUnclear),
]


@pytest.mark.parametrize(("status", "content_type", "body", "of_a_question", "of_a_change"), ROWS)
def test_reply_becomes_the_error_of_the_table(
    status: int, content_type: str, body: bytes, of_a_question: type[LienthongError], of_a_change: type[LienthongError]
) -> None:
    """The same reply means less where the call may have changed something."""
    reply = Reply(status=status, headers={"Content-Type": content_type}, body=body)
    for safe, kind in ((True, of_a_question), (False, of_a_change)):
        with pytest.raises(LienthongError) as caught:
            body_of(reply, connection="c", operation="Do", safe=safe)
        assert type(caught.value) is kind
        assert caught.value.sentence("vi")


def test_text_of_a_fault_is_shown_short_and_masked() -> None:
    """A remote sentence may repeat what we sent."""
    reply = Reply(status=500, headers={}, body=fault_11("s:Client", f"CCCD 079099001234 {'x' * 500}"))
    with pytest.raises(RemoteRefused) as caught:
        body_of(reply, connection="c", operation="Do", safe=True)
    assert "079099001234" not in str(caught.value)
    assert len(caught.value.detail) == 300
    assert caught.value.remote_code == "Client"


def test_content_of_the_body_is_returned() -> None:
    """An answer is an answer in either version of SOAP."""
    for namespace in (S11, S12):
        body = f'<s:Envelope xmlns:s="{namespace}"><s:Header/><s:Body><!-- c --><a/></s:Body></s:Envelope>'.encode()
        assert body_of(Reply(status=200, headers={}, body=body), connection="c", operation="Do", safe=True).tag == "a"
