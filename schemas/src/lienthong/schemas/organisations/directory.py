"""The directory: who had which code when, what became of it, and who holds which number."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final, Literal, Self, TypeVar

from lienthong.schemas.organisations.checks import check_identifiers, check_parents, check_periods, fault_of
from lienthong.schemas.organisations.codes import suggest_new_form, suggest_old_form
from lienthong.schemas.organisations.records import REPLACING, Identifier, Organisation, Scheme, Succession
from lienthong.schemas.organisations.search import NameIndex

State = Literal["active", "over", "closed", "future"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", Organisation, Identifier, Succession)


@dataclass(frozen=True, slots=True)
class Successor:
    """Who has taken over from an organisation, and by which successions."""

    organisation: Organisation
    path: tuple[Succession, ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """A code in the other form; unless the directory lists the pair, it only follows from the rule."""

    code: str
    confirmed: bool


class Directory:
    """Organisations with their periods, successions and numbers. Immutable; every question is about a day.

    Args:
        organisations: One record per organisation and period; a code's periods follow each other without a gap, and parents are listed.
        successions: Their ends are organisations of this directory, in office on that day; with a merger, a split or a dissolution
            the period of the former one ends.
        identifiers: Numbers in other schemes.

    Raises:
        EntryInvalid: data; a period is empty or overlaps another one of the same code, an old code or number is held twice at once, a
            parent isn't listed or stands below itself.
        CodeReused: data; a closed code or number begins again.
        SuccessionInvalid: data; a succession doesn't fit the periods at its ends.
        SuccessionCycle: data; successions lead back to where they began.
    """

    def __init__(
        self,
        organisations: Iterable[Organisation],
        successions: Iterable[Succession] = (),
        identifiers: Iterable[Identifier] = (),
    ) -> None:
        self.organisations: Final = tuple(organisations)
        self.successions: Final = tuple(successions)
        self.identifiers: Final = tuple(identifiers)
        self._rows = _grouped((row.code, row) for row in self.organisations)
        self._by_old = _grouped((row.old_code, row) for row in self.organisations if row.old_code)
        self._held = _grouped(((held.scheme, held.value), held) for held in self.identifiers)
        self._numbers = _grouped((held.code, held) for held in self.identifiers)
        check_periods(self._rows, self._by_old)
        check_parents(self._rows, self._by_old)
        check_identifiers(self._rows, self._held)
        self._after = _grouped((succession.code, succession) for succession in self.successions)
        for succession in self.successions:
            if fault := fault_of(succession, self._rows, self._after):
                raise fault

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def extended(
        self,
        organisations: Iterable[Organisation] = (),
        successions: Iterable[Succession] = (),
        identifiers: Iterable[Identifier] = (),
    ) -> Self:
        """Return this directory with further records; what they say of a code replaces all periods known of it.

        Of the successions and numbers so far, those stay that still fit and that no new one of the same code and day, or the same
        number, replaces. Raises as the class does.

        Example:
            own = together(read_table(path.read_bytes(), source=path.name) for path in paths)
            level_one().extended(own.organisations, own.successions, own.identifiers)
        """
        rows, news, numbers = tuple(organisations), tuple(successions), tuple(identifiers)
        codes = {row.code for row in rows}
        together = _grouped((row.code, row) for row in (*(row for row in self.organisations if row.code not in codes), *rows))
        told = {(new.code, new.effective) for new in news}
        kept = [old for old in self.successions if (old.code, old.effective) not in told and not fault_of(old, together, {})]
        taken = {(held.scheme, held.value) for held in numbers}
        held = [held for held in self.identifiers if (held.scheme, held.value) not in taken and held.code in together]
        return type(self)((row for rows in together.values() for row in rows), (*kept, *news), (*held, *numbers))

    # Who is it

    def find(self, code: str, *, on: date) -> Organisation | None:
        """Return whom a code, or an old code that is listed with it, names on a day; None if it isn't listed or not in force then.

        Nobody is found by the rule alone; `new_form` and `old_form` say what a code is by it.
        """
        return next((row for row in self.history(code) if row.valid(on)), None)

    def history(self, code: str) -> tuple[Organisation, ...]:
        """Return all periods of a code, or of those with which an old code is listed, oldest first; closed ones stay for ever."""
        return tuple(self._rows[code] if code in self._rows else self._by_old.get(code, ()))

    def latest(self, code: str, *, on: date) -> Organisation | None:
        """Return the organisation that a code names on a day or named last before it."""
        return next((row for row in reversed(self.history(code)) if row.valid_from is None or row.valid_from <= on), None)

    def state(self, organisation: Organisation, *, on: date) -> State:
        """Return whether an organisation is in office on a day, to come after it, over while its code goes on, or closed with its code."""
        if organisation.valid(on):
            return "active"
        if organisation.valid_from is not None and on < organisation.valid_from:
            return "future"
        return "over" if self.find(organisation.code, on=on) else "closed"

    def parent(self, code: str, *, on: date) -> Organisation | None:
        """Return the organisation above another one on a day, None where none is listed."""
        row = self.find(code, on=on)
        return self.find(row.parent, on=on) if row and row.parent else None

    def search(self, text: str, *, on: date | None = None) -> tuple[Organisation, ...]:
        """Return the organisations in whose names every word of a text begins a word, best first.

        Case, diacritics and the order of words don't count. Unless a whole name is found with them, words such as `tỉnh` or `UBND` need
        not be in the name. Each period is a result of its own, so that one name before and after a
        merger is found twice; with `on` only those of that day.
        """
        return tuple(row for row in self._names.search(text) if on is None or row.valid(on))

    def active(self, start: date, end: date) -> tuple[Organisation, ...]:
        """Return the units that existed on some day of [start, end), each once, as it was last: the denominator of a period's figures.

        A unit that only changed name, kind or parent counts once; where another unit went on under the same code, both count.
        """
        found = []
        for rows in self._rows.values():
            inside = [
                row
                for row in rows
                if start < end and (row.valid_from is None or row.valid_from < end) and (row.valid_to is None or start < row.valid_to)
            ]
            found += [row for row in inside if row is inside[-1] or self._replaced(row)]
        return tuple(found)

    def new_form(self, code: str, *, on: date) -> Conversion | None:
        """Return the new form of an old code: from this directory if it lists the pair, else by rule, else None.

        What contradicts an entry of the directory, of whichever day, is not suggested.
        """
        listed = next((row for row in self._by_old.get(code, ()) if row.valid(on)), None)
        if listed:
            return Conversion(listed.code, confirmed=True)
        suggested = suggest_new_form(code)
        if suggested is None or any(row.old_code not in (None, code) for row in self.history(suggested)):
            return None
        return Conversion(suggested, confirmed=False)

    def old_form(self, code: str, *, on: date) -> Conversion | None:
        """Return the old form of a new code, decided as in `new_form`."""
        row = self.find(code, on=on)
        if row and row.old_code:
            return Conversion(row.old_code, confirmed=True)
        suggested = suggest_old_form(code)
        if suggested is None or any(other.code != code for other in self._by_old.get(suggested, ())):
            return None
        return Conversion(suggested, confirmed=False)

    # What became of it

    def successors(self, organisation: Organisation, *, on: date, function: str = "") -> tuple[Successor, ...]:
        """Return who stands in an organisation's place on a day, nearest first; itself, with an empty path, as long as it is in office.

        Args:
            organisation: A record of this directory.
            on: The day.
            function: Follows only the successions of this function, and where a step has none of it, those without a function. Empty
                follows all.
        """
        found: dict[tuple[str, date | None], Successor] = {}
        seen = set()
        # Each step leads to a later day than the one before, so that it ends.
        waiting: deque[tuple[Organisation, date, tuple[Succession, ...]]] = deque([(organisation, organisation.valid_from or date.min, ())])
        while waiting:
            row, arrived, path = waiting.popleft()
            if (row.code, arrived) in seen:
                continue
            seen.add((row.code, arrived))
            if row.valid(on):
                found.setdefault((row.code, row.valid_from), Successor(row, path))
            elif row.valid_to is not None and row.valid_to <= on:
                waiting.extend((after, day, (*path, *step)) for after, day, step in self._next(row, arrived, function))
        return tuple(found.values())

    def predecessors(self, organisation: Organisation) -> tuple[Succession, ...]:
        """Return the successions by which an organisation came to be what it is in its period."""
        return tuple(
            succession
            for succession in self.successions
            if succession.successor == organisation.code and organisation.valid(succession.effective)
        )

    def _next(self, row: Organisation, arrived: date, function: str) -> Iterator[tuple[Organisation, date, tuple[Succession, ...]]]:
        """Yield who followed a unit after a day, on which day, and by which succession."""
        end = row.valid_to or date.max
        steps = [step for step in self._after.get(row.code, ()) if arrived < step.effective <= end]
        if function:
            steps = [step for step in steps if step.function == function] or [step for step in steps if not step.function]
        for step in steps:
            if step.successor is not None and (after := self.find(step.successor, on=step.effective)):
                yield after, step.effective, (step,)
        if not self._replaced(row) and (after := self.find(row.code, on=end)):
            yield after, end, ()

    def _replaced(self, row: Organisation) -> bool:
        """Return whether a succession says what became of a unit at the end of its period; else the next period is the same unit."""
        return any(step.effective == row.valid_to and step.kind in REPLACING for step in self._after.get(row.code, ()))

    # Which numbers it has

    def holder(self, scheme: Scheme, value: str, *, on: date) -> Organisation | None:
        """Return who holds a number on a day, as the organisation was on that day."""
        held = next((held for held in self._held.get((scheme, value), ()) if held.valid(on)), None)
        return self.find(held.code, on=on) if held else None

    def numbers(self, organisation: Organisation, *, on: date, scheme: Scheme | None = None) -> tuple[Identifier, ...]:
        """Return the numbers that an organisation holds on a day."""
        return tuple(
            held for held in self._numbers.get(organisation.code, ()) if held.valid(on) and (scheme is None or held.scheme == scheme)
        )

    def last_held(self, scheme: Scheme, value: str, *, on: date) -> Identifier | None:
        """Return by whom a number is held on a day or was held last before it."""
        held = self._held.get((scheme, value), ())
        return next((one for one in reversed(held) if one.valid_from is None or one.valid_from <= on), None)

    def renumbered(self, held: Identifier, *, on: date) -> tuple[Identifier, ...]:
        """Return what stands in a number's place on a day: itself, whoever holds it, or else the numbers of its last holder's successors.

        So a closed province's code and its statistical number may lead to different ones: the code follows the name, the number the seat.
        """
        now = self.last_held(held.scheme, held.value, on=on)
        if now is None or now.valid(on) or now.valid_to is None:
            return (now,) if now else ()
        row = self.latest(now.code, on=now.valid_to - timedelta(days=1))
        heirs = self.successors(row, on=on) if row else ()
        return tuple(number for heir in heirs for number in self.numbers(heir.organisation, on=on, scheme=held.scheme))

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self.organisations)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Return the records of each key, oldest first."""
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, record in pairs:
        groups[key].append(record)
    for records in groups.values():
        if len(records) > 1:
            records.sort(key=_began)
    return dict(groups)


def _began(record: Organisation | Identifier | Succession) -> date:
    return record.effective if isinstance(record, Succession) else record.valid_from or date.min
