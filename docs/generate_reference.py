"""Write the pages of docs/reference from the code: errors, settings, commands and states.

With `--check` nothing is written; pages that differ from the code are named, and the exit code is 1.
"""

import ast
import importlib
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer.testing import CliRunner

from lienthong.cli.main import app
from lienthong.connectors.registry import connector_types
from lienthong.core.errors import (
    Action,
    ConfigurationError,
    DataError,
    LienthongError,
    Refused,
    SecurityError,
    Transient,
    Uncertain,
)
from lienthong.core.secrets import SecretRef
from lienthong.schemas.edxml.findings import RULES
from lienthong.sdk.ledger import states
from lienthong.sdk.settings import OrganisationSettings, ReceiveRoute, SendRoute, SignerSettings, StoreSettings, SynchroniseRoute

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by docs/generate_reference.py (make docs); change the code instead. -->\n\n"


def source_files() -> list[Path]:
    """Return every module of every part."""
    return sorted(path for path in ROOT.glob("*/src/lienthong/**/*.py") if "__pycache__" not in path.parts)


# Errors


def error_classes() -> list[type[LienthongError]]:
    """Return every error class that has a code of its own, by code."""
    for path in source_files():
        if 'ClassVar[str] = "LT-' in path.read_text(encoding="utf-8"):
            parts = path.relative_to(ROOT).with_suffix("").parts[2:]
            importlib.import_module(".".join(parts).removesuffix(".__init__"))

    def below(kind: type[LienthongError]) -> Iterator[type[LienthongError]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    ours = {kind for kind in below(LienthongError) if "code" in vars(kind) and kind.__module__.startswith("lienthong.")}
    return sorted(ours, key=lambda kind: kind.code)


class Finding(typing.NamedTuple):
    """A problem that is no exception: a row of a table of rules, or the reason of a state."""

    code: str
    level: str
    en: str
    vi: str


_BEFORE_SENDING = {rule.code for rule in RULES if rule.certainty in ("P", "V")}


def findings() -> list[Finding]:
    """Return every code that stands with both its sentences in a call or in a table, by code."""
    found = []
    for node in _nodes():
        if isinstance(node, ast.Call):  # Rule(code="LT-…", en="…", vi="…"), Problem(code="LT-…", level="…", en="…", vi="…")
            texts = {word.arg: _text(word.value) for word in node.keywords}
            code = texts.get("code", "")
            if code.startswith("LT-") and {"en", "vi"} <= texts.keys():
                level = "error before sending, else warning" if code in _BEFORE_SENDING else texts.get("level", "warning")
                found.append(Finding(code, level, texts["en"], texts["vi"]))
        elif isinstance(node, ast.Dict):  # {"LT-…": ("level", "…", "…")}
            for key, value in zip(node.keys, node.values, strict=True):
                if _text(key).startswith("LT-") and isinstance(value, ast.Tuple):
                    found.append(Finding(_text(key), *(_text(item) for item in value.elts)))
    return sorted(found)


def _only_warned() -> set[str]:
    """Return the names of the errors that a check yields as a warning and never as an error."""
    levels: dict[str, set[str]] = {}
    for node in _nodes():
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str(level)), ast.Call(func=ast.Name(id=name))]):  # "warning", SomeError(…)
                levels.setdefault(name, set()).add(level)
    return {name for name, seen in levels.items() if seen == {"warning"}}


def _nodes() -> Iterator[ast.AST]:
    for path in source_files():
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


_CATEGORIES: tuple[tuple[type[LienthongError], str], ...] = (
    (Transient, "Try again later; surely nothing was done."),
    (Uncertain, "Perhaps it was done. Ask the remote system, or somebody who knows, before doing it again."),
    (ConfigurationError, "Change the settings, the credentials or the installation."),
    (DataError, "Change the data; the same data gives the same error."),
    (Refused, "The remote system said no for good; accept it or talk to its owner."),
    (SecurityError, "Unsafe or forged input; nothing of it is used."),
)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"


def _table(*titles: str) -> str:
    return _row(*titles) + "|" + " --- |" * len(titles) + "\n"


def errors_page() -> str:
    """Return the page of all codes."""
    text = NOTE + (
        "# Errors\n\n"
        "Every error has a stable code, both sentences, and one of six actions. The command line's exit code follows from the action; "
        "names in braces are the error's fields, which `--json` prints as well.\n\n"
    )
    text += _table("Action", "Category", "What to do", "Exit code")
    for category, advice in _CATEGORIES:
        text += _row(f"[{category.action}](#{category.action})", f"`{category.__name__}`", advice, str(category.exit_code))
    known, warned = error_classes(), _only_warned()
    seen: dict[Action, list[type[LienthongError]]] = {}
    for kind in known:
        if kind.__name__ in warned:
            continue
        seen.setdefault(kind.action, []).append(kind)
    for category, _ in _CATEGORIES:
        text += f"\n## {category.action}\n\n" + _table("Code", "Error", "When", "English", "Tiếng Việt")
        for kind in seen.get(category.action, []):
            text += _row(f"`{kind.code}`", f"`{kind.__name__}`", _first_paragraph(kind), kind.en, kind.vi)
    text += (
        "\n## Findings\n\n"
        "What a check notes; nothing raises these. A warning stops nothing and leaves the exit code as it is. In what was read "
        "everything about edXML warns; before sending (`lienthong edxml check --profile send`, `Exchange.send`) some of it is an error.\n\n"
    )
    text += _table("Code", "Level", "English", "Tiếng Việt")
    only_warn = [Finding(kind.code, "warning", kind.en, kind.vi) for kind in known if kind.__name__ in warned]
    for finding in sorted([*findings(), *only_warn]):
        text += _row(f"`{finding.code}`", finding.level, finding.en, finding.vi)
    return text


def _first_paragraph(kind: type) -> str:
    return (kind.__doc__ or "").strip().partition("\n\n")[0]


# Settings

_TYPES: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    Path: "path",
    SecretRef: "`env:NAME` or `file:PATH`",
    timedelta: "duration: `20s`, `1m`, `2h`",
}


def _type_text(annotation: object) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type_text(argument) for argument in arguments if argument is not type(None))
    if origin is typing.Annotated:
        return _type_text(arguments[0])
    if origin in (tuple, list):
        return f"list of {_type_text(arguments[0])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = annotation.__name__.removesuffix("Settings").lower()
        return f"[keys of {name}](#organisations-{name})"
    return _TYPES[annotation]


_MIB = 1024 * 1024


def _default_text(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value in (None, "", ()):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, timedelta):
        return f"`{value.total_seconds():g}s`"
    if isinstance(value, int) and value >= _MIB and value % _MIB == 0:
        return f"`{value}` ({value // _MIB} MiB)"
    return f"`{value}`"


_WHICH = {
    "kind": ("Which connector this is; decides which keys may follow", "Loại bộ kết nối; quyết định các khóa đi kèm"),
    "does": ("What the route does; decides which keys may follow", "Việc của tuyến; quyết định các khóa đi kèm"),
}
"""What the keys mean by which pydantic tells sections apart."""


def _model_table(model: type[BaseModel]) -> str:
    text = _table("Key", "Value", "Default", "Meaning", "Ý nghĩa")
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        meaning = (field.description, str(extra["vi"])) if field.description else _WHICH[name]
        text += _row(f"`{field.alias or name}`", _type_text(field.annotation), _default_text(field), *meaning)
    return text


def settings_page() -> str:
    """Return the page of all settings keys."""
    text = NOTE + (
        "# Settings\n\n"
        "One YAML file: `--settings FILE`, else the file that `LIENTHONG_SETTINGS` names, else `./lienthong.yaml`. "
        "No other environment variable changes it. Relative paths start from the file's folder. A misspelt key is named with line, column "
        "and the nearest right one; `lienthong doctor` checks a file and what it names.\n\n"
        "The sections are `version: 1`, `organisations`, `store`, `connections` and `routes`. In `organisations`, `connections` and "
        "`routes` the keys are names that you choose (for organisations: their codes).\n"
    )
    sections: tuple[tuple[str, type[BaseModel]], ...] = (
        ("organisations", OrganisationSettings),
        ("organisations: signer", SignerSettings),
        ("store", StoreSettings),
        ("routes: send", SendRoute),
        ("routes: receive", ReceiveRoute),
        ("routes: synchronise", SynchroniseRoute),
    )
    for title, model in sections:
        text += f"\n## {title}\n\n{_first_paragraph(model)}\n\n{_model_table(model)}"
    for kind, connector in sorted(connector_types().items()):
        text += f"\n## connections: {kind}\n\n{connector.title[0]} ({connector.title[1]}); see [its page](../connectors/{kind}.md).\n\n"
        text += _model_table(connector.settings)
    return text


# States


def _diagram(kind: type[StrEnum], steps: Mapping[tuple[typing.Any, typing.Any], str]) -> str:
    names = {state: state.value.replace("-", "_") for state in kind}
    text = "```mermaid\nstateDiagram-v2\n"
    for state, name in names.items():
        text += f'    state "{state.value}" as {name}\n'
    text += f"    [*] --> {names[next(iter(kind))]}\n"
    for (before, after), when in steps.items():
        text += f"    {names[before]} --> {names[after]}: {when.replace(';', ',').replace(':', ',')}\n"  # both end a label in Mermaid
    ends = [state for state in kind if all(state is not before for before, _ in steps)]
    text += "".join(f"    {names[state]} --> [*]\n" for state in ends)
    return text + "```\n"


def states_page() -> str:
    """Return the page with a picture per table of states."""
    text = NOTE + (
        "# States\n\n"
        "What the ledger says about a thing on its way, and when it changes. The pictures are the tables that the code itself uses.\n"
    )
    pictures: tuple[tuple[str, str, type[StrEnum], Mapping[tuple[typing.Any, typing.Any], str]], ...] = (
        ("Transmission", "A packet going out over one connection.", states.TransmissionState, states.TRANSMISSION_STEPS),
        ("Inbox", "A received document on its way to the application.", states.InboxState, states.INBOX_STEPS),
        ("Dossier", "A dossier on its way to the portal.", states.DossierState, states.DOSSIER_STEPS),
    )
    for title, about, kind, steps in pictures:
        text += f"\n## {title}\n\n{about}\n\n{_diagram(kind, steps)}"
    return text


# Commands


def _commands(path: tuple[str, ...], command: object) -> Iterator[tuple[str, ...]]:
    yield path
    for name, child in getattr(command, "commands", {}).items():
        yield from _commands((*path, name), child)


def command_line_page() -> str:
    """Return the page of all commands: their own help."""
    text = NOTE + "# Command line\n\nThe help of each command, as `lienthong COMMAND --help` prints it.\n"
    for path in _commands((), typer.main.get_command(app)):
        shown = CliRunner().invoke(app, [*path, "--help"], prog_name="lienthong", env={"COLUMNS": "80"})
        text += f"\n## {' '.join(('lienthong', *path))}\n\n```text\n{shown.output.rstrip()}\n```\n"
    return text


PAGES: Mapping[str, Callable[[], str]] = {
    "command-line.md": command_line_page,
    "errors.md": errors_page,
    "settings.md": settings_page,
    "states.md": states_page,
}


def main() -> int:
    """Write the pages, or check them."""
    check = "--check" in sys.argv[1:]
    stale = []
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"docs/reference differs from the code ({', '.join(stale)}); run: make docs", file=sys.stderr)
        return 1
    print(
        f"docs/reference: {len(PAGES)} pages, {len(stale)} written anew" if not check else f"docs/reference: {len(PAGES)} pages are current"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
