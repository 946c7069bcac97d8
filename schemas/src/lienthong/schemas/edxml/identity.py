"""The names by which a document is known."""

from __future__ import annotations

from datetime import date

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"


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


def wire_date(day: date) -> str:
    """Return a date as packets write it, `yyyy/MM/dd`."""
    return f"{day.year:04}/{day.month:02}/{day.day:02}"
