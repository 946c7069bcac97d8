"""Content-addressed files: what is put in is on disk, file and folder, before anything refers to it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lienthong.core.blob import Blob
from lienthong.core.errors import Words
from lienthong.sdk.errors import PacketMissing, StoreBusy, StoreUnusable

_BUFFER = 1 << 20


class Blobs:
    """A folder of immutable files named by their SHA-256; thread-safe, and safe between processes.

    Attributes:
        incoming: The folder for what isn't whole yet, on the same disk.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made if it isn't there.

        Raises:
            StoreUnusable: configuration; the folder can't be made or written.
        """
        self._folder = folder
        self.incoming = folder / "incoming"
        try:
            self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            reason = Words(
                f"the folder of blobs can't be made ({error.strerror})", f"không tạo được thư mục blob (máy báo: {error.strerror})"
            )
            raise StoreUnusable(reason=reason) from error

    def put(self, content: bytes | Blob) -> Blob:
        """Keep some bytes; when this returns they survive a crash of the machine."""
        with self.writer() as stream:
            if isinstance(content, Blob):
                content.copy_to(stream)
            else:
                stream.write(content)
        return stream.blob

    @contextmanager
    def writer(self) -> Iterator[BlobWriter]:
        """Give a stream to write to; after the block its `blob` is kept, after an exception nothing is."""
        descriptor, name = tempfile.mkstemp(dir=self.incoming)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb", buffering=_BUFFER) as stream:
                writer = BlobWriter(stream)
                yield writer
                with _disk():
                    stream.flush()
                    os.fsync(stream.fileno())
            with _disk():
                writer.blob = self._keep(path, writer.digest.hexdigest(), writer.size)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def require(self, sha256: str) -> None:
        """Raise PacketMissing (data) unless a blob is there."""
        if not self._path(sha256).is_file():
            raise PacketMissing(sha256=sha256)

    def get(self, sha256: str, size: int) -> Blob:
        """Return a blob that was put in before."""
        return Blob.stored(sha256, size, self._path(sha256))

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _keep(self, path: Path, sha256: str, size: int) -> Blob:
        target = self._path(sha256)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(self._folder)  # another process may just have made it, and not synced it yet
        path.replace(target)
        _sync_folder(target.parent)
        return Blob.stored(sha256, size, target)


class BlobWriter:
    """Takes bytes and knows their digest; `blob` is set when the writing has ended well."""

    blob: Blob

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:
        """Write some bytes."""
        self.digest.update(content)
        self.size += len(content)
        with _disk():
            return self._stream.write(content)


@contextmanager
def _disk() -> Iterator[None]:
    """A full or failing disk passes, or is mended, without anything being lost."""
    try:
        yield
    except OSError as error:
        raise StoreBusy(detail=error.strerror or type(error).__name__) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
