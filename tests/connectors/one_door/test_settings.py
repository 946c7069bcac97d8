"""Settings of a one-door connection."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from lienthong.connectors.one_door import OneDoorSettings, connector_type

GOOD: dict[str, Any] = {"kind": "one_door", "wire": "soap", "wsdl": "one-door.wsdl"}


def test_listing_the_connector_loads_neither_zeep_nor_urllib3() -> None:
    """Whoever lists connectors pays nothing for this one."""
    script = "import sys, lienthong.connectors.one_door; print(sorted({'zeep', 'lxml', 'urllib3', 'requests'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_field_is_described_in_both_languages() -> None:
    """One text serves the form, the docs and the error about a key."""
    assert connector_type.settings is OneDoorSettings
    for name, field in OneDoorSettings.model_fields.items():
        if name != "kind":
            assert field.description, name
            assert isinstance(field.json_schema_extra, dict), name
            assert field.json_schema_extra["vi"], name


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
