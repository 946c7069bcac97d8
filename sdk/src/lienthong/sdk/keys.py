"""Natural keys: what makes two documents the same, whoever brings them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from lienthong.schemas.codes.edxml import BusinessType
from lienthong.schemas.edxml import DocumentPacket, Packet, write_packet
from lienthong.schemas.organisations import suggest_new_form
from lienthong.sdk.errors import FieldTooLong

LONGEST_CODE = 64
"""Characters of an organisation's code; QĐ 20/2020 allows 35."""

LONGEST_TEXT = 300
"""Characters of any other text that is looked up in the ledger; an index of PostgreSQL takes 2,700 bytes."""


def document_key(packet: DocumentPacket, revision: int = 0) -> str:
    """Return the natural key: sender, number, notation, year, what the packet does, revision."""
    year = packet.promulgation_date.year if isinstance(packet.promulgation_date, date) else (packet.promulgation_date or "")[:4]
    parts = (packet.sender.code, packet.number, packet.notation, year, packet.business.type.value, revision)
    return joined(*parts)


def joined(*parts: object) -> str:
    """Return parts as one key that no other parts give."""
    return "|".join(str(part).replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def arrival_key(packet: DocumentPacket, digest: str) -> str:
    """Return the natural key of a packet that came in.

    The wire has no revision, and a document may be updated more than once: what isn't a new document is told apart by its content.
    """
    key = document_key(packet)
    return key if packet.business.type == BusinessType.NEW else f"{key}|{digest[:16]}"


def same_organisation(one: str, other: str) -> bool:
    """Return whether two codes name one organisation, in the same form or in the old and the new one."""
    return one == other or (suggest_new_form(one) or one) == (suggest_new_form(other) or other)


def content_digest(packet: DocumentPacket) -> str:
    """Return the SHA-256 of what a packet says, whoever it goes to and whatever stations it passed."""
    return hashlib.sha256(write_packet(replace(packet, recipients=(), trace=()))).hexdigest()


def check_lengths(packet: Packet) -> None:
    """Raise FieldTooLong for a packet whose identity doesn't fit the ledger's keys."""
    if isinstance(packet, DocumentPacket):
        codes = {"From": packet.sender.code} | {f"To[{number}]": party.code for number, party in enumerate(packet.recipients, start=1)}
        texts = {"Code": packet.code, "DocumentId": packet.document_id}
        texts["Bussiness/DocumentId"] = packet.business.document_id
    else:
        codes = {"From": packet.sender.code, "ResponseFor/OrganId": packet.response_for.organisation}
        texts = {"ResponseFor/Code": packet.response_for.code, "ResponseFor/DocumentId": packet.response_for.document_id}
        codes |= {"StatusCode": packet.status, "Timestamp": packet.timestamp if isinstance(packet.timestamp, str) else ""}
    for fields, most in ((codes, LONGEST_CODE), (texts, LONGEST_TEXT)):
        for name, text in fields.items():
            if len(text) > most:
                raise FieldTooLong(field=name, length=len(text), most=most)
