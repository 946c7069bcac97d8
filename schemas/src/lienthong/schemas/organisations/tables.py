"""Directories as CSV: UTF-8, a header row, one table per kind of record, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Final, TypeVar

from lienthong.core.errors import Place, Words
from lienthong.core.text import hint
from lienthong.schemas.errors import TableInvalid
from lienthong.schemas.organisations.records import Certainty, Identifier, Organisation, Scheme, Succession, SuccessionKind

Record = Organisation | Succession | Identifier
R = TypeVar("R", Organisation, Succession, Identifier)

MOST_BYTES: Final = 64 * 1024 * 1024
"""The largest table that is read."""

# What a spreadsheet takes for a formula, behind any number of the apostrophes that say it is none.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


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
    """Return the records of one table; its header says of which kind they are.

    Columns are named as the fields of `Organisation`, `Succession` or `Identifier`; those with a default may be left out, and an empty
    cell is the default. Days are written `2025-07-01`, several aliases parted by `|`. A byte order mark is skipped; the apostrophe that
    keeps a spreadsheet from taking a text for a formula is taken off.

    Args:
        content: The file, UTF-8, at most `MOST_BYTES`.
        source: Its name for sentences.

    Raises:
        TableInvalid: data; names file, line and column.
    """
    rows = _rows(content, source)
    _, header = next(rows, (1, []))
    if "scheme" in header:
        return Tables(identifiers=tuple(_records(Identifier, header, rows, source)))
    if "effective" in header:
        return Tables(successions=tuple(_records(Succession, header, rows, source)))
    return Tables(organisations=tuple(_records(Organisation, header, rows, source)))


def write_table(records: Iterable[Organisation] | Iterable[Succession] | Iterable[Identifier], kind: type[Record]) -> bytes:
    """Return a table of records of one kind, from which `read_table` gives back equal ones.

    Raises:
        TableInvalid: data; a text holds half a character, which UTF-8 can't carry.
    """
    names = [field.name for field in fields(kind)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for record in records:
        writer.writerow([_neutral(_written(getattr(record, name))) for name in names])
    written = text.getvalue()
    try:
        return written.encode("utf-8")
    except UnicodeEncodeError as error:
        line = written.count("\n", 0, error.start) + 1
        raise _wrong("CSV", line, "*", "half a character can't be written", "có nửa ký tự Unicode nên không ghi được") from error


def _rows(content: bytes, source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that have anything in them, each with the line on which it begins."""
    if len(content) > MOST_BYTES:
        raise _wrong(source, 1, "*", f"the file has more than {MOST_BYTES} bytes", f"tệp lớn hơn {MOST_BYTES} byte")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _wrong(source, line, "*", "the text is not UTF-8", "nội dung không phải UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for row in reader:
            if row:
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        english, vietnamese = "quotation marks don't pair, or a cell is too long", "dấu ngoặc kép không khớp hoặc ô quá dài"
        raise _wrong(source, begins, "*", english, vietnamese) from error


def _records(kind: type[R], header: list[str], rows: Iterator[tuple[int, list[str]]], source: str) -> Iterator[R]:
    """Yield the records of rows below a header."""
    empty = _values_of_empty_cells(kind, header, source)
    readers = {name: _READERS.get(name, str) for name in header}
    if kind is Succession and "kind" in readers:
        readers["kind"] = _one_of(typing.get_args(SuccessionKind))
    for line, row in rows:
        if len(row) != len(header):
            column = header[min(len(row), len(header) - 1)]
            english, vietnamese = f"{len(row)} cells instead of {len(header)}", f"dòng có {len(row)} ô thay vì {len(header)}"
            raise _wrong(source, line, column, english, vietnamese)
        values = dict(empty)
        for name, cell in zip(header, row, strict=True):
            if cell:
                try:
                    values[name] = readers[name](_restored(cell))
                except _CellError as error:
                    raise TableInvalid(place=Place(source=source, line=line), column=name, reason=error.reason) from error
            elif empty[name] is MISSING:
                raise _wrong(source, line, name, "the cell is empty", "ô để trống")
        yield kind(**values)  # type: ignore[arg-type]


def _values_of_empty_cells(kind: type[Record], header: list[str], source: str) -> dict[str, object]:
    """Return what an empty or missing cell means, by column, MISSING where there must be one; raise for a header that doesn't fit."""
    known = {field.name: _MAY_BE_EMPTY.get(field.name, field.default) for field in fields(kind)}
    for name in header:
        if name not in known:
            near = hint(name, known)
            extra = near if isinstance(near, Words) else Words("", "")
            raise _wrong(source, 1, name or "?", f"there is no such column{extra.en}", f"không có cột này{extra.vi}")
        if header.count(name) > 1:
            raise _wrong(source, 1, name, "the column stands twice", "cột bị lặp lại")
    for field in fields(kind):
        if field.default is MISSING and field.name not in header:
            raise _wrong(source, 1, field.name, "the column is missing", "thiếu cột này")
    return known


class _CellError(Exception):
    """A cell that can't be read."""

    def __init__(self, en: str, vi: str) -> None:
        super().__init__(en)
        self.reason = Words(en, vi)


def _day(cell: str) -> date:
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise _CellError("it is no day such as 2025-07-01", "không phải ngày dạng 2025-07-01")


def _one_of(values: tuple[str, ...]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell in values:
            return cell
        listed = ", ".join(filter(None, values))
        raise _CellError(f"it is none of {listed}", f"không thuộc các giá trị {listed}")

    return read


def _aliases(cell: str) -> tuple[str, ...]:
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
        raise _CellError("a name is empty or ends in a backslash", "có tên để trống hoặc kết thúc bằng dấu gạch chéo ngược")
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


def _wrong(source: str, line: int, column: str, en: str, vi: str) -> TableInvalid:
    return TableInvalid(place=Place(source=source, line=line), column=column, reason=Words(en, vi))


_READERS: Mapping[str, Callable[[str], object]] = {
    "valid_from": _day,
    "valid_to": _day,
    "effective": _day,
    "aliases": _aliases,
    "certainty": _one_of(typing.get_args(Certainty)),
    "scheme": _one_of(typing.get_args(Scheme)),
}
_MAY_BE_EMPTY: Mapping[str, str | None] = {"name": "", "successor": None}
