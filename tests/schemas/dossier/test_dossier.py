"""Dossiers, independent of any wire."""

from __future__ import annotations

import pytest

from lienthong.schemas.dossier import Unit


@pytest.mark.parametrize(
    ("name", "code", "label"),
    [
        ("Sở Xây dựng", "H42.13", "Sở Xây dựng (H42.13)"),
        (" Sở Xây dựng ", " ", "Sở Xây dựng"),
        ("", "H42.13", "H42.13"),
        (" ", "", ""),
    ],
)
def test_office_is_called_by_name_and_code_or_by_what_it_has(name: str, code: str, label: str) -> None:
    """Nothing is invented for what is missing."""
    assert Unit(code=code, name=name).label == label
