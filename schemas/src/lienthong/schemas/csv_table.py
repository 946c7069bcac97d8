"""Tables as CSV: UTF-8 with a header row; whatever is wrong is named by file, line and, where it is one, column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from lienthong.core.errors import Place, Words
from lienthong.core.text import nearest
from lienthong.schemas.errors import NotATable, TableInvalid

MOST_BYTES: Final = 64 * 1024 * 1024
"""The largest table that is read."""

_Text = TypeVar("_Text", bound=str)
_HEAD = re.compile(r"[\r\n]*([^\r\n]*)")
_OTHER_SIGNS = {";": Words("semicolons", "dấu chấm phẩy"), "\t": Words("tabs", "dấu tab")}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class CsvTable:
    """A table whose header has been read; a byte order mark and lines with nothing in them are skipped.

    Attributes:
        header: The names of the columns.

    Args:
        content: The file, UTF-8, at most `MOST_BYTES`.
        source: Its name for sentences.

    Raises:
        NotATable: data; the file is too large, not UTF-8 or no CSV, or its columns are parted by another sign than a comma.
    """

    def __init__(self, content: bytes, *, source: str) -> None:
        self._lines = _lines(content, source)
        self._place, header = next(self._lines, (Place(source=source, line=1), []))
        self.header = tuple(header)

    def rows(self, columns: Mapping[str, bool]) -> Iterator[tuple[Place, dict[str, str]]]:
        """Yield the rows below the header, once: the file and the line on which a row begins, and its cells by column.

        Args:
            columns: Which there may be, in any order, and whether each must be there.

        Raises:
            TableInvalid: data; a column is unknown, missing or twice there.
            NotATable: data; a column has no name, a row has another number of cells, or it is no CSV.
        """
        for name in self.header:
            if not name:
                raise _no_table(self._place, "a column has no name", "có cột không có tên")
            if name not in columns:
                near, listed = nearest(name, columns), ", ".join(columns)
                en = f" (did you mean {near}?)" if near else ""
                vi = f" (có phải là {near}?)" if near else ""
                raise _wrong(
                    self._place, name, f"there is no such column{en}; there are: {listed}", f"không có cột này{vi}; các cột gồm: {listed}"
                )
            if self.header.count(name) > 1:
                raise _wrong(self._place, name, "the column stands twice", "cột bị lặp lại")
        for name, needed in columns.items():
            if needed and name not in self.header:
                raise _wrong(self._place, name, "the column is missing", "thiếu cột này")
        width = len(self.header)
        for place, row in self._lines:
            if len(row) != width:
                cells = f"{len(row)} cell" if len(row) == 1 else f"{len(row)} cells"
                raise _no_table(
                    place, f"the row has {cells}, not {width} as the header", f"dòng có {len(row)} ô, trong khi tiêu đề có {width} cột"
                )
            yield place, dict(zip(self.header, row, strict=True))


def day(cell: str, place: Place, column: str) -> date:
    """Return the day that a cell holds.

    Raises:
        TableInvalid: data; it isn't written as `2025-07-01` or isn't in the calendar.
    """
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise _wrong(place, column, "it is no day such as 2025-07-01", "không phải ngày dạng 2025-07-01")


def one_of(cell: str, place: Place, column: str, *, values: Sequence[_Text]) -> _Text:
    """Return which of some values a cell holds.

    Raises:
        TableInvalid: data; it is none of them.
    """
    for value in values:
        if cell == value:
            return value
    listed = ", ".join(filter(None, values))
    raise _wrong(place, column, f"it is none of {listed}", f"không thuộc các giá trị {listed}")


def _lines(content: bytes, source: str) -> Iterator[tuple[Place, list[str]]]:
    """Yield the rows that have anything in them, each with the line on which it begins."""
    begins = Place(source=source, line=1)
    if len(content) > MOST_BYTES:
        raise _no_table(Place(source=source), f"the file has more than {MOST_BYTES} bytes", f"tệp lớn hơn {MOST_BYTES} byte")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(source=source, line=content.count(b"\n", 0, error.start) + 1)
        raise _no_table(place, "the text is not UTF-8", "nội dung không phải UTF-8") from error
    if (head := _HEAD.match(text)) and "," not in head[1]:
        for sign, words in _OTHER_SIGNS.items():
            if sign in head[1]:
                place = Place(source=source, line=text.count("\n", 0, head.start(1)) + 1)
                en, vi = f"columns are parted by commas, not by {words.en}", f"các cột phân cách bằng dấu phẩy, không phải {words.vi}"
                raise _no_table(place, en, vi)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if row:
                yield begins, row
            begins = Place(source=source, line=reader.line_num + 1)
    except csv.Error as error:
        english, vietnamese = "quotation marks don't pair, or a cell is too long", "dấu ngoặc kép không khớp hoặc ô quá dài"
        raise _no_table(begins, english, vietnamese) from error


def _wrong(place: Place, column: str, en: str, vi: str) -> TableInvalid:
    return TableInvalid(place=place, column=column, reason=Words(en, vi))


def _no_table(place: Place, en: str, vi: str) -> NotATable:
    return NotATable(place=place, reason=Words(en, vi))
