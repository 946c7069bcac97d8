"""Natural keys: what makes two documents the same, whoever brings them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from lienthong.schemas.edxml import DocumentPacket, write_packet


def document_key(packet: DocumentPacket, revision: int = 0) -> str:
    """Return the natural key: sender, number, notation, year, what the packet does, revision."""
    year = packet.promulgation_date.year if isinstance(packet.promulgation_date, date) else (packet.promulgation_date or "")[:4]
    parts = (packet.sender.code, packet.number, packet.notation, year, packet.business.type.value, revision)
    return "|".join(str(part) for part in parts)


def content_digest(packet: DocumentPacket) -> str:
    """Return the SHA-256 of what a packet says, whoever it goes to and whatever stations it passed."""
    return hashlib.sha256(write_packet(replace(packet, recipients=(), trace=()))).hexdigest()
