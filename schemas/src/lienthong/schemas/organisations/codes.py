"""Codes of organisations (`OrganId`): the form of 2016, the form of 2020, what else is on the wire, and how they follow from each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Self

Form = Literal["old", "new", "centre", "three-group", "opaque"]

_OLD = re.compile(r"(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})", re.ASCII)
_NEW = re.compile(r"([A-Z]\d{2})(?:\.[0-9A-Z]{1,13})*", re.ASCII)
_NEW_LENGTH = 35
_CENTRE = re.compile(r"\d{2}\.(\d{2})\.W00", re.ASCII)
_THREE_GROUP = re.compile(r"\d{2}\.\d{2}\.([A-Z]\d{2})", re.ASCII)
_CONVERTED = re.compile(r"([A-Z]\d{2})(?:\.(\d{2}))?(?:\.(\d{2}))?(?:\.(\d{3}))?", re.ASCII)
_IN_PROCEDURE = re.compile(r"\d\.\d{6}\.(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})(?:\.\d{2})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """A code as it was written, with what can be told from its form.

    Attributes:
        text: The code, unchanged; this is what travels.
        form: `old` (QCVN 102:2016, `000.00.13.H53`), `new` (QĐ 20/2020, `H53.13`), `centre` (a connection centre, `00.42.W00`),
            `three-group` (before 2016, `01.02.G22`) or `opaque`: real traffic has others, and they are never dropped.
    """

    text: str
    form: Form

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return a code with its form; any text is a code.

        Source: edxml.md §2.1 (QCVN 102:2016) and §2.2 (QĐ 20/2020/QĐ-TTg).
        """
        if _OLD.fullmatch(text):
            return cls(text, "old")
        if len(text) <= _NEW_LENGTH and _NEW.fullmatch(text):
            return cls(text, "new")
        if _CENTRE.fullmatch(text):
            return cls(text, "centre")
        return cls(text, "three-group" if _THREE_GROUP.fullmatch(text) else "opaque")

    @property
    def level_one(self) -> str | None:
        """The code of the ministry or province at the top; a centre's is that of its province, an opaque code has none."""
        if self.form == "centre":
            return f"H{self.text[3:5]}"
        if self.form == "opaque":
            return None
        return self.text[:3] if self.form == "new" else self.text[-3:]

    def __str__(self) -> str:
        return self.text


def suggest_new_form(old: str) -> str | None:
    """Return what an old code is by rule in the new form (`000.28.31.H53` is `H53.31.28`), None for any other code.

    It is a suggestion: the axis' own directory is the authority, and has codes that don't follow the rule. A third level below an empty
    second one (`000.28.00.H53`) gets none, for it would be that of a second level.

    Source: edxml.md §2.3, inferred from known pairs.
    """
    if not (match := _OLD.fullmatch(old)):
        return None
    fourth, third, second, top = match.groups()
    if third != "00" and second == "00":
        return None
    return ".".join((top, *(group for group in (second, third, fourth) if group.strip("0"))))


def suggest_old_form(new: str) -> str | None:
    """Return what a new code is by rule in the old form (`H53.31.28` is `000.28.31.H53`), None where the old form has no place for it.

    A suggestion as that of `suggest_new_form`, whose inverse it is: two digits are a second or third level, three a fourth.
    """
    if not (match := _CONVERTED.fullmatch(new)):
        return None
    top, *below = match.groups()
    second, third, fourth = (group or "0" * width for group, width in zip(below, (2, 2, 3), strict=True))
    old = f"{fourth}.{third}.{second}.{top}"
    return old if suggest_new_form(old) == new else None


def code_in_procedure(procedure: str) -> str | None:
    """Return the old code that the code of an administrative procedure embeds (`1.002891.000.00.00.H40`), None if it has none.

    Source: architecture.md §4.1, seen in live data; what the further groups of `2.000815.000.00.00.H55.02` mean is not known.
    """
    match = _IN_PROCEDURE.fullmatch(procedure)
    return match[1] if match else None


def same_organisation(one: str, other: str) -> bool:
    """Return whether two codes name one organisation, in the same form or by rule in the old and the new one; none is no organisation."""
    return bool(one.strip()) and organisation_key(one) == organisation_key(other)


def organisation_key(code: str) -> str:
    """Return the form of an organisation's code by which it is compared: the new one where the rule gives it, else the code."""
    bare = code.strip()
    return suggest_new_form(bare) or bare
