"""How a document fared at each organisation that got it, told by the packets about it in whatever order they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lienthong.core.errors import Problem
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml.identity import same_document
from lienthong.schemas.edxml.life_cycle import ANSWERS, REQUESTS, Asked, State
from lienthong.schemas.edxml.linking import KnownDocuments, Link, find_originals, known_document
from lienthong.schemas.edxml.models import DocumentPacket, Packet, StatusPacket
from lienthong.schemas.edxml.walk import Entry, Request, Walk
from lienthong.schemas.organisations import organisation_key, same_organisation

_UNTIMED = datetime.min.replace(tzinfo=UTC)


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
    _copies: dict[str, tuple[Entry, ...]] = field(init=False, repr=False, compare=False)
    _addressed: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        copies: dict[str, list[Entry]] = {}
        for entry in self.entries:
            copies.setdefault(organisation_key(entry.organisation), []).append(entry)
        object.__setattr__(self, "_copies", {key: tuple(entries) for key, entries in copies.items()})
        object.__setattr__(self, "_addressed", frozenset(map(organisation_key, self.recipients)))

    def organisations(self) -> tuple[str, ...]:
        """Return the organisations that something is known of, in the order of their first entry, each in the form that it has there."""
        return tuple(entries[0].organisation for entries in self._copies.values())

    def of(self, organisation: str) -> tuple[Entry, ...]:
        """Return what is about one organisation's copy, in whatever form its code was written."""
        return self._copies.get(organisation_key(organisation), ())

    def walk(self, organisation: str) -> Walk:
        """Return what is about one organisation's copy as compared with the table of transitions."""
        addressed = not self._addressed or organisation_key(organisation) in self._addressed
        return Walk(self.of(organisation), sender=self.sender, addressed=addressed)

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
        return self.walk(organisation).state

    def requests(self, organisation: str) -> tuple[Request, ...]:
        """Return the recalls and updates asked of an organisation by time, each with its answer.

        An answer belongs to the request whose DocumentId it names, a recall before an update and the older before the newer; one that
        bears an earlier time than any request belongs to none. A recall repeated before its answer is the same request.
        """
        return tuple(self.walk(organisation).requests)

    def findings(self, organisation: str | None = None) -> tuple[Problem, ...]:
        """Return what doesn't fit the table of transitions, all or at one organisation; warnings only, and nothing is left out for it."""
        wanted = self.organisations() if organisation is None else (organisation,)
        return tuple(problem for one in wanted for _, problem in self.walk(one).problems)


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
    return tuple(problem for key in keys for entry, problem in together.walk(key).problems if entry in ours)


def _all_entries(packets: Iterable[Packet | Entry]) -> Iterator[Entry]:
    for packet in packets:
        yield from (packet,) if isinstance(packet, Entry) else _entries(packet)


def _entries_about(original: DocumentPacket, packets: Sequence[Packet | Entry]) -> Iterator[Entry]:
    home = KnownDocuments([known_document(original)])
    documents = [packet for packet in packets if isinstance(packet, DocumentPacket)]
    changes = KnownDocuments(known_document(packet) for packet in documents if packet.business_type in REQUESTS and _links(packet, home))
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


def _links(packet: Packet, known: KnownDocuments) -> tuple[Link, ...]:
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
