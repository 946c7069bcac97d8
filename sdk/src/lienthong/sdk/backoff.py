"""How long to wait before what failed is tried again."""

from __future__ import annotations

import random
from datetime import timedelta

_FIRST = 5.0
_LONGEST = 600.0


def delay(attempt: int, retry_after: float | None = None) -> timedelta:
    """Return the pause after an attempt (from 1): doubled each time, with jitter, and as long as the remote system asked for."""
    pause = min(_LONGEST, _FIRST * 2 ** min(attempt - 1, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
    return timedelta(seconds=max(pause, retry_after or 0.0))
