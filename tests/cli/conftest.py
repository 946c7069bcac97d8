"""What the tests of the command line share: the real commands, a real sandbox, and packets of our own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lienthong.cli.main import app
from lienthong.cli.sandbox_settings import write_settings
from lienthong.core.blob import Blob
from lienthong.sandbox import Sandbox, SandboxOptions, SandboxOrganisation, generate_dossiers
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml import (
    Attachment,
    DocumentPacket,
    DocumentType,
    Party,
    ResponseFor,
    SignerInfo,
    StatusPacket,
    TraceHeader,
    write_packet,
)

PDF = b"%PDF-1.4 made up"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIENTHONG_LANGUAGE", "LIENTHONG_SETTINGS", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


@pytest.fixture
def run() -> Run:
    """Run a command in this process; an exception that is no exit is raised again."""

    def invoke(*arguments: str | Path, stdin: bytes | None = None) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Result(result.exit_code, result.stdout, result.stderr)

    return invoke


@pytest.fixture
def command() -> Run:
    """Run a command as users do, in a process of its own."""

    def start(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-c", "from lienthong.cli.main import main; main()", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env={**os.environ, **environment},
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return start


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """The remote systems, with one organisation that is locked and few dossiers."""
    province, ministry = SandboxOptions().centres
    locked = SandboxOrganisation(code="H42.99", name="Đơn vị đã khóa", locked=True)
    province = replace(province, organisations=(*province.organisations, locked))
    with Sandbox(SandboxOptions(centres=(province, ministry), dossiers=generate_dossiers(3))) as running:
        yield running


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Path:
    """The settings file of a centre that uses the sandbox."""
    return write_settings(tmp_path / "centre", sandbox)


@pytest.fixture
def write_document(tmp_path: Path) -> Callable[..., Path]:
    """Writes a packet that breaks no rule, but for what is changed."""

    def write(name: str = "tờ-trình.edxml", **changes: object) -> Path:
        values: dict[str, object] = {
            "sender": Party(code="H42.12", name="Sở Khoa học và Công nghệ"),
            "recipients": (Party(code="H42.13", name="Sở Xây dựng"), Party(code="G22", name="Văn phòng Chính phủ")),
            "number": "7",
            "notation": "TTr-SKHCN",
            "promulgation_place": "Ninh Bình",
            "promulgation_date": date(2026, 11, 20),
            "document_type": DocumentType(name="Tờ trình"),
            "subject": "Về việc kết nối, liên thông",
            "signer": SignerInfo(full_name="Nguyễn Văn Mẫu", position="Giám đốc"),
            "document_id": "H42.12,2026/11/20,7/TTr-SKHCN",
            "trace": (TraceHeader(organisation="H42.12", timestamp=datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)),),
            "attachments": (Attachment(content_id="1", name="tờ trình.pdf", media_type="application/pdf", content=Blob.of_bytes(PDF)),),
        }
        path = tmp_path / name
        path.write_bytes(write_packet(DocumentPacket(**{**values, **changes})))  # type: ignore[arg-type]
        return path

    return write


@pytest.fixture
def status_packet(tmp_path: Path) -> Path:
    about = ResponseFor(
        organisation="H42.12", code="7/TTr-SKHCN", promulgation_date=date(2026, 11, 20), document_id="H42.12,2026/11/20,7/TTr-SKHCN"
    )
    packet = StatusPacket(
        sender=Party(code="H42.13", name="Sở Xây dựng"),
        response_for=about,
        status=Status.ACCEPTED,
        timestamp=datetime(2026, 11, 20, 2, 0, 0, tzinfo=UTC),
        description="Đã vào sổ",
    )
    path = tmp_path / "status.edxml"
    path.write_bytes(write_packet(packet))
    return path
