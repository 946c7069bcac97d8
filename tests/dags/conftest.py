"""Airflow in a folder of its own: it reads its environment when it is first imported, so that this is done here and at once."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_HOME = Path(tempfile.mkdtemp(prefix="lienthong-airflow-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)  # also where nothing of this folder runs, and so no fixture
os.environ.update(
    {
        "AIRFLOW_HOME": str(_HOME),
        "AIRFLOW__CORE__DAGS_FOLDER": str(_HOME / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "True",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_HOME / 'airflow.db'}",
    }
)

# Airflow puts a handler on the root logger; the tests of other parts, which run in the same process, shall not see it.
_root = logging.getLogger()
_level, _handlers = _root.level, _root.handlers[:]
pytest.importorskip("airflow.sdk.definitions.dag", reason="needs the extra [airflow]")
_root.setLevel(_level)
_root.handlers[:] = _handlers

SETTINGS = """\
version: 1
organisations:
  H42.12: {name: Sở Khoa học và Công nghệ}
  H42.13: {name: Sở Nội vụ}
store: {ledger: "sqlite:///var/ledger.sqlite", blobs: var/blobs}
connections:
  axis: {kind: document_axis, wire: A, endpoint: "https://axis.example", system_id: "00.42.W00", secret: "env:AXIS_SECRET"}
routes:
  documents-out: {does: send, organisations: [H42.12, H42.13], through: axis, every: 1m, when_uncertain: hold}
  documents-in: {does: receive, through: axis, every: 2h, time_box: 30s, hand_to: application}
"""


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    path = tmp_path / "lienthong.yaml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path
