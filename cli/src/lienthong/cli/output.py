"""What a command says: data on standard output, sentences on standard error, and an exit code for what went wrong."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TextIO

import typer

if TYPE_CHECKING:
    from lienthong.core.errors import LienthongError, Problem, Words

Language = Literal["en", "vi"]

_ODD = re.compile(r"[^ -~\n]")  # JSON itself has no other line breaks than those of its indentation
_ANY_WIDTH = 10_000
_ENOUGH_READ = 141  # what a shell reports of a program whose reader went away


def language() -> Language:
    """Return the language of sentences and labels: `LIENTHONG_LANGUAGE`, else the locale's, Vietnamese or English."""
    names = ("LIENTHONG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    first = next((value for name in names if (value := os.environ.get(name))), "")
    return "vi" if first.lower().startswith("vi") else "en"


class Output:
    """What one command says; as a context manager it turns an error into one sentence with its code and the right exit code.

    Attributes:
        as_json: One JSON document on standard output instead of text.
        language: Of sentences and labels.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.language = language()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or isinstance(error, typer.Exit):
            return
        from lienthong.cli.errors import as_our_error  # noqa: PLC0415 - help texts need no error classes

        ours = as_our_error(error)
        if ours is None:
            return
        raise typer.Exit(self.fail(ours)) from error

    def fail(self, error: LienthongError) -> int:
        """Print an error, as a document too if that is asked for, and return its exit code."""
        from lienthong.cli.errors import FileUnusable  # noqa: PLC0415 - as above

        problem = error.problem()
        self.problem(problem)
        if self.as_json:
            try:
                self.document({"problem": problem})
            except FileUnusable as unusable:
                self.problem(unusable.problem())
        return error.exit_code

    def text(self, en: str, vi: str) -> str:
        """Return the one of two texts that fits the language."""
        return vi if self.language == "vi" else en

    def words(self, words: Words) -> str:
        """Return words in the language."""
        return self.text(words.en, words.vi)

    def sentence(self, problem: Problem) -> str:
        """Return a problem in one line, its code first."""
        return printable(f"{problem.code} {self.text(problem.en, problem.vi)}")

    def say(self, en: str, vi: str) -> None:
        """Print a line on standard error."""
        _write(sys.stderr, printable(self.text(en, vi)))

    def problem(self, problem: Problem) -> None:
        """Print a problem on standard error, with the office that must act on it."""
        _write(sys.stderr, self.sentence(problem) + (f" → {printable(problem.office)}" if problem.office else ""))

    def document(self, value: object) -> None:
        """Print a value as one line of JSON on standard output."""
        _write(sys.stdout, unicodedata.normalize("NFC", json_text(as_plain(value))))

    def line(self, text: str) -> None:
        """Print a line on standard output."""
        _write(sys.stdout, printable(text))

    def write(self, content: bytes, /) -> None:
        """Write bytes to standard output as they are, so that whatever streams can stream there."""
        with _writing(sys.stdout):
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()

    def fields(self, pairs: Iterable[tuple[str, object]]) -> None:
        """Print names and values, a line each; whatever is empty is left out."""
        rows = [(name, text) for name, value in pairs if (text := self._cell(value))]
        width = max((len(name) for name, _ in rows), default=0)
        for name, text in rows:
            self.line(f"{name:<{width}}  {text}")

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
        """Print a table; on a terminal it fits the width, elsewhere every row is one line."""
        from rich import box  # noqa: PLC0415 - help texts draw no tables
        from rich.console import Console  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        terminal = sys.stdout.isatty()
        table = Table(box=box.SIMPLE_HEAD if terminal else None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(self._cell(value)) for value in row))
        console = Console(file=sys.stdout, width=None if terminal else _ANY_WIDTH)
        with _writing(sys.stdout), console.capture() as capture:  # it touches the stream all the same
            console.print(table)
        lines = [line.rstrip() for line in capture.get().splitlines()]
        _write(sys.stdout, "\n".join([title, *lines] if title else lines))

    def _cell(self, value: object) -> str:
        from lienthong.core.errors import Words  # noqa: PLC0415 - help texts need no error classes

        return shown(self.words(value) if isinstance(value, Words) else value)

    @contextmanager
    def progress(self, en: str, vi: str) -> Iterator[None]:
        """Show on a terminal what is being worked on."""
        if not sys.stderr.isatty():
            yield
            return
        from rich.console import Console  # noqa: PLC0415 - only for what takes time
        from rich.markup import escape  # noqa: PLC0415

        with Console(stderr=True).status(escape(printable(self.text(en, vi)))):
            yield


def printable(text: str) -> str:
    """Return text that can't move the cursor or turn the direction of writing: what would is shown by its number."""
    characters = (
        character if character.isprintable() else " " if character.isspace() else character.encode("unicode_escape").decode("ascii")
        for character in unicodedata.normalize("NFC", text)
    )
    return "".join(characters)


def json_text(plain: object, *, indent: int | None = None) -> str:
    """Return JSON in which whatever isn't printable stands as an escape, so that a terminal takes it for text; its value is the same."""
    return _ODD.sub(_escaped, json.dumps(plain, ensure_ascii=False, indent=indent))


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def shown(value: object) -> str:
    """Return a value as people read it; times are in Asia/Ho_Chi_Minh."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M:%S")
    return printable(str(value))


def as_plain(value: object) -> object:
    """Return records as JSON-ready values; times carry the offset of Asia/Ho_Chi_Minh, words are their English."""
    from lienthong.core.errors import Problem, Words  # noqa: PLC0415 - help texts need no error classes

    plain: object = value
    if isinstance(value, Enum):
        plain = value.value
    elif isinstance(value, datetime):
        plain = _local(value).isoformat()
    elif isinstance(value, date):
        plain = value.isoformat()
    elif isinstance(value, Problem):
        plain = value.as_json()
    elif isinstance(value, Words):
        plain = value.en
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {field.name: as_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    elif isinstance(value, Mapping):
        plain = {str(name): as_plain(item) for name, item in value.items()}
    elif isinstance(value, (list, tuple)):
        plain = [as_plain(item) for item in value]
    return plain


def _local(moment: datetime) -> datetime:
    from lienthong.core.clock import HO_CHI_MINH  # noqa: PLC0415 - as above

    return moment.astimezone(HO_CHI_MINH)


def _write(stream: TextIO, text: str) -> None:
    with _writing(stream):
        stream.write(text + "\n")
        stream.flush()


@contextmanager
def _writing(stream: TextIO) -> Iterator[None]:
    """End quietly where nobody reads on, name a standard output that can't be written, and never touch that stream again."""
    try:
        yield
    except OSError as error:
        from lienthong.cli.errors import FileUnusable  # noqa: PLC0415 - as above

        # What is still in the buffer would fail again when Python ends.
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), stream.fileno())
        if stream is sys.stderr:  # there is nowhere to say it, and what was asked for is done all the same
            return
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(_ENOUGH_READ) from error
        raise FileUnusable(path=stream.name, reason=error.strerror or type(error).__name__) from error
