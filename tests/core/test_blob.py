"""Bytes that may be large."""

from __future__ import annotations

import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import threading
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lienthong.core.blob import IN_MEMORY, Blob, Spool
from lienthong.core.errors import SpoolFailed

CONTENT = bytes(range(256)) * 9000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["bytes", "file", "stored", "spooled"])
def blob(request: pytest.FixtureRequest, tmp_path: Path) -> Blob:
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    made = {"bytes": Blob.of_bytes(CONTENT), "file": Blob.of_file(path), "stored": Blob.stored(DIGEST, len(CONTENT), path)}
    return spooled(Spool(tmp_path), CONTENT) if request.param == "spooled" else made[request.param]


def spooled(spool: Spool, content: bytes, *, pieces: int = 7) -> Blob:
    writer = spool.writer()
    length = len(content) // pieces + 1
    for start in range(0, len(content), length):
        writer.write(content[start : start + length])
    assert writer.size == len(content)
    return writer.blob()


def different(number: int, size: int) -> bytes:
    return random.Random(number).randbytes(size)


def test_blob_knows_digest_and_size_and_gives_its_bytes_again_and_again(blob: Blob) -> None:
    """Wherever the bytes stand, every stream starts at the first one."""
    assert (blob.sha256, blob.size) == (DIGEST, len(CONTENT))
    assert blob.read() == CONTENT
    for _ in range(2):
        with blob.open() as stream:
            assert stream.read(3) == CONTENT[:3]


def test_blobs_of_the_same_content_are_equal_and_show_none_of_it(blob: Blob) -> None:
    """Two blobs compare by content; no repr holds the bytes or the path."""
    assert blob == Blob.of_bytes(CONTENT)
    assert hash(blob) == hash(Blob.of_bytes(CONTENT))
    assert blob != Blob.of_bytes(b"")
    assert repr(blob) == f"Blob(sha256='{DIGEST}', size={len(CONTENT)})"


def test_stored_blob_is_not_read_before_it_is_opened(tmp_path: Path) -> None:
    """A ledger names blobs without touching them."""
    blob = Blob.stored(DIGEST, 1, tmp_path / "gone")
    with pytest.raises(FileNotFoundError):
        blob.open()


def test_stream_of_a_blob_is_sought_like_any_file(blob: Blob) -> None:
    """Formats whose table stands at the end are read from there."""
    with blob.open() as stream:
        assert stream.seekable()
        assert stream.seek(-5, io.SEEK_END) == len(CONTENT) - 5
        assert stream.read(99) == CONTENT[-5:]
        assert stream.read(1) == b""
        stream.seek(1_000_003)
        assert stream.tell() == 1_000_003
        stream.seek(2, io.SEEK_CUR)
        assert stream.read(300) == CONTENT[1_000_005:1_000_305]
        stream.seek(len(CONTENT) + 10)
        assert stream.read() == b""


def test_blob_is_copied_whole(blob: Blob) -> None:
    """Whoever takes bytes gets all of them, in order."""
    target = io.BytesIO()
    blob.copy_to(target)
    assert target.getvalue() == CONTENT


def test_many_blobs_share_one_file_and_keep_to_their_own_bytes(tmp_path: Path) -> None:
    """Large and small ones, in memory or not, never see their neighbours, even while others are still written."""
    spool = Spool(tmp_path)
    sizes = [0, 1, IN_MEMORY - 1, IN_MEMORY, IN_MEMORY + 1, 300_000, 5, 3 << 20, IN_MEMORY + 2, 0]
    contents = [different(number, size) for number, size in enumerate(sizes)]
    blobs = [spooled(spool, content) for content in contents]
    assert [blob.read() for blob in blobs] == contents
    assert blobs == [Blob.of_bytes(content) for content in contents]
    streams = [blob.open() for blob in blobs]
    parts: list[list[bytes]] = [[] for _ in blobs]
    while pieces := [(number, piece) for number, stream in enumerate(streams) if (piece := stream.read(50_000))]:
        for number, piece in pieces:
            parts[number].append(piece)
    for stream in streams:
        stream.close()
    assert [b"".join(part) for part in parts] == contents
    assert spool.file().size == sum(size for size in sizes if size > IN_MEMORY)


def test_zip_in_a_spool_is_read_in_place(tmp_path: Path) -> None:
    """A section of the shared file serves as a file of its own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", CONTENT)
    spool = Spool(tmp_path)
    spooled(spool, CONTENT)
    blob = spooled(spool, packed.getvalue())
    spooled(spool, CONTENT)
    with blob.open() as stream, zipfile.ZipFile(stream) as archive:
        assert archive.read("a") == CONTENT


def test_threads_read_blobs_at_the_same_time_while_one_is_written(tmp_path: Path) -> None:
    """No reader moves another's place."""
    spool = Spool(tmp_path)
    contents = [different(number, 400_000 + number) for number in range(4)]
    blobs = [spooled(spool, content) for content in contents]
    together = threading.Barrier(9)

    def read(number: int) -> bool:
        together.wait()
        with blobs[number].open() as stream:
            return all(stream.seek(0) == 0 and stream.read() == contents[number] for _ in range(20))

    with ThreadPoolExecutor(8) as readers:
        results = [readers.submit(read, number % 4) for number in range(8)]
        together.wait()
        late = [spooled(spool, content) for content in contents]
        assert all(result.result() for result in results)
    assert late == blobs
    assert [blob.read() for blob in late] == contents


def test_large_content_passes_through_a_spool_in_little_memory(tmp_path: Path) -> None:
    """Fifty megabytes are written, read and copied in blocks."""
    block = different(1, 1 << 20)
    tracemalloc.start()
    try:
        spool = Spool(tmp_path)
        writer = spool.writer()
        for _ in range(50):
            writer.write(block)
        blob = writer.blob()
        again = Spool(tmp_path).writer()
        blob.copy_to(again)
        assert again.blob() == blob
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    assert blob.size == 50 << 20


def test_small_content_needs_no_file(tmp_path: Path) -> None:
    """Up to 64 KiB nothing touches the disk, not even a folder that isn't there; beyond, its want can be mended."""
    spool = Spool(tmp_path / "absent")
    assert spooled(spool, CONTENT[:IN_MEMORY]).read() == CONTENT[:IN_MEMORY]
    with pytest.raises(SpoolFailed) as caught:
        spooled(spool, CONTENT[: IN_MEMORY + 1])
    assert caught.value.action == "retry"
    assert str(tmp_path) not in str(caught.value)


def test_file_has_no_name_and_goes_with_its_last_blob(tmp_path: Path) -> None:
    """Nobody else finds it, and nothing has to be cleaned up."""
    spool = Spool(tmp_path)
    first, last = spooled(spool, CONTENT), spooled(spool, CONTENT[1:])
    descriptor = spool.file().descriptor
    assert list(tmp_path.iterdir()) == []
    del spool, first
    assert last.read() == CONTENT[1:]
    del last
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_open_stream_outlives_its_blob(tmp_path: Path) -> None:
    """Who still reads has the bytes."""
    stream = spooled(Spool(tmp_path), CONTENT).open()
    with stream:
        assert stream.read() == CONTENT


def test_crash_leaves_nothing_behind(tmp_path: Path) -> None:
    """A process that is killed while it writes leaves no file of somebody's documents in the folder."""
    program = """
import os, pathlib, signal, sys
from lienthong.core.blob import Spool
spool = Spool(pathlib.Path(sys.argv[1]))
writer = spool.writer()
writer.write(bytes(1 << 20))
blob = writer.blob()
spool.writer().write(bytes(1 << 20))
os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []
