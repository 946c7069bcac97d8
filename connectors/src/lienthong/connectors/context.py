"""What a connector gets from whoever opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lienthong.core.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of an open connector.

    Attributes:
        name: Name of the connection in the settings; it stands in logs and errors.
        folder: What relative paths in the connection's settings start from.
    """

    name: str
    folder: Path = field(default_factory=Path.cwd)
    clock: Clock = field(default_factory=SystemClock)
