"""What is due when for a document: the periods that NĐ 30/2020/NĐ-CP sets for issuing and receiving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Certainty, Problem, Words
from lienthong.schemas.calendar import Calendar
from lienthong.schemas.codes.edxml import BusinessType, Priority, Side, Status
from lienthong.schemas.edxml.findings import Rule
from lienthong.schemas.edxml.models import DocumentPacket
from lienthong.schemas.edxml.timeline import Timeline

_YEARS: Final = range(1990, 2200)
_URGENT: Final = tuple(priority for priority in Priority if priority is not Priority.NORMAL)


class Duty(StrEnum):
    """What an office has to do with a document."""

    ISSUE = "issue"
    NOTIFY = "notify"
    REGISTER = "register"
    PRESENT = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period that a text sets.

    Attributes:
        by: The side of the document whose duty it is.
        what: The duty in words.
        next_working_day: Whether the next working day is still in time; else only the day itself is.
        urgent_at_once: Whether an urgent document allows no delay.
        shown_by: The statuses that show it done. ISSUE is shown by the packet itself.
        article: Of the text.
        source: The text.
    """

    duty: Duty
    by: Side
    what: Words
    next_working_day: bool
    urgent_at_once: bool
    shown_by: tuple[Status, ...]
    article: str
    source: str = "NĐ 30/2020/NĐ-CP"
    certainty: Certainty = "P"


_TAKEN_UP = (Status.REJECTED, Status.ACCEPTED, Status.ASSIGNED, Status.PROCESSING, Status.FINISHED)
_ARRIVED = (Status.RECEIVED, *_TAKEN_UP)

PERIODS: tuple[Period, ...] = (
    Period(
        duty=Duty.ISSUE,
        by="sender",
        what=Words("issue and send the document", "phát hành và gửi văn bản"),
        next_working_day=True,
        urgent_at_once=True,
        shown_by=(),
        article="18.1",
    ),
    Period(
        duty=Duty.NOTIFY,
        by="receiver",
        what=Words("tell the sender that the document was received", "thông báo cho bên gửi về việc đã nhận văn bản"),
        next_working_day=False,
        urgent_at_once=False,
        shown_by=_ARRIVED,
        article="21.2c",
    ),
    Period(
        duty=Duty.REGISTER,
        by="receiver",
        what=Words("register the document or return it", "đăng ký văn bản đến hoặc trả lại"),
        next_working_day=True,
        urgent_at_once=True,
        shown_by=_TAKEN_UP,
        article="4.2c",
    ),
    Period(
        duty=Duty.PRESENT,
        by="receiver",
        what=Words("present the document to who decides, and hand it over", "trình người có thẩm quyền và chuyển giao văn bản"),
        next_working_day=True,
        urgent_at_once=True,
        shown_by=tuple(status for status in _TAKEN_UP if status is not Status.ACCEPTED),
        article="23.1",
    ),
)
"""The periods of NĐ 30/2020, which was read in copies held in public repositories. Which status shows a duty done is inferred: 03 is
registered, 04 and after are presented, 02 is returned.

For the answer to a recall (article 18.4b) the text sets no period.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """When an office works on a working day, in Asia/Ho_Chi_Minh; the texts that were read name no hours."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """How periods are counted where the texts leave it open, or couldn't be read.

    Attributes:
        calendar: Working days, such as `lienthong.schemas.calendar.vietnam()`.
        hours: A period ends when the office closes; None counts whole days, to midnight.
        after_hours_wait: A document that arrives when the office is closed counts as arrived when it opens next. Off, since what
            QĐ 28/2018 says of it is known from recollection only [R]. An urgent one doesn't wait.
        at_once: How long "at once" is; None takes the rest of the day, be it a working day or not, since no text gives a number.
    """

    calendar: Calendar
    hours: OfficeHours | None = None
    after_hours_wait: bool = False
    at_once: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a duty is due.

    Attributes:
        since: When the period began, in UTC; for a day without a time its first moment.
        due: The moment from which it is late, in UTC.
        at_once: Whether the document is urgent and the text allows it no delay.
    """

    period: Period
    since: datetime
    due: datetime
    at_once: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The deadlines of a document, and what makes them unsure."""

    items: tuple[Deadline, ...] = ()
    findings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a duty was done in time.

    Attributes:
        done: When it was first seen done, in UTC; None where it isn't known to be.
        late: Whether it was done when it was due already, or isn't done and is due.
    """

    deadline: Deadline
    done: datetime | None
    late: bool


NO_DAY = Rule(
    code="LT-EDXML-321",
    en="The day from which the period of article {article} runs is not known: {element} is no usable date.",
    vi="Không xác định được ngày bắt đầu thời hạn theo Điều {article}: {element} không phải là ngày hợp lệ.",
    certainty="P",
    source="NĐ 30/2020/NĐ-CP",
)


def deadlines(packet: DocumentPacket, practice: Practice, *, signed: date | None = None, arrived: datetime | None = None) -> Deadlines:
    """Return what is due when for a document.

    A recall or an update is notified as any document; it is registered and presented with the document that it is about.

    Args:
        packet: Its priority counts; one that isn't in the code list counts as normal.
        practice: How periods are counted.
        signed: Day or time (with zone) of signing; None takes the day of issue in the packet.
        arrived: When the packet reached the receiver, with zone; None where only the sender's deadline is of interest.

    Raises:
        ValueError: A time without zone.

    Source: NĐ 30/2020/NĐ-CP, articles 4.2c, 18.1, 21.2c and 23.1; edxml.md §5.1.
    """
    begun: date | str | None = packet.promulgation_date if signed is None else signed
    proper = packet.business_type in {BusinessType.NEW, BusinessType.REPLACE}
    items: list[Deadline] = []
    findings: list[Problem] = []
    for period in PERIODS:
        if period.by == "sender":
            if isinstance(begun, date) and begun.year in _YEARS:
                items.append(_deadline(period, begun, _is_urgent(packet), practice))
            else:
                findings.append(NO_DAY.problem({"article": period.article, "element": "PromulgationDate"}))
        elif arrived is not None and (proper or period.duty is Duty.NOTIFY):
            items.append(_deadline(period, arrived, _is_urgent(packet), practice))
    if items:
        first, last = (moment.astimezone(HO_CHI_MINH).date() for moment in (min(i.since for i in items), max(i.due for i in items)))
        findings.extend(practice.calendar.findings(first, last))
    return Deadlines(items=tuple(items), findings=tuple(findings))


def standings(due: Iterable[Deadline], told: Timeline, organisation: str, *, as_of: datetime) -> tuple[Standing, ...]:
    """Return how the duties towards one receiver stand at a moment; those that are late are the ones to filter for.

    The time that a report bears counts, not that of its arrival here. Progress beyond a duty shows it done, and so does the end of
    the document at that receiver, by return or by an agreed recall.

    Args:
        told: The document's timeline, with the document packet in it where ISSUE is of interest.
        organisation: The receiver.
        as_of: With zone; what happened later isn't counted.

    Raises:
        ValueError: A time without zone.
    """
    if as_of.utcoffset() is None:
        raise ValueError("the time has no zone")
    known = [(entry.act, entry.at) for entry in told.of(organisation) if entry.at is not None and entry.at <= as_of]
    recalled = [
        request.answer.at
        for request in told.requests(organisation)
        if request.recalls and request.agreed and request.answer is not None and request.answer.at is not None
    ]
    found = []
    for deadline in due:
        if deadline.period.by == "sender":
            times = [at for act, at in known if isinstance(act, BusinessType) or act in _ARRIVED]
        else:
            times = [at for act, at in known if act in deadline.period.shown_by] + [at for at in recalled if at <= as_of]
        done = min(times, default=None)
        found.append(Standing(deadline=deadline, done=done, late=(done or as_of) >= deadline.due))
    return tuple(found)


def _deadline(period: Period, begun: date, urgent: bool, practice: Practice) -> Deadline:
    at_once = urgent and period.urgent_at_once
    since = _moment(begun)
    if practice.after_hours_wait and period.by == "receiver" and not at_once:
        since = _opening(since, practice)
    day = since.date()
    if at_once:
        due = _midnight(day + timedelta(days=1))
        if practice.at_once is not None and isinstance(begun, datetime):
            due = since + practice.at_once
    else:
        due = _closing(practice.calendar.next_working_day(day) if period.next_working_day else day, since, practice)
    return Deadline(period=period, since=since.astimezone(UTC), due=due.astimezone(UTC), at_once=at_once)


def _moment(begun: date) -> datetime:
    if not isinstance(begun, datetime):
        return _midnight(begun)
    if begun.utcoffset() is None:
        raise ValueError("the time has no zone")
    return begun.astimezone(HO_CHI_MINH)


def _opening(since: datetime, practice: Practice) -> datetime:
    """Return when an office that may be closed takes up what reaches it."""
    opens = time.min if practice.hours is None else practice.hours.opens
    day = since.date()
    if practice.calendar.is_working_day(day) and (practice.hours is None or since.time() < practice.hours.closes):
        return max(since, datetime.combine(day, opens, HO_CHI_MINH))
    return datetime.combine(practice.calendar.next_working_day(day), opens, HO_CHI_MINH)


def _closing(day: date, since: datetime, practice: Practice) -> datetime:
    """Return when a day ends for an office; on a day off, and for what comes after hours, that is midnight."""
    if practice.hours is not None and practice.calendar.is_working_day(day):
        closing = datetime.combine(day, practice.hours.closes, HO_CHI_MINH)
        if closing > since:
            return closing
    return _midnight(day + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, HO_CHI_MINH)


def _is_urgent(packet: DocumentPacket) -> bool:
    return packet.other.priority in _URGENT
