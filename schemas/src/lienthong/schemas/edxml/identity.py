"""The names by which a document is known, and when two of them mean one document."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lienthong.schemas.edxml.wire import wire_date
from lienthong.schemas.organisations import organisation_key

_TRIPLE = re.compile(r"([^,]+),\s*(\d{4}/\d{1,2}/\d{1,2})\s*,([^/]+)/(.*)", re.ASCII | re.DOTALL)
_UUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\s*(\d{4})/(\d{1,2})/(\d{1,2})\s*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReference:
    """A DocumentId with what can be told from its form.

    Attributes:
        text: The id as it was written; this is what travels.
        form: `triple` (`<OrganId>,<yyyy/MM/dd>,<number>/<notation>`), `uuid`, or `opaque`: any other text is an id too.
        organisation: Code of the issuing organisation, of a triple, in whatever form.
        date_text: Date of issue as written, of a triple; it may be no day of the calendar.
        number: Of a triple.
        notation: Of a triple; it may hold commas and slashes.
    """

    text: str
    form: Literal["triple", "uuid", "opaque"]
    organisation: str = ""
    date_text: str = ""
    number: str = ""
    notation: str = ""

    @property
    def promulgated(self) -> date | None:
        """The date of issue, None where there is none or the calendar hasn't got it."""
        found = _DAY.fullmatch(self.date_text)
        try:
            return date(*map(int, found.groups())) if found else None
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """Number and notation as people write them; empty but for a triple."""
        return f"{self.number}/{self.notation}" if self.form == "triple" else ""


def document_id(sender: str, promulgated: date, number: str, notation: str) -> str:
    """Return the DocumentId `<OrganId>,<yyyy/MM/dd>,<number>/<notation>` of a document.

    It names what an author writes; a DocumentId that was received is opaque, and may be a UUID or hold an impossible date.

    Args:
        sender: Code of the issuing organisation.
        promulgated: Date of issue.
        number: Number of the document in its year.
        notation: The rest of its code, such as `VPCP-TTĐT`.

    Source: edxml.md §1.4.3.
    """
    return f"{sender},{wire_date(promulgated)},{number}/{notation}"


def parse_document_id(text: str) -> DocumentReference:
    """Return what can be told from a DocumentId that came; any text is one, and none is refused.

    Spaces around the parts are no part of them. Nothing is checked against the calendar: real packets name 2014/02/30.

    Source: edxml.md §1.4.3 [V][C].
    """
    bare = text.strip()
    if _UUID.fullmatch(bare):
        return DocumentReference(text=text, form="uuid")
    found = _TRIPLE.fullmatch(bare)
    if found is None:
        return DocumentReference(text=text, form="opaque")
    organisation, date_text, number, notation = (part.strip() for part in found.groups())
    if not organisation or not number:
        return DocumentReference(text=text, form="opaque")
    return DocumentReference(text=text, form="triple", organisation=organisation, date_text=date_text, number=number, notation=notation)


def same_document(one: str | DocumentReference, other: str | DocumentReference) -> bool:
    """Return whether two DocumentIds mean one document.

    Triples are compared part by part: the organisation in the old or new form, the date as numbers, the number without leading
    zeros; UUIDs without regard to case; anything else as text. Ids of different forms can't be compared and are not the same;
    an empty id is the same as none.
    """
    first, second = (parse_document_id(item) if isinstance(item, str) else item for item in (one, other))
    if first.form != second.form or not first.text.strip():
        return False
    return document_key(first) == document_key(second)


def code_key(code: str) -> tuple[str, str]:
    """Return number and notation of `7816/VPCP-TTĐT` as they are compared: NFC, single spaces, no leading zeros."""
    number, _, notation = unicodedata.normalize("NFC", code).partition("/")
    number = " ".join(number.split())
    if number.isascii() and number.isdecimal():
        number = number.lstrip("0") or "0"
    return number, " ".join(notation.split())


def date_key(day: date | str | None) -> tuple[int, ...] | str:
    """Return a date as it is compared: its numbers, also where the calendar hasn't got it, or the text that is no date; empty for none."""
    if day is None:
        return ""
    if isinstance(day, date):
        return day.year, day.month, day.day
    found = _DAY.fullmatch(day)
    return tuple(map(int, found.groups())) if found else day.strip()


def document_key(reference: DocumentReference) -> object:
    """Return what two ids of one form share exactly if they mean the same document."""
    bare = unicodedata.normalize("NFC", reference.text.strip())
    if reference.form == "uuid":
        return bare.strip("{}").lower()
    if reference.form == "opaque":
        return bare
    return organisation_key(reference.organisation), date_key(reference.date_text), code_key(reference.code)
