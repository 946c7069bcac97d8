"""What the signatures of all commands have in common."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def command_help(first: str, *examples: str, exits: str, more: str = "") -> str:
    """Return a help text: what the command does, real invocations, and what its exit codes mean."""
    parts = [first, *([more] if more else []), "\b\n" + "\n".join(f"  {example}" for example in examples), f"Exit: {exits}"]
    return "\n\n".join(parts)
