"""The one table behind writing, reading and describing packets as JSON: what the models' fields hold, and how plain values stand there."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Words
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml.models import Attributes, DocumentPacket, StatusPacket

FORMAT = "lienthong-edxml/1"
KINDS: Mapping[str, type[DocumentPacket | StatusPacket]] = {"document": DocumentPacket, "status": StatusPacket}
SHA256 = "^[0-9a-f]{64}$"

_MOST = 10**18 - 1  # the digits that the reader takes for a number
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3}|\.[0-9]{6})?(Z|[+-][0-9]{2}:[0-9]{2})$"


class Nonexistent(Exception):
    """A day or time is written as it should be, but the calendar hasn't got it."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """How one kind of plain value stands in JSON.

    Attributes:
        write: Returns its JSON value; raises ValueError for what couldn't be read back.
        read: Returns what a JSON value means; raises ValueError for one that isn't such a value, or Nonexistent.
        expected: What should stand there, for sentences.
        schema: Its JSON Schema.
    """

    write: Callable[[typing.Any], object]
    read: Callable[[object], object]
    expected: Words
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field of a model holds.

    Attributes:
        kind: Class of the value, or of the values of a list.
        many: Whether it is a list.
        text: Whether the wire's text may stand in place of the value.
        nullable: Whether it may be None.
        required: Whether its member is always there.
    """

    kind: object
    many: bool
    text: bool
    nullable: bool
    required: bool

    @property
    def empty(self) -> object:
        """What it means that the member is left out."""
        return None if self.nullable else "" if self.kind is str and not self.many else ()


@cache
def shapes(model: type) -> Mapping[str, Shape]:
    """Return what the fields of a model hold, by name."""
    hints = typing.get_type_hints(model)
    return {field.name: _shape(hints[field.name], field.default is not dataclasses.MISSING) for field in dataclasses.fields(model)}


def _shape(declared: object, has_default: bool) -> Shape:
    union = typing.get_origin(declared) in (typing.Union, types.UnionType)
    declared_kinds = typing.get_args(declared) if union else (declared,)
    kinds = [kind for kind in declared_kinds if kind is not types.NoneType]
    nullable, text = len(kinds) < len(declared_kinds), len(kinds) > 1  # the second one is str
    kind = kinds[0]
    many = typing.get_origin(kind) is tuple and kind != Attributes
    may_be_empty = nullable or many or kind == Attributes or (kind is str and not text)
    return Shape(typing.get_args(kind)[0] if many else kind, many, text, nullable, required=not (has_default and may_be_empty))


def text(plain: object) -> str:
    """Return a JSON value that is a text; raises ValueError."""
    if not isinstance(plain, str):
        raise ValueError  # noqa: TRY004 (one error for all that isn't such a value)
    plain.encode()  # half a surrogate pair is no text
    return plain


def number(plain: object) -> int:
    """Return a JSON value that is a whole number of at most 18 digits; raises ValueError."""
    if type(plain) is not int or abs(plain) > _MOST:
        raise ValueError
    return plain


def _flag(plain: object) -> bool:
    if not isinstance(plain, bool):
        raise ValueError  # noqa: TRY004 (as above)
    return plain


def _date(plain: object) -> date:
    written = text(plain)
    if re.fullmatch(_DATE, written) is None:
        raise ValueError
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Nonexistent from None


def _write_time(moment: datetime) -> str:
    if moment.utcoffset() is None:
        raise ValueError
    try:
        return moment.astimezone(HO_CHI_MINH).isoformat()
    except OverflowError:
        raise ValueError from None


def _time(plain: object) -> datetime:
    written = text(plain)
    if re.fullmatch(_TIME, written) is None:
        raise ValueError
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (OverflowError, ValueError):
        raise Nonexistent from None


def _attributes(plain: object) -> Attributes:
    if not isinstance(plain, dict):
        raise ValueError  # noqa: TRY004 (as above)
    return tuple(sorted((text(name), text(value)) for name, value in plain.items()))


TEXT = Words("a text", "một chuỗi ký tự")
_CODES = ", ".join(f'"{status}"' for status in Status)
_TYPES = ", ".join(f"{kind}" for kind in BusinessType)
_DAY = '"2026-11-20"'
_MOMENT = '"2026-11-20T08:02:03+07:00"'

LEAVES: Mapping[object, Leaf] = {
    str: Leaf(text, text, TEXT, {"type": "string"}),
    int: Leaf(
        number,
        number,
        Words("a whole number of at most 18 digits", "số nguyên không quá 18 chữ số"),
        {"type": "integer", "minimum": -_MOST, "maximum": _MOST},
    ),
    bool: Leaf(_flag, _flag, Words("true or false", "true hoặc false"), {"type": "boolean"}),
    date: Leaf(
        date.isoformat,
        _date,
        Words(f"a date such as {_DAY}", f"ngày dạng {_DAY}"),
        {"type": "string", "format": "date", "pattern": _DATE},
    ),
    datetime: Leaf(
        _write_time,
        _time,
        Words(f"a time with its offset such as {_MOMENT}", f"thời điểm kèm độ lệch múi giờ dạng {_MOMENT}"),
        {"type": "string", "format": "date-time", "pattern": _TIME},
    ),
    Status: Leaf(
        lambda status: status.value,
        lambda plain: Status(text(plain)),
        Words(f"one of {_CODES}", f"một trong {_CODES}"),
        {"description": "; ".join(f"{status.value} {status.en}" for status in Status), "enum": [status.value for status in Status]},
    ),
    BusinessType: Leaf(
        lambda kind: kind.value,
        lambda plain: BusinessType(number(plain)),
        Words(f"one of {_TYPES}", f"một trong {_TYPES}"),
        {
            "description": "; ".join(f"{kind.value} {kind.name.lower()}" for kind in BusinessType),
            "enum": [kind.value for kind in BusinessType],
        },
    ),
    Attributes: Leaf(
        dict,
        _attributes,
        Words("an object of texts", "một đối tượng gồm các chuỗi ký tự"),
        {"type": "object", "additionalProperties": {"type": "string"}},
    ),
}
