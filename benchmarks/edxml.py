"""How fast packets are read and written, and how much memory it takes: ours beside lxml's full tree with base64 in memory.

    python benchmarks/edxml.py            5 KB packets, attachments of 100 MB, 500 MB and 1 GB
    python benchmarks/edxml.py --quick    5 KB packets and 100 MB

Every figure is the median of runs in processes of their own, ours and the peer's in turn, since other things run on the machine.
Memory is the peak above what the process held when it had imported what it needs. libxml2 takes at most 10⁹ characters in one text,
so the peer can't read the largest packet.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from lxml import etree
from table import Row, print_table

from lienthong.core.blob import Blob
from lienthong.schemas.edxml import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherInfo,
    Party,
    SignerInfo,
    StaffInfo,
    TraceHeader,
    document_id,
    read_packet,
    stream_packet,
    write_packet,
)

SMALL = 5 << 10
MANY = 3000
MB = 1_000_000
RUNS = 5
RUNS_LARGE = 3
LEAST_RATE = 1500
MOST_MIB = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run in a process of its own: how long the work took, and its peak of memory above the imports."""

    seconds: float
    peak_mib: float


def packet(content: Blob) -> DocumentPacket:
    """Return a packet as offices send them, with one attachment."""
    day = date(2026, 11, 20)
    return DocumentPacket(
        sender=Party(code="H42.12", name="Sở Khoa học và Công nghệ", in_charge="UBND tỉnh Ninh Bình", address="Phường Hoa Lư"),
        recipients=tuple(Party(code=f"H42.{number}", name=f"Đơn vị {number}", email="vanthu@example.gov.vn") for number in (13, 14, 15)),
        number="12",
        notation="SKHCN-VP",
        promulgation_place="Ninh Bình",
        promulgation_date=day,
        document_type=DocumentType(name="Công văn"),
        subject="V/v kết nối, liên thông phần mềm quản lý văn bản",
        content="Về việc kết nối, liên thông",
        signer=SignerInfo(full_name="Trần Thị B", position="Giám đốc", competence="TL. CHỦ TỊCH"),
        due_date=date(2026, 12, 1),
        to_places=("Như trên", "Lưu: VT"),
        other=OtherInfo(sphere="Liên thông", typist_notation="TVC", copies=2, pages=22, direction=False, appendixes=("Phụ lục",)),
        document_id=document_id("H42.12", day, "12", "SKHCN-VP"),
        trace=(TraceHeader(organisation="H42.12", timestamp=datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)),),
        business=Business(reason="Văn bản điện tử mới", staff=StaffInfo(name="Nguyễn Văn A", department="Văn thư")),
        attachments=(Attachment(content_id="1", name="tờ-trình.pdf", media_type="application/pdf", content=content),),
    )


def small_packet() -> bytes:
    """Return a packet of 5 KB."""
    without = len(write_packet(packet(Blob.of_bytes(b"%PDF-"))))
    return write_packet(packet(Blob.of_bytes(b"%PDF-" + os.urandom((SMALL - without) * 3 // 4))))


# What is measured: each runs in a process of its own


def read_small(file: Path) -> None:
    """Read a packet many times."""
    raw = file.read_bytes()
    for _ in range(MANY):
        read_packet(raw)


def read_small_tree(file: Path) -> None:
    """Parse a packet many times into a tree, and decode its attachment: no model, no checks."""
    raw = file.read_bytes()
    for _ in range(MANY):
        _decoded(etree.fromstring(raw))


def write_small(file: Path) -> None:
    """Write a packet many times."""
    value = read_packet(file.read_bytes()).packet
    for _ in range(MANY):
        write_packet(value)


def read_large(file: Path) -> None:
    """Read a packet from its file."""
    read_packet(file, folder=file.parent)


def read_large_tree(file: Path) -> None:
    """Read a packet's file into one tree, and decode its attachment in memory."""
    _decoded(etree.parse(file, etree.XMLParser(huge_tree=True)).getroot())


def _decoded(root: etree._Element) -> list[bytes]:
    return [base64.b64decode(element.text or "") for element in root.iter("{*}ContentTransferEncoded")]


def write_large(file: Path) -> None:
    """Write the packet of a file that is attached."""
    with file.with_suffix(".written").open("wb") as target:
        stream_packet(packet(Blob.of_file(file.with_suffix(".attachment"))), target)


CASES: dict[str, Callable[[Path], None]] = {
    case.__name__: case for case in (read_small, read_small_tree, write_small, read_large, read_large_tree, write_large)
}


def in_this_process(case: str, file: Path) -> Measured:
    """Run a case here and now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # getrusage would tell the peak of whoever started this process, too
    held = _memory("VmRSS")
    start = time.perf_counter()
    CASES[case](file)
    seconds = time.perf_counter() - start
    return Measured(seconds=seconds, peak_mib=(_memory("VmHWM") - held) / 1024)


def _memory(name: str) -> int:
    """Return a figure of this process in KiB."""
    return int(re.findall(rf"^{name}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)[0])


def measure(cases: tuple[str, ...], file: Path, runs: int) -> dict[str, list[Measured]]:
    """Run cases in turn, each time in a new process."""
    found: dict[str, list[Measured]] = {case: [] for case in cases}
    for _ in range(runs):
        for case in cases:
            command = [sys.executable, __file__, "--case", case, "--file", str(file)]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[case].append(Measured(**json.loads(printed)))
    return found


# The table


def row(what: str, runs: list[Measured], unit: float, name: str, *, peer: Sequence[Measured] = ()) -> Row:
    """Return a row without an aim: how much of `unit` per second."""
    return Row(
        what=what,
        figures=[unit / run.seconds for run in runs],
        shown=lambda rate: f"{rate:,.0f} {name}",
        theirs=[unit / run.seconds for run in peer],
        peak_mib=max(run.peak_mib for run in runs),
    )


def rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Measure everything, a row each."""
    small = folder / "small.edxml"
    small.write_bytes(small_packet())
    found = measure(("read_small", "read_small_tree", "write_small"), small, RUNS)
    tree = found["read_small_tree"]
    yield replace(row("read a packet of 5 KB", found["read_small"], MANY, "/s", peer=tree), least_rate=LEAST_RATE)
    yield row("  lxml: tree and base64 only", tree, MANY, "/s")
    yield row("write a packet of 5 KB", found["write_small"], MANY, "/s")
    for size in (100 * MB,) if quick else (100 * MB, 500 * MB, 1000 * MB):
        file = folder / f"{size}.edxml"
        attachment = file.with_suffix(".attachment")
        with attachment.open("wb") as stream:
            stream.write(b"%PDF-1.7\n")
            for _ in range(size // MB):
                stream.write(os.urandom(MB))
        in_this_process("write_large", file)
        file.with_suffix(".written").rename(file)
        text = file.stat().st_size / MB
        readable = size < 700 * MB  # by libxml2: 10⁹ characters of base64
        cases = ("read_large", "read_large_tree", "write_large") if readable else ("read_large", "write_large")
        found = measure(cases, file, RUNS_LARGE)
        named = f"{size // MB:,} MB attached"
        read = row(f"read, {named}", found["read_large"], text, "MB/s", peer=found.get("read_large_tree", ()))
        yield replace(read, least_ratio=1 if readable else None, most_mib=MOST_MIB)
        if readable:
            yield row("  lxml: tree and base64 in memory", found["read_large_tree"], text, "MB/s")
        yield replace(row(f"write, {named}", found["write_large"], text, "MB/s"), most_mib=MOST_MIB)
        for made in (file, attachment, file.with_suffix(".written")):
            made.unlink()


def main() -> None:
    """Print the table, or run one case for it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--quick", action="store_true", help="without the large attachments")
    arguments.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    arguments.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.case:
        one = in_this_process(given.case, given.file)
        print(json.dumps({"seconds": one.seconds, "peak_mib": one.peak_mib}))
        return
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".benchmark-") as folder:
        libxml2 = ".".join(map(str, etree.LIBXML_VERSION))
        print_table("edXML packets", rows(Path(folder), quick=given.quick), f"lxml {version('lxml')}", f"libxml2 {libxml2}")


if __name__ == "__main__":
    main()
