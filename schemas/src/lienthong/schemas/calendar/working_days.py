"""Which days offices work on, told by a list of the days that differ from the ordinary week."""

from __future__ import annotations

import csv
import functools
import importlib.resources
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, TypeVar

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Level, Place, Problem, Words, say
from lienthong.schemas.errors import CalendarInvalid

Certainty = Literal["P", "V", "C", "S", "I", "R"]
Kind = Literal["off", "working"]

COLUMNS: Final = ("date", "kind", "vi", "en", "instead_of", "source", "certainty")
_Choice = TypeVar("_Choice")
_KINDS: Final[Mapping[str, Kind]] = {"off": "off", "working": "working"}
_CERTAINTIES: Final[Mapping[str, Certainty]] = {"P": "P", "V": "V", "C": "C", "S": "S", "I": "I", "R": "R"}
_CALCULATED = frozenset({"I", "R"})
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
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
        certainty: P primary text, V vendor artefact, C code of third parties, S secondary, I calculated, R recollection.
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
                found.append(_finding("LT-CAL-101", year))
            elif any(listed.certainty in _CALCULATED for listed in by_year[year]):
                found.append(_finding("LT-CAL-102", year))
        return tuple(found)


def local_day(moment: date) -> date:
    """Return the day in Việt Nam of a day or of a time with zone.

    Raises:
        ValueError: A time without zone.
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("the time has no zone")
    return moment.astimezone(HO_CHI_MINH).date()


@functools.cache
def vietnam() -> Calendar:
    """Return the calendar of public offices in Việt Nam, 2018 to 2027, that comes with this package.

    It follows the PyPI package `holidays`, but for an exchange of days that this lacks; each day names its source. Days that the
    Government hadn't announced when the list was made are calculated and bear the certainty I.
    """
    resource = importlib.resources.files("lienthong.schemas.calendar") / "vietnam.csv"
    with importlib.resources.as_file(resource) as path:
        return read_calendar(path)


def read_calendar(path: Path, *, over: Calendar | None = None) -> Calendar:
    """Return the calendar that a CSV file in UTF-8 tells.

    Args:
        path: Its first row names the columns `date,kind,vi,en,instead_of,source,certainty`, in any order; `vi`, `en`, `instead_of` and
            `source` may be missing or empty. Dates are `yyyy-MM-dd`, `kind` is `off` or `working`.
        over: A calendar whose days hold where the file is silent, such as `vietnam()`.

    Raises:
        CalendarInvalid: configuration; names file, line and column of the first row that can't be understood.
    """
    days: dict[date, Day] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            try:
                columns = _columns(next(rows, []), Place(source=str(path), line=1))
                for row in rows:
                    if row:
                        place = Place(source=str(path), line=rows.line_num)
                        day = _day(row, columns, place)
                        if day.day in days:
                            raise CalendarInvalid(place=_at(place, columns.index("date")), reason=_TWICE)
                        days[day.day] = day
            except csv.Error:
                raise CalendarInvalid(place=Place(source=str(path), line=rows.line_num), reason=_NOT_CSV) from None
    except UnicodeDecodeError:
        raise CalendarInvalid(place=Place(source=str(path)), reason=_NOT_UTF8) from None
    except OSError as error:
        raise CalendarInvalid(place=Place(source=str(path)), reason=_UNREADABLE) from error
    return Calendar({**(over.days if over else {}), **days})


def _columns(header: list[str], place: Place) -> list[str]:
    names = [name.strip() for name in header]
    for index, name in enumerate(names):
        if name not in COLUMNS or name in names[:index]:
            raise CalendarInvalid(place=_at(place, index), reason=_UNKNOWN_COLUMN)
    if not {"date", "kind", "certainty"} <= set(names):
        raise CalendarInvalid(place=_at(place, len(names)), reason=_MISSING_COLUMN)
    return names


def _day(row: list[str], columns: list[str], place: Place) -> Day:
    if len(row) != len(columns):
        raise CalendarInvalid(place=_at(place, min(len(row), len(columns))), reason=_OTHER_COUNT)
    cells = {name: value.strip() for name, value in zip(columns, row, strict=True)}
    instead_of = cells.get("instead_of", "")
    return Day(
        day=_date(cells["date"], place, columns.index("date")),
        kind=_choice(cells["kind"], _KINDS, place, columns.index("kind")),
        vi=cells.get("vi", ""),
        en=cells.get("en", ""),
        instead_of=_date(instead_of, place, columns.index("instead_of")) if instead_of else None,
        source=cells.get("source", ""),
        certainty=_choice(cells["certainty"], _CERTAINTIES, place, columns.index("certainty")),
    )


def _date(text: str, place: Place, index: int) -> date:
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise CalendarInvalid(place=_at(place, index), reason=_NOT_A_DATE)


def _choice(text: str, choices: Mapping[str, _Choice], place: Place, index: int) -> _Choice:
    if text not in choices:
        listed = ", ".join(choices)
        raise CalendarInvalid(place=_at(place, index), reason=Words(f"expected one of {listed}", f"phải là một trong các giá trị {listed}"))
    return choices[text]


def _at(place: Place, index: int) -> Place:
    return Place(source=place.source, line=place.line, column=index + 1)


def _finding(code: str, year: int) -> Problem:
    level, en, vi = _FINDINGS[code]
    fields = {"year": str(year)}
    return Problem(code=code, action="configure", en=say(en, "en", fields), vi=say(vi, "vi", fields), level=level, fields=fields)


_FINDINGS: Mapping[str, tuple[Level, str, str]] = {
    "LT-CAL-101": (
        "warning",
        "The calendar lists no day of {year}; its working days are counted by weekday only.",
        "Lịch không có dữ liệu năm {year}; ngày làm việc chỉ được tính theo thứ trong tuần.",
    ),
    "LT-CAL-102": (
        "warning",
        "Some days off of {year} are calculated; the calendar has no announcement of them.",
        "Một số ngày nghỉ năm {year} là ngày tính trước; lịch chưa có thông báo chính thức.",
    ),
}
_UNKNOWN_COLUMN = Words("unknown or repeated column", "cột không xác định hoặc bị lặp")
_MISSING_COLUMN = Words("the columns date, kind and certainty are needed", "phải có các cột date, kind và certainty")
_OTHER_COUNT = Words("the row has more or fewer cells than the first one", "số ô của dòng khác với dòng đầu")
_NOT_A_DATE = Words("expected a date yyyy-MM-dd", "phải là ngày dạng yyyy-MM-dd")
_TWICE = Words("the day is listed before", "ngày đã được liệt kê ở trên")
_NOT_CSV = Words("not a CSV file", "không phải tệp CSV")
_NOT_UTF8 = Words("not in UTF-8", "không ở dạng mã UTF-8")
_UNREADABLE = Words("the file can't be read", "không đọc được tệp")
