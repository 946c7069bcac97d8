"""Directories as CSV: UTF-8, a header row, one table per kind of record, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import partial
from typing import TypeVar

from lienthong.core.errors import Certainty, Place, Words
from lienthong.schemas.csv_table import CsvTable, day, one_of
from lienthong.schemas.errors import NotATable, TableInvalid
from lienthong.schemas.organisations.records import Identifier, Organisation, Scheme, Succession, SuccessionKind

Record = Organisation | Succession | Identifier
R = TypeVar("R", Organisation, Succession, Identifier)

# What a spreadsheet takes for a formula, behind any number of the apostrophes that say it is none.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Tables:
    """The records of some tables, in the order in which they stand."""

    organisations: tuple[Organisation, ...] = ()
    successions: tuple[Succession, ...] = ()
    identifiers: tuple[Identifier, ...] = ()


def together(tables: Iterable[Tables]) -> Tables:
    """Return the records of several tables as those of one."""
    listed = list(tables)
    return Tables(
        tuple(record for table in listed for record in table.organisations),
        tuple(record for table in listed for record in table.successions),
        tuple(record for table in listed for record in table.identifiers),
    )


def read_table(content: bytes, *, source: str) -> Tables:
    """Return the records of one table, each with its place; the header says of which kind they are.

    Columns are named as the fields of `Organisation`, `Succession` or `Identifier`; those with a default may be left out, and an empty
    cell is the default. Days are written `2025-07-01`, several aliases parted by `|`. A byte order mark is skipped; the apostrophe that
    keeps a spreadsheet from taking a text for a formula is taken off.

    Args:
        content: The file, UTF-8, at most `csv_table.MOST_BYTES`.
        source: Its name for sentences.

    Raises:
        TableInvalid: data; names file, line and column.
        NotATable: data; names file and line.
    """
    table = CsvTable(content, source=source)
    if "scheme" in table.header:
        return Tables(identifiers=tuple(_records(Identifier, table)))
    if "effective" in table.header:
        return Tables(successions=tuple(_records(Succession, table)))
    return Tables(organisations=tuple(_records(Organisation, table)))


def write_table(records: Iterable[Organisation] | Iterable[Succession] | Iterable[Identifier], kind: type[Record]) -> bytes:
    """Return a table of records of one kind, from which `read_table` gives back equal ones.

    Raises:
        NotATable: data; a text holds half a character, which UTF-8 can't carry.
    """
    names = list(_columns(kind))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for record in records:
        writer.writerow([_neutral(_written(getattr(record, name))) for name in names])
    written = text.getvalue()
    try:
        return written.encode("utf-8")
    except UnicodeEncodeError as error:
        place = Place(source="CSV", line=written.count("\n", 0, error.start) + 1)
        reason = Words("half a character can't be written", "có nửa ký tự Unicode nên không ghi được")
        raise NotATable(place=place, reason=reason) from error


def _records(kind: type[R], table: CsvTable) -> Iterator[R]:
    """Yield the records of a table of one kind."""
    columns = _columns(kind)
    empty = {name: _MAY_BE_EMPTY.get(name, default) for name, default in columns.items()}
    for place, cells in table.rows({name: default is MISSING for name, default in columns.items()}):
        values = {**empty, "place": place}
        for column, cell in cells.items():
            if cell:
                read = _SUCCESSION_KIND if kind is Succession and column == "kind" else _READERS.get(column)
                text = _restored(cell)
                values[column] = read(text, place, column) if read else text
            elif empty[column] is MISSING:
                raise TableInvalid(place=place, column=column, reason=Words("the cell is empty", "ô để trống"))
        yield kind(**values)  # type: ignore[arg-type]


def _columns(kind: type[Record]) -> dict[str, object]:
    """Return the columns of a kind of record with their defaults."""
    return {field.name: field.default for field in fields(kind) if field.name != "place"}


def _aliases(cell: str, place: Place, column: str) -> tuple[str, ...]:
    found, escaped = [""], False
    for letter in cell:
        if escaped or letter not in "\\|":
            found[-1] += letter
            escaped = False
        elif letter == "|":
            found.append("")
        else:
            escaped = True
    if escaped or "" in found:
        reason = Words("a name is empty or ends in a backslash", "có tên để trống hoặc kết thúc bằng dấu gạch chéo ngược")
        raise TableInvalid(place=place, column=column, reason=reason)
    return tuple(found)


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return "|".join(alias.replace("\\", "\\\\").replace("|", "\\|") for alias in value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _neutral(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _restored(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


_READERS: Mapping[str, Callable[[str, Place, str], object]] = {
    "valid_from": day,
    "valid_to": day,
    "effective": day,
    "aliases": _aliases,
    "certainty": partial(one_of, values=typing.get_args(Certainty)),
    "scheme": partial(one_of, values=typing.get_args(Scheme)),
}
_SUCCESSION_KIND = partial(one_of, values=typing.get_args(SuccessionKind))
_MAY_BE_EMPTY: Mapping[str, str | None] = {"name": "", "successor": None}
