from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files

import jsonschema
from airflow.providers_manager import ProvidersManager

from lienthong.dags.provider import get_provider_info


def test_provider_info_fits_airflows_schema() -> None:
    """Airflow accepts the description, which means the distribution that pip knows."""
    schema = json.loads(files("airflow").joinpath("provider_info.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(get_provider_info(), schema)
    assert get_provider_info()["package-name"] == "lienthong"


def test_modules_named_in_provider_info_are_there() -> None:
    """What the description names can be imported."""
    info = get_provider_info()
    named = [module for kind in ("hooks", "operators") for entry in info[kind] for module in entry["python-modules"]]  # type: ignore[attr-defined]
    assert named == ["lienthong.dags.hooks", "lienthong.dags.operators"]
    for module in named:
        __import__(module)


def test_airflow_finds_the_provider() -> None:
    """The entry point leads Airflow to the description."""
    assert "lienthong" in ProvidersManager().providers


def test_provider_info_loads_nothing_heavy() -> None:
    """Every Airflow command loads the description: it loads neither Airflow nor SQLAlchemy, pydantic or the sdk."""
    script = (
        "import sys, lienthong.dags.provider as p; p.get_provider_info();"
        "print([m for m in ('airflow', 'sqlalchemy', 'pydantic', 'lienthong.sdk', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
