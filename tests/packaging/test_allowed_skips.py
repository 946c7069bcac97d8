"""The rule of tests/allowed_skips.py, tried on a pytest of its own."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]

FILES = {
    "test_listed.py": """
import pytest

def test_listed():
    pytest.skip("samples of others are not beside this checkout (../shared/samples)")

@pytest.mark.xfail(reason="known", strict=True)
def test_expected_failure():
    assert False
""",
    "test_call.py": "import pytest\ndef test_unlisted():\n    pytest.skip('no time')",
    "test_mark.py": "import pytest\n@pytest.mark.skip(reason='no time')\ndef test_unlisted():\n    pass",
    "test_module.py": "import pytest\npytest.skip('no time', allow_module_level=True)",
    "test_import.py": "import pytest\npytest.importorskip('a_package_that_nobody_has', reason='no time')",
}


def _run(folder: Path, *, ci: str) -> subprocess.CompletedProcess[str]:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    environment = os.environ | {"CI": ci, "PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    options = ["-p", "allowed_skips", "-p", "no:cacheprovider", "--continue-on-collection-errors", "--rootdir", str(folder)]
    command = [sys.executable, "-m", "pytest", *options, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)


def test_unlisted_skip_fails_in_ci(tmp_path: Path) -> None:
    """Where CI is set, a skip for another reason is a failure, wherever it is raised; listed skips and xfail stay what they are."""
    done = _run(tmp_path, ci="true")
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 skipped, 1 xfailed, 3 errors" in done.stdout
    for name in FILES.keys() - {"test_listed.py"}:
        assert name in done.stdout
    assert "This reason is not on the list" in done.stdout


def test_unlisted_skip_is_a_skip_elsewhere(tmp_path: Path) -> None:
    """Without CI nothing changes."""
    done = _run(tmp_path, ci="")
    assert done.returncode == 0, done.stdout
    assert "5 skipped, 1 xfailed" in done.stdout
