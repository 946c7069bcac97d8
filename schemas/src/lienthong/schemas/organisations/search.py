"""Names as people type them: without diacritics, in any case, words in any order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from lienthong.schemas.organisations.records import Organisation

_WORD = re.compile(r"[^\W_]+")
# The last word is never one of them: Hà Tĩnh without diacritics ends in `tinh`.
_TITLES = re.compile(r"\b(?:uy ban nhan dan|ubnd|thanh pho|tp|tinh) ")


def without_diacritics(text: str) -> str:
    """Return text in lower case and without diacritics, `Đồng Nai` as `dong nai`."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return plain.casefold().replace("đ", "d")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text without diacritics; punctuation only parts them."""
    return tuple(_WORD.findall(without_diacritics(text)))


class NameIndex:
    """Organisations by the words of their names."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._entries = [
            (organisation, tuple(words(name) for name in (organisation.name, *organisation.aliases))) for organisation in organisations
        ]

    def search(self, text: str) -> list[Organisation]:
        """Return those with a name in which every word of the text begins a word: whole names first, then beginnings, then by code.

        Unless a whole name is found, what only tells of which sort an organisation is, such as `UBND tỉnh`, may be missing in the name.
        """
        wanted = words(text)
        found = self._ranked(wanted)
        short = tuple(_TITLES.sub("", " ".join(wanted)).split())
        if short != wanted and not any(rank == 0 for rank, _ in found):
            found = self._ranked(short)
        found.sort(key=lambda pair: (pair[0], pair[1].code, pair[1].valid_from or date.min))
        return [organisation for _, organisation in found]

    def _ranked(self, wanted: tuple[str, ...]) -> list[tuple[int, Organisation]]:
        found = []
        for organisation, names in self._entries if wanted else ():
            ranks = [_rank(wanted, name) for name in names if all(any(word.startswith(part) for word in name) for part in wanted)]
            if ranks:
                found.append((min(ranks), organisation))
        return found


def _rank(wanted: tuple[str, ...], name: tuple[str, ...]) -> int:
    if name == wanted:
        return 0
    return 1 if name[: len(wanted)] == wanted else 2
