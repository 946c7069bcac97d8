"""Airflow's processes: each starts in a session of its own, and is ended with all that it has started.

A session holds whatever Airflow starts in it, also the tasks, which leave their parent's process group; so ending Airflow means
ending everything in these sessions. Linux only.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from lienthong.core.errors import Transient, Words

_COMPONENTS = {"api-server": ("api-server",), "scheduler": ("scheduler", "--skip-serve-logs"), "dag-processor": ("dag-processor",)}
_POLITELY = 8.0  # seconds that Airflow has to end by itself
_SURELY = 5.0  # seconds after which a killed process is no longer waited for


@dataclass(eq=False, kw_only=True)
class AirflowNotReady(Transient):
    """Airflow ended or didn't become ready in time."""

    code: ClassVar[str] = "LT-DEMO-001"
    en: ClassVar[str] = "Airflow is not ready: {reason}. Its output stands in {logs}."
    vi: ClassVar[str] = "Airflow chưa sẵn sàng: {reason}. Nhật ký nằm trong {logs}."
    reason: Words
    logs: str


class AirflowProcesses:
    """The processes of a private Airflow, and the record by which a later run ends what this one left.

    Args:
        home: Airflow's folder.
        environment: What the processes see.
    """

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment
        self._record = home / "sessions.json"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def logs(self) -> Path:
        """Folder of what the processes print."""
        return self._home / "output"

    def start(self) -> None:
        """Start api-server, scheduler and dag-processor."""
        for name, arguments in _COMPONENTS.items():
            with (self.logs / f"{name}.log").open("wb") as output:
                self._running[name] = subprocess.Popen(  # noqa: S603 - our own interpreter
                    [sys.executable, "-m", "airflow", *arguments],
                    cwd=self._home,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        sessions = {process.pid: started_at(process.pid) for process in self._running.values()}
        self._record.write_text(json.dumps({"boot": boot(), "sessions": sessions}), encoding="utf-8")

    def check_alive(self) -> None:
        """Raise AirflowNotReady (retry) if one of the processes has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                reason = Words(f"{name} ended with exit code {process.returncode}", f"{name} đã dừng với mã thoát {process.returncode}")
                raise AirflowNotReady(reason=reason, logs=str(self.logs / f"{name}.log"))

    def stop(self) -> None:
        """End Airflow and all that it started; does nothing when nothing runs."""
        if not self._running:
            return
        end_sessions([process.pid for process in self._running.values()])
        for process in self._running.values():
            process.wait()
        self._running.clear()
        self._record.unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """End what an earlier run left behind because it was killed."""
        with suppress(OSError, ValueError, KeyError, AttributeError):
            kept = json.loads(self._record.read_text(encoding="utf-8"))
            if kept["boot"] == boot():
                # A number that now belongs to another process is not ours any more.
                ours = [int(pid) for pid, at in kept["sessions"].items() if started_at(int(pid)) in (at, None)]
                end_sessions(ours)
        self._record.unlink(missing_ok=True)

    def migrate(self, database: Path) -> None:
        """Make an empty database of Airflow's.

        Raises:
            AirflowNotReady: retry.
        """
        unfinished = database.with_name("empty-unfinished.db")
        log = self.logs / "db-migrate.log"
        command = [sys.executable, "-m", "airflow", "db", "migrate"]
        environment = {**self._environment, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{unfinished}"}
        with log.open("wb") as output:
            done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)  # noqa: S603 - our own interpreter
        if done.returncode:
            reason = Words(
                f"setting up its database failed with exit code {done.returncode}",
                f"không tạo được cơ sở dữ liệu (mã thoát {done.returncode})",
            )
            raise AirflowNotReady(reason=reason, logs=str(log))
        unfinished.replace(database)  # only whole, so that a second run may trust it


def end_sessions(sessions: Sequence[int]) -> None:
    """End every process of these sessions: politely at first, after some seconds for certain."""
    for wait, number in ((_POLITELY, signal.SIGTERM), (_SURELY, signal.SIGKILL)):
        # The leaders pass a request to end on to their tasks; the rest only gets what can't be refused.
        for pid in sessions if number == signal.SIGTERM else members(sessions):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        deadline = time.monotonic() + wait
        # Asked to end once more: no more politeness.
        with suppress(KeyboardInterrupt, SystemExit):
            while members(sessions) and time.monotonic() < deadline:
                time.sleep(0.1)


def members(sessions: Sequence[int]) -> list[int]:
    """Return the living processes of some sessions."""
    wanted = {str(session) for session in sessions}
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if (stat := _stat(pid)) and stat[3] in wanted and stat[0] != "Z"]


def started_at(pid: int) -> str | None:
    """Return when a process started, in the kernel's own count; None if there is no such process."""
    stat = _stat(pid)
    return stat[19] if stat else None


def boot() -> str:
    """Return what tells this run of the machine from any other."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _stat(pid: int) -> list[str]:
    """Return the fields of `/proc/PID/stat` from the third (state) on; empty if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(") ")[2].split()
    except OSError:
        return []
