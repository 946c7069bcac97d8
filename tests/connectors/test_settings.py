"""Settings of every connector, and what they have in common."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lienthong.connectors import Context, HttpSettings, connector_types, open_http
from lienthong.core.http import TlsFilesUnusable

TYPES = connector_types()
GOOD: Mapping[str, Any] = {"kind": "any", "endpoint": "https://x"}


@pytest.mark.parametrize("kind", TYPES)
def test_every_setting_is_described_in_both_languages(kind: str) -> None:
    """Forms, docs and messages are made of these."""
    for name, field in TYPES[kind].settings.model_fields.items():
        if name != "kind":
            assert field.description, name
            assert isinstance(field.json_schema_extra, dict), name
            assert field.json_schema_extra["vi"], name


def test_listing_connectors_loads_no_network_code() -> None:
    """Whoever lists connectors, or pushes dossiers' types around, pays nothing for the wires."""
    program = (
        "import sys; from lienthong.connectors import connector_types; connector_types();"
        "print([name for name in ('urllib3', 'requests', 'tenacity', 'ssl', 'zeep', 'lxml') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("timeout", [0, 101])
def test_call_ends_before_the_lease_of_a_parcel(timeout: float) -> None:
    """A parcel that is being sent is leased for 120 seconds; a call that lasts longer would have it taken for lost."""
    HttpSettings.model_validate({**GOOD, "timeout": 100})
    with pytest.raises(ValidationError, match="timeout"):
        HttpSettings.model_validate({**GOOD, "timeout": timeout})
    assert all(issubclass(connector.settings, HttpSettings) for connector in TYPES.values())


def test_files_of_a_connection_start_from_its_folder(tmp_path: Path) -> None:
    """An open connection uses the files beside the settings, wherever the program was started."""
    settings = HttpSettings.model_validate({**GOOD, "ca_file": "none.pem"})
    with pytest.raises(TlsFilesUnusable) as caught:
        open_http(settings, Context(name="any", folder=tmp_path))
    assert str(tmp_path / "none.pem") in str(caught.value)
