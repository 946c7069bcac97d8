"""Settings of a one-door connection."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lienthong.connectors.one_door import OneDoorSettings

GOOD: dict[str, Any] = {"kind": "one_door", "wire": "soap", "wsdl": "one-door.wsdl"}


@pytest.mark.parametrize(
    "changes",
    [
        {"wire": "rest"},
        {"wsdl": ""},
        {"username": "u"},
        {"password": "env:P"},
        {"username": "u", "password": "SECRET"},
        {"page_size": 501},
        {"wsld": "x"},
    ],
)
def test_wrong_settings_are_refused_without_their_values(changes: dict[str, Any]) -> None:
    """A password written instead of a reference isn't printed."""
    with pytest.raises(ValidationError) as caught:
        OneDoorSettings(**(GOOD | changes))
    assert "SECRET" not in str(caught.value)
