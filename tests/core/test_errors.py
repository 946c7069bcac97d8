"""Errors and problems, whatever part they belong to."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.core.errors import ExtraMissing, LienthongError, Place, Problem, SecretMissing, Words, YamlInvalid, say

words = st.text(max_size=8)
number = st.none() | st.integers(min_value=1)
places = st.builds(
    Place, source=st.none() | words, line=number, column=number, path=st.none() | words, record=number, offset=st.none() | st.integers(0)
).filter(lambda place: place != Place())  # one that says nothing is left out
problems = st.builds(
    Problem,
    code=words,
    action=st.sampled_from(["retry", "ask", "configure", "correct", "accept", "stop"]),
    en=words,
    vi=words,
    level=st.sampled_from(["error", "warning"]),
    place=st.none() | places,
    fields=st.dictionaries(words, words, max_size=3),
    office=st.none() | words,
    source=st.none() | words,
    certainty=st.none() | st.sampled_from("PVCSI"),
)


@given(problem=problems)
def test_problem_survives_its_json(problem: Problem) -> None:
    """What a ledger or a script reads back is the same problem."""
    assert Problem.from_json(json.loads(json.dumps(problem.as_json()))) == problem


def test_json_of_a_problem_leaves_empty_members_out() -> None:
    """Scripts see only what is known."""
    problem = Problem(code="LT-1", action="stop", en="No.", vi="Không.", place=Place(line=3))
    assert problem.as_json() == {"code": "LT-1", "action": "stop", "en": "No.", "vi": "Không.", "level": "error", "place": {"line": 3}}


def test_problem_stored_before_rules_had_sources_is_still_read() -> None:
    """What an older ledger holds is read, without source and certainty."""
    old = {"code": "LT-EDXML-201", "action": "correct", "en": "No.", "vi": "Không.", "level": "warning", "place": {"path": "Subject"}}
    problem = Problem.from_json(old)
    assert (problem.source, problem.certainty) == (None, None)
    assert problem.as_json() == old


ERRORS = [
    ExtraMissing(extra="airflow", purpose=Words("The demo", "Bản chạy thử")),
    SecretMissing(reference="env:KEY", reason=Words("the environment variable is not set", "chưa đặt biến môi trường")),
    YamlInvalid(place=Place(source="s.yaml", line=1, column=2), reason=Words("a key is expected here", "ở đây cần một khóa")),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_error_survives_pickling_with_its_words(error: LienthongError) -> None:
    """A worker process hands an error over as it is."""
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert again.problem() == error.problem()


def test_words_and_places_follow_the_language_of_the_sentence() -> None:
    """Nothing of ours stands in a sentence of the other language; what others said stays as it is."""
    values = {"place": Place(source="r.xml", line=1, record=7, offset=9), "reason": Words("too long", "quá dài"), "said": "EOF"}
    assert say("{place}: {reason} ({said})", "en", values) == "r.xml:1 record 7 byte 9: too long (EOF)"
    assert say("{place}: {reason} ({said})", "vi", values) == "r.xml:1 bản ghi 7 byte 9: quá dài (EOF)"


def test_problem_of_an_error_has_its_fields_as_text() -> None:
    """The place goes to its own member, words are given in English, and unknown fields are left out."""
    problem = ERRORS[2].problem(office="H42")
    assert (problem.place, problem.fields, problem.office) == (
        Place(source="s.yaml", line=1, column=2),
        {"reason": "a key is expected here"},
        "H42",
    )
    assert problem.vi == "s.yaml:1:2: tệp YAML sai: ở đây cần một khóa."


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place(source="a.xml", line=3, column=5, path="/a/b"), "a.xml:3:5 /a/b"),
        (Place(path="/a", record=2), "/a record 2"),
        (Place(source="a", offset=0), "a byte 0"),
    ],
)
def test_place_shows_only_what_is_known(place: Place, text: str) -> None:
    """A place reads as compilers write it."""
    assert str(place) == text
