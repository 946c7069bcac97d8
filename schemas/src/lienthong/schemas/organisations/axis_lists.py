"""The lists of organisations that the document axis gives, as records of a directory; what is missing in them stays missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

from lienthong.core.errors import Place, Problem, Words
from lienthong.schemas.errors import finding
from lienthong.schemas.organisations.checks import circle_above
from lienthong.schemas.organisations.records import Organisation

LONGEST_CODE: Final = 100
"""No code on the wire is nearly as long; 35 is what the rule allows."""

_DAY = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?!\d)", re.ASCII)
_NONE = ("", "0", "null")

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AxisList:
    """What a list of the axis says, and warnings on rows that could not be taken as they stand."""

    organisations: tuple[Organisation, ...]
    findings: tuple[Problem, ...]


def read_agencies(rows: Iterable[Row]) -> AxisList:
    """Return the organisations of getAgenciesList: id, pid, code, oldCode, name, mail."""
    return _read(rows, "getAgenciesList", old="oldCode")


def read_agencies_qd20(rows: Iterable[Row]) -> AxisList:
    """Return the organisations of getAgenciesListQD20: id, code, code102, name, mail."""
    return _read(rows, "getAgenciesListQD20", old="code102")


def read_units(rows: Iterable[Row], *, seen: date) -> AxisList:
    """Return the organisations of getSynchronizeUnit: id, pid, code, name, mail, version, centerCode, deleted, modifyDate, isAgency.

    A deleted one is closed by the day on which it was modified last; where that day can't be read, by the day on which the list was
    seen. What version and isAgency mean is not known, and nothing is made of them.

    Args:
        rows: The rows of the reply.
        seen: The day on which the axis gave the list.
    """
    return _read(rows, "getSynchronizeUnit", seen=seen)


def _read(rows: Iterable[Row], source: str, *, old: str = "", seen: date | None = None) -> AxisList:
    listed = list(rows)
    findings: list[Problem] = []
    organisations: dict[str, Organisation] = {}
    by_old: dict[str, str] = {}
    codes = {_text(row, "id"): code for row in listed if _usable(code := _text(row, "code"))}
    odd = partial(_note, findings)
    for number, row in enumerate(listed, start=1):
        place = Place(source=source, record=number)
        code = _text(row, "code")
        if not _usable(code):
            odd(place, "code", "there is no code that could be used; the row is left out", "không có mã dùng được; bỏ qua dòng này")
            continue
        if code in organisations:
            odd(place, "code", f"{code} stands twice; the first row counts", f"mã {code} bị lặp lại; lấy dòng đầu tiên")
            continue
        old_code = _text(row, old) if old else ""
        if old_code and old_code in by_old:
            other = by_old[old_code]
            odd(place, old, f"{old_code} is that of {other} already; left out", f"{old_code} đã là của {other}; bỏ qua giá trị này")
            old_code = ""
        parent_id = _text(row, "pid")
        parent = codes.get(parent_id, "") if parent_id not in _NONE else ""
        if parent_id not in _NONE and (not parent or parent == code):
            odd(place, "pid", "it names no other row of the list; left out", "không trỏ đến dòng khác trong danh sách; bỏ qua giá trị này")
            parent = ""
        closed = None
        if seen is not None and (deleted := _text(row, "deleted").casefold()) not in ("", "0", "false", "null"):
            if deleted not in ("1", "true"):
                odd(place, "deleted", "it is neither true nor false; taken as true", "không phải đúng hay sai; coi là đúng")
            closed = _day(_text(row, "modifyDate")) or seen
        organisations[code] = Organisation(
            code=code,
            name=_text(row, "name"),
            old_code=old_code or None,
            valid_to=closed,
            parent=parent,
            mail=_text(row, "mail"),
            centre=_text(row, "centerCode"),
            source=source,
            place=place,
        )
        if old_code:
            by_old[old_code] = code
    _cut_circles(organisations, odd)
    return AxisList(tuple(organisations.values()), tuple(findings))


def _note(findings: list[Problem], place: Place | None, field: str, en: str, vi: str) -> None:
    findings.append(finding("LT-ORG-201", {"field": field, "reason": Words(en, vi)}, place=place))


def _cut_circles(organisations: dict[str, Organisation], odd: Callable[[Place | None, str, str, str], None]) -> None:
    """Leave out the parent of one organisation in every circle."""
    known: set[str] = set()
    for code in organisations:
        if circle := circle_above(code, lambda one: organisations[one].parent, known):
            row, way = organisations[circle[0]], " → ".join(circle)
            odd(row.place, "pid", f"it stands below itself ({way}); left out", f"là cấp trên của chính nó ({way}); bỏ qua giá trị này")
            organisations[row.code] = replace(row, parent="")


def _usable(code: str) -> bool:
    return bool(code) and len(code) <= LONGEST_CODE and code.isprintable()


def _text(row: Row, field: str) -> str:
    """Return a member as text, empty where it is missing or no plain value."""
    value = row.get(field)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else ""


def _day(text: str) -> date | None:
    if match := _DAY.match(text):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            return None
    return None
