"""CSV tables, whatever they hold."""

import pytest

from lienthong.core.errors import Place
from lienthong.schemas.csv_table import MOST_BYTES, CsvTable
from lienthong.schemas.errors import NotATable, TableInvalid

COLUMNS = {"code": True, "name": True, "valid_from": False}


def read(content: bytes) -> list[tuple[Place, dict[str, str]]]:
    return list(CsvTable(content, source="t.csv").rows(COLUMNS))


def test_rows_come_with_the_line_on_which_they_begin() -> None:
    """A byte order mark and empty lines don't count, a cell may have lines of its own."""
    rows = read(b'\xef\xbb\xbfname,code\r\n\r\n"A\r\nB",1\r\nC,2\r\n')
    assert rows == [
        (Place(source="t.csv", line=3), {"name": "A\r\nB", "code": "1"}),
        (Place(source="t.csv", line=5), {"name": "C", "code": "2"}),
    ]


@pytest.mark.parametrize(
    ("content", "line", "en", "vi"),
    [
        (b"code;name\nA01;A\n", 1, "columns are parted by commas, not by semicolons", "dấu chấm phẩy"),
        (b'\r\n"code";"name"\r\n', 2, "columns are parted by commas, not by semicolons", "dấu chấm phẩy"),
        (b"code\tname\nA01\tA\n", 1, "columns are parted by commas, not by tabs", "dấu tab"),
        (b"code,name\nA01\n", 2, "the row has 1 cell, not 2 as the header", "dòng có 1 ô, trong khi tiêu đề có 2 cột"),
        (b"code,name\nA01,A\nA02,B,C\n", 3, "the row has 3 cells, not 2 as the header", "dòng có 3 ô"),
        (b"code,name,\n", 1, "a column has no name", "có cột không có tên"),
        (b"code,name\nA01,\xff\n", 2, "the text is not UTF-8", "nội dung không phải UTF-8"),
        (b"code,name\n" + b"\n" * MOST_BYTES, None, f"the file has more than {MOST_BYTES} bytes", "tệp lớn hơn"),
        (b'code,name\n"A\n01",A\nA02,"B"C\n', 4, "quotation marks don't pair, or a cell is too long", "dấu ngoặc kép"),
        (b'code,name\nA01,"A\n', 2, "quotation marks don't pair, or a cell is too long", "dấu ngoặc kép"),
        (b"code,name\nA01," + b"x" * 200_000 + b"\n", 2, "quotation marks don't pair, or a cell is too long", "ô quá dài"),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else None,
)
def test_what_is_no_table_is_said_without_naming_a_column(content: bytes, line: int | None, en: str, vi: str) -> None:
    """Where no single column is at fault none is blamed; both languages say what is."""
    with pytest.raises(NotATable) as caught:
        read(content)
    place = f"t.csv:{line}" if line else "t.csv"
    assert str(caught.value) == f"LT-CSV-002 {place}: {en}."
    assert caught.value.sentence("vi").startswith(f"{place}: ")
    assert vi in caught.value.sentence("vi")


@pytest.mark.parametrize(
    ("name", "en", "vi"),
    [
        (
            "valid_form",
            " (did you mean valid_from?); there are: code, name, valid_from.",
            " (có phải là valid_from?); các cột gồm: code, name,",
        ),
        ("zzz", "; there are: code, name, valid_from.", "; các cột gồm: code, name, valid_from."),
    ],
)
def test_unknown_column_is_told_which_there_are(name: str, en: str, vi: str) -> None:
    """All columns are listed, and the nearest is suggested."""
    with pytest.raises(TableInvalid) as caught:
        read(f"code,name,{name}\n".encode())
    assert str(caught.value) == f"LT-CSV-001 t.csv:1, column {name}: there is no such column{en}"
    assert f"cột {name}: không có cột này{vi}" in caught.value.sentence("vi")
