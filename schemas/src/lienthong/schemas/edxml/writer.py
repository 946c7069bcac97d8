"""From the value of a packet to its bytes.

The layout of prefixes is significant on the national axis though XML says it isn't: the root in the default namespace, `edXML:`
from the envelope down, and the attachments unprefixed again. The order of elements is the guide's.
"""

from __future__ import annotations

import base64
import re
from datetime import date, datetime

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Words
from lienthong.schemas.edxml.identity import NAMESPACE, wire_date
from lienthong.schemas.edxml.models import (
    Attachment,
    Business,
    DocumentPacket,
    Packet,
    Party,
    ResponseFor,
    StaffInfo,
    StatusPacket,
)
from lienthong.schemas.errors import FieldUnwritable

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def write_packet(packet: Packet) -> bytes:
    """Return a packet's bytes; the same packet always gives the same bytes.

    Optional elements without a value are left out, required ones are written empty: no value is invented. Attachments are
    written as they are, under their own media type, never wrapped in a zip.

    Raises:
        FieldUnwritable: data; a text has a character that XML can't carry, or a time has no zone. It names the element.

    Source: edxml.md §1.2–1.5, 1.7.
    """
    xml = _Xml()
    if isinstance(packet, StatusPacket):
        _status(xml, packet)
    else:
        _document(xml, packet)
    return xml.bytes()


class _Xml:
    """Lines of XML, indented, with the path that an error names."""

    def __init__(self) -> None:
        self.parts: list[bytes] = [f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{NAMESPACE}">\n'.encode()]
        self.path: list[str] = ["edXML"]
        self.prefix = "edXML:"

    def line(self, text: str) -> None:
        self.parts.append(f"{'  ' * len(self.path)}{text}\n".encode())

    def open(self, name: str, attributes: str = "") -> None:
        self.line(f"<{self.prefix}{name}{attributes}>")
        self.path.append(name)

    def close(self) -> None:
        name = self.path.pop()
        self.line(f"</{self.prefix}{name}>")

    def refuse(self, name: str, reason: Words) -> FieldUnwritable:
        return FieldUnwritable(element="/".join((*self.path, name)), reason=reason)

    def leaf(self, name: str, text: str) -> None:
        """Write an element, empty where it has no text."""
        bad = _NOT_XML.search(text)
        if bad is not None:
            character = f"U+{ord(bad.group()):04X}"
            raise self.refuse(name, Words(f"XML can't carry the character {character}", f"XML không chứa được ký tự {character}"))
        self.line(f"<{self.prefix}{name}>{text.translate(_SPECIAL)}</{self.prefix}{name}>")

    def optional(self, name: str, value: str | int | None) -> None:
        if value not in ("", None):
            self.leaf(name, str(value))

    def date(self, name: str, value: date | str | None) -> None:
        self.leaf(name, wire_date(value) if isinstance(value, date) else value or "")

    def time(self, name: str, value: datetime | str) -> None:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise self.refuse(name, Words("the time has no time zone", "thời gian không có múi giờ"))
            local = value.astimezone(HO_CHI_MINH)
            value = f"{wire_date(local)} {local:%H:%M:%S}"
        self.leaf(name, value)

    def bytes(self) -> bytes:
        return b"".join((*self.parts, b"</edXML>\n"))


def _document(xml: _Xml, packet: DocumentPacket) -> None:
    xml.open("edXMLEnvelope", f' xmlns:edXML="{NAMESPACE}"')
    xml.open("edXMLHeader")
    _message_header(xml, packet)
    xml.open("TraceHeaderList")
    for trace in packet.trace:
        xml.open("TraceHeader")
        xml.leaf("OrganId", trace.organisation)
        xml.time("Timestamp", trace.timestamp)
        xml.close()
    _business(xml, packet.business)
    xml.close()
    xml.close()
    xml.open("edXMLBody")
    xml.open("edXMLManifest", ' version="1.0"')
    for attachment in packet.attachments:
        xml.open("Reference")
        xml.leaf("ContentId", f"cid:{attachment.content_id}")
        xml.leaf("ContentType", attachment.media_type)
        xml.optional("Description", attachment.description)
        xml.leaf("AttachmentName", attachment.name)
        xml.close()
    for _ in ("edXMLManifest", "edXMLBody", "edXMLEnvelope"):
        xml.close()
    if packet.attachments:
        xml.prefix = ""
        xml.open("AttachmentEncoded")
        for attachment in packet.attachments:
            _attachment(xml, attachment)
        xml.close()


def _message_header(xml: _Xml, packet: DocumentPacket) -> None:
    xml.open("MessageHeader")
    _party(xml, "From", packet.sender)
    for recipient in packet.recipients:
        _party(xml, "To", recipient)
    xml.open("Code")
    xml.leaf("CodeNumber", packet.number)
    xml.leaf("CodeNotation", packet.notation)
    xml.close()
    xml.open("PromulgationInfo")
    xml.optional("Place", packet.promulgation_place)
    xml.date("PromulgationDate", packet.promulgation_date)
    xml.close()
    xml.open("DocumentType")
    xml.leaf("Type", str(packet.document_type.number))
    xml.optional("TypeDetail", packet.document_type.detail)
    xml.leaf("TypeName", packet.document_type.name)
    xml.close()
    xml.leaf("Subject", packet.subject)
    xml.optional("Content", packet.content)
    xml.open("SignerInfo")
    xml.optional("Competence", packet.signer.competence)
    xml.optional("Position", packet.signer.position)
    xml.leaf("FullName", packet.signer.full_name)
    xml.close()
    if packet.due_date:
        xml.date("DueDate", packet.due_date)
    _texts(xml, "ToPlaces", "Place", packet.to_places)
    _other(xml, packet)
    for response in packet.response_for:
        _response_for(xml, response)
    xml.leaf("SteeringType", str(int(packet.steering_type)))
    xml.leaf("DocumentId", packet.document_id)
    xml.close()


def _other(xml: _Xml, packet: DocumentPacket) -> None:
    other = packet.other
    xml.open("OtherInfo")
    xml.leaf("Priority", str(int(other.priority)))
    xml.optional("SphereOfPromulgation", other.sphere)
    xml.optional("TyperNotation", other.typist_notation)
    xml.optional("PromulgationAmount", other.copies)
    xml.optional("PageAmount", other.pages)
    if other.direction is not None:
        xml.leaf("Direction", "true" if other.direction else "false")
    _texts(xml, "Appendixes", "Appendix", other.appendixes)
    xml.close()


def _business(xml: _Xml, business: Business) -> None:
    xml.open("Bussiness")
    xml.optional("DocumentId", business.document_id)
    xml.leaf("BussinessDocType", str(int(business.type)))
    xml.optional("BussinessDocReason", business.reason)
    xml.leaf("Paper", "1" if business.paper else "0")
    if business.staff is not None:
        _staff(xml, business.staff)
    xml.close()


def _status(xml: _Xml, packet: StatusPacket) -> None:
    xml.open("edXMLEnvelope", f' xmlns:edXML="{NAMESPACE}"')
    xml.open("edXMLHeader")
    xml.open("MessageHeader")
    _party(xml, "From", packet.sender)
    _response_for(xml, packet.response_for)
    if packet.staff is not None:
        _staff(xml, packet.staff)
    xml.leaf("StatusCode", str(packet.status))
    xml.optional("Description", packet.description)
    xml.time("Timestamp", packet.timestamp)
    for _ in ("MessageHeader", "edXMLHeader", "edXMLEnvelope"):
        xml.close()


def _party(xml: _Xml, name: str, party: Party) -> None:
    xml.open(name)
    xml.leaf("OrganId", party.code)
    xml.optional("OrganizationInCharge", party.in_charge)
    xml.optional("OrganName", party.name)
    xml.optional("OrganAdd", party.address)
    xml.optional("Email", party.email)
    xml.optional("Telephone", party.telephone)
    xml.optional("Fax", party.fax)
    xml.optional("Website", party.website)
    xml.close()


def _response_for(xml: _Xml, response: ResponseFor) -> None:
    xml.open("ResponseFor")
    xml.leaf("OrganId", response.organisation)
    xml.leaf("Code", response.code)
    xml.date("PromulgationDate", response.promulgation_date)
    xml.leaf("DocumentId", response.document_id)
    xml.close()


def _staff(xml: _Xml, staff: StaffInfo) -> None:
    xml.open("StaffInfo")
    xml.optional("Department", staff.department)
    xml.optional("Staff", staff.name)
    xml.optional("Email", staff.email)
    xml.optional("Mobile", staff.mobile)
    xml.close()


def _texts(xml: _Xml, name: str, item: str, texts: tuple[str, ...]) -> None:
    if texts:
        xml.open(name)
        for text in texts:
            xml.leaf(item, text)
        xml.close()


def _attachment(xml: _Xml, attachment: Attachment) -> None:
    xml.open("Attachment")
    xml.leaf("ContentId", f"cid:{attachment.content_id}")
    xml.leaf("AttachmentName", attachment.name)
    xml.optional("Description", attachment.description)
    xml.leaf("ContentType", attachment.media_type)
    indent = b"  " * len(xml.path)
    encoded = base64.b64encode(attachment.content.read())
    xml.parts += (indent, b"<ContentTransferEncoded>", encoded, b"</ContentTransferEncoded>\n")
    xml.close()
