"""What the edxml commands read and write: packets and JSON of any origin, files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import sys
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lienthong.cli.errors import FileUnusable, JsonTooLarge, NotOverwritten
from lienthong.cli.output import Output
from lienthong.core.blob import Blob, Spool, Writable
from lienthong.core.errors import Place, Words
from lienthong.schemas.edxml import PACKET_CAPS, safe_file_name
from lienthong.schemas.errors import ReferenceUnsafe

STANDARD_STREAM = "-"
MOST_JSON = 128 << 20
"""Bytes of a JSON text that are read."""

_BLOCK = 1 << 20
_MAYBE_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff|\x00{1,3}<")


def read_file(name: str) -> tuple[Blob, str]:
    """Return the bytes of a file, or of standard input for `-`, and its name for sentences.

    A pipe is put into a temporary file. Of what is too large for a packet it returns just so much that the parser refuses it, and of
    what doesn't begin like XML, just the beginning.

    Raises:
        SpoolFailed: retry; there is no room for what comes through a pipe.
        OSError: The file can't be read.
    """
    if name != STANDARD_STREAM and Path(name).is_file():
        return Blob.of_file(Path(name)), name
    with _opened(name) as (stream, source):
        head = stream.read(PACKET_CAPS.prolog)
        writer = Spool().writer()
        writer.write(head)
        if _MAYBE_XML.match(head):
            while writer.size <= PACKET_CAPS.bytes and (block := stream.read(_BLOCK)):
                writer.write(block)
        return writer.blob(), source


def read_json_file(name: str) -> tuple[bytes, str]:
    """Return the bytes of a JSON text, and its name for sentences; `-` reads standard input.

    Raises:
        JsonTooLarge: data; it has more than `MOST_JSON` bytes.
        OSError: The file can't be read.
    """
    with _opened(name) as (stream, source):
        content = stream.read(MOST_JSON + 1)
    if len(content) > MOST_JSON:
        raise JsonTooLarge(path=source, limit=MOST_JSON)
    return content, source


@contextmanager
def _opened(name: str) -> Iterator[tuple[typing.BinaryIO, str]]:
    if name == STANDARD_STREAM:
        yield sys.stdin.buffer, "<stdin>"
        return
    with Path(name).open("rb") as stream:
        yield stream, name


def files_in(folder: Path) -> Callable[[str], Blob]:
    """Return what finds the file for a reference inside a folder, and refuses one that a link leads out of it."""
    root = folder.resolve()

    def find(reference: str) -> Blob:
        path = Path(os.path.realpath(root / reference, strict=True))
        if not path.is_relative_to(root):
            raise ReferenceUnsafe(place=Place(path=reference))
        if path.exists() and not path.is_file() and not path.is_dir():  # reading a pipe would wait for ever
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return Blob.of_file(path)

    return find


def write_file(out: Output, target: str, read: str, produce: Callable[[Writable], None]) -> None:
    """Have a file written that appears when it is whole, or standard output for `-`.

    Args:
        out: Has standard output.
        target: Where to; a regular file that is there is replaced.
        read: The file that is read meanwhile, which is never replaced.
        produce: Writes the content.

    Raises:
        NotOverwritten: configuration; the target is the file that is read, or is no regular file.
        FileUnusable: configuration; it can't be written.
    """
    if target == STANDARD_STREAM:
        produce(out)
        return
    path = Path(target)
    with _named(path):
        there = path.lstat() if os.path.lexists(path) else None
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise NotOverwritten(path=target, reason=Words("it is no regular file", "không phải là tệp thường"))
    if there is not None and read != STANDARD_STREAM and path.samefile(read):
        raise NotOverwritten(path=target, reason=Words("it is the file that is read", "đó chính là tệp đang đọc"))
    part = _part_of(path)
    with _new_file(part, path) as new:
        if there is not None:
            os.fchmod(new.descriptor, stat.S_IMODE(there.st_mode))
        produce(new)
    with _named(path):
        part.replace(path)


@dataclass(frozen=True, slots=True)
class Placed:
    """A blob and the file that is to hold it."""

    path: Path
    blob: Blob


@dataclass(slots=True)
class FilesInto:
    """Puts blobs into a folder under safe names, over no file with other content.

    Attributes:
        folder: Where to; made where it isn't there.
        taken: Names that are given away.
        placed: What was placed, in order.
    """

    folder: Path
    taken: set[str] = field(default_factory=set)
    placed: list[Placed] = field(default_factory=list)

    def place(self, blob: Blob, name: str) -> Placed:
        """Choose the file of a blob by the attachment's name; nothing is written yet."""
        safe = safe_file_name(name, self.taken)
        self.taken.add(safe)
        placed = Placed(self.folder / safe, blob)
        self.placed.append(placed)
        return placed

    def write(self) -> None:
        """Write all that isn't there yet; a file of a name that has just these bytes is left as it is.

        Raises:
            NotOverwritten: configuration; something else has one of the names; nothing was written.
            FileUnusable: configuration; folder or file can't be written.
        """
        with _named(self.folder):
            if os.path.lexists(self.folder) and not self.folder.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            self.folder.mkdir(parents=True, exist_ok=True)
        missing = [placed for placed in self.placed if not _is_there(placed)]
        for placed in missing:
            part = _part_of(placed.path)
            with _new_file(part, placed.path) as new:
                placed.blob.copy_to(new)
            with _named(placed.path):
                try:
                    os.link(part, placed.path)  # renaming would replace what somebody has put there meanwhile
                finally:
                    part.unlink()


def _part_of(path: Path) -> Path:
    """Return where a file is written until it is whole."""
    return path.with_name(f".{secrets.token_hex(8)}.part")


def _is_there(placed: Placed) -> bool:
    with _named(placed.path):
        if not os.path.lexists(placed.path):
            return False
        there = placed.path.lstat()
        same = stat.S_ISREG(there.st_mode) and there.st_size == placed.blob.size and Blob.of_file(placed.path) == placed.blob
    if not same:
        reason = Words("its content is another one; choose another folder", "nội dung khác; hãy chọn thư mục khác")
        raise NotOverwritten(path=str(placed.path), reason=reason)
    return True


class _NewFile:
    def __init__(self, descriptor: int, shown: Path) -> None:
        self.descriptor = descriptor
        self._shown = shown

    def write(self, content: bytes, /) -> None:
        view = memoryview(content)
        while view:
            with _named(self._shown):
                view = view[os.write(self.descriptor, view) :]


@contextmanager
def _new_file(path: Path, shown: Path) -> Iterator[_NewFile]:
    """Make a file that isn't there; where the block fails it goes again. `shown` is its name for sentences."""
    with _named(shown):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        yield _NewFile(descriptor, shown)
        with _named(shown):
            os.fsync(descriptor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Name the file that was asked for in errors of the operating system, which don't always do."""
    try:
        yield
    except OSError as error:
        raise FileUnusable(path=str(path), reason=error.strerror or type(error).__name__) from error
