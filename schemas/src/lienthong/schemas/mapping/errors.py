"""What can be wrong with a mapping file, and with a record by its mapping.

ConfigurationError
├── MappingInvalid       the file isn't a mapping
├── MappingKeyUnknown    a word or field name that isn't known
└── FieldUnmapped        a required field of the model isn't mapped
DataError
└── MappingFailed        a record can't be mapped
    ├── SourceMissing
    ├── CodeUnknown
    └── ValueUnfit
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, DataError, Place, Words


@dataclass(eq=False, kw_only=True)
class MappingInvalid(ConfigurationError):
    """The file isn't a mapping: something has the wrong shape."""

    code: ClassVar[str] = "LT-MAP-001"
    en: ClassVar[str] = "{place}: {reason}."
    vi: ClassVar[str] = "{place}: tệp ánh xạ sai: {reason}."
    place: Place
    reason: Words


@dataclass(eq=False, kw_only=True)
class MappingKeyUnknown(ConfigurationError):
    """A word that the mapping language hasn't, or a field that the model hasn't."""

    code: ClassVar[str] = "LT-MAP-002"
    en: ClassVar[str] = "{place}: {key} is not known here{hint}"
    vi: ClassVar[str] = "{place}: không có {key} ở đây{hint}"
    place: Place
    key: str
    hint: Words | str = ""


@dataclass(eq=False, kw_only=True)
class FieldUnmapped(ConfigurationError):
    """The model requires a field that the file doesn't map."""

    code: ClassVar[str] = "LT-MAP-003"
    en: ClassVar[str] = "{place}: the field {field} of {model} is required and not mapped."
    vi: ClassVar[str] = "{place}: trường bắt buộc {field} của {model} chưa được ánh xạ."
    place: Place
    field: str
    model: str


@dataclass(eq=False, kw_only=True)
class MappingFailed(DataError):
    """A record can't be mapped.

    Attributes:
        source: Path in the record; items of lists are counted from 0.
        target: Path of our field.
        record: Number of the record in its stream, from 1.
    """

    source: str
    target: str
    record: int | None = None


@dataclass(eq=False, kw_only=True)
class SourceMissing(MappingFailed):
    """The record has no value where the model requires one."""

    code: ClassVar[str] = "LT-MAP-010"
    en: ClassVar[str] = "The field {target} is required and {source} has no value."
    vi: ClassVar[str] = "Trường {target} là bắt buộc nhưng {source} không có giá trị."


@dataclass(eq=False, kw_only=True)
class CodeUnknown(MappingFailed):
    """The record has a code that the mapping's table hasn't."""

    code: ClassVar[str] = "LT-MAP-011"
    en: ClassVar[str] = "The code in {source} is not in the table for {target}."
    vi: ClassVar[str] = "Mã trong {source} không có trong bảng mã của {target}."


@dataclass(eq=False, kw_only=True)
class ValueUnfit(MappingFailed):
    """The record's value isn't what the field takes; `expected` names that."""

    code: ClassVar[str] = "LT-MAP-012"
    en: ClassVar[str] = "The value in {source} does not fit {target}: expected {expected}."
    vi: ClassVar[str] = "Giá trị trong {source} không phù hợp với {target}: cần {expected}."
    expected: Words
