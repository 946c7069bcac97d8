"""The table that the programs of this folder print: what was measured, beside others' and beside what was aimed at."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

COLUMNS = ("what", "median", "lowest – highest", "ours / theirs", "peak", "aim", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the runs of one thing came to, and what they should come to.

    Attributes:
        what: The thing; two spaces in front of what isn't ours.
        figures: A rate or a time for each run.
        shown: Writes such a figure with its unit.
        theirs: The same of what it is compared with.
        peak_mib: The highest peak of memory, above what the process held before.
        least_rate: What the median should be at least.
        most_seconds: What the median should be at most.
        least_ratio: How many times the median of theirs it should be at least.
        most_mib: What the peak should be at most.
    """

    what: str
    figures: Sequence[float]
    shown: Callable[[float], str]
    theirs: Sequence[float] = ()
    peak_mib: float | None = None
    least_rate: float | None = None
    most_seconds: float | None = None
    least_ratio: float | None = None
    most_mib: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the median of theirs ours is."""
        return statistics.median(self.figures) / statistics.median(self.theirs) if self.theirs else None

    def aims(self) -> Iterator[tuple[str, bool]]:
        """Yield what was aimed at, and whether that is met."""
        median = statistics.median(self.figures)
        if self.least_rate is not None:
            yield f"≥ {self.shown(self.least_rate)}", median >= self.least_rate
        if self.most_seconds is not None:
            yield f"≤ {self.shown(self.most_seconds)}", median <= self.most_seconds
        if self.least_ratio is not None:
            yield f"≥ {self.least_ratio:g} × theirs", self.ratio is not None and self.ratio >= self.least_ratio
        if self.most_mib is not None:
            yield f"≤ {self.most_mib:g} MiB", self.peak_mib is not None and self.peak_mib <= self.most_mib

    def cells(self) -> tuple[str, ...]:
        """Return a text for each of `COLUMNS`."""
        aims = list(self.aims())
        return (
            self.what,
            self.shown(statistics.median(self.figures)),
            f"{self.shown(min(self.figures))} – {self.shown(max(self.figures))}",
            "" if self.ratio is None else f"{self.ratio:.2f} ×",
            "" if self.peak_mib is None else f"{self.peak_mib:,.0f} MiB",
            ", ".join(label for label, _ in aims),
            "" if not aims else "met" if all(met for _, met in aims) else "MISSED",
        )


def print_table(title: str, rows: Iterable[Row], *more: str) -> None:
    """Measure and print rows, without columns that have nothing in them, and below what they were measured with; `more` adds to that."""
    console = Console(width=140)
    with console.status("measuring"):
        cells = [row.cells() for row in rows]
    table = Table(title=title, title_justify="left")
    used = [index for index in range(len(COLUMNS)) if any(line[index] for line in cells)]
    for index in used:
        table.add_column(COLUMNS[index], no_wrap=True)
    for line in cells:
        table.add_row(*(line[index] for index in used))
    console.print(table)
    on = (f"lienthong {version('lienthong')}", f"Python {platform.python_version()}", *more, platform.machine(), f"{os.cpu_count()} cores")
    console.print(", ".join(on), style="dim")
