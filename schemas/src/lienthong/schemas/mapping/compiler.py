"""From the words of a mapping file to closures that collect a model's values out of a record."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Words
from lienthong.core.text import hint
from lienthong.core.yaml import KeyPath, MarkedYaml
from lienthong.schemas.mapping.errors import (
    CodeUnknown,
    FieldUnmapped,
    MappingInvalid,
    MappingKeyUnknown,
    SourceMissing,
    ValueUnfit,
)

MISSING: Final = object()
"""What a reader gives where the record has no value."""

_FORMS: Final = (frozenset({"from", "default", "codes"}), frozenset({"constant"}), frozenset({"fields"}), frozenset({"each", "fields"}))
_WORDS: Final = frozenset().union(*_FORMS)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*", re.ASCII)
_ZONE = re.compile(r"([+-])(\d{2}):(\d{2})", re.ASCII)
_LIST: Final = Words("list", "danh sách")
_OBJECT: Final = Words("object", "đối tượng")
_NAMES: Final = MappingProxyType(
    {
        str: Words("text", "chuỗi ký tự"),
        int: Words("int", "số nguyên"),
        Decimal: Words("decimal", "số thập phân"),
        bool: Words("boolean", "đúng/sai (true/false)"),
        datetime: Words("dateTime ISO 8601", "ngày giờ ISO 8601"),
    }
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What paths start from: the record, or an item of a list in it; `source` and `target` are the paths up to there."""

    value: object
    source: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a field's value comes from and what it must be; in the paths `[]` stands for any item of a list."""

    source: str
    target: str
    expected: Words


Read = Callable[[Scope], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A compiled field of a model; `source` is the path that it is read from, for errors."""

    name: str
    read: Read
    required: bool
    source: str


@dataclass(frozen=True, slots=True)
class _Position:
    """Where the compiler is: `keys` in the file, `names` and the paths of source and target in the model."""

    keys: KeyPath
    names: tuple[str, ...] = ()
    source: str = ""
    target: str = ""


def compile_mapping(file: MarkedYaml, target: type[BaseModel]) -> tuple[Read, Mapping[tuple[str, ...], Origin]]:
    """Return the reader of a whole record, and where each field comes from.

    Raises:
        MappingInvalid, MappingKeyUnknown, FieldUnmapped: configuration; with file, line and column.
    """
    return _Compiler(file).document(target)


class _Compiler:
    def __init__(self, file: MarkedYaml) -> None:
        self._file = file
        self._zone: timezone = HO_CHI_MINH
        self._origins: dict[tuple[str, ...], Origin] = {}

    def document(self, target: type[BaseModel]) -> tuple[Read, Mapping[tuple[str, ...], Origin]]:
        values = self._file.values
        self._only_known(values, ("version", "zone", "fields"), ())
        if values.get("version") != 1:
            raise self._invalid(("version",), "version must be 1", "version phải là 1")
        if (zone := values.get("zone")) is not None:
            match = _ZONE.fullmatch(zone) if isinstance(zone, str) else None
            if match is None or int(match[2]) > 14 or int(match[3]) > 59:  # noqa: PLR2004 - the ends of offsets
                raise self._invalid(("zone",), 'zone must be an offset such as "+07:00"', 'zone phải là độ lệch như "+07:00"')
            offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
            self._zone = timezone(-offset if match[1] == "-" else offset)
        read = self._model(target, values.get("fields"), _Position(("fields",)), required=True)
        return read, MappingProxyType(self._origins)

    def _model(self, model: type[BaseModel], written: object, at: _Position, *, required: bool) -> Read:
        if not isinstance(written, dict):
            raise self._invalid(
                at.keys,
                "fields must be a mapping from our fields to the record's",
                "fields phải là bảng ánh xạ từ trường của ta sang trường của bản ghi",
            )
        self._only_known(written, model.model_fields, at.keys)
        fields: list[_Field] = []
        for name, field in model.model_fields.items():
            if name in written:
                inner = _Position((*at.keys, name), (*at.names, name), at.source, f"{at.target}{name}")
                read, source = self._field(field, written[name], inner)
                fields.append(_Field(name=name, read=read, required=field.is_required(), source=source))
            elif field.is_required():
                raise FieldUnmapped(field=f"{at.target}{name}", model=model.__name__, place=self._file.place(at.keys))
        return _read_model(fields, required=required)

    def _field(self, field: FieldInfo, written: object, at: _Position) -> tuple[Read, str]:
        """Compile one field and say from which path, relative to the scope, it comes."""
        if isinstance(written, str):
            written = {"from": written}
        if not isinstance(written, dict) or not written:
            raise self._invalid(
                at.keys, "a path, or a mapping with from, constant, fields or each", "cần một đường dẫn, hoặc from, constant, fields, each"
            )
        self._only_known(written, _WORDS, at.keys)
        if not any(written.keys() <= form and (form - {"default", "codes"}) <= written.keys() for form in _FORMS):
            words = ", ".join(written)
            raise self._invalid(at.keys, f"{words} don't go together", f"không dùng chung được {words}")
        annotation = _without_none(field.annotation)
        item = _item_model(annotation)
        if "constant" in written:
            self._origins[at.names] = Origin(source="constant", target=at.target, expected=_expected(annotation))
            constant = self._checked(annotation, written["constant"], (*at.keys, "constant"))
            return (lambda _: constant), "constant"
        if "each" in written:
            if item is None:
                raise self._invalid(at.keys, f"{at.target} is not a list of objects", f"{at.target} không phải danh sách đối tượng")
            return self._list(item, written, at)
        if "fields" in written:
            model = _model_class(annotation)
            if model is None:
                raise self._invalid(at.keys, f"{at.target} has no fields of its own", f"{at.target} không có trường con")
            return self._nested(model, written["fields"], at, required=field.is_required())
        if item is not None or _model_class(annotation) is not None:
            word = "fields" if item is None else "each"
            raise self._invalid(at.keys, f"{at.target} needs {word}", f"{at.target} cần {word}")
        return self._value(annotation, written, at)

    def _nested(self, model: type[BaseModel], fields: object, at: _Position, *, required: bool) -> tuple[Read, str]:
        self._origins[at.names] = Origin(source=at.source, target=at.target, expected=_OBJECT)
        below = _Position((*at.keys, "fields"), at.names, at.source, f"{at.target}.")
        read = self._model(model, fields, below, required=required)
        name = at.names[-1]
        return (lambda scope: read(Scope(scope.value, scope.source, f"{scope.target}{name}."))), ""

    def _list(self, model: type[BaseModel], written: Mapping[str, object], at: _Position) -> tuple[Read, str]:
        path = self._path(written["each"], (*at.keys, "each"))
        source = ".".join(path)
        self._origins[at.names] = Origin(source=f"{at.source}{source}", target=at.target, expected=_LIST)
        below = _Position((*at.keys, "fields"), at.names, f"{at.source}{source}[].", f"{at.target}[].")
        read = self._model(model, written["fields"], below, required=True)
        name = at.names[-1]

        def read_list(scope: Scope) -> object:
            items = _walk(scope, path, name)
            if items is MISSING:
                return MISSING
            if not isinstance(items, list):
                raise ValueUnfit(source=f"{scope.source}{source}", target=f"{scope.target}{name}", expected=_LIST)
            return [
                read(Scope(item, f"{scope.source}{source}[{index}].", f"{scope.target}{name}[{index}]."))
                for index, item in enumerate(items)
            ]

        return read_list, source

    def _value(self, annotation: object, written: Mapping[str, object], at: _Position) -> tuple[Read, str]:
        written_at = (*at.keys, "from")
        path = self._path(written["from"], written_at if written_at in self._file.marks else at.keys)
        source = ".".join(path)
        expected = _expected(annotation)
        self._origins[at.names] = Origin(source=f"{at.source}{source}", target=at.target, expected=expected)
        codes = self._codes(annotation, written["codes"], at) if "codes" in written else None
        default = self._checked(annotation, written["default"], (*at.keys, "default")) if "default" in written else MISSING
        name = at.names[-1]
        zone = self._zone if annotation is datetime and codes is None else None

        def read_value(scope: Scope) -> object:
            value = _walk(scope, path, name)
            if value is MISSING:
                return default
            if codes is not None:
                if str(value) not in codes:
                    raise CodeUnknown(source=f"{scope.source}{source}", target=f"{scope.target}{name}")
                return codes[str(value)]
            if zone is not None and (value := _moment(value, zone)) is None:
                raise ValueUnfit(source=f"{scope.source}{source}", target=f"{scope.target}{name}", expected=expected)
            return value

        return read_value, source

    def _codes(self, annotation: object, written: object, at: _Position) -> Mapping[str, object]:
        keys = (*at.keys, "codes")
        if not isinstance(written, dict):
            raise self._invalid(
                keys, "codes must be a table from the record's codes to ours", "codes phải là bảng từ mã của bản ghi sang mã của ta"
            )
        return {code: self._checked(annotation, value, (*keys, code)) for code, value in written.items()}

    def _path(self, written: object, keys: KeyPath) -> tuple[str, ...]:
        steps = tuple(written.split(".")) if isinstance(written, str) else ()
        if not steps or not all(steps):
            raise self._invalid(
                keys, "a path in the record is expected, such as don_vi_xu_ly.ten", "cần đường dẫn trong bản ghi, như don_vi_xu_ly.ten"
            )
        return steps

    def _checked(self, annotation: object, value: object, keys: KeyPath) -> object:
        try:
            checked = TypeAdapter[object](annotation).validate_python(value)  # type: ignore[arg-type]  # a type of a model's field
        except ValidationError:
            # What stands in the file may be shown, but the place is enough.
            wanted = _expected(annotation)
            raise self._invalid(keys, f"the value doesn't fit; expected {wanted.en}", f"giá trị không phù hợp; cần {wanted.vi}") from None
        return checked.replace(tzinfo=self._zone) if isinstance(checked, datetime) and checked.tzinfo is None else checked

    def _only_known(self, written: Mapping[str, object], known: Collection[str], keys: KeyPath) -> None:
        for key in written:
            if key not in known:
                raise MappingKeyUnknown(key=key, hint=hint(key, known), place=self._file.place((*keys, key)))

    def _invalid(self, keys: KeyPath, en: str, vi: str) -> MappingInvalid:
        return MappingInvalid(place=self._file.place(keys), reason=Words(en, vi))


def _read_model(fields: Sequence[_Field], *, required: bool) -> Read:
    def read(scope: Scope) -> object:
        values = {field.name: value for field in fields if (value := field.read(scope)) is not MISSING}
        missing = next((field for field in fields if field.required and field.name not in values), None)
        if missing is None:
            return values
        if not values and not required:
            return MISSING
        raise SourceMissing(source=f"{scope.source}{missing.source}", target=f"{scope.target}{missing.name}")

    return read


def _walk(scope: Scope, path: tuple[str, ...], name: str) -> object:
    value = scope.value
    for depth, step in enumerate(path):
        if not isinstance(value, Mapping):
            above = ".".join(path[:depth])
            raise ValueUnfit(source=f"{scope.source}{above}".rstrip("."), target=f"{scope.target}{name}", expected=_OBJECT)
        value = value.get(step)
        if value is None:
            return MISSING
    return value


def _moment(value: object, zone: timezone) -> datetime | None:
    if not isinstance(value, str) or not _DATE_TIME.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _without_none(annotation: object) -> object:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(annotation) if kind is not type(None)]
        if len(kinds) == 1:
            return kinds[0]
    return annotation


def _model_class(annotation: object) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _item_model(annotation: object) -> type[BaseModel] | None:
    arguments = typing.get_args(annotation)
    return _model_class(arguments[0]) if typing.get_origin(annotation) in (tuple, list) and arguments else None


def _expected(annotation: object) -> Words:
    name = getattr(annotation, "__name__", str(annotation)) if isinstance(annotation, type) else str(annotation)
    return (_NAMES.get(annotation) if isinstance(annotation, type) else None) or Words(name, name)
