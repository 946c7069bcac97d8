"""The lists of organisations that the axis gives."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lienthong.schemas.organisations import AxisList, Directory, Organisation, read_agencies, read_agencies_qd20, read_units

SEEN = date(2026, 11, 1)


def fields_with_findings(read: AxisList) -> list[tuple[int | None, str]]:
    return [(found.place.record if found.place else None, found.fields["field"]) for found in read.findings]


def test_agencies_keep_both_codes_and_their_parents() -> None:
    """getAgenciesList: parents are named by the list's own ids."""
    rows = [
        {"id": "7", "pid": "1", "code": "H42.12", "oldCode": "000.00.12.H42", "name": "Sở KH&CN", "mail": "khcn@example.vn"},
        {"id": "1", "pid": "0", "code": "H42", "name": "Ninh Bình"},
    ]
    read = read_agencies(rows)
    assert read.findings == ()
    assert read.organisations == (
        Organisation(
            code="H42.12", old_code="000.00.12.H42", name="Sở KH&CN", parent="H42", mail="khcn@example.vn", source="getAgenciesList"
        ),
        Organisation(code="H42", name="Ninh Bình", source="getAgenciesList"),
    )
    assert Directory(read.organisations).find("000.00.12.H42", on=SEEN) == read.organisations[0]


def test_agencies_of_2020_have_the_code_of_102_as_old_one() -> None:
    """getAgenciesListQD20: code102 is the old form."""
    (found,) = read_agencies_qd20([{"id": 1, "code": "G22", "code102": "000.00.00.G22", "name": "VPCP", "mail": None}]).organisations
    assert (found.code, found.old_code, found.mail, found.parent) == ("G22", "000.00.00.G22", "", "")


def test_deleted_unit_is_closed() -> None:
    """getSynchronizeUnit: closed by the day of the last change if that can be read, else by the day on which the list was seen."""
    rows = [
        {"id": 1, "pid": None, "code": "A1", "name": "A", "deleted": False, "centerCode": "00.42.W00", "isAgency": True, "version": 3},
        {"id": 2, "pid": 1, "code": "A2", "name": "B", "deleted": True, "modifyDate": "2025-07-01 08:00:00"},
        {"id": 3, "pid": 1, "code": "A3", "name": "C", "deleted": "1", "modifyDate": "yesterday"},
        {"id": 4, "pid": 1, "code": "A4", "name": "D", "deleted": 0, "modifyDate": "2025/07/01"},
        {"id": 5, "pid": 1, "code": "A5", "name": "E", "deleted": "true", "modifyDate": "2025/02/30"},
    ]
    read = read_units(rows, seen=SEEN)
    assert read.findings == ()
    assert [row.valid_to for row in read.organisations] == [None, date(2025, 7, 1), SEEN, None, SEEN]
    assert [row.parent for row in read.organisations] == ["", "A1", "A1", "A1", "A1"]
    assert read.organisations[0].centre == "00.42.W00"
    assert Directory(read.organisations).state(read.organisations[1], on=SEEN) == "closed"


def test_code_off_the_grammar_is_kept() -> None:
    """No row is left out for what its code looks like."""
    codes = ["vxp.saas.03", "null", "01.02.G22", "H37.DN.001"]
    assert [row.code for row in read_agencies({"id": code, "code": code, "name": code} for code in codes).organisations] == codes


def test_odd_rows_are_named_and_the_rest_is_taken() -> None:
    """A row without code or with one that stands already is left out, a value that leads nowhere too; each gives a warning."""
    rows: list[dict[str, object]] = [
        {"id": 1, "code": "A1", "oldCode": "O1", "name": "A"},
        {"id": 2, "name": "no code"},
        {"id": 3, "code": "A1", "name": "again"},
        {"id": 4, "code": "A2", "oldCode": "O1", "name": "B"},
        {"id": 5, "pid": 99, "code": "A3", "name": "C"},
        {"id": 6, "pid": 6, "code": "A4", "name": "D"},
        {"id": 7, "code": "A\n5", "name": "E"},
        {"id": 8, "code": "A" * 101, "name": "F"},
        {"id": 9, "code": ["A6"], "name": "G"},
    ]
    read = read_agencies(rows)
    assert [(row.code, row.old_code, row.parent) for row in read.organisations] == [
        ("A1", "O1", ""),
        ("A2", None, ""),
        ("A3", None, ""),
        ("A4", None, ""),
    ]
    assert fields_with_findings(read) == [
        (2, "code"),
        (3, "code"),
        (4, "oldCode"),
        (5, "pid"),
        (6, "pid"),
        (7, "code"),
        (8, "code"),
        (9, "code"),
    ]
    assert {found.level for found in read.findings} == {"warning"}
    assert {found.code for found in read.findings} == {"LT-ORG-201"}
    assert read.findings[1].vi == "getAgenciesList bản ghi 3, trường code: mã A1 bị lặp lại; lấy dòng đầu tiên."
    assert read.findings[1].en == "getAgenciesList record 3, code: A1 stands twice; the first row counts."


def test_deleted_that_is_neither_true_nor_false_warns() -> None:
    """An unknown word closes, the safer way, and is named."""
    read = read_units([{"id": 1, "code": "A1", "name": "A", "deleted": "yes"}], seen=SEEN)
    assert read.organisations[0].valid_to == SEEN
    assert fields_with_findings(read) == [(1, "deleted")]


def test_circle_of_parents_is_cut_and_named() -> None:
    """One of those that stand below each other loses its parent, the others keep theirs."""
    rows = [{"id": number, "pid": above, "code": f"A{number}", "name": "A"} for number, above in ((1, 2), (2, 3), (3, 2), (4, 1))]
    read = read_agencies(rows)
    assert [row.parent for row in read.organisations] == ["A2", "", "A2", "A1"]
    assert fields_with_findings(read) == [(2, "pid")]
    assert "A2 → A3 → A2" in read.findings[0].vi
    assert len(Directory(read.organisations)) == 4


def test_row_that_is_left_out_is_nobodys_parent() -> None:
    """A parent without a usable code leads nowhere."""
    read = read_agencies([{"id": 1, "code": "A\n1", "name": "A"}, {"id": 2, "pid": 1, "code": "A2", "name": "B"}])
    assert [(row.code, row.parent) for row in read.organisations] == [("A2", "")]
    assert fields_with_findings(read) == [(1, "code"), (2, "pid")]


VALUES = st.none() | st.booleans() | st.integers(0, 3) | st.floats() | st.text(max_size=4) | st.lists(st.integers(), max_size=1)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["id", "pid", "code", "oldCode", "code102", "name", "mail", "deleted", "modifyDate"]), VALUES),
    max_size=6,
)


@given(ROWS)
def test_any_rows_become_a_directory(rows: list[dict[str, object]]) -> None:
    """Whatever the axis gives, what was taken from it is a directory without contradictions."""
    for read in (read_agencies(rows), read_agencies_qd20(rows), read_units(rows, seen=SEEN)):
        assert len(Directory(read.organisations)) == len(read.organisations)
