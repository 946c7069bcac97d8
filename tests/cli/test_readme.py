"""The README's Python runs as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lienthong.cli.sandbox_settings import write_settings
from lienthong.sandbox import Sandbox

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_python_of_the_readme_runs_and_prints_what_it_says(name: str, tmp_path: Path) -> None:
    """In a folder with a README.md and the settings that `lienthong sandbox --write var/sandbox` writes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    with Sandbox() as sandbox:
        write_settings(tmp_path / "var" / "sandbox", sandbox)
        run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == re.findall(r"print\(.*# (\[.*\])", code)[0]


def test_both_readmes_tell_the_same_story() -> None:
    """The same commands and the same Python in both languages."""
    english, vietnamese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.vi.md"))
    for pattern in (r"^```\w*$", r"^\$ .*", r"^make \w+", r"^\| `\w+/`"):
        assert re.findall(pattern, english, re.MULTILINE) == re.findall(pattern, vietnamese, re.MULTILINE)
