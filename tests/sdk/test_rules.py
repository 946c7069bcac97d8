"""Who may do what, and what happens when two do it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lienthong.connectors.port import Sender
from lienthong.sandbox import Centre, Sandbox
from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import Party, ResponseFor, StatusPacket, write_packet
from lienthong.sdk import Document, Exchange
from lienthong.sdk.dispatch import _step, claim, resolve_ended_leases
from lienthong.sdk.errors import LeaseLost, NoRoute, ReasonMissing, RouteBusy, SenderUnclear, UnknownName, WrongProtocol
from lienthong.sdk.inbound import ASK_AGAIN_AFTER
from lienthong.sdk.keys import joined
from lienthong.sdk.ledger.ledger import take_lease
from lienthong.sdk.ledger.states import DOSSIER_STEPS, DossierState, TransmissionState, step
from lienthong.sdk.settings import parse_settings

if TYPE_CHECKING:
    from conftest import TurnedClock

Letter = Callable[..., Document]


def deliver(sender: Exchange, receiver: Exchange, document: Document, to: str, *, by: str) -> str:
    sent = sender.send(document, sender=by, to=[to])
    sender.run("documents-out")
    receiver.run("documents-in")
    return sent.id


def test_organisation_without_a_sending_route_cannot_send(province: Exchange, letter: Letter) -> None:
    """The settings decide who sends."""
    with pytest.raises(NoRoute):
        province.send(letter(), sender="G22", to=["H42.13"])


def test_sender_must_be_named_where_several_can_send(province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """With one it may be left out."""
    with pytest.raises(SenderUnclear):
        province.send(letter(), to=["G22"])
    assert ministry.send(letter(), to=["H42.12"]).key.startswith("G22|")


def test_settings_without_any_sending_route_say_so(
    settings_text: Callable[[Centre], str], sandbox: Sandbox, tmp_path: Path, letter: Letter
) -> None:
    """Not a list of nobody."""
    text = settings_text(sandbox.options.centres[1]).replace("  documents-out: {does: send, organisations: [G22], through: axis}\n", "")
    with Exchange(parse_settings(text, folder=tmp_path)) as exchange, pytest.raises(NoRoute):
        exchange.send(letter(), to=["H42.12"])


def test_connection_of_the_wrong_kind_is_named_with_what_is_needed(province: Exchange) -> None:
    """In both languages."""
    with pytest.raises(WrongProtocol) as caught:
        province.connection("one-door", Sender)
    assert caught.value.sentence("en") == "The connection one-door is of a kind that doesn't send packets."
    assert caught.value.sentence("vi") == "Kết nối one-door thuộc loại không gửi gói tin."


def test_unknown_organisation_asked_for_gets_the_nearest_name(province: Exchange) -> None:
    """Also in code, not only in settings."""
    with pytest.raises(UnknownName) as caught:
        list(province.receive(organisation="H42.1"))
    assert "did you mean H42.1" in str(caught.value)


def test_rejection_needs_its_reason(province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """Nobody but the clerk can write it."""
    deliver(province, ministry, letter(), "G22", by="H42.12")
    [received] = ministry.receive()
    with pytest.raises(ReasonMissing), received:
        received.answer(Status.REJECTED)
    [received] = ministry.receive()
    with received:
        received.answer(Status.REJECTED, reason="Sai thẩm quyền")
    assert [line.status for line in ministry.outbox() if line.kind == "status"] == [Status.REJECTED, Status.RECEIVED]


def test_failed_hand_over_is_written_down(province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """Why and how often an application failed can be read afterwards."""
    deliver(province, ministry, letter(), "G22", by="H42.12")
    for _ in range(2):
        [received] = ministry.receive()
        with pytest.raises(KeyError), received:
            raise KeyError
    [line] = ministry.inbox()
    assert [(event.event, event.detail) for event in ministry.message(line.id).events if event.event == "released"] == [
        ("released", "KeyError")
    ] * 2


def test_hand_over_in_the_callers_transaction_counts_only_when_it_commits(province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """`receive(connection=…)` makes taking over and saving one thing."""
    deliver(province, ministry, letter(), "G22", by="H42.12")
    with ministry.ledger.engine.connect() as connection, connection.begin() as transaction:
        [received] = ministry.receive(connection=connection)
        with received:
            received.answer(Status.ACCEPTED)
        transaction.rollback()
    [line] = ministry.inbox()
    assert line.state != "handed-over"
    assert [sent.status for sent in ministry.outbox()] == [Status.RECEIVED]


def test_document_whose_lease_ended_is_not_handed_over_by_the_late_one(
    province: Exchange, ministry: Exchange, letter: Letter, clock: TurnedClock
) -> None:
    """The second holder has it; the first learns that it was too slow."""
    deliver(province, ministry, letter(), "G22", by="H42.12")
    [slow] = ministry.receive()
    clock.turn(hours=1)
    [quick] = ministry.receive()
    with pytest.raises(LeaseLost), slow:
        pass
    with quick:
        pass
    assert ministry.inbox()[0].state == "handed-over"


def test_route_that_is_being_run_elsewhere_is_left_alone(province: Exchange) -> None:
    """Two runs at once would push the same dossiers."""
    take_lease(province.ledger, "dossiers-up", "somebody else", seconds=60)
    with pytest.raises(RouteBusy):
        province.run("dossiers-up")


def test_two_workers_on_one_line_send_each_document_once(sandbox: Sandbox, province: Exchange, letter: Letter) -> None:
    """Claims are exclusive."""
    for number in range(30):
        province.send(letter(number=str(number)), sender="H42.12", to=["H42.13"])
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: province.run("documents-out"), range(4)))
    assert sum(report.done for report in reports) == 30
    assert len(sandbox.axis.packets()) == 30


def test_same_document_from_many_threads_is_one_message(province: Exchange, letter: Letter) -> None:
    """Also to a recipient that the directory has to be asked about."""
    start = threading.Barrier(8)

    def send(_: int) -> str:
        start.wait()
        return province.send(letter(), sender="H42.12", to=["G22"]).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    assert len(province.outbox()) == 1


def test_statuses_about_one_document_go_out_in_the_order_given(
    sandbox: Sandbox, province: Exchange, ministry: Exchange, letter: Letter, clock: TurnedClock
) -> None:
    """Whatever a worker does at once."""
    deliver(province, ministry, letter(), "G22", by="H42.12")
    [received] = ministry.receive()
    with received:
        for status in (Status.ACCEPTED, Status.ASSIGNED, Status.PROCESSING, Status.FINISHED):
            clock.turn(seconds=1)
            received.answer(status)
    while ministry.run("documents-out").done:
        pass
    went = [packet.content for packet in sandbox.axis.packets() if packet.message_type == "status"]
    assert [next(code for code in Status if f">{code}</edXML:StatusCode>".encode() in content) for content in went] == [
        "01",
        "03",
        "04",
        "05",
        "06",
    ]


def test_known_recipient_is_not_asked_about_again_for_a_day(
    sandbox: Sandbox, province: Exchange, letter: Letter, clock: TurnedClock
) -> None:
    """The directory is remembered, and then checked anew."""
    for number, asked in (("1", 1), ("2", 1)):
        province.send(letter(number=number), sender="H42.12", to=["G22"])
        assert sandbox.axis.calls()["getAgenciesList"] == asked
    clock.turn(hours=25)
    province.send(letter(number="3"), sender="H42.12", to=["G22"])
    assert sandbox.axis.calls()["getAgenciesList"] == 2


def test_recipient_nobody_can_be_asked_about_is_accepted(sandbox: Sandbox, province: Exchange, letter: Letter) -> None:
    """The axis judges it when it is back; accepting doesn't depend on the network."""
    sandbox.stop()
    province.send(letter(), sender="H42.12", to=["G22"])
    assert province.outbox()[0].state == "queued"


def test_recall_by_status_is_noted_from_the_sender_and_refused_from_others(
    sandbox: Sandbox, province: Exchange, ministry: Exchange, letter: Letter
) -> None:
    """13 goes from sender to receiver; nothing is deleted."""
    sent = deliver(province, ministry, letter(), "G22", by="H42.12")
    detail = province.message(sent)
    about = ResponseFor(organisation="G22", code=detail.code, document_id=detail.document_id)
    recall = StatusPacket(
        sender=Party(code="H42.12"),
        response_for=about,
        status=Status.RECALL_REQUESTED,
        timestamp=province.clock.now().replace(microsecond=0),
        description="Gửi nhầm",
    )
    for packet in (recall, replace(recall, sender=Party(code="H42.13"))):
        province.send_packet(write_packet(packet))
    province.run("documents-out")
    assert ministry.run("documents-in").quarantined == 1
    [line] = ministry.inbox()
    assert [entry.status for entry in ministry.timeline(line.id).entries] == [Status.RECEIVED, Status.RECALL_REQUESTED]
    assert ministry.timeline(line.id).current("G22") is Status.RECALL_REQUESTED


def test_status_about_an_unknown_document_is_quarantined(province: Exchange, ministry: Exchange) -> None:
    """With the document that it names."""
    about = ResponseFor(organisation="G22", code="9/KHONG-CO", document_id="H42.12,2026/01/01,9/KHONG-CO")
    packet = StatusPacket(
        sender=Party(code="H42.12"), response_for=about, status=Status.ACCEPTED, timestamp=province.clock.now().replace(microsecond=0)
    )
    province.send_packet(write_packet(packet))
    province.run("documents-out")
    ministry.run("documents-in")
    assert ministry.quarantine()[0].problem.code == "LT-RECEIVE-002"


def test_unreadable_status_about_a_known_document_says_what_cannot_be_read(province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """Not that the document is unknown."""
    sent = province.message(deliver(province, ministry, letter(), "G22", by="H42.12"))
    about = ResponseFor(organisation="H42.12", code=sent.code, document_id=sent.document_id)
    ministry.send_packet(write_packet(StatusPacket(sender=Party(code="G22"), response_for=about, status="99", timestamp="hôm nay")))
    ministry.run("documents-out")
    province.run("documents-in")
    problem = province.quarantine()[0].problem
    assert (problem.code, problem.fields["element"]) == ("LT-RECEIVE-006", "StatusCode")


def test_packets_that_cannot_be_fetched_block_nothing_and_stay_with_the_axis(
    sandbox: Sandbox, settings_text: Callable[[Centre], str], ministry: Exchange, letter: Letter, tmp_path: Path, clock: TurnedClock
) -> None:
    """Four packets above this connection's limit, and a good one behind them."""
    attachment = tmp_path / "lớn.bin"
    attachment.write_bytes(b"\0" * 30_000)
    for number in range(4):
        ministry.send(letter(number=str(number)), to=["H42.12"], attachments=[attachment])
    ministry.send(letter(number="9"), to=["H42.12"])
    ministry.run("documents-out")
    text = settings_text(sandbox.options.centres[0]).replace("kind: document_axis,", "kind: document_axis, max_packet_bytes: 20000,")
    with Exchange(parse_settings(text, folder=tmp_path), clock=clock) as province:
        report = province.run("documents-in")
        assert (report.done, report.quarantined) == (1, 4)
        assert {line.packet_sha256 for line in province.quarantine()} == {None}
        assert province.run("documents-in").quarantined == 0
        clock.turn(seconds=ASK_AGAIN_AFTER.total_seconds() + 1)
        assert province.run("documents-in").quarantined == 4
    waiting = [packet for packet in sandbox.axis.packets() if packet.centres["00.42.W00"].status == "initial"]
    assert len(waiting) == 4


def test_step_that_the_table_does_not_have_is_a_mistake() -> None:
    """The code can't step past the table from which the docs are drawn."""
    with pytest.raises(ValueError, match="no step"):
        step(DOSSIER_STEPS, DossierState.ACCEPTED, DossierState.UNCERTAIN)


def test_pauses_between_attempts_grow_to_a_bound() -> None:
    """Doubled each time, ten minutes at most, and never shorter than the remote system asked for."""
    from lienthong.sdk.backoff import delay  # noqa: PLC0415

    assert delay(1) <= timedelta(seconds=5)
    assert timedelta(minutes=5) <= delay(50) <= timedelta(minutes=10)
    assert delay(1, retry_after=120) == timedelta(seconds=120)


def test_worker_that_lost_its_claim_writes_nothing_down(province: Exchange, letter: Letter, clock: TurnedClock) -> None:
    """The attempt number fences off who held a transmission before."""
    province.send(letter(), sender="H42.12", to=["H42.13"])
    held = {"through": "axis", "organisations": ["H42.12"], "limit": 1}
    [slow] = claim(province.ledger, province.blobs, **held)
    clock.turn(hours=1)
    resolve_ended_leases(province.ledger, "axis")
    [quick] = claim(province.ledger, province.blobs, **held)
    steps = (TransmissionState.CLAIMED, TransmissionState.SENDING)
    with province.ledger.begin() as connection:
        assert not _step(connection, province.ledger, slow.transmission, slow.attempt, steps)
        assert _step(connection, province.ledger, quick.transmission, quick.attempt, steps)


def test_route_over_a_connection_that_cannot_serve_it_is_found_before_it_runs(
    settings_text: Callable[[Centre], str], sandbox: Sandbox, tmp_path: Path
) -> None:
    """`doctor` tells it, not the first document."""
    text = settings_text(sandbox.options.centres[0]).replace(
        "documents-in: {does: receive, through: axis}", "documents-in: {does: receive, through: portal}"
    )
    with Exchange(parse_settings(text, folder=tmp_path)) as exchange:
        assert {name: problem.code for name, problem in exchange.check_routes().items()} == {"documents-in": "LT-RUN-002"}


def test_keys_of_different_documents_differ_whatever_their_parts_hold() -> None:
    """A bar in a number is no border."""
    assert joined("a|b", "c|d") != joined("a", "b|c|d")
    assert joined("a\\", "b") != joined("a", "\\b")
