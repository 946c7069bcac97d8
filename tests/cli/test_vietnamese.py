"""What an operator reads where the language is Vietnamese."""

import ast
import json
import re
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import lienthong.sdk
from lienthong.cli.errors import FileUnusable, PortUnusable
from lienthong.cli.vocabulary import EVENTS, WORDS, words
from lienthong.connectors.port import Health
from lienthong.core.errors import Words
from lienthong.sdk import Exchange
from lienthong.sdk.ledger.states import InboxState
from lienthong.sdk.records import Delivery, MessageSummary
from lienthong.signing.report import State

Run = Callable[..., Any]

LETTER = ("--from", "H42.12", "--to", "H42.13", "--number", "12", "--notation", "TTr-SKHCN", "--subject", "Về việc", "--signer", "Mẫu")
ENGLISH = re.compile(
    r"\b(?:sent|queued|waiting|leased|handed|document|new|none|valid|accepted|received|refused|packet|bytes|portal|dossiers)\b"
)


def recorded_events() -> Iterator[str]:
    """Every event about a message that the ledger's code writes down."""
    for path in Path(lienthong.sdk.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "record_event":
                match node.args[2:], {word.arg: ast.unparse(word.value) for word in node.keywords}:
                    case [ast.Constant(value=str(event))], about if "message" in about["subject"] or about["subject"] == "before.id":
                        yield event
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_EVENTS":
                yield from (value.value for value in node.value.values)


def test_every_word_of_a_table_is_known() -> None:
    """States, kinds, verdicts and events that can stand in a table have a Vietnamese word."""
    kinds = typing.get_args(typing.get_type_hints(MessageSummary)["kind"])
    shown = {*typing.get_args(typing.get_type_hints(Delivery)["state"]), "mixed", *map(str, InboxState), *kinds, *typing.get_args(State)}
    assert shown <= WORDS.keys()
    events = set(recorded_events())
    assert {"accepted", "sent", "received", "handed-over", "put-off"} <= events
    assert events <= EVENTS.keys()


def test_words_keep_the_values_of_a_phrase() -> None:
    """A phrase is translated, what stands in its braces is not, unless it is a word itself."""
    assert words("refused for {}", "Sở {}") == Words("refused for Sở {}", "bị từ chối, trả về Sở {}")
    assert words("{}, {}", words("sent"), "01") == Words("sent, 01", "đã gửi, 01")
    assert words("never heard of") == Words("never heard of", "never heard of")


def test_tables_are_vietnamese_and_json_is_not(run: Run, settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Receipt, inbox and message show no English word; `--json` keeps its ids."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "vi")
    accepted = run("--settings", settings, "send", *LETTER)
    assert "đang chờ gửi" in accepted.out
    message = accepted.out.split()[1]
    for route in ("documents-out", "documents-in"):
        assert run("--settings", settings, "worker", "--once", "--route", route).code == 0
    inbox = run("--settings", settings, "inbox")
    assert "chờ nhận" in inbox.out
    shown = run("--settings", settings, "message", message)
    for text in ("Văn bản mới", "đã gửi", "nhận gửi", "byte)"):
        assert text in shown.out
    came = run("--settings", settings, "message", inbox.out.split()[-1])
    for text in ("chờ nhận", "Chữ ký số   không có"):
        assert text in came.out
    for result in (accepted, inbox, shown, came):
        assert ENGLISH.findall(result.out.replace("worker", "")) == []
    plain = json.loads(run("--settings", settings, "message", message, "--json").out)["message"]
    assert (plain["kind"], plain["state"], plain["events"][0]["event"]) == ("document", "sent", "accepted")


def test_packet_is_shown_with_vietnamese_words(run: Run, write_document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """What a document does and the verdict on its signature are Vietnamese."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "vi")
    shown = run("edxml", "show", write_document())
    assert "Văn bản mới" in shown.out
    assert re.search(r"Chữ ký số +không có\n", shown.out)


def test_demo_speaks_vietnamese(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is being done and what became of it are Vietnamese to the last row."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "vi")
    result = run("demo", "--folder", tmp_path / "demo")
    assert result.code == 0
    for text in ("đã gửi, 01 03", "chữ ký số", "198 được tiếp nhận", "bị từ chối, trả về Sở Xây dựng", "một cửa → Cổng"):
        assert text in result.out
    table = [line for line in result.out.splitlines() if line.startswith("✓")]
    assert ENGLISH.findall("\n".join(table)) == []


def test_what_the_machine_reports_is_marked() -> None:
    """The operating system's own sentence stands as such in ours."""
    for error in (FileUnusable(path="a", reason="Permission denied"), PortUnusable(port=1, reason="Permission denied")):
        assert "(máy báo: Permission denied)" in error.sentence("vi")


def test_details_of_the_doctor_are_vietnamese(run: Run, settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a connection's check found, and that one is not ready without a problem of its own, is said in Vietnamese."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "vi")
    healths = {
        "a": Health(reachable=True, detail=Words("all well", "mọi thứ tốt")),
        "b": Health(reachable=False),
        "c": Health(reachable=False, detail=Words("asleep", "đang ngủ")),
    }
    monkeypatch.setattr(Exchange, "check", lambda _: healths)
    result = run("--settings", settings, "doctor")
    assert result.code == 1
    assert "mọi thứ tốt" in result.out
    assert "LT-CLI-102 Tạm thời không dùng được kết nối b: không nêu lý do." in result.out
    assert "LT-CLI-102 Tạm thời không dùng được kết nối c: đang ngủ." in result.out
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "en")
    plain = json.loads(run("--settings", settings, "doctor", "--json").out)["checks"]
    assert {line["name"]: line["detail"] for line in plain if line["check"] == "connection"} == {"a": "all well", "b": "", "c": "asleep"}
