"""Sent exactly once or held, taken in exactly once, nothing lost: where callers, clocks and remote systems don't behave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lienthong.connectors.port import Capabilities, Health, Outcome, Page, Record
from lienthong.core.errors import LienthongError, Transient
from lienthong.sandbox import Fault, Sandbox
from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.dossier import Dossier, DossierProgress, DossierRevision, Step, Unit
from lienthong.schemas.edxml import Business, DocumentPacket, Party, ResponseFor, StatusPacket, read_packet, write_packet
from lienthong.sdk import Document, Exchange
from lienthong.sdk.errors import StoreBusy, UnknownMessage
from lienthong.sdk.ledger import Ledger
from lienthong.sdk.queries import dossiers
from lienthong.sdk.synchronisation import synchronise

if TYPE_CHECKING:
    from conftest import TurnedClock

Letter = Callable[..., Document]


def status(about: ResponseFor, sender: str, code: Status | str, at: datetime | str, **more: str) -> bytes:
    return write_packet(StatusPacket(sender=Party(code=sender), response_for=about, status=code, timestamp=at, **more))


@pytest.mark.parametrize("to", [["H42.13", "H42.13"], ["H42.13", "000.00.13.H42"]])
def test_recipient_named_twice_is_one_delivery(province: Exchange, letter: Letter, to: Sequence[str]) -> None:
    """By the same code, or by its old one."""
    sent = province.send(letter(), sender="H42.12", to=to)
    assert [delivery.recipient for delivery in sent.deliveries] == ["H42.13"]


def test_packet_that_names_a_recipient_twice_is_one_delivery(province: Exchange, letter: Letter) -> None:
    """The bytes of others are what they are."""
    sent = province.message(province.send(letter(), sender="H42.12", to=["G22"]).id)
    packet = read_packet(province.blobs.get(sent.packet_sha256, sent.packet_size)).packet
    assert isinstance(packet, DocumentPacket)
    twice = replace(packet, number="77", recipients=packet.recipients * 2)
    assert len(province.send_packet(write_packet(twice)).deliveries) == 1


def test_refused_recipient_can_be_sent_to_again(sandbox: Sandbox, province: Exchange, letter: Letter, clock: TurnedClock) -> None:
    """A refusal is an end of that transmission, not of the message; the receipt tells how things stand."""
    sandbox.faults.add(Fault(operation="sendEdoc", fault="http-500-html"))
    first = province.send(letter(), sender="H42.12", to=["G22"])
    with province.ledger.begin() as connection:
        connection.exec_driver_sql("UPDATE lienthong_transmissions SET state = 'refused'")
    sandbox.faults.clear()
    again = province.send(letter(), sender="H42.12", to=["G22"])
    assert (again.id, again.duplicate, again.deliveries[0].state) == (first.id, False, "queued")
    province.run("documents-out")
    assert province.send(letter(), sender="H42.12", to=["G22"]).deliveries[0].state == "sent"
    assert len(sandbox.axis.packets()) == 1


def test_answer_of_a_failed_hand_over_is_not_given(province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """Answer and hand-over are one thing."""
    province.send(letter(), sender="H42.12", to=["G22"])
    province.run("documents-out")
    ministry.run("documents-in")
    for fails in (True, False):
        [received] = ministry.receive()
        try:
            with received:
                received.answer(Status.ACCEPTED)
                if fails:
                    raise KeyError  # noqa: TRY301
        except KeyError:
            pass
    assert sorted(str(line.status) for line in ministry.outbox()) == ["01", "03"]


def test_status_that_comes_before_the_doubt_ends_it_too(sandbox: Sandbox, province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """The recipient was quicker than the axis' answer to us."""
    sent = province.send(letter(), sender="H42.12", to=["G22"])
    sandbox.faults.add(Fault(operation="sendEdoc", fault="delay", seconds=1.5))
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(province.run, "documents-out")
        while not sandbox.axis.packets():
            pass
        ministry.run("documents-in")
        ministry.run("documents-out")
        province.run("documents-in")
        sandbox.stop()  # so that the answer never comes
        sending.result()
    assert province.message(sent.id).state == "sent"


def test_status_about_last_years_document_says_nothing_about_this_years(
    sandbox: Sandbox, province: Exchange, ministry: Exchange, letter: Letter
) -> None:
    """Numbers begin anew each year; a status without DocumentId goes by the date."""
    province.send(letter(day=date(2025, 11, 20)), sender="H42.12", to=["G22"])
    province.run("documents-out")
    lost = province.send(letter(day=date(2026, 11, 20)), sender="H42.12", to=["G22"])
    sandbox.faults.add(Fault(operation="sendEdoc", fault="drop-before-processing"))
    assert province.run("documents-out").uncertain == 1
    about = ResponseFor(organisation="H42.12", code="12/SKHCN-VP", promulgation_date=date(2025, 11, 20))
    ministry.send_packet(status(about, "G22", Status.RECEIVED, province.clock.now().replace(microsecond=0)))
    ministry.run("documents-out")
    province.run("documents-in")
    assert province.message(lost.id).state == "uncertain"


def test_status_of_the_year_one_is_quarantined_and_spoils_no_timeline(province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """Anybody can write any time."""
    sent = province.message(province.send(letter(), sender="H42.12", to=["G22"]).id)
    about = ResponseFor(organisation="H42.12", code=sent.code, document_id=sent.document_id)
    ministry.send_packet(status(about, "G22", Status.RECEIVED, datetime(1, 1, 2, tzinfo=UTC)))
    ministry.run("documents-out")
    assert province.run("documents-in").quarantined == 1
    assert province.timeline(sent.id).entries == ()


def test_second_update_of_a_document_arrives_as_the_first_did(province: Exchange, ministry: Exchange, letter: Letter) -> None:
    """The wire has no revision; updates are told apart by what they say."""
    for revision, subject in enumerate(("Sửa lần một", "Sửa lần hai")):
        update = replace(letter(subject=subject), business=Business(type=BusinessType.UPDATE, reason="Cập nhật", document_id="X"))
        province.send(update, sender="H42.12", to=["G22"], revision=revision)
    province.run("documents-out")
    assert ministry.run("documents-in").done == 2
    assert sorted(line.subject for line in ministry.inbox()) == ["Sửa lần hai", "Sửa lần một"]


def test_packet_that_meets_an_unforeseen_error_blocks_nothing(
    province: Exchange, ministry: Exchange, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect of ours costs one packet's time, not the route."""
    for number in ("1", "2", "3", "4", "5"):
        province.send(letter(number=number), sender="H42.12", to=["G22"])
    province.run("documents-out")
    from lienthong.sdk import inbound  # noqa: PLC0415

    calls = []

    def examine(item: Any, raw: Any, **options: Any) -> Any:
        calls.append(item)
        if len(calls) <= 4:
            raise ZeroDivisionError
        return real(item, raw, **options)

    real = inbound.examine
    monkeypatch.setattr(inbound, "examine", examine)
    report = ministry.run("documents-in")
    assert (report.done, report.later) == (1, 4)
    assert {problem.code for problem in report.problems} == {"LT-RUN-004"}
    assert ministry.run("documents-in").done == 4


def test_full_disk_is_told_and_nothing_is_accepted(province: Exchange, letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a bare OSError, and no row without its packet."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreBusy):
        province.send(letter(), sender="H42.12", to=["H42.13"])
    assert province.outbox() == []


class OneDoor:
    """A source of dossiers in memory."""

    capabilities = Capabilities()

    def __init__(self, *numbers: str, steps: int = 1) -> None:
        self.numbers = numbers
        self.steps = steps

    def check(self) -> Health:
        return Health(reachable=True)

    def close(self) -> None:
        pass

    def changes(self, cursor: str | None, *, limit: int) -> Page[Record[dict[str, object]]]:
        start = int(cursor or 0)
        chosen = self.numbers[start : start + 1]
        return Page(
            items=tuple(Record(key=number, value={"number": number, "steps": self.steps}) for number in chosen), next=str(start + 1)
        )


def convert(record: dict[str, Any]) -> Dossier:
    if record["number"] == "odd":
        raise ZeroDivisionError
    step = Step(officer="A", at=datetime(2026, 11, 20, tzinfo=UTC), status="2")
    return Dossier(number=record["number"], unit=Unit(code="H42.12", name="Sở"), steps=(step,) * record["steps"])


class Portal:
    """A sink in memory that adds steps up."""

    capabilities = Capabilities()

    def __init__(self) -> None:
        self.revisions: list[str] = []
        self.steps: dict[str, int] = {}
        self.most = 10

    def check(self) -> Health:
        return Health(reachable=True)

    def close(self) -> None:
        pass

    def push(self, batch: Sequence[DossierRevision | DossierProgress]) -> Sequence[Outcome]:
        for record in batch:
            if isinstance(record, DossierRevision):
                self.revisions.append(record.dossier.number)
            else:
                assert len(record.steps) <= self.most
                self.steps[record.number] = self.steps.get(record.number, 0) + len(record.steps)
        return [Outcome(state="done")] * len(batch)


def run(ledger: Ledger, source: OneDoor, sink: Portal) -> Any:
    return synchronise(ledger, source, sink, convert, route="up", batch=10, seconds=60, keep_lease=lambda: None)


def test_many_steps_are_reported_in_parts_and_each_once(ledger: Ledger) -> None:
    """A call's outcome holds for all the steps in it."""
    portal = Portal()
    assert run(ledger, OneDoor("1", "2", steps=23), portal).done == 2
    assert portal.steps == {"1": 23, "2": 23}


def test_record_that_meets_an_unforeseen_error_is_named_and_the_rest_goes_on(ledger: Ledger) -> None:
    """The cursor goes past it."""
    portal = Portal()
    report = run(ledger, OneDoor("1", "odd", "2"), portal)
    assert (report.done, report.refused) == (2, 1)
    assert [line.number for line in dossiers(ledger, "up", state="invalid")] == ["odd"]


def test_dossier_in_line_goes_out_although_its_source_is_down(ledger: Ledger) -> None:
    """Pushing comes before pulling."""

    class Down(OneDoor):
        def changes(self, cursor: str | None, *, limit: int) -> Page[Record[dict[str, object]]]:
            if cursor is None:
                return super().changes(cursor, limit=limit)
            raise StoreBusy(detail="away")

    portal = Portal()
    report = run(ledger, Down("1", "2"), portal)
    assert portal.revisions == ["1"]
    assert [problem.code for problem in report.problems] == ["LT-STORE-001"]
    with pytest.raises(Transient):
        run(ledger, Down("1", "2"), portal)


def test_run_that_was_overtaken_does_not_overwrite_the_newer_content(ledger: Ledger) -> None:
    """Its late outcome is about content that is no longer there."""

    class Overtaken(Portal):
        def push(self, batch: Sequence[DossierRevision | DossierProgress]) -> Sequence[Outcome]:
            with ledger.begin() as connection:
                connection.exec_driver_sql("UPDATE lienthong_dossiers SET digest = 'newer', state = 'pending', revision = 2")
            return super().push(batch)

    class Once(Exception):
        pass

    def lost() -> None:
        if portal.revisions:
            raise Once

    portal = Overtaken()
    with pytest.raises(Once):
        synchronise(ledger, OneDoor("1", steps=0), portal, convert, route="up", batch=10, seconds=60, keep_lease=lost)
    [line] = dossiers(ledger, "up")
    assert (line.state, line.revision) == ("pending", 2)


def test_errors_of_ours_stay_what_they_are() -> None:
    """`as_ours` changes only what nobody thought of."""
    import logging  # noqa: PLC0415

    from lienthong.sdk.errors import as_ours  # noqa: PLC0415

    error: LienthongError = StoreBusy(detail="x")
    assert as_ours(error, "item", logging.getLogger("test")) is error


def test_attachment_that_is_no_regular_file_is_refused(province: Exchange, letter: Letter) -> None:
    """A device or pipe may never end."""
    with pytest.raises(OSError, match="not a regular file"):
        province.send(letter(), sender="H42.12", to=["H42.13"], attachments=[Path("/dev/zero")])


def test_id_that_no_message_can_have_is_unknown(province: Exchange) -> None:
    """Not an error of the database."""
    with pytest.raises(UnknownMessage):
        province.message("a\udcff")
