"""What the distribution asks for is what its code imports, and the other way round."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PARTS = sorted(path.parents[1].name for path in ROOT.glob("*/src/lienthong"))

PROVIDES = {"airflow": "apache-airflow", "opentelemetry": "opentelemetry-api", "pydantic_core": "pydantic", "yaml": "pyyaml"}
"""The distributions whose import has another name."""

OWN_PART = {"sandbox": "sandbox", "airflow": "dags"}
"""The one part whose code may import what an extra brings."""

BY_NAME_ONLY = {"psycopg"}
"""The driver that SQLAlchemy imports by a ledger's address."""


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=;~! ]", requirement, maxsplit=1)[0] for requirement in requirements} - {"lienthong"}


def _imported(folder: Path) -> set[str]:
    """Return the distributions that a folder's modules import."""

    def modules() -> Iterator[str]:
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    yield node.module

    roots = {module.partition(".")[0] for module in modules()} - sys.stdlib_module_names - {"lienthong"}
    return {PROVIDES.get(root, root.replace("_", "-")) for root in roots}


IMPORTED = {part: _imported(ROOT / part / "src") for part in PARTS}
PLAIN = _names(PROJECT["project"]["dependencies"])
EXTRAS = {extra: _names(wanted) for extra, wanted in PROJECT["project"]["optional-dependencies"].items()}


def test_every_declared_dependency_is_imported() -> None:
    """Nobody installs what no code uses, nor in a plain install what only the part of an extra uses."""
    plain = set().union(*(found for part, found in IMPORTED.items() if part not in OWN_PART.values()))
    assert PLAIN - plain == set()
    for extra, part in OWN_PART.items():
        assert EXTRAS[extra] - IMPORTED[part] == set()
    assert EXTRAS["postgres"] == BY_NAME_ONLY


def test_every_imported_package_is_declared() -> None:
    """No part lives from what another package happens to bring along."""
    for part, found in IMPORTED.items():
        brought = set().union(*(EXTRAS[extra] for extra, owner in OWN_PART.items() if owner == part))
        assert found - PLAIN - brought == set(), part


def test_tests_import_only_what_is_declared() -> None:
    """The development group names what only tests use."""
    declared = PLAIN.union(*EXTRAS.values()) | _names(PROJECT["dependency-groups"]["dev"])
    assert _imported(ROOT / "tests") - declared - {"conftest", "zips"} == set()
