"""How packets spell things: names, ids and dates."""

from __future__ import annotations

from datetime import date

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
OURS = "{" + NAMESPACE + "}"
"""What the expanded names of a packet's elements begin with."""

SIGNATURES = (OURS + "Signature", OURS + "DigitalSignature", "{http://www.w3.org/2000/09/xmldsig#}Signature")
"""Elements of the header that are a signature or stand in its place."""

_ONE_S = {f"Business{rest}": f"Bussiness{rest}" for rest in ("", "DocType", "DocReason", "DocumentInfo")}


def axis_spelling(name: str) -> str:
    """Return the local name of an element as the axis spells it, with a double s in `Bussiness`."""
    return _ONE_S.get(name, name)


def expanded(name: str) -> str:
    """Return a local name of a packet as an expanded one; an expanded one stays."""
    return name if name.startswith("{") else OURS + name


def local(name: str) -> str:
    """Return an expanded name without its namespace."""
    return name.rpartition("}")[2]


def with_cid(content_id: str) -> str:
    """Return an id of an attachment as it is written."""
    return f"cid:{content_id}"


def without_cid(content_id: str) -> str:
    """Return an id of an attachment as it is compared; one writer puts `cid:` twice, another leaves it out."""
    while content_id.startswith("cid:"):
        content_id = content_id.removeprefix("cid:")
    return content_id


def wire_date(day: date) -> str:
    """Return a date as packets write it, `yyyy/MM/dd`."""
    return f"{day.year:04}/{day.month:02}/{day.day:02}"
