"""An entry of a directory: who can be written to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as a directory lists it.

    Attributes:
        code: Its present code.
        name: Its name.
        old_code: Its code in the form of 2016, where the directory knows one.
    """

    code: str
    name: str
    old_code: str | None = None
