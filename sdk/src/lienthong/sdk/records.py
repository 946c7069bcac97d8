"""What the exchange returns: plain values, safe to print and to keep."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from lienthong.core.errors import Problem
from lienthong.schemas.codes.edxml import BusinessType, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One recipient of a message.

    Attributes:
        state: queued, sent, refused or uncertain, as far as our side knows.
        status: The last status that the recipient reported, by its own time.
        problem: Why it is refused, uncertain or late.
    """

    recipient: str
    state: Literal["queued", "sent", "refused", "uncertain"]
    remote_id: str | None = None
    status: Status | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What `send` has accepted; it is durable.

    Attributes:
        duplicate: The same content was accepted before under the same key; nothing new will travel.
    """

    id: str
    key: str
    deliveries: tuple[Delivery, ...]
    duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSummary:
    """A line of an outbox or inbox.

    Attributes:
        state: For what goes out: queued, sent, refused, uncertain or mixed; for what came in: waiting, leased, handed-over.
        counterparts: Recipients of what goes out, the sender of what came in.
        status: What a status message reports.
    """

    id: str
    direction: Literal["out", "in"]
    kind: Literal["document", "status"]
    organisation: str
    counterparts: tuple[str, ...]
    code: str
    subject: str
    state: str
    created_at: datetime
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDetail(MessageSummary):
    """All that the ledger knows of a message but its content."""

    key: str
    document_id: str
    packet_sha256: str
    packet_size: int
    signature: str
    does: BusinessType
    deliveries: tuple[Delivery, ...]
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """Something that happened to a message."""

    at: datetime
    event: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierLine:
    """A dossier on its way through a route.

    Attributes:
        office: Name of the office that handles it and must mend it.
        organisation: Code of that office.
    """

    number: str
    organisation: str
    office: str
    state: str
    revision: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedPacket:
    """A packet that came and belongs to no inbox; its bytes are kept.

    Attributes:
        packet_sha256: None for a packet that can't be fetched; then it is still the remote system's.
    """

    connection: str
    kind: str
    remote_id: str
    sender: str
    packet_sha256: str | None
    packet_size: int | None
    received_at: datetime
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What one run of a route did.

    Attributes:
        done: Sent, taken in or accepted by the sink.
        unchanged: Records that came again with the same content.
        refused: Refused for good, by the remote system or by our own check.
        later: Surely not done; tried again by a later run.
        uncertain: Of unknown fate; held.
        quarantined: Came in and belong to no inbox.
        waiting: In a dry run, what stands in line.
        problems: Why, for the first hundred.
        more: The time was up before the work was.
        seconds: How long it took.
    """

    route: str
    done: int = 0
    unchanged: int = 0
    refused: int = 0
    later: int = 0
    uncertain: int = 0
    quarantined: int = 0
    waiting: int = 0
    problems: tuple[Problem, ...] = ()
    more: bool = False
    seconds: float = 0.0

    def as_json(self) -> dict[str, object]:
        """Return the report as JSON-ready values, without any content."""
        plain = dataclasses.asdict(self)
        plain["problems"] = [problem.as_json() for problem in self.problems]
        return plain


Count = Literal["done", "unchanged", "refused", "later", "uncertain", "quarantined", "waiting"]


class Tally:
    """Counts while a route runs; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.counts: dict[Count, int] = dict.fromkeys(get_args(Count), 0)
        self.problems: list[Problem] = []
        self.more = False

    def add(self, what: Count, problem: Problem | None = None) -> None:
        """Count one."""
        with self._lock:
            self.counts[what] += 1
            if problem is not None and len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)

    def note(self, problem: Problem) -> None:
        """Keep a problem that belongs to no single item."""
        with self._lock:
            self.problems.append(problem)

    def report(self, route: str, seconds: float) -> RunReport:
        """Return the counts as a report."""
        return RunReport(route=route, problems=tuple(self.problems), more=self.more, seconds=round(seconds, 3), **self.counts)


MOST_PROBLEMS = 100
