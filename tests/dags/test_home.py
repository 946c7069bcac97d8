"""The folder that Airflow gets for these tests."""

import os
import subprocess
import sys
from pathlib import Path


def test_nothing_is_left_behind_where_no_test_runs(tmp_path: Path) -> None:
    """A run that only collects removes Airflow's folder too."""
    words = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", str(Path(__file__).parent)]
    done = subprocess.run(words, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
    assert list(tmp_path.glob("lienthong-airflow-*")) == []
