"""Bytes that may be large, known by their SHA-256."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Never, Protocol, Self

from lienthong.core.errors import SpoolFailed

IN_MEMORY = 1 << 16
"""Bytes up to which a spooled blob stays in memory, as long as its spool holds no more than a hundred times that."""

_BLOCK = 1 << 20


class Writable(Protocol):
    """Anything that bytes can be written to: a file, a socket, a digest with a `write`."""

    def write(self, content: bytes, /) -> object:
        """Take some bytes."""


@dataclass(frozen=True, slots=True)
class Blob:
    """An immutable run of bytes that is read when needed.

    Attributes:
        sha256: Lower-case hex SHA-256 of the bytes; two blobs with the same content are equal.
        size: Length in bytes.
    """

    sha256: str
    size: int
    _source: bytes | Path | _Section = field(repr=False, compare=False)

    @classmethod
    def of_bytes(cls, content: bytes) -> Self:
        """Return a blob that keeps `content` in memory."""
        return cls(hashlib.sha256(content).hexdigest(), len(content), content)

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Return a blob that reads a file, which must not change from now on.

        Raises:
            OSError: The file can't be read.
        """
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
            return cls(digest.hexdigest(), stream.tell(), path)

    @classmethod
    def stored(cls, sha256: str, size: int, path: Path) -> Self:
        """Return a blob for a file whose digest and size are already known."""
        return cls(sha256, size, path)

    def open(self) -> BinaryIO:
        """Return a new binary stream at the first byte; the caller closes it."""
        if isinstance(self._source, bytes):
            return io.BytesIO(self._source)
        if isinstance(self._source, Path):
            return self._source.open("rb")
        return io.BufferedReader(_SectionReader(self._source), _BLOCK)

    def read(self) -> bytes:
        """Return all the bytes; for content that is known to be small."""
        if isinstance(self._source, bytes):
            return self._source
        with self.open() as stream:
            return stream.read()

    def copy_to(self, target: Writable) -> None:
        """Write the bytes to a target, a block at a time."""
        with self.open() as stream:
            while block := stream.read(_BLOCK):
                target.write(block)


class Spool:
    """A private temporary file that many blobs share: it has no name, and goes when the last of them does, also after a crash.

    What is small stays in memory. Not for several threads at once; the blobs are.

    Attributes:
        written: Bytes that its writers have taken, also for what became no blob.
        held: Bytes of its blobs that are in memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Use a folder for the file, which is only made when something is too large for memory; None for the system's own."""
        self.written = 0
        self.held = 0
        self._folder = folder
        self._file: _File | None = None

    def writer(self) -> SpoolWriter:
        """Return a writer of one blob; only one at a time."""
        return SpoolWriter(self)

    def file(self) -> _File:
        """Return the file, opened on first use."""
        if self._file is None:
            self._file = _File(self._folder)
        return self._file


class SpoolWriter:
    """Takes the bytes of one blob."""

    def __init__(self, spool: Spool) -> None:
        self.size = 0
        self._spool = spool
        self._digest = hashlib.sha256()
        self._head = bytearray()
        self._start: int | None = None

    def write(self, content: bytes, /) -> int:
        """Take some bytes.

        Raises:
            SpoolFailed: retry; there is no room.
        """
        self._digest.update(content)
        self.size += len(content)
        self._spool.written += len(content)
        if self._start is None and self.size <= IN_MEMORY and self._spool.held + self.size <= 100 * IN_MEMORY:
            self._head += content
            return len(content)
        file = self._spool.file()
        if self._start is None:
            self._start = file.size
            file.append(self._head)
            self._head.clear()
        file.append(content)
        return len(content)

    def blob(self) -> Blob:
        """Return what was written as a blob; nothing is written afterwards."""
        if self._start is not None:
            return Blob(self._digest.hexdigest(), self.size, _Section(self._spool.file(), self._start, self.size))
        self._spool.held += self.size
        return Blob(self._digest.hexdigest(), self.size, bytes(self._head))


class _File:
    """An unnamed file that is only appended to, and read at any place by any thread.

    It is closed when nobody holds it any more. A copy is the file itself, and there is no pickle of it: the number of its descriptor
    alone would soon be another file's.
    """

    def __init__(self, folder: Path | None) -> None:
        with _disk():
            stream = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 (lives as long as the blobs in it)
        weakref.finalize(self, stream.close)
        self.descriptor = stream.fileno()
        self.size = 0

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> Never:
        reason = "a blob in a temporary file can't be pickled; put its bytes where the other process finds them"
        raise TypeError(reason)

    def append(self, content: bytes | bytearray) -> None:
        view = memoryview(content)
        with _disk():
            while view:
                written = os.pwrite(self.descriptor, view, self.size)
                self.size += written
                view = view[written:]


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SpoolFailed(detail=error.strerror or type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class _Section:
    file: _File
    start: int
    size: int


class _SectionReader(io.RawIOBase):
    """Reads a section of a file without moving anybody else's position."""

    def __init__(self, section: _Section) -> None:
        super().__init__()
        self._section = section
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._section.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: memoryview | bytearray, /) -> int:  # type: ignore[override]
        section = self._section
        count = max(0, min(len(buffer), section.size - self._position))
        read = os.preadv(section.file.descriptor, [memoryview(buffer)[:count]], section.start + self._position)
        if read < count:  # the file only grows, so that its bytes can't be missing but through a failing disk
            raise SpoolFailed(detail="its bytes are gone")
        self._position += read
        return read
