"""Which days offices work on, told by a list of the days that differ from the ordinary week."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Certainty, Problem, Words
from lienthong.schemas.csv_table import CsvTable, one_of
from lienthong.schemas.csv_table import day as csv_day
from lienthong.schemas.errors import TableInvalid, finding

Kind = Literal["off", "working"]

_COLUMNS = {"date": True, "kind": True, "certainty": True, "vi": False, "en": False, "instead_of": False, "source": False}
_CALCULATED = frozenset({"I", "R"})
_SATURDAY = 5
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that differs from the ordinary week, or would if it weren't a weekend.

    Attributes:
        kind: `off` or `working`.
        vi: Why, in Vietnamese.
        en: Why, in English.
        instead_of: The day that it was exchanged with or stands in lieu of.
        source: Where that is known from.
        certainty: How sure it is.
    """

    day: date
    kind: Kind
    vi: str = ""
    en: str = ""
    instead_of: date | None = None
    source: str = ""
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days: Monday to Friday but for the days listed; all times are taken as Asia/Ho_Chi_Minh.

    A year of which no day is listed counts by weekday only; `findings` says so.
    """

    days: Mapping[date, Day] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Return whether offices work on a day; a time with zone stands for its day in Việt Nam.

        Raises:
            ValueError: A time without zone.
        """
        day = local_day(day)
        listed = self.days.get(day)
        return day.weekday() < _SATURDAY if listed is None else listed.kind == "working"

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day."""
        day = local_day(day) + _ONE
        while not self.is_working_day(day):
            day += _ONE
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day that comes `count` working days after a day; the day itself for none.

        Raises:
            ValueError: A negative count.
        """
        if count < 0:
            raise ValueError("count is negative")
        day = local_day(day)
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def findings(self, first: date, last: date) -> tuple[Problem, ...]:
        """Return what makes a count of days from first to last unsure: years without data, and years whose days are calculated only."""
        by_year: dict[int, list[Day]] = {}
        for listed in self.days.values():
            by_year.setdefault(listed.day.year, []).append(listed)
        found = []
        for year in range(local_day(first).year, local_day(last).year + 1):
            if year not in by_year:
                found.append(finding("LT-CAL-101", {"year": year}, action="configure"))
            elif any(listed.certainty in _CALCULATED for listed in by_year[year]):
                found.append(finding("LT-CAL-102", {"year": year}, action="configure"))
        return tuple(found)


def local_day(moment: date) -> date:
    """Return the day in Việt Nam of a day or of a time with zone.

    Raises:
        ValueError: A time without zone.
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.utcoffset() is None:
        raise ValueError("the time has no zone")
    return moment.astimezone(HO_CHI_MINH).date()


@functools.cache
def vietnam() -> Calendar:
    """Return the calendar of public offices in Việt Nam, 2018 to 2027, that comes with this package.

    It follows the PyPI package `holidays`, but for an exchange of days that this lacks; each day names its source. Days that the
    Government hadn't announced when the list was made are calculated and bear the certainty I.
    """
    resource = importlib.resources.files("lienthong.schemas.calendar") / "vietnam.csv"
    return read_calendar(resource.read_bytes(), source="vietnam.csv")


def read_calendar(content: bytes, *, source: str, over: Calendar | None = None) -> Calendar:
    """Return the calendar that a CSV file tells.

    Args:
        content: The file, UTF-8. Its first row names the columns `date,kind,vi,en,instead_of,source,certainty`, in any order; `vi`, `en`,
            `instead_of` and `source` may be missing or empty. Dates are `yyyy-MM-dd`, `kind` is `off` or `working`.
        source: Its name for sentences.
        over: A calendar whose days hold where the file is silent, such as `vietnam()`.

    Raises:
        NotATable: data; it isn't CSV at all.
        TableInvalid: data; names file, line and column of the first row that can't be understood.
    """
    days: dict[date, Day] = {}
    for place, cells in CsvTable(content, source=source).rows(_COLUMNS):
        instead_of = cells.get("instead_of")
        listed = Day(
            day=csv_day(cells["date"], place, "date"),
            kind=one_of(cells["kind"], place, "kind", values=get_args(Kind)),
            vi=cells.get("vi", ""),
            en=cells.get("en", ""),
            instead_of=csv_day(instead_of, place, "instead_of") if instead_of else None,
            source=cells.get("source", ""),
            certainty=one_of(cells["certainty"], place, "certainty", values=get_args(Certainty)),
        )
        if listed.day in days:
            raise TableInvalid(place=place, column="date", reason=Words("the day is listed before", "ngày đã được liệt kê ở trên"))
        days[listed.day] = listed
    return Calendar({**(over.days if over else {}), **days})
