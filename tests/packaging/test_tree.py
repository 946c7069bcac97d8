"""What must hold of every file, page and pin in the tree."""

import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS_ONLY = {".git", ".venv", "__pycache__", "build", "dist", "var"}


def _files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not any(part in OURS_ONLY or part.endswith("_cache") or part == ".hypothesis" for part in parts):
            yield path


PAGES = [path for path in _files() if path.suffix == ".md"]


def test_no_path_of_this_machine_in_the_tree() -> None:
    """Nothing in the tree points to the folder or home of whoever wrote it."""
    marks = [f"{ROOT}/".encode(), f"{Path.home()}/".encode()]
    assert [path for path in _files() if any(mark in path.read_bytes() for mark in marks)] == []


def test_pins_name_no_place() -> None:
    """Every pin is a name, a version and at most a marker: no address, path or hash, so that it works from any index."""
    pin = re.compile(r"[a-z0-9][a-z0-9._-]*==[A-Za-z0-9.!+]+( ; [a-z_]+ .+)?")
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 100
    assert [line for line in pins if not pin.fullmatch(line)] == []
    assert [line for line in lines if "://" in line or "index" in line] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_of_a_page_lead_to_files(page: Path) -> None:
    """A link to another page of the tree arrives."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [unquote(target.partition("#")[0]) for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [target for target in targets if target and "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_reference_pages_are_current() -> None:
    """What docs/reference says is what the code says."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate_reference.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_connector_has_its_page() -> None:
    """A connector's page says what is confirmed and what is assumed."""
    kinds = runpy.run_path(str(ROOT / "docs" / "generate_reference.py"))["connector_types"]()
    for kind in kinds:
        text = (ROOT / "docs" / "connectors" / f"{kind}.md").read_text(encoding="utf-8")
        for heading in ("## Example", "## Confirmed", "## Assumed", "## Not known", "## Not built"):
            assert f"\n{heading}\n" in text, kind
