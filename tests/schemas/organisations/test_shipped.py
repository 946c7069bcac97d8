"""The shipped tables."""

import re
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from lienthong.schemas.errors import SuccessionInvalid
from lienthong.schemas.organisations import Directory, Identifier, Organisation, OrganisationCode, Succession, level_one, read_table
from lienthong.schemas.organisations.shipped import TABLES

BEFORE, AFTER = date(2025, 1, 1), date(2026, 11, 1)
SURE = set("PVCSIR")


FOLDER = files("lienthong.schemas.organisations").joinpath("data")


def rows() -> list[Organisation | Succession | Identifier]:
    tables = [read_table(FOLDER.joinpath(name).read_bytes(), source=name) for name in TABLES]
    return [row for table in tables for row in (*table.organisations, *table.successions, *table.identifiers)]


def provinces(on: date) -> list[Organisation]:
    return [row for row in level_one().organisations if row.code[0] == "H" and row.valid(on)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.code}-{getattr(row, 'effective', getattr(row, 'valid_from', ''))}")
def test_every_row_has_a_level_one_code_a_source_and_a_certainty(row: Organisation | Succession | Identifier) -> None:
    """No row stands for itself: where it is from and how sure it is stand beside it."""
    code = OrganisationCode.parse(row.code)
    assert (code.form, code.level_one) == ("new", row.code)
    assert row.source
    assert row.certainty in SURE
    if isinstance(row, Organisation):
        assert row.name or row.note
        assert row.old_code is None


def test_provinces_are_63_before_and_34_after() -> None:
    """The merger of 2025 leaves 34, of which 7 are cities since Đồng Nai became one."""
    assert len(provinces(BEFORE)) == 63
    assert len(provinces(date(2025, 6, 30))) == 63
    assert len(provinces(date(2025, 7, 1))) == 34
    assert Counter(row.kind for row in provinces(AFTER)) == {"city": 7, "province": 27}
    assert Counter(row.kind for row in provinces(date(2026, 4, 29))) == {"city": 6, "province": 28}


def test_table_is_read_once() -> None:
    """The second call gives the same object."""
    assert level_one() is level_one()


def test_notes_make_sense_on_every_day() -> None:
    """Nothing that is in force is called closed or still in force: what a note says of a change has its day."""
    for row in level_one().organisations:
        if any(word in row.note for word in ("đóng", "còn", "không cấp lại")):
            assert re.search(r"\d{4}-\d{2}-\d{2}", row.note), row


def test_every_closed_province_has_exactly_one_successor() -> None:
    """All 29 closed codes lead to a province that stands."""
    directory = level_one()
    closed = [row for row in provinces(BEFORE) if directory.state(row, on=AFTER) == "closed"]
    assert len(closed) == 29
    for row in closed:
        (successor,) = directory.successors(row, on=AFTER)
        assert successor.organisation in provinces(AFTER)


def test_nam_dinh_goes_on_in_ninh_binh() -> None:
    """One name, two units: the one before the merger became the one after it, and so did its neighbours."""
    directory = level_one()
    before, after = directory.history("H42")
    assert (before.name, after.name, before.valid_to, after.valid_from) == ("Ninh Bình", "Ninh Bình", date(2025, 7, 1), date(2025, 7, 1))
    (nam_dinh,) = directory.history("H40")
    assert [found.organisation for found in directory.successors(nam_dinh, on=AFTER)] == [after]
    assert [found.organisation for found in directory.successors(before, on=AFTER)] == [after]
    assert {step.code for step in directory.predecessors(after)} == {"H25", "H40", "H42"}


def test_code_follows_the_name_and_number_the_seat_in_seven_provinces() -> None:
    """In seven provinces the unit that gave its name isn't the one that gave its statistical number."""
    directory = level_one()
    differ = {}
    for row in provinces(AFTER):
        (number,) = directory.numbers(row, on=AFTER, scheme="statistical")
        seat = directory.holder("statistical", number.value, on=BEFORE)
        assert seat is not None
        if seat.code != row.code:
            differ[row.name] = (seat.name, number.value)
    assert differ == {
        "Lào Cai": ("Yên Bái", "15"),
        "Bắc Ninh": ("Bắc Giang", "24"),
        "Quảng Trị": ("Quảng Bình", "44"),
        "Gia Lai": ("Bình Định", "52"),
        "Tây Ninh": ("Long An", "80"),
        "Đồng Tháp": ("Tiền Giang", "82"),
        "An Giang": ("Kiên Giang", "91"),
    }


@pytest.mark.parametrize(("number", "now"), [("10", "15"), ("89", "91"), ("15", "15"), ("37", "37"), ("01", "01")])
def test_statistical_number_has_a_successor_of_its_own(number: str, now: str) -> None:
    """A closed number leads to that of the merged province, one that goes on to itself."""
    directory = level_one()
    held = directory.last_held("statistical", number, on=BEFORE)
    assert held is not None
    assert [found.value for found in directory.renumbered(held, on=AFTER)] == [now]


@pytest.mark.parametrize(
    ("code", "function", "successors"),
    [
        ("G04", "", {"G17"}),
        ("G05", "", {"G12"}),
        ("G13", "", {"G10"}),
        ("G07", "", {"G09", "G18", "G03", "G01"}),
        ("G14", "", {"G06", "G16", "G01"}),
        ("G14", "press", {"G16"}),
        ("G14", "network-security", {"G01"}),
        ("G14", "post", {"G06"}),
    ],
)
def test_closed_ministry_goes_on_by_function(code: str, function: str, successors: set[str]) -> None:
    """A ministry's successors are as many as its functions went to."""
    (row,) = level_one().history(code)
    assert {found.organisation.code for found in level_one().successors(row, on=AFTER, function=function)} == successors


def test_ministries_close_on_the_day_of_the_decision() -> None:
    """Those whose codes the list of 2025 lacks, and no others."""
    directory = level_one()
    closed = {
        row.code: row.valid_to for row in directory.organisations if row.code[0] == "G" and directory.state(row, on=AFTER) == "closed"
    }
    assert closed == dict.fromkeys(("G04", "G05", "G07", "G13", "G14"), date(2025, 4, 14))


def test_closing_that_is_not_the_day_of_its_succession_is_refused() -> None:
    """Who moves one of the two days in the tables hears of it."""
    ministries = FOLDER.joinpath("ministries.csv").read_bytes()
    moved = ministries.replace("G05,Bộ Kế hoạch và Đầu tư,,2025-04-14,".encode(), "G05,Bộ Kế hoạch và Đầu tư,,2025-05-14,".encode())
    assert moved != ministries
    with pytest.raises(SuccessionInvalid, match=r"successions\.csv"):
        Directory(
            read_table(moved, source="ministries.csv").organisations, [step for step in level_one().successions if step.code[0] == "G"]
        )


def test_certainty_of_every_province_is_as_the_sources_give_it() -> None:
    """20 of the 63 codes before the merger are confirmed; of those after it what was confirmed then, by the rule of QĐ 09/2025, is second hand."""
    confirmed = {
        "P": "H49 H54",
        "C": "H14 H17 H20 H22 H26 H29 H30 H36 H37 H38 H41 H42 H47 H48 H53 H55 H56",
        "S": "H57",
    }
    before = {code: letter for letter, codes in confirmed.items() for code in codes.split()}
    assert len(before) == 20
    assert {row.code: row.certainty for row in provinces(BEFORE)} == {f"H{n:02}": before.get(f"H{n:02}", "R") for n in range(1, 64)}
    merged = [row for row in level_one().organisations if row.code[0] == "H" and row.valid_from]
    assert {row.code: row.certainty for row in merged} == {row.code: "S" if row.code in before else "R" for row in merged}


def test_renamed_ministry_keeps_its_code() -> None:
    """G10 and G21 have a name before and one after."""
    directory = level_one()
    assert [row.name for row in directory.history("G21")] == ["Ủy ban Dân tộc", "Bộ Dân tộc và Tôn giáo"]
    found = directory.find("G10", on=AFTER)
    assert found is not None
    assert found.name == "Bộ Nông nghiệp và Môi trường"


def test_type_changes_while_code_and_number_stay() -> None:
    """Đồng Nai became a city on 30 April 2026 and kept H19 and 75."""
    directory = level_one()
    assert [(row.kind, row.valid_from) for row in directory.history("H19")] == [
        ("province", None),
        ("province", date(2025, 7, 1)),
        ("city", date(2026, 4, 30)),
    ]
    now = directory.holder("statistical", "75", on=AFTER)
    assert now is not None
    assert (now.code, now.kind) == ("H19", "city")


def test_denominators_differ_between_quarters() -> None:
    """The second quarter of 2025 has 63 provinces and the third 34; a change of type in a quarter doesn't count twice."""
    directory = level_one()

    def count(start: date, end: date) -> int:
        return sum(row.code[0] == "H" for row in directory.active(start, end))

    assert count(date(2025, 4, 1), date(2025, 7, 1)) == 63
    assert count(date(2025, 7, 1), date(2025, 10, 1)) == 34
    assert count(date(2026, 4, 1), date(2026, 7, 1)) == 34
    assert count(date(2025, 1, 1), date(2026, 1, 1)) == 63 + 34 - 11  # the unchanged ones are the same units
    assert count(date(2025, 7, 1), date(2025, 7, 1)) == 0
