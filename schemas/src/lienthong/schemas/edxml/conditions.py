"""What a single value of a packet should satisfy; each function yields what is broken, with the element's path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeGuard
from unicodedata import is_normalized

from lienthong.core.errors import Words
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.findings import Rule
from lienthong.schemas.edxml.identity import code_key, date_key, parse_document_id
from lienthong.schemas.organisations import OrganisationCode, organisation_key

Broken = tuple[Rule, str, dict[str, object]]
"""A rule, the path of the element, from `MessageHeader` down or beginning with a sister of it or of what it stands in, and the
values of the sentence."""

Text = tuple[str, str, int | None]
"""A path, a text, and the characters that others accept."""

BIT = Words("0 or 1", "0 hoặc 1")
TRUTH = Words("true or false", "true hoặc false")

_FILLERS = frozenset({"null", "(null)", "n/a", "undefined", "none"})
_LONGEST_FILLER = max(map(len, _FILLERS))
_CODE_LENGTH, _OLD_CODE_LENGTH = 35, 13
_SHOWN = 100


def texts(rows: Iterable[Text], *, too_long: Rule = found.TOO_LONG) -> Iterator[Broken]:
    """Yield texts that are too long for others, made up, or not in normal form C."""
    for path, text, limit in rows:
        if not text:
            continue
        if limit is not None and len(text) > limit:
            yield too_long, path, {"length": len(text), "limit": limit}
        if is_filler(text):
            yield found.MADE_UP, path, {"value": text.strip()}
        if not text.isascii() and not is_normalized("NFC", text):
            yield found.NOT_NFC, path, {}


def is_filler(text: str) -> bool:
    """Tell whether a text only pretends to be a value."""
    return len(text) <= _LONGEST_FILLER and text.strip().casefold() in _FILLERS


def codes(rows: Iterable[tuple[str, str]]) -> Iterator[Broken]:
    """Yield organisation codes that are too long or have no known form."""
    for path, code in rows:
        length = len(code)
        if length > _OLD_CODE_LENGTH:
            yield found.CODE_OVER_13, path, {"length": length, "limit": _OLD_CODE_LENGTH}
        if length > _CODE_LENGTH:
            yield found.CODE_LONG, path, {"length": length, "limit": _CODE_LENGTH}
        elif code.strip() and not is_filler(code) and OrganisationCode.parse(code).form == "opaque":
            yield found.CODE_FORM, path, {}


def required(*rows: tuple[str, str]) -> Iterator[Broken]:
    """Yield values that are missing."""
    for path, value in rows:
        if not value or value.isspace():
            yield found.REQUIRED, path, {}


def repeated(rule: Rule, path: str, name: str, values: Sequence[str], *, field: str = "value") -> Iterator[Broken]:
    """Yield each value of a list that occurs more than once, at its second place."""
    if len(set(values)) == len(values):
        return
    counts, seen = Counter(values), set[str]()
    for number, value in enumerate(values, 1):
        if value and value in seen and value in counts:
            yield rule, f"{path}[{number}]/{name}", {field: shown(value), "count": counts.pop(value)}
        seen.add(value)


def is_day(value: date | str | None) -> TypeGuard[date]:
    """Tell whether a value is a date, and not a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


def day(path: str, value: date | str | None, *, needed: bool = False) -> Iterator[Broken]:
    """Yield a date that is none or missing."""
    if not value:
        if needed:
            yield found.REQUIRED, path, {}
    elif not is_day(value):
        yield found.DATE_FORM, path, {"expected": "yyyy/MM/dd"}


def moment(path: str, value: datetime | str) -> Iterator[Broken]:
    """Yield a time that is none or missing."""
    if not value:
        yield found.REQUIRED, path, {}
    elif isinstance(value, str):
        yield found.DATE_FORM, path, {"expected": "yyyy/MM/dd HH:mm:ss"}


def number(path: str, value: int | str | None, within: tuple[Rule, int, int] | None = None, *, needed: bool = False) -> Iterator[Broken]:
    """Yield a number that is none, missing or out of the range that a rule sets."""
    if value is None or value == "":
        if needed:
            yield found.REQUIRED, path, {}
    elif isinstance(value, str):
        yield found.NUMBER_FORM, path, {}
    elif within is not None:
        rule, least, most = within
        if not least <= value <= most:
            yield rule, path, {"value": value}


def flag(path: str, value: bool | str | None, expected: Words) -> Iterator[Broken]:
    """Yield a flag that is none."""
    if isinstance(value, str) and value:
        yield found.FLAG_FORM, path, {"expected": expected}


def document_id(path: str, text: str, issued: date | str | None, code: tuple[str, str], sender: str = "") -> Iterator[Broken]:
    """Yield a DocumentId that has no known form, or names something else than what stands beside it.

    Args:
        path: Its path.
        text: The DocumentId; one that was received is opaque, so all of this only warns.
        issued: Date of the document.
        code: Path and text of number and notation; the text is empty where one of them is.
        sender: Code of the organisation that issued it, where that is known.
    """
    if not text.strip() or is_filler(text):
        return
    named = parse_document_id(text)
    if named.form == "opaque":
        yield found.DOCUMENT_ID_FORM, path, {}
    if named.form != "triple":
        return
    beside = path.removesuffix("DocumentId")
    issued_path = beside + ("PromulgationDate" if beside else "PromulgationInfo/PromulgationDate")
    differing = (
        (issued_path, is_day(issued) and date_key(named.date_text) != date_key(issued)),
        (code[0], bool(code[1]) and code_key(named.code) != code_key(code[1])),
        ("From/OrganId", bool(sender) and organisation_key(named.organisation) != organisation_key(sender)),
    )
    for other, differs in differing:
        if differs:
            yield found.DOCUMENT_ID_DIFFERS, path, {"other": other}


def shown(text: str) -> str:
    """Return as much of a text as a sentence holds."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
