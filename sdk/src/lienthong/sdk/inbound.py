"""Receiving: list, fetch once per centre, commit, and only then confirm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Connection, select

from lienthong.connectors.port import Outcome, Receiver, Waiting
from lienthong.core.errors import DataError, LienthongError, Refused, SecurityError
from lienthong.core.telemetry import log_event, span
from lienthong.schemas.edxml import DocumentPacket
from lienthong.sdk.blobs import Blobs
from lienthong.sdk.errors import as_ours
from lienthong.sdk.inbox import Arrival, TakenIn, examine, note_unfetched, of_item, take_in
from lienthong.sdk.ledger.ledger import Ledger
from lienthong.sdk.ledger.tables import arrivals
from lienthong.sdk.records import RunReport, Tally

PAGE = 100

GIVE_UP_AFTER = 3
"""Passing faults in a row that mean that the remote system, not one packet, is at fault."""

ASK_AGAIN_AFTER = timedelta(hours=1)
"""When a packet that could not be fetched for a reason of its own is tried again."""

Acknowledge = Callable[[Connection, DocumentPacket, str, str], None]
"""Queues status 01 for a document that an organisation has just received: packet, message, organisation."""

_logger = logging.getLogger(__name__)


def receive(
    ledger: Ledger,
    blobs: Blobs,
    receiver: Receiver,
    *,
    route: str,
    through: str,
    organisations: Sequence[str],
    acknowledge: Acknowledge,
    seconds: float,
) -> RunReport:
    """Take in what waits at a connection until nothing is left or the time is up.

    Returns:
        How many packets were taken in (`done`), quarantined, or put off (`later`).

    Raises:
        Transient, ConfigurationError: The remote system couldn't be used at all.
    """
    started = ledger.clock.monotonic()
    tally = Tally()
    handled: set[tuple[str, str]] = set()
    lingering = 0
    in_a_row = 0
    last: LienthongError | None = None
    while in_a_row < GIVE_UP_AFTER:
        # What failed in this run, or is listed although it was confirmed, must not crowd out what stands behind it.
        try:
            page = receiver.pending(None, limit=PAGE + lingering)
        except LienthongError as error:
            last, tally.more = error, True
            break
        items = [item for item in page.items if (item.kind, item.remote_id) not in handled]
        lingering = len(page.items) - len(items)
        if not items:
            break
        for item in items:
            if ledger.clock.monotonic() - started >= seconds:
                tally.more = True
                return tally.report(route, ledger.clock.monotonic() - started)
            handled.add((item.kind, item.remote_id))
            try:
                _take(ledger, blobs, receiver, item, through=through, organisations=organisations, acknowledge=acknowledge, tally=tally)
                in_a_row = 0
            except Exception as error:  # noqa: BLE001 (one item's error, whatever it is, blocks nothing behind it)
                last = as_ours(error, f"{item.kind} {item.remote_id}", _logger)
                tally.add("later", last.problem())
                log_event(_logger, "receive-failed", level=logging.WARNING, connection=through, remote=item.remote_id, code=last.code)
                in_a_row = in_a_row + 1 if last.action in ("retry", "ask", "configure") else 0
                if in_a_row == GIVE_UP_AFTER:
                    tally.more = True
                    break
    if last is not None and not tally.counts["done"] and not tally.counts["quarantined"]:
        raise last
    return tally.report(route, ledger.clock.monotonic() - started)


def _take(
    ledger: Ledger,
    blobs: Blobs,
    receiver: Receiver,
    item: Waiting,
    *,
    through: str,
    organisations: Sequence[str],
    acknowledge: Acknowledge,
    tally: Tally,
) -> None:
    """Fetch one packet, commit it, confirm it; each step is skipped that an earlier run has done.

    A packet that can't be fetched for a reason of its own stays with the remote system: it is written down with the reason, and
    left alone for a while.
    """
    with ledger.read() as connection:
        known = connection.execute(select(arrivals.c.packet_sha256, arrivals.c.received_at).where(*of_item(through, item))).one_or_none()
    if known is None or known.packet_sha256 is None:
        if known is not None and known.received_at > ledger.clock.now() - ASK_AGAIN_AFTER:
            return
        try:
            with span("lienthong.fetch", connection=through, remote=item.remote_id), blobs.writer() as stream:
                receiver.fetch(item, stream)
        except (DataError, SecurityError, Refused) as error:
            with ledger.begin() as connection:
                note_unfetched(connection, ledger, item, error, through=through)
            tally.add("quarantined", error.problem())
            log_event(_logger, "quarantined", level=logging.WARNING, connection=through, remote=item.remote_id, code=error.code)
            return
        arrival = examine(item, stream.blob, folder=blobs.incoming)
        taken = _commit(ledger, arrival, through=through, organisations=organisations, acknowledge=acknowledge)
        if taken is not None:
            problem = taken.quarantined.problem() if taken.quarantined else None
            if problem is not None:
                tally.add("quarantined", problem)
                log_event(_logger, "quarantined", level=logging.WARNING, connection=through, remote=item.remote_id, code=problem.code)
            if problem is None or taken.received:
                tally.add("done")
                log_event(_logger, "received", connection=through, remote=item.remote_id)
    # The remote system learns that the packet is ours, also where it can't be read or a rule keeps it from an inbox: its bytes are
    # safe with us, and it won't become better by being listed again.
    receiver.confirm(item, Outcome(state="done"))


def _commit(ledger: Ledger, arrival: Arrival, *, through: str, organisations: Sequence[str], acknowledge: Acknowledge) -> TakenIn | None:
    with ledger.begin() as connection:
        taken = take_in(connection, ledger, arrival, through=through, organisations=organisations)
        if taken is not None and isinstance(arrival.packet, DocumentPacket):
            for message, organisation in taken.received:
                acknowledge(connection, arrival.packet, message, organisation)
    return taken


def waiting(receiver: Receiver) -> int:
    """Return how many packets the remote system lists now."""
    return len(receiver.pending(None, limit=PAGE).items)
