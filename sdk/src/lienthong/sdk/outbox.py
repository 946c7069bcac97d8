"""Accepting what shall be sent: one message per natural key, one transmission per route, one delivery per recipient."""

from __future__ import annotations

import errno
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, insert, select

from lienthong.core.blob import Blob
from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Words
from lienthong.core.telemetry import traceparent
from lienthong.core.text import nfc
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherInfo,
    Party,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusPacket,
    TraceHeader,
    check_packet,
    document_id,
    media_type_of,
)
from lienthong.sdk.errors import DocumentInvalid, KeyConflict, ReasonMissing
from lienthong.sdk.keys import check_lengths, document_key, joined
from lienthong.sdk.ledger.deliveries import deliveries_of
from lienthong.sdk.ledger.ledger import Ledger, insert_once, record_event, upsert
from lienthong.sdk.ledger.states import TransmissionState
from lienthong.sdk.ledger.tables import deliveries, messages, transmissions
from lienthong.sdk.records import Sent

NEEDS_REASON = frozenset({Status.REJECTED, Status.RECALL_REQUESTED, Status.CHANGE_REJECTED})
"""Statuses whose description is the clerk's reason, which nobody else can write."""

Sign = Callable[[bytes], bytes]
"""Puts an organisation's signature into a packet's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an application writes; sender, recipients, identity and trace are added when it is accepted.

    Attributes:
        number: Number in the year's register, given by the organisation's own system.
        notation: The rest of the code, such as `SKHCN-VP`.
        subject: Trích yếu, at most 500 characters.
        signer: Who signed the document.
        business: What the packet does; a new document unless told.
    """

    number: str
    notation: str
    subject: str
    signer: SignerInfo
    promulgation_date: date
    promulgation_place: str = ""
    type: DocumentType = DocumentType(name="Công văn")
    content: str = ""
    due_date: date | None = None
    to_places: tuple[str, ...] = ()
    other: OtherInfo = OtherInfo()
    response_for: tuple[ResponseFor, ...] = ()
    steering_type: int = 0
    business: Business = Business()


def attach(path: Path, number: int) -> Attachment:
    """Return a file as the attachment of a number in its packet; its bytes decide the media type.

    Raises:
        OSError: It can't be read.
    """
    if path.exists() and not path.is_file():  # a device or pipe may never end
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    content = Blob.of_file(path)
    with content.open() as stream:
        head = stream.read(4096)
    name = nfc(path.name)
    return Attachment(content_id=str(number), name=name, media_type=media_type_of(name, head), content=content)


def compose(
    document: Document, sender: Party, recipients: Sequence[Party], attachments: Sequence[Attachment], ledger: Ledger
) -> DocumentPacket:
    """Return the packet of a document, checked by the rules of profile `send`.

    Raises:
        DocumentInvalid: data; carries every problem that was found.
    """
    packet = DocumentPacket(
        sender=sender,
        recipients=tuple(recipients),
        number=document.number,
        notation=nfc(document.notation),
        promulgation_place=nfc(document.promulgation_place),
        promulgation_date=document.promulgation_date,
        document_type=document.type,
        subject=nfc(document.subject),
        content=nfc(document.content),
        signer=document.signer,
        due_date=document.due_date,
        to_places=tuple(nfc(place) for place in document.to_places),
        other=document.other,
        response_for=document.response_for,
        steering_type=document.steering_type,
        document_id=document_id(sender.code, document.promulgation_date, document.number, nfc(document.notation)),
        trace=(TraceHeader(organisation=sender.code, timestamp=ledger.clock.now().replace(microsecond=0)),),
        business=document.business,
        attachments=tuple(attachments),
    )
    errors = tuple(problem for problem in check_packet(packet, profile="send") if problem.level == "error")
    if errors:
        first = Words(errors[0].en.rstrip("."), errors[0].vi.rstrip("."))
        raise DocumentInvalid(first=first, count=len(errors), problems=errors)
    return packet


def accept_document(
    connection: Connection,
    ledger: Ledger,
    packet: DocumentPacket,
    *,
    content: Blob,
    digest: str,
    rewrite: Callable[[tuple[Party, ...]], Blob],
    through: str,
    revision: int = 0,
) -> Sent:
    """Accept a document packet for sending, inside the caller's transaction.

    The same content under the same key is accepted once. Recipients that it hasn't gone to yet, or that were refused, get a
    transmission of their own.

    Args:
        content: The packet's bytes for all its recipients, kept before the transaction began.
        digest: What tells whether it says the same as before.
        rewrite: Makes and keeps the bytes for some of the recipients.
        through: Name of the connection.
        revision: Tells apart documents that rightly share number, notation, year and kind.

    Raises:
        KeyConflict: data; the key stands in the ledger with other content.
        FieldTooLong: data; nobody writes such a code or number.
    """
    check_lengths(packet)
    key = document_key(packet, revision)
    message = str(uuid.uuid4())
    values = {
        "id": message,
        "organisation": packet.sender.code,
        "kind": "document",
        "key": key,
        "content_digest": digest,
        "document_id": packet.document_id,
        "code": packet.code,
        "subject": packet.subject,
        "business_type": packet.business_type.value,
    }
    fresh = packet.recipients
    inserted = _insert_message(connection, ledger, values, content)
    if not inserted:
        # Whoever adds recipients to it waits here for whoever does the same.
        known = connection.execute(
            select(messages.c.id, messages.c.content_digest).where(*_keyed(packet.sender.code, "document", key)).with_for_update()
        ).one()
        if known.content_digest != digest:
            raise KeyConflict(key=key, message=known.id)
        message = known.id
        standing = {line.recipient: line.state for line in deliveries_of(connection, [message]).get(message, ())}
        fresh = tuple(party for party in packet.recipients if standing.get(party.code, "refused") == "refused")
        if fresh != packet.recipients and fresh:
            content = rewrite(fresh)
    if fresh:
        _queue(connection, ledger, message, packet.sender.code, through, content, [party.code for party in fresh])
    return Sent(id=message, key=key, deliveries=deliveries_of(connection, [message])[message], duplicate=not fresh)


def accept_status(
    connection: Connection, ledger: Ledger, packet: StatusPacket, *, content: Blob, original: str | None, through: str
) -> Sent:
    """Accept a status packet for sending, inside the caller's transaction; the same status at the same time is accepted once.

    Args:
        content: The packet's bytes, kept before the transaction began.
        original: Our message that the status is about, where the ledger has it.

    Raises:
        FieldTooLong: data; nobody writes such a code or number.
    """
    check_lengths(packet)
    about = packet.response_for
    named = (packet.sender.code, about.organisation, about.document_id, about.code, packet.status, _wire_time(packet))
    key = joined(*named)
    message = str(uuid.uuid4())
    values = {
        "id": message,
        "organisation": packet.sender.code,
        "kind": "status",
        "key": key,
        "content_digest": content.sha256,
        "counterpart": about.organisation,
        "document_id": about.document_id,
        "code": about.code,
        "status": packet.status[:2],
        "original": original,
    }
    inserted = _insert_message(connection, ledger, values, content)
    if inserted:
        _queue(connection, ledger, message, packet.sender.code, through, content, [about.organisation])
    else:
        message = str(connection.scalar(select(messages.c.id).where(*_keyed(packet.sender.code, "status", key))))
    return Sent(id=message, key=key, deliveries=deliveries_of(connection, [message])[message], duplicate=not inserted)


def compose_status(
    sender: Party, about: ResponseFor, status: Status, ledger: Ledger, *, description: str = "", staff: StaffInfo | None = None
) -> StatusPacket:
    """Return a status packet of the present second, the finest that the wire can say.

    Raises:
        ReasonMissing: data; a rejection or recall without its reason.
    """
    if status in NEEDS_REASON and not description.strip():
        raise ReasonMissing(status=status)
    return StatusPacket(
        sender=sender,
        response_for=about,
        status=status,
        timestamp=ledger.clock.now().replace(microsecond=0),
        description=nfc(description) or status.vi,
        staff=staff,
    )


def _wire_time(packet: StatusPacket) -> str:
    if isinstance(packet.timestamp, str):
        return packet.timestamp
    return packet.timestamp.astimezone(HO_CHI_MINH).strftime("%Y/%m/%d %H:%M:%S")


def _keyed(organisation: str, kind: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return messages.c.organisation == organisation, messages.c.direction == "out", messages.c.kind == kind, messages.c.key == key


def _insert_message(connection: Connection, ledger: Ledger, values: Mapping[str, object], packet: Blob) -> bool:
    """Insert a message that goes out unless its key is there; return whether it was inserted."""
    row = {
        **values,
        "direction": "out",
        "packet_sha256": packet.sha256,
        "packet_size": packet.size,
        "created_at": ledger.clock.now(),
        "traceparent": traceparent(),
    }
    return insert_once(connection, messages, row)


def _queue(
    connection: Connection, ledger: Ledger, message: str, organisation: str, through: str, packet: Blob, recipients: Sequence[str]
) -> None:
    now = ledger.clock.now()
    transmission = str(uuid.uuid4())
    connection.execute(
        insert(transmissions).values(
            id=transmission,
            organisation=organisation,
            message=message,
            connection=through,
            packet_sha256=packet.sha256,
            packet_size=packet.size,
            state=TransmissionState.QUEUED,
            attempt=0,
            not_before=now,
            updated_at=now,
        )
    )
    for recipient in dict.fromkeys(recipients):
        upsert(connection, deliveries, {"message": message, "recipient": recipient, "transmission": transmission})
    record_event(
        connection,
        ledger,
        "accepted",
        organisation=organisation,
        subject=message,
        digest=packet.sha256,
        detail=", ".join(recipients),
    )
