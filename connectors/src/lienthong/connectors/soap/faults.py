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

from lienthong.connectors.errors import AnswerUnclear, AnswerUnusable, CredentialsRejected, RemoteBusy, RemoteRefused
from lienthong.core.errors import LienthongError
from lienthong.core.http import Reply
from lienthong.core.text import mask_personal
from lienthong.schemas.errors import NotWellFormed, UnsafeXml
from lienthong.schemas.xml import Element, parse, text_of

SOAP_11 = "{http://schemas.xmlsoap.org/soap/envelope/}"
SOAP_12 = "{http://www.w3.org/2003/05/soap-envelope}"

_CREDENTIALS = frozenset({"Authentication", "FailedAuthentication", "InvalidSecurity", "InvalidSecurityToken"})
_OF_THE_SERVER = frozenset({"Server", "Receiver"})
_NOT_LET_IN = (401, 403)
_DETAIL = 200
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
        raise _page(connection, operation, reply.status, f"an HTML page, {status}", safe=safe)
    try:
        envelope = parse(reply.body, source=operation).root
    except NotWellFormed as error:
        raise _page(connection, operation, reply.status, f"no XML at {error.place}, {status}", safe=safe) from error
    except UnsafeXml as error:
        if safe and reply.status not in _NOT_LET_IN:
            raise
        raise _page(connection, operation, reply.status, error.sentence("en"), safe=safe) from error
    soap = next((namespace for namespace in (SOAP_11, SOAP_12) if envelope.tag == f"{namespace}Envelope"), None)
    body = envelope.find(f"{soap}Body") if soap else None
    content = next(body.iterchildren("{*}*"), None) if body is not None else None
    if soap is None or content is None:
        raise _page(connection, operation, reply.status, f"no SOAP, {status}", safe=safe)
    if content.tag == f"{soap}Fault":
        raise _fault(content, soap, connection, operation, safe=safe)
    return content


def unusable(connection: str, operation: str, reason: str, *, safe: bool) -> LienthongError:
    """Return the error of a reply that can't be understood."""
    return (AnswerUnusable if safe else AnswerUnclear)(connection=connection, operation=operation, reason=reason)


def _page(connection: str, operation: str, status: int, reason: str, *, safe: bool) -> LienthongError:
    if status in _NOT_LET_IN:
        return CredentialsRejected(connection=connection, remote_code=str(status), detail=reason)
    return unusable(connection, operation, reason, safe=safe)


def _fault(fault: Element, soap: str, connection: str, operation: str, *, safe: bool) -> LienthongError:
    if soap == SOAP_11:
        codes, text = [text_of(fault.find("faultcode"))], text_of(fault.find("faultstring"))
    else:
        codes = [text_of(value) for value in fault.iter(f"{soap}Value")]
        text = text_of(fault.find(f"{soap}Reason/{soap}Text"))
    parts = [part for code in codes for part in code.strip().rpartition(":")[2].split(".")]
    code = mask_personal(".".join(parts))[:_DETAIL]
    detail = mask_personal(" ".join(text.split()))[:_DETAIL]
    if not _CREDENTIALS.isdisjoint(parts):
        return CredentialsRejected(connection=connection, remote_code=code, detail=detail)
    if parts[:1] and parts[0] in _OF_THE_SERVER:
        if safe:
            return RemoteBusy(connection=connection, operation=operation, remote_code=code)
        return AnswerUnclear(connection=connection, operation=operation, reason=f"fault {code}: {detail}")
    return RemoteRefused(connection=connection, operation=operation, remote_code=code, detail=detail)
