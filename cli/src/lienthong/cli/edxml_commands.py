"""Checking and showing an edXML packet in a file; nothing is sent or kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from lienthong.cli.output import Output, as_plain, shown
from lienthong.cli.vocabulary import words
from lienthong.core.errors import Problem
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml import DocumentPacket, Party, Reading, ResponseFor, StatusPacket, check_packet, read_packet
from lienthong.schemas.xml import Caps
from lienthong.signing import SignatureReport, report_packet

STANDARD_INPUT = "-"

_ENOUGH = Caps().bytes + 1


def read_file(name: str) -> tuple[bytes, str]:
    """Return the bytes of a file, or of standard input for `-`, and its name for sentences.

    Of what is too large for a packet it returns just so much that the parser refuses it.

    Raises:
        OSError: The file can't be read.
    """
    if name == STANDARD_INPUT:
        return sys.stdin.buffer.read(_ENOUGH), "<stdin>"
    with Path(name).open("rb") as file:
        return file.read(_ENOUGH), name


def check_file(out: Output, name: str, profile: Literal["read", "send"]) -> int:
    """Print what a packet breaks and return the exit code: 0 without an error, 1 with one.

    Raises:
        DataError, SecurityError: It is no packet, or an unsafe one.
        OSError: The file can't be read.
    """
    content, source = read_file(name)
    reading = read_packet(content, source=source)
    findings = sorted((*reading.findings, *check_packet(reading.packet, profile=profile)), key=lambda problem: problem.level)
    errors = sum(problem.level == "error" for problem in findings)
    warnings = len(findings) - errors
    if out.as_json:
        out.document({"file": source, "profile": profile, "errors": errors, "warnings": warnings, "findings": findings})
    elif findings:
        columns = (out.text("Level", "Mức"), out.text("Code", "Mã"), out.text("Finding", "Nội dung"), out.text("Place", "Vị trí"))
        out.table(columns, [(_level(out, found), found.code, out.text(found.en, found.vi), found.place) for found in findings])
    out.say(f"{source}: errors {errors}, warnings {warnings}", f"{source}: lỗi {errors}, cảnh báo {warnings}")
    return 1 if errors else 0


def show_file(out: Output, name: str) -> int:
    """Print what a packet says and return the exit code 0. Raises as `check_file` does."""
    content, source = read_file(name)
    reading = read_packet(content, source=source)
    signature = report_packet(reading.document)
    if out.as_json:
        kind = "status" if isinstance(reading.packet, StatusPacket) else "document"
        out.document({"kind": kind, "packet": _packet(reading), "signature": signature})
    elif isinstance(reading.packet, StatusPacket):
        out.fields(_status(out, reading.packet, signature))
    else:
        _show_document(out, reading.packet, signature)
    return 0


def _packet(reading: Reading) -> object:
    plain = as_plain(reading.packet)
    if isinstance(plain, dict) and isinstance(reading.packet, DocumentPacket):
        plain["code"] = reading.packet.code
    return plain


def _show_document(out: Output, packet: DocumentPacket, signature: SignatureReport) -> None:
    out.fields(_document(out, packet, signature))
    out.line("")
    out.table((out.text("Recipient", "Nơi nhận"), out.text("Name", "Tên")), [(party.code, party.name) for party in packet.recipients])
    if packet.attachments:
        rows = [(item.content_id, item.name, item.media_type, item.content.size, item.content.sha256[:16]) for item in packet.attachments]
        out.line("")
        out.table(("Id", out.text("Attachment", "Tệp đính kèm"), out.text("Type", "Loại"), out.text("Bytes", "Số byte"), "SHA-256"), rows)
    if packet.trace:
        stops = [(stop.organisation, stop.timestamp) for stop in packet.trace]
        out.line("")
        out.table((out.text("Station", "Trạm"), out.text("Time", "Thời điểm")), stops)


def _document(out: Output, packet: DocumentPacket, signature: SignatureReport) -> Iterator[tuple[str, object]]:
    yield out.text("Document", "Văn bản"), packet.code
    yield out.text("Type", "Loại"), packet.document_type.name
    yield out.text("Subject", "Trích yếu"), packet.subject
    yield out.text("Content", "Nội dung"), packet.content
    yield out.text("From", "Nơi gửi"), _party(packet.sender)
    yield out.text("Issued", "Ban hành"), ", ".join(filter(None, (packet.promulgation_place, shown(packet.promulgation_date))))
    yield out.text("Signed by", "Người ký"), ", ".join(filter(None, (packet.signer.full_name, packet.signer.position)))
    yield out.text("Due", "Hạn xử lý"), packet.due_date
    yield out.text("Does", "Nghiệp vụ"), words(packet.business.type.name.lower())
    yield out.text("Reason", "Lý do"), packet.business.reason
    yield out.text("Changes", "Văn bản thay đổi"), packet.business.document_id
    for about in packet.response_for:
        yield out.text("Answers", "Trả lời"), _about(about)
    yield "DocumentId", packet.document_id
    yield from _signature(out, signature)


def _status(out: Output, packet: StatusPacket, signature: SignatureReport) -> Iterator[tuple[str, object]]:
    meaning = out.text(packet.status.en, packet.status.vi) if isinstance(packet.status, Status) else ""
    yield out.text("Status", "Trạng thái"), f"{packet.status} {meaning}".strip()
    yield out.text("From", "Nơi gửi"), _party(packet.sender)
    yield out.text("About", "Về văn bản"), _about(packet.response_for)
    yield "DocumentId", packet.response_for.document_id
    yield out.text("Time", "Thời điểm"), packet.timestamp
    yield out.text("Description", "Mô tả"), packet.description
    if packet.staff:
        yield out.text("Handled by", "Người xử lý"), ", ".join(filter(None, (packet.staff.name, packet.staff.department)))
    yield from _signature(out, signature)


def _signature(out: Output, signature: SignatureReport) -> Iterator[tuple[str, object]]:
    yield out.text("Signature", "Chữ ký số"), words(signature.state)
    yield out.text("Certificate", "Chứng thư"), signature.signer
    if signature.reason:
        yield "", out.sentence(signature.reason)


def _party(party: Party) -> str:
    return f"{party.code} {party.name}".strip()


def _about(about: ResponseFor) -> str:
    return ", ".join(filter(None, (about.organisation, about.code, shown(about.promulgation_date))))


def _level(out: Output, problem: Problem) -> str:
    return out.text("error", "lỗi") if problem.level == "error" else out.text("warning", "cảnh báo")
