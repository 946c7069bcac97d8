"""The directory: periods, successions, numbers and names."""

import pickle
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.core.errors import LienthongError
from lienthong.schemas.errors import CodeReused, EntryInvalid, SuccessionCycle, SuccessionInvalid
from lienthong.schemas.organisations import Directory, Identifier, Organisation, Succession
from lienthong.schemas.organisations.records import SuccessionKind

D1, D2, D3 = date(2020, 1, 1), date(2022, 1, 1), date(2024, 1, 1)
NOW = date(2026, 11, 1)
DAY = timedelta(days=1)


def unit(code: str, start: date | None = None, end: date | None = None, name: str = "", **more: object) -> Organisation:
    return Organisation(code=code, name=name or f"Đơn vị {code}", valid_from=start, valid_to=end, **more)  # type: ignore[arg-type]


def step(code: str, successor: str | None, on: date, kind: SuccessionKind = "merge", function: str = "") -> Succession:
    return Succession(code=code, successor=successor, effective=on, kind=kind, function=function)


def heirs(directory: Directory, code: str, on: date = NOW, function: str = "") -> list[str]:
    row = directory.latest(code, on=on)
    assert row is not None
    return [found.organisation.code for found in directory.successors(row, on=on, function=function)]


def test_code_is_resolved_as_of_a_day() -> None:
    """The first day counts, the day after the last one doesn't; what is closed stays in the history for ever."""
    directory = Directory([unit("A01", D1, D2, "Trước"), unit("A01", D2, D3, "Sau")])
    found = [directory.find("A01", on=on) for on in (D1 - DAY, D1, D2 - DAY, D2, D3 - DAY, D3)]
    assert [row and row.name for row in found] == [None, "Trước", "Trước", "Sau", "Sau", None]
    first, second = directory.history("A01")
    assert [directory.state(first, on=on) for on in (D1 - DAY, D1, D2, D3)] == ["future", "active", "over", "closed"]
    assert [directory.state(second, on=on) for on in (D1, D2, D3)] == ["future", "active", "closed"]
    latest = directory.latest("A01", on=NOW)
    assert latest is not None
    assert latest.name == "Sau"
    assert len(directory.history("A01")) == 2
    assert "A01" in directory
    assert len(directory) == 1


def test_old_form_finds_the_same_organisation() -> None:
    """A code in the old form names whom the directory lists under it, and nobody by rule alone."""
    directory = Directory([unit("H53.13", old_code="000.00.99.H53"), unit("H53.14")])
    assert directory.find("000.00.99.H53", on=NOW) == directory.find("H53.13", on=NOW)
    assert directory.find("000.00.14.H53", on=NOW) is None


def test_listed_pair_counts_more_than_the_rule() -> None:
    """A pair of the directory is confirmed, the rule only suggests, and what contradicts a pair is not suggested."""
    directory = Directory([unit("H53.13", old_code="000.00.99.H53"), unit("H53.14")])
    for code, expected in {
        "000.00.99.H53": ("H53.13", True),
        "000.00.14.H53": ("H53.14", False),
        "000.00.77.H53": ("H53.77", False),
        "000.00.13.H53": None,
        "null": None,
    }.items():
        conversion = directory.new_form(code, on=NOW)
        assert (conversion and (conversion.code, conversion.confirmed)) == expected
    for code, expected in {"H53.13": ("000.00.99.H53", True), "H53.14": ("000.00.14.H53", False), "H53.99": None}.items():
        conversion = directory.old_form(code, on=NOW)
        assert (conversion and (conversion.code, conversion.confirmed)) == expected


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([unit("A01", D1, D2), unit("A01", D3)], CodeReused),
        ([unit("A01", D1, D3), unit("A01", D2)], EntryInvalid),
        ([unit("A01"), unit("A01", D2)], EntryInvalid),
        ([unit("A01"), unit("A01")], EntryInvalid),
        ([unit("A01", D2, D2)], EntryInvalid),
        ([unit("A01", D3, D1)], EntryInvalid),
        ([unit("")], EntryInvalid),
        ([unit("A01", aliases=("",))], EntryInvalid),
        ([unit("A01", old_code="000.00.00.A01"), unit("A02", old_code="000.00.00.A01")], EntryInvalid),
    ],
)
def test_periods_that_contradict_each_other_are_refused(rows: list[Organisation], error: type[LienthongError]) -> None:
    """A closed code is never used again, and no code names two units on one day."""
    with pytest.raises(error):
        Directory(rows)


@pytest.mark.parametrize(
    ("rows", "steps", "error"),
    [
        ([unit("A01", None, D2)], [step("A01", "B01", D2)], SuccessionInvalid),
        ([unit("B01")], [step("A01", "B01", D2)], SuccessionInvalid),
        ([unit("A01", None, D2), unit("B01", D3)], [step("A01", "B01", D2)], SuccessionInvalid),
        ([unit("A01", None, D2), unit("B01")], [step("A01", "B01", D3)], SuccessionInvalid),
        ([unit("A01", None, D2), unit("B01")], [step("A01", "B01", D1)], SuccessionInvalid),
        ([unit("A01", None, D2), unit("B01")], [step("A01", "B01", D1, "split")], SuccessionInvalid),
        ([unit("A01", None, D2)], [step("A01", None, D1, "dissolve")], SuccessionInvalid),
        ([unit("A01"), unit("B01")], [step("A01", "B01", D1)], SuccessionInvalid),
        ([unit("A01", None, D2)], [step("A01", None, D2)], SuccessionInvalid),
        ([unit("A01", None, D2), unit("B01")], [step("A01", "B01", D2, "dissolve")], SuccessionInvalid),
        ([unit("A01")], [step("A01", "A01", D2)], SuccessionCycle),
        ([unit("A01", None, D2)], [step("A01", "A01", D2)], SuccessionCycle),
        ([unit("A01", None, D2), unit("B01", None, D2)], [step("A01", "B01", D2), step("B01", "A01", D2)], SuccessionCycle),
        (
            [unit("A01", None, D1), unit("B01", None, D2), unit("C01", None, D3)],
            [step("A01", "B01", D1), step("B01", "C01", D2), step("C01", "A01", D3)],
            SuccessionCycle,
        ),
    ],
)
def test_successions_that_cannot_be_are_refused(rows: list[Organisation], steps: list[Succession], error: type[LienthongError]) -> None:
    """Both ends are in office on the day, what was taken over ends with it, and no way leads back to where it began."""
    with pytest.raises(error):
        Directory(rows, steps)


def test_errors_tell_the_circle_in_both_languages_and_survive_pickling() -> None:
    """The circle is named code by code."""
    rows = [unit("A01", None, D1), unit("B01", None, D2)]
    with pytest.raises(SuccessionCycle) as caught:
        Directory(rows, [step("A01", "B01", D1), step("B01", "A01", D2)])
    error = pickle.loads(pickle.dumps(caught.value))
    assert error.chain == "B01 → A01 → B01"
    assert "B01 → A01 → B01" in error.sentence("en")
    assert "vòng" in error.sentence("vi")


def test_chain_is_followed_to_who_is_in_office() -> None:
    """From unit to unit, as far as the day that is asked about, with every step."""
    directory = Directory(
        [unit("A01", None, D1), unit("B01", None, D2), unit("C01", D2)], [step("A01", "B01", D1), step("B01", "C01", D2, "rename")]
    )
    (row,) = directory.history("A01")
    assert heirs(directory, "A01", D1) == ["B01"]
    assert heirs(directory, "A01") == ["C01"]
    (found,) = directory.successors(row, on=NOW)
    assert [one.successor for one in found.path] == ["B01", "C01"]
    (itself,) = directory.successors(row, on=D1 - DAY)
    assert (itself.organisation, itself.path) == (row, ())


def test_function_that_was_handed_back_does_not_go_round() -> None:
    """Time runs one way: what was given and taken back ends where it was last."""
    directory = Directory(
        [unit("A01"), unit("B01", None, D3)],
        [step("A01", "B01", D1, "transfer", "f"), step("B01", "A01", D3, "merge")],
    )
    assert heirs(directory, "B01") == ["A01"]
    assert heirs(directory, "A01") == ["A01"]


def test_what_befell_a_code_before_a_unit_came_to_it_does_not_concern_that_unit() -> None:
    """On the day on which a unit begins under a code, the one before it goes elsewhere; only the first is followed."""
    directory = Directory(
        [unit("A01", None, D1), unit("B01", None, D1), unit("B01", D1, D3), unit("C01"), unit("E01")],
        [step("A01", "B01", D1), step("B01", "C01", D1), step("B01", "E01", D3)],
    )
    assert heirs(directory, "A01") == ["E01"]
    assert [found.organisation.code for found in directory.successors(directory.history("B01")[0], on=NOW)] == ["C01"]


def test_closed_number_leads_to_the_heirs_of_the_unit_that_held_it() -> None:
    """Not to those of the unit that goes on under the same code."""
    directory = Directory(
        [unit("A01", None, D1), unit("A01", D1), unit("B01", D1)],
        [step("A01", "A01", D1, "split"), step("A01", "B01", D1, "split")],
        [
            Identifier(scheme="statistical", value="01", code="A01", valid_to=D1),
            Identifier(scheme="statistical", value="02", code="A01", valid_from=D1),
            Identifier(scheme="statistical", value="03", code="B01", valid_from=D1),
        ],
    )
    assert [held.value for held in directory.renumbered(directory.identifiers[0], on=NOW)] == ["02", "03"]


def test_split_is_followed_by_function() -> None:
    """A key picks its successor, an unknown key the one for all the rest, none picks all."""
    rows = [unit("A01", None, D1), unit("B01"), unit("C01"), unit("E01")]
    directory = Directory(
        rows, [step("A01", "B01", D1, "split", "x"), step("A01", "C01", D1, "split", "y"), step("A01", "E01", D1, "split")]
    )
    assert heirs(directory, "A01") == ["B01", "C01", "E01"]
    assert heirs(directory, "A01", function="x") == ["B01"]
    assert heirs(directory, "A01", function="z") == ["E01"]


def test_dissolved_unit_has_no_successor() -> None:
    """Nobody stands in its place."""
    directory = Directory([unit("A01", None, D1)], [step("A01", None, D1, "dissolve")])
    assert heirs(directory, "A01") == []


def test_many_ways_to_the_same_unit_are_walked_once() -> None:
    """A lattice of successions with two to the sixtieth ways ends at once."""
    days = [D1 + number * DAY for number in range(61)]
    rows = [unit(f"{side}{n:02}", None, day) for n, day in enumerate(days[:-1]) for side in "AB"] + [unit("A60"), unit("B60")]
    steps = [step(f"{a}{n:02}", f"{b}{n + 1:02}", days[n], "split") for n in range(60) for a in "AB" for b in "AB"]
    assert sorted(heirs(Directory(rows, steps), "A00")) == ["A60", "B60"]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 9)), max_size=12),
    st.lists(st.integers(1, 9), min_size=6, max_size=6),
    st.sampled_from(["split", "transfer"]),
)
def test_any_successions_are_refused_or_end(pairs: list[tuple[int, int, int]], ends: list[int], kind: SuccessionKind) -> None:
    """Whatever leads whereto on which day: either the directory refuses it, or every way ends at units in office."""
    day = [D1 + number * DAY for number in range(10)]
    rows = [unit(f"A{n:02}", None, day[end] if end < 9 else None) for n, end in enumerate(ends)]
    try:
        directory = Directory(rows, [step(f"A{a:02}", f"A{b:02}", day[on], kind) for a, b, on in pairs])
    except (SuccessionInvalid, SuccessionCycle):
        return
    for row in rows:
        for on in day:
            assert all(found.organisation.valid(on) for found in directory.successors(row, on=on))


def test_parent_changes_with_the_day() -> None:
    """A commune belonged to a district until the districts were abolished, then to the province."""
    end = date(2025, 7, 1)
    directory = Directory(
        [unit("H42"), unit("H42.01", None, end), unit("H42.01.02", None, end, parent="H42.01"), unit("H42.01.02", end, parent="H42")]
    )
    parents = [directory.parent("H42.01.02", on=on) for on in (end - DAY, end)]
    assert [row and row.code for row in parents] == ["H42.01", "H42"]
    assert directory.parent("H42", on=NOW) is None
    assert directory.parent("unknown", on=NOW) is None


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([unit("A01", parent="A01")], "A01 → A01"),
        ([unit("A01", parent="B01"), unit("B01", parent="C01"), unit("C01", parent="A01")], "A01 → B01 → C01 → A01"),
        ([unit("A01", parent="B01"), unit("B01", None, D1), unit("B01", D1, None, parent="A01")], "B01 → A01 → B01"),
        ([unit("A01", old_code="O", parent="B01"), unit("B01", parent="O")], "A01 → B01 → A01"),
        ([unit("A01", parent="B01")], "its parent B01 isn't in the directory"),
    ],
)
def test_parents_that_cannot_be_are_refused(rows: list[Organisation], says: str) -> None:
    """A parent is listed, and nobody stands below itself on any day, not even from a later one on."""
    with pytest.raises(EntryInvalid, match=says):
        Directory(rows)


def test_who_stood_above_may_stand_below_later() -> None:
    """What would be a circle if days didn't count is none."""
    directory = Directory(
        [unit("A01", None, D1), unit("A01", D1, None, parent="B01"), unit("B01", None, D1, parent="A01"), unit("B01", D1)]
    )
    assert directory.parent("A01", on=D1) == directory.find("B01", on=D1)
    assert directory.parent("B01", on=D1 - DAY) == directory.find("A01", on=D1 - DAY)


def test_number_leads_to_its_holder_on_the_day() -> None:
    """Budget numbers and certificates have periods of their own; the holder is shown as it was then."""
    print_of = "ab" * 32
    directory = Directory(
        [unit("A01", None, D2, "Tên cũ"), unit("A01", D2, None, "Tên mới")],
        [],
        [
            Identifier(scheme="certificate", value=print_of, code="A01", valid_from=D1, valid_to=D3),
            Identifier(scheme="budget", value="007", code="A01"),
        ],
    )
    holders = [directory.holder("certificate", print_of, on=on) for on in (D1 - DAY, D1, D2, D3)]
    assert [row and row.name for row in holders] == [None, "Tên cũ", "Tên mới", None]
    row = directory.find("A01", on=NOW)
    assert row is not None
    assert [held.value for held in directory.numbers(row, on=NOW)] == ["007"]
    assert directory.holder("budget", "7", on=NOW) is None


@pytest.mark.parametrize(
    ("numbers", "error"),
    [
        ([Identifier(scheme="statistical", value="01", code="B01")], EntryInvalid),
        ([Identifier(scheme="statistical", value="", code="A01")], EntryInvalid),
        (
            [Identifier(scheme="statistical", value="01", code="A01"), Identifier(scheme="statistical", value="01", code="A02")],
            EntryInvalid,
        ),
        (
            [
                Identifier(scheme="statistical", value="01", code="A01", valid_to=D1),
                Identifier(scheme="statistical", value="01", code="A02", valid_from=D2),
            ],
            CodeReused,
        ),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(numbers: list[Identifier], error: type[LienthongError]) -> None:
    """A number has one holder at a time, and is not given to another one once it was closed."""
    with pytest.raises(error):
        Directory([unit("A01"), unit("A02")], [], numbers)


@pytest.mark.parametrize("text", ["đồng nai", "DONG NAI", "dong  nai", "nai dong", "don na", unicodedata.normalize("NFD", "Đồng Nai")])
def test_name_is_found_without_diacritics(text: str) -> None:
    """Case, diacritics, normal form and the order of words don't count, and a word may be unfinished."""
    directory = Directory([unit("H19", name="Ủy ban nhân dân tỉnh Đồng Nai"), unit("H20", name="Đồng Tháp")])
    assert [row.code for row in directory.search(text)] == ["H19"]


def test_search_puts_whole_names_first_and_finds_every_period() -> None:
    """The same name before and after is two results, each with its period; aliases count, punctuation alone finds nothing."""
    directory = Directory(
        [
            unit("H41.01", name="Sở Y tế Ninh Bình"),
            unit("H42", None, D1, "Ninh Bình"),
            unit("H42", D1, None, unicodedata.normalize("NFD", "Ninh Bình"), aliases=("NB",)),
        ]
    )
    assert [(row.code, row.valid_from) for row in directory.search("ninh binh")] == [("H42", None), ("H42", D1), ("H41.01", None)]
    assert [row.valid_from for row in directory.search("ninh binh", on=NOW)] == [D1, None]
    assert [row.valid_from for row in directory.search("nb")] == [D1]
    assert directory.search(" - ") == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("tỉnh Nam Định", ["H40"]),
        ("UBND tỉnh Ninh Bình", ["H42"]),
        ("Ủy ban nhân dân tỉnh Ninh Bình", ["H42"]),
        ("Uỷ ban nhân dân TP. Huế", ["H57", "K57"]),
        ("thành phố Huế", ["H57", "K57"]),
        ("ubnd tinh ha tinh", ["H27"]),
        ("UBND Hà Tĩnh", ["H27"]),
        ("ha tinh", ["H27"]),
        ("tỉnh Sở Y tế Nam Định", ["H40.07"]),
        ("Ủy ban nhân dân", ["X1"]),
        ("UBND", []),
    ],
)
def test_name_is_found_as_packets_carry_it(text: str, codes: list[str]) -> None:
    """What only tells of which sort an organisation is may be missing in its name; a name that ends in such a word keeps it."""
    directory = Directory(
        [
            unit("H40", name="Nam Định"),
            unit("H40.07", name="Sở Y tế Nam Định"),
            unit("H42", name="Ninh Bình"),
            unit("H26", name="Hà Nội"),
            unit("H27", name="Hà Tĩnh"),
            unit("H57", name="Huế"),
            unit("K57", name="Hội đồng nhân dân thành phố Huế"),
            unit("X1", name="Ủy ban nhân dân xã Một"),
        ]
    )
    assert [row.code for row in directory.search(text)][: len(codes) or None] == codes


def test_own_records_replace_what_was_known_of_their_codes() -> None:
    """Records of one's own count more; the rest stays as far as it still fits."""
    base = Directory(
        [unit("A01", None, D1), unit("B01", None, D1), unit("B01", D1), unit("C01")],
        [step("A01", "B01", D1), step("B01", "B01", D1)],
        [Identifier(scheme="budget", value="1", code="A01"), Identifier(scheme="budget", value="2", code="C01")],
    )
    more = base.extended([unit("B01", name="Tên của ta"), unit("B01.05")], [], [Identifier(scheme="budget", value="1", code="B01")])
    assert heirs(more, "A01") == ["B01"]
    assert len(more.history("B01")) == 1
    assert {(held.value, held.code) for held in more.identifiers} == {("1", "B01"), ("2", "C01")}
    assert "B01.05" in more
    other = base.extended((), [step("A01", "C01", D1)])
    assert heirs(other, "A01") == ["C01"]
    assert heirs(base, "A01") == ["B01"]
    with pytest.raises(SuccessionInvalid):
        base.extended((), [step("A01", "Z01", D1)])
