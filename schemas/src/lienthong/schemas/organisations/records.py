"""What a directory holds: organisations as they were in a period, what became of them, and their numbers in other schemes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from lienthong.core.errors import Certainty, Place, Words

SuccessionKind = Literal["merge", "split", "rename", "dissolve", "transfer"]
Scheme = Literal["statistical", "budget", "certificate"]

CERTAINTIES: Final[Mapping[Certainty, Words]] = {
    "P": Words("primary text", "văn bản gốc"),
    "V": Words("vendor's files", "tệp của nhà cung cấp"),
    "C": Words("seen in public code", "thấy trong mã nguồn công khai"),
    "S": Words("second hand", "nguồn thứ cấp"),
    "I": Words("inferred", "suy ra"),
    "R": Words("recalled only, unconfirmed", "chỉ theo trí nhớ, chưa kiểm chứng"),
}
SUCCESSION_KINDS: Final[Mapping[SuccessionKind, Words]] = {
    "merge": Words("merged", "sáp nhập"),
    "split": Words("split", "chia tách"),
    "rename": Words("renamed", "đổi tên hoặc loại hình"),
    "dissolve": Words("dissolved", "giải thể"),
    "transfer": Words("function transferred", "chuyển chức năng"),
}
REPLACING: Final[Collection[SuccessionKind]] = ("merge", "split", "dissolve")
"""The kinds with which a unit ends; after the others it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as it was or is in one period; its identity is its code and that period.

    Attributes:
        code: Its code, a string with its leading zeros.
        name: Its name; empty where no source has it.
        old_code: Its code in the form of 2016, where the directory knows one.
        valid_from: First day of the period; None where its beginning is not known, and any day before `valid_to` then counts as in it.
        valid_to: First day after the period; None as long as it lasts.
        kind: `government`, `province`, `city` or `council` in the shipped table, free text elsewhere.
        parent: Code of the organisation above it.
        aliases: Other names by which it is found: short ones, earlier ones whose last day isn't known.
        mail: Its mail address on the axis.
        centre: Code of the connection centre that serves it.
        source: Where code and name are from.
        certainty: How sure they are, None where nobody said; how sure the day of a change is stands with the succession.
        note: What a reader should know besides.
        place: Where in a table it stands; nothing is compared by it.
    """

    code: str
    name: str
    old_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    kind: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    mail: str = ""
    centre: str = ""
    source: str = ""
    certainty: Certainty | None = None
    note: str = ""
    place: Place | None = field(default=None, compare=False, repr=False)

    def valid(self, on: date) -> bool:
        """Return whether a day lies in the period."""
        return holds(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """One organisation took over from another on a day, all of it or one function.

    Attributes:
        code: Whose place is taken.
        successor: Who takes it; the same code if a new unit or a new name goes on under it, None if nobody does.
        effective: First day on which the successor acts.
        kind: Why.
        function: Which function, as a key; empty for all that no other succession of that day names.
        source: Where this is from.
        certainty: How sure it is, the day included.
        note: What a reader should know besides.
        place: Where in a table it stands; nothing is compared by it.
    """

    code: str
    successor: str | None
    effective: date
    kind: SuccessionKind
    function: str = ""
    source: str = ""
    certainty: Certainty | None = None
    note: str = ""
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number in another scheme that an organisation holds for a time.

    Attributes:
        scheme: `statistical` (of the administrative unit), `budget` (of the budget-using unit) or `certificate` (SHA-256 of its DER form,
            lower-case hex).
        value: The number, a string with its leading zeros.
        code: Code of the organisation that holds it.
        valid_from: First day; None where it is not known, and any day before `valid_to` then counts.
        valid_to: First day after; None as long as it lasts.
        source: Where this is from.
        certainty: How sure it is.
        place: Where in a table it stands; nothing is compared by it.
    """

    scheme: Scheme
    value: str
    code: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    certainty: Certainty | None = None
    place: Place | None = field(default=None, compare=False, repr=False)

    def valid(self, on: date) -> bool:
        """Return whether it is held on a day."""
        return holds(self.valid_from, self.valid_to, on)


def holds(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Return whether a day lies in [valid_from, valid_to), whose ends may be open."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on < valid_to)
