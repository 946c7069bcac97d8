"""The commands about an edXML packet in a file; nothing is sent or kept."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from lienthong.cli.edxml_files import STANDARD_STREAM, FilesInto, files_in, read_file, read_json_file, write_file
from lienthong.cli.edxml_show import show_packet
from lienthong.cli.errors import AttachmentsElsewhere, FileUnusable, OtherForm, TooLargeInline
from lienthong.cli.output import Output, json_text
from lienthong.cli.signals import ended_by_exception
from lienthong.core.blob import Blob
from lienthong.core.errors import Place, Problem
from lienthong.schemas.edxml import (
    Attachment,
    DocumentPacket,
    Packet,
    Reading,
    StatusPacket,
    check_reading,
    packet_from_json,
    packet_to_json,
    parse_json,
    read_packet,
    stream_packet,
)
from lienthong.schemas.edxml.json_form import is_reference
from lienthong.schemas.edxml.profiles import profile_named
from lienthong.signing import report_packet

_HEAD = 256
_BLANK = b"\xef\xbb\xbf \t\r\n"
_COMMON_STEPS = ("edXML", "edXMLEnvelope", "edXMLHeader", "MessageHeader")

MOST_INLINE = 64 << 20
"""Bytes of attachments that go into a JSON text."""


def check_file(out: Output, name: str, profile: str) -> int:
    """Print what a packet breaks and return the exit code: 0 without an error, 1 with one.

    Raises:
        ProfileUnknown: configuration; there is no such profile.
        DataError, SecurityError: It is no packet, or an unsafe one.
        OSError: The file can't be read.
    """
    profile_named(profile)
    reading, source = _read(out, name)
    findings = check_reading(reading, profile=profile)
    errors = sum(problem.level == "error" for problem in findings)
    warnings = len(findings) - errors
    if out.as_json:
        out.document({"file": source, "profile": profile, "errors": errors, "warnings": warnings, "findings": findings})
    else:
        for found in findings:
            out.line(f"{_level(out, found)} {found.code} {out.text(found.en, found.vi)}")
            out.line("  " + " · ".join(filter(None, (*_place(out, found), _basis(found)))))
    out.say(f"{source}: errors {errors}, warnings {warnings}", f"{source}: lỗi {errors}, cảnh báo {warnings}")
    return 1 if errors else 0


def show_file(out: Output, name: str) -> int:
    """Print what a packet says and return the exit code 0. Raises as `check_file` does."""
    reading, _ = _read(out, name)
    signature = report_packet(reading.document)
    if out.as_json:
        out.document({"packet": packet_to_json(reading.packet, refer=lambda _blob, _name: None), "signature": signature})
    else:
        show_packet(out, reading.packet, signature)
    return 0


def to_json(out: Output, name: str, target: str, attachments: Path | None) -> int:
    """Write a packet as JSON and return the exit code 0.

    Args:
        out: Takes what is said, and the JSON where the target is `-`.
        name: The packet's file.
        target: Where to write.
        attachments: The folder for the attachments, in the folder of the target; None puts them into the JSON.

    Raises:
        DataError, SecurityError: It is no packet, or an unsafe one.
        TooLargeInline, AttachmentsElsewhere, NotOverwritten, FileUnusable: configuration; see there.
        OSError: The file can't be read.
    """
    packet = _read(out, name)[0].packet
    base = _folder_of(target)
    with ended_by_exception(), out.progress("Writing JSON", "Đang ghi JSON"):
        if attachments is None:
            size = sum(blob.size for blob in _blobs(packet))
            if size > MOST_INLINE:
                raise TooLargeInline(size=size, limit=MOST_INLINE)
            files: list[str] = []
            plain = packet_to_json(packet)
        else:
            plain, files = _with_files(packet, attachments, base, Path(target).name)
        content = (json_text(plain, indent=2) + "\n").encode()
        write_file(out, target, name, Blob.of_bytes(content).copy_to)
    _tell_written(out, target, packet, files=files)
    return 0


def from_json(out: Output, name: str, target: str) -> int:
    """Write the packet that stands in JSON and return the exit code 0.

    Raises:
        NotJson, JsonUnusable, JsonTooLarge, OtherForm, FieldUnwritable: data; it is no packet's JSON, or holds what no packet can carry.
        ReferenceUnsafe: security; it refers to a file outside its folder.
        NotOverwritten, FileUnusable: configuration; the packet can't be written there.
        OSError: The file can't be read.
    """
    with ended_by_exception(), out.progress("Writing the packet", "Đang ghi gói tin"):
        content, source = read_json_file(name)
        if content[:_HEAD].lstrip(_BLANK).startswith(b"<"):
            raise OtherForm(path=source, found="XML", wanted="JSON", command="to-json")
        packet = packet_from_json(parse_json(content, source=source), resolve=files_in(_folder_of(name)), source=source)
        write_file(out, target, name, partial(stream_packet, packet))
    _tell_written(out, target, packet)
    return 0


def extract(out: Output, name: str, folder: Path) -> int:
    """Write every attachment into a folder, print what was written, and return the exit code 0.

    Raises:
        DataError, SecurityError: It is no packet, or an unsafe one.
        NotOverwritten, FileUnusable: configuration; a file is in the way, or can't be written; in the first case nothing was written.
        OSError: The file can't be read.
    """
    reading, source = _read(out, name)
    attachments = _attachments(reading.packet)
    into = FilesInto(folder)
    rows = [(into.place(item.content, item.name).path, item) for item in attachments]
    if attachments:
        with ended_by_exception(), out.progress("Writing attachments", "Đang ghi tệp đính kèm"):
            into.write()
    if out.as_json:
        entries = [
            {"content_id": item.content_id, "name": item.name, "file": str(path), "media_type": item.media_type, **_digest(item.content)}
            for path, item in rows
        ]
        out.document({"file": source, "attachments": entries})
    elif attachments:
        columns = (out.text("File", "Tệp"), out.text("Type", "Loại"), out.text("Bytes", "Số byte"), "SHA-256")
        out.table(columns, [(path, item.media_type, item.content.size, item.content.sha256) for path, item in rows])
    else:
        out.say(f"{source}: the packet has no attachments", f"{source}: gói tin không có tệp đính kèm")
    return 0


def _read(out: Output, name: str) -> tuple[Reading, str]:
    with out.progress("Reading the packet", "Đang đọc gói tin"):
        content, source = read_file(name)
        with content.open() as stream:
            head = stream.read(_HEAD)
        if head.lstrip(_BLANK).startswith(b"{"):
            raise OtherForm(path=source, found="JSON", wanted="XML", command="from-json")
        return read_packet(content, source=source), source


def _tell_written(out: Output, target: str, packet: Packet, **more: object) -> None:
    """Say what a file holds that was written; nothing where it went to standard output."""
    if target == STANDARD_STREAM:
        return
    count = len(_attachments(packet))
    if out.as_json:
        kind = "status" if isinstance(packet, StatusPacket) else "document"
        out.document({"file": target, "kind": kind, "attachments": count, **more})
    else:
        out.say(f"{target}: attachments {count}", f"{target}: tệp đính kèm {count}")


def _attachments(packet: Packet) -> tuple[Attachment, ...]:
    return packet.attachments if isinstance(packet, DocumentPacket) else ()


def _folder_of(name: str) -> Path:
    return Path() if name == STANDARD_STREAM else Path(name).parent


def _blobs(packet: Packet) -> Iterator[Blob]:
    """Go through all bytes that a packet carries."""
    for attachment in _attachments(packet):
        yield attachment.content
        if attachment.transfer is not None and attachment.transfer.content is not None:
            yield attachment.transfer.content


def _with_files(packet: Packet, folder: Path, base: Path, name: str) -> tuple[dict[str, object], list[str]]:
    """Write the attachments into a folder; return the JSON that refers to them from `base`, where it has a name, and the references."""
    inside, top = folder.resolve(), base.resolve()
    if not inside.is_relative_to(top):
        raise AttachmentsElsewhere(folder=str(folder), base=str(top))
    below = inside.relative_to(top)
    if below.parts and not is_reference(below.as_posix()):
        raise FileUnusable(path=str(folder), reason=os.strerror(errno.EILSEQ))
    into = FilesInto(folder, {name} if inside == top else set())
    references = []

    def refer(blob: Blob, attachment: str) -> str:
        reference = (below / into.place(blob, attachment).path.name).as_posix()
        references.append(reference)
        return reference

    plain = packet_to_json(packet, refer=refer)
    into.write()
    return plain, references


def _digest(blob: Blob) -> dict[str, object]:
    return {"size": blob.size, "sha256": blob.sha256}


def _level(out: Output, problem: Problem) -> str:
    return out.text("error", "lỗi") if problem.level == "error" else out.text("warning", "cảnh báo")


def _place(out: Output, problem: Problem) -> tuple[str, str]:
    """Return line and path within the file, without the way to the header that all paths begin with."""
    place = problem.place or Place()
    line = "" if place.line is None else out.text(f"line {place.line}", f"dòng {place.line}")
    path = place.path or ""
    for step in _COMMON_STEPS:
        path = path.removeprefix(f"{step}/")
    return line, path


def _basis(problem: Problem) -> str:
    return " ".join(filter(None, (problem.source, f"[{problem.certainty}]" if problem.certainty else "")))
