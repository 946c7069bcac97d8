"""Taking in what arrived, exactly once, and handing it over under a lease."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, insert, or_, select, update

from lienthong.connectors.port import Waiting
from lienthong.core.blob import Blob
from lienthong.core.errors import DataError, LienthongError, SecurityError, Words
from lienthong.core.telemetry import traceparent
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml import DocumentPacket, Reading, StatusPacket, read_packet
from lienthong.schemas.organisations import suggest_new_form
from lienthong.schemas.xml import XmlDocument
from lienthong.sdk.errors import ContentConflict, LeaseLost, NotEntitled, NotForUs, SenderDisagrees, StatusUnreadable, StatusWithoutDocument
from lienthong.sdk.keys import check_lengths, content_digest, document_key
from lienthong.sdk.ledger.ledger import Ledger, insert_once, record_event, upsert
from lienthong.sdk.ledger.states import INBOX_STEPS, TRANSMISSION_STEPS, InboxState, TransmissionState, step
from lienthong.sdk.ledger.tables import arrivals, deliveries, inbox, messages, statuses, transmissions
from lienthong.signing.edxml import report_packet

LEASE = timedelta(minutes=10)
"""How long an application may take over one document before another may try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a new arrival has become.

    Attributes:
        received: Our messages with their organisations, one per local recipient that had not received it before.
        packet: What it says; None if it can't be read.
        quarantined: Why it belongs to no inbox, or None.
    """

    received: tuple[tuple[str, str], ...] = ()
    packet: DocumentPacket | StatusPacket | None = None
    quarantined: LienthongError | None = None


def same_organisation(one: str, other: str) -> bool:
    """Return whether two codes name one organisation, in the same form or in the old and the new one."""
    return one == other or (suggest_new_form(one) or one) == (suggest_new_form(other) or other)


def read_arrival(packet: Blob) -> Reading | LienthongError:
    """Return the packet that arrived, or why it can't be read."""
    try:
        return read_packet(packet)
    except (DataError, SecurityError) as error:
        return error


def take_in(
    connection: Connection,
    ledger: Ledger,
    item: Waiting,
    reading: Reading | LienthongError,
    packet: Blob,
    *,
    through: str,
    organisations: Sequence[str],
) -> TakenIn:
    """Write down an arrival and what follows from it, inside the caller's transaction.

    A packet that can't be read, is for none of our organisations, or says what its sender may not say is quarantined: kept,
    named, and in nobody's way.
    """
    readable = None if isinstance(reading, LienthongError) else reading.packet
    try:
        if isinstance(reading, LienthongError):
            raise reading
        check_lengths(reading.packet)
        if item.sender and not same_organisation(item.sender, reading.packet.sender.code):
            raise SenderDisagrees(packet=reading.packet.sender.code, remote=item.sender)
        received: tuple[tuple[str, str], ...] = ()
        if isinstance(reading.packet, DocumentPacket):
            received = _take_document(connection, ledger, reading.packet, reading.document, packet, organisations)
        else:
            _take_status(connection, ledger, reading.packet, packet, organisations)
        taken = TakenIn(received=received, packet=readable)
    except (DataError, SecurityError) as error:
        taken = TakenIn(packet=readable, quarantined=error)
        record_event(
            connection, ledger, "quarantined", organisation=through, subject=item.remote_id, digest=packet.sha256, detail=error.code
        )
    upsert(
        connection,
        arrivals,
        {
            "connection": through,
            "kind": item.kind,
            "remote_id": item.remote_id,
            "packet_sha256": packet.sha256,
            "packet_size": packet.size,
            "sender": item.sender,
            "problem": taken.quarantined.problem().as_json() if taken.quarantined else None,
            "received_at": ledger.clock.now(),
        },
    )
    return taken


def note_unfetched(connection: Connection, ledger: Ledger, item: Waiting, error: LienthongError, *, through: str) -> None:
    """Write down a packet that the remote system lists and that can't be fetched, without bytes."""
    record_event(connection, ledger, "unfetched", organisation=through, subject=item.remote_id, detail=error.code)
    upsert(
        connection,
        arrivals,
        {
            "connection": through,
            "kind": item.kind,
            "remote_id": item.remote_id,
            "sender": item.sender,
            "problem": error.problem().as_json(),
            "received_at": ledger.clock.now(),
        },
    )


def _take_document(
    connection: Connection, ledger: Ledger, packet: DocumentPacket, document: XmlDocument, raw: Blob, organisations: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    local = [ours for ours in organisations if any(same_organisation(ours, party.code) for party in packet.recipients)]
    if not local:
        raise NotForUs(recipients=", ".join(party.code for party in packet.recipients))
    _check_may_change(connection, packet, local)
    key, digest = document_key(packet), content_digest(packet)
    conflict: ContentConflict | None = None
    received = []
    for organisation in local:
        message = str(uuid.uuid4())
        inserted = insert_once(
            connection,
            messages,
            {
                "id": message,
                "organisation": organisation,
                "direction": "in",
                "kind": "document",
                "key": key,
                "content_digest": digest,
                "counterpart": packet.sender.code,
                "document_id": packet.document_id,
                "code": packet.code,
                "subject": packet.subject,
                "business_type": packet.business.type.value,
                "packet_sha256": raw.sha256,
                "packet_size": raw.size,
                "signature": report_packet(document).state,
                "created_at": ledger.clock.now(),
                "traceparent": traceparent(),
            },
        )
        if not inserted:
            before = connection.execute(
                select(messages.c.id, messages.c.content_digest).where(
                    messages.c.organisation == organisation,
                    messages.c.direction == "in",
                    messages.c.kind == "document",
                    messages.c.key == key,
                )
            ).one()
            if before.content_digest != digest:
                conflict = ContentConflict(key=key, message=before.id)
                record_event(
                    connection,
                    ledger,
                    "conflict",
                    organisation=organisation,
                    subject=before.id,
                    digest=raw.sha256,
                    detail=conflict.code,
                )
            continue
        connection.execute(
            insert(inbox).values(
                message=message, organisation=organisation, state=InboxState.WAITING, attempt=0, updated_at=ledger.clock.now()
            )
        )
        record_event(
            connection, ledger, "received", organisation=organisation, subject=message, digest=raw.sha256, detail=packet.sender.code
        )
        received.append((message, organisation))
    if conflict and not received:
        raise conflict
    return tuple(received)


_CHANGES = {
    BusinessType.RECALL: Words("recall", "thu hồi"),
    BusinessType.UPDATE: Words("update", "cập nhật"),
    BusinessType.REPLACE: Words("replace", "thay thế"),
}


def _check_may_change(connection: Connection, packet: DocumentPacket, local: Sequence[str]) -> None:
    """Only its own sender may recall, update or replace a document that we have."""
    about = packet.business.document_id
    if packet.business.type == BusinessType.NEW or not about:
        return
    senders = connection.scalars(
        select(messages.c.counterpart).where(
            messages.c.organisation.in_(local), messages.c.direction == "in", messages.c.document_id == about
        )
    )
    if any(not same_organisation(sender, packet.sender.code) for sender in senders):
        raise NotEntitled(what=_CHANGES[packet.business.type], sender=packet.sender.code, document=about)


def _take_status(connection: Connection, ledger: Ledger, packet: StatusPacket, raw: Blob, organisations: Sequence[str]) -> None:
    about = packet.response_for
    addressee = next((ours for ours in organisations if same_organisation(ours, about.organisation)), None)
    if addressee is None:
        raise NotForUs(recipients=about.organisation)
    named = about.document_id or about.code
    recall = packet.status == Status.RECALL_REQUESTED
    original = _original(connection, addressee, packet, direction="in" if recall else "out")
    if original is None:
        raise StatusWithoutDocument(status=str(packet.status), sender=packet.sender.code, document=named)
    if not isinstance(packet.status, Status):
        raise StatusUnreadable(element="StatusCode", value=packet.status, sender=packet.sender.code, document=named)
    if isinstance(packet.timestamp, str):
        raise StatusUnreadable(element="Timestamp", value=packet.timestamp, sender=packet.sender.code, document=named)
    reporter = _entitled(connection, original, packet)
    if reporter is None:
        what = Words(f"report {packet.status} on", f"báo trạng thái {packet.status} của")
        raise NotEntitled(what=what, sender=packet.sender.code, document=named)
    note_status(connection, ledger, original.id, addressee, reporter, packet, sha256=raw.sha256)
    if not recall:
        _prove_arrival(connection, ledger, original.id, reporter)


class _Original(NamedTuple):
    id: str
    counterpart: str


def _original(connection: Connection, addressee: str, packet: StatusPacket, *, direction: Literal["in", "out"]) -> _Original | None:
    about = packet.response_for
    named = [messages.c.document_id == about.document_id] if about.document_id else []
    if about.code:
        named.append(messages.c.code == about.code)
    if not named:
        return None
    row = connection.execute(
        select(messages.c.id, messages.c.counterpart)
        .where(messages.c.organisation == addressee, messages.c.direction == direction, messages.c.kind == "document", or_(*named))
        # The DocumentId says more than number and notation, which come again every year.
        .order_by((messages.c.document_id == about.document_id).desc(), messages.c.created_at.desc())
        .limit(1)
    ).one_or_none()
    return _Original(row.id, row.counterpart) if row else None


def _entitled(connection: Connection, original: _Original, packet: StatusPacket) -> str | None:
    """Return the code under which we know the reporting organisation, or None if it may not report this status."""
    sender = packet.sender.code
    if packet.status == Status.RECALL_REQUESTED:
        return original.counterpart if same_organisation(original.counterpart, sender) else None
    recipients = connection.scalars(select(deliveries.c.recipient).where(deliveries.c.message == original.id))
    return next((recipient for recipient in recipients if same_organisation(recipient, sender)), None)


def note_status(
    connection: Connection, ledger: Ledger, message: str, organisation: str, reporter: str, packet: StatusPacket, *, sha256: str
) -> None:
    """Write down what an organisation reports about a document; the same status of the same second only once."""
    inserted = insert_once(
        connection,
        statuses,
        {
            "message": message,
            "organisation": reporter,
            "status": packet.status,
            "at": packet.timestamp,
            "description": packet.description,
            "staff": packet.staff.name if packet.staff else "",
            "packet_sha256": sha256,
        },
    )
    if inserted:
        record_event(
            connection,
            ledger,
            "status",
            organisation=organisation,
            subject=message,
            digest=sha256,
            detail=f"{packet.status} {reporter}",
        )


def _prove_arrival(connection: Connection, ledger: Ledger, message: str, recipient: str) -> None:
    """A recipient that reports a status has the document, whatever we had been left in doubt about."""
    proven = connection.execute(
        update(transmissions)
        .where(
            transmissions.c.message == message,
            transmissions.c.state == TransmissionState.UNCERTAIN,
            transmissions.c.id.in_(
                select(deliveries.c.transmission).where(deliveries.c.message == message, deliveries.c.recipient == recipient)
            ),
        )
        .values(
            state=step(TRANSMISSION_STEPS, TransmissionState.UNCERTAIN, TransmissionState.SENT), problem=None, updated_at=ledger.clock.now()
        )
    ).rowcount
    if proven:
        record_event(connection, ledger, "proven", organisation=recipient, subject=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A received document that a caller holds under a lease."""

    message: str
    organisation: str
    key: str
    attempt: int
    packet: Blob


def lease_next(
    connection: Connection, ledger: Ledger, get_blob: Callable[[str, int], Blob], *, organisations: Sequence[str], but_not: Collection[str]
) -> HandOver | None:
    """Return the oldest document that waits for hand-over, held for this caller, or None.

    Args:
        but_not: Messages to pass over, such as those that have just failed.
    """
    now = ledger.clock.now()
    row = connection.execute(
        select(inbox.c.message, inbox.c.organisation, inbox.c.attempt, messages.c.key, messages.c.packet_sha256, messages.c.packet_size)
        .join(messages, messages.c.id == inbox.c.message)
        .where(
            inbox.c.organisation.in_(organisations),
            or_(inbox.c.state == InboxState.WAITING, (inbox.c.state == InboxState.LEASED) & (inbox.c.lease_until < now)),
            inbox.c.message.not_in(but_not),
        )
        .order_by(messages.c.created_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=inbox)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(inbox)
        .where(inbox.c.message == row.message)
        .values(state=InboxState.LEASED, attempt=row.attempt + 1, lease_until=now + LEASE, updated_at=now)
    )
    return HandOver(
        message=row.message,
        organisation=row.organisation,
        key=f"{row.organisation}|{row.key}",
        attempt=row.attempt + 1,
        packet=get_blob(row.packet_sha256, row.packet_size),
    )


def finish_hand_over(connection: Connection, ledger: Ledger, held: HandOver) -> None:
    """Mark a document as handed over.

    Raises:
        LeaseLost: Another caller holds it by now.
    """
    _leave(connection, ledger, held, InboxState.HANDED_OVER)
    record_event(connection, ledger, "handed-over", organisation=held.organisation, subject=held.message, digest=held.packet.sha256)


def release_hand_over(connection: Connection, ledger: Ledger, held: HandOver, reason: str) -> None:
    """Put a document back because its application failed with the exception that `reason` names.

    Raises:
        LeaseLost: Another caller holds it by now.
    """
    _leave(connection, ledger, held, InboxState.WAITING)
    record_event(connection, ledger, "released", organisation=held.organisation, subject=held.message, detail=reason)


def _leave(connection: Connection, ledger: Ledger, held: HandOver, state: InboxState) -> None:
    left = connection.execute(
        update(inbox)
        .where(inbox.c.message == held.message, inbox.c.state == InboxState.LEASED, inbox.c.attempt == held.attempt)
        .values(state=step(INBOX_STEPS, InboxState.LEASED, state), lease_until=None, updated_at=ledger.clock.now())
    ).rowcount
    if not left:
        raise LeaseLost(message=held.message)
