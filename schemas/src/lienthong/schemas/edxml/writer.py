"""From the value of a packet to its bytes, in a bounded part of memory however large its attachments are.

The layout of prefixes is significant on the national axis though XML says it isn't: the root in the default namespace, `edXML:`
from the envelope down, and the attachments unprefixed again. The order of elements is the guide's. Both stand here as data.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import pybase64

from lienthong.core.blob import Blob, Writable
from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Words
from lienthong.schemas.codes.edxml import BusinessType
from lienthong.schemas.edxml.elements import escaped, has_children, is_not_empty
from lienthong.schemas.edxml.layout import UNKNOWN, Group, Leaf, Out, Part, Whole, place, placed
from lienthong.schemas.edxml.models import Attachment, Business, DocumentPacket, OtherElement, Packet, Reference, StatusPacket
from lienthong.schemas.edxml.readable import check_readable
from lienthong.schemas.edxml.wire import NAMESPACE, SIGNATURES, wire_date
from lienthong.schemas.errors import FieldUnwritable

_BLOCK = 3 << 16  # whole groups of three bytes give base64 that can be strung together
_MOST = 10**18 - 1  # the digits that a reader takes for a number


def write_packet(packet: Packet, *, partial: bool = False) -> bytes:
    """Return a packet's bytes, from which `read_packet` gives the same packet; the same packet always gives the same bytes.

    What has no value is left out, as are parts of a second, and no value is invented. A text in place of a date, number or flag that
    spells one comes back as one. Attachments are written as they are, under their own media type, unless they came otherwise
    (`Attachment.transfer`).

    Args:
        packet: The packet.
        partial: Whether the bytes are only compared and never read, so that what a reader can't do without may be missing.

    Raises:
        FieldUnwritable: data; it couldn't be read again, or would say something else. A text has a character that XML can't carry, or a
            code white space around it; a number isn't whole or too long, a time has no zone; sender or addressee have no code; an
            attached file is empty or isn't the one that `transfer` holds; a kept element has no XML name, stands where the packet has
            no such place, or would be read as a value; or the packet exceeds a cap. It names the element.
        SpoolFailed: retry; there is no room to unpack what travels in place of an attachment.
        OSError: An attachment can't be read.

    Source: edxml.md §1.2–1.5, 1.7.
    """
    buffer = io.BytesIO()
    _write(_pieces(packet) if partial else _checked(packet), buffer)
    return buffer.getvalue()


def stream_packet(packet: Packet, into: Writable) -> None:
    """Write what `write_packet` returns, an attachment's block at a time.

    Args:
        packet: The packet.
        into: Takes the bytes; it gets none where the packet is refused.

    Raises:
        FieldUnwritable: data; as `write_packet`.
        SpoolFailed: retry; as `write_packet`.
        OSError: An attachment can't be read, or `into` written.
    """
    _write(_checked(packet), into)


def _checked(packet: Packet) -> Out:
    pieces = _pieces(packet)
    check_readable(packet, pieces)
    return pieces


def _pieces(packet: Packet) -> Out:
    out: Out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    (_STATUS if isinstance(packet, StatusPacket) else _DOCUMENT).write(out, packet, {})
    return out


def _write(pieces: Out, into: Writable) -> None:
    text: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
            continue
        into.write("".join(text).encode())
        text.clear()
        with piece.open() as stream:
            while block := stream.read(_BLOCK):
                into.write(pybase64.b64encode(block))
    into.write("".join(text).encode())


# Forms of values


def _code(text: str, path: str) -> str:
    if text != text.strip():  # a reader takes it off
        raise FieldUnwritable(element=path, reason=Words("there is white space around it", "có khoảng trắng ở đầu hoặc cuối"))
    return escaped(text, path)


def _number(value: int | str, path: str) -> str:
    if isinstance(value, str):
        return _code(value, path)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MOST:
        reason = Words("it is no whole number of at most 18 digits", "không phải số nguyên không quá 18 chữ số")
        raise FieldUnwritable(element=path, reason=reason)
    return str(int(value))


def _kind(value: BusinessType, path: str) -> str:
    try:
        return str(int(BusinessType(value)))
    except ValueError:
        raise FieldUnwritable(element=path, reason=Words("there is no such type", "không có loại này")) from None


def _flag(value: bool | str, path: str, *, spelling: tuple[str, str]) -> str:
    if isinstance(value, str):
        return _code(value, path)
    if not isinstance(value, bool):
        raise FieldUnwritable(element=path, reason=Words("it is neither true nor false", "không phải true hoặc false"))
    return spelling[value]


_bit = functools.partial(_flag, spelling=("0", "1"))
_truth = functools.partial(_flag, spelling=("false", "true"))


def _date(value: date | str, path: str) -> str:
    if isinstance(value, datetime):
        raise FieldUnwritable(element=path, reason=Words("it is a time where a date belongs", "là thời điểm trong khi cần một ngày"))
    return wire_date(value) if isinstance(value, date) else _code(value, path)


def _time(value: datetime | str, path: str) -> str:
    if isinstance(value, str):
        return _code(value, path)
    if value.utcoffset() is None:
        raise FieldUnwritable(element=path, reason=Words("the time has no time zone", "thời gian không có múi giờ"))
    try:
        local = value.astimezone(HO_CHI_MINH)
    except OverflowError:
        reason = Words("the time is out of range in Vietnam's time zone", "thời gian vượt quá giới hạn theo múi giờ Việt Nam")
        raise FieldUnwritable(element=path, reason=reason) from None
    return f"{wire_date(local)} {local:%H:%M:%S}"


def _content(value: Blob, path: str) -> Blob:
    if not value.size:  # a receiver couldn't tell it from a file that was lost on the way
        raise FieldUnwritable(element=path, reason=Words("the attached file has no content", "tệp đính kèm không có nội dung"))
    return value


# What isn't just a field of its model


def _manifest(packet: DocumentPacket) -> tuple[Reference, ...]:
    return tuple(attachment.reference for attachment in packet.attachments) if packet.manifest is None else packet.manifest


def _bytes_of(attachment: Attachment) -> Blob:
    transfer = attachment.transfer
    return attachment.content if transfer is None or transfer.content is None else transfer.content


def _businesses(packet: DocumentPacket) -> tuple[Business, ...]:
    """Return what the packet does, as a list: a reader looks at all, and refuses several."""
    return () if packet.business is None else (packet.business,)


def _always(_element: OtherElement) -> bool:
    return True


# The layout


def _leaf(name: str, field: str, form: Callable[[Any, str], str] = _code) -> Leaf:
    return Leaf(name, attrgetter(field), form)


def _codes(**fields: str) -> tuple[Leaf, ...]:
    return tuple(_leaf(name, field) for name, field in fields.items())


def _texts(**fields: str) -> tuple[Leaf, ...]:
    return tuple(Leaf(name, attrgetter(field), escaped, is_not_empty) for name, field in fields.items())


def _group(name: str, *parts: Part) -> Group:
    return Group(name, parts)


def _models(name: str, field: str, *parts: Part) -> Group:
    return Group(name, parts, attrgetter(field))


_PARTY = (
    _leaf("OrganId", "code"),
    *_texts(OrganizationInCharge="in_charge", OrganName="name", OrganAdd="address"),
    *_texts(Email="email", Telephone="telephone", Fax="fax", Website="website"),
)
_FROM = _models("From", "sender", *_PARTY)
_RESPONSE_FOR = _models(
    "ResponseFor",
    "response_for",
    *_codes(OrganId="organisation", Code="code"),
    _leaf("PromulgationDate", "promulgation_date", _date),
    _leaf("DocumentId", "document_id"),
)
_STAFF_INFO = _models(
    "StaffInfo",
    "staff",
    *_texts(Department="department", Staff="name", Email="email", Mobile="mobile"),
    *_codes(DepartmentId="department_id", StaffId="staff_id"),
)
_ERROR_LIST = _group("ErrorList", _models("Error", "errors", _leaf("Code", "code"), *_texts(Description="description")))
_SIGNATURES = (UNKNOWN, *(place(name) for name in SIGNATURES))

_OTHER_INFO = _models(
    "OtherInfo",
    "other",
    _leaf("Priority", "priority", _number),
    *_texts(SphereOfPromulgation="sphere", TyperNotation="typist_notation"),
    _leaf("PromulgationAmount", "copies", _number),
    _leaf("PageAmount", "pages", _number),
    _leaf("Direction", "direction", _truth),
    _group("Appendixes", *_texts(Appendix="appendixes")),
    Whole("ReplyFors", attrgetter("reply_fors")),
    Whole("ReferenceCodes", attrgetter("reference_codes")),
)
_STRAY_BUSSINESS = Leaf("Bussiness", takes=has_children)
_DOCUMENT_HEADER: tuple[Part, ...] = (
    _FROM,
    _models("To", "recipients", *_PARTY),
    _group("Code", *_codes(CodeNumber="number", CodeNotation="notation")),
    _group("PromulgationInfo", *_texts(Place="promulgation_place"), _leaf("PromulgationDate", "promulgation_date", _date)),
    _models(
        "DocumentType",
        "document_type",
        _leaf("Type", "number", _number),
        _leaf("TypeDetail", "detail", _number),
        *_texts(TypeName="name"),
    ),
    *_texts(Subject="subject", Content="content"),
    _models("SignerInfo", "signer", *_texts(Competence="competence", Position="position", FullName="full_name")),
    _leaf("DueDate", "due_date", _date),
    _group("ToPlaces", *_texts(Place="to_places")),
    _OTHER_INFO,
    _RESPONSE_FOR,
    _leaf("SteeringType", "steering_type", _number),
    _leaf("DocumentId", "document_id"),
    _group("ResponseForTask", _leaf("TaskCode", "tasks")),
    _leaf("ApplicationType", "application_type"),
    Leaf("StatusCode", takes=_always),  # by which a reader knows a status packet
    _STRAY_BUSSINESS,
)
_BUSSINESS = Group(
    "Bussiness",
    (
        _leaf("DocumentId", "document_id"),
        _leaf("BussinessDocType", "type", _kind),
        *_texts(BussinessDocReason="reason"),
        _leaf("Paper", "paper", _bit),
        _models(
            "BussinessDocumentInfo",
            "update",
            _leaf("DocumentInfo", "document", _bit),
            _leaf("DocumentReceiver", "recipients", _bit),
            _group(
                "ReceiverList", _models("Receiver", "receivers", _leaf("OrganId", "organisation"), _leaf("ReceiverType", "kind", _number))
            ),
        ),
        _group(
            "ReplacementInfoList",
            _models(
                "ReplacementInfo",
                "replacements",
                _leaf("DocumentId", "document_id"),
                _group("OrganIdList", _leaf("OrganId", "organisations")),
            ),
        ),
        _STAFF_INFO,
    ),
    _businesses,
    takes=has_children,
)
_TRACE_HEADER_LIST = Group(
    "TraceHeaderList",
    (_models("TraceHeader", "trace", _leaf("OrganId", "organisation"), _leaf("Timestamp", "timestamp", _time)), _BUSSINESS),
    attributes=attrgetter("trace_attributes"),
)
_REFERENCE = Group(
    "Reference",
    (*_codes(ContentId="content_id", ContentType="media_type"), *_texts(Description="description", AttachmentName="name")),
    _manifest,
    attrgetter("attributes"),
)
_MANIFEST = Group("edXMLManifest", (_REFERENCE,), fixed=' version="1.0"', always=True, takes=_always)
_BODY = Group("edXMLBody", (_MANIFEST,), always=True, takes=_always)
_ATTACHMENT = Group(
    "Attachment",
    (
        _leaf("ContentId", "reference.content_id"),
        *_texts(AttachmentName="name", Description="description"),
        _leaf("ContentType", "reference.media_type"),
        *_texts(FieldName="field_name", MimeType="mime_type"),
        Leaf("ContentTransferEncoded", _bytes_of, _content),
    ),
    attrgetter("attachments"),
    takes=_always,
)
_ATTACHMENT_ENCODED = Group("AttachmentEncoded", (_ATTACHMENT,), takes=has_children)
_STATUS_HEADER: tuple[Part, ...] = (
    _FROM,
    _RESPONSE_FOR,
    _STAFF_INFO,
    Leaf("Code", takes=_always),  # by which a reader knows a document
    _leaf("StatusCode", "status"),
    *_texts(Description="description"),
    _leaf("Timestamp", "timestamp", _time),
)


def _packet(message: Sequence[Part], header: Sequence[Part], envelope: Sequence[Part], root: Sequence[Part]) -> Group:
    """Return the layout of a packet, from what is in its message header and what stands behind that, in its parents."""
    message_header = Group("MessageHeader", tuple(message), always=True)
    whole_header = Group("edXMLHeader", (message_header, *header, *_SIGNATURES), always=True)
    declared = f' xmlns:edXML="{NAMESPACE}"'
    whole_envelope = Group("edXMLEnvelope", (whole_header, *envelope), fixed=declared, always=True, prefix="edXML:")
    packet = Group("edXML", (whole_envelope, *root), lambda packet: packet, fixed=f' xmlns="{NAMESPACE}"')
    return placed(packet)


_DOCUMENT = _packet(_DOCUMENT_HEADER, (_TRACE_HEADER_LIST, _ERROR_LIST, _STRAY_BUSSINESS), (_BODY,), (_ATTACHMENT_ENCODED,))
_STATUS = _packet(_STATUS_HEADER, (_ERROR_LIST,), (), ())
