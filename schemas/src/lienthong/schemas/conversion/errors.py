"""What can be wrong with a schema, and with a document by its schema.

    DataError
    ├── SchemaUnsupported    the schema uses a construct that the compiler doesn't know
    ├── SchemaInvalid        the schema contradicts itself or names what isn't there
    └── ConversionFailed     a document isn't what its schema says
        ├── WrongValue
        ├── UnexpectedElement
        ├── MissingElement
        ├── TooManyElements
        └── UnexpectedContent

No sentence repeats a value from the document; values may be personal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import DataError, Place, Words


@dataclass(eq=False, kw_only=True)
class SchemaUnsupported(DataError):
    """The schema uses a construct that can't be converted; nothing was compiled."""

    code: ClassVar[str] = "LT-CONVERT-001"
    en: ClassVar[str] = "{place}: the schema construct {construct} is not supported."
    vi: ClassVar[str] = "{place}: chưa hỗ trợ cấu trúc lược đồ {construct}."
    construct: Words | str  # text alone is a name of XML Schema
    place: Place


@dataclass(eq=False, kw_only=True)
class SchemaInvalid(DataError):
    """The schema contradicts itself, or names a type or element that none of its documents has."""

    code: ClassVar[str] = "LT-CONVERT-002"
    en: ClassVar[str] = "{place}: the schema is wrong: {reason}."
    vi: ClassVar[str] = "{place}: lược đồ sai: {reason}."
    reason: Words
    place: Place


@dataclass(eq=False, kw_only=True)
class ConversionFailed(DataError):
    """A document isn't what its schema says; who mends it is whoever made the document."""

    place: Place


@dataclass(eq=False, kw_only=True)
class WrongValue(ConversionFailed):
    """A value doesn't fit its type."""

    code: ClassVar[str] = "LT-CONVERT-010"
    en: ClassVar[str] = "{place}: the value ({length} characters) is not a valid {type}."
    vi: ClassVar[str] = "{place}: giá trị ({length} ký tự) không đúng kiểu {type}."
    type: str
    length: int  # of the text, which is not shown


@dataclass(eq=False, kw_only=True)
class UnexpectedElement(ConversionFailed):
    """An element stands where the schema has none by its name, or not in this place of the order."""

    code: ClassVar[str] = "LT-CONVERT-011"
    en: ClassVar[str] = "{place}: the element {element} is not expected here."
    vi: ClassVar[str] = "{place}: phần tử {element} không được phép ở đây."
    element: str


@dataclass(eq=False, kw_only=True)
class MissingElement(ConversionFailed):
    """A required element isn't there, or fewer times than required."""

    code: ClassVar[str] = "LT-CONVERT-012"
    en: ClassVar[str] = "{place}: the element {element} is required and missing."
    vi: ClassVar[str] = "{place}: thiếu phần tử bắt buộc {element}."
    element: str


@dataclass(eq=False, kw_only=True)
class TooManyElements(ConversionFailed):
    """An element occurs more often than the schema allows."""

    code: ClassVar[str] = "LT-CONVERT-013"
    en: ClassVar[str] = "{place}: the element {element} occurs more than {most} time(s)."
    vi: ClassVar[str] = "{place}: phần tử {element} xuất hiện quá {most} lần."
    element: str
    most: int


@dataclass(eq=False, kw_only=True)
class UnexpectedContent(ConversionFailed):
    """Text between elements, elements inside a value, content in a nil element, or an attribute that the schema hasn't."""

    code: ClassVar[str] = "LT-CONVERT-014"
    en: ClassVar[str] = "{place}: {what} is not expected here."
    vi: ClassVar[str] = "{place}: không được phép có {what} ở đây."
    what: Words
