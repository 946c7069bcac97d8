"""`edxml to-json`, `edxml from-json` and `edxml extract`: packets to files and back, whatever stands in them."""

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lienthong.cli import edxml_commands, edxml_files
from lienthong.core.blob import Blob
from lienthong.schemas.edxml import Attachment, DocumentPacket, packet_from_json, packet_to_json, parse_json, read_packet
from zips import zipped

Run = Callable[..., Any]
Write = Callable[..., Path]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "packet-json.md"


def one_sentence(result: Any, code: str) -> str:
    [line] = [line for line in result.err.splitlines() if line.strip()]
    assert line.startswith(f"{code} "), line
    return str(line)


def attached(*pairs: tuple[str, bytes]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(content_id=f"a{number}", name=name, media_type="application/octet-stream", content=Blob.of_bytes(content))
        for number, (name, content) in enumerate(pairs)
    )


@pytest.fixture
def sample_paths(samples: Path) -> list[Path]:
    return [path for path in sorted((samples / "edxml").glob("*.edxml")) if "broken" not in path.name]


def as_read(path: Path) -> Any:
    """A packet without the state of its own file: its signature and layout."""
    return read_packet(path).packet


# to-json and from-json


@pytest.mark.parametrize("by_reference", [False, True], ids=["inline", "by reference"])
def test_samples_go_to_json_and_come_back_as_the_same_packets(
    run: Run, sample_paths: list[Path], tmp_path: Path, by_reference: bool
) -> None:
    """Every packet of other software is the same packet after it went through JSON, attachments inline or in files."""
    for path in sample_paths:
        folder = tmp_path / path.stem
        folder.mkdir()
        target, again = folder / "packet.json", folder / "again.edxml"
        more = ("--attachments", folder / "attachments") if by_reference else ()
        assert run("edxml", "to-json", path, "-o", target, *more).code == 0
        assert ('"base64"' in target.read_text(encoding="utf-8")) is (not by_reference and "attachments" in json.loads(target.read_bytes()))
        assert run("edxml", "from-json", target, "-o", again).code == 0
        assert as_read(again) == as_read(path)


def test_json_goes_through_standard_streams(run: Run, write_document: Write) -> None:
    """- and no -o mean standard input and output, and what comes out is byte for byte what goes in again."""
    path = write_document(due_date="2014/02/30")
    written = run("edxml", "to-json", "-", stdin=path.read_bytes())
    assert written.code == 0
    assert '"due_date": {\n    "text": "2014/02/30"\n  }' in written.out
    assert "Về việc kết nối" in written.out
    assert packet_from_json(parse_json(written.out.encode())) == as_read(path)
    packet = run("edxml", "from-json", "-", stdin=written.out.encode())
    assert packet.out.encode() == path.read_bytes()


def test_text_keeps_its_normal_form(run: Run, write_document: Write, tmp_path: Path) -> None:
    """What was received isn't normalised on the way."""
    path, target = write_document(subject="Ve\u0302\u0300 vie\u0323\u0302c"), tmp_path / "x.json"
    run("edxml", "to-json", path, "-o", target)
    assert json.loads(target.read_bytes())["subject"] == "Ve\u0302\u0300 vie\u0323\u0302c"


def test_example_of_the_page_is_a_packet(run: Run, tmp_path: Path) -> None:
    """The example in the explanation of the form is right, up to its digest."""
    [example] = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    target = tmp_path / "example.edxml"
    assert run("edxml", "from-json", "-", "-o", target, stdin=example.encode()).code == 0
    assert packet_to_json(as_read(target)).keys() <= json.loads(example).keys()


def test_attachments_of_json_stand_beside_it_under_safe_names(run: Run, write_document: Write, tmp_path: Path) -> None:
    """With --attachments every file has its own safe name, and the JSON refers to it from its own folder."""
    path = write_document(attachments=attached(("../../x.bin", b"1"), ("x.bin", b"2"), ("X.BIN", b"2")))
    target, folder = tmp_path / "out" / "x.json", tmp_path / "out" / "deep" / "files"
    target.parent.mkdir()
    result = run("edxml", "to-json", path, "-o", target, "--attachments", folder, "--json")
    files = ["deep/files/x.bin", "deep/files/x (2).bin", "deep/files/X (3).BIN"]
    assert json.loads(result.out) == {"file": str(target), "kind": "document", "attachments": 3, "files": files}
    plain = json.loads(target.read_bytes())
    assert [item["content"]["file"] for item in plain["attachments"]] == files
    assert [(target.parent / file).read_bytes() for file in files] == [b"1", b"2", b"2"]
    assert not (tmp_path / "x.bin").exists()
    assert run("edxml", "to-json", path, "-o", target, "--attachments", folder).code == 0  # the same again is fine


def test_attachment_never_takes_the_name_of_the_json(run: Run, write_document: Write, tmp_path: Path) -> None:
    """Where attachments go into the folder of the JSON itself, one that is called like it gets another name."""
    path, target = write_document(attachments=attached(("x.json", b"not JSON"))), tmp_path / "x.json"
    assert run("edxml", "to-json", path, "-o", target, "--attachments", tmp_path).code == 0
    assert (tmp_path / "x (2).json").read_bytes() == b"not JSON"
    assert run("edxml", "from-json", target, "-o", tmp_path / "again.edxml").code == 0


def test_attachments_outside_the_folder_of_the_json_are_wrong_use(run: Run, write_document: Write, tmp_path: Path) -> None:
    """The JSON couldn't refer to them; nothing is written."""
    target, folder = tmp_path / "in" / "x.json", tmp_path / "elsewhere"
    target.parent.mkdir()
    result = run("edxml", "to-json", write_document(), "-o", target, "--attachments", folder)
    assert result.code == 2
    one_sentence(result, "LT-CLI-011")
    assert not target.exists()
    assert not folder.exists()


@pytest.mark.parametrize("name", ["a\\b", "a\nb", "c:", "\udcff"], ids=["backslash", "line", "drive", "bytes"])
def test_folder_that_json_cannot_name_is_refused(run: Run, write_document: Write, tmp_path: Path, name: str) -> None:
    """A name that would be no reference on some system, or no text, writes nothing."""
    result = run("edxml", "to-json", write_document(), "-o", tmp_path / "x.json", "--attachments", f"{tmp_path}/{name}")
    assert result.code == 2
    one_sentence(result, "LT-CLI-001")
    assert not (tmp_path / "x.json").exists()


def test_what_is_too_large_for_json_is_refused_with_the_remedy(
    run: Run, write_document: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above a size attachments go into files; what travelled around them counts too."""
    monkeypatch.setattr(edxml_commands, "MOST_INLINE", 10)
    path, target = write_document(), tmp_path / "x.json"
    result = run("edxml", "to-json", path, "-o", target)
    assert result.code == 2
    assert "--attachments DIR" in one_sentence(result, "LT-CLI-010")
    assert not target.exists()
    assert run("edxml", "to-json", path, "-o", target, "--attachments", tmp_path / "files").code == 0


def test_json_without_end_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of JSON no more is read than fits into memory."""
    monkeypatch.setattr(edxml_files, "MOST_JSON", 1 << 16)
    result = run("edxml", "from-json", "/dev/zero")
    assert result.code == 1
    one_sentence(result, "LT-CLI-103")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<edXML/>", "LT-CLI-105"),
        (b"", "LT-EDXML-006"),
        (b'{"a": 1, "a": 1}', "LT-EDXML-006"),
        (b"[" * 100_000, "LT-EDXML-006"),
        (b"[]", "LT-EDXML-007"),
        (b'{"format": "lienthong-edxml/1", "kind": "letter"}', "LT-EDXML-007"),
    ],
    ids=["XML", "nothing", "twice", "deep", "list", "kind"],
)
def test_what_is_no_packet_in_json_is_one_sentence(run: Run, tmp_path: Path, content: bytes, code: str) -> None:
    """Anything else than the JSON of a packet is refused with file and place, exit code 1, and nothing is written."""
    path, target = tmp_path / "bad.json", tmp_path / "x.edxml"
    path.write_bytes(content)
    result = run("edxml", "from-json", path, "-o", target)
    assert result.code == 1
    assert "bad.json" in one_sentence(result, code)
    assert not target.exists()
    problem = json.loads(run("edxml", "from-json", path, "--json").out)["problem"]
    assert problem["code"] == code


@pytest.mark.parametrize(
    ("words", "content", "remedy"),
    [
        (("check",), b'\xef\xbb\xbf\n{"kind": 1}', "from-json"),
        (("show",), b"{}", "from-json"),
        (("from-json",), b"\n <edXML/>", "to-json"),
    ],
)
def test_other_form_is_named_with_the_command_for_it(run: Run, words: tuple[str, ...], content: bytes, remedy: str) -> None:
    """JSON in place of a packet, and a packet in place of JSON, are told apart from broken ones."""
    result = run("edxml", *words, "-", stdin=content)
    assert result.code == 1
    assert f"lienthong edxml {remedy} reads it" in one_sentence(result, "LT-CLI-105")


ODD = "a\u009bb\u007fc\u202ed\u2028e\u061cf\U000e0001g"


@pytest.mark.parametrize("words", [("to-json",), ("show", "--json"), ("check", "--json")], ids=" ".join)
def test_json_has_no_character_that_steers_a_terminal(run: Run, write_document: Write, words: tuple[str, ...]) -> None:
    """What isn't printable stands as an escape, and the value is the same."""
    path = write_document(subject=ODD, document_id=ODD, notation=ODD, attachments=attached((ODD, b"1")))
    result = run("edxml", words[0], "-", *words[1:], stdin=path.read_bytes())
    assert result.code == 0
    assert result.out.replace("\n", "").isprintable()
    plain = json.loads(result.out)
    if words != ("check", "--json"):
        assert plain.get("packet", plain)["subject"] == ODD


def test_error_of_json_is_vietnamese_where_the_language_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pointer stands in both languages; the words are Vietnamese."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "vi")
    path = tmp_path / "bad.json"
    path.write_text('{"format": "lienthong-edxml/1", "kind": "status", "sendr": {}}')
    assert "bad.json /sendr: không có thành phần này (có phải là sender?)." in run("edxml", "from-json", path).err


def by_reference(path: Path, reference: str, content: bytes = b"%PDF-1.4 made up", **changes: object) -> None:
    """Write the JSON of a packet whose attachment stands in a file."""
    [attachment] = attached(("x.pdf", content))
    packet = as_read(path)
    plain: Any = packet_to_json(replace(packet, attachments=(attachment,)), refer=lambda _blob, _name: reference)
    plain["attachments"][0]["content"].update(changes)
    (path.parent / "x.json").write_text(json.dumps(plain), encoding="utf-8")


def test_reference_out_of_the_folder_is_never_read(run: Run, write_document: Write, tmp_path: Path) -> None:
    """Neither upwards nor absolute nor by a link is anything read outside the folder of the JSON."""
    path = write_document()
    outside = tmp_path.parent / f"{tmp_path.name}-outside.pdf"
    outside.write_bytes(b"%PDF-1.4 made up")
    (tmp_path / "link.pdf").symlink_to(outside)
    (tmp_path / "up").symlink_to(tmp_path.parent, target_is_directory=True)
    for reference in (f"../{outside.name}", str(outside), "link.pdf", f"up/{outside.name}"):
        by_reference(path, reference)
        result = run("edxml", "from-json", tmp_path / "x.json", "-o", tmp_path / "out.edxml")
        assert result.code == 1
        assert "/attachments/0/content/file" in one_sentence(result, "LT-EDXML-008")
        assert not (tmp_path / "out.edxml").exists()
    (tmp_path / "real.pdf").write_bytes(b"%PDF-1.4 made up")
    (tmp_path / "inner.pdf").symlink_to("real.pdf")
    by_reference(path, "inner.pdf")
    assert run("edxml", "from-json", tmp_path / "x.json", "-o", tmp_path / "out.edxml").code == 0


def test_reference_without_its_bytes_is_refused(run: Run, write_document: Write, tmp_path: Path) -> None:
    """A missing file, another kind of file, other bytes and a wrong digest are errors that name the place."""
    path = write_document()
    (tmp_path / "there.pdf").write_bytes(b"%PDF-1.4 made up")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    cases: list[tuple[str, dict[str, object], str]] = [
        ("missing.pdf", {}, "No such file"),
        ("folder", {}, "Is a directory"),
        ("pipe", {}, "Invalid argument"),
        ("loop", {}, "symbolic links"),
        ("there.pdf", {"sha256": "0" * 64}, "the file isn't the one that the JSON describes: its SHA-256"),
        ("there.pdf", {"size": 3}, "the file isn't the one that the JSON describes: it has 16 bytes"),
    ]
    for reference, changes, expected in cases:
        by_reference(path, reference, **changes)
        result = run("edxml", "from-json", tmp_path / "x.json")
        assert result.code == 1
        assert expected in one_sentence(result, "LT-EDXML-007")
        assert result.out == ""


def test_value_that_no_packet_can_carry_writes_nothing(run: Run, write_document: Write, tmp_path: Path) -> None:
    """A character that XML can't have is named by its element; a file that was there stays as it was."""
    plain = packet_to_json(as_read(write_document()))
    target = tmp_path / "out.edxml"
    target.write_bytes(b"before")
    result = run("edxml", "from-json", "-", "-o", target, stdin=json.dumps({**plain, "subject": "a\x00b"}).encode())
    assert result.code == 1
    one_sentence(result, "LT-EDXML-004")
    assert target.read_bytes() == b"before"
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []


# Writing files


@pytest.mark.parametrize("words", [("to-json",), ("from-json",)], ids=" ".join)
def test_output_is_replaced_whole_and_keeps_its_rights(run: Run, write_document: Write, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A regular file is replaced by one with the same rights, in one step."""
    path = write_document()
    if words == ("from-json",):
        path = Path(str(path) + ".json")
        path.write_text(json.dumps(packet_to_json(as_read(write_document()))), encoding="utf-8")
    target = tmp_path / "out"
    target.write_bytes(b"before")
    target.chmod(0o600)
    node = target.stat().st_ino
    assert run("edxml", *words, path, "-o", target).code == 0
    assert target.stat().st_ino != node
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert b"H42.12" in target.read_bytes()


def test_only_regular_files_are_replaced(run: Run, write_document: Write, tmp_path: Path) -> None:
    """Links, folders and pipes are left as they are, and so is the file that is read."""
    path, aim = write_document(), tmp_path / "aim"
    aim.write_bytes(b"before")
    (tmp_path / "link").symlink_to(aim)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "hard.edxml").hardlink_to(path)
    before = path.read_bytes()
    for name in ("link", "dangling", "folder", "pipe", path.name, "hard.edxml"):
        result = run("edxml", "to-json", path, "-o", tmp_path / name)
        assert result.code == 2
        assert name in one_sentence(result, "LT-CLI-009")
    assert aim.read_bytes() == b"before"
    assert path.read_bytes() == before
    assert not (tmp_path / "nowhere").exists()


def test_output_that_cannot_be_written_is_named(run: Run, write_document: Write, tmp_path: Path) -> None:
    """A folder that isn't there, or a file in place of a folder, is named as it was given; exit code 2."""
    path = write_document()
    for target in (tmp_path / "no" / "x.json", path / "x.json"):
        result = run("edxml", "to-json", path, "-o", target)
        assert result.code == 2
        assert str(target) in one_sentence(result, "LT-CLI-001")
    for words in (("extract", path, "-o", path), ("to-json", path, "-o", tmp_path / "x.json", "--attachments", path)):
        result = run("edxml", *words)
        assert result.code == 2
        assert f"{path.name} can't be used: Not a directory." in one_sentence(result, "LT-CLI-001")


def test_nothing_is_left_of_a_file_that_could_not_be_finished(
    run: Run, write_document: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full midway leaves no half file behind, neither under the name nor beside it."""

    def full(_descriptor: int, _content: object) -> int:
        raise OSError(28, "No space left on device")

    path, folder = write_document(), tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(edxml_files.os, "write", full)
    for words in (("to-json", path, "-o", folder / "x.json"), ("extract", path, "-o", folder)):
        result = run("edxml", *words)
        assert result.code == 2
        assert "No space left" in one_sentence(result, "LT-CLI-001")
        assert list(folder.iterdir()) == []


# extract


def test_attachments_are_written_with_type_size_and_digest(run: Run, samples: Path, tmp_path: Path) -> None:
    """A sample whose document travelled in a zip gives the document itself, and every line is right."""
    result = run("edxml", "extract", samples / "edxml" / "document-new.edxml", "-o", tmp_path / "out", "--json")
    assert result.code == 0
    listed = json.loads(result.out)["attachments"]
    assert listed
    for item in listed:
        content = Path(item["file"]).read_bytes()
        assert Path(item["file"]).parent == tmp_path / "out"
        assert (len(content), hashlib.sha256(content).hexdigest()) == (item["size"], item["sha256"])
    plain = run("edxml", "extract", samples / "edxml" / "document-new.edxml", "-o", tmp_path / "out")
    for item in listed:
        assert item["sha256"] in plain.out
        assert item["media_type"] in plain.out


def test_every_sample_can_be_extracted(run: Run, sample_paths: list[Path], tmp_path: Path) -> None:
    """Every packet of other software gives its files, twice the same, and its attachments as the reader has them."""
    for path in sample_paths:
        packet = as_read(path)
        count = len(packet.attachments) if isinstance(packet, DocumentPacket) else 0
        for _ in range(2):
            result = run("edxml", "extract", path, "-o", tmp_path / path.stem, "--json")
            assert result.code == 0
            assert len(json.loads(result.out)["attachments"]) == count


def test_names_never_lead_out_and_never_meet(run: Run, write_document: Write, tmp_path: Path) -> None:
    """Attachments of one name get different files, and none leaves the folder, whatever it is called."""
    folder = tmp_path / "a" / "b"
    pairs = (("../../x.pdf", b"1"), ("x.pdf", b"2"), ("/etc/x.pdf", b"3"), ("..", b"4"), ("CON", b"5"), ("a\u202egpj.exe", b"6"))
    path = write_document(attachments=attached(*pairs))
    assert run("edxml", "extract", path, "-o", folder).code == 0
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file != path]
    assert all(file.parent == folder for file in files)
    assert sorted(file.read_bytes() for file in files) == [b"1", b"2", b"3", b"4", b"5", b"6"]
    assert {"x.pdf", "x (2).pdf", "x (3).pdf"} <= {file.name for file in files}


def test_file_that_is_there_is_kept(run: Run, write_document: Write, tmp_path: Path) -> None:
    """The same content is fine; anything else under one of the names stops the command before it writes a single file."""
    path, folder = write_document(attachments=attached(("a.bin", b"a"), ("b.bin", b"b"))), tmp_path / "out"
    assert run("edxml", "extract", path, "-o", folder).code == 0
    assert run("edxml", "extract", path, "-o", folder).code == 0
    (folder / "a.bin").unlink()
    for block in (lambda file: file.write_bytes(b"mine"), lambda file: file.mkdir(), lambda file: file.symlink_to(path)):
        other = folder / "b.bin"
        other.rmdir() if other.is_dir() else other.unlink()
        block(other)
        result = run("edxml", "extract", path, "-o", folder)
        assert result.code == 2
        assert "b.bin" in one_sentence(result, "LT-CLI-009")
        assert not (folder / "a.bin").exists()


def test_packet_without_attachments_says_so(run: Run, write_document: Write, status_packet: Path, tmp_path: Path) -> None:
    """That is no mistake, and no folder is made for nothing."""
    for path in (status_packet, write_document(attachments=())):
        result = run("edxml", "extract", path, "-o", tmp_path / "out")
        assert (result.code, result.out) == (0, "")
        assert "no attachments" in result.err
        assert json.loads(run("edxml", "extract", path, "-o", tmp_path / "out", "--json").out)["attachments"] == []
    assert not (tmp_path / "out").exists()


# Hostile packets


@pytest.mark.parametrize("words", [("to-json",), ("extract", "-o", "out")], ids=" ".join)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"xin ch\xc3\xa0o", "LT-XML-001"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "LT-XML-002"),
        (b"<a/>", "LT-EDXML-001"),
        (None, "LT-EDXML-003"),
    ],
    ids=["not XML", "DOCTYPE", "not a packet", "truncated base64"],
)
def test_what_is_no_packet_is_refused_before_anything_is_written(
    run: Run,
    write_document: Write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    content: bytes | None,
    code: str,
) -> None:
    """What can't be read is one sentence, exit code 1, and no file."""
    monkeypatch.chdir(tmp_path)
    path = write_document()
    if content is None:
        content = re.sub(rb"=*(</[\w:]*ContentTransferEncoded>)", rb"A\1", path.read_bytes())
    path.write_bytes(content)
    result = run("edxml", words[0], path, *words[1:])
    assert result.code == 1
    assert result.out == ""
    one_sentence(result, code)
    assert not Path("out").exists()


def test_zip_bomb_is_refused(run: Run, write_document: Write, tmp_path: Path) -> None:
    """An attachment that would unpack to far more than it is worth is no file of ours."""
    path = write_document(attachments=attached(("x.doc", zipped(("x.doc", bytes(40 << 20))))))
    result = run("edxml", "extract", path, "-o", tmp_path / "out")
    assert result.code == 1
    one_sentence(result, "LT-EDXML-005")
    assert not (tmp_path / "out").exists()


# Streams


def in_shell(words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    lienthong = f"{sys.executable} -c 'from lienthong.cli.main import main; main()'"
    script = f'set -o pipefail; lienthong() {{ {lienthong} "$@"; }}; {words}'
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=folder, timeout=60, check=False)


def test_commands_can_be_piped(write_document: Write, tmp_path: Path) -> None:
    """A packet goes through two pipes as it is, the JSON by a reference to a file of the present folder."""
    path = write_document()
    words = f"lienthong edxml to-json - --attachments files < '{path.name}' | lienthong edxml from-json - | cmp - '{path.name}'"
    done = in_shell(words, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("words", ["show", "show --json", "to-json", "check --json --profile send", "extract -o out --json"])
def test_reader_that_has_enough_ends_the_command_quietly(write_document: Write, tmp_path: Path, words: str) -> None:
    """A pipe that is closed early gives the exit code of a program that SIGPIPE ends, and no word."""
    path = write_document()
    done = in_shell(f"lienthong edxml {words} '{path.name}' | true; exit ${{PIPESTATUS[0]}}", tmp_path)
    assert (done.returncode, done.stderr) == (141, "")
