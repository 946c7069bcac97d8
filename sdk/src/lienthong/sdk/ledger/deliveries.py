"""Deliveries as they stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import Connection, select

from lienthong.core.errors import Problem
from lienthong.schemas.codes.edxml import Status
from lienthong.sdk.ledger.states import TransmissionState
from lienthong.sdk.ledger.tables import deliveries, statuses, transmissions
from lienthong.sdk.records import Delivery

DeliveryState = Literal["queued", "sent", "refused", "uncertain"]

_OUTSIDE: Mapping[TransmissionState, DeliveryState] = {
    TransmissionState.QUEUED: "queued",
    TransmissionState.CLAIMED: "queued",
    TransmissionState.SENDING: "queued",
    TransmissionState.SENT: "sent",
    TransmissionState.REFUSED: "refused",
    TransmissionState.UNCERTAIN: "uncertain",
}


def deliveries_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Delivery, ...]]:
    """Return the deliveries of some messages by message, with the last status that each recipient reported."""
    reported: dict[tuple[str, str], Status] = {}
    for line in connection.execute(
        select(statuses.c.message, statuses.c.organisation, statuses.c.status)
        .where(statuses.c.message.in_(ids))
        .order_by(statuses.c.at, statuses.c.status)
    ):
        reported[line.message, line.organisation] = Status(line.status)
    found: dict[str, list[Delivery]] = {}
    for row in connection.execute(
        select(deliveries.c.message, deliveries.c.recipient, transmissions.c.state, transmissions.c.remote_id, transmissions.c.problem)
        .join(transmissions, transmissions.c.id == deliveries.c.transmission)
        .where(deliveries.c.message.in_(ids))
        .order_by(deliveries.c.recipient)
    ):
        found.setdefault(row.message, []).append(
            Delivery(
                recipient=row.recipient,
                state=_OUTSIDE[TransmissionState(row.state)],
                remote_id=row.remote_id,
                status=reported.get((row.message, row.recipient)),
                problem=Problem.from_json(row.problem) if row.problem else None,
            )
        )
    return {message: tuple(lines) for message, lines in found.items()}
