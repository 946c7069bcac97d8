"""Reads an edXML packet with eyes of its own: what the axis needs to route it, and what it refuses.

Nothing here is shared with the library's reader or writer, so that a mistake there can't hide behind the same mistake here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
_NS = {"e": NAMESPACE}
_ENVELOPE = f"{{{NAMESPACE}}}edXMLEnvelope"
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


class PacketRefused(Exception):
    """The packet isn't taken; the text says why, with line and column where there are any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPacket:
    """What the axis knows about a packet. Codes stand as written, without repetitions."""

    kind: Literal["edoc", "status"]
    sender: str
    addressees: tuple[str, ...]
    title: str
    notation: str


def parse(content: bytes) -> etree._Element:
    """Return the root element of an XML text that has no DOCTYPE; nothing outside the text is read.

    Raises:
        PacketRefused: not well-formed, or with a DOCTYPE.
    """
    # Before parsing, because entities in attribute values are expanded whatever the parser is told.
    if _DOCTYPE.match(content):
        raise PacketRefused("XML có khai báo DOCTYPE")
    # huge_tree: base64 of an attachment is one text node, and 10 MB of it are common.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise PacketRefused(f"không đọc được XML ({line}, {column}): {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise PacketRefused("XML có khai báo DOCTYPE")
    return root


def read_packet(content: bytes, *, strict_prefix: bool) -> ReadPacket:
    """Return sender, addressees, title and notation of a packet.

    Args:
        content: The whole packet.
        strict_prefix: Refuse elements of the envelope that don't carry the literal prefix `edXML:`. A placeholder
            `Signature`, which the SDK writes without one, is let through.

    Raises:
        PacketRefused: not XML, not an edXML packet, or a part that routing needs is missing.
    """
    root = parse(content)
    envelope = root.find(_ENVELOPE)
    if root.tag != f"{{{NAMESPACE}}}edXML" or envelope is None:
        raise PacketRefused(f"phần tử gốc phải là edXML chứa edXMLEnvelope trong không gian tên {NAMESPACE}")
    if strict_prefix:
        _check_prefix(envelope)
    header = envelope.find("e:edXMLHeader/e:MessageHeader", _NS)
    if header is None:
        raise PacketRefused("thiếu edXMLHeader/MessageHeader")
    sender = _text(header, "e:From/e:OrganId")
    if not sender:
        raise PacketRefused("thiếu From/OrganId")
    if header.find("e:StatusCode", _NS) is not None:
        return ReadPacket(
            kind="status",
            sender=sender,
            addressees=_codes(header, "e:ResponseFor/e:OrganId"),
            title=_text(header, "e:Description"),
            notation=_text(header, "e:ResponseFor/e:Code"),
        )
    return ReadPacket(
        kind="edoc",
        sender=sender,
        addressees=_codes(header, "e:To/e:OrganId"),
        title=_text(header, "e:Subject"),
        notation="/".join(filter(None, (_text(header, "e:Code/e:CodeNumber"), _text(header, "e:Code/e:CodeNotation")))),
    )


def _check_prefix(envelope: etree._Element) -> None:
    for element in _outside_signatures(envelope):
        if element.prefix != "edXML":
            name = etree.QName(element).localname
            shown = f"{element.prefix}:{name}" if element.prefix else name
            raise PacketRefused(f"dòng {element.sourceline}: phần tử phải viết là edXML:{name}, không phải {shown}")


def _outside_signatures(element: etree._Element) -> Iterator[etree._Element]:
    waiting = [element]
    while waiting:
        current = waiting.pop()
        if not isinstance(current.tag, str) or etree.QName(current).localname == "Signature":
            continue
        yield current
        waiting.extend(reversed(current))


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path, "", _NS) or "").strip()


def _codes(header: etree._Element, path: str) -> tuple[str, ...]:
    found = header.findall(path, _NS)
    return tuple(dict.fromkeys(code for element in found if (code := (element.text or "").strip())))
