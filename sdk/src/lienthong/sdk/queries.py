"""What the ledger knows, for people: lists, details, timelines. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Connection, select

from lienthong.core.errors import Problem
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml import Entry, Timeline
from lienthong.schemas.edxml import timeline as in_order
from lienthong.sdk.errors import UnknownMessage
from lienthong.sdk.ledger.deliveries import deliveries_of
from lienthong.sdk.ledger.ledger import Ledger
from lienthong.sdk.ledger.tables import arrivals, events, messages, statuses
from lienthong.sdk.ledger.tables import dossiers as dossier_table
from lienthong.sdk.ledger.tables import inbox as inbox_table
from lienthong.sdk.records import Delivery, DossierLine, EventLine, MessageDetail, MessageSummary, QuarantinedPacket


def outbox(ledger: Ledger, *, organisation: str | None = None, limit: int = 100) -> list[MessageSummary]:
    """Return what was accepted for sending, newest first."""
    return _summaries(ledger, "out", organisation, limit)


def inbox(ledger: Ledger, *, organisation: str | None = None, limit: int = 100) -> list[MessageSummary]:
    """Return documents that came in, newest first."""
    return _summaries(ledger, "in", organisation, limit)


def detail(ledger: Ledger, message: str) -> MessageDetail:
    """Return all that is known of a message.

    Raises:
        UnknownMessage: data.
    """
    if not message.isascii():
        raise UnknownMessage(message=ascii(message))
    with ledger.read() as connection:
        row = connection.execute(
            select(messages, inbox_table.c.state.label("inbox_state")).outerjoin(inbox_table).where(messages.c.id == message)
        ).one_or_none()
        if row is None:
            raise UnknownMessage(message=message)
        lines = deliveries_of(connection, [message]).get(message, ())
        happened = connection.execute(
            select(events.c.at, events.c.event, events.c.detail).where(events.c.subject == message).order_by(events.c.id)
        ).all()
    return MessageDetail(
        id=row.id,
        direction=row.direction,
        kind=row.kind,
        organisation=row.organisation,
        counterparts=_counterparts(row.direction, row.counterpart, lines),
        code=row.code,
        subject=row.subject,
        state=row.inbox_state or _together(lines),
        created_at=row.created_at,
        status=_status(row.status),
        key=row.key,
        document_id=row.document_id,
        packet_sha256=row.packet_sha256,
        packet_size=row.packet_size,
        signature=row.signature,
        does=BusinessType(row.business_type),
        deliveries=lines,
        events=tuple(EventLine(at=line.at, event=line.event, detail=line.detail) for line in happened),
    )


def timeline(ledger: Ledger, message: str) -> Timeline:
    """Return what organisations have reported about a document, by their own times.

    Raises:
        UnknownMessage: data.
    """
    with ledger.read() as connection:
        about = connection.execute(select(messages.c.organisation).where(messages.c.id == message)).one_or_none()
        if about is None:
            raise UnknownMessage(message=message)
        rows = connection.execute(select(statuses).where(statuses.c.message == message)).all()
    return in_order(
        Entry(
            status=Status(row.status),
            # A request to have a document back comes from its sender and is about our copy.
            organisation=about.organisation if row.status == Status.RECALL_REQUESTED else row.organisation,
            reporter=row.organisation,
            at=row.at,
            description=row.description,
            staff=row.staff,
        )
        for row in rows
    )


def dossiers(ledger: Ledger, route: str, *, state: str | None = None, limit: int = 1000) -> list[DossierLine]:
    """Return dossiers of a route by number, in one state or all."""
    wanted = select(dossier_table).where(dossier_table.c.route == route).order_by(dossier_table.c.number).limit(limit)
    if state is not None:
        wanted = wanted.where(dossier_table.c.state == state)
    with ledger.read() as connection:
        rows = connection.execute(wanted).all()
    return [
        DossierLine(
            number=row.number,
            organisation=row.organisation,
            office=row.office,
            state=row.state,
            revision=row.revision,
            problems=tuple(Problem.from_json(problem) for problem in row.problems or ()),
        )
        for row in rows
    ]


def quarantine(ledger: Ledger, *, limit: int = 100) -> list[QuarantinedPacket]:
    """Return packets that came and belong to no inbox, newest first."""
    with ledger.read() as connection:
        rows = connection.execute(
            select(arrivals).where(arrivals.c.problem.is_not(None)).order_by(arrivals.c.received_at.desc()).limit(limit)
        ).all()
    return [
        QuarantinedPacket(
            connection=row.connection,
            kind=row.kind,
            remote_id=row.remote_id,
            sender=row.sender,
            packet_sha256=row.packet_sha256,
            packet_size=row.packet_size,
            received_at=row.received_at,
            problem=Problem.from_json(row.problem),
        )
        for row in rows
    ]


def packet_digest(connection: Connection, message: str) -> str:
    """Return the SHA-256 of a message's packet."""
    return str(connection.execute(select(messages.c.packet_sha256).where(messages.c.id == message)).scalar_one())


def has_arrived(ledger: Ledger, sha256: str) -> bool:
    """Return whether a packet of exactly these bytes has come in, to an inbox or into quarantine."""
    with ledger.read() as connection:
        return connection.execute(select(arrivals.c.remote_id).where(arrivals.c.packet_sha256 == sha256).limit(1)).first() is not None


def _summaries(ledger: Ledger, direction: Literal["out", "in"], organisation: str | None, limit: int) -> list[MessageSummary]:
    wanted = (
        select(messages, inbox_table.c.state.label("inbox_state"))
        .outerjoin(inbox_table)
        .where(messages.c.direction == direction)
        .order_by(messages.c.created_at.desc(), messages.c.id)
        .limit(limit)
    )
    if organisation is not None:
        wanted = wanted.where(messages.c.organisation == organisation)
    with ledger.read() as connection:
        rows = connection.execute(wanted).all()
        lines = deliveries_of(connection, [row.id for row in rows])
    return [
        MessageSummary(
            id=row.id,
            direction=row.direction,
            kind=row.kind,
            organisation=row.organisation,
            counterparts=_counterparts(row.direction, row.counterpart, lines.get(row.id, ())),
            code=row.code,
            subject=row.subject,
            state=row.inbox_state or _together(lines.get(row.id, ())),
            created_at=row.created_at,
            status=_status(row.status),
        )
        for row in rows
    ]


def _together(lines: Sequence[Delivery]) -> str:
    states = {line.state for line in lines}
    return states.pop() if len(states) == 1 else "mixed"


def _counterparts(direction: str, counterpart: str, lines: Sequence[Delivery]) -> tuple[str, ...]:
    return (counterpart,) if direction == "in" else tuple(line.recipient for line in lines)


def _status(code: str | None) -> Status | None:
    return Status(code) if code in {status.value for status in Status} else None
