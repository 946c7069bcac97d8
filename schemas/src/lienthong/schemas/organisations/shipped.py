"""The shipped table of ministries, provinces and councils, with the changes of 2025 and 2026."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from lienthong.schemas.organisations.directory import Directory
from lienthong.schemas.organisations.tables import read_table, together

TABLES: Final = ("ministries.csv", "provinces.csv", "councils.csv", "successions.csv", "statistical.csv")


@cache
def level_one() -> Directory:
    """Return the directory of level-1 organisations; read once, then the same object.

    Each record says where it is from and how sure it is; what no source says is not in it. Load the official annexes over it with
    `extended` before anything legal hangs on it.

    Source: architecture.md §4 and edxml.md §2.4.
    """
    folder = files(__package__).joinpath("data")
    tables = together(read_table(folder.joinpath(name).read_bytes(), source=name) for name in TABLES)
    return Directory(tables.organisations, tables.successions, tables.identifiers)
