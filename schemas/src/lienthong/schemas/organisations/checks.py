"""What must hold before records are a directory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from lienthong.core.errors import LienthongError, Words
from lienthong.schemas.errors import CodeReused, EntryInvalid, SuccessionCycle, SuccessionInvalid
from lienthong.schemas.organisations.records import Identifier, Organisation, Scheme, Succession

Periods = Mapping[str, Sequence[Organisation]]

_ONE_DAY = timedelta(days=1)


def check_periods(rows: Periods, by_old: Periods) -> None:
    """Raise EntryInvalid or CodeReused unless the periods of every code, oldest first, follow each other day on day."""
    for code, periods in rows.items():
        if not code:
            raise EntryInvalid(entry=periods[0].name or "?", reason=Words("it has no code", "không có mã"))
        for period in periods:
            _check_period(code, period)
            if "" in period.aliases:
                raise EntryInvalid(entry=code, reason=Words("one of its other names is empty", "có tên gọi khác để trống"))
        for one, after in pairwise(periods):
            closed = _check_order(code, one, after)
            if closed != after.valid_from:
                raise CodeReused(entry=code, closed=closed, again=after.valid_from or date.min)
    for old, periods in by_old.items():
        for one, after in pairwise(periods):
            _check_order(old, one, after)


def check_identifiers(rows: Periods, held: Mapping[tuple[Scheme, str], Sequence[Identifier]]) -> None:
    """Raise EntryInvalid or CodeReused unless every number has one holder at a time, and none gets it after it was closed."""
    for (scheme, value), periods in held.items():
        entry = f"{scheme} {value}"
        for period in periods:
            _check_period(entry, period)
            if not value or period.code not in rows:
                reason = Words(f"its holder {period.code} isn't in the directory", f"danh bạ không có đơn vị {period.code} giữ số này")
                raise EntryInvalid(entry=entry, reason=reason if value else Words("it has no value", "không có giá trị"))
        for one, after in pairwise(periods):
            closed = _check_order(entry, one, after)
            if closed != after.valid_from and one.code != after.code:
                raise CodeReused(entry=entry, closed=closed, again=after.valid_from or date.min)


def fault_of(succession: Succession, rows: Periods, after: Mapping[str, Sequence[Succession]]) -> LienthongError | None:
    """Return what is wrong with a succession among these periods and other successions, None if it fits."""
    code, successor, effective = succession.code, succession.successor, succession.effective
    if (successor is None) != (succession.kind == "dissolve"):
        return _invalid(succession, Words("only a dissolution has no successor", "chỉ trường hợp giải thể mới không có đơn vị kế thừa"))
    before = next((row for row in rows.get(code, ()) if effective > date.min and row.valid(effective - _ONE_DAY)), None)
    if before is None:
        return _invalid(succession, Words(f"{code} was not in force on the day before", f"ngày trước đó mã {code} không có hiệu lực"))
    if successor is None or any(row.valid(effective) and row is not before for row in rows.get(successor, ())):
        return None
    if chain := _way(successor, code, after):
        return SuccessionCycle(chain=" → ".join((code, *chain)))
    return _invalid(succession, Words(f"{successor} is not in force on that day", f"ngày đó mã {successor} không có hiệu lực"))


def _invalid(succession: Succession, reason: Words) -> SuccessionInvalid:
    successor = succession.successor or "–"
    return SuccessionInvalid(predecessor=succession.code, successor=successor, effective=succession.effective, reason=reason)


def _check_period(entry: str, period: Organisation | Identifier) -> None:
    if period.valid_from is not None and period.valid_to is not None and period.valid_from >= period.valid_to:
        raise EntryInvalid(entry=entry, reason=Words("a period ends before it begins", "thời gian hiệu lực kết thúc trước khi bắt đầu"))


def _check_order(entry: str, one: Organisation | Identifier, after: Organisation | Identifier) -> date:
    """Return the day on which the first of two periods ended."""
    if one.valid_to is None or after.valid_from is None or one.valid_to > after.valid_from:
        raise EntryInvalid(entry=entry, reason=Words("two of its periods overlap", "có hai khoảng thời gian hiệu lực chồng lên nhau"))
    return one.valid_to


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
