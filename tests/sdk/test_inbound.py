"""What arrives and belongs to no inbox is kept, named, and in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lienthong.sandbox import AxisRecipient, Fault, Sandbox
from lienthong.sandbox.packet import ReadPacket
from lienthong.schemas.codes import BusinessType
from lienthong.schemas.edxml import Business, DocumentPacket, Party, read_packet, write_packet
from lienthong.sdk import Document, Exchange, queries


def put(sandbox: Sandbox, content: bytes, *, sender: str = "G22", to: str = "H42.12") -> None:
    """Place bytes on the axis for the province, past all of the axis' own checks."""
    read = ReadPacket(kind="edoc", sender=sender, addressees=(to,), title="", notation="")
    recipient = AxisRecipient(code=to, system_id="00.42.W00")
    sandbox.axis.store("00.00.G22", "eDoc", read, (recipient,), content)


@pytest.fixture
def packet(ministry: Exchange, letter: Callable[..., Document]) -> DocumentPacket:
    """A good packet from G22 to H42.12."""
    sent = ministry.send(letter(), sender="G22", to=["H42.12"])
    detail = queries.detail(ministry.ledger, sent.id)
    read = read_packet(ministry.blobs.get(detail.packet_sha256, detail.packet_size)).packet
    assert isinstance(read, DocumentPacket)
    return read


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not XML at all", "LT-XML-001"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "LT-XML-002"),
        (b"<other/>", "LT-EDXML-001"),
    ],
)
def test_unreadable_packet_is_quarantined_and_the_one_behind_it_arrives(
    sandbox: Sandbox, province: Exchange, packet: DocumentPacket, content: bytes, code: str
) -> None:
    """A poisoned packet is confirmed, kept with its reason, and blocks nothing."""
    put(sandbox, content)
    put(sandbox, write_packet(packet))
    report = province.run("documents-in")
    assert (report.done, report.quarantined) == (1, 1)
    [kept] = queries.quarantine(province.ledger)
    assert kept.problem.code == code
    assert province.blobs.get(kept.packet_sha256, kept.packet_size).read() == content
    assert province.run("documents-in").quarantined == 0


def test_packet_for_an_unknown_local_unit_is_quarantined(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """The axis delivered it to our centre, and none of our organisations is meant."""
    put(sandbox, write_packet(replace(packet, recipients=(Party(code="H42.99"),))))
    assert province.run("documents-in").quarantined == 1
    assert queries.quarantine(province.ledger)[0].problem.code == "LT-RECEIVE-001"


def test_packet_whose_sender_the_axis_contradicts_is_quarantined(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """From must agree with what the axis says."""
    put(sandbox, write_packet(packet), sender="G01")
    assert province.run("documents-in").quarantined == 1
    assert queries.quarantine(province.ledger)[0].problem.code == "LT-RECEIVE-005"


def test_identity_longer_than_any_real_one_is_quarantined(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """A hostile field can't stop the run by not fitting into the ledger."""
    put(sandbox, write_packet(replace(packet, notation="N" * 5000)))
    put(sandbox, write_packet(packet))
    report = province.run("documents-in")
    assert (report.done, report.quarantined) == (1, 1)
    assert queries.quarantine(province.ledger)[0].problem.code == "LT-LEDGER-004"


def test_same_document_under_another_axis_id_is_taken_in_once(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """The sender's double is no second document."""
    put(sandbox, write_packet(packet))
    put(sandbox, write_packet(packet))
    province.run("documents-in")
    assert len(queries.inbox(province.ledger)) == 1
    assert len(list(province.receive())) == 1


def test_same_key_with_other_content_is_quarantined(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """What was received is never replaced silently."""
    put(sandbox, write_packet(packet))
    province.run("documents-in")
    put(sandbox, write_packet(replace(packet, subject="Nội dung khác")))
    assert province.run("documents-in").quarantined == 1
    assert queries.quarantine(province.ledger)[0].problem.code == "LT-RECEIVE-004"


def test_recall_by_another_than_the_sender_is_quarantined(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """Only its own sender may recall a document."""
    put(sandbox, write_packet(packet))
    province.run("documents-in")
    forged = replace(packet, sender=Party(code="G01"), business=Business(type=BusinessType.RECALL, document_id=packet.document_id))
    put(sandbox, write_packet(forged), sender="G01")
    assert province.run("documents-in").quarantined == 1
    assert queries.quarantine(province.ledger)[0].problem.code == "LT-RECEIVE-003"


def test_lost_confirmation_takes_nothing_in_twice(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """What was committed and not confirmed is confirmed by the next run, and not fetched again."""
    put(sandbox, write_packet(packet))
    sandbox.faults.add(Fault(operation="updateStatus", fault="drop-before-processing", times=3))
    report = province.run("documents-in")
    assert report.done == 1
    province.run("documents-in")
    [held] = [held for held in sandbox.axis.packets() if held.message_type == "edoc"]
    assert (held.centres["00.42.W00"].fetched, held.centres["00.42.W00"].status) == (1, "done")
    assert len(queries.inbox(province.ledger)) == 1


def test_old_code_of_a_recipient_is_our_organisation(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """A packet may name an organisation in the form of 2016."""
    put(sandbox, write_packet(replace(packet, recipients=(Party(code="000.00.12.H42"),))))
    assert province.run("documents-in").done == 1
    [received] = province.receive()
    assert received.organisation == "H42.12"
