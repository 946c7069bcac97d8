"""Bytes that may be large."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from lienthong.core.blob import Blob

CONTENT = bytes(range(256)) * 9000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["bytes", "file", "stored"])
def blob(request: pytest.FixtureRequest, tmp_path: Path) -> Blob:
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    made = {"bytes": Blob.of_bytes(CONTENT), "file": Blob.of_file(path), "stored": Blob.stored(DIGEST, len(CONTENT), path)}
    return made[request.param]


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
