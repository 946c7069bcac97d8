"""How fast ten thousand organisations become a directory, and how fast it answers; theirs is the standard library's reading alone.

    python benchmarks/directory.py
    python benchmarks/directory.py --organisations 100000

Every figure is the median of runs in one process, ours and theirs in turn, since other things run on the machine.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from table import Row, print_table

from lienthong.schemas.organisations import (
    Directory,
    Organisation,
    Succession,
    decide_sending,
    level_one,
    read_agencies,
    read_table,
    write_table,
)

RUNS = 7
AIM = 1.0
ON = date(2026, 11, 1)
CLOSED = date(2025, 7, 1)
ASKED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is done `each` times in a run, in how many seconds it should be, and the floor that it is compared with."""

    what: str
    work: Callable[[], object]
    floor: Callable[[], object] | None = None
    floor_name: str = ""
    most_seconds: float | None = None
    each: int = 1


def organisations(count: int) -> Iterator[Organisation]:
    """Yield provinces' departments and their units; every tenth was closed, and the next one took over."""
    for number in range(count):
        province, department, unit = number % 63 + 1, number // 63 % 99 + 1, number // 6237 + 1
        code = f"H{province:02}.{department:02}.{unit:02}"
        yield Organisation(
            code=code,
            name=f"Phòng Nghiệp vụ số {number}, Sở Khoa học và Công nghệ",
            old_code=f"000.{unit:02}.{department:02}.H{province:02}",
            valid_to=CLOSED if number % 10 == 0 and number + 1 < count else None,
            mail=f"vanthu{number}@example.vn",
            source="getAgenciesList",
        )


def successions(listed: list[Organisation]) -> Iterator[Succession]:
    """Yield who took over from every closed one."""
    for number, one in enumerate(listed):
        if one.valid_to is not None:
            yield Succession(code=one.code, successor=listed[number + 1].code, effective=one.valid_to, kind="merge")


def axis_rows(listed: list[Organisation]) -> bytes:
    """Return the reply of getAgenciesList about them."""
    rows = [
        {"id": str(number), "pid": "0", "code": one.code, "oldCode": one.old_code, "name": one.name, "mail": one.mail}
        for number, one in enumerate(listed, start=1)
    ]
    return json.dumps(rows, ensure_ascii=False).encode("utf-8")


def questions(count: int) -> Iterator[Question]:
    """Yield what is measured."""
    listed = list(organisations(count))
    steps = list(successions(listed))
    table, changes, reply = write_table(listed, Organisation), write_table(steps, Succession), axis_rows(listed)
    directory = Directory(listed, steps)
    directory.search("nothing")  # builds the index of names
    codes = [one.code for one in listed][:ASKED]
    yield Question(
        what="CSV → directory, with successions",
        work=lambda: Directory(read_table(table, source="o.csv").organisations, read_table(changes, source="s.csv").successions),
        floor=lambda: [list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""))) for content in (table, changes)],
        floor_name="csv: rows alone",
        most_seconds=AIM,
    )
    yield Question(
        what="axis rows → directory",
        work=lambda: Directory(read_agencies(json.loads(reply)).organisations),
        floor=lambda: json.loads(reply),
        floor_name="json: rows alone",
        most_seconds=AIM,
    )
    yield Question(what="directory → CSV", work=lambda: (write_table(listed, Organisation), write_table(steps, Succession)))
    yield Question(what="index of names and first search", work=lambda: Directory(listed, steps).search("phong nghiep vu so 77"))
    yield Question(what="search by name", work=lambda: directory.search("phong nghiep vu so 77"))
    yield Question(what="look up a code", work=lambda: [directory.find(code, on=ON) for code in codes], each=len(codes))
    yield Question(
        what="decide about a send",
        work=lambda: [decide_sending(directory, code, on=ON, closed="redirect") for code in codes],
        each=len(codes),
    )
    yield Question(what="shipped tables → directory", work=level_one.__wrapped__)


def seconds(work: Callable[[], object]) -> float:
    """Return how long one run takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def shown(value: float) -> str:
    """Return a time in the unit that fits."""
    for unit, factor in (("s", 1.0), ("ms", 1e3)):
        if value * factor >= 1:
            return f"{value * factor:.2f} {unit}"
    return f"{value * 1e6:.1f} µs"


def rows(question: Question) -> Iterator[Row]:
    """Measure, and return a row for ours and one for the floor."""
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(RUNS):
        ours.append(seconds(question.work) / question.each)
        if question.floor:
            floor.append(seconds(question.floor))
    yield Row(what=question.what, figures=ours, shown=shown, theirs=floor, most_seconds=question.most_seconds)
    if floor:
        yield Row(what=f"  {question.floor_name}", figures=floor, shown=shown)


def main() -> None:
    """Measure and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--organisations", type=int, default=10_000, help="how many; the aim is set for 10,000")
    count: int = arguments.parse_args().organisations
    measured = (row for question in questions(count) for row in rows(question))
    print_table(f"{count:,} organisations, median of {RUNS} runs", measured)


if __name__ == "__main__":
    main()
