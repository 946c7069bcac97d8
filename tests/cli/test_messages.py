"""`send`, `inbox` and `message` against a real ledger and a real sandbox."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from lienthong.sandbox import Sandbox

Run = Callable[..., Any]

LETTER = (
    "--from", "H42.12", "--to", "H42.13", "--to", "G22", "--number", "12", "--notation", "TTr-SKHCN",
    "--subject", "Về việc kết nối, liên thông", "--signer", "Nguyễn Văn Mẫu", "--position", "Giám đốc",
    "--date", "2026-11-20", "--place", "Ninh Bình", "--type-name", "Tờ trình",
)  # fmt: skip


def test_sent_document_is_accepted_delivered_and_answered(run: Run, settings: Path, tmp_path: Path) -> None:
    """A document with an attachment goes out, comes in, and its automatic 01 stands in the sender's timeline."""
    attached = tmp_path / "tờ trình.pdf"
    attached.write_bytes(b"%PDF-1.4 made up")
    accepted = run("--settings", settings, "send", *LETTER, "--attach", attached)
    assert accepted.code == 0
    assert "worker" in accepted.err
    for text in ("H42.12|12|TTr-SKHCN|2026|0|0", "H42.13", "G22", "queued"):
        assert text in accepted.out
    message = accepted.out.split()[1]
    for _ in range(2):
        for route in ("documents-out", "documents-in"):
            assert run("--settings", settings, "worker", "--once", "--route", route).code == 0
    inbox = run("--settings", settings, "inbox", "--organisation", "H42.13")
    assert inbox.code == 0
    assert "12/TTr-SKHCN" in inbox.out
    assert "waiting" in inbox.out
    shown = run("--settings", settings, "message", message)
    assert shown.code == 0
    for text in ("H42.12 → ", "sent", "01 Received by the software", "accepted"):
        assert text in shown.out
    [received] = json.loads(run("--settings", settings, "inbox", "--json").out)["messages"]
    came = json.loads(run("--settings", settings, "message", received["id"], "--json").out)
    assert came["message"]["counterparts"] == ["H42.12"]
    assert (
        came["message"]["packet_sha256"]
        == json.loads(run("--settings", settings, "message", message, "--json").out)["message"]["packet_sha256"]
    )


def test_same_document_again_is_accepted_and_said_to_be_a_duplicate(run: Run, settings: Path) -> None:
    """The same document twice is one message; the second receipt says so and the exit code is 0."""
    first, second = (json.loads(run("--settings", settings, "send", *LETTER, "--json").out) for _ in range(2))
    assert first["id"] == second["id"]
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    again = run("--settings", settings, "send", *LETTER)
    assert again.code == 0
    assert "accepted before" in again.err


def test_same_number_with_other_content_is_a_conflict_unless_it_is_a_revision(run: Run, settings: Path) -> None:
    """Another content under the same key is refused by name; with `--revision` it is a message of its own."""
    other = [*LETTER, "--subject", "Nội dung khác"]
    assert run("--settings", settings, "send", *LETTER).code == 0
    refused = run("--settings", settings, "send", *other)
    assert refused.code == 1
    assert "LT-SEND-002" in refused.err
    assert run("--settings", settings, "send", *other, "--revision", "1").code == 0


def test_document_without_date_is_of_today_in_vietnam(run: Run, settings: Path) -> None:
    """Without `--date` a document is issued on the present day of Asia/Ho_Chi_Minh."""
    options = [option for option in LETTER if option not in ("--date", "2026-11-20")]
    sent = json.loads(run("--settings", settings, "send", *options, "--json").out)
    shown = json.loads(run("--settings", settings, "message", sent["id"], "--json").out)
    today = datetime.now(timezone(timedelta(hours=7)))
    assert shown["message"]["document_id"].split(",")[1] in (f"{today:%Y/%m/%d}", f"{today - timedelta(minutes=5):%Y/%m/%d}")


def test_every_rule_that_a_document_breaks_is_named(run: Run, settings: Path) -> None:
    """A document that can't be sent is refused with every problem, a line each; exit code 1."""
    result = run("--settings", settings, "send", *LETTER, "--subject", " ", "--signer", " ")
    assert result.code == 1
    assert result.err.count("LT-EDXML-201") >= 2
    assert result.err.splitlines()[-1].startswith("LT-SEND-001 ")


def test_ready_packet_travels_as_it_is(run: Run, settings: Path, sandbox: Sandbox, write_document: Callable[..., Path]) -> None:
    """A packet that is ready is sent byte for byte, from a file or from standard input."""
    path = write_document()
    assert run("--settings", settings, "send", "--packet", path).code == 0
    again = run("--settings", settings, "send", "--packet", "-", stdin=path.read_bytes())
    assert again.code == 0
    assert "accepted before" in again.err
    assert run("--settings", settings, "worker", "--once", "--route", "documents-out").code == 0
    [packet] = sandbox.axis.packets()
    assert packet.content == path.read_bytes()


def test_packet_with_other_options_is_wrong_use(run: Run, settings: Path, write_document: Callable[..., Path]) -> None:
    """What a ready packet says itself can't be said a second time."""
    assert run("--settings", settings, "send", "--packet", write_document(), "--to", "G22").code == 2


def test_document_without_recipient_or_number_is_wrong_use(run: Run, settings: Path) -> None:
    """What a document needs is asked for by the option's name."""
    assert "--to" in run("--settings", settings, "send", "--number", "1").err
    result = run("--settings", settings, "send", "--to", "G22", "--subject", "Về việc", "--signer", "A")
    assert result.code == 2
    assert "--number, --notation" in result.err.replace("\n", " ")


def test_unknown_organisation_of_an_inbox_gets_the_nearest_right_one(run: Run, settings: Path) -> None:
    """An inbox of an organisation that isn't ours is a mistake of configuration."""
    result = run("--settings", settings, "inbox", "--organisation", "H42.1")
    assert result.code == 2
    assert "LT-SETTINGS-003" in result.err
    assert "did you mean H42" in result.err


def test_unknown_message_is_not_found(run: Run, settings: Path) -> None:
    """A message that the ledger doesn't have gives exit code 1."""
    result = run("--settings", settings, "message", "nope")
    assert result.code == 1
    assert "LT-LEDGER-001" in result.err


def test_packet_of_no_inbox_stands_in_quarantine_with_its_reason(run: Run, settings: Path, write_document: Callable[..., Path]) -> None:
    """A packet for an organisation that these settings don't serve is listed in quarantine, with why."""
    text = settings.read_text(encoding="utf-8")
    assert run("--settings", settings, "send", "--packet", write_document()).code == 0
    assert run("--settings", settings, "worker", "--once", "--route", "documents-out").code == 0
    without = text.replace("  H42.13:\n    name: Sở Xây dựng\n", "").replace("    - H42.13\n", "")
    settings.write_text(without, encoding="utf-8")
    run("--settings", settings, "worker", "--once", "--route", "documents-in")
    listed = run("--settings", settings, "inbox", "--quarantine")
    assert listed.code == 0
    assert "LT-RECEIVE-001" in listed.out
    [packet] = json.loads(run("--settings", settings, "inbox", "--quarantine", "--json").out)["quarantine"]
    assert packet["problem"]["code"] == "LT-RECEIVE-001"
    assert run("--settings", settings, "inbox", "--quarantine", "--organisation", "H42.13").code == 2


def test_settings_come_from_the_environment_where_no_option_names_them(
    run: Run, settings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`LIENTHONG_SETTINGS` counts less than an option, and more than ./lienthong.yaml."""
    monkeypatch.setenv("LIENTHONG_SETTINGS", str(settings))
    assert run("inbox").code == 0
    assert run("inbox", "--settings", tmp_path / "none.yaml").code == 2
    monkeypatch.delenv("LIENTHONG_SETTINGS")
    monkeypatch.chdir(settings.parent)
    assert run("inbox").code == 0
