"""From the bytes of a packet to its value, in a bounded part of memory however large its attachments are.

Any prefix, any order of elements and both spellings of `Bussiness` are read. What is wrong but readable is kept and becomes a
finding; only what makes a packet unreadable or unsafe is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lienthong.core.blob import Blob, Spool
from lienthong.core.errors import Place, Problem, Words
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.attachments import Base64Decoder
from lienthong.schemas.edxml.fields import Fields
from lienthong.schemas.edxml.media_types import HEAD, media_type_of
from lienthong.schemas.edxml.models import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherElement,
    OtherInfo,
    Packet,
    PacketError,
    Party,
    ReceiverChange,
    Reference,
    Replacement,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusPacket,
    TraceHeader,
    Transfer,
    UpdateInfo,
)
from lienthong.schemas.edxml.wire import OURS, SIGNATURES, local, with_cid, without_cid
from lienthong.schemas.edxml.zip_rule import MAX_RATIO, unwrap
from lienthong.schemas.errors import AttachmentUnreadable, CapExceeded, NotAPacket, PacketContradictory, SchemaViolation
from lienthong.schemas.xml import Caps, Divert, Element, XmlDocument, line_of, parse, text_of

PACKET_CAPS = Caps(bytes=4 << 30, tree=4 << 20, nodes=100_000)
"""What a packet may be: large by its attachments, which don't stay in memory, and by nothing else."""

MOST_ATTACHMENTS = 1000
MAX_UNPACKED = 2 << 30
"""Bytes that the zips around all attachments of one packet may unpack to; and no more than so many times what came."""
_RATIO_MATTERS_ABOVE = 32 << 20

_CONTENTS = (OURS + "ContentTransferEncoded", "ContentTransferEncoded")  # the latter is refused, not lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came out of reading a packet.

    Attributes:
        packet: The packet's value; files that it carries live as long as somebody holds their blobs.
        findings: What was wrong but readable, as warnings.
        document: The parse that the value was taken from, for whoever verifies its signature; it has the packet's raw bytes.
    """

    packet: Packet
    findings: tuple[Problem, ...]
    document: XmlDocument


def read_packet(data: bytes | Blob | Path, *, source: str | None = None, folder: Path | None = None, caps: Caps = PACKET_CAPS) -> Reading:
    """Return the packet in some bytes, with findings.

    Args:
        data: The packet as it came; a blob or file is read in blocks, and must not change while its reading is in use.
        source: Name of the input for error places.
        folder: Where attachments are put that are too large for memory, in a file without a name; None for the system's own.
        caps: Limits on size and shape.

    Raises:
        NotWellFormed: data; carries line and column.
        UnsafeXml: security; a DOCTYPE, or a cap is exceeded.
        NotAPacket: data; well-formed XML with another root.
        SchemaViolation: data; sender, recipients, or what the packet does can't be told.
        PacketContradictory: data; it says two things at once.
        AttachmentUnreadable: data; names the attachment.
        ArchiveUnsafe: security; a zip around an attachment is a trap.
        SpoolFailed: retry; there is no room for the attachments.
        OSError: The file can't be read.

    Source: edxml.md §1.
    """
    raw = Blob.of_file(data) if isinstance(data, Path) else data
    files = _Files(Spool(folder), source)
    document = parse(raw, source=source, caps=caps, divert=Divert(_CONTENTS, files.decoder))
    files.left = min(MAX_UNPACKED, max(_RATIO_MATTERS_ABOVE, MAX_RATIO * files.spool.written))
    if document.root.tag != OURS + "edXML":
        raise NotAPacket(found=str(document.root.tag), expected=OURS + "edXML", place=document.place(document.root))
    notes = found.Notes(source)
    root = Fields(document.root, "edXML", notes)
    packet = _packet(root, files)
    return Reading(packet=packet, findings=notes.problems, document=document)


class _Files:
    """Takes the text of attachments while the packet is parsed, and decodes it."""

    def __init__(self, spool: Spool, source: str | None) -> None:
        self.spool = spool
        self.left = 0  # bytes that the zips around all of them may still unpack to
        self._source = source
        self._decoders: dict[Element, Base64Decoder] = {}

    def decoder(self, element: Element) -> Base64Decoder:
        if len(self._decoders) == MOST_ATTACHMENTS:
            place = Place(source=self._source, path="AttachmentEncoded/Attachment")
            raise CapExceeded(cap=Words("attachments", "số tệp đính kèm"), limit=MOST_ATTACHMENTS, place=place)
        decoder = Base64Decoder(self.spool)
        self._decoders[element] = decoder
        return decoder

    def received(self, element: Element, content_id: str, place: Place) -> Blob:
        """Return what an attachment's text decodes to."""
        decoder = self._decoders.pop(element)
        content = decoder.blob()
        problem = decoder.problem
        if next(element.iterchildren("*"), None) is not None:
            problem = Words("there are elements inside it", "bên trong có phần tử con")
        if problem is not None:
            raise AttachmentUnreadable(content_id=content_id, reason=problem, place=place)
        return content

    def check_all_taken(self) -> None:
        """Refuse a packet in which a file stands where nobody looks for it: it would be lost."""
        astray = next(iter(self._decoders), None)
        if astray is not None:
            attachment = astray.getparent()
            content_id = without_cid("" if attachment is None else text_of(attachment.find(OURS + "ContentId")).strip())
            reason = Words("it stands where no attachment belongs", "nằm ở vị trí không dành cho tệp đính kèm")
            path = "/".join(local(str(above.tag)) for above in (*reversed(list(astray.iterancestors())), astray))
            place = Place(source=self._source, line=line_of(astray), path=path)
            raise AttachmentUnreadable(content_id=content_id, reason=reason, place=place)


def _packet(root: Fields, files: _Files) -> Packet:
    envelope = root.needed("edXMLEnvelope")
    header = envelope.needed("edXMLHeader")
    message = header.needed("MessageHeader")
    root.kept += (header.keep(element) for name in SIGNATURES for element in header.all(name.removeprefix(OURS)))
    errors = _errors(header)
    if "StatusCode" in message.children and "Code" in message.children:
        reason = Words(
            "it has the StatusCode of a status and the Code of a document",
            "vừa có StatusCode của gói trạng thái, vừa có Code của gói văn bản",
        )
        raise PacketContradictory(reason=reason, place=message.place("StatusCode"))
    if "StatusCode" in message.children:
        packet: Packet = _status(root, envelope, header, message, errors)
    else:
        packet = _document(root, envelope, header, message, files, errors)
    files.check_all_taken()
    return packet


def _all_done(root: Fields, *containers: Fields) -> tuple[OtherElement, ...]:
    for container in containers:
        container.done()
    return root.done()


def _status(root: Fields, envelope: Fields, header: Fields, message: Fields, errors: tuple[PacketError, ...]) -> StatusPacket:
    response = message.group("ResponseFor")
    if response is None:
        raise SchemaViolation(element=message.named("ResponseFor"), place=message.place("ResponseFor"))
    about = _response_for(response)
    if not about.organisation:  # a status packet has no other addressee
        raise SchemaViolation(element=message.named("ResponseFor/OrganId"), place=response.place("OrganId"))
    staff = message.group("StaffInfo")
    code = message.code("StatusCode", required=True)
    try:
        status: Status | str = Status(code)
    except ValueError:
        status = code
        if code:
            message.note(found.KEPT_AS_TEXT, "StatusCode", element=message.named("StatusCode"), expected="01–06, 13, 15, 16")
    return StatusPacket(
        sender=_party(message.needed_group("From"), needed=True),
        response_for=about,
        status=status,
        timestamp=message.time("Timestamp"),
        description=message.text("Description"),
        staff=None if staff is None else _staff(staff),
        errors=errors,
        others=_all_done(root, envelope, header, message),
    )


def _document(
    root: Fields, envelope: Fields, header: Fields, message: Fields, files: _Files, errors: tuple[PacketError, ...]
) -> DocumentPacket:
    sender = _party(message.needed_group("From"), needed=True)
    recipients = tuple(_party(to) for to in message.groups("To"))
    if not any(recipient.code for recipient in recipients):
        raise SchemaViolation(element=message.named("To"), place=message.place("To"))
    code = message.container("Code", required=True)
    promulgation = message.container("PromulgationInfo", required=True)
    tasks = message.container("ResponseForTask")
    traces = header.container("TraceHeaderList", required=True)
    business = _only_business(traces, header, message)
    attachments, manifest = _attachments(root, envelope, files)
    return DocumentPacket(
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
        response_for=tuple(_response_for(response) for response in message.groups("ResponseFor")),
        steering_type=message.number("SteeringType", required=True),
        document_id=message.code("DocumentId", required=True),
        tasks=tasks.codes("TaskCode"),
        application_type=message.code("ApplicationType"),
        trace=tuple(_trace(trace) for trace in traces.groups("TraceHeader")),
        trace_attributes=traces.attributes(),
        business=None if business is None else _business(business),
        errors=errors,
        attachments=attachments,
        manifest=manifest,
        others=_all_done(root, envelope, header, message, code, promulgation, tasks, traces),
    )


def _errors(header: Fields) -> tuple[PacketError, ...]:
    entries = header.container("ErrorList")
    errors = []
    for entry in entries.groups("Error"):
        code, description = entry.code("Code"), entry.text("Description")
        errors.append(PacketError(code=code, description=description, others=entry.done()))
    entries.done()
    return tuple(errors)


def _party(fields: Fields, *, needed: bool = False) -> Party:
    code = fields.code("OrganId", required=not needed)
    if needed and not code:
        raise SchemaViolation(element=fields.named("OrganId"), place=fields.place("OrganId"))
    return Party(
        code=code,
        name=fields.text("OrganName"),
        in_charge=fields.text("OrganizationInCharge"),
        address=fields.text("OrganAdd"),
        email=fields.text("Email"),
        telephone=fields.text("Telephone"),
        fax=fields.text("Fax"),
        website=fields.text("Website"),
        others=fields.done(),
    )


def _document_type(fields: Fields) -> DocumentType:
    return DocumentType(
        name=fields.text("TypeName", required=True),
        number=fields.number("Type", required=True),
        detail=fields.number("TypeDetail"),
        others=fields.done(),
    )


def _signer(fields: Fields) -> SignerInfo:
    return SignerInfo(
        full_name=fields.text("FullName", required=True),
        position=fields.text("Position"),
        competence=fields.text("Competence"),
        others=fields.done(),
    )


def _other(fields: Fields) -> OtherInfo:
    return OtherInfo(
        priority=fields.number("Priority", required=True),
        sphere=fields.text("SphereOfPromulgation"),
        typist_notation=fields.text("TyperNotation"),
        copies=fields.number("PromulgationAmount"),
        pages=fields.number("PageAmount"),
        direction=fields.flag("Direction"),
        appendixes=fields.texts("Appendixes", "Appendix"),
        reply_fors=fields.whole("ReplyFors"),
        reference_codes=fields.whole("ReferenceCodes"),
        others=fields.done(),
    )


def _response_for(fields: Fields) -> ResponseFor:
    return ResponseFor(
        organisation=fields.code("OrganId"),
        code=fields.code("Code"),
        promulgation_date=fields.date("PromulgationDate"),
        document_id=fields.code("DocumentId"),
        others=fields.done(),
    )


def _staff(fields: Fields) -> StaffInfo:
    return StaffInfo(
        name=fields.text("Staff"),
        department=fields.text("Department"),
        email=fields.text("Email"),
        mobile=fields.text("Mobile"),
        staff_id=fields.code("StaffId"),
        department_id=fields.code("DepartmentId"),
        others=fields.done(),
    )


def _trace(fields: Fields) -> TraceHeader:
    return TraceHeader(organisation=fields.code("OrganId"), timestamp=fields.time("Timestamp"), others=fields.done())


def _only_business(traces: Fields, *others: Fields) -> Fields | None:
    """Take what says what the packet does; where that isn't clear it is never guessed: a recall must not pass for a new document."""
    elsewhere = [(fields, element) for fields in others for element in fields.children.get("Bussiness", ()) if len(element)]
    here = [element for element in traces.children.get("Bussiness", ()) if len(element)]
    if elsewhere or len(here) > 1:
        reason = Words(
            "it says more than once, or elsewhere than it should, what it does", "nêu nghiệp vụ (Bussiness) nhiều lần hoặc sai vị trí"
        )
        raise PacketContradictory(reason=reason, place=(elsewhere[0][0] if elsewhere else traces).place("Bussiness"))
    business = traces.group("Bussiness")
    if here and business is None:
        raise SchemaViolation(element="Bussiness/BussinessDocType", place=traces.place("Bussiness"))
    return business


def _business(fields: Fields) -> Business:
    number = fields.number("BussinessDocType", required=True)
    kind = next((kind for kind in BusinessType if kind == number), None)
    if kind is None:
        raise SchemaViolation(element=fields.named("BussinessDocType"), place=fields.place("BussinessDocType"))
    staff = fields.group("StaffInfo")
    update = fields.group("BussinessDocumentInfo")
    replacements = fields.container("ReplacementInfoList")
    replaced = tuple(_replacement(replacement) for replacement in replacements.groups("ReplacementInfo"))
    replacements.done()
    return Business(
        type=kind,
        reason=fields.text("BussinessDocReason"),
        document_id=fields.code("DocumentId"),
        paper=fields.flag("Paper"),
        update=None if update is None else _update(update),
        replacements=replaced,
        staff=None if staff is None else _staff(staff),
        others=fields.done(),
    )


def _update(fields: Fields) -> UpdateInfo:
    receivers = fields.container("ReceiverList")
    changes = []
    for receiver in receivers.groups("Receiver"):
        code, kind = receiver.code("OrganId", required=True), receiver.number("ReceiverType")
        changes.append(ReceiverChange(organisation=code, kind=kind, others=receiver.done()))
    receivers.done()
    return UpdateInfo(
        document=fields.flag("DocumentInfo"),
        recipients=fields.flag("DocumentReceiver"),
        receivers=tuple(changes),
        others=fields.done(),
    )


def _replacement(fields: Fields) -> Replacement:
    organisations = fields.container("OrganIdList")
    codes = organisations.codes("OrganId")
    organisations.done()
    return Replacement(document_id=fields.code("DocumentId", required=True), organisations=codes, others=fields.done())


def _attachments(root: Fields, envelope: Fields, files: _Files) -> tuple[tuple[Attachment, ...], tuple[Reference, ...] | None]:
    """Return the attachments, and the manifest where it isn't just their list."""
    body = envelope.container("edXMLBody", required=True, also_blank=True)
    manifest = body.container("edXMLManifest", required=True, also_blank=True)
    lines = [_reference(line) for line in manifest.groups("Reference")]
    unmatched: dict[str, list[Reference]] = {}
    for line in lines:
        unmatched.setdefault(without_cid(line.content_id), []).append(line)
    has_files = any(len(element) for element in root.children.get("AttachmentEncoded", ()))
    encoded = root.container("AttachmentEncoded", also_blank=has_files)  # the files' text may not be in the tree any more
    attachments = []
    for fields in encoded.groups("Attachment", also_blank=True):
        written = fields.code("ContentId", required=True)
        content_id = without_cid(written)
        same = unmatched.get(content_id)
        if not same:
            fields.note(found.NO_REFERENCE, "ContentId", content_id=content_id)
        attachments.append(_attachment(fields, written, same.pop(0) if same else None, files))
    for content_id, left in unmatched.items():
        for _ in left:
            manifest.note(found.NO_ATTACHMENT, "Reference", content_id=content_id)
    manifest.done(known={"version": "1.0"})
    body.done()
    encoded.done()
    as_derived = lines == [attachment.reference for attachment in attachments]
    return tuple(attachments), None if as_derived else tuple(lines)


def _reference(fields: Fields) -> Reference:
    return Reference(
        content_id=fields.code("ContentId", required=True),
        name=fields.text("AttachmentName"),
        media_type=fields.code("ContentType"),
        description=fields.text("Description"),
        attributes=fields.attributes(),
        others=fields.done(),
    )


def _attachment(fields: Fields, written: str, line: Reference | None, files: _Files) -> Attachment:
    content_id = without_cid(written)
    name, description, declared = fields.text("AttachmentName"), fields.text("Description"), fields.code("ContentType")
    if line is not None:
        if name and line.name and name != line.name:
            fields.note(found.NAMES_DIFFER, "AttachmentName", content_id=content_id)
        if description and line.description and description != line.description:
            fields.note(found.DESCRIPTIONS_DIFFER, "Description", content_id=content_id)
        if declared and line.media_type and declared != line.media_type:
            fields.note(found.TYPES_DIFFER, "ContentType", content_id=content_id, manifest=line.media_type, attachment=declared)
        name = name or line.name
    if not name.strip():
        fields.note(found.MISSING, "AttachmentName", element=fields.named("AttachmentName"))
    contents = fields.all("ContentTransferEncoded")
    place = fields.place()
    if len(contents) != 1:
        none, several = Words("it has no content", "không có nội dung"), Words("it has more than one content", "có nhiều hơn một nội dung")
        raise AttachmentUnreadable(content_id=content_id, reason=several if contents else none, place=place)
    received = files.received(contents[0], content_id, place)
    before = files.spool.written
    content, kept = unwrap(received, name=name, content_id=content_id, place=place, spool=files.spool, at_most=files.left)
    files.left -= files.spool.written - before  # also what turned out to be damaged has filled the disk
    if kept is not None:
        fields.note(found.ZIP_KEPT, "ContentTransferEncoded", content_id=content_id, reason=kept)
    with content.open() as stream:
        media_type = media_type_of(name, stream.read(HEAD))
    if declared not in ("", media_type):
        fields.note(found.MISLABELLED, "ContentType", content_id=content_id, declared=declared, actual=media_type)
    transfer = Transfer(content_id=written, media_type=declared, content=None if content is received else received)
    as_written = Transfer(content_id=with_cid(content_id), media_type=media_type)
    return Attachment(
        content_id=content_id,
        name=name,
        media_type=media_type,
        content=content,
        description=description,
        transfer=None if transfer == as_written else transfer,
        field_name=fields.text("FieldName"),
        mime_type=fields.text("MimeType"),
        others=fields.done(),
    )
