"""Simple types: what text they allow, and the JSON value that it stands for.

Standard: XML Schema 1.0 part 2, datatypes.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

Kind = Literal["text", "integer", "decimal", "boolean", "dateTime", "date"]
Value = str | int | bool
WhiteSpace = Literal["preserve", "replace", "collapse"]
Check = Callable[[Value], bool]

MAX_DIGITS = 4000  # Python refuses to read longer integers by default

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})" + _ZONE)
_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)" + _ZONE
)
_BOOLEANS = MappingProxyType({"true": True, "1": True, "false": False, "0": False})
_XML_SPACE = " \t\n\r"
_REPLACED = str.maketrans("\t\n\r", "   ")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleType:
    """A simple type: a built-in one or a restriction of one.

    Attributes:
        name: As the schema calls it; for messages.
        kind: How its text is read.
        white_space: What happens to white space before the text is read.
        checks: What the value must satisfy besides, from facets and from the range of a built-in type.
    """

    name: str
    kind: Kind
    white_space: WhiteSpace = "collapse"
    checks: tuple[Check, ...] = ()

    def read(self, text: str) -> Value | None:
        """Return the JSON value of a text, or None if it isn't of this type."""
        if self.white_space != "preserve":
            text = text.translate(_REPLACED)
            if self.white_space == "collapse":
                text = " ".join(part for part in text.split(" ") if part)
        value = _READERS[self.kind](text)
        if value is None or not all(check(value) for check in self.checks):
            return None
        return value


def _integer(text: str) -> int | None:
    return int(text) if len(text) <= MAX_DIGITS and _INTEGER.fullmatch(text) else None


def _decimal(text: str) -> str | None:
    return text if len(text) <= MAX_DIGITS and _DECIMAL.fullmatch(text) else None


def _dated(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        match = pattern.fullmatch(text)
        if match is None:
            return None
        year, month, day = (int(match[group]) for group in (1, 2, 3))
        return text if year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else None  # noqa: PLR2004

    return read


_READERS: MappingProxyType[Kind, Callable[[str], Value | None]] = MappingProxyType(
    {
        "text": lambda text: text,
        "integer": _integer,
        "decimal": _decimal,
        "boolean": _BOOLEANS.get,
        "dateTime": _dated(_DATE_TIME),
        "date": _dated(_DATE),
    }
)


def _between(least: int | None, most: int | None) -> Check:
    return lambda value: (least is None or int(value) >= least) and (most is None or int(value) <= most)


def _integer_type(name: str, least: int | None, most: int | None) -> SimpleType:
    return SimpleType(name=f"xsd:{name}", kind="integer", checks=(_between(least, most),))


_INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}

BUILT_IN = MappingProxyType(
    {
        "string": SimpleType(name="xsd:string", kind="text", white_space="preserve"),
        "normalizedString": SimpleType(name="xsd:normalizedString", kind="text", white_space="replace"),
        "token": SimpleType(name="xsd:token", kind="text"),
        "integer": SimpleType(name="xsd:integer", kind="integer"),
        "decimal": SimpleType(name="xsd:decimal", kind="decimal"),
        "boolean": SimpleType(name="xsd:boolean", kind="boolean"),
        "dateTime": SimpleType(name="xsd:dateTime", kind="dateTime"),
        "date": SimpleType(name="xsd:date", kind="date"),
    }
    | {name: _integer_type(name, least, most) for name, (least, most) in _INTEGERS.items()}
)
"""The built-in types that are supported, by local name."""


def restricted(base: SimpleType, name: str, facets: list[tuple[str, str]]) -> SimpleType | str:
    """Return a restriction of `base` by facets (name and value, in the schema's order), or the name of an unsupported facet.

    Raises:
        ValueError: A facet's value isn't one.
    """
    white_space = base.white_space
    checks: list[Check] = []
    allowed: list[str] = []
    for facet, value in facets:
        if facet == "enumeration":
            allowed.append(value)
        elif facet == "whiteSpace" and base.kind == "text":
            white_space = _white_space(value)
        elif (make := _FACETS.get((base.kind, facet))) is not None:
            checks.append(make(value))
        else:
            return facet
    result = replace(base, name=name, white_space=white_space)
    if allowed:
        if base.kind not in ("text", "integer", "decimal"):
            return "enumeration"
        checks.append(_one_of(result, allowed))
    return replace(result, checks=(*base.checks, *checks))


def _white_space(value: str) -> WhiteSpace:
    for known in ("preserve", "replace", "collapse"):
        if value == known:
            return known
    raise ValueError(value)


def _one_of(base: SimpleType, values: list[str]) -> Check:
    read = [base.read(value) for value in values]
    if None in read:
        raise ValueError(values[read.index(None)])
    if base.kind == "decimal":
        numbers = {Decimal(str(value)) for value in read}
        return lambda value: Decimal(str(value)) in numbers
    known = frozenset(read)
    return lambda value: value in known


def _number(make: Callable[[Decimal, Decimal], bool]) -> Callable[[str], Check]:
    def facet(text: str) -> Check:
        if not _DECIMAL.fullmatch(text.strip(_XML_SPACE)):
            raise ValueError(text)
        bound = Decimal(text.strip(_XML_SPACE))
        return lambda value: make(Decimal(str(value)), bound)

    return facet


def _count(make: Callable[[Value, int], bool]) -> Callable[[str], Check]:
    def facet(text: str) -> Check:
        count = int(text)
        return lambda value: make(value, count)

    return facet


def _fraction_digits(value: Value) -> int:
    return len(str(value).partition(".")[2].rstrip("0"))


def _total_digits(value: Value) -> int:
    whole, _, fraction = str(value).lstrip("+-").partition(".")
    return max(len(whole.lstrip("0")) + len(fraction.rstrip("0")), 1)


_NUMBER_FACETS: dict[str, Callable[[str], Check]] = {
    "minInclusive": _number(lambda value, bound: value >= bound),
    "maxInclusive": _number(lambda value, bound: value <= bound),
    "minExclusive": _number(lambda value, bound: value > bound),
    "maxExclusive": _number(lambda value, bound: value < bound),
    "totalDigits": _count(lambda value, most: _total_digits(value) <= most),
    "fractionDigits": _count(lambda value, most: _fraction_digits(value) <= most),
}
_TEXT_FACETS: dict[str, Callable[[str], Check]] = {
    "length": _count(lambda value, length: len(str(value)) == length),
    "minLength": _count(lambda value, least: len(str(value)) >= least),
    "maxLength": _count(lambda value, most: len(str(value)) <= most),
}
_FACETS: dict[tuple[Kind, str], Callable[[str], Check]] = (
    {("text", name): make for name, make in _TEXT_FACETS.items()}
    | {("integer", name): make for name, make in _NUMBER_FACETS.items()}
    | {("decimal", name): make for name, make in _NUMBER_FACETS.items()}
)
