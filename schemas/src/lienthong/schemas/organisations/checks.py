"""What must hold before records are a directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from lienthong.core.errors import LienthongError, Words
from lienthong.schemas.errors import CodeReused, EntryInvalid, SuccessionCycle, SuccessionInvalid
from lienthong.schemas.organisations.records import REPLACING, Identifier, Organisation, Scheme, Succession

Periods = Mapping[str, Sequence[Organisation]]

_ONE_DAY = timedelta(days=1)


def check_periods(rows: Periods, by_old: Periods) -> None:
    """Raise EntryInvalid or CodeReused unless the periods of every code, oldest first, follow each other day on day."""
    for code, periods in rows.items():
        if not code:
            raise _wrong(periods[0].name or "?", periods[0], "it has no code", "không có mã")
        for period in periods:
            _check_period(code, period)
            if "" in period.aliases:
                raise _wrong(code, period, "one of its other names is empty", "có tên gọi khác để trống")
        for one, after in pairwise(periods):
            closed = _check_order(code, one, after)
            if closed != after.valid_from:
                raise CodeReused(entry=code, closed=closed, again=after.valid_from or date.min, place=after.place)
    for old, periods in by_old.items():
        for one, after in pairwise(periods):
            _check_order(old, one, after)


def check_parents(rows: Periods, by_old: Periods) -> None:
    """Raise EntryInvalid unless whoever is named as parent is listed, and nobody stands below itself on any day."""
    # A circle begins on a day on which one of its periods does, so that no other day need be looked at.
    known: defaultdict[date, set[str]] = defaultdict(set)
    for code, periods in rows.items():
        for period in periods:
            if not period.parent:
                continue
            if period.parent not in rows and period.parent not in by_old:
                raise _wrong(
                    code, period, f"its parent {period.parent} isn't in the directory", f"danh bạ không có cấp trên {period.parent}"
                )
            on = period.valid_from or date.min
            if circle := circle_above(code, partial(_parent, rows=rows, by_old=by_old, on=on), known[on]):
                way = " → ".join(circle)
                raise _wrong(code, period, f"it stands below itself ({way})", f"đơn vị là cấp trên của chính nó ({way})")


def circle_above(code: str, above: Callable[[str], str], known: set[str]) -> list[str]:
    """Return the circle in which one ends who goes up from a code, its first code again at the end; empty where there is a top.

    Args:
        code: Where to begin.
        above: Gives the code above another one, or an empty text.
        known: The codes from which somebody went up before; those passed now are added.
    """
    way: dict[str, None] = {}
    while code and code not in known and code not in way:
        way[code] = None
        code = above(code)
    known.update(way)
    passed = list(way)
    return [*passed[passed.index(code) :], code] if code in way else []


def check_identifiers(rows: Periods, held: Mapping[tuple[Scheme, str], Sequence[Identifier]]) -> None:
    """Raise EntryInvalid or CodeReused unless every number has one holder at a time, and none gets it after it was closed."""
    for (scheme, value), periods in held.items():
        entry = f"{scheme} {value}"
        for period in periods:
            _check_period(entry, period)
            if not value or period.code not in rows:
                en, vi = f"its holder {period.code} isn't in the directory", f"danh bạ không có đơn vị {period.code} giữ số này"
                raise _wrong(entry, period, *((en, vi) if value else ("it has no value", "không có giá trị")))
        for one, after in pairwise(periods):
            closed = _check_order(entry, one, after)
            if closed != after.valid_from and one.code != after.code:
                raise CodeReused(entry=entry, closed=closed, again=after.valid_from or date.min, place=after.place)


def fault_of(succession: Succession, rows: Periods, after: Mapping[str, Sequence[Succession]]) -> LienthongError | None:
    """Return what is wrong with a succession among these periods and other successions, None if it fits."""
    code, successor, effective = succession.code, succession.successor, succession.effective
    if (successor is None) != (succession.kind == "dissolve"):
        return _invalid(succession, Words("only a dissolution has no successor", "chỉ trường hợp giải thể mới không có đơn vị kế thừa"))
    before = next((row for row in rows.get(code, ()) if effective > date.min and row.valid(effective - _ONE_DAY)), None)
    if before is None:
        return _invalid(succession, Words(f"{code} was not in force on the day before", f"ngày trước đó mã {code} không có hiệu lực"))
    if successor is not None and not any(row.valid(effective) and row is not before for row in rows.get(successor, ())):
        if chain := _way(successor, code, after):
            return SuccessionCycle(chain=" → ".join((code, *chain)), place=succession.place)
        return _invalid(succession, Words(f"{successor} is not in force on that day", f"ngày đó mã {successor} không có hiệu lực"))
    if succession.kind in REPLACING and before.valid_to != effective:
        return _invalid(
            succession,
            Words(f"the period of {code} doesn't end on that day", f"thời gian hiệu lực của mã {code} không kết thúc vào ngày đó"),
        )
    return None


def _invalid(succession: Succession, reason: Words) -> SuccessionInvalid:
    successor = succession.successor or "–"
    return SuccessionInvalid(
        predecessor=succession.code, successor=successor, effective=succession.effective, reason=reason, place=succession.place
    )


def _wrong(entry: str, record: Organisation | Identifier, en: str, vi: str) -> EntryInvalid:
    return EntryInvalid(entry=entry, reason=Words(en, vi), place=record.place)


def _check_period(entry: str, period: Organisation | Identifier) -> None:
    if period.valid_from is not None and period.valid_to is not None and period.valid_from >= period.valid_to:
        raise _wrong(entry, period, "a period ends before it begins", "thời gian hiệu lực kết thúc trước khi bắt đầu")


def _check_order(entry: str, one: Organisation | Identifier, after: Organisation | Identifier) -> date:
    """Return the day on which the first of two periods ended."""
    if one.valid_to is None or after.valid_from is None or one.valid_to > after.valid_from:
        other = f" ({one.place})" if one.place else ""
        raise _wrong(entry, after, f"its period overlaps another one{other}", f"thời gian hiệu lực chồng lên khoảng thời gian khác{other}")
    return one.valid_to


def _parent(code: str, *, rows: Periods, by_old: Periods, on: date) -> str:
    """Return the code above another one on a day, empty where there is none."""
    named = next((row.parent for row in rows[code] if row.valid(on)), "")
    return named if not named or named in rows else next((row.code for row in by_old.get(named, ()) if row.valid(on)), "")


def _way(start: str, goal: str, after: Mapping[str, Sequence[Succession]]) -> list[str]:
    """Return the codes on a way along successions, both ends included; empty if there is none."""
    came_from: dict[str, str | None] = {start: None}
    waiting = [start]
    while waiting:
        code = waiting.pop()
        if code == goal:
            way = [code]
            while (before := came_from[way[0]]) is not None:
                way.insert(0, before)
            return way
        for step in after.get(code, ()):
            if step.successor is not None and step.successor not in came_from:
                came_from[step.successor] = code
                waiting.append(step.successor)
    return []
