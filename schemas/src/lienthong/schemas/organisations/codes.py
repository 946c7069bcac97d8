"""Codes of organisations (`OrganId`): the form of 2016, the form of 2020, and what fits neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Self

_OLD = re.compile(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}", re.ASCII)
_NEW = re.compile(r"[A-Z]\d{2}(?:\.[0-9A-Z]{1,13})*", re.ASCII)
_NEW_LENGTH = 35


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """A code as it was written, with what can be told from its form.

    Attributes:
        text: The code, unchanged; this is what travels.
        form: `old` (`000.00.13.H53`), `new` (`H53.13`) or `opaque`: real traffic has others, and they are never dropped.
    """

    text: str
    form: Literal["old", "new", "opaque"]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return a code with its form; any text is a code.

        Source: edxml.md §2.1 (QCVN 102:2016) and §2.2 (QĐ 20/2020/QĐ-TTg).
        """
        if _OLD.fullmatch(text):
            return cls(text, "old")
        if len(text) <= _NEW_LENGTH and _NEW.fullmatch(text):
            return cls(text, "new")
        return cls(text, "opaque")

    def __str__(self) -> str:
        return self.text


def suggest_new_form(old: str) -> str | None:
    """Return what an old code is by rule in the new form (`000.28.31.H53` is `H53.31.28`), None for any other code.

    It is a suggestion: the axis' own directory is the authority, and has codes that don't follow the rule.

    Source: edxml.md §2.3, inferred from known pairs.
    """
    if OrganisationCode.parse(old).form != "old":
        return None
    top, *below = reversed(old.split("."))
    return ".".join((top, *(group for group in below if group.strip("0"))))
