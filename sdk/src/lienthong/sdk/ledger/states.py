"""States and the steps between them: one table, by which the code steps and from which the docs are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar


class TransmissionState(StrEnum):
    """Where a transmission is."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class InboxState(StrEnum):
    """Where a received document is on its way to the local application."""

    WAITING = "waiting"
    LEASED = "leased"
    HANDED_OVER = "handed-over"


class DossierState(StrEnum):
    """Where a dossier is on its way to the sink."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    INVALID = "invalid"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


TRANSMISSION_STEPS = MappingProxyType(
    {
        # from, to: when
        (TransmissionState.QUEUED, TransmissionState.CLAIMED): "a worker takes it under a lease",
        (TransmissionState.CLAIMED, TransmissionState.QUEUED): "its lease ends: no byte had left",
        (TransmissionState.CLAIMED, TransmissionState.SENDING): "committed right before the first byte leaves",
        (TransmissionState.SENDING, TransmissionState.SENT): "the remote system gave a receipt, or a recipient has reported a status",
        (TransmissionState.SENDING, TransmissionState.QUEUED): "surely not sent; tried again later",
        (TransmissionState.SENDING, TransmissionState.REFUSED): "the remote system or the data says no",
        (TransmissionState.SENDING, TransmissionState.UNCERTAIN): "bytes left and no answer came, or the lease ended while sending",
        (TransmissionState.UNCERTAIN, TransmissionState.QUEUED): "the lease had ended, and then it is known that nothing was sent",
        (TransmissionState.UNCERTAIN, TransmissionState.REFUSED): "the lease had ended, and then the answer is no",
        (
            TransmissionState.UNCERTAIN,
            TransmissionState.SENT,
        ): "a recipient reports a status, or the receipt came after the lease had ended",
    }
)

INBOX_STEPS = MappingProxyType(
    {
        (InboxState.WAITING, InboxState.LEASED): "the application takes it",
        (InboxState.LEASED, InboxState.HANDED_OVER): "the application is done with it",
        (InboxState.LEASED, InboxState.WAITING): "the application failed, or its lease ended",
    }
)

DOSSIER_STEPS = MappingProxyType(
    {
        (DossierState.PENDING, DossierState.SENDING): "committed right before the first byte leaves",
        (DossierState.SENDING, DossierState.ACCEPTED): "the sink took it and its progress",
        (DossierState.SENDING, DossierState.REFUSED): "the sink says no",
        (DossierState.SENDING, DossierState.PENDING): "surely not done; tried again later",
        (DossierState.SENDING, DossierState.UNCERTAIN): "bytes left and no answer came, or the run ended while pushing",
        (DossierState.PENDING, DossierState.INVALID): "its source gives content that its office must mend",
        (DossierState.ACCEPTED, DossierState.INVALID): "its source gives content that its office must mend",
        (DossierState.REFUSED, DossierState.INVALID): "its source gives content that its office must mend",
        (DossierState.ACCEPTED, DossierState.PENDING): "its source gives other content",
        (DossierState.REFUSED, DossierState.PENDING): "its source gives other content",
        (DossierState.INVALID, DossierState.PENDING): "its source gives other content",
    }
)

State = TypeVar("State", bound=StrEnum)


def step(steps: Mapping[tuple[State, State], str], before: State, after: State) -> State:
    """Return the state after a step that a table knows; any other step is a mistake in the code.

    Raises:
        ValueError: The table has no such step.
    """
    if (before, after) not in steps:
        raise ValueError(f"there is no step from {before} to {after}")
    return after
