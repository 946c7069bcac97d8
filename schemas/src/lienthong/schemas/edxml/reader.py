"""From the bytes of a packet to its value.

Any prefix, any order of elements and both spellings of `Bussiness` are read. What is wrong but readable is kept and becomes a
finding; only what makes a packet unreadable or unsafe is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lienthong.core.blob import Blob
from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Place, Problem, Words
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.attachments import HEAD, MAX_UNPACKED, decode, media_type_of, unwrap
from lienthong.schemas.edxml.identity import NAMESPACE
from lienthong.schemas.edxml.models import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherInfo,
    Packet,
    Party,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusPacket,
    TraceHeader,
)
from lienthong.schemas.errors import AttachmentUnreadable, NotAPacket, SchemaViolation
from lienthong.schemas.xml import Element, XmlDocument, line_of, parse, text_of

_DATE = re.compile(r"(\d{4})/(\d{2})/(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{4})/(\d{2})/(\d{2}) (\d{2}):(\d{2}):(\d{2})", re.ASCII)
_MAX_FINDINGS = 500
_PREFIX = "{" + NAMESPACE + "}"
_SIGNATURES = ("Signature", "{http://www.w3.org/2000/09/xmldsig#}Signature", "DigitalSignature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came out of reading a packet.

    Attributes:
        packet: The packet's value.
        findings: What was wrong but readable, as warnings.
        document: The parse that the value was taken from, for whoever verifies its signature.
    """

    packet: Packet
    findings: tuple[Problem, ...]
    document: XmlDocument


def read_packet(data: bytes | Blob, *, source: str | None = None) -> Reading:
    """Return the packet in some bytes, with findings.

    Args:
        data: The packet as it came.
        source: Name of the input for error places.

    Raises:
        NotWellFormed: data; carries line and column.
        UnsafeXml: security; a DOCTYPE, or a cap is exceeded.
        NotAPacket: data; well-formed XML with another root.
        SchemaViolation: data; sender, recipients, or what the packet does can't be told.
        AttachmentUnreadable: data; names the attachment.
        ArchiveUnsafe: security; a zip around an attachment is a trap.

    Source: edxml.md §1.
    """
    if isinstance(data, Blob):
        with data.open() as stream:
            document = parse(stream, source=source)
    else:
        document = parse(data, source=source)
    if document.root.tag != _PREFIX + "edXML":
        raise NotAPacket(found=str(document.root.tag), expected=_PREFIX + "edXML", place=document.place(document.root))
    notes: list[Problem] = []
    packet = _packet(document, notes)
    return Reading(packet=packet, findings=tuple(notes), document=document)


class _Fields:
    """The children of one element by name, each taken once; of an element that is missing, there are none."""

    def __init__(self, document: XmlDocument, element: Element | None, path: str, notes: list[Problem]) -> None:
        self.document = document
        self.element = element
        self.path = path
        self.notes = notes
        self.children: dict[str, list[Element]] = {}
        for child in () if element is None else element:
            tag = child.tag
            if not isinstance(tag, str):  # a comment or processing instruction
                continue
            name = tag.removeprefix(_PREFIX)
            if name.startswith("Business"):
                name = "Bussiness" + name.removeprefix("Business")
            self.children.setdefault(name, []).append(child)

    def place(self, name: str = "") -> Place:
        line = None if self.element is None else line_of(self.element)
        return Place(source=self.document.source, line=line, path=f"{self.path}/{name}" if name else self.path)

    def named(self, name: str) -> str:
        """The element for people, with its parent; places have the whole path."""
        return f"{self.path.rpartition('/')[2]}/{name}"

    def note(self, rule: found.Rule, name: str, **fields: object) -> None:
        if len(self.notes) < _MAX_FINDINGS:
            self.notes.append(rule.problem(fields, place=self.place(name)))
        elif len(self.notes) == _MAX_FINDINGS:
            self.notes.append(found.TOO_MANY.problem({"limit": _MAX_FINDINGS}))

    def all(self, name: str) -> list[Element]:
        return self.children.pop(name, [])

    def one(self, name: str) -> Element | None:
        elements = self.all(name)
        if len(elements) > 1:
            self.note(found.REPEATED, name, element=self.named(name), count=len(elements))
        return elements[0] if elements else None

    def below(self, element: Element | None, name: str) -> _Fields:
        return _Fields(self.document, element, f"{self.path}/{name}", self.notes)

    def group(self, name: str) -> _Fields | None:
        element = self.one(name)
        return None if element is None else self.below(element, name)

    def expected(self, name: str) -> _Fields:
        element = self.one(name)
        if element is None:
            self.note(found.MISSING, name, element=self.named(name))
        return self.below(element, name)

    def groups(self, name: str) -> Iterator[_Fields]:
        return (self.below(element, name) for element in self.all(name))

    def needed(self, name: str) -> _Fields:
        group = self.group(name)
        if group is None:
            raise SchemaViolation(element=self.named(name), place=self.place(name))
        return group

    def text(self, name: str, *, required: bool = False) -> str:
        text = text_of(self.one(name))
        if required and self.element is not None and not text.strip():
            self.note(found.MISSING, name, element=self.named(name))
        return text

    def code(self, name: str, *, required: bool = False) -> str:
        """A value that software compares: white space around it is layout."""
        return self.text(name, required=required).strip()

    def date(self, name: str, *, required: bool = False) -> date | str | None:
        text = self.code(name, required=required)
        if not text:
            return None
        match = _DATE.fullmatch(text)
        try:
            if match is not None:
                return date(*map(int, match.groups()))
        except ValueError:
            pass
        self.note(found.KEPT_AS_TEXT, name, element=self.named(name), expected="yyyy/MM/dd")
        return text

    def time(self, name: str) -> datetime | str:
        text = self.code(name, required=True)
        match = _TIME.fullmatch(text)
        try:
            if match is not None:
                year, month, day, hour, minute, second = map(int, match.groups())
                return datetime(year, month, day, hour, minute, second, tzinfo=HO_CHI_MINH).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        if text:
            self.note(found.KEPT_AS_TEXT, name, element=self.named(name), expected="yyyy/MM/dd HH:mm:ss")
        return text

    def integer(self, name: str, *, required: bool = False) -> int | None:
        text = self.code(name, required=required)
        if not text:
            return None
        if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) is None:
            self.note(found.NOT_USABLE, name, element=self.named(name), expected="-999999999…999999999")
            return None
        return int(text)

    def flag(self, name: str) -> bool | None:
        text = self.code(name).lower()
        if text not in ("", "0", "1", "false", "true"):
            self.note(found.NOT_USABLE, name, element=self.named(name), expected="true/false/1/0")
            return None
        return None if not text else text in ("1", "true")

    def texts(self, name: str, item: str) -> tuple[str, ...]:
        group = self.group(name)
        if group is None:
            return ()
        texts = tuple(text for element in group.all(item) if (text := text_of(element)))
        group.done()
        return texts

    def done(self) -> None:
        """Note whatever nobody took and that says something."""
        for name, elements in self.children.items():
            if any(len(element) or text_of(element).strip() for element in elements):
                local = name.rpartition("}")[2]
                self.note(found.NOT_TAKEN_OVER, local, element=self.named(local))


def _packet(document: XmlDocument, notes: list[Problem]) -> Packet:
    root = _Fields(document, document.root, "edXML", notes)
    envelope = root.needed("edXMLEnvelope")
    header = envelope.needed("edXMLHeader")
    message = header.needed("MessageHeader")
    for name in _SIGNATURES:
        header.all(name)
    if "StatusCode" in message.children:
        packet: Packet = _status(message)
    else:
        packet = _document(root, envelope, header, message)
    for fields in (message, header, envelope, root):
        fields.done()
    return packet


def _status(message: _Fields) -> StatusPacket:
    responses = message.all("ResponseFor")
    if not responses:
        raise SchemaViolation(element=message.named("ResponseFor"), place=message.place("ResponseFor"))
    if len(responses) > 1:
        message.note(found.REPEATED, "ResponseFor", element=message.named("ResponseFor"), count=len(responses))
    about = _response_for(message.below(responses[0], "ResponseFor"))
    if not about.organisation:  # a status packet has no other addressee
        raise SchemaViolation(element=message.named("ResponseFor/OrganId"), place=message.place("ResponseFor"))
    staff = message.group("StaffInfo")
    code = message.code("StatusCode", required=True)
    try:
        status: Status | str = Status(code)
    except ValueError:
        status = code
        if code:
            message.note(found.KEPT_AS_TEXT, "StatusCode", element=message.named("StatusCode"), expected="01–06, 13, 15, 16")
    return StatusPacket(
        sender=_party(message.needed("From")),
        response_for=about,
        status=status,
        timestamp=message.time("Timestamp"),
        description=message.text("Description"),
        staff=None if staff is None else _staff(staff),
    )


def _document(root: _Fields, envelope: _Fields, header: _Fields, message: _Fields) -> DocumentPacket:
    sender = _party(message.needed("From"))
    recipients = tuple(_party(to) for to in message.groups("To"))
    if not any(recipient.code for recipient in recipients):
        raise SchemaViolation(element=message.named("To"), place=message.place("To"))
    code = message.expected("Code")
    promulgation = message.expected("PromulgationInfo")
    responses = tuple(_response_for(response) for response in message.groups("ResponseFor"))
    traces = header.expected("TraceHeaderList")
    business = traces.group("Bussiness")
    packet = DocumentPacket(
        sender=sender,
        recipients=recipients,
        number=code.code("CodeNumber", required=True),
        notation=code.code("CodeNotation", required=True),
        promulgation_place=promulgation.text("Place"),
        promulgation_date=promulgation.date("PromulgationDate", required=True),
        document_type=_document_type(message.expected("DocumentType")),
        subject=message.text("Subject", required=True),
        content=message.text("Content"),
        signer=_signer(message.expected("SignerInfo")),
        due_date=message.date("DueDate"),
        to_places=message.texts("ToPlaces", "Place"),
        other=_other(message.expected("OtherInfo")),
        # Some writers put an empty element where nothing is answered.
        response_for=tuple(response for response in responses if response != _EMPTY_RESPONSE),
        steering_type=message.integer("SteeringType", required=True) or 0,
        document_id=message.code("DocumentId", required=True),
        trace=tuple(_trace(trace) for trace in traces.groups("TraceHeader")),
        business=Business() if business is None else _business(business),
        attachments=_attachments(root, envelope),
    )
    for fields in (code, promulgation, traces):
        fields.done()
    return packet


_EMPTY_RESPONSE = ResponseFor(organisation="", code="")


def _party(fields: _Fields) -> Party:
    code = fields.code("OrganId", required=fields.path.endswith("/To"))
    if not code and fields.path.endswith("/From"):
        raise SchemaViolation(element=fields.named("OrganId"), place=fields.place("OrganId"))
    party = Party(
        code=code,
        name=fields.text("OrganName"),
        in_charge=fields.text("OrganizationInCharge"),
        address=fields.text("OrganAdd"),
        email=fields.text("Email"),
        telephone=fields.text("Telephone"),
        fax=fields.text("Fax"),
        website=fields.text("Website"),
    )
    fields.done()
    return party


def _document_type(fields: _Fields) -> DocumentType:
    number = fields.integer("Type", required=True)
    kind = DocumentType(
        name=fields.text("TypeName", required=True),
        number=1 if number is None else number,
        detail=fields.integer("TypeDetail"),
    )
    fields.done()
    return kind


def _signer(fields: _Fields) -> SignerInfo:
    signer = SignerInfo(
        full_name=fields.text("FullName", required=True), position=fields.text("Position"), competence=fields.text("Competence")
    )
    fields.done()
    return signer


def _other(fields: _Fields) -> OtherInfo:
    other = OtherInfo(
        priority=fields.integer("Priority", required=True) or 0,
        sphere=fields.text("SphereOfPromulgation"),
        typist_notation=fields.text("TyperNotation"),
        copies=fields.integer("PromulgationAmount"),
        pages=fields.integer("PageAmount"),
        direction=fields.flag("Direction"),
        appendixes=fields.texts("Appendixes", "Appendix"),
    )
    fields.done()
    return other


def _response_for(fields: _Fields) -> ResponseFor:
    response = ResponseFor(
        organisation=fields.code("OrganId"),
        code=fields.code("Code"),
        promulgation_date=fields.date("PromulgationDate"),
        document_id=fields.code("DocumentId"),
    )
    fields.done()
    return response


def _staff(fields: _Fields) -> StaffInfo:
    staff = StaffInfo(
        name=fields.text("Staff"), department=fields.text("Department"), email=fields.text("Email"), mobile=fields.text("Mobile")
    )
    fields.done()
    return staff


def _trace(fields: _Fields) -> TraceHeader:
    trace = TraceHeader(organisation=fields.code("OrganId", required=True), timestamp=fields.time("Timestamp"))
    fields.done()
    return trace


def _business(fields: _Fields) -> Business:
    number = fields.integer("BussinessDocType", required=True)
    kind = next((kind for kind in BusinessType if kind == number), None)
    if kind is None:
        # What the packet does is never guessed: a recall must not be taken for a new document.
        raise SchemaViolation(element=fields.named("BussinessDocType"), place=fields.place("BussinessDocType"))
    staff = fields.group("StaffInfo")
    business = Business(
        type=kind,
        reason=fields.text("BussinessDocReason"),
        document_id=fields.code("DocumentId"),
        paper=fields.flag("Paper") or False,
        staff=None if staff is None else _staff(staff),
    )
    fields.done()
    return business


def _attachments(root: _Fields, envelope: _Fields) -> tuple[Attachment, ...]:
    body = envelope.expected("edXMLBody")
    manifest = body.expected("edXMLManifest")
    encoded = root.group("AttachmentEncoded")
    references = {_content_id(reference): reference for reference in manifest.groups("Reference")}
    attachments: list[Attachment] = []
    left = MAX_UNPACKED
    for fields in () if encoded is None else encoded.groups("Attachment"):
        content_id = _content_id(fields)
        attachment, unpacked = _attachment(fields, content_id, references.pop(content_id, None), left)
        attachments.append(attachment)
        left -= unpacked
    for content_id in references:
        manifest.note(found.NO_ATTACHMENT, "Reference", content_id=content_id)
    for group in (manifest, body) if encoded is None else (manifest, body, encoded):
        group.done()
    return tuple(attachments)


def _content_id(fields: _Fields) -> str:
    content_id = fields.code("ContentId", required=True)
    while content_id.startswith("cid:"):  # one writer puts it twice
        content_id = content_id.removeprefix("cid:")
    return content_id


def _attachment(fields: _Fields, content_id: str, reference: _Fields | None, left: int) -> tuple[Attachment, int]:
    """Return an attachment, and how many bytes were unpacked for it."""
    place = fields.place()
    name, description = fields.text("AttachmentName"), fields.text("Description")
    declared = {fields.code("ContentType")}
    if reference is None:
        fields.note(found.NO_REFERENCE, "ContentId", content_id=content_id)
    else:
        listed = reference.text("AttachmentName")
        if name and listed and name != listed:
            fields.note(found.NAMES_DIFFER, "AttachmentName", content_id=content_id)
        name = name or listed
        listed_description = reference.text("Description")
        description = description or listed_description
        declared.add(reference.code("ContentType"))
        reference.done()
    if not name.strip():
        fields.note(found.MISSING, "AttachmentName", element=fields.named("AttachmentName"))
    encoded = fields.one("ContentTransferEncoded")
    if encoded is None:
        raise AttachmentUnreadable(content_id=content_id, reason=Words("it has no content", "không có nội dung"), place=place)
    try:
        received = decode(text_of(encoded))
    except ValueError as error:
        reason = Words(f"damaged or cut short base64 ({error})", f"base64 bị hỏng hoặc bị cắt cụt (máy báo: {error})")
        raise AttachmentUnreadable(content_id=content_id, reason=reason, place=place) from error
    content, kept = unwrap(received, name=name, content_id=content_id, place=place, at_most=left)
    if kept is not None:
        fields.note(found.ZIP_KEPT, "ContentTransferEncoded", content_id=content_id, reason=kept)
    media_type = media_type_of(name, content[:HEAD])
    wrong = sorted(declared - {"", media_type})
    if wrong:
        fields.note(found.MISLABELLED, "ContentType", content_id=content_id, declared=", ".join(wrong), actual=media_type)
    fields.done()
    attachment = Attachment(
        content_id=content_id, name=name, media_type=media_type, content=Blob.of_bytes(content), description=description
    )
    return attachment, len(content) if content is not received else 0
