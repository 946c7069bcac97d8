"""How a document fared at each organisation that got it, told by the packets about it in whatever order they came."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.core.errors import Problem, Words
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml import life_cycle
from lienthong.schemas.edxml.findings import Rule
from lienthong.schemas.edxml.identity import same_document
from lienthong.schemas.edxml.life_cycle import (
    ANSWERS,
    ENDS,
    PROGRESS,
    RECALLS,
    REQUESTS,
    Act,
    Asked,
    State,
    Transition,
    fits,
    named,
    transition,
)
from lienthong.schemas.edxml.linking import KnownDocument, Link, find_originals, known_document
from lienthong.schemas.edxml.models import DocumentPacket, Packet, StatusPacket
from lienthong.schemas.organisations import organisation_key, same_organisation

_UNTIMED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One report, or one recipient's share of a document packet.

    Attributes:
        status: The code, or the wire's text where it is none of the nine; empty for a document packet.
        organisation: The receiver whose copy of the document it is about, also where the sender asks for it back.
        reporter: The organisation that says so.
        at: When, in UTC; None where the packet's time can't be read.
        description: For a document packet its reason.
        staff: Name of the person who handled it.
        does: What a document packet does; None for a report.
        document_id: The DocumentId of a document packet, or the one that a report names.
    """

    status: Status | str = ""
    organisation: str
    reporter: str
    at: datetime | None
    description: str = ""
    staff: str = ""
    does: BusinessType | None = None
    document_id: str = ""

    @property
    def act(self) -> Act | None:
        """What was sent, None where the code is none of the nine."""
        return self.does if self.does is not None else self.status if isinstance(self.status, Status) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A recall or update that the sender asked for, and the receiver's 15 or 16."""

    asked: Entry
    answer: Entry | None = None

    @property
    def recalls(self) -> bool:
        """Whether it asks for the document back."""
        return self.asked.act in RECALLS

    @property
    def agreed(self) -> bool:
        """Whether the receiver agreed to it."""
        return self.answer is not None and self.answer.status == Status.CHANGE_ACCEPTED


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is known about one document by time, what has no readable time first.

    Attributes:
        sender: Code of the organisation that issued the document; empty where that isn't known.
        recipients: Codes of those it was sent to; empty where that isn't known.
    """

    entries: tuple[Entry, ...] = ()
    sender: str = ""
    recipients: tuple[str, ...] = ()

    def organisations(self) -> tuple[str, ...]:
        """Return the organisations that something is known of, in the order of their first entry, each in the form that it has there."""
        first: dict[str, str] = {}
        for entry in self.entries:
            first.setdefault(organisation_key(entry.organisation), entry.organisation)
        return tuple(first.values())

    def of(self, organisation: str) -> tuple[Entry, ...]:
        """Return what is about one organisation's copy, in whatever form its code was written."""
        key = organisation_key(organisation)
        return tuple(entry for entry in self.entries if organisation_key(entry.organisation) == key)

    def current(self, organisation: str) -> Status | None:
        """Return where the document stands at an organisation, None where nothing is known.

        A recall, by status or by packet, stands as 13 until it is answered; one that was agreed to closes the document as 15; one that
        was refused leaves it where it was. Otherwise it is the furthest that was reported: a report that comes late, or bears the time
        of a slow clock, never takes the document back.

        Source: edxml.md §1.7.3, where the order of codes is inferred from their meaning.
        """
        state = self.state(organisation)
        if state.asked is Asked.RECALLED:
            return Status.CHANGE_ACCEPTED
        if state.asked is Asked.RECALL:
            return Status.RECALL_REQUESTED
        answers = [status for entry in self.of(organisation) for status in ANSWERS if entry.act is status]
        return state.furthest or (answers[-1] if answers else None)

    def state(self, organisation: str) -> State:
        """Return where the document stands at an organisation, as `may_send` wants it."""
        return _walk(self, self.of(organisation)).state

    def requests(self, organisation: str) -> tuple[Request, ...]:
        """Return the recalls and updates asked of an organisation by time, each with its answer.

        An answer belongs to the request whose DocumentId it names, a recall before an update and the older before the newer; one that
        bears an earlier time than any request belongs to none. A recall repeated before its answer is the same request.
        """
        return tuple(_walk(self, self.of(organisation)).requests)

    def findings(self, organisation: str | None = None) -> tuple[Problem, ...]:
        """Return what doesn't fit the table of transitions, all or at one organisation; warnings only, and nothing is left out for it."""
        by_organisation: dict[str, list[Entry]] = {}
        for entry in self.entries:
            by_organisation.setdefault(organisation_key(entry.organisation), []).append(entry)
        wanted = by_organisation if organisation is None else {organisation_key(organisation)} & by_organisation.keys()
        return tuple(problem for key in wanted for _, problem in _walk(self, by_organisation[key]).problems)


def timeline(reports: Iterable[Packet | Entry], *, original: DocumentPacket | None = None) -> Timeline:
    """Return the timeline that some packets about one document tell, in whatever order and however often they came.

    Status packets tell what they report. Document packets, of all four kinds, stand at each of their recipients, at the time of their
    first trace header; a replacement stands at the organisations for which it replaces the document, and changes nothing there.

    Args:
        reports: Packets, or entries made from them.
        original: The document. With it, packets about other documents are passed over, and only its sender may ask and only its
            recipients report; without it the caller vouches for all of that.
    """
    packets = tuple(reports)
    told = _all_entries(packets) if original is None else _entries_about(original, (original, *packets))
    entries = tuple(sorted(dict.fromkeys(told), key=_when))
    if original is None:
        return Timeline(entries)
    sender = original.sender.code
    sent = (entry.organisation for entry in entries if entry.does is not None and same_organisation(entry.reporter, sender))
    return Timeline(entries, sender, tuple(dict.fromkeys(sent)))


def check_report(told: Timeline, report: Packet | Entry) -> tuple[Problem, ...]:
    """Return what speaks against a report by the table of transitions: warnings only, for a report that came is never rejected for it.

    Args:
        told: What is known of the document, with or without the report itself.
    """
    ours = {report} if isinstance(report, Entry) else set(_entries(report))
    entries = tuple(sorted({*told.entries, *ours}, key=_when))
    together = Timeline(entries, told.sender, told.recipients)
    keys = dict.fromkeys(organisation_key(entry.organisation) for entry in entries if entry in ours)
    return tuple(problem for key in keys for entry, problem in _walk(together, together.of(key)).problems if entry in ours)


def _all_entries(packets: Iterable[Packet | Entry]) -> Iterator[Entry]:
    for packet in packets:
        yield from (packet,) if isinstance(packet, Entry) else _entries(packet)


def _entries_about(original: DocumentPacket, packets: Sequence[Packet | Entry]) -> Iterator[Entry]:
    home = (known_document(original),)
    documents = [packet for packet in packets if isinstance(packet, DocumentPacket)]
    changes = tuple(known_document(packet) for packet in documents if packet.business_type in REQUESTS and _links(packet, home))
    for packet in packets:
        if isinstance(packet, Entry):
            yield packet
        elif isinstance(packet, StatusPacket):
            # An answer may name the recall or update itself; its receipt and progress belong to a timeline of its own.
            if _links(packet, home) or (packet.status in ANSWERS and _links(packet, changes)):
                yield from _entries(packet)
        elif packet == original or _is_again(packet, original):
            yield from _shares(packet, tuple(party.code for party in packet.recipients))
        else:
            links = _links(packet, home)
            if links:
                yield from _entries(packet, links)


def _links(packet: Packet, known: Sequence[KnownDocument]) -> tuple[Link, ...]:
    return tuple(link for link in find_originals(packet, known) if link.originals and link.relation != "answers")


def _is_again(packet: DocumentPacket, original: DocumentPacket) -> bool:
    return (
        packet.business_type is original.business_type
        and same_document(packet.document_id, original.document_id)
        and same_organisation(packet.sender.code, original.sender.code)
    )


def _entries(packet: Packet, links: Sequence[Link] = ()) -> Iterator[Entry]:
    if isinstance(packet, StatusPacket):
        yield Entry(
            status=packet.status,
            organisation=packet.response_for.organisation if packet.status == Status.RECALL_REQUESTED else packet.sender.code,
            reporter=packet.sender.code,
            at=packet.timestamp if isinstance(packet.timestamp, datetime) else None,
            description=packet.description,
            staff=packet.staff.name if packet.staff is not None else "",
            document_id=packet.response_for.document_id,
        )
        return
    recipients = tuple(party.code for party in packet.recipients)
    if packet.business is not None and packet.business_type is BusinessType.REPLACE:
        rows = [link.organisations for link in links] or [row.organisations for row in packet.business.replacements]
        recipients = tuple(code for organisations in rows for code in organisations or recipients) or recipients
    yield from _shares(packet, recipients)


def _shares(packet: DocumentPacket, organisations: Iterable[str]) -> Iterator[Entry]:
    business = packet.business
    times = [station.timestamp for station in packet.trace if isinstance(station.timestamp, datetime)]
    for organisation in dict.fromkeys(organisations):
        yield Entry(
            organisation=organisation,
            reporter=packet.sender.code,
            at=min(times, default=None),
            description=business.reason if business is not None else "",
            staff=business.staff.name if business is not None and business.staff is not None else "",
            does=packet.business_type,
            document_id=packet.document_id,
        )


def _when(entry: Entry) -> tuple[object, ...]:
    # All fields, so that the order doesn't depend on that of arrival; at one second a document packet comes before reports.
    return (
        entry.at is not None,
        entry.at or _UNTIMED,
        entry.does is None,
        entry.does or 0,
        str(entry.status),
        entry.organisation,
        entry.reporter,
        entry.description,
        entry.staff,
        entry.document_id,
    )


def _walk(told: Timeline, entries: Iterable[Entry]) -> _Walk:
    walk = _Walk(told.sender, {organisation_key(code) for code in told.recipients})
    for entry in entries:
        walk.take(entry)
    return walk


class _Walk:
    """Goes through what is about one organisation's copy by time, and compares each entry with the table."""

    def __init__(self, sender: str, recipients: Collection[str]) -> None:
        self.requests: list[Request] = []
        self.problems: list[tuple[Entry, Problem]] = []
        self._sender = sender
        self._recipients = recipients
        self._reported: set[Act] = set()
        self._waiting: list[int] = []
        self._closed = False
        self._unacknowledged = 0

    @property
    def state(self) -> State:
        furthest = next((status for status in reversed(PROGRESS) if status in self._reported), None)
        return State(furthest=furthest, asked=self._asked())

    def take(self, entry: Entry) -> None:
        act = entry.act
        if act is None:
            self._note(entry, life_cycle.UNKNOWN_CODE)
            return
        if entry.at is None and entry.does is None:
            self._note(entry, life_cycle.WITHOUT_TIME, report=named(act))
        row = transition(act)
        if row is None or not self._may_say(entry, row):
            return
        if act in REQUESTS:
            self._ask(entry, row)
        elif act in ANSWERS:
            self._answer(entry, row)
        else:
            self._report(entry, row)

    def _asked(self) -> Asked:
        if self._closed:
            return Asked.RECALLED
        if not self._waiting:
            return Asked.NOTHING
        return Asked.RECALL if self.requests[self._first(self._waiting)].recalls else Asked.UPDATE

    def _first(self, places: Sequence[int]) -> int:
        return next((place for place in places if self.requests[place].recalls), places[0])

    def _may_say(self, entry: Entry, row: Transition) -> bool:
        by_sender = same_organisation(entry.reporter, self._sender)
        addressed = not self._recipients or organisation_key(entry.organisation) in self._recipients
        if by_sender or not self._sender if row.by == "sender" else addressed:
            return True
        if row.by == "receiver" and not by_sender:
            self._note(entry, life_cycle.NOT_ADDRESSED, report=named(row.act))
        else:
            self._note(entry, life_cycle.WRONG_SIDE, reporter=entry.reporter, report=named(row.act), side=_SIDES[row.by])
        return False

    def _ask(self, entry: Entry, row: Transition) -> None:
        state = self.state
        if entry.does is not None:
            self._unacknowledged += 1
        if fits(row, state):
            self._waiting.append(len(self.requests))
            self.requests.append(Request(asked=entry))
            return
        stands = state.furthest if state.asked in {Asked.NOTHING, Asked.UPDATE} else self._in_the_way()
        self._note(entry, life_cycle.UNTIMELY_REQUEST, reporter=entry.reporter, report=named(row.act), before=_called(stands))

    def _answer(self, entry: Entry, row: Transition) -> None:
        if not fits(row, self.state):
            self._note(entry, life_cycle.UNASKED, report=named(row.act))
            return
        meant = [place for place in self._waiting if same_document(self.requests[place].asked.document_id, entry.document_id)]
        place = self._first(meant or self._waiting)
        answered = Request(asked=self.requests[place].asked, answer=entry)
        self.requests[place] = answered
        self._waiting.remove(place)
        self._closed = answered.recalls and answered.agreed

    def _report(self, entry: Entry, row: Transition) -> None:
        state, again = self.state, row.act in self._reported
        self._reported.add(row.act)
        if fits(row, state):
            return
        if row.act is Status.RECEIVED and again and self._unacknowledged and not self._closed:
            self._unacknowledged -= 1  # the software reports the arrival of a recall or an update as well
            return
        rule, before = life_cycle.NO_STEP, _called(state.furthest)
        if self._closed:
            rule, before = life_cycle.AFTER_THE_END, _called(Status.CHANGE_ACCEPTED)
        elif again and row.act is not Status.PROCESSING:
            rule = life_cycle.REPORTED_AGAIN
        elif state.furthest in ENDS:
            rule = life_cycle.AFTER_THE_END
        elif state.furthest in row.furthest:
            rule, before = life_cycle.BEFORE_THE_ANSWER, _called(self._in_the_way())
        self._note(entry, rule, report=named(row.act), before=before)

    def _in_the_way(self) -> Act | None:
        return Status.CHANGE_ACCEPTED if self._closed else self.requests[self._first(self._waiting)].asked.act

    def _note(self, entry: Entry, rule: Rule, **fields: object) -> None:
        self.problems.append((entry, rule.problem({"organisation": entry.organisation, **fields})))


_SIDES = {"sender": Words("sender", "bên gửi văn bản"), "receiver": Words("receiver", "bên nhận văn bản")}


def _called(act: Act | None) -> Words:
    return Words("no report", "trạng thái chưa có báo cáo nào") if act is None else named(act)
