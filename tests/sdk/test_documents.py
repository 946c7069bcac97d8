"""Documents from one organisation to others and back, on both databases, over the sandbox's axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.connectors.errors import UnknownRecipient
from lienthong.core.errors import Transient
from lienthong.sandbox import Fault, Sandbox
from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import StaffInfo, StatusPacket, read_packet, write_packet
from lienthong.sdk import Document, Exchange, queries
from lienthong.sdk.errors import DocumentInvalid, KeyConflict, WaitedInVain


def test_document_to_two_organisations_travels_once_and_comes_back_as_a_timeline(
    sandbox: Sandbox, province: Exchange, ministry: Exchange, letter: Callable[..., Document], tmp_path: Path
) -> None:
    """One packet, two deliveries, fetched once per centre; 01 by itself, 03 by the clerk, both in the sender's timeline."""
    attachment = tmp_path / "Tờ trình.pdf"
    attachment.write_bytes(b"%PDF-1.4 content")
    sent = province.send(letter(), sender="H42.12", to=["H42.13", "G22"], attachments=[attachment])
    assert province.run("documents-out").done == 1
    for centre in (province, ministry):
        assert centre.run("documents-in").done == 1
        centre.run("documents-out")
    province.run("documents-in")
    assert sorted((entry.organisation, entry.status) for entry in province.timeline(sent.id).entries) == [("G22", "01"), ("H42.13", "01")]
    for centre, organisation in ((province, "H42.13"), (ministry, "G22")):
        [received] = centre.receive()
        with received:
            assert received.organisation == organisation
            assert received.document.attachments[0].content.read() == b"%PDF-1.4 content"
            received.answer(Status.ACCEPTED, staff=StaffInfo(name="Trần Thị Mẫu"))
        centre.run("documents-out")
    province.run("documents-in")
    timeline = province.wait(sent.id, until=Status.ACCEPTED, timeout=1)
    assert {organisation: timeline.current(organisation) for organisation in timeline.organisations()} == {"H42.13": "03", "G22": "03"}
    [packet] = [packet for packet in sandbox.axis.packets() if packet.message_type == "edoc"]
    assert {name: (centre.fetched, centre.confirmed) for name, centre in packet.centres.items()} == {
        "00.42.W00": (1, 1),
        "00.00.G22": (1, 1),
    }
    assert packet.sha256 == queries.detail(province.ledger, sent.id).packet_sha256


def test_same_document_again_is_the_first_receipt_and_nothing_travels_twice(
    sandbox: Sandbox, province: Exchange, letter: Callable[..., Document]
) -> None:
    """The same content under the same key is accepted once."""
    first = province.send(letter(), sender="H42.12", to=["G22"])
    second = province.send(letter(), sender="H42.12", to=["G22"])
    assert (second.id, second.duplicate, first.duplicate) == (first.id, True, False)
    assert province.run("documents-out").done == 1
    assert len(sandbox.axis.packets()) == 1


def test_further_recipient_is_a_new_delivery_of_the_same_message(
    sandbox: Sandbox, province: Exchange, letter: Callable[..., Document]
) -> None:
    """Only the new recipient gets a packet."""
    first = province.send(letter(), sender="H42.12", to=["G22"])
    second = province.send(letter(), sender="H42.12", to=["G22", "H42.13"])
    assert second.id == first.id
    province.run("documents-out")
    assert sorted([party.code for party in packet.recipients] for packet in sandbox.axis.packets()) == [["G22"], ["H42.13"]]


def test_same_key_with_other_content_is_a_named_conflict(province: Exchange, letter: Callable[..., Document]) -> None:
    """A number that was used before is never silently used for something else; a revision says that it is meant."""
    first = province.send(letter(), sender="H42.12", to=["G22"])
    with pytest.raises(KeyConflict) as caught:
        province.send(letter(subject="Nội dung khác"), sender="H42.12", to=["G22"])
    assert caught.value.message == first.id
    assert province.send(letter(subject="Nội dung khác"), sender="H42.12", to=["G22"], revision=1).id != first.id


def test_unknown_recipient_is_refused_before_anything_is_accepted(province: Exchange, letter: Callable[..., Document]) -> None:
    """The axis' directory is asked about a code that nobody knows."""
    with pytest.raises(UnknownRecipient) as caught:
        province.send(letter(), sender="H42.12", to=["G22", "H99.99"])
    assert caught.value.recipient == "H99.99"
    assert queries.outbox(province.ledger) == []


def test_document_without_subject_is_refused_with_the_rule_that_it_breaks(province: Exchange, letter: Callable[..., Document]) -> None:
    """A document is checked before it is accepted."""
    with pytest.raises(DocumentInvalid) as caught:
        province.send(letter(subject=""), sender="H42.12", to=["G22"])
    assert any("Subject" in str(problem.place) for problem in caught.value.problems)


def test_document_in_the_callers_transaction_exists_only_when_the_caller_commits(
    province: Exchange, letter: Callable[..., Document]
) -> None:
    """`send(connection=…)` is durable when the caller commits, and not before."""
    with province.ledger.engine.connect() as connection, connection.begin() as transaction:
        sent = province.send(letter(), sender="H42.12", to=["G22"], connection=connection)
        transaction.rollback()
    assert queries.outbox(province.ledger) == []
    with province.ledger.engine.begin() as connection:
        sent = province.send(letter(), sender="H42.12", to=["G22"], connection=connection)
    assert [line.id for line in queries.outbox(province.ledger)] == [sent.id]


def test_application_that_fails_gets_the_document_again(province: Exchange, ministry: Exchange, letter: Callable[..., Document]) -> None:
    """An exception inside the block is raised again and puts the document back under the same key."""
    province.send(letter(), sender="H42.12", to=["G22"])
    province.run("documents-out")
    ministry.run("documents-in")
    [received] = ministry.receive()
    with pytest.raises(ZeroDivisionError), received:
        raise ZeroDivisionError
    [again] = ministry.receive()
    assert again.key == received.key
    with again:
        pass
    assert list(ministry.receive()) == []


def test_cut_connection_leaves_a_delivery_uncertain_and_it_is_not_sent_again(
    sandbox: Sandbox, province: Exchange, ministry: Exchange, letter: Callable[..., Document], clock: object
) -> None:
    """What left without an answer is held, and a status from its recipient proves that it arrived."""
    sent = province.send(letter(), sender="H42.12", to=["G22"])
    sandbox.faults.add(Fault(operation="sendEdoc", fault="drop-before-reply"))
    assert province.run("documents-out").uncertain == 1
    clock.turn(hours=1)
    assert province.run("documents-out").done == 0
    assert len(sandbox.axis.packets()) == 1
    assert queries.detail(province.ledger, sent.id).state == "uncertain"
    ministry.run("documents-in")
    ministry.run("documents-out")
    province.run("documents-in")
    assert queries.detail(province.ledger, sent.id).state == "sent"


def test_unreachable_axis_is_an_error_and_the_document_waits(
    sandbox: Sandbox, province: Exchange, letter: Callable[..., Document], clock: object
) -> None:
    """Nothing was sent, so that it is sent when the axis is back."""
    province.send(letter(), sender="H42.12", to=["H42.13"])
    sandbox.stop()
    with pytest.raises(Transient):
        province.run("documents-out")
    assert queries.outbox(province.ledger)[0].state == "queued"
    clock.turn(hours=1)
    with pytest.raises(Transient):
        province.run("documents-out")


def test_status_from_an_organisation_that_did_not_get_the_document_is_quarantined(
    province: Exchange, ministry: Exchange, letter: Callable[..., Document]
) -> None:
    """Only a recipient may report on a document; the forged status is kept and named, and changes nothing."""
    sent = province.send(letter(), sender="H42.12", to=["H42.13"])
    province.run("documents-out")
    province.run("documents-in")
    province.run("documents-out")
    [genuine] = [line for line in queries.outbox(province.ledger) if line.kind == "status"]
    detail = queries.detail(province.ledger, genuine.id)
    packet = read_packet(province.blobs.get(detail.packet_sha256, detail.packet_size)).packet
    assert isinstance(packet, StatusPacket)
    ministry.send_packet(write_packet(replace(packet, sender=replace(packet.sender, code="G22"), status=Status.REJECTED)))
    ministry.run("documents-out")
    report = province.run("documents-in")
    assert report.quarantined == 1
    [kept] = queries.quarantine(province.ledger)
    assert kept.problem.code == "LT-RECEIVE-003"
    assert {entry.status for entry in province.timeline(sent.id).entries} == {"01"}


def test_waiting_for_a_status_ends_with_an_error_that_names_it(province: Exchange, letter: Callable[..., Document]) -> None:
    """`wait` doesn't wait forever."""
    sent = province.send(letter(), sender="H42.12", to=["G22"])
    with pytest.raises(WaitedInVain) as caught:
        province.wait(sent.id, until=Status.ACCEPTED, timeout=1)
    assert caught.value.message == sent.id
