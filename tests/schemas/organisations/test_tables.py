"""Directories as CSV."""

import contextlib
import csv
import io
import typing
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.schemas.errors import TableInvalid
from lienthong.schemas.organisations import Directory, Identifier, Organisation, Succession, level_one, read_table, together, write_table
from lienthong.schemas.organisations.records import Certainty, Scheme, SuccessionKind
from lienthong.schemas.organisations.tables import MOST_BYTES, Tables

HOSTILE = st.one_of(st.text(), st.text(alphabet="'=+-@\t\r\n|\\\",;＝ a\x00\ufeff"))
FULL = HOSTILE.filter(bool)
DAYS = st.none() | st.dates()
CERTAINTY = st.sampled_from(typing.get_args(Certainty))
ORGANISATIONS = st.builds(
    Organisation,
    code=FULL,
    name=HOSTILE,
    old_code=st.none() | FULL,
    valid_from=DAYS,
    valid_to=DAYS,
    kind=HOSTILE,
    parent=HOSTILE,
    aliases=st.lists(FULL, max_size=3).map(tuple),
    mail=HOSTILE,
    centre=HOSTILE,
    source=HOSTILE,
    certainty=CERTAINTY,
    note=HOSTILE,
)
SUCCESSIONS = st.builds(
    Succession,
    code=FULL,
    successor=st.none() | FULL,
    effective=st.dates(),
    kind=st.sampled_from(typing.get_args(SuccessionKind)),
    function=HOSTILE,
    source=HOSTILE,
    certainty=CERTAINTY,
    note=HOSTILE,
)
IDENTIFIERS = st.builds(
    Identifier,
    scheme=st.sampled_from(typing.get_args(Scheme)),
    value=FULL,
    code=FULL,
    valid_from=DAYS,
    valid_to=DAYS,
    source=HOSTILE,
    certainty=CERTAINTY,
)


@given(st.lists(ORGANISATIONS, max_size=4), st.lists(SUCCESSIONS, max_size=4), st.lists(IDENTIFIERS, max_size=4))
def test_what_was_written_is_read_back(
    organisations: list[Organisation], successions: list[Succession], identifiers: list[Identifier]
) -> None:
    """Any text survives: quotes, separators, line ends, formulas, both normal forms."""
    tables = (write_table(organisations, Organisation), write_table(successions, Succession), write_table(identifiers, Identifier))
    read = together(read_table(table, source="t.csv") for table in tables)
    assert read == Tables(tuple(organisations), tuple(successions), tuple(identifiers))


@given(HOSTILE)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    """A spreadsheet that opens the table calculates nothing."""
    table = write_table([Organisation(code="A01", name=text, aliases=(text,) if text else ())], Organisation)
    for row in csv.reader(io.StringIO(table.decode("utf-8"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")) for cell in row)


def test_shipped_directory_goes_through_csv() -> None:
    """The tables that we ship come back equal."""
    directory = level_one()
    assert read_table(write_table(directory.organisations, Organisation), source="t.csv").organisations == directory.organisations
    assert read_table(write_table(directory.successions, Succession), source="t.csv").successions == directory.successions
    assert read_table(write_table(directory.identifiers, Identifier), source="t.csv").identifiers == directory.identifiers


def test_table_of_ones_own_needs_only_code_and_name() -> None:
    """Columns with a default may be missing, in any order; a byte order mark and empty lines don't count, leading zeros stay."""
    read = read_table("\ufeffname,code\r\nSở Y tế,000.00.07.H42\r\n\r\n,H42\n".encode(), source="t.csv")
    assert read.organisations == (Organisation(code="000.00.07.H42", name="Sở Y tế"), Organisation(code="H42", name=""))


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"", 1, "code"),
        (b"code\nA01\n", 1, "name"),
        (b"code,nam\nA01,A\n", 1, "nam"),
        (b"code,name,name\n", 1, "name"),
        (b"code,name,\n", 1, "?"),
        (b"code,name\nA01,A\n,B\n", 3, "code"),
        (b"code,name\nA01\n", 2, "name"),
        (b"code,name\nA01,A,B\n", 2, "name"),
        (b"code,name,valid_from\nA01,A,01/07/2025\n", 2, "valid_from"),
        (b"code,name,valid_to\nA01,A,2025-02-30\n", 2, "valid_to"),
        (b"code,name,valid_to\nA01,A,20250701\n", 2, "valid_to"),
        (b"code,name,certainty\nA01,A,Q\n", 2, "certainty"),
        (b"code,name,aliases\nA01,A,B||C\n", 2, "aliases"),
        (b"code,name,aliases\nA01,A,B\\\n", 2, "aliases"),
        (b'code,name\n"A\n01",A\nA02,"B"C\n', 4, "*"),
        (b'code,name\nA01,"A\n', 2, "*"),
        (b"code,name\nA01,\xff\n", 2, "*"),
        (b"code,name\nA01," + b"x" * 200_000 + b"\n", 2, "*"),
        (b"code,successor,effective,kind\nA01,B01,2025-07-01,swallow\n", 2, "kind"),
        (b"code,successor,effective,kind\nA01,B01,,merge\n", 2, "effective"),
        (b"scheme,value,code\nisbn,1,A01\n", 2, "scheme"),
        (b"scheme,value,code\nbudget,,A01\n", 2, "value"),
    ],
)
def test_wrong_table_names_file_line_and_column(content: bytes, line: int, column: str) -> None:
    """What is wrong can be found and mended; both languages say it."""
    with pytest.raises(TableInvalid) as caught:
        read_table(content, source="t.csv")
    error = caught.value
    assert (error.place.source, error.place.line, error.column) == ("t.csv", line, column)
    assert f"t.csv:{line}, cột {column}: " in error.sentence("vi")


def test_misspelt_column_gets_the_nearest_right_one() -> None:
    """The right name is suggested."""
    with pytest.raises(TableInvalid, match="did you mean valid_from"):
        read_table(b"code,name,valid_form\n", source="t.csv")


def test_table_that_is_too_large_is_refused() -> None:
    """Nothing endless is read."""
    with pytest.raises(TableInvalid, match="bytes"):
        read_table(b"code,name\n" + b"\n" * MOST_BYTES, source="t.csv")


def test_half_a_character_is_not_written() -> None:
    """What UTF-8 can't carry is named instead of lost."""
    with pytest.raises(TableInvalid, match="half a character"):
        write_table([Organisation(code="A01", name="\ud800")], Organisation)


@given(st.binary(max_size=200) | st.text().map(lambda text: f"code,name\n{text}".encode()))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing but our own error leaves the reader."""
    with contextlib.suppress(TableInvalid):
        read_table(content, source="t.csv")


def test_communes_with_many_successors_can_be_held() -> None:
    """What isn't shipped can be loaded: a commune that went to two, with its parent before and after."""
    read = together(
        read_table(text.encode(), source="t.csv")
        for text in (
            "code,name,valid_from,valid_to,parent\nX1,Xã Một,,2025-07-01,D1\nD1,Huyện,,2025-07-01,\nX2,Xã Hai,2025-07-01,,H42\nX3,Xã Ba,2025-07-01,,H42\nH42,Tỉnh,,,\n",
            "code,successor,effective,kind\nX1,X2,2025-07-01,split\nX1,X3,2025-07-01,split\n",
        )
    )
    directory = Directory(read.organisations, read.successions)
    (before,) = directory.history("X1")
    assert [found.organisation.code for found in directory.successors(before, on=date(2026, 1, 1))] == ["X2", "X3"]
