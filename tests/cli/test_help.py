"""Every command explains itself, and that costs next to nothing."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest

Run = Callable[..., Any]

COMMANDS = (
    ("demo",),
    ("directory", "lookup"),
    ("doctor",),
    ("edxml", "check"),
    ("edxml", "extract"),
    ("edxml", "from-json"),
    ("edxml", "show"),
    ("edxml", "to-json"),
    ("inbox",),
    ("message",),
    ("sandbox",),
    ("send",),
    ("worker",),
)
HEAVY = ("airflow", "fastapi", "lxml", "sqlalchemy", "signxml", "starlette", "urllib3", "uvicorn", "yaml", "zeep")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_help_has_first_line_examples_and_exit_codes(run: Run, words: tuple[str, ...]) -> None:
    """A help text begins with what the command does, shows how it is called, and says what its exit codes mean."""
    result = run(*words, "--help")
    assert result.code == 0
    first = next(line.strip() for line in result.out.splitlines()[1:] if line.strip())
    assert first[0].isupper()
    assert not first.endswith(".")
    assert f"\n    lienthong {words[0]}" in result.out or "\n    lienthong --settings" in result.out
    assert "Exit: 0 " in result.out
    assert "--json" in result.out


def test_first_help_lists_exactly_the_commands(run: Run) -> None:
    """The commands are those that are built, and no others."""
    result = run("--help")
    listed = {line.split()[0] for line in result.out.partition("Commands:\n")[2].splitlines() if line.strip()}
    assert listed == {words[0] for words in COMMANDS}


@pytest.mark.parametrize("words", [(), ("edxml",), *COMMANDS], ids=" ".join)
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    """A help text loads no database, SOAP, XML, web or Airflow package."""
    code = (
        "import sys\n"
        "from lienthong.cli.main import app\n"
        f"app({[*words, '--help']!r}, standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_version_is_the_one_that_is_installed(run: Run) -> None:
    """`--version` prints the version of the distribution and nothing else."""
    assert run("--version").out.strip() == version("lienthong")


def test_misspelt_command_gets_the_nearest_right_one(run: Run) -> None:
    """A misspelt command is wrong use, and the right one is named."""
    result = run("docter")
    assert result.code == 2
    assert "'doctor'" in result.err


def test_misspelt_command_of_a_group_gets_the_nearest_right_one(run: Run) -> None:
    """The same inside a group."""
    result = run("edxml", "chek", "x")
    assert result.code == 2
    assert "'check'" in result.err


def test_misspelt_option_gets_the_nearest_right_one(run: Run) -> None:
    """A misspelt option is wrong use, and the right one is named."""
    result = run("inbox", "--organization", "H42.12")
    assert result.code == 2
    assert "--organisation" in result.err
