"""The guides' examples, as they stand on the page."""

import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from lienthong.connectors import ConnectorType, Context, Parcel, Receiver, Sender
from lienthong.core import Blob, Transient

ROOT = Path(__file__).resolve().parents[2]


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def test_integrators_connector_sends_and_says_what_is_wrong(tmp_path: Path) -> None:
    """The whole connector of the integrator's guide works: it is a sender, puts the bytes there, and tells a fault in one sentence."""
    module = ModuleType("our_package")
    exec(_blocks("docs/guides/integrator.md", "python")[0], module.__dict__)
    kind: ConnectorType[Any] = module.connector_type
    settings = kind.settings.model_validate({"kind": "shared_folder", "folder": "out"})
    connector = kind.open(settings, Context(name="neighbour", folder=tmp_path))
    assert isinstance(connector, Sender)
    assert not isinstance(connector, Receiver)
    parcel = Parcel(id="1", kind="document", sender="H42.12", recipients=("G22",), key="a key", packet=Blob.of_bytes(b"<edXML/>"))
    assert not connector.check().reachable
    with pytest.raises(Transient) as raised:
        connector.send(parcel)
    assert raised.value.sentence("vi") == "neighbour: không ghi được vào thư mục: No such file or directory."
    (tmp_path / "out").mkdir()
    assert connector.check().reachable
    assert connector.send(parcel).remote_id == "1.edxml"
    assert (tmp_path / "out" / "1.edxml").read_bytes() == b"<edXML/>"


def test_pages_data_examples_can_be_read() -> None:
    """Every YAML and TOML example of the pages is what it says."""
    for page in (ROOT / "docs").rglob("*.md"):
        for block in _blocks(str(page.relative_to(ROOT)), "yaml"):
            assert yaml.safe_load(block), page
        for block in _blocks(str(page.relative_to(ROOT)), "toml"):
            assert tomllib.loads(block), page


TUTORIAL = "docs/tutorial/first-exchange.md"
PRINTED_ID = "6e188cbe-70c6-4913-aa80-b821ce2c8fcb"


@pytest.fixture
def beginner(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Somebody's shell after the tutorial's second step: the sandbox runs, its settings are written."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LIENTHONG_LANGUAGE": "en"}
    command = _blocks(TUTORIAL, "sh")[1].strip()
    assert command == "lienthong sandbox --write try-it"
    sandbox = subprocess.Popen([*command.split(), "--port", "0"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE)
    try:
        assert sandbox.stdout is not None
        assert sandbox.stdout.readline().strip() == b"try-it/lienthong.yaml"
        yield environment
    finally:
        sandbox.send_signal(signal.SIGTERM)
        sandbox.communicate(timeout=20)


def test_tutorial_runs_as_it_stands(beginner: dict[str, str], tmp_path: Path) -> None:
    """Every command and the program of the tutorial work, one after the other, and print what the page shows, line by line."""
    (tmp_path / "take_over.py").write_text(_blocks(TUTORIAL, "python")[0], encoding="utf-8")
    printed = ""
    steps = re.findall(
        r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", (ROOT / TUTORIAL).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    for commands, shown in steps[2:]:
        message = re.search(r"Id +([0-9a-f-]{36})", printed)
        script = "set -eu\nexport LIENTHONG_SETTINGS=try-it/lienthong.yaml\n" + commands.replace(PRINTED_ID, message[1] if message else "")
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, env=beginner, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        assert done.returncode == 0, commands + done.stdout
        if shown:
            expected = "".join(r"(?:.*\n)*" if line == "…" else re.escape(line) + r"\n" for line in _blanked(shown).splitlines())
            assert re.fullmatch(expected, _blanked(done.stdout)), f"{shown}\nis not\n\n{done.stdout}"
        printed += done.stdout
    assert sum(bool(shown) for _, shown in steps) >= 5
    assert (tmp_path / "received" / "1.pdf").read_bytes() == (tmp_path / "to-trinh.pdf").read_bytes()


def _blanked(text: str) -> str:
    """Return a text without what differs from run to run: ids, times and how long something took."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", re.sub(r" \d+\.\d+$", " SECONDS", text, flags=re.MULTILINE))
