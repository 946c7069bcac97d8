"""Every error class of the tree, and the page that lists them."""

import dataclasses
import pickle
import runpy
import typing
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path

import pytest

from lienthong.core.errors import LienthongError, Place, Problem, Words

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "docs" / "generate_reference.py"))
CLASSES: list[type[LienthongError]] = SCRIPT["error_classes"]()
FINDINGS: list[tuple[str, str, str]] = SCRIPT["findings"]()

SAMPLES: dict[object, object] = {
    str: "a text",
    int: 7,
    float: 1.5,
    bool: True,
    bytes: b"bytes",
    object: "anything",
    Path: Path("folder/file"),
    date: date(2026, 11, 2),
    datetime: datetime(2026, 11, 2, 8, 30, tzinfo=UTC),
    timedelta: timedelta(seconds=20),
    Place: Place(source="packet.edxml", line=3, column=5),
    Words: Words("some words", "vài lời"),
    Problem: Problem(code="LT-TEST-001", action="correct", en="A problem.", vi="Một lỗi."),
}


def _sample(hint: object) -> object:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return arguments[0]
    if origin is tuple:
        return (_sample(arguments[0]),)
    if arguments:  # a union: its first member
        return _sample(arguments[0])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return SAMPLES[hint]


def _make(kind: type[LienthongError], *, all_fields: bool) -> LienthongError:
    hints = typing.get_type_hints(kind)
    required = [
        field.name
        for field in dataclasses.fields(kind)
        if all_fields
        or field.name == "remote_code"  # may be left out for the category's sake, and whoever reports a refusal knows it
        or (field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)
    ]
    return kind(**{name: _sample(hints[name]) for name in required})


def test_codes_are_unique() -> None:
    """A code means one thing."""
    codes = Counter([kind.code for kind in CLASSES] + [finding[0] for finding in FINDINGS])
    assert {code: count for code, count in codes.items() if count > 1} == {}


def test_every_code_in_the_source_is_known() -> None:
    """The reference page's script sees every code that stands in the source."""
    known = {kind.code for kind in CLASSES} | {finding[0] for finding in FINDINGS}
    for path in SCRIPT["source_files"]():
        text = path.read_text(encoding="utf-8")
        written = {part.partition('"')[0] for part in text.split('"LT-')[1:]}
        assert {f"LT-{code}" for code in written} - known - {"LT-000"} == set(), path


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.code)
def test_error_says_its_sentences_and_survives_pickling(kind: type[LienthongError]) -> None:
    """Both sentences are made of the error's own fields, nothing unknown shows as None, and a worker can hand the error over."""
    for error in (_make(kind, all_fields=True), _make(kind, all_fields=False)):
        for language in ("en", "vi"):
            sentence = error.sentence(language)
            assert sentence
            assert "None" not in sentence.replace("None of", "")
            assert "  " not in sentence
            assert unicodedata.is_normalized("NFC", sentence)
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is kind
        assert str(again) == str(error)
        problem = error.problem()
        assert Problem.from_json(problem.as_json()) == problem


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.code)
def test_words_of_ours_follow_the_sentence(kind: type[LienthongError]) -> None:
    """What our own code puts into a Vietnamese sentence is Vietnamese."""
    error = _make(kind, all_fields=True)
    count = sum(f"{{{field.name}" in kind.en for field in dataclasses.fields(error) if isinstance(getattr(error, field.name), Words))
    assert error.sentence("en").count("some words") == count
    assert error.sentence("vi").count("vài lời") == count
    assert "some words" not in error.sentence("vi")
    assert error.problem().vi == error.sentence("vi")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.code)
def test_error_has_a_category_and_a_docstring(kind: type[LienthongError]) -> None:
    """Every error tells what can be done about it and what happened."""
    assert kind.__mro__[1] is not LienthongError
    assert kind.__doc__
    assert not kind.__doc__.startswith(kind.__name__ + "(")  # what dataclass writes where nobody did


def test_what_only_warns_stands_as_a_warning_on_the_reference_page() -> None:
    """Nobody reads that a warning ends a command with exit code 1; every finding says its level and its own sentences."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    errors, _, found = page.partition("\n## Findings\n")
    for code in ("LT-DOSSIER-003", "LT-DOSSIER-004", "LT-DOSSIER-005"):
        assert f"`{code}`" not in errors
        assert f"| `{code}` | warning | " in found
    assert "| `LT-DOSSIER-001` |" in errors
    for finding in FINDINGS:
        assert all(finding), finding


def test_every_code_stands_on_the_reference_page() -> None:
    """Whoever looks a code up finds it."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    codes = [kind.code for kind in CLASSES] + [finding[0] for finding in FINDINGS]
    assert [code for code in codes if f"`{code}`" not in page] == []
