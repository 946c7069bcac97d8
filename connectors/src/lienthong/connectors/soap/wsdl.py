"""A WSDL: where it comes from, and what of it may be used."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Never
from urllib.parse import urlsplit

import zeep
import zeep.exceptions
from lxml import etree
from zeep.wsdl.bindings import Soap11Binding, Soap12Binding
from zeep.wsdl.messages import DocumentMessage

from lienthong.connectors.answers import words_of
from lienthong.connectors.soap.errors import WsdlReachesOut, WsdlUnusable
from lienthong.core.errors import Words
from lienthong.schemas.conversion import Plan, SchemaInvalid, SchemaUnsupported, compile_schema
from lienthong.schemas.errors import NotWellFormed
from lienthong.schemas.xml import XmlDocument, parse

_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_POINTERS = (f"{_WSDL}import", f"{_XSD}import", f"{_XSD}include", f"{_XSD}redefine")

# zeep answers a WSDL that it doesn't understand with many kinds of errors, few of them its own.
_ZEEP_ERRORS = (
    zeep.exceptions.Error,
    etree.LxmlError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request as zeep writes it."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The SOAP service that a WSDL describes.

    Attributes:
        address: Its `soap:address`, not yet checked against the settings; None where there is none.
        requests: For each operation a function that writes a request; not thread-safe.
        replies: For each operation the tag of the element that it answers with.
        plan: Converts those elements.
    """

    address: str | None
    requests: dict[str, Callable[..., Outgoing]]
    replies: dict[str, str]
    plan: Plan


class _Offline:
    """What zeep takes for a transport: it hands the request back instead of sending it, and loads nothing."""

    def load(self, url: object) -> Never:
        message = f"{url} is not loaded"
        raise ValueError(message)

    def post_xml(self, _address: str, envelope: etree._Element, headers: dict[str, str]) -> Outgoing:
        return Outgoing(headers=headers, body=etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def read_wsdl(data: bytes, *, connection: str, name: str, operations: Sequence[str]) -> Service:
    """Return the service that a WSDL describes, ready for some of its operations.

    The first port with SOAP 1.1 or 1.2 that has all of `operations` is taken; they must be document/literal.

    Raises:
        WsdlUnusable, WsdlReachesOut: configuration; the former also where the types of a reply can't be converted.
        UnsafeXml: security.
    """
    unusable = partial(WsdlUnusable, connection=connection, wsdl=name)
    document = _parsed(data, connection, name)
    try:
        settings = zeep.Settings(strict=True, raw_response=True, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        client = zeep.Client(io.BytesIO(data), transport=_Offline(), settings=settings)  # type: ignore[no-untyped-call]
        port = _port(client, operations)
    except _ZEEP_ERRORS as error:
        said = f"{type(error).__name__}: {error}"
        raise unusable(reason=Words(f"it can't be understood ({said})", f"không hiểu được nội dung (máy báo: {said})")) from error
    if port is None:
        names = ", ".join(operations)
        raise unusable(reason=Words(f"no SOAP port has {names}", f"không có cổng SOAP nào có {names}"))
    replies: dict[str, str] = {}
    for operation in operations:
        output = port.binding.get(operation).output
        if not isinstance(output, DocumentMessage) or output.body is None:
            reason = Words(f"the reply of {operation} is not document/literal", f"trả lời của {operation} không phải document/literal")
            raise unusable(reason=reason)
        replies[operation] = output.body.qname.text
    try:
        plan = compile_schema(document.root.findall(f"{_WSDL}types/{_XSD}schema"), roots=replies.values(), source=name)
    except (SchemaUnsupported, SchemaInvalid) as error:
        raise unusable(reason=words_of(error)) from error
    if simple := [operation for operation, tag in replies.items() if tag not in plan.structures]:
        raise unusable(reason=Words(f"the reply of {simple[0]} has a simple type", f"trả lời của {simple[0]} có kiểu đơn"))
    service = client.create_service(port.binding.name.text, port.binding_options["address"] or "none:")  # type: ignore[no-untyped-call]
    return Service(
        address=port.binding_options["address"],
        requests={operation: service[operation] for operation in operations},
        replies=replies,
        plan=plan,
    )


def host_of(url: str) -> str:
    """Return the host of an address in small letters, empty if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_url(wsdl: str | Path) -> bool:
    """Return whether a WSDL is given by its address, not as a file."""
    return isinstance(wsdl, str) and urlsplit(wsdl).scheme in ("http", "https")


def _parsed(data: bytes, connection: str, name: str) -> XmlDocument:
    try:
        document = parse(data, source=name)
    except NotWellFormed as error:
        raise WsdlUnusable(connection=connection, wsdl=name, reason=words_of(error)) from error
    if document.root.tag != f"{_WSDL}definitions":
        reason = Words("the root is not wsdl:definitions", "phần tử gốc không phải wsdl:definitions")
        raise WsdlUnusable(connection=connection, wsdl=name, reason=reason)
    for node in document.root.iter(_POINTERS):
        # An import without a location only names a namespace that stands in the same WSDL.
        if node.tag != f"{_XSD}import" or node.get("schemaLocation") is not None:
            raise WsdlReachesOut(connection=connection, construct=etree.QName(node).localname, place=document.place(node))
    return document


def _port(client: Any, operations: Sequence[str]) -> Any | None:
    wanted = set(operations)
    for service in client.wsdl.services.values():
        for port in service.ports.values():
            if isinstance(port.binding, Soap11Binding | Soap12Binding) and wanted <= set(port.binding.all()):  # type: ignore[no-untyped-call]
                return port
    return None
