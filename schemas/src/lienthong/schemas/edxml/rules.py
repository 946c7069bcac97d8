"""What the value of a packet should satisfy, whoever made it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Place, Problem, Words
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml import conditions
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.conditions import Broken, Text
from lienthong.schemas.edxml.findings import Notes
from lienthong.schemas.edxml.identity import parse_document_id
from lienthong.schemas.edxml.media_types import HEAD, media_type_of
from lienthong.schemas.edxml.models import (
    Attachment,
    Business,
    DocumentPacket,
    Packet,
    Party,
    Reference,
    StaffInfo,
    StatusPacket,
    UpdateInfo,
)
from lienthong.schemas.edxml.profiles import profile_named
from lienthong.schemas.edxml.wire import without_cid
from lienthong.schemas.organisations import organisation_key

_MESSAGE_TYPES = ("edoc", "status")
_LETTER = "công văn"
_NAMED_KINDS = ("QĐ-", "NQ-", "TTr-")  # so begins the notation of a decision, a resolution, a submission
_WEBSITE_LENGTH, _REASON_LENGTH = 20, 1000
_SHORT = 65535
_SIZE = 50_000_000
_NOT_IN_NAMES = re.compile(r"[/\\\x00-\x1f\x7f]")

_BUSSINESS = "TraceHeaderList/Bussiness"
_REPLACED = f"{_BUSSINESS}/ReplacementInfoList"
_UPDATED = f"{_BUSSINESS}/BussinessDocumentInfo"
_KINDS = {
    BusinessType.NEW: Words("a new document", "văn bản mới"),
    BusinessType.RECALL: Words("a recall", "thu hồi"),
    BusinessType.UPDATE: Words("an update", "cập nhật"),
    BusinessType.REPLACE: Words("a replacement", "thay thế"),
}
_SENDER = Words("the sender of the document", "bên gửi văn bản")
_RECIPIENT = Words("a recipient of the document", "bên nhận văn bản")


def check_packet(packet: Packet, *, profile: str = "read", now: datetime | None = None) -> tuple[Problem, ...]:
    """Return what a packet breaks as a value, errors first, and last that there is more of a kind than is listed.

    Args:
        packet: The packet.
        profile: A name of `PROFILES`: `send` before a packet leaves, `read` for one that came, `axis-…` for what an axis refuses.
        now: The present, with time zone; None asks the machine's clock.

    Raises:
        ProfileUnknown: configuration; there is no such profile.
        OSError: The first bytes of an attachment can't be read.

    Source: each rule names its own; edxml.md §1.3–1.5, §1.7, §5.3.
    """
    chosen = profile_named(profile)
    today = (now or datetime.now(UTC)).astimezone(HO_CHI_MINH).date()
    notes = Notes()
    for rule, path, fields in _status(packet) if isinstance(packet, StatusPacket) else _document(packet, today):
        if chosen.sees(rule):
            notes.add(rule, Place(path=path), {"element": path, **fields})
    return in_order(map(chosen.judged, notes.problems))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return findings as they are shown: errors first, then by line, and last that there are more."""
    more = found.TOO_MANY.code
    return tuple(
        sorted(problems, key=lambda problem: (problem.code == more, problem.level != "error", (problem.place and problem.place.line) or 0))
    )


# The document packet


def _document(packet: DocumentPacket, today: date) -> Iterator[Broken]:
    business = packet.business
    yield from conditions.texts(_document_texts(packet))
    yield from _websites(("From", packet.sender), *((f"To[{number}]", to) for number, to in enumerate(packet.recipients, 1)))
    yield from conditions.codes(_document_codes(packet))
    yield from conditions.required(
        ("From/OrganId", packet.sender.code),
        *((f"To[{number}]/OrganId", to.code) for number, to in enumerate(packet.recipients, 1)),
        ("Code/CodeNumber", packet.number),
        ("Code/CodeNotation", packet.notation),
        ("DocumentType/TypeName", packet.document_type.name),
        ("Subject", packet.subject),
        ("SignerInfo/FullName", packet.signer.full_name),
        ("DocumentId", packet.document_id),
    )
    for path, there in (("To", packet.recipients), ("TraceHeaderList/TraceHeader", packet.trace)):
        if not there:
            yield found.REQUIRED, path, {}
    yield from conditions.repeated(found.REPEATED_RECIPIENT, "To", "OrganId", [recipient.code for recipient in packet.recipients])
    yield from _header_values(packet, today)
    code = packet.code if packet.number and packet.notation else ""
    yield from conditions.document_id("DocumentId", packet.document_id, packet.promulgation_date, ("Code", code), packet.sender.code)
    for number, trace in enumerate(packet.trace, 1):
        yield from conditions.moment(f"TraceHeaderList/TraceHeader[{number}]/Timestamp", trace.timestamp)
    yield from _responses(packet)
    if business is not None:
        yield from _business(business, packet)
    yield from _attachments(packet.attachments)
    if packet.manifest is not None:
        yield from _manifest(packet.attachments, packet.manifest)


def _document_texts(packet: DocumentPacket) -> Iterator[Text]:
    yield from _party("From", packet.sender)
    for number, recipient in enumerate(packet.recipients, 1):
        yield from _party(f"To[{number}]", recipient)
    other, signer, business = packet.other, packet.signer, packet.business
    yield from (
        ("Code/CodeNumber", packet.number, 11),
        ("Code/CodeNotation", packet.notation, 30),
        ("PromulgationInfo/Place", packet.promulgation_place, 50),
        ("DocumentType/TypeName", packet.document_type.name, 100),
        ("Subject", packet.subject, 500),
        ("Content", packet.content, 500),
        ("SignerInfo/Competence", signer.competence, None),
        ("SignerInfo/Position", signer.position, None),
        ("SignerInfo/FullName", signer.full_name, None),
        ("OtherInfo/SphereOfPromulgation", other.sphere, 100),
        ("OtherInfo/TyperNotation", other.typist_notation, 10),
        ("DocumentId", packet.document_id, None),
        ("ApplicationType", packet.application_type, None),
    )
    for path, texts, limit in (
        ("ToPlaces/Place", packet.to_places, 150),
        ("OtherInfo/Appendixes/Appendix", other.appendixes, None),
        ("ResponseForTask/TaskCode", packet.tasks, None),
    ):
        yield from ((f"{path}[{number}]", text, limit) for number, text in enumerate(texts, 1))
    for number, response in enumerate(packet.response_for, 1):
        yield f"ResponseFor[{number}]/Code", response.code, None
        yield f"ResponseFor[{number}]/DocumentId", response.document_id, None
    for number, attachment in enumerate(packet.attachments, 1):
        yield f"AttachmentEncoded/Attachment[{number}]/AttachmentName", attachment.name, None
        yield f"AttachmentEncoded/Attachment[{number}]/Description", attachment.description, None
    if business is not None:
        yield f"{_BUSSINESS}/BussinessDocReason", business.reason, None
        yield f"{_BUSSINESS}/DocumentId", business.document_id, None
        yield from _staff(f"{_BUSSINESS}/StaffInfo", business.staff)


def _document_codes(packet: DocumentPacket) -> Iterator[tuple[str, str]]:
    yield "From/OrganId", packet.sender.code
    for path, codes in (
        ("To[{}]/OrganId", [recipient.code for recipient in packet.recipients]),
        ("ResponseFor[{}]/OrganId", [response.organisation for response in packet.response_for]),
        ("TraceHeaderList/TraceHeader[{}]/OrganId", [trace.organisation for trace in packet.trace]),
    ):
        yield from ((path.format(number), code) for number, code in enumerate(codes, 1))
    business = packet.business
    if business is None:
        return
    if business.update is not None:
        path = f"{_UPDATED}/ReceiverList/Receiver"
        yield from ((f"{path}[{number}]/OrganId", receiver.organisation) for number, receiver in enumerate(business.update.receivers, 1))
    for number, replacement in enumerate(business.replacements, 1):
        path = f"{_REPLACED}/ReplacementInfo[{number}]/OrganIdList/OrganId"
        yield from ((f"{path}[{position}]", code) for position, code in enumerate(replacement.organisations, 1))


def _header_values(packet: DocumentPacket, today: date) -> Iterator[Broken]:
    kind, other = packet.document_type, packet.other
    promulgated, due = packet.promulgation_date, packet.due_date
    issued = "PromulgationInfo/PromulgationDate"
    yield from conditions.day(issued, promulgated, needed=True)
    yield from conditions.day("DueDate", due)
    if conditions.is_day(promulgated) and promulgated > today:
        yield found.FUTURE_DATE, issued, {"value": promulgated.isoformat()}
    if conditions.is_day(promulgated) and conditions.is_day(due) and due < promulgated:
        yield found.DUE_BEFORE, "DueDate", {}
    yield from conditions.number("DocumentType/Type", kind.number, (found.KIND_ACCEPTED, 1, 2), needed=True)
    yield from conditions.number("DocumentType/TypeDetail", kind.detail)
    yield from conditions.number("OtherInfo/Priority", other.priority, (found.PRIORITY, 0, 4), needed=True)
    yield from conditions.number("OtherInfo/PromulgationAmount", other.copies, (found.AMOUNT_RANGE, 0, _SHORT))
    yield from conditions.number("OtherInfo/PageAmount", other.pages, (found.AMOUNT_RANGE, 0, _SHORT))
    yield from conditions.number("SteeringType", packet.steering_type, (found.STEERING, 0, 2), needed=True)
    yield from conditions.flag("OtherInfo/Direction", other.direction, conditions.TRUTH)
    if packet.number and not packet.number.isdecimal() and not conditions.is_filler(packet.number):
        yield found.NUMBER_ODD, "Code/CodeNumber", {}
    subject = packet.subject.strip().casefold()
    if subject in _MESSAGE_TYPES:
        yield found.SUBJECT_FILLED, "Subject", {"value": subject}
    if kind.name.strip().casefold() == _LETTER and packet.notation.startswith(_NAMED_KINDS):
        yield found.KIND_FORCED, "DocumentType/TypeName", {"value": kind.name}


def _responses(packet: DocumentPacket) -> Iterator[Broken]:
    for number, response in enumerate(packet.response_for, 1):
        path = f"ResponseFor[{number}]"
        day = response.promulgation_date
        values = {"OrganId": response.organisation, "Code": response.code, "PromulgationDate": day, "DocumentId": response.document_id}
        if any(values.values()):
            for name, value in values.items():
                if not value:
                    yield found.RESPONSE_INCOMPLETE, f"{path}/{name}", {}
        yield from conditions.day(f"{path}/PromulgationDate", day)
        yield from conditions.document_id(f"{path}/DocumentId", response.document_id, day, (f"{path}/Code", response.code))


def _business(business: Business, packet: DocumentPacket) -> Iterator[Broken]:
    yield from conditions.flag(f"{_BUSSINESS}/Paper", business.paper, conditions.BIT)
    if business.type == BusinessType.RECALL:
        yield from _recall(business, packet)
    elif business.type == BusinessType.UPDATE and not business.document_id:
        path = f"{_BUSSINESS}/DocumentId"
        yield found.CHANGED_UNNAMED, path, {}
    elif business.type == BusinessType.REPLACE and not business.document_id and not business.replacements:
        yield found.CHANGED_UNNAMED, _REPLACED, {}
    for path, belongs, there in (
        (_UPDATED, BusinessType.UPDATE, business.update),
        (_REPLACED, BusinessType.REPLACE, business.replacements),
    ):
        if there and business.type != belongs:
            yield found.NOT_OF_THIS_KIND, path, {"kind": _KINDS[business.type]}
    for number, replacement in enumerate(business.replacements, 1):
        yield from conditions.required((f"{_REPLACED}/ReplacementInfo[{number}]/DocumentId", replacement.document_id))
    if business.update is not None:
        yield from _update(business.update)
    if business.type == BusinessType.UPDATE and not _says_something(business.update):
        yield found.UPDATE_UNSAID, _UPDATED, {}


def _recall(business: Business, packet: DocumentPacket) -> Iterator[Broken]:
    reason, named = f"{_BUSSINESS}/BussinessDocReason", f"{_BUSSINESS}/DocumentId"
    if not business.reason.strip():
        yield found.REASON_MISSING, reason, {}
    if not business.document_id and not any(response.document_id for response in packet.response_for):
        yield found.RECALLED_UNNAMED, named, {}


def _says_something(update: UpdateInfo | None) -> bool:
    return update is not None and bool(update.document or update.recipients or update.receivers)


def _update(update: UpdateInfo) -> Iterator[Broken]:
    recipients = f"{_UPDATED}/DocumentReceiver"
    yield from conditions.flag(f"{_UPDATED}/DocumentInfo", update.document, conditions.BIT)
    yield from conditions.flag(recipients, update.recipients, conditions.BIT)
    if isinstance(update.recipients, bool) and update.recipients != bool(update.receivers):
        yield found.UPDATE_RECEIVERS, recipients, {}
    for number, receiver in enumerate(update.receivers, 1):
        path = f"{_UPDATED}/ReceiverList/Receiver[{number}]"
        yield from conditions.required((f"{path}/OrganId", receiver.organisation))
        yield from conditions.number(f"{path}/ReceiverType", receiver.kind, (found.RECEIVER_TYPE, 0, 1))


def _attachments(attachments: Sequence[Attachment]) -> Iterator[Broken]:
    size = 0
    for number, attachment in enumerate(attachments, 1):
        path = f"AttachmentEncoded/Attachment[{number}]"
        name, transfer = attachment.name, attachment.transfer
        yield from conditions.required((f"{path}/ContentId", attachment.content_id), (f"{path}/AttachmentName", name))
        if name.strip() in (".", "..") or _NOT_IN_NAMES.search(name):
            yield found.FILE_NAME, f"{path}/AttachmentName", {}
        if transfer is None:
            travels, declared = attachment.content, attachment.media_type
            with travels.open() as stream:
                actual = media_type_of(name, stream.read(HEAD))
        else:
            travels, declared, actual = transfer.content or attachment.content, transfer.media_type, attachment.media_type
        size += travels.size
        if declared and declared.partition(";")[0].strip() != actual != "application/octet-stream":
            yield (
                found.MISLABELLED,
                f"{path}/ContentType",
                {"content_id": attachment.content_id, "declared": conditions.shown(declared), "actual": actual},
            )
    ids = [attachment.content_id for attachment in attachments]
    yield from conditions.repeated(found.REPEATED_ATTACHMENT, "AttachmentEncoded/Attachment", "ContentId", ids, field="content_id")
    if size > _SIZE:
        yield found.TOO_LARGE, "AttachmentEncoded", {"size": size, "limit": _SIZE}


def _manifest(attachments: Sequence[Attachment], manifest: Sequence[Reference]) -> Iterator[Broken]:
    """Compare the manifest of a packet with its attachments, in pairs of the same id."""
    listing = "edXMLBody/edXMLManifest/Reference"
    lines: dict[str, list[tuple[int, Reference]]] = {}
    for number, line in enumerate(manifest, 1):
        lines.setdefault(without_cid(line.content_id), []).append((number, line))
    ids = [without_cid(line.content_id) for line in manifest]
    yield from conditions.repeated(found.REPEATED_REFERENCE, listing, "ContentId", ids, field="content_id")
    for number, attachment in enumerate(attachments, 1):
        content_id, path = conditions.shown(attachment.content_id), f"AttachmentEncoded/Attachment[{number}]"
        same = lines.get(attachment.content_id)
        if not same:
            if same is None:
                yield found.NO_REFERENCE, f"{path}/ContentId", {"content_id": content_id}
            continue
        listed, line = same.pop(0)
        ours = attachment.reference
        for rule, name, theirs, own in (
            (found.IDS_DIFFER, "ContentId", line.content_id, ours.content_id),
            (found.TYPES_DIFFER, "ContentType", line.media_type, ours.media_type),
            (found.NAMES_DIFFER, "AttachmentName", line.name, ours.name),
            (found.DESCRIPTIONS_DIFFER, "Description", line.description, ours.description),
        ):
            if theirs and own and theirs != own:
                fields: dict[str, object] = {"content_id": content_id}
                if rule in (found.IDS_DIFFER, found.TYPES_DIFFER):
                    fields |= {"manifest": conditions.shown(theirs), "attachment": conditions.shown(own)}
                yield rule, f"{listing}[{listed}]/{name}", fields
    contained = {attachment.content_id for attachment in attachments}
    for content_id, unmatched in lines.items():
        if content_id not in contained:
            yield found.NO_ATTACHMENT, f"{listing}[{unmatched[0][0]}]", {"content_id": conditions.shown(content_id)}


# The status packet


def _status(packet: StatusPacket) -> Iterator[Broken]:
    about, status = packet.response_for, packet.status
    yield from conditions.texts(
        (
            *_party("From", packet.sender),
            ("ResponseFor/Code", about.code, None),
            ("ResponseFor/DocumentId", about.document_id, None),
            ("Description", packet.description, _REASON_LENGTH if status == Status.REJECTED else None),
            *_staff("StaffInfo", packet.staff),
        )
    )
    yield from _websites(("From", packet.sender))
    yield from conditions.codes((("From/OrganId", packet.sender.code), ("ResponseFor/OrganId", about.organisation)))
    yield from conditions.required(
        ("From/OrganId", packet.sender.code),
        ("ResponseFor/OrganId", about.organisation),
        ("ResponseFor/Code", about.code),
        ("ResponseFor/DocumentId", about.document_id),
        ("StatusCode", status),
    )
    if about.promulgation_date is None:
        path = "ResponseFor/PromulgationDate"
        yield found.RESPONSE_INCOMPLETE, path, {}
    yield from conditions.day("ResponseFor/PromulgationDate", about.promulgation_date)
    yield from conditions.document_id(
        "ResponseFor/DocumentId", about.document_id, about.promulgation_date, ("ResponseFor/Code", about.code)
    )
    yield from conditions.moment("Timestamp", packet.timestamp)
    if not isinstance(status, Status):
        if status.strip():
            yield found.STATUS_UNKNOWN, "StatusCode", {"value": conditions.shown(status)}
        return
    if status in (Status.REJECTED, Status.RECALL_REQUESTED, Status.CHANGE_REJECTED) and not packet.description.strip():
        yield found.REASON_MISSING, "Description", {}
    yield from _side(packet, status)


def _side(packet: StatusPacket, status: Status) -> Iterator[Broken]:
    """Tell whether the right side speaks, as far as the DocumentId names the organisation that sent the document."""
    named = parse_document_id(packet.response_for.document_id)
    if named.form != "triple":
        return
    owner = organisation_key(named.organisation)
    by_sender = organisation_key(packet.sender.code) == owner
    to_sender = organisation_key(packet.response_for.organisation) == owner
    asked_of_sender = status.sent_by == "sender"
    if (asked_of_sender and not by_sender) or (not asked_of_sender and by_sender and not to_sender):
        path, expected = "From/OrganId", _SENDER if asked_of_sender else _RECIPIENT
        yield found.WRONG_SIDE, path, {"value": status.value, "expected": expected}


# What both are made of


def _party(path: str, party: Party) -> tuple[Text, ...]:
    return (
        (f"{path}/OrganId", party.code, None),
        (f"{path}/OrganizationInCharge", party.in_charge, 500),
        (f"{path}/OrganName", party.name, 200),
        (f"{path}/OrganAdd", party.address, 500),
        (f"{path}/Email", party.email, 100),
        (f"{path}/Telephone", party.telephone, 20),
        (f"{path}/Fax", party.fax, 20),
    )


def _websites(*parties: tuple[str, Party]) -> Iterator[Broken]:
    rows = ((f"{path}/Website", party.website, _WEBSITE_LENGTH) for path, party in parties)
    return conditions.texts(rows, too_long=found.WEBSITE_LONG)


def _staff(path: str, staff: StaffInfo | None) -> tuple[Text, ...]:
    if staff is None:
        return ()
    return (
        (f"{path}/Department", staff.department, None),
        (f"{path}/Staff", staff.name, None),
        (f"{path}/Email", staff.email, None),
        (f"{path}/Mobile", staff.mobile, None),
    )
