"""A received document while an application takes it over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from lienthong.core.errors import LienthongError, Words
from lienthong.core.telemetry import log_event
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml import DocumentPacket, StaffInfo, read_packet
from lienthong.sdk.errors import NotEntitled, ReasonMissing
from lienthong.sdk.inbox import HandOver, finish_hand_over, release_hand_over
from lienthong.sdk.ledger.ledger import Ledger
from lienthong.sdk.outbox import NEEDS_REASON

Report = Callable[[Connection, DocumentPacket, str, str, Status, str, StaffInfo | None], object]
"""Accepts a status for sending: packet, message, organisation, status, reason, staff."""

_logger = logging.getLogger(__name__)


class Received:
    """A received document under a lease; use it as a context manager.

    Attributes:
        document: The packet, with its attachments.
        key: What tells this hand-over from any other; keep it with what you save, so that a repeated one is seen.
        organisation: Our organisation that it is for.
        message: Its id in the ledger.
    """

    def __init__(
        self,
        held: HandOver,
        transaction: Callable[[], AbstractContextManager[Connection]],
        ledger: Ledger,
        report: Report,
        *,
        folder: Path,
        undo: bool,
    ) -> None:
        """Take what `Exchange.receive` has leased; `undo` puts it back when the block fails, `folder` is for large files."""
        packet = read_packet(held.packet, folder=folder).packet
        assert isinstance(packet, DocumentPacket)  # noqa: S101 (only documents get into the inbox)
        self.document = packet
        self.key = held.key
        self.organisation = held.organisation
        self.message = held.message
        self._held = held
        self._transaction = transaction
        self._ledger = ledger
        self._report = report
        self._undo = undo
        self._answers: list[tuple[Status, str, StaffInfo | None]] = []

    def answer(self, status: Status, *, reason: str = "", staff: StaffInfo | None = None) -> None:
        """Report a status about this document; it is accepted for sending together with the hand-over, at the block's clean end.

        Args:
            status: What the clerk decided.
            reason: Why; a rejection needs one.
            staff: Who decided.

        Raises:
            ReasonMissing: data; a rejection without its reason.
            NotEntitled: security; only its sender asks for a document back.
        """
        if status == Status.RECALL_REQUESTED:
            what = Words(f"report {status} on", f"báo trạng thái {status} của")
            raise NotEntitled(what=what, sender=self.organisation, document=self.document.code)
        if status in NEEDS_REASON and not reason.strip():
            raise ReasonMissing(status=status)
        self._answers.append((status, reason, staff))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if error is None:
            with self._transaction() as transaction:
                finish_hand_over(transaction, self._ledger, self._held)
                for answer in self._answers:
                    self._report(transaction, self.document, self.message, self.organisation, *answer)
        elif self._undo:
            try:
                with self._transaction() as transaction:
                    release_hand_over(transaction, self._ledger, self._held, type(error).__name__)
            except LienthongError as other:  # the application's own error is the one to be seen; the lease ends by itself
                log_event(_logger, "release-failed", level=logging.WARNING, message=self.message, code=other.code)
