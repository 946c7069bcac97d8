"""Content-addressed files."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.sdk.blobs import Blobs
from lienthong.sdk.errors import StoreUnusable


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)  # a disk takes its time
@given(content=st.binary(max_size=5000))
def test_what_is_put_in_comes_out_by_its_digest(content: bytes, tmp_path: Path) -> None:
    """get(put(x)) is x, however often it is put."""
    blobs = Blobs(tmp_path)
    blob = blobs.put(content)
    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert blobs.put(content) == blob
    assert blobs.get(blob.sha256, blob.size).read() == content


def test_writing_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """Half of a packet is no packet."""
    blobs = Blobs(tmp_path)

    def fail_half_way() -> None:
        with blobs.writer() as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_folder_that_cannot_be_made_is_a_configuration_error(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnusable):
        Blobs(tmp_path / "file" / "blobs")


def test_blob_is_on_disk_before_its_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is synced before it gets its name, and its folder after."""
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(
        os,
        "fsync",
        lambda descriptor: (steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"), sync(descriptor))[1],
    )
    monkeypatch.setattr(Path, "replace", lambda self, target: (steps.append("name"), replace(self, target))[1])
    Blobs(tmp_path).put(b"content")
    assert [step for step in steps if step != "folder"] == ["file", "name"]
    assert steps[-1] == "folder"


def test_blobs_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    """They are citizens' papers."""
    blob = Blobs(tmp_path / "blobs").put(b"content")
    [path] = (tmp_path / "blobs").rglob(blob.sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
