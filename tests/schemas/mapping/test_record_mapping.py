"""Mapping records to models."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from lienthong.core.errors import ConfigurationError
from lienthong.schemas.dossier import Dossier
from lienthong.schemas.mapping import (
    CodeUnknown,
    FieldUnmapped,
    MappingFailed,
    MappingInvalid,
    MappingKeyUnknown,
    RecordMapping,
    SourceMissing,
    ValueUnfit,
    load_mapping,
)

ONE_DOOR = Path(__file__).resolve().parents[3] / "examples/maps/one-door.yaml"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Office(_Model):
    code: str
    name: str = ""


class Line(_Model):
    name: str
    amount: Decimal = Decimal(0)
    office: Office | None = None


class Target(_Model):
    number: str
    status: str = "?"
    at: datetime | None = None
    office: Office | None = None
    lines: tuple[Line, ...] = ()
    marks: tuple[str, ...] = ()
    copies: int = 1


def load(tmp_path: Path, fields: str, *, top: str = "version: 1") -> RecordMapping[Target]:
    path = tmp_path / "map.yaml"
    path.write_text(f"{top}\nfields:\n" + "".join(f"  {line}\n" for line in fields.splitlines()), encoding="utf-8")
    return load_mapping(path, target=Target)


def test_paths_constants_defaults_codes_times_and_lists_are_mapped(tmp_path: Path) -> None:
    """Everything that the language has, once."""
    mapping = load(
        tmp_path,
        """number: id.text
status: {from: state, codes: {OPEN: "4", 10: "10"}, default: "1"}
at: when
office:
  fields:
    code: {constant: H42}
    name: unit
lines:
  each: data.rows
  fields:
    name: n
    amount: {from: a, default: 5}
    office: {fields: {code: o.c}}
marks: tags
copies: {from: copies, default: 2}""",
    )
    record: dict[str, object] = {
        "id": {"text": "A"},
        "state": 10,
        "when": "2026-11-20T08:00:00",
        "unit": "Sở",
        "data": {"rows": [{"n": "x", "a": "450000.50", "o": {"c": "1"}}, {"n": "y", "a": None}]},
        "tags": ["p", "q"],
        "unknown": 1,
    }
    target = mapping.apply(record)
    assert target == Target(
        number="A",
        status="10",
        at=datetime(2026, 11, 20, 1, tzinfo=UTC),
        office=Office(code="H42", name="Sở"),
        lines=(Line(name="x", amount=Decimal("450000.50"), office=Office(code="1")), Line(name="y", amount=Decimal(5))),
        marks=("p", "q"),
        copies=2,
    )
    assert str(target.lines[0].amount) == "450000.50"


def test_missing_and_null_leave_the_model_to_its_default(tmp_path: Path) -> None:
    """Nothing is invented for what a record hasn't."""
    mapping = load(tmp_path, "number: a\nstatus: b.c\nlines: {each: d, fields: {name: n}}\noffice: {fields: {code: e}}")
    assert mapping.apply({"a": "1", "b": {"c": None}, "d": None}) == Target(number="1")


def test_zone_applies_to_times_without_one(tmp_path: Path) -> None:
    """A time that names its offset keeps it."""
    mapping = load(tmp_path, "number: n\nat: t", top='version: 1\nzone: "-01:30"')
    plain, zoned = mapping.apply({"n": "1", "t": "2026-01-01T00:00:00"}), mapping.apply({"n": "1", "t": "2026-01-01T00:00:00+09:00"})
    assert plain.at is not None
    assert zoned.at is not None
    assert (plain.at.utcoffset(), zoned.at.utcoffset()) == (timedelta(hours=-1, minutes=-30), timedelta(hours=9))


@pytest.mark.parametrize(
    ("fields", "kind", "at", "says"),
    [
        ("numbr: a", MappingKeyUnknown, "map.yaml:3:3 fields.numbr", "number"),
        ("number: a\nlines: {each: b, fields: {nam: c}}", MappingKeyUnknown, "map.yaml:4:29 fields.lines.fields.nam", "name"),
        ("number: {form: a}", MappingKeyUnknown, "map.yaml:3:12 fields.number.form", "from"),
        ("number: {zzzz: a}", MappingKeyUnknown, "map.yaml:3:12 fields.number.zzzz", "zzzz is not known here"),
        ("status: a", FieldUnmapped, "map.yaml:2:1 fields", "number of Target is required"),
        ("number: a\nlines: {each: b, fields: {amount: c}}", FieldUnmapped, "map.yaml:4:20 fields.lines.fields", "lines[].name of Line"),
        ("number: a..b", MappingInvalid, "map.yaml:3:3 fields.number", "a path in the record"),
        ("number: 7", MappingInvalid, "map.yaml:3:3 fields.number", "a path, or a mapping"),
        ("number: {from: a, constant: b}", MappingInvalid, "map.yaml:3:3 fields.number", "don't go together"),
        ("number: {default: a}", MappingInvalid, "map.yaml:3:3 fields.number", "don't go together"),
        ("number: {constant: 7}", MappingInvalid, "map.yaml:3:12 fields.number.constant", "expected text"),
        ("number: a\ncopies: {from: c, default: x}", MappingInvalid, "map.yaml:4:21 fields.copies.default", "expected int"),
        ("number: {from: a, codes: [x]}", MappingInvalid, "map.yaml:3:21 fields.number.codes", "must be a table"),
        ("number: {from: a, codes: {x: 1}}", MappingInvalid, "map.yaml:3:29 fields.number.codes.x", "expected text"),
        ("number: {fields: {a: b}}", MappingInvalid, "map.yaml:3:3 fields.number", "has no fields of its own"),
        ("number: {each: a, fields: {b: c}}", MappingInvalid, "map.yaml:3:3 fields.number", "is not a list of objects"),
        ("number: a\nlines: b", MappingInvalid, "map.yaml:4:3 fields.lines", "lines needs each"),
        ("number: a\noffice: b", MappingInvalid, "map.yaml:4:3 fields.office", "office needs fields"),
    ],
)
def test_mistake_in_the_file_is_found_when_it_is_loaded(
    tmp_path: Path, fields: str, kind: type[ConfigurationError], at: str, says: str
) -> None:
    """With file, line, column, and the nearest right name."""
    with pytest.raises(kind) as caught:
        load(tmp_path, fields)
    assert str(caught.value).startswith(f"{caught.value.code} {at}: ") or str(caught.value).startswith(f"{caught.value.code} {at} ")
    assert says in str(caught.value)
    said = caught.value.reason.en if isinstance(caught.value, MappingInvalid) else "did you mean"
    assert said not in caught.value.sentence("vi")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_unknown_word_gets_a_hint_only_where_a_right_one_is_near(tmp_path: Path) -> None:
    """Nobody is asked whether they meant all of the names there are."""
    with pytest.raises(MappingKeyUnknown) as near:
        load(tmp_path, "numbr: a")
    assert near.value.sentence("en") == "map.yaml:3:3 fields.numbr: numbr is not known here (did you mean number?)"
    assert near.value.sentence("vi") == "map.yaml:3:3 fields.numbr: không có numbr ở đây (có phải là number?)"
    with pytest.raises(MappingKeyUnknown) as far:
        load(tmp_path, "zzzz: a")
    assert far.value.sentence("en") == "map.yaml:3:3 fields.zzzz: zzzz is not known here"


@pytest.mark.parametrize("top", ["version: 2", "version: 1\nzone: Asia/Ho_Chi_Minh", 'version: 1\nzone: "+15:00"', "version: 1\nfelds: 1"])
def test_head_of_the_file_is_checked(tmp_path: Path, top: str) -> None:
    """Another version isn't guessed at, and a zone is an offset."""
    with pytest.raises((MappingInvalid, MappingKeyUnknown)):
        load(tmp_path, "number: a", top=top)


@pytest.mark.parametrize(
    ("record", "kind", "source", "target"),
    [
        ({}, SourceMissing, "n", "number"),
        ({"n": None}, SourceMissing, "n", "number"),
        ({"n": 5}, ValueUnfit, "n", "number"),
        ({"n": "1", "s": "SECRET"}, CodeUnknown, "s", "status"),
        ({"n": "1", "t": "20/11/2026"}, ValueUnfit, "t", "at"),
        ({"n": "1", "t": "2026-11-20"}, ValueUnfit, "t", "at"),
        ({"n": "1", "t": "2026-02-30T00:00:00"}, ValueUnfit, "t", "at"),
        ({"n": "1", "d": "SECRET"}, ValueUnfit, "d", "lines"),
        ({"n": "1", "d": {"rows": "SECRET"}}, ValueUnfit, "d.rows", "lines"),
        ({"n": "1", "d": {"rows": ["SECRET"]}}, ValueUnfit, "d.rows[0]", "lines[0].name"),
        ({"n": "1", "d": {"rows": [{"n": "x"}, {}]}}, SourceMissing, "d.rows[1].n", "lines[1].name"),
        ({"n": "1", "d": {"rows": [{"n": "x"}, {"n": "y", "a": "SECRET"}]}}, ValueUnfit, "d.rows[1].a", "lines[1].amount"),
        ({"n": "1", "d": {"rows": [{"n": "x", "o": {"n": "y"}}]}}, SourceMissing, "d.rows[0].o.c", "lines[0].office.code"),
    ],
)
def test_record_that_does_not_fit_names_path_and_field_but_no_value(
    tmp_path: Path, record: dict[str, object], kind: type[MappingFailed], source: str, target: str
) -> None:
    """Also where the model finds the fault; neither sentence nor cause shows what stood there."""
    mapping = load(
        tmp_path,
        """number: n
status: {from: s, codes: {OPEN: "4"}}
at: t
lines:
  each: d.rows
  fields: {name: n, amount: a, office: {fields: {code: o.c, name: o.n}}}""",
    )
    with pytest.raises(kind) as caught:
        mapping.apply(record, record_number=3)
    assert (caught.value.source, caught.value.target, caught.value.record) == (source, target, 3)
    assert "SECRET" not in f"{caught.value.problem()}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    if isinstance(caught.value, ValueUnfit):
        assert caught.value.sentence("vi").endswith(f"cần {caught.value.expected.vi}.")


def test_example_map_is_right() -> None:
    """The map that we ship loads against our dossier and maps every field that it names."""
    mapping = load_mapping(ONE_DOOR, target=Dossier)
    assert {names[0] for names in mapping.origins} == set(Dossier.model_fields)
