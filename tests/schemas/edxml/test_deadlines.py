"""What is due when for a document."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.core.clock import HO_CHI_MINH
from lienthong.schemas.calendar import vietnam
from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import Business, DocumentPacket, StatusPacket, timeline
from lienthong.schemas.edxml.deadlines import PERIODS, Deadlines, Duty, OfficeHours, Practice, deadlines, standings
from lienthong.schemas.edxml.models import OtherInfo, Party

PLAIN = Practice(calendar=vietnam())
HOURS = OfficeHours(opens=time(7, 30), closes=time(17))


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a time of November 2026 in Việt Nam; the 20th is a Friday, the 24th a day off."""
    return datetime(2026, 11, day, hour, minute, tzinfo=HO_CHI_MINH)


def of_priority(document: DocumentPacket, priority: int | str | None) -> DocumentPacket:
    return replace(document, other=OtherInfo(priority=priority))


def due(found: Deadlines) -> dict[Duty, datetime]:
    return {deadline.period.duty: deadline.due for deadline in found.items}


def test_periods_name_article_source_and_certainty() -> None:
    """All of them are from a primary text."""
    assert [(period.duty.value, period.by, period.article, period.certainty) for period in PERIODS] == [
        ("issue", "sender", "18.1", "P"),
        ("notify", "receiver", "21.2c", "P"),
        ("register", "receiver", "4.2c", "P"),
        ("present", "receiver", "23.1", "P"),
    ]
    assert all("30/2020" in period.source and period.what.vi and period.what.en for period in PERIODS)


def test_normal_document_is_due_by_the_next_working_day_and_notified_the_same_day(document: DocumentPacket) -> None:
    """Signed and arrived on a Friday: Monday is still in time, but the sender must hear on Friday."""
    found = deadlines(of_priority(document, 0), PLAIN, arrived=at(20, 16))
    assert due(found) == {Duty.ISSUE: at(24), Duty.NOTIFY: at(21), Duty.REGISTER: at(24), Duty.PRESENT: at(24)}
    assert found.findings == ()
    assert not any(deadline.at_once for deadline in found.items)
    assert all(deadline.due.tzinfo is UTC for deadline in found.items)


def test_next_working_day_passes_over_days_off(document: DocumentPacket) -> None:
    """What comes on the Monday before Culture Day has until the end of Wednesday."""
    found = deadlines(of_priority(document, 0), PLAIN, signed=date(2026, 11, 23), arrived=at(23, 9))
    assert due(found) == {Duty.ISSUE: at(26), Duty.NOTIFY: at(24), Duty.REGISTER: at(26), Duty.PRESENT: at(26)}


@pytest.mark.parametrize("priority", [1, 2, 3, 4])
def test_urgent_document_is_due_at_once(document: DocumentPacket, priority: int | str) -> None:
    """Without a number for "at once" it is the rest of the day, be it a Saturday; with one, counted from the time."""
    urgent = of_priority(document, priority)
    assert due(deadlines(urgent, PLAIN, signed=at(21, 9), arrived=at(21, 10))) == dict.fromkeys(Duty, at(22))
    practice = replace(PLAIN, at_once=timedelta(hours=1))
    found = deadlines(urgent, practice, signed=date(2026, 11, 21), arrived=at(21, 10))
    assert due(found) == {Duty.ISSUE: at(22), Duty.NOTIFY: at(22), Duty.REGISTER: at(21, 11), Duty.PRESENT: at(21, 11)}


@pytest.mark.parametrize("priority", [0, 5, -1, None, "", "khẩn", "9" * 5000, "١"])
def test_priority_outside_the_list_is_normal(document: DocumentPacket, priority: int | str | None) -> None:
    """What isn't one of the urgent four can't be taken for one."""
    assert not any(deadline.at_once for deadline in deadlines(of_priority(document, priority), PLAIN, arrived=at(20)).items)


def test_office_hours_end_the_day(document: DocumentPacket) -> None:
    """With hours a day ends when the office closes, but never before the document came."""
    practice = replace(PLAIN, hours=HOURS)
    assert due(deadlines(of_priority(document, 0), practice, arrived=at(20, 9))) == {
        Duty.ISSUE: at(23, 17),
        Duty.NOTIFY: at(20, 17),
        Duty.REGISTER: at(23, 17),
        Duty.PRESENT: at(23, 17),
    }
    for after_hours in (at(20, 17), at(20, 18)):
        assert due(deadlines(of_priority(document, 0), practice, arrived=after_hours))[Duty.NOTIFY] == at(21)


@pytest.mark.parametrize(
    ("hours", "arrived", "notify", "register"),
    [
        (HOURS, at(20, 18), at(23, 17), at(25, 17)),
        (HOURS, at(20, 17), at(23, 17), at(25, 17)),
        (HOURS, at(20, 16, 59), at(20, 17), at(23, 17)),
        (HOURS, at(21, 9), at(23, 17), at(25, 17)),
        (HOURS, at(20, 5), at(20, 17), at(23, 17)),
        (HOURS, at(20, 16), at(20, 17), at(23, 17)),
        (None, at(20, 23), at(21), at(24)),
        (None, at(21, 9), at(24), at(26)),
    ],
)
def test_after_hours_arrival_may_wait_for_the_morning(
    document: DocumentPacket, hours: OfficeHours | None, arrived: datetime, notify: datetime, register: datetime
) -> None:
    """A setting, off by default: then it counts as arrived when the office opens next; an urgent one doesn't wait."""
    practice = replace(PLAIN, hours=hours, after_hours_wait=True)
    found = due(deadlines(of_priority(document, 0), practice, arrived=arrived))
    assert (found[Duty.NOTIFY], found[Duty.REGISTER]) == (notify, register)
    urgent = due(deadlines(of_priority(document, 3), practice, arrived=arrived))
    assert urgent[Duty.REGISTER] == datetime.combine(arrived.date() + timedelta(days=1), time.min, HO_CHI_MINH)


@pytest.mark.parametrize("day", ["2014/02/30", "", None, date(1, 1, 1), date(9999, 12, 31)])
def test_day_of_issue_that_cannot_be_used_is_named(document: DocumentPacket, day: date | str | None) -> None:
    """Nothing is invented for it; the receiver's deadlines stand all the same."""
    found = deadlines(replace(document, promulgation_date=day), PLAIN, arrived=at(20))
    assert set(due(found)) == {Duty.NOTIFY, Duty.REGISTER, Duty.PRESENT}
    assert [(problem.code, problem.level) for problem in found.findings] == [("LT-EDXML-321", "warning")]


def test_year_without_calendar_is_named(document: DocumentPacket) -> None:
    """A deadline that rests on weekdays alone says so."""
    found = deadlines(replace(document, promulgation_date=date(2035, 1, 1)), PLAIN)
    assert [problem.code for problem in found.findings] == ["LT-CAL-101"]


@pytest.mark.parametrize("kind", [BusinessType.RECALL, BusinessType.UPDATE])
def test_recall_and_update_are_only_notified(document: DocumentPacket, kind: BusinessType) -> None:
    """They are no documents to register; no text sets a period for the answer."""
    found = deadlines(replace(document, business=Business(type=kind)), PLAIN, arrived=at(20))
    assert set(due(found)) == {Duty.ISSUE, Duty.NOTIFY}


def test_time_without_zone_is_refused(document: DocumentPacket) -> None:
    """A time that could be any hour of two days sets no deadline."""
    naive = datetime(2026, 11, 20, 9)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        deadlines(document, PLAIN, arrived=naive)
    with pytest.raises(ValueError, match="zone"):
        deadlines(document, PLAIN, signed=naive)
    with pytest.raises(ValueError, match="zone"):
        standings((), timeline([]), "G22", as_of=naive)


def report(status: StatusPacket, code: str, moment: datetime) -> StatusPacket:
    packet = replace(status, status=Status(code), timestamp=moment.astimezone(UTC))
    if code == "13":
        packet = replace(packet, sender=Party(code="H42.12"), response_for=replace(status.response_for, organisation="G22"))
    return packet


def late(found: Deadlines, document: DocumentPacket, packets: list[StatusPacket], as_of: datetime) -> list[str]:
    told = timeline(packets, original=document)
    return [standing.deadline.period.duty.value for standing in standings(found.items, told, "G22", as_of=as_of) if standing.late]


def test_what_is_late_follows_from_the_reports_and_the_moment(document: DocumentPacket, status: StatusPacket) -> None:
    """Not done and due, or done when it was due already; the receiver's own times count, and later events don't."""
    document = of_priority(document, 0)
    found = deadlines(document, PLAIN, arrived=at(20, 9))
    assert late(found, document, [], at(20, 23)) == []
    assert late(found, document, [], at(21)) == ["notify"]
    assert late(found, document, [], at(24)) == ["notify", "register", "present"]
    came = report(status, "01", at(20, 9))
    assert late(found, document, [came], at(24)) == ["register", "present"]
    assert late(found, document, [came, report(status, "03", at(23, 8))], at(24)) == ["present"]
    assert late(found, document, [came, report(status, "05", at(23, 8))], at(30)) == []
    assert late(found, document, [came, report(status, "05", at(25, 8))], at(30)) == ["register", "present"]
    assert late(found, document, [came, report(status, "05", at(25, 8))], at(23)) == []
    assert late(found, document, [report(status, "02", at(20, 10))], at(30)) == []


def test_what_happens_at_the_moment_itself_counts_and_what_happens_when_it_is_due_is_late(
    document: DocumentPacket, status: StatusPacket
) -> None:
    """A report of the very second is known, one of a second later isn't; a deadline is the first moment that is too late."""
    document = of_priority(document, 0)
    found = deadlines(document, PLAIN, arrived=at(20, 9))
    [notify] = [deadline for deadline in found.items if deadline.period.duty is Duty.NOTIFY]
    second = timedelta(seconds=1)
    for moment, is_late in ((at(20, 10), False), (at(21) - second, False), (at(21), True)):
        told = timeline([report(status, "01", moment)], original=document)
        [standing] = standings([notify], told, "G22", as_of=moment)
        assert (standing.done, standing.late) == (moment, is_late)
        [standing] = standings([notify], told, "G22", as_of=moment - second)
        assert (standing.done, standing.late) == (None, False)


def test_agreed_recall_ends_the_receivers_duties(document: DocumentPacket, status: StatusPacket) -> None:
    """What was taken back needn't be registered."""
    document = of_priority(document, 0)
    found = deadlines(document, PLAIN, arrived=at(20, 9))
    packets = [report(status, "01", at(20, 9)), report(status, "13", at(20, 10))]
    assert late(found, document, packets, at(24)) == ["register", "present"]
    assert late(found, document, [*packets, report(status, "15", at(20, 11))], at(24)) == []
    assert late(found, document, [*packets, report(status, "16", at(20, 11))], at(24)) == ["register", "present"]


def test_recall_ends_the_receivers_duties_when_it_is_agreed_to(document: DocumentPacket, status: StatusPacket) -> None:
    """At the second of the answer they are done; before it nobody knows of it."""
    document = of_priority(document, 0)
    found = deadlines(document, PLAIN, arrived=at(20, 9))
    packets = [report(status, "13", at(20, 10)), report(status, "15", at(20, 11))]
    told = timeline(packets, original=document)
    for as_of, done in ((at(20, 10, 59), None), (at(20, 11), at(20, 11)), (at(25), at(20, 11))):
        theirs = [row for row in standings(found.items, told, "G22", as_of=as_of) if row.deadline.period.by == "receiver"]
        assert [row.done for row in theirs] == [done] * 3


def test_issuing_is_shown_by_the_packet_itself(document: DocumentPacket) -> None:
    """The first trace header tells when it left; without one it isn't known to have."""
    found = deadlines(document, PLAIN, signed=date(2026, 11, 19))
    (standing,) = standings(found.items, timeline([], original=document), "G22", as_of=at(30))
    assert (standing.done, standing.late) == (document.trace[0].timestamp, True)
    found = deadlines(of_priority(document, 0), PLAIN, signed=date(2026, 11, 19))
    (standing,) = standings(found.items, timeline([], original=document), "G22", as_of=at(30))
    assert not standing.late
    (standing,) = standings(found.items, timeline([], original=replace(document, trace=())), "G22", as_of=at(30))
    assert (standing.done, standing.late) == (None, True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.datetimes(datetime(2018, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(), timedelta(days=20)),
    st.sampled_from([0, 1]),
    st.booleans(),
    st.booleans(),
)
def test_deadlines_come_after_the_arrival_and_never_earlier_for_a_later_one(
    document: DocumentPacket, arrived: datetime, after: timedelta, priority: int, with_hours: bool, wait: bool
) -> None:
    """Whatever the practice, a deadline lies ahead, and who gets a document later isn't due earlier."""
    practice = replace(PLAIN, hours=HOURS if with_hours else None, after_hours_wait=wait)
    packet = of_priority(document, priority)
    first, second = (due(deadlines(packet, practice, arrived=moment)) for moment in (arrived, arrived + after))
    for duty in (Duty.NOTIFY, Duty.REGISTER, Duty.PRESENT):
        assert arrived < first[duty] <= second[duty]
