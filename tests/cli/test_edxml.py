"""`edxml check` and `edxml show`."""

import hashlib
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PDF = b"%PDF-1.4 made up"


def test_good_packet_has_no_finding(run: Run, write_document: Callable[..., Path]) -> None:
    """A packet that breaks no rule gives exit code 0, by both profiles, and nothing on standard output."""
    for profile in ("read", "send"):
        result = run("edxml", "check", "--profile", profile, write_document())
        assert (result.code, result.out) == (0, "")
        assert "errors 0, warnings 0" in result.err


def test_packet_without_subject_is_an_error_only_before_sending(run: Run, write_document: Callable[..., Path]) -> None:
    """What a sender must mend is worth only a warning to whoever receives it."""
    path = write_document(subject="")
    read, send = run("edxml", "check", path), run("edxml", "check", "--profile", "send", path)
    assert (read.code, send.code) == (0, 1)
    assert "warning" in read.out
    assert "LT-EDXML-201" in send.out
    assert "Subject" in send.out


def test_check_as_json_is_one_document_with_every_finding(run: Run, write_document: Callable[..., Path]) -> None:
    """`--json` prints one document: counts, and findings with code, both sentences and place."""
    result = run("edxml", "check", "--profile", "send", "--json", write_document(subject=""))
    found = json.loads(result.out)
    assert found["errors"] == 1
    [error] = [finding for finding in found["findings"] if finding["level"] == "error"]
    assert error["code"] == "LT-EDXML-201"
    assert error["place"]["path"] == "Subject"
    assert "bắt buộc" in error["vi"]


def test_packet_is_read_from_standard_input(run: Run, write_document: Callable[..., Path]) -> None:
    """A file name of - reads standard input."""
    assert run("edxml", "check", "-", stdin=write_document().read_bytes()).code == 0


def test_document_is_shown_with_recipients_and_attachments(run: Run, write_document: Callable[..., Path]) -> None:
    """A document shows its header, its recipients, and its attachments with size, media type and the beginning of their SHA-256."""
    result = run("edxml", "show", write_document())
    assert result.code == 0
    for text in (
        "7/TTr-SKHCN",
        "Về việc kết nối, liên thông",
        "H42.13",
        "Văn phòng Chính phủ",
        "tờ trình.pdf",
        "application/pdf",
        str(len(PDF)),
        hashlib.sha256(PDF).hexdigest()[:16],
        "2026-11-20 08:02:03",
        "Nguyễn Văn Mẫu",
    ):
        assert text in result.out
    assert "Signature" in result.out
    assert "none" in result.out


def test_document_as_json_carries_whole_digests_and_no_escapes(run: Run, write_document: Callable[..., Path]) -> None:
    """`--json` is UTF-8 without escapes, in normal form C, with whole digests and times with their offset."""
    path = write_document(subject=unicodedata.normalize("NFD", "Về việc kết nối"))
    result = run("edxml", "show", "--json", path)
    assert "Về việc kết nối" in result.out
    shown = json.loads(result.out)
    assert shown["kind"] == "document"
    assert shown["packet"]["code"] == "7/TTr-SKHCN"
    assert shown["packet"]["attachments"][0]["content"] == {"sha256": hashlib.sha256(PDF).hexdigest(), "size": len(PDF)}
    assert shown["packet"]["trace"][0]["timestamp"] == "2026-11-20T08:02:03+07:00"
    assert shown["signature"]["state"] == "none"


def test_status_is_shown_with_its_meaning(run: Run, status_packet: Path) -> None:
    """A status packet shows its code and meaning, which document it is about, and when."""
    result = run("edxml", "show", status_packet)
    assert result.code == 0
    for text in ("03 Accepted", "7/TTr-SKHCN", "2026-11-20 09:00:00", "Đã vào sổ"):
        assert text in result.out
    assert json.loads(run("edxml", "show", "--json", status_packet).out)["kind"] == "status"


def test_labels_and_meanings_are_vietnamese_where_the_locale_is(run: Run, status_packet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Vietnamese locale gives Vietnamese labels; `LIENTHONG_LANGUAGE` counts more than the locale."""
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    assert "03 Đã tiếp nhận" in run("edxml", "show", status_packet).out
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "en")
    assert "03 Accepted" in run("edxml", "show", status_packet).out


def test_text_in_a_packet_cannot_steer_the_terminal(run: Run, write_document: Callable[..., Path]) -> None:
    """Control characters and turned writing direction in a packet are shown by number, and markup is only text."""
    path = write_document(subject="[red]a[/red] \u009b31m \u202egpj.exe\nb")
    result = run("edxml", "show", path)
    assert "[red]a[/red] \\x9b31m \\u202egpj.exe b" in result.out
    assert run("edxml", "check", path).code == 0


def test_samples_of_others_are_shown_and_checked(run: Run, samples: Path) -> None:
    """Every packet of other software that can be read is shown, in both forms, and has no error in profile read."""
    paths = [path for path in sorted((samples / "edxml").glob("*.edxml")) if "broken" not in path.name]
    assert paths
    for path in paths:
        assert run("edxml", "check", path).code == 0
        assert run("edxml", "show", path).code == 0
        json.loads(run("edxml", "show", "--json", path).out)
