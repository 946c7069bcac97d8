"""Directories as CSV."""

import contextlib
import csv
import io
import re
import typing
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.core.errors import Certainty, Place
from lienthong.schemas.errors import DirectoryInvalid, NotATable, TableInvalid
from lienthong.schemas.organisations import Directory, Identifier, Organisation, Succession, level_one, read_table, together, write_table
from lienthong.schemas.organisations.records import CERTAINTIES, Scheme, SuccessionKind
from lienthong.schemas.organisations.tables import Tables

HOSTILE = st.one_of(st.text(), st.text(alphabet="'=+-@\t\r\n|\\\",;＝ a\x00\ufeff"))
FULL = HOSTILE.filter(bool)
DAYS = st.none() | st.dates()
CERTAINTY = st.none() | st.sampled_from(list(CERTAINTIES))
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
        (b"\n\ncode\nA01\n", 3, "name"),
        (b"code,nam\nA01,A\n", 1, "nam"),
        (b"code,name,name\n", 1, "name"),
        (b"code,name\nA01,A\n,B\n", 3, "code"),
        (b"code,name,valid_from\nA01,A,01/07/2025\n", 2, "valid_from"),
        (b"code,name,valid_to\nA01,A,2025-02-30\n", 2, "valid_to"),
        (b"code,name,valid_to\nA01,A,20250701\n", 2, "valid_to"),
        (b"code,name,certainty\nA01,A,Q\n", 2, "certainty"),
        (b"code,name,aliases\nA01,A,B||C\n", 2, "aliases"),
        (b"code,name,aliases\nA01,A,B\\\n", 2, "aliases"),
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


def test_every_certainty_has_words_in_both_languages() -> None:
    """One list of letters, and words for each of them."""
    assert set(CERTAINTIES) == set(typing.get_args(Certainty))
    assert all(words.en and words.vi for words in CERTAINTIES.values())


def test_half_a_character_is_not_written() -> None:
    """What UTF-8 can't carry is named instead of lost."""
    with pytest.raises(NotATable, match="half a character"):
        write_table([Organisation(code="A01", name="\ud800")], Organisation)


@given(st.binary(max_size=200) | st.text().map(lambda text: f"code,name\n{text}".encode()))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing but our own error leaves the reader."""
    with contextlib.suppress(TableInvalid, NotATable):
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


UNITS = "code,name,valid_from,valid_to,parent\n"
CHANGES = "code,successor,effective,kind\n"


@pytest.mark.parametrize(
    ("units", "more", "place", "says"),
    [
        ("A01,A,,2025-07-01,\n", "code,name,valid_from\nA01,B,2025-01-01\n", "more.csv:2", "overlaps another one (units.csv:2)"),
        ("B01,B,,,\nA01,A,2025-07-01,2025-01-01,\n", "code,name\n", "units.csv:3", "ends before it begins"),
        ("A01,A,,2025-01-01,\n", "code,name,valid_from\nA01,B,2025-07-01\n", "more.csv:2", "never used again"),
        ("A01,A,,2025-07-01,\nB01,B,,,\n", CHANGES + "A01,B01,2024-01-01,merge\n", "more.csv:2", "doesn't end on that day"),
        ("A01,A,,2025-07-01,\nB01,B,,,\n", CHANGES + "\nA01,C01,2025-07-01,merge\n", "more.csv:3", "C01 is not in force"),
        ("A01,A,,2025-07-01,\n", CHANGES + "A01,A01,2025-07-01,merge\n", "more.csv:2", "circle"),
        ("A01,A,,,\n", "scheme,value,code\nbudget,1,Z01\n", "more.csv:2", "its holder Z01"),
        ("A01,A,,,A01\n", "code,name\n", "units.csv:2", "below itself (A01 → A01)"),
        ("A01,A,,,B01\n", "code,name,parent\nB01,B,A01\n", "units.csv:2", "below itself (A01 → B01 → A01)"),
        ("B01,B,,,\nA01,A,,,Z01\n", "code,name\n", "units.csv:3", "its parent Z01"),
    ],
)
def test_contradiction_between_tables_is_named_by_file_and_line(units: str, more: str, place: str, says: str) -> None:
    """Who gave several files learns which row of which of them is at fault, in both languages and as data."""
    read = together([read_table(f"{UNITS}{units}".encode(), source="units.csv"), read_table(more.encode(), source="more.csv")])
    with pytest.raises(DirectoryInvalid, match=re.escape(says)) as caught:
        level_one().extended(read.organisations, read.successions, read.identifiers)
    source, line = place.split(":")
    assert caught.value.problem().place == Place(source=source, line=int(line))
    assert caught.value.sentence("en").startswith(f"{place}: ")
    assert caught.value.sentence("vi").startswith(f"{place}: ")


def test_place_is_no_column_and_no_part_of_what_is_compared() -> None:
    """A record out of a file equals the same one written by hand."""
    (read,) = read_table(b"code,name\nA01,A\n", source="t.csv").organisations
    assert read == Organisation(code="A01", name="A")
    assert read.place == Place(source="t.csv", line=2)
    assert b"place" not in write_table([read], Organisation)


DOCS = Path(__file__).parents[3].joinpath("docs", "explanation", "organisations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [Organisation, Succession, Identifier])
def test_documentation_tells_every_column_and_its_values(kind: type) -> None:
    """Whoever writes a table of their own needs nothing else."""
    section = DOCS.partition(f"### {kind.__name__}\n")[2].partition("\n### ")[0]
    told = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert told == [field.name for field in fields(kind) if field.name != "place"]
    values = {Succession: typing.get_args(SuccessionKind), Identifier: typing.get_args(Scheme)}.get(kind, ())
    for value in (*values, *CERTAINTIES):
        assert f"`{value}`" in section


def test_examples_of_the_documentation_are_a_directory() -> None:
    """The tables that the documentation shows can be laid over the shipped ones as they stand."""
    examples = re.findall(r"```csv\n(.*?)```", DOCS, re.DOTALL)
    own = together(read_table(example.encode(), source="t.csv") for example in examples)
    assert own.organisations
    assert own.successions
    assert own.identifiers
    directory = level_one().extended(own.organisations, own.successions, own.identifiers)
    closed = next(row for row in own.organisations if row.valid_to)
    (heir,) = directory.successors(closed, on=date(2026, 11, 1))
    assert heir.organisation in own.organisations
