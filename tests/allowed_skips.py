"""The one list of reasons for which a test may be skipped; where `CI` is true, any other skip is a failure."""

import os
import re
from collections.abc import Generator

import pytest

ALLOWED = (
    # Packets, recordings and vectors that others wrote are not ours to publish.
    r"are not beside this checkout \(\.\./shared/\w+\)",
    # Not every system has the device that is always full, and tells a process its own peak of memory.
    r"^needs /dev/full$",
    r"^needs /proc/self/status$",
)

_STRICT = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse(report)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not _STRICT or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(re.search(allowed, reason) for allowed in ALLOWED):
        report.outcome = "failed"
        report.longrepr = f"{reason}\n\nThis reason is not on the list in tests/allowed_skips.py, and CI is set."
