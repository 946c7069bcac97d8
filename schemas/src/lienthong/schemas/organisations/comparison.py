"""How two directories differ on a day: what a nightly comparison with the axis' list reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from lienthong.core.text import nfc
from lienthong.schemas.organisations.directory import Directory
from lienthong.schemas.organisations.records import Organisation


@dataclass(frozen=True, slots=True)
class Pair:
    """One organisation as we and they list it."""

    ours: Organisation
    theirs: Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two directories say differently of a day, each organisation in one place only, in the order of codes.

    Attributes:
        added: Only they list it.
        removed: Only we list it.
        renamed: Same code, another name.
        recoded: Another code for what has the same old code, or else a name that nobody else has.
        closed_here: They have it in force, with us its code is closed.
        closed_there: We have it in force, with them its code is closed.
    """

    added: tuple[Organisation, ...] = ()
    removed: tuple[Organisation, ...] = ()
    renamed: tuple[Pair, ...] = ()
    recoded: tuple[Pair, ...] = ()
    closed_here: tuple[Pair, ...] = ()
    closed_there: tuple[Pair, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each."""
        return {field.name: len(getattr(self, field.name)) for field in fields(self)}

    def __bool__(self) -> bool:
        return any(self.counts.values())


def difference(ours: Directory, theirs: Directory, *, on: date) -> Difference:
    """Return how their directory differs from ours on a day. A name that is missing on one side differs from none."""
    here, there = _in_force(ours, on), _in_force(theirs, on)
    closed_here = [Pair(row, there[code]) for code, row in _closed(ours, there.keys() - here.keys(), on)]
    closed_there = [Pair(here[code], row) for code, row in _closed(theirs, here.keys() - there.keys(), on)]
    removed = {code: here[code] for code in here.keys() - there.keys() - {pair.ours.code for pair in closed_there}}
    added = {code: there[code] for code in there.keys() - here.keys() - {pair.theirs.code for pair in closed_here}}
    recoded = []
    for pair in (*_by_old_code(removed, added), *_by_name(removed, added, here.values(), there.values())):
        if pair.ours.code in removed and pair.theirs.code in added:
            recoded.append(pair)
            del removed[pair.ours.code], added[pair.theirs.code]
    both = (Pair(here[code], there[code]) for code in here.keys() & there.keys())
    renamed = [pair for pair in both if pair.ours.name and pair.theirs.name and nfc(pair.ours.name) != nfc(pair.theirs.name)]
    return Difference(
        added=tuple(sorted(added.values(), key=lambda row: row.code)),
        removed=tuple(sorted(removed.values(), key=lambda row: row.code)),
        renamed=_sorted(renamed),
        recoded=_sorted(recoded),
        closed_here=_sorted(closed_here),
        closed_there=_sorted(closed_there),
    )


Rows = Mapping[str, Organisation]


def _in_force(directory: Directory, on: date) -> dict[str, Organisation]:
    return {row.code: row for row in directory.organisations if row.valid(on)}


def _closed(directory: Directory, codes: Iterable[str], on: date) -> Iterator[tuple[str, Organisation]]:
    """Yield those of some codes that a directory has and had closed, as they were last."""
    for code in codes:
        if code in directory and (row := directory.latest(code, on=on)):
            yield code, row


def _by_old_code(removed: Rows, added: Rows) -> Iterator[Pair]:
    known = {code: row for row in added.values() for code in (row.code, row.old_code) if code}
    for row in removed.values():
        if found := known.get(row.old_code or "") or known.get(row.code):
            yield Pair(row, found)


def _by_name(removed: Rows, added: Rows, *all_rows: Iterable[Organisation]) -> Iterator[Pair]:
    counts = [Counter(nfc(row.name) for row in rows) for rows in all_rows]
    known = {nfc(row.name): row for row in added.values()}
    for row in removed.values():
        name = nfc(row.name)
        if name and name in known and all(count[name] == 1 for count in counts):
            yield Pair(row, known[name])


def _sorted(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda pair: pair.ours.code))
