"""What an import loads, and what each package offers."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"airflow", "fastapi", "pkcs11", "pyhanko", "signxml", "sqlalchemy", "starlette", "uvicorn", "zeep"}

LIGHT = {
    "sdk": ("import lienthong.sdk", HEAVY),
    "exchange": ("from lienthong.sdk import Exchange", HEAVY - {"sqlalchemy"}),
    "connectors": ("from lienthong.connectors import connector_types; connector_types()", HEAVY),
    "provider": ("from lienthong.dags.provider import get_provider_info; get_provider_info()", HEAVY),
    "help": ("import sys; sys.argv = ['lienthong', '--help']; from lienthong.cli.main import main; main()", HEAVY),
}


@pytest.mark.parametrize(("statement", "unwanted"), LIGHT.values(), ids=LIGHT.keys())
def test_import_stays_light(statement: str, unwanted: set[str]) -> None:
    """Whoever only reads settings, lists connectors or asks for help doesn't wait for what they don't use."""
    code = f"import atexit, json, sys\natexit.register(lambda: print('\\n' + json.dumps(sorted(sys.modules))))\n{statement}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}
    assert loaded & unwanted == set()


PACKAGES = sorted(".".join(path.parent.relative_to(ROOT).parts[2:]) for path in ROOT.glob("*/src/lienthong/**/__init__.py"))


@pytest.mark.parametrize("name", PACKAGES)
def test_package_offers_what_it_says(name: str) -> None:
    """Every name in `__all__` can be imported and stands there once."""
    package = importlib.import_module(name)
    offered = getattr(package, "__all__", [])
    assert len(offered) == len(set(offered))
    assert [item for item in offered if not hasattr(package, item)] == []
