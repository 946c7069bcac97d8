"""Text for people."""

from __future__ import annotations

import re

import pytest

from lienthong.core.errors import Words
from lienthong.core.text import hint, mask_personal, nearest, nfc


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("079099001234", "07********34"),
        ("CCCD 079099001234, điện thoại 0912345678.", "CCCD 07********34, điện thoại 09******78."),
        ("an.nguyen+so@khcn.example.vn viết", "a***@khcn.example.vn viết"),
        ("12345678", "12345678"),
        ("000.00.13.H53-190820-0001", "000.00.13.H53-190820-0001"),
        ("2026-11-20T08:00:00", "2026-11-20T08:00:00"),
        ("", ""),
    ],
)
def test_personal_data_is_starred_out_and_other_text_stays(text: str, masked: str) -> None:
    """Long numbers keep two digits at each end, mail addresses their first letter and host; codes and times stay."""
    assert mask_personal(text) == masked


def test_decomposed_letters_become_one() -> None:
    """Vietnamese typed on another system reads and compares the same."""
    assert nfc("Tru\u0323c") == nfc("Tr\u1ee5c") == "Trục"


@pytest.mark.parametrize(("name", "found"), [("axsi", "axis"), ("axis", "axis"), ("zzzz", None), ("", None)])
def test_nearest_is_the_name_that_was_meant_or_none(name: str, found: str | None) -> None:
    """A slip of the finger is recognised, another word isn't."""
    assert nearest(name, ["portal", "axis"]) == found
    assert nearest(name, []) is None


def test_hint_asks_for_the_nearest_name_in_both_languages() -> None:
    """Without a near name there is nothing to ask."""
    assert hint("axsi", ["axis"]) == Words(" (did you mean axis?)", " (có phải là axis?)")
    assert hint("zzzz", ["axis"]) == ""


@pytest.mark.parametrize("text", ["CCCD001099012345", "0912.345.678", "0912 345 678", "+84912 345 678"])
def test_number_next_to_letters_or_in_groups_is_masked_too(text: str) -> None:
    """People write them so."""
    assert not re.search(r"\d{3}", mask_personal(f"của {text}."))


@pytest.mark.parametrize("text", ["H42.12-20261104-0000057", "000.00.12.H42", "LT-DOSSIER-001", "2026-11-20 10:30:00"])
def test_numbers_that_name_no_person_stay(text: str) -> None:
    """Dossiers, organisations, codes and times."""
    assert mask_personal(text) == text
