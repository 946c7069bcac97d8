"""Ending when told: by letting the present step come to its end, or by an exception as Ctrl-C raises one."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Callable, Iterator
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

    def note(number: int) -> None:
        if told.ended and number == signal.SIGINT:
            raise KeyboardInterrupt
        told.ended = True

    with _handled(note, signal.SIGINT, signal.SIGTERM):
        yield told


@contextmanager
def ended_by_exception() -> Iterator[None]:
    """Run a block that SIGTERM and SIGHUP end by SystemExit, so that what it has started is ended on the way out."""

    def end(number: int) -> None:
        sys.exit(128 + number)

    with _handled(end, signal.SIGTERM, signal.SIGHUP):
        yield


@contextmanager
def _handled(handle: Callable[[int], None], *numbers: signal.Signals) -> Iterator[None]:
    def handler(number: int, _frame: FrameType | None) -> None:
        handle(number)

    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
