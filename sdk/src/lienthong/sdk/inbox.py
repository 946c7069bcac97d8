"""Taking in what arrived, exactly once, and handing it over under a lease."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from lienthong.connectors.port import Waiting
from lienthong.core.blob import Blob
from lienthong.core.errors import DataError, LienthongError, SecurityError, Words
from lienthong.core.telemetry import traceparent
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml import DocumentPacket, KnownDocument, StatusPacket, find_originals, parse_document_id, read_packet
from lienthong.schemas.organisations import same_organisation
from lienthong.sdk.errors import ContentConflict, LeaseLost, NotEntitled, NotForUs, SenderDisagrees, StatusUnreadable, StatusWithoutDocument
from lienthong.sdk.keys import arrival_key, check_lengths, content_digest
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
        quarantined: Why it belongs to no inbox, or to not all of the inboxes that it names.
    """

    received: tuple[tuple[str, str], ...] = ()
    quarantined: LienthongError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A packet that was fetched, with what can be told of it before anything is written down.

    Attributes:
        packet: What it says; None if it can't be read or kept.
        content_digest: Of a document, whoever it goes to.
        signature: State of its signature.
        problem: Why it can't be read or kept.
    """

    item: Waiting
    raw: Blob
    packet: DocumentPacket | StatusPacket | None = None
    content_digest: str = ""
    signature: str = ""
    problem: LienthongError | None = None


def examine(item: Waiting, raw: Blob, *, folder: Path) -> Arrival:
    """Return a fetched packet, read and checked as far as it can be without the ledger; large files of it pass through the folder."""
    try:
        reading = read_packet(raw, folder=folder)
        check_lengths(reading.packet)
        if item.sender and not same_organisation(item.sender, reading.packet.sender.code):
            raise SenderDisagrees(packet=reading.packet.sender.code, remote=item.sender)
    except (DataError, SecurityError) as error:
        return Arrival(item=item, raw=raw, problem=error)
    digest = content_digest(reading.packet) if isinstance(reading.packet, DocumentPacket) else ""
    return Arrival(item=item, raw=raw, packet=reading.packet, content_digest=digest, signature=report_packet(reading.document).state)


def take_in(connection: Connection, ledger: Ledger, arrival: Arrival, *, through: str, organisations: Sequence[str]) -> TakenIn | None:
    """Write down an arrival and what follows from it, inside the caller's transaction.

    A packet that can't be read, is for none of our organisations, or says what its sender may not say is quarantined: kept,
    named, and in nobody's way.

    Returns:
        What it has become; None if another caller has taken it in before.
    """
    item = arrival.item
    row = {"connection": through, "kind": item.kind, "remote_id": item.remote_id, "sender": item.sender, "received_at": ledger.clock.now()}
    row |= {"packet_sha256": arrival.raw.sha256, "packet_size": arrival.raw.size, "problem": None}
    if not upsert(connection, arrivals, row, where=arrivals.c.packet_sha256.is_(None)):
        return None
    received: tuple[tuple[str, str], ...] = ()
    problem = arrival.problem
    try:
        if isinstance(arrival.packet, DocumentPacket):
            received, problem = _take_document(connection, ledger, arrival, arrival.packet, organisations)
        elif arrival.packet is not None:
            _take_status(connection, ledger, arrival.packet, arrival.raw, organisations)
    except (DataError, SecurityError) as error:
        problem = error
    if problem is not None:
        connection.execute(update(arrivals).where(*of_item(through, item)).values(problem=problem.problem().as_json()))
        digest = arrival.raw.sha256
        record_event(connection, ledger, "quarantined", organisation=through, subject=item.remote_id, digest=digest, detail=problem.code)
    return TakenIn(received=received, quarantined=problem)


def of_item(through: str, item: Waiting) -> tuple[ColumnElement[bool], ...]:
    """Return what picks an item's row among the arrivals."""
    return arrivals.c.connection == through, arrivals.c.kind == item.kind, arrivals.c.remote_id == item.remote_id


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
    connection: Connection, ledger: Ledger, arrival: Arrival, packet: DocumentPacket, organisations: Sequence[str]
) -> tuple[tuple[tuple[str, str], ...], ContentConflict | None]:
    """Give a document to the inboxes of its local recipients; return them, and the conflict of those that have other content."""
    local = [ours for ours in organisations if any(same_organisation(ours, party.code) for party in packet.recipients)]
    if not local:
        raise NotForUs(recipients=", ".join(party.code for party in packet.recipients))
    _check_may_change(connection, packet, local)
    key = arrival_key(packet, arrival.content_digest)
    conflict: ContentConflict | None = None
    received = []
    now = ledger.clock.now()
    for organisation in local:
        message = str(uuid.uuid4())
        row = {
            "id": message,
            "organisation": organisation,
            "direction": "in",
            "kind": "document",
            "key": key,
            "content_digest": arrival.content_digest,
            "counterpart": packet.sender.code,
            "document_id": packet.document_id,
            "code": packet.code,
            "subject": packet.subject,
            "business_type": packet.business_type.value,
            "packet_sha256": arrival.raw.sha256,
            "packet_size": arrival.raw.size,
            "signature": arrival.signature,
            "created_at": now,
            "traceparent": traceparent(),
        }
        if not insert_once(connection, messages, row):
            before = connection.execute(
                select(messages.c.id, messages.c.content_digest).where(
                    messages.c.organisation == organisation,
                    messages.c.direction == "in",
                    messages.c.kind == "document",
                    messages.c.key == key,
                )
            ).one()
            if before.content_digest != arrival.content_digest:
                conflict = ContentConflict(key=key, message=before.id)
            continue
        connection.execute(insert(inbox).values(message=message, organisation=organisation, state=InboxState.WAITING, updated_at=now))
        digest = arrival.raw.sha256
        record_event(connection, ledger, "received", organisation=organisation, subject=message, digest=digest, detail=packet.sender.code)
        received.append((message, organisation))
    return tuple(received), conflict


_CHANGES = {
    BusinessType.RECALL: Words("recall", "thu hồi"),
    BusinessType.UPDATE: Words("update", "cập nhật"),
    BusinessType.REPLACE: Words("replace", "thay thế"),
}


_NAMES_AT_ONCE = 5000
"""Values in one question; a packet may name tens of thousands of documents, and PostgreSQL takes 65,535."""


def _check_may_change(connection: Connection, packet: DocumentPacket, local: Sequence[str]) -> None:
    """Only its own sender may recall, update or replace a document that we have, however the packet names it."""
    if packet.business is None or packet.business_type == BusinessType.NEW:
        return
    ids = {packet.business.document_id, packet.document_id, *(replaced.document_id for replaced in packet.business.replacements)}
    ids |= {about.document_id for about in packet.response_for}
    codes = {packet.code, *(about.code for about in packet.response_for), *(parse_document_id(text).code for text in ids)}
    codes |= {code.lstrip("0 ") for code in codes}
    received = select(messages.c.counterpart, messages.c.document_id, messages.c.code, messages.c.business_type).where(
        messages.c.organisation.in_(local), messages.c.direction == "in", messages.c.kind == "document"
    )
    known: dict[KnownDocument, None] = {}
    for column, names in ((messages.c.document_id, sorted(ids - {""})), (messages.c.code, sorted(codes - {""}))):
        for start in range(0, len(names), _NAMES_AT_ONCE):
            for row in connection.execute(received.where(column.in_(names[start : start + _NAMES_AT_ONCE]))):
                does = BusinessType(row.business_type)
                document = KnownDocument(
                    sender=row.counterpart, document_id=row.document_id, code=row.code, promulgation_date=None, does=does
                )
                known[document] = None
    for link in find_originals(packet, known):
        if link.relation != "answers" and any(not same_organisation(original.sender, packet.sender.code) for original in link.originals):
            named = link.named.document_id or link.named.code
            raise NotEntitled(what=_CHANGES[packet.business_type], sender=packet.sender.code, document=named)


def _take_status(connection: Connection, ledger: Ledger, packet: StatusPacket, raw: Blob, organisations: Sequence[str]) -> None:
    about = packet.response_for
    addressee = next((ours for ours in organisations if same_organisation(ours, about.organisation)), None)
    if addressee is None:
        raise NotForUs(recipients=about.organisation)
    named = about.document_id or about.code
    recall = packet.status == Status.RECALL_REQUESTED
    originals = _originals(connection, addressee, packet, direction="in" if recall else "out")
    if not originals:
        raise StatusWithoutDocument(status=str(packet.status), sender=packet.sender.code, document=named)
    if not isinstance(packet.status, Status):
        raise StatusUnreadable(element="StatusCode", value=packet.status, sender=packet.sender.code, document=named)
    if isinstance(packet.timestamp, str) or packet.timestamp.year < EARLIEST_YEAR:
        raise StatusUnreadable(element="Timestamp", value=str(packet.timestamp), sender=packet.sender.code, document=named)
    for original in originals:
        reporter = _entitled(connection, original, packet)
        if reporter is not None:
            note_status(connection, ledger, original.id, addressee, reporter, packet, sha256=raw.sha256)
            if not recall and len(originals) == 1:
                _prove_arrival(connection, ledger, original.id, reporter)
            return
    what = Words(f"report {packet.status} on", f"báo trạng thái {packet.status} của")
    raise NotEntitled(what=what, sender=packet.sender.code, document=named)


EARLIEST_YEAR = 2000
"""No status packet is older; the wire's form would allow the year 1."""


class _Original(NamedTuple):
    id: str
    counterpart: str


def _originals(connection: Connection, addressee: str, packet: StatusPacket, *, direction: Literal["in", "out"]) -> list[_Original]:
    """Return the documents that a status may be about, newest first: by DocumentId, else by number, notation and year."""
    about = packet.response_for
    documents = (
        select(messages.c.id, messages.c.counterpart, messages.c.document_id)
        .where(messages.c.organisation == addressee, messages.c.direction == direction, messages.c.kind == "document")
        .order_by(messages.c.created_at.desc())
    )
    if about.document_id:
        found = connection.execute(documents.where(messages.c.document_id == about.document_id)).all()
        if found:
            return [_Original(row.id, row.counterpart) for row in found]
    if not about.code:
        return []
    found = connection.execute(documents.where(messages.c.code == about.code)).all()
    if isinstance(about.promulgation_date, date):
        year = f",{about.promulgation_date.year}/"
        found = [row for row in found if "," not in row.document_id or year in row.document_id]
    return [_Original(row.id, row.counterpart) for row in found]


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
            inbox.c.state.in_((InboxState.WAITING, InboxState.LEASED)),
            or_(inbox.c.state == InboxState.WAITING, inbox.c.lease_until < now),
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
