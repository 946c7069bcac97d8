"""Sending what was accepted: claimed under a lease, fenced by the attempt number, and never again by itself once its fate is unknown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, exists, func, or_, select, update

from lienthong.connectors.port import Parcel, Receipt, Sender
from lienthong.core.errors import LienthongError, Transient, Uncertain
from lienthong.core.telemetry import log_event, span
from lienthong.sdk.backoff import delay
from lienthong.sdk.blobs import Blobs
from lienthong.sdk.errors import FateUnresolved
from lienthong.sdk.ledger.ledger import Ledger, record_event
from lienthong.sdk.ledger.states import TRANSMISSION_STEPS, TransmissionState, step
from lienthong.sdk.ledger.tables import deliveries, messages, statuses, transmissions
from lienthong.sdk.records import Count, RunReport, Tally

LEASE = timedelta(seconds=120)
"""Longer than one send may take: settings allow a connection's deadline at most 100 s."""

GIVE_UP_AFTER = 3
"""Refusals of our credentials or settings in a row that mean that no organisation can send."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A transmission that this worker holds; `attempt` fences it off from a worker that held it before."""

    transmission: str
    message: str
    organisation: str
    attempt: int
    parcel: Parcel


def dispatch(
    ledger: Ledger, blobs: Blobs, sender: Sender, *, route: str, through: str, organisations: Sequence[str], seconds: float
) -> RunReport:
    """Send what stands in line until the line is empty or the time is up.

    Returns:
        How many transmissions were sent (`done`), refused, put off (`later`) or are uncertain.

    Raises:
        Transient: The remote system couldn't be used at all, nothing was sent.
        ConfigurationError: The same, and somebody must change settings or credentials first.
    """
    started = ledger.clock.monotonic()
    tally = Tally()
    resolve_ended_leases(ledger, through)
    width = max(1, sender.capabilities.concurrency)
    stopped_by: LienthongError | None = None
    last: LienthongError | None = None
    refusals_in_a_row = 0
    with ThreadPoolExecutor(max_workers=width, thread_name_prefix=f"dispatch-{route}") as pool:
        while stopped_by is None:
            if ledger.clock.monotonic() - started >= seconds:
                tally.more = waiting(ledger, through, organisations) > 0
                break
            claims = claim(ledger, blobs, through, organisations, limit=width)
            if not claims:
                break
            for error in pool.map(lambda held: _send(ledger, blobs, sender, held, tally), claims):
                # A remote system that can't be used, or leaves us in doubt, gets nothing more in this run; what somebody must
                # configure may be wrong for one organisation only.
                refusals_in_a_row = refusals_in_a_row + 1 if error is not None and error.action == "configure" else 0
                if error is not None and (error.action in ("retry", "ask") or refusals_in_a_row == GIVE_UP_AFTER):
                    stopped_by = error
                last = error or last
    if stopped_by is not None:
        tally.more = True
    if last is not None and last.action in ("retry", "configure") and not tally.counts["done"] and not tally.counts["uncertain"]:
        raise last
    return tally.report(route, ledger.clock.monotonic() - started)


def waiting(ledger: Ledger, through: str, organisations: Sequence[str]) -> int:
    """Return how many transmissions could be claimed now."""
    with ledger.read() as connection:
        claimable = _claimable(ledger, through, organisations).order_by(None).subquery()
        return connection.execute(select(func.count()).select_from(claimable)).scalar_one()


def claim(ledger: Ledger, blobs: Blobs, through: str, organisations: Sequence[str], *, limit: int) -> list[Claim]:
    """Take up to `limit` transmissions under a lease, oldest first."""
    with ledger.begin() as connection:
        rows = connection.execute(
            _claimable(ledger, through, organisations).limit(limit).with_for_update(skip_locked=True, of=transmissions)
        ).all()
        for row in rows:
            _step(
                connection,
                ledger,
                row.id,
                row.attempt,
                (TransmissionState.QUEUED, TransmissionState.CLAIMED),
                attempt=row.attempt + 1,
                lease_until=ledger.clock.now() + LEASE,
            )
        recipients: dict[str, list[str]] = {row.id: [] for row in rows}
        for line in connection.execute(
            select(deliveries.c.transmission, deliveries.c.recipient).where(deliveries.c.transmission.in_(recipients))
        ):
            recipients[line.transmission].append(line.recipient)
    return [
        Claim(
            transmission=row.id,
            message=row.message,
            organisation=row.organisation,
            attempt=row.attempt + 1,
            parcel=Parcel(
                id=row.id,
                kind=_kind(row.kind),
                sender=row.organisation,
                recipients=tuple(recipients[row.id]),
                key=row.key,
                packet=blobs.get(row.packet_sha256, row.packet_size),
            ),
        )
        for row in rows
    ]


def resolve_ended_leases(ledger: Ledger, through: str) -> None:
    """Put back what was only claimed when its lease ended, and hold as uncertain what was being sent."""
    now = ledger.clock.now()
    with ledger.begin() as connection:
        ended = connection.execute(
            select(
                transmissions.c.id,
                transmissions.c.state,
                transmissions.c.attempt,
                transmissions.c.organisation,
                transmissions.c.message,
                messages.c.key,
            )
            .join(messages, messages.c.id == transmissions.c.message)
            .where(
                transmissions.c.connection == through,
                transmissions.c.state.in_((TransmissionState.CLAIMED, TransmissionState.SENDING)),
                transmissions.c.lease_until < now,
            )
            .with_for_update(skip_locked=True, of=transmissions)
        ).all()
        for row in ended:
            if row.state == TransmissionState.CLAIMED:
                _step(
                    connection,
                    ledger,
                    row.id,
                    row.attempt,
                    (TransmissionState.CLAIMED, TransmissionState.QUEUED),
                    lease_until=None,
                )
                continue
            problem = FateUnresolved(key=row.key, attempt=row.attempt).problem()
            proven = _is_proven(connection, row.id)
            state = TransmissionState.SENT if proven else TransmissionState.UNCERTAIN
            kept = None if proven else problem.as_json()
            _step(connection, ledger, row.id, row.attempt, (TransmissionState.SENDING, state), lease_until=None, problem=kept)
            record_event(connection, ledger, _EVENTS[state], organisation=row.organisation, subject=row.message, detail=problem.code)


def _claimable(ledger: Ledger, through: str, organisations: Sequence[str]) -> Select[Any]:
    earlier = messages.alias("earlier")
    unfinished = transmissions.alias("unfinished")
    # Statuses about one document go out in the order in which they were given.
    overtaken = exists().where(
        and_(
            earlier.c.original == messages.c.original,
            earlier.c.organisation == messages.c.organisation,
            or_(
                earlier.c.created_at < messages.c.created_at,
                and_(earlier.c.created_at == messages.c.created_at, earlier.c.status < messages.c.status),
            ),
            unfinished.c.message == earlier.c.id,
            unfinished.c.state.in_((TransmissionState.QUEUED, TransmissionState.CLAIMED, TransmissionState.SENDING)),
        )
    )
    return (
        select(
            transmissions.c.id,
            transmissions.c.message,
            transmissions.c.organisation,
            transmissions.c.attempt,
            transmissions.c.packet_sha256,
            transmissions.c.packet_size,
            messages.c.kind,
            messages.c.key,
        )
        .join(messages, messages.c.id == transmissions.c.message)
        .where(
            transmissions.c.connection == through,
            transmissions.c.organisation.in_(organisations),
            transmissions.c.state == TransmissionState.QUEUED,
            transmissions.c.not_before <= ledger.clock.now(),
            or_(messages.c.original.is_(None), ~overtaken),
        )
        .order_by(transmissions.c.not_before)
    )


def _send(ledger: Ledger, blobs: Blobs, sender: Sender, held: Claim, tally: Tally) -> LienthongError | None:
    """Send one parcel and write down what became of it; return the error, if any."""
    with ledger.begin() as connection:
        if not _step(connection, ledger, held.transmission, held.attempt, (TransmissionState.CLAIMED, TransmissionState.SENDING)):
            return None  # the lease had ended and another worker has it
    try:
        blobs.require(held.parcel.packet.sha256)
        with span("lienthong.send", message=held.message, attempt=held.attempt):
            receipt = sender.send(held.parcel)
    except LienthongError as error:
        _put_down(ledger, held, error, tally)
        return error
    except Exception:  # whatever it is, this packet's fate is unknown and the others go on
        _logger.exception("unforeseen")
        doubt = FateUnresolved(key=held.parcel.key, attempt=held.attempt)
        _put_down(ledger, held, doubt, tally)
        return doubt
    _sent(ledger, held, receipt, tally)
    return None


def _sent(ledger: Ledger, held: Claim, receipt: Receipt, tally: Tally) -> None:
    with ledger.begin() as connection:
        # A lease that ended meanwhile has made it uncertain; the receipt in hand says more than that.
        for change in ((TransmissionState.SENDING, TransmissionState.SENT), (TransmissionState.UNCERTAIN, TransmissionState.SENT)):
            if _step(
                connection,
                ledger,
                held.transmission,
                held.attempt,
                change,
                lease_until=None,
                problem=None,
                remote_id=receipt.remote_id,
            ):
                break
        record_event(
            connection,
            ledger,
            "sent",
            organisation=held.organisation,
            subject=held.message,
            digest=held.parcel.packet.sha256,
            detail=", ".join(held.parcel.recipients),
        )
    tally.add("done")
    log_event(_logger, "sent", message=held.message, remote=receipt.remote_id, attempt=held.attempt)


def _put_down(ledger: Ledger, held: Claim, error: LienthongError, tally: Tally) -> None:
    problem = error.problem()
    state, count, extra = _verdict(ledger, held, error)
    with ledger.begin() as connection:
        if state == TransmissionState.UNCERTAIN and _is_proven(connection, held.transmission):
            state, count = TransmissionState.SENT, "done"
        # The lease may have ended while the remote system was asked; that nothing was sent, or that it said no, is known all the same.
        for before in (TransmissionState.SENDING, TransmissionState.UNCERTAIN):
            if before != state and _step(
                connection,
                ledger,
                held.transmission,
                held.attempt,
                (before, state),
                lease_until=None,
                problem=None if state == TransmissionState.SENT else problem.as_json(),
                **extra,
            ):
                event = _EVENTS[state]
                record_event(connection, ledger, event, organisation=held.organisation, subject=held.message, detail=problem.code)
                break
    tally.add(count, problem)
    log_event(_logger, _EVENTS[state], level=logging.WARNING, message=held.message, code=problem.code, attempt=held.attempt)


def _is_proven(connection: Connection, transmission: str) -> bool:
    """A recipient that has reported a status has the packet, whatever we are left in doubt about."""
    recipients = select(deliveries.c.recipient).where(deliveries.c.transmission == transmission)
    message = select(transmissions.c.message).where(transmissions.c.id == transmission).scalar_subquery()
    reported = select(statuses.c.message).where(statuses.c.message == message, statuses.c.organisation.in_(recipients)).limit(1)
    return connection.execute(reported).first() is not None


_EVENTS = {
    TransmissionState.QUEUED: "put-off",
    TransmissionState.REFUSED: "refused",
    TransmissionState.UNCERTAIN: "uncertain",
    TransmissionState.SENT: "proven",
}


def _verdict(ledger: Ledger, held: Claim, error: LienthongError) -> tuple[TransmissionState, Count, dict[str, object]]:
    if isinstance(error, Uncertain):
        return TransmissionState.UNCERTAIN, "uncertain", {}
    if error.action in ("retry", "configure"):
        asked = error.retry_after if isinstance(error, Transient) else None
        return TransmissionState.QUEUED, "later", {"not_before": ledger.clock.now() + delay(held.attempt, asked)}
    return TransmissionState.REFUSED, "refused", {}


def _step(
    connection: Connection,
    ledger: Ledger,
    transmission: str,
    held_attempt: int,
    change: tuple[TransmissionState, TransmissionState],
    **values: object,
) -> bool:
    """Take a step if the transmission still is where the caller left it; return whether it was."""
    before, after = change
    result = connection.execute(
        update(transmissions)
        .where(transmissions.c.id == transmission, transmissions.c.attempt == held_attempt, transmissions.c.state == before)
        .values(state=step(TRANSMISSION_STEPS, before, after), updated_at=ledger.clock.now(), **values)
    )
    return result.rowcount == 1


def _kind(kind: str) -> Literal["document", "status"]:
    return "status" if kind == "status" else "document"
