"""From the value of a packet to its bytes, in a bounded part of memory however large its attachments are.

The layout of prefixes is significant on the national axis though XML says it isn't: the root in the default namespace, `edXML:`
from the envelope down, and the attachments unprefixed again. The order of elements is the guide's. Both stand here as data.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import pybase64

from lienthong.core.blob import Blob, Writable
from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Words
from lienthong.schemas.edxml.elements import escaped
from lienthong.schemas.edxml.layout import UNKNOWN, Group, Leaf, Out, Part, placed
from lienthong.schemas.edxml.models import Attachment, DocumentPacket, OtherElement, OtherInfo, Packet, Reference, StatusPacket
from lienthong.schemas.edxml.wire import NAMESPACE, SIGNATURES, wire_date
from lienthong.schemas.errors import FieldUnwritable

_BLOCK = 3 << 16  # whole groups of three bytes give base64 that can be strung together


def write_packet(packet: Packet) -> bytes:
    """Return a packet's bytes; the same packet always gives the same bytes.

    What has no value is left out, and no value is invented. Attachments are written as they are, under their own media type, unless
    they came otherwise (`Attachment.transfer`).

    Raises:
        FieldUnwritable: data; a text has a character that XML can't carry, a time has no zone, an attached file is empty,
            a kept element has no XML name or stands where the packet has no such place. It names the element.
        OSError: An attachment can't be read.

    Source: edxml.md §1.2–1.5, 1.7.
    """
    buffer = io.BytesIO()
    stream_packet(packet, buffer)
    return buffer.getvalue()


def stream_packet(packet: Packet, into: Writable) -> None:
    """Write what `write_packet` returns, an attachment's block at a time.

    Args:
        packet: The packet.
        into: Takes the bytes; it gets none where the packet is refused.

    Raises:
        FieldUnwritable: data; as `write_packet`.
        OSError: An attachment can't be read, or `into` written.
    """
    out: Out = []
    (_STATUS if isinstance(packet, StatusPacket) else _DOCUMENT).write(out, packet, {})
    text = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    for piece in out:
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


def _number(value: int | str, path: str) -> str:
    return escaped(value, path) if isinstance(value, str) else str(int(value))


def _bit(value: bool | str, path: str) -> str:
    return escaped(value, path) if isinstance(value, str) else "1" if value else "0"


def _truth(value: bool | str, path: str) -> str:
    return escaped(value, path) if isinstance(value, str) else "true" if value else "false"


def _date(value: date | str, path: str) -> str:
    if isinstance(value, datetime):
        raise FieldUnwritable(element=path, reason=Words("it is a time where a date belongs", "là thời điểm trong khi cần một ngày"))
    return wire_date(value) if isinstance(value, date) else escaped(value, path)


def _time(value: datetime | str, path: str) -> str:
    if isinstance(value, str):
        return escaped(value, path)
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


def _others_of(other: OtherInfo) -> tuple[OtherElement, ...]:
    whole = (other.reply_fors, other.reference_codes)
    return (*(element for element in whole if element is not None), *other.others)


# The layout


def _leaf(name: str, field: str, form: Callable[[Any, str], str | Blob] = escaped) -> Leaf:
    return Leaf(name, attrgetter(field), form)


def _texts(**fields: str) -> tuple[Leaf, ...]:
    return tuple(_leaf(name, field) for name, field in fields.items())


def _group(name: str, *parts: Part) -> Group:
    return Group(name, parts)


def _models(name: str, field: str, *parts: Part) -> Group:
    return Group(name, parts, attrgetter(field))


_PARTY = _texts(
    OrganId="code",
    OrganizationInCharge="in_charge",
    OrganName="name",
    OrganAdd="address",
    Email="email",
    Telephone="telephone",
    Fax="fax",
    Website="website",
)
_FROM = _models("From", "sender", *_PARTY)
_RESPONSE_FOR = _models(
    "ResponseFor",
    "response_for",
    *_texts(OrganId="organisation", Code="code"),
    _leaf("PromulgationDate", "promulgation_date", _date),
    _leaf("DocumentId", "document_id"),
)
_STAFF_INFO = _models(
    "StaffInfo",
    "staff",
    *_texts(Department="department", Staff="name", Email="email", Mobile="mobile", DepartmentId="department_id", StaffId="staff_id"),
)
_ERROR_LIST = _group("ErrorList", _models("Error", "errors", *_texts(Code="code", Description="description")))
_SIGNATURES = (UNKNOWN, *(Leaf(name) for name in SIGNATURES))

_OTHER_INFO = Group(
    "OtherInfo",
    (
        _leaf("Priority", "priority", _number),
        *_texts(SphereOfPromulgation="sphere", TyperNotation="typist_notation"),
        _leaf("PromulgationAmount", "copies", _number),
        _leaf("PageAmount", "pages", _number),
        _leaf("Direction", "direction", _truth),
        _group("Appendixes", _leaf("Appendix", "appendixes")),
        Leaf("ReplyFors"),
        Leaf("ReferenceCodes"),
    ),
    attrgetter("other"),
    others=_others_of,
)
_DOCUMENT_HEADER: tuple[Part, ...] = (
    _FROM,
    _models("To", "recipients", *_PARTY),
    _group("Code", *_texts(CodeNumber="number", CodeNotation="notation")),
    _group("PromulgationInfo", _leaf("Place", "promulgation_place"), _leaf("PromulgationDate", "promulgation_date", _date)),
    _models(
        "DocumentType",
        "document_type",
        _leaf("Type", "number", _number),
        _leaf("TypeDetail", "detail", _number),
        _leaf("TypeName", "name"),
    ),
    *_texts(Subject="subject", Content="content"),
    _models("SignerInfo", "signer", *_texts(Competence="competence", Position="position", FullName="full_name")),
    _leaf("DueDate", "due_date", _date),
    _group("ToPlaces", _leaf("Place", "to_places")),
    _OTHER_INFO,
    _RESPONSE_FOR,
    _leaf("SteeringType", "steering_type", _number),
    _leaf("DocumentId", "document_id"),
    _group("ResponseForTask", _leaf("TaskCode", "tasks")),
    _leaf("ApplicationType", "application_type"),
)
_BUSSINESS = _models(
    "Bussiness",
    "business",
    _leaf("DocumentId", "document_id"),
    _leaf("BussinessDocType", "type", _number),
    _leaf("BussinessDocReason", "reason"),
    _leaf("Paper", "paper", _bit),
    _models(
        "BussinessDocumentInfo",
        "update",
        _leaf("DocumentInfo", "document", _bit),
        _leaf("DocumentReceiver", "recipients", _bit),
        _group("ReceiverList", _models("Receiver", "receivers", _leaf("OrganId", "organisation"), _leaf("ReceiverType", "kind", _number))),
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
)
_TRACE_HEADER_LIST = Group(
    "TraceHeaderList",
    (_models("TraceHeader", "trace", _leaf("OrganId", "organisation"), _leaf("Timestamp", "timestamp", _time)), _BUSSINESS),
    attributes=attrgetter("trace_attributes"),
)
_REFERENCE = Group(
    "Reference",
    _texts(ContentId="content_id", ContentType="media_type", Description="description", AttachmentName="name"),
    _manifest,
    attrgetter("attributes"),
)
_BODY = Group("edXMLBody", (Group("edXMLManifest", (_REFERENCE,), fixed=' version="1.0"', always=True),), always=True)
_ATTACHMENT_ENCODED = _group(
    "AttachmentEncoded",
    _models(
        "Attachment",
        "attachments",
        *_texts(ContentId="reference.content_id", AttachmentName="name", Description="description", ContentType="reference.media_type"),
        *_texts(FieldName="field_name", MimeType="mime_type"),
        Leaf("ContentTransferEncoded", _bytes_of, _content),
    ),
)
_STATUS_HEADER: tuple[Part, ...] = (
    _FROM,
    _RESPONSE_FOR,
    _STAFF_INFO,
    *_texts(StatusCode="status", Description="description"),
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


_DOCUMENT = _packet(_DOCUMENT_HEADER, (_TRACE_HEADER_LIST, _ERROR_LIST), (_BODY,), (_ATTACHMENT_ENCODED,))
_STATUS = _packet(_STATUS_HEADER, (_ERROR_LIST,), (), ())
