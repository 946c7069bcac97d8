"""How two directories differ."""

import unicodedata
from datetime import date

from lienthong.schemas.organisations import Directory, Organisation, difference, level_one, read_agencies

NOW = date(2026, 11, 1)
END = date(2025, 7, 1)


def unit(code: str, name: str = "", old_code: str | None = None, end: date | None = None) -> Organisation:
    return Organisation(code=code, name=name, old_code=old_code, valid_to=end)


def test_every_kind_of_difference_is_found_once() -> None:
    """Added, removed, renamed, another code by old code or by name, closed on one side only."""
    ours = Directory(
        [
            unit("A1", "Một"),
            unit("A2", "Hai"),
            unit("A3", "Ba"),
            unit("A4", "Bốn", "O4"),
            unit("A5", "Năm"),
            unit("A6", "Sáu", end=END),
            unit("A7", "Bảy"),
            unit("A9", "Chín", end=END),
        ]
    )
    theirs = Directory(
        [
            unit("A1", unicodedata.normalize("NFD", "Một")),
            unit("A3", "Ba mới"),
            unit("B4", "Bốn khác", "O4"),
            unit("B5", "Năm"),
            unit("A6", "Sáu"),
            unit("A7", "Bảy", end=END),
            unit("A8", "Tám"),
            unit("A9", "Chín", end=END),
        ]
    )
    found = difference(ours, theirs, on=NOW)
    assert [row.code for row in found.added] == ["A8"]
    assert [row.code for row in found.removed] == ["A2"]
    assert [(pair.ours.name, pair.theirs.name) for pair in found.renamed] == [("Ba", "Ba mới")]
    assert [(pair.ours.code, pair.theirs.code) for pair in found.recoded] == [("A4", "B4"), ("A5", "B5")]
    assert [pair.theirs.code for pair in found.closed_here] == ["A6"]
    assert [pair.ours.code for pair in found.closed_there] == ["A7"]
    assert found.counts == {"added": 1, "removed": 1, "renamed": 1, "recoded": 2, "closed_here": 1, "closed_there": 1}
    assert found


def test_code_in_the_old_form_is_the_same_organisation() -> None:
    """A list in the old form differs by its codes only where both sides name the pair."""
    found = difference(Directory([unit("H42.12", "Sở", "000.00.12.H42")]), Directory([unit("000.00.12.H42", "Sở Khoa học")]), on=NOW)
    assert [(pair.ours.code, pair.theirs.code) for pair in found.recoded] == [("H42.12", "000.00.12.H42")]
    assert found.counts["added"] == found.counts["removed"] == 0


def test_name_that_several_have_proves_nothing() -> None:
    """`Văn phòng` under another code is one more and one less, no change of code; so is a missing name."""
    found = difference(
        Directory([unit("A1", "Văn phòng"), unit("A2", "Văn phòng"), unit("A3")]),
        Directory([unit("A2", "Văn phòng"), unit("B1", "Văn phòng"), unit("B3")]),
        on=NOW,
    )
    assert found.recoded == ()
    assert found.counts["added"] == found.counts["removed"] == 2


def test_directory_does_not_differ_from_itself() -> None:
    """Nothing to report."""
    assert not difference(level_one(), level_one(), on=NOW)


def test_axis_that_still_lists_a_closed_province_is_told() -> None:
    """What the nightly comparison with the axis is for."""
    theirs = Directory(read_agencies([{"id": 1, "code": "H40", "name": "Nam Định"}]).organisations)
    found = difference(level_one(), theirs, on=NOW)
    assert [(pair.ours.valid_to, pair.theirs.code) for pair in found.closed_here] == [(END, "H40")]
    assert found.added == ()
