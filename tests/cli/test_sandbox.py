"""`sandbox`: settings that work with it, printed or written."""

import json
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lienthong.cli.errors import NotOurs
from lienthong.cli.sandbox_settings import write_settings
from lienthong.sandbox import Sandbox

Run = Callable[..., Any]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `lienthong sandbox` on a free port, and ends it after the test."""
    running = []

    def run(*arguments: str | Path) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", "from lienthong.cli.main import main; main()", "sandbox", "--port", "0", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.terminate()
        process.communicate(timeout=30)


def test_written_settings_work_at_once(start: Start, run: Run, tmp_path: Path) -> None:
    """`--write` makes a folder whose settings the doctor finds well while the sandbox runs; Ctrl-C ends it with exit code 0."""
    process = start("--write", "try-it")
    assert process.stdout.readline().strip() == "try-it/lienthong.yaml"
    assert "http://127.0.0.1:" in process.stderr.readline()
    settings = tmp_path / "try-it" / "lienthong.yaml"
    assert run("--settings", settings, "doctor").code == 0
    for secret in (tmp_path / "try-it" / "sandbox-secrets").iterdir():
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")


def test_printed_settings_work_with_the_variables_they_name(
    start: Start, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder the settings are printed, with the variables to set as comments; together they work."""
    process = start()
    assert "http://127.0.0.1:" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    (tmp_path / "lienthong.yaml").write_text(out, encoding="utf-8")
    exports = [line.removeprefix("#   export ") for line in out.splitlines() if line.startswith("#   export ")]
    assert len(exports) == 3
    for name, _, value in (line.partition("=") for line in exports):
        monkeypatch.setenv(name, value)
    # The sandbox has gone, so that only the remote systems may fail.
    result = run("--settings", tmp_path / "lienthong.yaml", "doctor", "--json")
    assert result.code == 1
    failed = [line for line in json.loads(result.out)["checks"] if line["state"] == "failed"]
    assert {line["check"] for line in failed} == {"connection"}
    assert {line["problem"]["action"] for line in failed} == {"retry"}


def test_settings_of_somebody_else_are_never_overwritten(sandbox: Sandbox, tmp_path: Path) -> None:
    """A folder with a settings file of its own is refused; one that the sandbox wrote is written anew, but for its mapping."""
    path = write_settings(tmp_path / "ours", sandbox)
    mapping = path.parent / "maps" / "one-door.yaml"
    mapping.write_text("changed", encoding="utf-8")
    assert write_settings(tmp_path / "ours", sandbox) == path
    assert mapping.read_text(encoding="utf-8") == "changed"
    path.write_text("version: 1\n", encoding="utf-8")
    with pytest.raises(NotOurs):
        write_settings(tmp_path / "ours", sandbox)
    assert path.read_text(encoding="utf-8") == "version: 1\n"


def test_json_tells_where_the_settings_are(start: Start, tmp_path: Path) -> None:
    """`--json` prints one document with the address and the settings file."""
    process = start("--write", "try-it", "--json")
    told = json.loads(process.stdout.readline())
    assert told["settings"] == "try-it/lienthong.yaml"
    assert told["address"].startswith("http://127.0.0.1:")
