"""Bad input: one sentence with its code, the right exit code, and no traceback."""

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from lienthong.cli.sandbox_settings import write_settings
from lienthong.sandbox import Sandbox

Run = Callable[..., Any]


def one_sentence(result: Any, code: str) -> str:
    lines = [line for line in result.err.splitlines() if line.strip()]
    assert len(lines) == 1, result.err
    assert lines[0].startswith(f"{code} ")
    return lines[0]


@pytest.fixture
def dead_settings(tmp_path: Path) -> Path:
    """Settings of a centre whose remote systems don't listen any more."""
    with Sandbox() as gone:
        return write_settings(tmp_path / "centre", gone)


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        (b"xin ch\xc3\xa0o", "LT-XML-001", ":1:1"),
        (b"<a>\n<b></a>", "LT-XML-001", ":2:8"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "LT-XML-002", "DOCTYPE"),
        (b"<a/>", "LT-EDXML-001", "root"),
        (b"", "LT-XML-001", ""),
    ],
    ids=["not XML", "not well-formed", "DOCTYPE", "not a packet", "nothing"],
)
def test_what_is_no_packet_is_refused_by_check_show_and_send(
    run: Run, tmp_path: Path, dead_settings: Path, content: bytes, code: str, text: str
) -> None:
    """What is no packet is refused in one sentence that names the file, by every command that reads one; exit code 1."""
    path = tmp_path / "bad.edxml"
    path.write_bytes(content)
    for words in (("edxml", "check"), ("edxml", "show"), ("send", "--settings", dead_settings, "--packet")):
        result = run(*words, path)
        assert result.code == 1
        assert text in one_sentence(result, code)
        assert result.out == ""
        if text.startswith(":"):
            assert f"bad.edxml{text}" in result.err


def test_error_as_json_is_a_problem_on_standard_output(run: Run, tmp_path: Path) -> None:
    """With `--json` the problem is the document on standard output, and the sentence still stands on standard error."""
    path = tmp_path / "bad.edxml"
    path.write_bytes(b"<a>")
    result = run("edxml", "check", "--json", path)
    assert result.code == 1
    problem = json.loads(result.out)["problem"]
    assert problem["code"] == "LT-XML-001"
    assert problem["place"]["line"] == 1
    one_sentence(result, "LT-XML-001")


def test_sentence_is_vietnamese_where_the_language_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same problem in Vietnamese."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "vi")
    path = tmp_path / "bad.edxml"
    path.write_bytes(b"<a>")
    assert "XML không đúng cú pháp" in run("edxml", "check", path).err


@pytest.mark.parametrize("words", [("edxml", "check"), ("edxml", "show"), ("send", "--packet")], ids=" ".join)
def test_missing_file_is_wrong_use(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A file that isn't there gives exit code 2 and names the file."""
    result = run(*words, tmp_path / "không-có.edxml")
    assert result.code == 2
    assert "không-có.edxml" in one_sentence(result, "LT-CLI-001")


def test_folder_in_place_of_a_file_is_wrong_use(run: Run, tmp_path: Path) -> None:
    """A folder gives exit code 2."""
    result = run("edxml", "check", tmp_path)
    assert result.code == 2
    one_sentence(result, "LT-CLI-001")


def test_missing_settings_name_the_remedy(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a settings file the sentence says how to name one; exit code 2."""
    monkeypatch.chdir(tmp_path)
    result = run("inbox")
    assert result.code == 2
    assert "--settings" in one_sentence(result, "LT-SETTINGS-002")


@pytest.mark.parametrize("words", [("inbox",), ("doctor",), ("worker", "--once"), ("message", "x")], ids=" ".join)
def test_misspelt_settings_key_is_named_with_place_and_right_key(run: Run, dead_settings: Path, words: tuple[str, ...]) -> None:
    """A misspelt key is named with file, line, column and path, and with the right key; exit code 2."""
    text = dead_settings.read_text(encoding="utf-8").replace("endpoint: ", "enpoint: ", 1)
    dead_settings.write_text(text, encoding="utf-8")
    line = text.splitlines().index(next(line for line in text.splitlines() if "enpoint" in line)) + 1
    result = run("--settings", dead_settings, *words)
    assert result.code == 2
    sentence = one_sentence(result, "LT-SETTINGS-001")
    assert f"lienthong.yaml:{line}:5 connections.axis.enpoint" in sentence
    assert "did you mean endpoint?" in sentence


def test_unknown_recipient_is_refused_before_anything_is_accepted(run: Run, settings: Path) -> None:
    """A recipient whom the axis doesn't know is refused by name; exit code 1."""
    options = ("--from", "H42.12", "--to", "H99", "--number", "1", "--notation", "TB", "--subject", "Thông báo", "--signer", "A")
    result = run("send", "--settings", settings, *options)
    assert result.code == 1
    assert "H99" in one_sentence(result, "LT-CONNECT-015")


def test_unreachable_axis_is_one_sentence_of_the_route(run: Run, dead_settings: Path) -> None:
    """A closed port gives one sentence, and exit code 1 with `--once`."""
    result = run("worker", "--settings", dead_settings, "--once", "--route", "documents-in")
    assert result.code == 1
    assert "axis" in one_sentence(result, "LT-HTTP-001")


@pytest.mark.parametrize("package", ["signxml", "starlette", "uvicorn"])
@pytest.mark.parametrize("name", ["sandbox", "demo"])
def test_missing_extra_names_the_install_command(name: str, package: str, tmp_path: Path) -> None:
    """Without one of the sandbox's packages the command names the extra to install; exit code 2."""
    blocked = f"import sys; sys.modules[{package!r}] = None"
    code = f"{blocked}; sys.argv = ['lienthong', {name!r}]; from lienthong.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert done.returncode == 2
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("LT-CORE-001 ")
    assert "pip install 'lienthong[sandbox]'" in sentence


def test_port_that_is_taken_is_named(run: Run) -> None:
    """A taken port is wrong use, and the remedy is named."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("sandbox", "--port", str(taken.getsockname()[1]))
    assert result.code == 2
    assert "--port" in one_sentence(result, "LT-CLI-002")


def test_real_command_ends_with_the_code_of_its_error(command: Run, tmp_path: Path) -> None:
    """The command itself, as users start it, says the sentence, exits with the code and shows no traceback."""
    path = tmp_path / "bad.edxml"
    path.write_bytes(b"<a>")
    result = command("edxml", "check", path)
    assert result.code == 1
    one_sentence(result, "LT-XML-001")
    assert command("edxml", "check", "-", stdin=b"<a>").code == 1


def test_json_is_utf8_in_any_locale(command: Run, status_packet: Path) -> None:
    """`--json` is UTF-8 also where the locale is not."""
    result = command(
        "edxml", "show", "--json", status_packet, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii"
    )
    assert result.code == 0
    assert "Đã vào sổ" in result.out


@pytest.mark.parametrize("words", [("edxml", "check"), ("edxml", "show"), ("send", "--packet")], ids=" ".join)
def test_endless_file_is_refused(run: Run, dead_settings: Path, words: tuple[str, ...]) -> None:
    """Of a file without end no more is read than shows that it is no XML."""
    result = run("--settings", dead_settings, *words, "/dev/zero")
    assert result.code == 1
    one_sentence(result, "LT-XML-001")


def test_endless_standard_input_is_refused() -> None:
    """The same for standard input."""
    with Path("/dev/zero").open("rb") as endless:
        result = shell("edxml check -", stdin=endless)
    assert result.returncode == 1
    assert result.stderr.startswith("LT-XML-001 ")


@pytest.mark.parametrize(
    "words",
    [("inbox", "--limit", "0"), ("docter",), ("send",), ("edxml", "chek", "x"), ("inbox", "--organization", "x"), ("message",)],
    ids=" ".join,
)
def test_wrong_use_is_a_document_where_json_is_asked_for(command: Run, words: tuple[str, ...]) -> None:
    """With `--json` wrong use is one document with a code; without it standard output stays empty and the usage is shown."""
    result = command(*words, "--json")
    assert result.code == 2
    problem = json.loads(result.out)["problem"]
    assert (problem["code"], problem["action"]) == ("LT-CLI-006", "configure")
    one_sentence(result, "LT-CLI-006")
    plain = command(*words)
    assert (plain.code, plain.out) == (2, "")
    assert plain.err.startswith("Usage: lienthong ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", ["inbox --json", "doctor", "worker --once --json", "edxml check --json none", "inbox --limit 0 --json"])
def test_standard_output_that_cannot_be_written_is_told_without_a_traceback(settings: Path, words: str) -> None:
    """A full disk under standard output is named in one sentence, after that of what went wrong before; exit code 2."""
    result = shell(f"{words} > /dev/full", settings)
    assert result.returncode == 2
    assert "LT-CLI-001 <stdout>" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", ["inbox", "inbox --json", "doctor", "doctor --json", "worker --once", "worker --once --json"])
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_stream_is_as_good_as_one_that_nobody_reads(settings: Path, words: str, closed: str) -> None:
    """A stream that is closed takes what is said, and the exit code is that of the command."""
    result = shell(f"{words} {closed}", settings)
    assert result.returncode == 0
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_standard_error_changes_nothing(settings: Path) -> None:
    """What can't be said on standard error is lost, not what was asked for."""
    assert shell("inbox 2> /dev/full", settings).returncode == 0


def shell(words: str, settings: Path | None = None, stdin: BinaryIO | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command by a shell, for its redirections."""
    python = f"{shlex.quote(sys.executable)} -c 'from lienthong.cli.main import main; main()'"
    chosen = {"LIENTHONG_SETTINGS": str(settings)} if settings else {}
    return subprocess.run(
        ["sh", "-c", f"{python} {words}"],
        stdin=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, **chosen},
        timeout=60,
        check=False,
    )
