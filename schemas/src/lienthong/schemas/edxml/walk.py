"""What is told about one organisation's copy of a document, compared entry by entry with the table of transitions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lienthong.core.errors import Problem, Words
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml import life_cycle
from lienthong.schemas.edxml.findings import Rule
from lienthong.schemas.edxml.identity import document_key, parse_document_id
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
from lienthong.schemas.organisations import same_organisation


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


class Walk:
    """Goes through the entries about one organisation's copy.

    Attributes:
        requests: The recalls and updates asked of it by time, each with its answer.
        problems: What doesn't fit the table, each with the entry that it is about.
    """

    def __init__(self, entries: Iterable[Entry], *, sender: str, addressed: bool) -> None:
        """Take entries by time.

        Args:
            entries: All that is about the copy.
            sender: Code of the document's sender; empty where that isn't known.
            addressed: Whether the document was sent to the organisation, as far as that is known.
        """
        self.requests: list[Request] = []
        self.problems: list[tuple[Entry, Problem]] = []
        self._sender = sender
        self._addressed = addressed
        self._reported: set[Act] = set()
        # Places of requests, recalls apart from updates, all under None and those of one DocumentId; who is answered leaves when met.
        self._lines: dict[tuple[bool, object], deque[int]] = {}
        self._closed = False
        self._unacknowledged = 0
        for entry in entries:
            self._take(entry)

    @property
    def state(self) -> State:
        """Where the document stands after all of them."""
        furthest = next((status for status in reversed(PROGRESS) if status in self._reported), None)
        return State(furthest=furthest, asked=self._asked())

    def _take(self, entry: Entry) -> None:
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
        place = self._oldest()
        if place is None:
            return Asked.NOTHING
        return Asked.RECALL if self.requests[place].recalls else Asked.UPDATE

    def _oldest(self, key: object = None) -> int | None:
        """The place of the oldest recall that waits for an answer, else of the oldest update; among all, or those under one DocumentId."""
        for recalls in (True, False):
            line = self._lines.get((recalls, key), deque())
            while line and self.requests[line[0]].answer is not None:
                line.popleft()
            if line:
                return line[0]
        return None

    def _may_say(self, entry: Entry, row: Transition) -> bool:
        by_sender = same_organisation(entry.reporter, self._sender)
        sender_or_unknown = by_sender or not self._sender
        if sender_or_unknown if row.by == "sender" else self._addressed:
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
            request = Request(asked=entry)
            for key in {None, _key_of(entry)}:
                self._lines.setdefault((request.recalls, key), deque()).append(len(self.requests))
            self.requests.append(request)
            return
        stands = state.furthest if state.asked in {Asked.NOTHING, Asked.UPDATE} else self._in_the_way()
        self._note(entry, life_cycle.UNTIMELY_REQUEST, reporter=entry.reporter, report=named(row.act), before=_called(stands))

    def _answer(self, entry: Entry, row: Transition) -> None:
        meant = self._oldest(_key_of(entry))
        place = self._oldest() if meant is None else meant
        if place is None or not fits(row, self.state):
            self._note(entry, life_cycle.UNASKED, report=named(row.act))
            return
        answered = Request(asked=self.requests[place].asked, answer=entry)
        self.requests[place] = answered
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
        place = self._oldest()
        return Status.CHANGE_ACCEPTED if self._closed or place is None else self.requests[place].asked.act

    def _note(self, entry: Entry, rule: Rule, **fields: object) -> None:
        self.problems.append((entry, rule.problem({"organisation": entry.organisation, **fields})))


def _key_of(entry: Entry) -> object:
    return document_key(parse_document_id(entry.document_id)) or None


_SIDES = {"sender": Words("sender", "bên gửi văn bản"), "receiver": Words("receiver", "bên nhận văn bản")}


def _called(act: Act | None) -> Words:
    return Words("no report", "trạng thái chưa có báo cáo nào") if act is None else named(act)
