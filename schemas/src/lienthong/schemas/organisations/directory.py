"""Who can be written to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lienthong.schemas.organisations.codes import suggest_new_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as a directory lists it.

    Attributes:
        code: Its present code.
        name: Its name.
        old_code: Its code in the form of 2016, where the directory knows one.
    """

    code: str
    name: str
    old_code: str | None = None


class Directory:
    """Organisations by code; immutable."""

    def __init__(self, organisations: Iterable[Organisation] = ()) -> None:
        self._organisations = tuple(organisations)
        # What the directory says goes before what the rule suggests, and the first entry before later ones.
        self._by_code: dict[str, Organisation] = {}
        for codes in (lambda entry: entry.code, lambda entry: entry.old_code, lambda entry: suggest_new_form(entry.code)):
            for organisation in self._organisations:
                code = codes(organisation)
                if code:
                    self._by_code.setdefault(code, organisation)

    def find(self, code: str) -> Organisation | None:
        """Return the organisation with a code in either form, None where there is none.

        A code that isn't listed in its form is tried in the one that the rule suggests.
        """
        found = self._by_code.get(code)
        if found is not None:
            return found
        suggested = suggest_new_form(code)
        return None if suggested is None else self._by_code.get(suggested)

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self._organisations)

    def __len__(self) -> int:
        return len(self._organisations)
