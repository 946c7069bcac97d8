"""Bytes that may be large, known by their SHA-256."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self


@dataclass(frozen=True, slots=True)
class Blob:
    """An immutable run of bytes that is read when needed.

    Attributes:
        sha256: Lower-case hex SHA-256 of the bytes; two blobs with the same content are equal.
        size: Length in bytes.
    """

    sha256: str
    size: int
    _source: bytes | Path = field(repr=False, compare=False)

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
        return self._source.open("rb")

    def read(self) -> bytes:
        """Return all the bytes; for content that is known to be small."""
        if isinstance(self._source, bytes):
            return self._source
        return self._source.read_bytes()
