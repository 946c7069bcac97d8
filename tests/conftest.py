"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["allowed_skips"]

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _shared(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"{name} of others are not beside this checkout (../shared/{name})")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """Packets that others' software wrote."""
    return _shared("samples")


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Recordings and test vectors of others."""
    return _shared("vectors")
