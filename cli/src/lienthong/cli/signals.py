"""Ending when told: Ctrl-C or SIGTERM lets the present step come to its end."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_LOOK_EVERY = 0.2  # seconds; a lock or an event can't be used safely inside a signal handler


class Told:
    """Whether this process was told to end."""

    def __init__(self) -> None:
        self.ended = False

    def wait(self, seconds: float = math.inf) -> bool:
        """Wait for some seconds or until told, and return whether it was told."""
        end = time.monotonic() + seconds
        while not self.ended and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_EVERY))
        return self.ended


@contextmanager
def told_to_end() -> Iterator[Told]:
    """Run a block in which Ctrl-C and SIGTERM are only noted; a second Ctrl-C ends it at once."""
    told = Told()

    def note(number: int, _frame: FrameType | None) -> None:
        if told.ended and number == signal.SIGINT:
            raise KeyboardInterrupt
        told.ended = True

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
