"""The distribution as others install it."""

import subprocess
import sys
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = sorted(path.parents[1].name for path in ROOT.glob("*/src/lienthong"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_wheel_has_every_file_of_every_part(wheel: zipfile.ZipFile) -> None:
    """Code, data, templates and migrations of a part are what its `src` holds: nothing is lost, nothing else comes along."""
    wanted = {
        path.relative_to(ROOT / part / "src").as_posix()
        for part in PARTS
        for path in (ROOT / part / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == wanted


def test_parts_are_typed_and_share_a_namespace(wheel: zipfile.ZipFile) -> None:
    """Type checkers see every part's annotations, and other distributions may add parts."""
    names = set(wheel.namelist())
    assert {f"lienthong/{part}/py.typed" for part in PARTS} <= names
    assert "lienthong/__init__.py" not in names


def test_licence_travels_with_the_wheel(wheel: zipfile.ZipFile) -> None:
    """The licence's text is part of what is installed."""
    text = wheel.read(next(name for name in wheel.namelist() if name.endswith("licenses/LICENSE"))).decode()
    assert "Apache License" in text


def test_plain_install_brings_no_airflow_and_no_web_framework(wheel: zipfile.ZipFile) -> None:
    """What is heavy stands in an extra."""
    metadata = wheel.read(next(name for name in wheel.namelist() if name.endswith("METADATA"))).decode()
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert required
    assert not [line for line in required if any(name in line for name in ("airflow", "fastapi", "starlette", "uvicorn", "psycopg"))]


@pytest.mark.parametrize("group", ["console_scripts", "lienthong.connectors", "apache_airflow_provider"])
def test_entry_points_lead_somewhere(group: str) -> None:
    """What the distribution announces can be loaded."""
    ours = [entry for entry in entry_points(group=group) if entry.dist and entry.dist.name == "lienthong"]
    assert ours
    for entry in ours:
        entry.load()
