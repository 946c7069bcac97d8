"""What the signatures of all commands have in common."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
JsonAboutFile = Annotated[bool, typer.Option("--json", help="With -o FILE: print one JSON document about what was written.")]


def chosen_day(given: str | None, option: str) -> date:
    """Return the day that an option names, or today's in Asia/Ho_Chi_Minh unless given.

    Raises:
        DayUnusable: configuration; the text is no day of the form YYYY-MM-DD.
    """
    from lienthong.cli.errors import DayUnusable  # noqa: PLC0415 - help texts need no error classes
    from lienthong.core.clock import HO_CHI_MINH  # noqa: PLC0415 - as above

    if given is None:
        return datetime.now(HO_CHI_MINH).date()
    try:
        if len(given) == len("YYYY-MM-DD") and given[4] == given[7] == "-":  # Python reads weeks too
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise DayUnusable(option=option, given=given)


def command_help(first: str, *examples: str, exits: str, more: str = "") -> str:
    """Return a help text: what the command does, real invocations, and what its exit codes mean."""
    parts = [first, *([more] if more else []), "\b\n" + "\n".join(f"  {example}" for example in examples), f"Exit: {exits}"]
    return "\n\n".join(parts)
