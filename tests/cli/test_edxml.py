"""`edxml check` and `edxml show`."""

import dataclasses
import hashlib
import itertools
import json
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.cli.edxml_show import LABELS, show_packet
from lienthong.cli.output import Output
from lienthong.core.blob import Blob
from lienthong.schemas.codes import BusinessType
from lienthong.schemas.edxml import PROFILES, DocumentPacket, OtherElement, StatusPacket
from lienthong.schemas.edxml import models as edxml_models
from lienthong.schemas.edxml.models import Attributes
from lienthong.signing import SignatureReport

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
    assert error["place"]["path"].endswith("MessageHeader/Subject")
    assert "bắt buộc" in error["vi"]
    assert (error["certainty"], bool(error["source"])) == ("V", True)


def test_findings_are_shown_with_line_path_and_source_of_the_rule(run: Run, write_document: Callable[..., Path]) -> None:
    """A finding says on which line of which element, where its rule stands, and how sure that is."""
    said, where = run("edxml", "check", write_document(due_date="2014/02/30")).out.splitlines()[:2]
    assert re.search(r"^warning LT-EDXML-\d+ .*DueDate", said)
    assert re.search(r"^  line \d+ · DueDate · \S.* \[[PVCSI]\]$", where)


def test_every_profile_can_be_asked_for_and_stands_in_the_help(run: Run, write_document: Callable[..., Path]) -> None:
    """What one axis is known to refuse is an error in its profile; a profile that doesn't exist is wrong use, and all are named."""
    path, listed = write_document(number="123456789012"), run("edxml", "check", "--help").out
    codes = {name: run("edxml", "check", "--profile", name, path).code for name in PROFILES}
    assert codes == {name: int(name == "axis-bkav") for name in PROFILES}
    assert all(re.search(rf"\b{name}\b", " ".join(listed.split())) for name in PROFILES)
    result = run("edxml", "check", "--profile", "axis-x", "no-such-file")
    assert result.code == 2
    assert all(name in result.err for name in ("LT-EDXML-009", *PROFILES))


def test_packet_is_read_from_standard_input(run: Run, write_document: Callable[..., Path]) -> None:
    """A file name of - reads standard input."""
    assert run("edxml", "check", "-", stdin=write_document().read_bytes()).code == 0


def test_document_is_shown_with_recipients_and_attachments(run: Run, write_document: Callable[..., Path]) -> None:
    """A document shows its header, its recipients, and its attachments with size, media type and SHA-256."""
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
        hashlib.sha256(PDF).hexdigest(),
        "2026-11-20 08:02:03",
        "Nguyễn Văn Mẫu",
    ):
        assert text in result.out
    assert "Signature" in result.out
    assert "none" in result.out


def test_document_as_json_is_the_form_of_to_json_without_the_bytes(run: Run, write_document: Callable[..., Path]) -> None:
    """`--json` prints what to-json writes, of each content only digest and size; odd text stays apart, and the signature stands beside it."""
    path = write_document(due_date="2014/02/30")
    shown, written = json.loads(run("edxml", "show", "--json", path).out), json.loads(run("edxml", "to-json", path).out)
    assert shown.keys() == {"packet", "signature"}
    assert shown["signature"]["state"] == "none"
    assert shown["packet"]["due_date"] == {"text": "2014/02/30"}
    assert shown["packet"]["attachments"][0]["content"] == {"sha256": hashlib.sha256(PDF).hexdigest(), "size": len(PDF)}
    del written["attachments"][0]["content"]["base64"]
    assert shown["packet"] == written


def test_labels_are_the_terms_of_the_schema(run: Run, write_document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The Vietnamese names of values are those that packet.xsd gives their elements."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "vi")
    other = edxml_models.OtherInfo(sphere="nội bộ", direction=True)
    shown = run("edxml", "show", write_document(due_date=date(2026, 12, 1), other=other)).out
    for term in ("Thông tin khác · phạm vi ban hành", "Thông tin khác · văn bản chỉ đạo", "Hạn trả lời", "Số và ký hiệu"):
        assert re.search(rf"^{term} ", shown, re.MULTILINE), term


def test_json_has_no_escapes_and_is_in_normal_form_c(run: Run, write_document: Callable[..., Path]) -> None:
    """`--json` is UTF-8 as people read it."""
    path = write_document(subject=unicodedata.normalize("NFD", "Về việc kết nối"))
    assert "Về việc kết nối" in run("edxml", "show", "--json", path).out


def test_status_is_shown_with_its_meaning(run: Run, status_packet: Path) -> None:
    """A status packet shows its code and meaning, which document it is about, and when."""
    result = run("edxml", "show", status_packet)
    assert result.code == 0
    for text in ("03 Accepted", "7/TTr-SKHCN", "2026-11-20 09:00:00", "Đã vào sổ"):
        assert text in result.out
    assert json.loads(run("edxml", "show", "--json", status_packet).out)["packet"]["kind"] == "status"


def marked(hint: Any, numbers: Iterator[int]) -> Any:
    """A value of a type in which every text, name and size is another one."""
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    kinds = [kind for kind in typing.get_args(hint) if kind is not types.NoneType] if union else [hint]
    kind = str if str in kinds else kinds[0]
    if kind == Attributes:
        return ((f"mark{next(numbers)}", f"mark{next(numbers)}"),)
    if typing.get_origin(kind) is tuple:
        return tuple(marked(typing.get_args(kind)[0], numbers) for _ in range(2))
    if kind is OtherElement:
        return OtherElement(name=f"mark{next(numbers)}", text=f"mark{next(numbers)}", inside=f"mark{next(numbers)}")
    if dataclasses.is_dataclass(kind) and kind is not Blob:
        return kind(**{name: marked(inner, numbers) for name, inner in typing.get_type_hints(kind).items()})
    made = {Blob: Blob.of_bytes(bytes(100_000 + next(numbers))), BusinessType: BusinessType.REPLACE, str: f"mark{next(numbers)}"}
    return made[kind]


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Blob):
        yield str(value.size)
    elif isinstance(value, tuple):
        for item in value:
            yield from leaves(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("model", [DocumentPacket, StatusPacket])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_nothing_in_a_packet_stays_unseen(
    model: type, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every value in any field of any model is shown, in both languages."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", language)
    packet = marked(model, itertools.count())
    show_packet(Output(), packet, SignatureReport(state="none"))
    shown = set(re.findall(r"\w+", capsys.readouterr().out))
    assert [text for text in leaves(packet) if text and text not in shown] == []


def test_what_is_missing_is_told_apart_from_what_is_empty(run: Run, write_document: Callable[..., Path]) -> None:
    """A packet that doesn't say what it does is shown as such; an empty manifest isn't the list of the attachments."""
    result = run("edxml", "show", write_document(business=None, manifest=()))
    assert re.search(r"^Does +New document \(not stated\)$", result.out, re.MULTILINE)
    assert re.search(r"^Manifest +empty$", result.out, re.MULTILINE)
    assert "Manifest" not in run("edxml", "show", write_document()).out


def test_label_of_every_field_is_known_in_vietnamese() -> None:
    """No model has a field that the table of labels lacks, and the table has none that no model has."""
    models = [found for found in vars(edxml_models).values() if dataclasses.is_dataclass(found) and found not in (Blob, OtherElement)]
    fields = {field.name for model in models for field in dataclasses.fields(model)}
    assert fields == set(LABELS)


def test_way_in_which_attachments_travelled_is_shown(run: Run, samples: Path) -> None:
    """A file that came in a zip is shown as the file, with the label and the size of what came."""
    result = run("edxml", "show", samples / "edxml" / "document-new.edxml")
    assert re.search(r"application/zip, wrapped in \d+ bytes", result.out)


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
