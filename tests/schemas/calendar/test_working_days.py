"""Working days in Việt Nam."""

import csv
import importlib.resources
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.core.errors import Place
from lienthong.schemas.calendar import Calendar, Day, read_calendar, vietnam
from lienthong.schemas.csv_table import MOST_BYTES
from lienthong.schemas.errors import NotATable, TableInvalid

HEADER = b"date,kind,vi,en,instead_of,source,certainty\n"
days = st.dates(date(2017, 1, 1), date(2029, 12, 31))


def text_of_list() -> str:
    return (importlib.resources.files("lienthong.schemas.calendar") / "vietnam.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 2, 17), False),
        (date(2025, 1, 27), False),
        (date(2023, 5, 3), False),
        (date(2021, 9, 3), False),
        (date(2018, 12, 31), False),
        (date(2019, 1, 5), True),
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 8, 22), True),
    ],
)
def test_holidays_days_in_lieu_and_exchanged_days_are_known(day: date, works: bool) -> None:
    """Tết, days in lieu of weekends, and Saturdays worked for a bridge day."""
    assert vietnam().is_working_day(day) is works


def test_each_day_names_its_source_and_certainty_in_both_languages() -> None:
    """Every row is complete; an exchange stands on both days; what isn't announced is marked as calculated."""
    listed = vietnam().days
    assert {day.year for day in listed} == set(range(2018, 2028))
    for day in listed.values():
        assert all((day.vi, day.en, day.source)), day
        assert day.certainty in {"C", "S", "I"}
        if day.kind == "working":
            assert day.day.weekday() >= 5
            assert day.instead_of is not None
            assert listed[day.instead_of].instead_of == day.day
            assert listed[day.instead_of].kind == "off"
    assert {day.day.year for day in listed.values() if day.certainty == "I"} == {2027}


def test_list_is_sorted_and_has_each_day_once() -> None:
    """So that a change to it is easy to read."""
    dates = [row["date"] for row in csv.DictReader(text_of_list().splitlines())]
    assert dates == sorted(set(dates))


@pytest.mark.parametrize(
    ("day", "next_day"),
    [
        (date(2026, 11, 20), date(2026, 11, 23)),
        (date(2026, 2, 13), date(2026, 2, 23)),
        (date(2025, 12, 31), date(2026, 1, 5)),
        (date(2026, 8, 21), date(2026, 8, 22)),
        (date(2026, 8, 28), date(2026, 9, 3)),
    ],
)
def test_next_working_day_passes_over_days_off(day: date, next_day: date) -> None:
    """Weekends, Tết and bridge days."""
    assert vietnam().next_working_day(day) == next_day


def test_days_are_those_of_viet_nam() -> None:
    """A time counts for the day that it is there; one without zone is refused."""
    friday_night = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert not vietnam().is_working_day(friday_night)
    assert vietnam().next_working_day(friday_night) == date(2026, 11, 23)
    with pytest.raises(ValueError, match="zone"):
        vietnam().is_working_day(datetime(2026, 11, 20, 17, 30))  # noqa: DTZ001


@given(days, st.integers(0, 40), st.integers(0, 40))
def test_counting_is_monotone_and_adds_up(day: date, few: int, more: int) -> None:
    """More days never end earlier, a later start neither; counting in two steps is counting in one."""
    calendar = vietnam()
    end = calendar.add_working_days(day, few)
    assert calendar.add_working_days(end, more) == calendar.add_working_days(day, few + more)
    assert end >= day + timedelta(days=few)
    assert calendar.add_working_days(day + timedelta(days=1), few) >= end
    assert few == 0 or calendar.is_working_day(end)
    between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
    assert sum(map(calendar.is_working_day, between)) == few


def test_negative_count_is_refused() -> None:
    """There is no counting back."""
    with pytest.raises(ValueError, match="negative"):
        vietnam().add_working_days(date(2026, 11, 20), -1)


def test_year_without_data_counts_by_weekday_and_says_so() -> None:
    """Nothing is guessed: 1 January 2035 is a Monday like others, with a finding."""
    assert vietnam().is_working_day(date(2035, 1, 1))
    found = vietnam().findings(date(2026, 12, 30), date(2028, 1, 3))
    assert [(problem.code, problem.fields["year"], problem.level) for problem in found] == [
        ("LT-CAL-102", "2027", "warning"),
        ("LT-CAL-101", "2028", "warning"),
    ]
    assert {problem.action for problem in found} == {"configure"}
    assert vietnam().findings(date(2018, 1, 1), date(2026, 12, 31)) == ()
    assert Calendar().findings(date(2026, 1, 1), date(2026, 1, 1))[0].code == "LT-CAL-101"


def test_own_list_holds_over_the_national_one() -> None:
    """A CSV file, with the mark that spreadsheets put in front, adds and changes days."""
    content = "\ufeffkind,date,certainty\noff,2026-11-20,P\nworking,2026-11-21,P\n\noff,2028-01-03,R\n".encode()
    calendar = read_calendar(content, source="lịch.csv", over=vietnam())
    assert calendar.days[date(2026, 11, 20)] == Day(day=date(2026, 11, 20), kind="off", certainty="P")
    assert calendar.next_working_day(date(2026, 11, 19)) == date(2026, 11, 21)
    assert not calendar.is_working_day(date(2026, 2, 17))
    assert [problem.code for problem in calendar.findings(date(2028, 1, 1), date(2028, 1, 1))] == ["LT-CAL-102"]
    assert read_calendar(content, source="lịch.csv").is_working_day(date(2026, 2, 17))


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"", 1, "date"),
        (b"date,kind\n", 1, "certainty"),
        (b"\ndate,kind\n", 2, "certainty"),
        (b"date,kind,holiday,certainty\n", 1, "holiday"),
        (b"date,kind,date,certainty\n", 1, "date"),
        (HEADER + b"2026-02-30,off,,,,,P\n", 2, "date"),
        (HEADER + b"20261120,off,,,,,P\n", 2, "date"),
        (HEADER + b"2026-11-20,maybe,,,,,P\n", 2, "kind"),
        (HEADER + b"2026-11-20,off,,,tomorrow,,P\n", 2, "instead_of"),
        (HEADER + b"2026-11-20,off,,,,,X\n", 2, "certainty"),
        (HEADER + b"2026-11-20,off,,,,,\n", 2, "certainty"),
        (HEADER + b"2026-11-20,off,,,,,P\n2026-11-20,off,,,,,P\n", 3, "date"),
        (HEADER + b'2026-11-20,off,"a\nb",,,,P\n2026-11-21,of,,,,,P\n', 4, "kind"),
        (HEADER + b'2026-11-20,of,"a\nb",,,,P\n', 2, "kind"),
    ],
)
def test_wrong_list_is_refused_with_file_line_and_column(content: bytes, line: int, column: str) -> None:
    """The place leads to the cell as in a table of a directory: the line on which the row begins, and the column's name."""
    with pytest.raises(TableInvalid) as caught:
        read_calendar(content, source="days.csv")
    error = caught.value
    assert (error.place, error.column) == (Place(source="days.csv", line=line), column)
    assert f"days.csv:{line}, cột {column}: " in error.sentence("vi")


def test_list_that_is_too_large_is_refused() -> None:
    """Nothing endless is read."""
    with pytest.raises(NotATable, match="bytes"):
        read_calendar(HEADER + b"\n" * MOST_BYTES, source="days.csv")
