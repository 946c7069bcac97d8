"""Replies that aren't answers: SOAP faults, error pages, and whatever else a server gives instead.

| reply | the call changes nothing (safe) | it may |
| --- | --- | --- |
| fault whose code names credentials, or HTTP 401, 403 | `CredentialsRejected` | `CredentialsRejected` |
| fault `Server` (1.1), `Receiver` (1.2) | `RemoteBusy`: may be asked again | `AnswerUnclear`: perhaps done |
| any other fault | `RemoteRefused` | `RemoteRefused` |
| HTML, no XML, no SOAP, another element than promised | `AnswerUnusable` | `AnswerUnclear` |

Standard: SOAP 1.1 section 4.4, SOAP 1.2 part 1 section 5.4; WS-Security 1.1 section 12 for codes of credentials.
"""

from __future__ import annotations

from lienthong.connectors.answers import Refusal, busy, credentials, not_understood, refused, words_of
from lienthong.core.errors import LienthongError, Words
from lienthong.core.http import Reply
from lienthong.core.text import mask_personal
from lienthong.schemas.errors import NotWellFormed, UnsafeXml
from lienthong.schemas.xml import Element, parse, text_of

SOAP_11 = "{http://schemas.xmlsoap.org/soap/envelope/}"
SOAP_12 = "{http://www.w3.org/2003/05/soap-envelope}"

_CREDENTIALS = frozenset({"Authentication", "FailedAuthentication", "InvalidSecurity", "InvalidSecurityToken"})
_OF_THE_SERVER = frozenset({"Server", "Receiver"})
_NOT_LET_IN = (401, 403)
_CODE_LENGTH = 200
_HTML = (b"<!doctype html", b"<html")


def body_of(reply: Reply, *, connection: str, operation: str, safe: bool) -> Element:
    """Return the one element in the body of a SOAP reply.

    Raises:
        CredentialsRejected, RemoteBusy, RemoteRefused, AnswerUnusable, AnswerUnclear: as the table of this module says.
        UnsafeXml: security; of a safe call only.
    """
    status = f"HTTP {reply.status}"
    content_type = reply.headers.get("Content-Type", "").lower()
    if content_type.startswith("text/html") or reply.body[:64].lstrip().lower().startswith(_HTML):
        raise _page(connection, operation, reply.status, Words(f"an HTML page, {status}", f"một trang HTML, {status}"), safe=safe)
    try:
        envelope = parse(reply.body, source=operation).root
    except NotWellFormed as error:
        raise _page(
            connection,
            operation,
            reply.status,
            Words(f"no XML at {error.place}, {status}", f"không phải XML tại {error.place}, {status}"),
            safe=safe,
        ) from error
    except UnsafeXml as error:
        if safe and reply.status not in _NOT_LET_IN:
            raise
        raise _page(connection, operation, reply.status, words_of(error), safe=safe) from error
    soap = next((namespace for namespace in (SOAP_11, SOAP_12) if envelope.tag == f"{namespace}Envelope"), None)
    body = envelope.find(f"{soap}Body") if soap else None
    content = next(body.iterchildren("{*}*"), None) if body is not None else None
    if soap is None or content is None:
        raise _page(connection, operation, reply.status, Words(f"no SOAP, {status}", f"không phải SOAP, {status}"), safe=safe)
    if content.tag == f"{soap}Fault":
        raise _fault(content, soap, connection, operation, safe=safe)
    return content


def _page(connection: str, operation: str, status: int, reason: Words, *, safe: bool) -> LienthongError:
    if status in _NOT_LET_IN:
        return credentials(Refusal(connection=connection, operation=operation, remote_code=f"HTTP {status}"))
    return not_understood(connection, operation, reason, safe=safe)


def _fault(fault: Element, soap: str, connection: str, operation: str, *, safe: bool) -> LienthongError:
    if soap == SOAP_11:
        codes, text = [text_of(fault.find("faultcode"))], text_of(fault.find("faultstring"))
    else:
        codes = [text_of(value) for value in fault.iter(f"{soap}Value")]
        text = text_of(fault.find(f"{soap}Reason/{soap}Text"))
    parts = [part for code in codes for part in code.strip().rpartition(":")[2].split(".")]
    code = mask_personal(".".join(parts))[:_CODE_LENGTH]
    refusal = Refusal(connection=connection, operation=operation, remote_code=code, text=" ".join(text.split()))
    if not _CREDENTIALS.isdisjoint(parts):
        return credentials(refusal)
    if parts[:1] and parts[0] in _OF_THE_SERVER:
        if safe:
            return busy(refusal)
        reason = Words(f"fault {code}: {refusal.shown}", f"lỗi SOAP {code}, máy báo: {refusal.shown}")
        return not_understood(connection, operation, reason, safe=safe)
    return refused(refusal)
