"""Names as people type them: without diacritics, in any case, words in any order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from lienthong.core.text import nfc
from lienthong.schemas.organisations.records import Organisation

_WORD = re.compile(r"[^\W_]+")


def without_diacritics(text: str) -> str:
    """Return text in lower case and without diacritics, `Đồng Nai` as `dong nai`."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return plain.casefold().replace("đ", "d")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text without diacritics; punctuation only parts them."""
    return tuple(_WORD.findall(without_diacritics(text)))


def same_name(one: str, other: str) -> bool:
    """Return whether two names are the same text, whichever Unicode normal form they came in."""
    return nfc(one) == nfc(other)


class NameIndex:
    """Organisations by the words of their names."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._entries = [
            (organisation, tuple(words(name) for name in (organisation.name, *organisation.aliases))) for organisation in organisations
        ]

    def search(self, text: str) -> list[Organisation]:
        """Return those with a name in which every word of the text begins a word: whole names first, then beginnings, then by code."""
        wanted = words(text)
        if not wanted:
            return []
        found = []
        for organisation, names in self._entries:
            ranks = [_rank(wanted, name) for name in names if all(any(word.startswith(part) for word in name) for part in wanted)]
            if ranks:
                found.append((min(ranks), organisation))
        found.sort(key=lambda pair: (pair[0], pair[1].code, pair[1].valid_from or date.min))
        return [organisation for _, organisation in found]


def _rank(wanted: tuple[str, ...], name: tuple[str, ...]) -> int:
    if name == wanted:
        return 0
    return 1 if name[: len(wanted)] == wanted else 2
