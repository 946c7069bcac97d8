"""Simple types."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.schemas.conversion.simple_types import BUILT_IN, SimpleType, restricted


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_decimal_keeps_every_digit(number: Decimal) -> None:
    """What was written can be had back exactly."""
    read = BUILT_IN["decimal"].read(f"{number:f}")
    assert isinstance(read, str)
    assert Decimal(read) == number


@given(st.integers())
def test_integer_of_any_size_is_exact(number: int) -> None:
    """An integer isn't cut to what a machine word or a double holds."""
    assert BUILT_IN["integer"].read(str(number)) == number


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("int", ["-2147483648", "+2147483647", "007"], ["2147483648", "", "1_0", "0x1"]),
        ("unsignedByte", ["0", "255"], ["-1", "256"]),
        ("positiveInteger", ["1"], ["0"]),
        ("boolean", ["true", "false", "1", "0", " true "], ["TRUE", ""]),
        ("decimal", ["1.", ".5", "-0", "+1.50"], [".", "1,5", "NaN", "1e1"]),
        (
            "dateTime",
            ["2026-11-20T08:00:00", "2026-11-20T24:00:00Z", "2026-11-20T08:00:00.5-14:00"],
            ["2026-11-20", "2026-11-20T24:00:01", "2026-11-20T08:00:00+15:00", "2026-11-20T08:00"],
        ),
        ("date", ["2024-02-29", "2026-01-01+07:00"], ["2025-02-29", "0000-01-01", "2026-1-1"]),
        ("string", ["", " x\n"], []),
    ],
)
def test_built_in_type_takes_what_the_standard_says(name: str, good: list[str], bad: list[str]) -> None:
    """Text outside the lexical space of a type is not a value of it."""
    assert [text for text in good if BUILT_IN[name].read(text) is None] == []
    assert [text for text in bad if BUILT_IN[name].read(text) is not None] == []


@pytest.mark.parametrize(
    ("base", "facet", "value", "good", "bad"),
    [
        ("string", "length", "2", "ab", "abc"),
        ("string", "minLength", "2", "ab", "a"),
        ("string", "maxLength", "2", "ữu", "abc"),
        ("string", "enumeration", "x", "x", "y"),
        ("int", "enumeration", "1", "01", "2"),
        ("decimal", "enumeration", "1.0", "1", "2"),
        ("int", "minInclusive", "1", "1", "0"),
        ("int", "maxExclusive", "1", "0", "1"),
        ("decimal", "minExclusive", "0", "0.1", "0"),
        ("decimal", "maxInclusive", "1.5", "1.50", "1.51"),
        ("decimal", "totalDigits", "3", "012.30", "12.34"),
        ("decimal", "fractionDigits", "2", "1.230", "1.234"),
    ],
)
def test_facet_restricts(base: str, facet: str, value: str, good: str, bad: str) -> None:
    """A facet that is taken is enforced."""
    simple = restricted(BUILT_IN[base], "r", [(facet, value)])
    assert isinstance(simple, SimpleType)
    assert simple.read(good) is not None
    assert simple.read(bad) is None


def test_white_space_facet_changes_reading() -> None:
    """White space is handled before the value is read."""
    simple = restricted(BUILT_IN["string"], "r", [("whiteSpace", "collapse"), ("enumeration", "a b")])
    assert isinstance(simple, SimpleType)
    assert simple.read("\n a  b ") == "a b"


def test_facet_that_is_not_known_is_named() -> None:
    """Half a restriction is none."""
    assert restricted(BUILT_IN["date"], "r", [("minInclusive", "2026-01-01")]) == "minInclusive"
    assert restricted(BUILT_IN["boolean"], "r", [("enumeration", "true")]) == "enumeration"
