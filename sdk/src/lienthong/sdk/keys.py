"""Natural keys: what makes two documents the same, whoever brings them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from lienthong.core.blob import Blob
from lienthong.schemas.codes.edxml import BusinessType
from lienthong.schemas.edxml import Attachment, DocumentPacket, Packet, write_packet
from lienthong.sdk.errors import FieldTooLong

LONGEST_CODE = 64
"""Characters of an organisation's code; QĐ 20/2020 allows 35."""

LONGEST_TEXT = 300
"""Characters of any other text that is looked up in the ledger; an index of PostgreSQL takes 2,700 bytes."""


def document_key(packet: DocumentPacket, revision: int = 0) -> str:
    """Return the natural key: sender, number, notation, year, what the packet does, revision."""
    year = packet.promulgation_date.year if isinstance(packet.promulgation_date, date) else (packet.promulgation_date or "")[:4]
    parts = (packet.sender.code, packet.number, packet.notation, year, packet.business_type.value, revision)
    return joined(*parts)


def joined(*parts: object) -> str:
    """Return parts as one key that no other parts give."""
    return "|".join(str(part).replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def arrival_key(packet: DocumentPacket, digest: str) -> str:
    """Return the natural key of a packet that came in.

    The wire has no revision, and a document may be updated more than once: what isn't a new document is told apart by its content.
    """
    key = document_key(packet)
    return key if packet.business_type == BusinessType.NEW else f"{key}|{digest[:16]}"


def content_digest(packet: DocumentPacket) -> str:
    """Return the SHA-256 of what a packet says, whoever it goes to, whatever stations it passed and however its files travelled."""
    said = replace(
        packet,
        recipients=(),
        trace=(),
        attachments=tuple(_named_by_digest(attachment) for attachment in packet.attachments),
        manifest=None,
        others=tuple(other for other in packet.others if not other.is_signature),
    )
    return hashlib.sha256(write_packet(said, partial=True)).hexdigest()


def _named_by_digest(attachment: Attachment) -> Attachment:
    return replace(attachment, content=Blob.of_bytes(attachment.content.sha256.encode("ascii")), transfer=None)


def check_lengths(packet: Packet) -> None:
    """Raise FieldTooLong for a packet whose identity doesn't fit the ledger's keys."""
    if isinstance(packet, DocumentPacket):
        codes = {"From": packet.sender.code} | {f"To[{number}]": party.code for number, party in enumerate(packet.recipients, start=1)}
        texts = {"Code": packet.code, "DocumentId": packet.document_id}
        texts["Bussiness/DocumentId"] = packet.business.document_id if packet.business else ""
    else:
        codes = {"From": packet.sender.code, "ResponseFor/OrganId": packet.response_for.organisation}
        texts = {"ResponseFor/Code": packet.response_for.code, "ResponseFor/DocumentId": packet.response_for.document_id}
        codes |= {"StatusCode": packet.status, "Timestamp": packet.timestamp if isinstance(packet.timestamp, str) else ""}
    for fields, most in ((codes, LONGEST_CODE), (texts, LONGEST_TEXT)):
        for name, text in fields.items():
            if len(text) > most:
                raise FieldTooLong(field=name, length=len(text), most=most)
