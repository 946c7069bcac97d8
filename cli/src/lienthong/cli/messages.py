"""Accepting documents for sending, and showing what the ledger knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lienthong.cli.edxml_files import read_file
from lienthong.cli.output import Output
from lienthong.cli.vocabulary import EVENTS, words
from lienthong.core.errors import Problem
from lienthong.core.text import hint
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml import Timeline
from lienthong.sdk import Delivery, Document, Exchange, MessageDetail, Sent, find_settings
from lienthong.sdk.errors import DocumentInvalid, UnknownName


def open_exchange(settings: Path | None) -> Exchange:
    """Return the exchange of a settings file, found as `find_settings` does. Raises as `Exchange.from_settings` does."""
    return Exchange.from_settings(find_settings(settings))


def send_document(
    out: Output, settings: Path | None, document: Document, *, sender: str | None, to: Sequence[str], files: Sequence[Path], revision: int
) -> int:
    """Accept a document, print its receipt and return the exit code 0. Raises as `Exchange.send` does."""
    with open_exchange(settings) as exchange:
        try:
            sent = exchange.send(document, to=to, attachments=files, sender=sender, revision=revision)
        except DocumentInvalid as error:
            for problem in error.problems:
                out.problem(problem)
            raise
    _receipt(out, sent)
    return 0


def send_packet(out: Output, settings: Path | None, name: str, *, revision: int) -> int:
    """Accept a packet that is ready, print its receipt and return the exit code 0. Raises as `Exchange.send_packet` does."""
    content, source = read_file(name)
    with open_exchange(settings) as exchange:
        sent = exchange.send_packet(content, source=source, revision=revision)
    _receipt(out, sent)
    return 0


def list_inbox(out: Output, settings: Path | None, *, organisation: str | None, limit: int) -> int:
    """Print received documents, newest first, and return the exit code 0."""
    with open_exchange(settings) as exchange:
        ours = exchange.settings.organisations
        if organisation is not None and organisation not in ours:
            raise UnknownName(section="organisations", name=organisation, hint=hint(organisation, ours))
        lines = exchange.inbox(organisation=organisation, limit=limit)
    if out.as_json:
        out.document({"messages": lines})
        return 0
    columns = (
        out.text("Received", "Nhận lúc"),
        out.text("For", "Đơn vị nhận"),
        out.text("From", "Nơi gửi"),
        out.text("Document", "Văn bản"),
        out.text("Subject", "Trích yếu"),
        out.text("State", "Trạng thái"),
        "Id",
    )
    rows = [
        (line.created_at, line.organisation, ", ".join(line.counterparts), line.code, line.subject, words(line.state), line.id)
        for line in lines
    ]
    if rows:
        out.table(columns, rows)
    out.say(f"Documents: {len(rows)}", f"Văn bản: {len(rows)}")
    return 0


def list_quarantine(out: Output, settings: Path | None, *, limit: int) -> int:
    """Print packets that came and belong to no inbox, newest first, and return the exit code 0."""
    with open_exchange(settings) as exchange:
        packets = exchange.quarantine(limit=limit)
    if out.as_json:
        out.document({"quarantine": packets})
        return 0
    columns = (
        out.text("Received", "Nhận lúc"),
        out.text("Connection", "Kết nối"),
        out.text("From", "Nơi gửi"),
        out.text("Remote id", "Mã bên ngoài"),
        "SHA-256",
        out.text("Reason", "Lý do"),
    )
    rows = [
        (
            packet.received_at,
            packet.connection,
            packet.sender,
            packet.remote_id,
            (packet.packet_sha256 or "")[:16],
            out.sentence(packet.problem),
        )
        for packet in packets
    ]
    if rows:
        out.table(columns, rows)
    out.say(f"Packets in quarantine: {len(rows)}", f"Gói tin bị cách ly: {len(rows)}")
    return 0


def show_message(out: Output, settings: Path | None, message: str) -> int:
    """Print all that is known of a message but its content and return the exit code 0.

    Raises:
        UnknownMessage: data.
    """
    with open_exchange(settings) as exchange:
        detail = exchange.message(message)
        timeline = exchange.timeline(message)
    if out.as_json:
        out.document({"message": detail, "timeline": timeline.entries})
        return 0
    _detail(out, detail)
    if detail.deliveries:
        out.line("")
        _deliveries(out, detail.deliveries)
    if timeline.entries:
        out.line("")
        _timeline(out, timeline)
    if detail.events:
        out.line("")
        columns = (out.text("Time", "Thời điểm"), out.text("Event", "Sự kiện"), out.text("Detail", "Chi tiết"))
        out.table(columns, [(line.at, words(line.event, of=EVENTS), line.detail) for line in detail.events])
    return 0


def _receipt(out: Output, sent: Sent) -> None:
    if out.as_json:
        out.document(sent)
    else:
        out.fields([("Id", sent.id), (out.text("Key", "Khóa"), sent.key)])
        _deliveries(out, sent.deliveries)
    if sent.duplicate:
        out.say("The same document was accepted before; nothing new will travel.", "Văn bản này đã được nhận gửi trước đó; không gửi thêm.")
    else:
        out.say(
            "Accepted and durable; `lienthong worker` or the route's DAG sends it.",
            "Đã nhận gửi và lưu bền vững; `lienthong worker` hoặc DAG của tuyến sẽ gửi đi.",
        )


def _detail(out: Output, detail: MessageDetail) -> None:
    way = f"{detail.organisation} → {', '.join(detail.counterparts)}"
    back = f"{', '.join(detail.counterparts)} → {detail.organisation}"
    out.fields(
        [
            ("Id", detail.id),
            (out.text("Kind", "Loại"), words(detail.kind)),
            (out.text("Way", "Đường đi"), way if detail.direction == "out" else back),
            (out.text("Document", "Văn bản"), detail.code),
            (out.text("Subject", "Trích yếu"), detail.subject),
            (out.text("Status", "Trạng thái"), _meaning(out, detail.status)),
            (out.text("Does", "Nghiệp vụ"), out.text(detail.does.en, detail.does.vi) if detail.kind == "document" else None),
            (out.text("State", "Tình trạng"), words(detail.state)),
            (out.text("Time", "Thời điểm"), detail.created_at),
            (out.text("Key", "Khóa"), detail.key),
            ("DocumentId", detail.document_id),
            (out.text("Packet", "Gói tin"), f"{detail.packet_sha256} ({detail.packet_size} {out.text('bytes', 'byte')})"),
            (out.text("Signature", "Chữ ký số"), words(detail.signature)),
        ]
    )


def _deliveries(out: Output, deliveries: Sequence[Delivery]) -> None:
    columns = [
        out.text("Recipient", "Nơi nhận"),
        out.text("State", "Tình trạng"),
        out.text("Remote id", "Mã bên ngoài"),
        out.text("Last status", "Trạng thái cuối"),
        out.text("Reason", "Lý do"),
    ]
    rows = [
        (line.recipient, words(line.state), line.remote_id, _meaning(out, line.status), _reason(out, line.problem)) for line in deliveries
    ]
    # A receipt has nothing yet in the later columns.
    width = max((index for row in rows for index, value in enumerate(row, start=1) if value), default=0)
    out.table(columns[:width], [row[:width] for row in rows])


def _timeline(out: Output, timeline: Timeline) -> None:
    columns = (
        out.text("Reported", "Báo lúc"),
        out.text("Organisation", "Đơn vị"),
        out.text("Status", "Trạng thái"),
        out.text("Description", "Mô tả"),
        out.text("By", "Người xử lý"),
    )
    rows = [(entry.at, entry.organisation, _meaning(out, entry.status), entry.description, entry.staff) for entry in timeline.entries]
    out.table(columns, rows)


def _meaning(out: Output, status: Status | str | None) -> str:
    if isinstance(status, Status):
        return f"{status} {out.text(status.en, status.vi)}"
    return status or ""


def _reason(out: Output, problem: Problem | None) -> str:
    return out.sentence(problem) if problem else ""
