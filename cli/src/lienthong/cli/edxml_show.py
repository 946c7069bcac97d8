"""What a packet says, for people: first what matters, then every other value that it has, so that nothing stays unseen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from lienthong.cli.output import Output, shown
from lienthong.cli.vocabulary import words
from lienthong.core.blob import Blob
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherElement,
    Packet,
    Party,
    ResponseFor,
    SignerInfo,
    StatusPacket,
    TraceHeader,
    Transfer,
)
from lienthong.schemas.edxml.wire import NAMESPACE
from lienthong.signing import SignatureReport

_OURS = f"{{{NAMESPACE}}}"
_LONG = 300  # characters of a kept element's text, which may be a whole certificate

LABELS: Mapping[str, str] = {
    "address": "địa chỉ",
    "appendixes": "phụ lục",
    "application_type": "loại ứng dụng",
    "attachments": "tệp đính kèm",
    "attributes": "thuộc tính",
    "business": "nghiệp vụ",
    "code": "mã",
    "competence": "thẩm quyền ký",
    "content": "nội dung",
    "content_id": "mã tệp đính kèm",
    "copies": "số bản phát hành",
    "department": "phòng, ban",
    "department_id": "mã phòng, ban",
    "description": "mô tả",
    "detail": "loại chi tiết",
    "direction": "văn bản chỉ đạo",
    "document": "thông tin văn bản thay đổi",
    "document_id": "mã văn bản",
    "document_type": "loại văn bản",
    "due_date": "hạn trả lời",
    "email": "thư điện tử",
    "errors": "lỗi",
    "fax": "fax",
    "field_name": "tên trường",
    "full_name": "họ và tên",
    "in_charge": "cơ quan chủ quản",
    "kind": "kiểu thay đổi",
    "manifest": "danh mục tệp đính kèm",
    "media_type": "kiểu nội dung",
    "mime_type": "kiểu MIME",
    "mobile": "điện thoại di động",
    "name": "tên",
    "notation": "ký hiệu",
    "number": "số",
    "organisation": "mã định danh",
    "organisations": "các cơ quan liên quan",
    "other": "thông tin khác",
    "others": "phần tử khác",
    "pages": "số trang",
    "paper": "gửi kèm bản giấy",
    "position": "chức vụ",
    "priority": "độ khẩn",
    "promulgation_date": "ngày ban hành",
    "promulgation_place": "nơi ban hành",
    "reason": "lý do",
    "receivers": "các nơi nhận thay đổi",
    "recipients": "nơi nhận",
    "reference_codes": "mã tham chiếu",
    "replacements": "văn bản bị thay thế",
    "reply_fors": "văn bản được phúc đáp",
    "response_for": "văn bản được trả lời",
    "sender": "nơi gửi",
    "signer": "người ký",
    "sphere": "phạm vi ban hành",
    "staff": "người xử lý",
    "staff_id": "mã người xử lý",
    "status": "trạng thái",
    "steering_type": "loại chỉ đạo",
    "subject": "trích yếu",
    "tasks": "nhiệm vụ được trả lời",
    "telephone": "điện thoại",
    "timestamp": "thời điểm",
    "to_places": "nơi nhận ghi trên văn bản",
    "trace": "trạm",
    "trace_attributes": "thuộc tính của danh sách trạm",
    "transfer": "khi truyền",
    "type": "loại",
    "typist_notation": "ký hiệu người đánh máy",
    "update": "nội dung cập nhật",
    "website": "trang thông tin điện tử",
}
"""What the fields of packets are called in Vietnamese, as in packet.xsd where it has them; in English they are their own names."""

_ABOVE: Mapping[type, frozenset[str]] = {
    DocumentPacket: frozenset({"number", "notation", "subject", "content", "promulgation_place", "promulgation_date", "due_date"})
    | {"document_id"},
    StatusPacket: frozenset({"status", "timestamp", "description"}),
    Attachment: frozenset({"content_id", "name", "media_type", "content"}),
    Business: frozenset({"type", "reason", "document_id"}),
    DocumentType: frozenset({"name"}),
    Party: frozenset({"code", "name"}),
    ResponseFor: frozenset({"organisation", "code", "promulgation_date", "document_id"}),
    SignerInfo: frozenset({"full_name", "position"}),
    TraceHeader: frozenset({"organisation", "timestamp"}),
    Transfer: frozenset({"media_type", "content"}),
}
"""The fields that stand in front of the details."""


def show_packet(out: Output, packet: Packet, signature: SignatureReport) -> None:
    """Print all that a packet says."""
    if isinstance(packet, StatusPacket):
        out.fields((*_status(out, packet), *_signature(out, signature)))
    else:
        out.fields((*_document(out, packet), *_signature(out, signature)))
        _tables(out, packet)
    details = list(_details(out, packet, ()))
    if details:
        out.line("")
        out.table((out.text("Further", "Thông tin thêm"), out.text("Value", "Giá trị")), details)


def _document(out: Output, packet: DocumentPacket) -> Iterator[tuple[str, object]]:
    yield out.text("Document", "Số và ký hiệu"), packet.code
    yield out.text("Type", "Loại văn bản"), packet.document_type.name
    yield out.text("Subject", "Trích yếu"), packet.subject
    yield out.text("Content", "Nội dung"), packet.content
    yield out.text("From", "Nơi gửi"), _party(packet.sender)
    yield out.text("Issued", "Ban hành"), ", ".join(filter(None, (packet.promulgation_place, shown(packet.promulgation_date))))
    yield out.text("Signed by", "Người ký"), ", ".join(filter(None, (packet.signer.full_name, packet.signer.position)))
    yield out.text("Due", "Hạn trả lời"), packet.due_date
    does = out.text(packet.business_type.en, packet.business_type.vi)
    unsaid = out.text(" (not stated)", " (không ghi)")
    yield out.text("Does", "Nghiệp vụ"), does + (unsaid if packet.business is None else "")
    if packet.business is not None:
        yield out.text("Reason", "Lý do"), packet.business.reason
        yield out.text("Changes", "Văn bản thay đổi"), packet.business.document_id
    for about in packet.response_for:
        yield out.text("Answers", "Văn bản được trả lời"), _about(about, with_id=True)
    yield out.text("DocumentId", "Mã văn bản"), packet.document_id


def _status(out: Output, packet: StatusPacket) -> Iterator[tuple[str, object]]:
    meaning = out.text(packet.status.en, packet.status.vi) if isinstance(packet.status, Status) else ""
    yield out.text("Status", "Trạng thái"), f"{packet.status} {meaning}".strip()
    yield out.text("From", "Nơi gửi"), _party(packet.sender)
    yield out.text("About", "Về văn bản"), _about(packet.response_for)
    yield out.text("DocumentId", "Mã văn bản"), packet.response_for.document_id
    yield out.text("Time", "Thời điểm"), packet.timestamp
    yield out.text("Description", "Mô tả"), packet.description


def _signature(out: Output, signature: SignatureReport) -> Iterator[tuple[str, object]]:
    yield out.text("Signature", "Chữ ký số"), words(signature.state)
    yield out.text("Certificate", "Chứng thư"), signature.signer
    if signature.reason:
        yield "", out.sentence(signature.reason)


def _tables(out: Output, packet: DocumentPacket) -> None:
    out.line("")
    out.table((out.text("Recipient", "Nơi nhận"), out.text("Name", "Tên")), [(party.code, party.name) for party in packet.recipients])
    if packet.attachments:
        rows = [
            (item.content_id, item.name, item.media_type, item.content.size, item.content.sha256, _travelled(out, item.transfer))
            for item in packet.attachments
        ]
        columns = ("Id", out.text("Attachment", "Tệp đính kèm"), out.text("Type", "Loại"), out.text("Bytes", "Số byte"), "SHA-256")
        out.line("")
        out.table((*columns, out.text("Travelled as", "Khi truyền")), rows)
    if packet.trace:
        stops = [(stop.organisation, stop.timestamp) for stop in packet.trace]
        out.line("")
        out.table((out.text("Station", "Trạm"), out.text("Time", "Thời điểm")), stops)


def _travelled(out: Output, transfer: Transfer | None) -> str:
    """Tell how an attachment stood in the packet."""
    if transfer is None or transfer.content is None:
        return "" if transfer is None else transfer.media_type
    size = transfer.content.size
    return f"{transfer.media_type}, " + out.text(f"wrapped in {size} bytes", f"bọc trong {size} byte")


def _details(out: Output, value: object, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Go through what a model holds beyond the fields above, as names and values."""
    if not dataclasses.is_dataclass(value):
        return
    above = _ABOVE.get(type(value), frozenset())
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        if field.name in above or item is None or (item in ("", ()) and field.name != "manifest"):
            continue
        name = "other element" if field.name == "others" else field.name.replace("_", " ")
        inside = (*path, out.text(name, LABELS[field.name]))
        if _is_plain(item):
            label = " · ".join(inside)
            for part in item if field.name == "others" else (item,):
                yield label[:1].upper() + label[1:], _plain(out, part)
        elif isinstance(item, tuple):
            for number, inner in enumerate(item, 1):
                yield from _details(out, inner, (*inside[:-1], f"{inside[-1]} {number}") if len(item) > 1 else inside)
        else:
            yield from _details(out, item, inside)


def _is_plain(value: object) -> bool:
    """Tell whether a value fits into one cell."""
    if isinstance(value, tuple):
        return all(_is_plain(item) for item in value)
    return isinstance(value, Blob | OtherElement) or not dataclasses.is_dataclass(value)


def _plain(out: Output, value: object) -> str:
    if isinstance(value, tuple):
        return _list(out, value)
    if isinstance(value, bool):
        return out.text("yes", "có") if value else out.text("no", "không")
    if isinstance(value, Blob):
        return f"{value.size} byte, SHA-256 {value.sha256}"
    return _element(value) if isinstance(value, OtherElement) else shown(value)


def _list(out: Output, values: tuple[object, ...]) -> str:
    if not values:
        return out.text("empty", "trống")
    pairs = [f'{value[0]}="{value[1]}"' for value in values if isinstance(value, tuple)]
    return " ".join(pairs) if pairs else "; ".join(_plain(out, value) for value in values)


def _element(element: OtherElement) -> str:
    """Return an element as it might stand in XML; it is for looking at, not for parsing."""
    name = element.name.removeprefix(_OURS)
    start = "".join((name, *(f' {attribute}="{text}"' for attribute, text in element.attributes)))
    inner = _cut(element.text) + "".join(map(_element, element.children))
    whole = f"<{start}>{inner}</{name}>" if inner else f"<{start}/>"
    return (f"{element.inside}: " if element.inside else "") + whole + _cut(element.tail)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}… ({len(text)})"


def _party(party: Party) -> str:
    return f"{party.code} {party.name}".strip()


def _about(about: ResponseFor, *, with_id: bool = False) -> str:
    parts = (about.organisation, about.code, shown(about.promulgation_date), about.document_id if with_id else "")
    return ", ".join(filter(None, parts))
