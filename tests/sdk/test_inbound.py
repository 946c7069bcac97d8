"""What arrives and belongs to no inbox is kept, named, and in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lienthong.core.secrets import SecretRef
from lienthong.sandbox import AxisRecipient, Fault, Sandbox
from lienthong.sandbox.packet import ReadPacket
from lienthong.schemas.codes import BusinessType
from lienthong.schemas.edxml import Business, DocumentPacket, Party, Replacement, ResponseFor, read_packet, write_packet
from lienthong.sdk import Document, Exchange, queries
from lienthong.signing.edxml import sign_packet
from lienthong.signing.keys import load_signer


def make_key(folder: Path) -> Path:
    """Write a key with its self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "G22 (test)")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "key.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


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


@pytest.mark.parametrize("names", ["its id", "its id with a zero", "its id with a space", "as itself", "as answered", "as replaced"])
def test_change_by_another_than_the_sender_is_quarantined(sandbox: Sandbox, province: Exchange, packet: DocumentPacket, names: str) -> None:
    """Only its own sender may recall or replace a document, however a packet names it."""
    put(sandbox, write_packet(packet))
    province.run("documents-in")
    code = f",{packet.code}"
    spelt = {
        "its id with a zero": packet.document_id.replace(code, f",0{packet.code}"),
        "its id with a space": packet.document_id.replace(code, f", {packet.code}"),
    }
    business = Business(type=BusinessType.RECALL, document_id=spelt.get(names, packet.document_id))
    own = replace(packet, sender=Party(code="G01"), document_id="G01,2026/11/21,9/X", number="9", notation="X")
    forged = {
        "as itself": replace(own, document_id=packet.document_id, business=replace(business, document_id="")),
        "as answered": replace(
            own,
            business=replace(business, document_id=""),
            response_for=(ResponseFor(organisation="G01", code="", document_id=packet.document_id),),
        ),
        "as replaced": replace(
            own, business=Business(type=BusinessType.REPLACE, replacements=(Replacement(document_id=packet.document_id),))
        ),
    }.get(names, replace(own, business=business))
    put(sandbox, write_packet(forged), sender="G01")
    assert province.run("documents-in").quarantined == 1
    assert queries.quarantine(province.ledger)[0].problem.code == "LT-RECEIVE-003"


def test_replacement_of_very_many_documents_is_taken_in(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """However many documents a packet names, they don't exceed what a database takes in one question."""
    named = tuple(Replacement(document_id=f"G22,2026/11/20,0{number}/V") for number in range(1, 24_001))
    put(sandbox, write_packet(replace(packet, business=Business(type=BusinessType.REPLACE, replacements=named))))
    report = province.run("documents-in")
    assert (report.done, report.problems) == (1, ())


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


def test_packet_for_two_of_our_organisations_comes_to_both(sandbox: Sandbox, province: Exchange, packet: DocumentPacket) -> None:
    """One arrival, an inbox row and a status 01 for each."""
    put(sandbox, write_packet(replace(packet, recipients=(Party(code="H42.12"), Party(code="H42.13")))))
    assert province.run("documents-in").done == 1
    assert sorted(line.organisation for line in province.inbox()) == ["H42.12", "H42.13"]
    assert sorted(line.organisation for line in province.outbox()) == ["H42.12", "H42.13"]


def test_packet_that_stays_listed_after_its_confirmation_is_handled_once_a_run(
    sandbox: Sandbox, province: Exchange, packet: DocumentPacket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether an axis does that isn't known; a run ends all the same, and what stands behind arrives."""
    put(sandbox, write_packet(packet))
    monkeypatch.setattr(sandbox.axis, "confirm", lambda *_: True)
    report = province.run("documents-in", time_box=10)
    assert (report.done, report.more) == (1, False)
    assert sandbox.axis.calls()["updateStatus"] == 1
    put(sandbox, write_packet(replace(packet, number="13", document_id="G22,2026/11/20,13/X")))
    assert province.run("documents-in").done == 1


def test_signature_state_of_what_came_is_kept(sandbox: Sandbox, province: Exchange, packet: DocumentPacket, tmp_path: Path) -> None:
    """Valid, changed on the way, or none: receipt doesn't fail, and the ledger says which."""
    signer = load_signer(SecretRef.parse(f"file:{make_key(tmp_path)}"))
    signed = sign_packet(write_packet(packet), signer)
    other = replace(packet, number="13", document_id="G22,2026/11/20,13/X")
    forged = sign_packet(write_packet(other), signer).replace(b"SKHCN-VP", b"SKHCN-XX")
    plain = write_packet(replace(packet, number="14", document_id="G22,2026/11/20,14/X"))
    for content in (signed, forged, plain):
        put(sandbox, content)
    province.run("documents-in")
    states = {province.message(line.id).code: province.message(line.id).signature for line in province.inbox()}
    assert states == {"12/SKHCN-VP": "valid", "13/SKHCN-XX": "invalid", "14/SKHCN-VP": "none"}


@pytest.mark.parametrize("route", ["documents-out", "documents-in", "dossiers-up"])
def test_run_ends_with_its_time_box_and_says_that_there_is_more(
    sandbox: Sandbox, province: Exchange, packet: DocumentPacket, letter: Callable[..., Document], route: str
) -> None:
    """A time box of nothing does nothing, whatever waits."""
    put(sandbox, write_packet(packet))
    province.send(letter(), sender="H42.12", to=["H42.13"])
    report = province.run(route, time_box=0)
    assert (report.done, report.more) == (0, True)
    assert province.run(route, time_box=20).done > 0
