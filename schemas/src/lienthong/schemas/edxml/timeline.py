"""How a document fared at each organisation that got it, told by the status packets about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml.models import StatusPacket

_PROGRESS = {
    Status.RECEIVED: 1,
    Status.REJECTED: 2,
    Status.ACCEPTED: 2,
    Status.ASSIGNED: 3,
    Status.PROCESSING: 4,
    Status.FINISHED: 5,
}
_CHANGES = (Status.RECALL_REQUESTED, Status.CHANGE_ACCEPTED, Status.CHANGE_REJECTED)
_UNTIMED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One report.

    Attributes:
        status: The code, or the wire's text where it is none of the nine.
        organisation: The receiver whose copy of the document it is about, also where the sender asks for it back.
        reporter: The organisation that says so.
        at: When, in UTC; None where the packet's time can't be read.
        staff: Name of the person who handled it.
    """

    status: Status | str
    organisation: str
    reporter: str
    at: datetime | None
    description: str = ""
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The reports about one document by time, those without a readable time first."""

    entries: tuple[Entry, ...] = ()

    def organisations(self) -> tuple[str, ...]:
        """Return the organisations that something is known of, in the order of their first report."""
        return tuple(dict.fromkeys(entry.organisation for entry in self.entries))

    def of(self, organisation: str) -> tuple[Entry, ...]:
        """Return the reports about one organisation's copy."""
        return tuple(entry for entry in self.entries if entry.organisation == organisation)

    def current(self, organisation: str) -> Status | None:
        """Return where the document stands at an organisation, None where nothing is known.

        A request to have it back stands until it is answered; one that was agreed to closes the document; one that was refused
        leaves it where it was. Otherwise it is the furthest that was reported: a report that comes late, or bears the time of a
        slow clock, never takes the document back.

        Source: edxml.md §1.7.3, where the order of codes is inferred from their meaning.
        """
        known = [entry.status for entry in self.of(organisation) if isinstance(entry.status, Status)]
        change = next((status for status in reversed(known) if status in _CHANGES), None)
        if change is Status.RECALL_REQUESTED or (change is Status.CHANGE_ACCEPTED and Status.RECALL_REQUESTED in known):
            return change
        flow = [status for status in known if status in _PROGRESS]
        return max(flow, key=_PROGRESS.__getitem__) if flow else change


def timeline(reports: Iterable[StatusPacket | Entry]) -> Timeline:
    """Return the timeline that some reports about one document tell, in whatever order and however often they came."""
    entries = dict.fromkeys(report if isinstance(report, Entry) else _entry(report) for report in reports)
    return Timeline(tuple(sorted(entries, key=_when)))


def _entry(packet: StatusPacket) -> Entry:
    by_sender = packet.status == Status.RECALL_REQUESTED
    return Entry(
        status=packet.status,
        organisation=packet.response_for.organisation if by_sender else packet.sender.code,
        reporter=packet.sender.code,
        at=packet.timestamp if isinstance(packet.timestamp, datetime) else None,
        description=packet.description,
        staff=packet.staff.name if packet.staff is not None else "",
    )


def _when(entry: Entry) -> tuple[datetime, str, str, str]:
    return entry.at or _UNTIMED, str(entry.status), entry.organisation, entry.description
