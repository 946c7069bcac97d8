"""XML to JSON by schema: an XSD is compiled once into a plan of closures, and the plan converts elements.

One convention, from the schema and never from the single document:

- An element with children is an object; its members are named by the children's local names.
- A child that may occur more than once is always a list, also with one item or none (then `[]`).
- A child that may be missing and is missing has no member; `xsi:nil` is `null`.
- Text is text, white space handled as its type says. The integer types are numbers, of any size; booleans are true and false.
- A decimal is text as it was written (`"450000.50"`), so that no digit is lost; a dateTime is ISO 8601 text with the offset that
  it had, or without one if it had none; a date likewise.

What the compiler doesn't know it refuses when it compiles (`SchemaUnsupported`), so that no document is half converted. It
knows global and local elements, references, named and anonymous types, `sequence` and `all` of elements, `minOccurs`,
`maxOccurs`, `nillable`, `form`, and restrictions of the built-in text, integer, decimal, boolean, dateTime and date types by
any facet but `pattern`. Nothing that a schema points to is fetched.
"""

from lienthong.schemas.conversion.errors import (
    ConversionFailed,
    MissingElement,
    SchemaInvalid,
    SchemaUnsupported,
    TooManyElements,
    UnexpectedContent,
    UnexpectedElement,
    WrongValue,
)
from lienthong.schemas.conversion.plan import Plan, compile_schema
from lienthong.schemas.conversion.to_json import ConvertedRecord, ConvertedRecords, JsonObject

__all__ = [
    "ConversionFailed",
    "ConvertedRecord",
    "ConvertedRecords",
    "JsonObject",
    "MissingElement",
    "Plan",
    "SchemaInvalid",
    "SchemaUnsupported",
    "TooManyElements",
    "UnexpectedContent",
    "UnexpectedElement",
    "WrongValue",
    "compile_schema",
]
