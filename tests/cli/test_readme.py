"""The READMEs show what the program does and prints."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lienthong.cli.sandbox_settings import write_settings
from lienthong.sandbox import Sandbox

Run = Callable[..., Any]

ROOT = Path(__file__).parents[2]
BOTH = pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.vi.md", "vi")])


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blanked(text: str) -> str:
    """A text without the document's number, which is the time, and how long something took."""
    return re.sub(r" \d+\.\d+$", " SECONDS", re.sub(r"\d{6}(?=/TTr-SKHCN)", "NUMBER", text), flags=re.MULTILINE)


@BOTH
def test_python_of_the_readme_runs_and_prints_what_it_says(name: str, language: str, tmp_path: Path) -> None:
    """In a folder with a README.md and the settings that `lienthong sandbox --write var/sandbox` writes."""
    [code] = re.findall(r"```python\n(.*?)```", page(name), re.DOTALL)
    (tmp_path / "README.md").write_text(page(name), encoding="utf-8")
    with Sandbox() as sandbox:
        write_settings(tmp_path / "var" / "sandbox", sandbox)
        run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == re.findall(r"print\(.*# (\[.*\])", code)[0]


@BOTH
def test_demo_prints_what_the_readme_shows(run: Run, name: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line, but for the row about Airflow's runs, which only the demo through Airflow has, and the count with it."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", language)
    [shown] = re.findall(r"```\n( .*?)```", page(name), re.DOTALL)
    airflow, others = [[line for line in blanked(shown).splitlines() if ("Airflow" in line) is wanted] for wanted in (True, False)]
    assert len(airflow) == 1
    printed = blanked(run("demo", "--folder", tmp_path / "demo").out).splitlines()
    assert printed[:-1] == others[:-1]
    assert printed[-1].replace("11 ", "12 ", 1) == others[-1]


@BOTH
def test_commands_print_what_the_readme_shows(
    run: Run, name: str, language: str, tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command of the README, in a folder with a packet that isn't well-formed and the settings of a sandbox; … stands for more."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", language)
    monkeypatch.chdir(tmp_path)
    shutil.copy(samples / "edxml" / "broken-mismatched-tag.edxml", "broken.edxml")
    [block] = re.findall(r"```\n(\$ .*?)```", page(name), re.DOTALL)
    steps = re.findall(r"^\$ lienthong (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    assert len(steps) == 4
    with Sandbox() as sandbox:
        write_settings(Path("var/sandbox"), sandbox)
        for command, shown in steps:
            result = run(*command.split())
            expected = blanked(shown.rstrip("\n")).splitlines()
            printed = blanked(result.out + result.err).splitlines()
            if expected[-1] == "…":
                printed[len(expected) - 1 :] = ["…"]
            assert printed == expected


def test_both_readmes_tell_the_same_story() -> None:
    """The same commands, the same Python but for its comments, the same picture and the same parts in both languages."""
    english, vietnamese = page("README.md"), page("README.vi.md")
    for pattern in (r"^```\w*$", r"^\$ .*", r"^make \w+", r"^\| `\w+/`", r"^ +\w+.*? (?=--|-\.)", r"^✓"):
        assert len(re.findall(pattern, english, re.MULTILINE)) == len(re.findall(pattern, vietnamese, re.MULTILINE)) > 0, pattern
    for pattern in (r"^\$ .*", r"^make \w+", r"^\| `\w+/`"):
        assert re.findall(pattern, english, re.MULTILINE) == re.findall(pattern, vietnamese, re.MULTILINE)
    code, picture = r"```python\n(.*?)```", r"```mermaid\n(.*?)```"
    first, second = (re.sub(r"  #.*", "", re.findall(code, text, re.DOTALL)[0]) for text in (english, vietnamese))
    assert first == second
    # The arrows of both pictures join the same things; what stands beside them is in the page's language.
    first, second = (
        re.sub(r"\[.*?\](?= |$)|(?<=--) .*? (?=-->)|(?<=-\.) .*? (?=\.->)", "", re.findall(picture, text, re.DOTALL)[0], flags=re.MULTILINE)
        for text in (english, vietnamese)
    )
    assert first == second
