"""A private Airflow for the demo: set up in a folder of its own, bound to loopback, and gone when the demo ends.

Three processes (api-server, scheduler, dag-processor) run in sessions of their own. A session holds whatever Airflow starts in it,
also the tasks, which leave their parent's process group; so stopping means ending everything in these sessions. Linux only.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, Self
from urllib.parse import quote

from lienthong.core.errors import ExtraMissing, LienthongError, Transient
from lienthong.core.http import Endpoint, HttpClient
from lienthong.sdk.settings import load_settings

USER = "admin"
_COMPONENTS = {"api-server": ("api-server",), "scheduler": ("scheduler", "--skip-serve-logs"), "dag-processor": ("dag-processor",)}
_ENDED = frozenset({"success", "failed"})
_PASSWORDS = "simple_auth_manager_passwords.json"
_POLL = 0.3
_PATIENCE = 3  # repeats of a question that Airflow failed to answer
_POLITELY = 8.0  # seconds that Airflow has to end by itself
_SURELY = 5.0  # seconds after which a killed process is no longer waited for


@dataclass(eq=False, kw_only=True)
class AirflowNotReady(Transient):
    """Airflow ended or didn't become ready in time."""

    code: ClassVar[str] = "LT-DEMO-001"
    en: ClassVar[str] = "Airflow is not ready: {reason}. Its output stands in {logs}."
    vi: ClassVar[str] = "Airflow chưa sẵn sàng: {reason}. Nhật ký nằm trong {logs}."
    reason: str
    logs: str


@dataclass(eq=False, kw_only=True)
class AirflowRefused(Transient):
    """Airflow's own interface gave an answer that the demo can't go on with."""

    code: ClassVar[str] = "LT-DEMO-002"
    en: ClassVar[str] = "Airflow answered {method} {path} with HTTP {status}: {detail}"
    vi: ClassVar[str] = "Airflow trả lời {method} {path} bằng HTTP {status}: {detail}"
    method: str
    path: str
    status: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DagRunResult:
    """What became of one run.

    Attributes:
        state: `success` or `failed`; `queued` or `running` if the time was up before.
        seconds: From the request to its end.
        report: What the route's task returned; empty if it didn't.
        log: Lines of the task's log, if the run did not succeed.
    """

    dag_id: str
    run_id: str
    state: str
    seconds: float
    report: Mapping[str, object] = field(default_factory=dict)
    log: tuple[str, ...] = ()


class AirflowRun:
    """Runs Airflow for the DAGs of some settings files, as a context manager; nothing of it outlives the block.

    Args:
        home: The folder for all that Airflow writes, such as `var/demo/airflow`. Only the migrated empty database is kept for the
            next run, so that nothing of an earlier demo is seen or waited for.
        sources: Settings files by the prefix of their DAG ids.
        progress: Told in a few words what is being waited for, in English.
        environment: What the tasks see, secrets of the settings among it; None means this process's own. Its Airflow variables are
            left out.
        ready_within: Seconds that Airflow has to become ready.

    Raises:
        ExtraMissing: configuration; Airflow isn't installed.
        SettingsMissing, YamlInvalid, SettingsInvalid: configuration; from a settings file.
        AirflowNotReady: retry.
    """

    def __init__(
        self,
        home: Path,
        sources: Mapping[str, Path],
        *,
        progress: Callable[[str], None] = lambda _: None,
        environment: Mapping[str, str] | None = None,
        ready_within: float = 180,
    ) -> None:
        self.home = home.resolve()
        self.password = secrets.token_urlsafe(12)
        self._sources = {prefix: path.resolve() for prefix, path in sources.items()}
        routes = ((prefix, route) for prefix, path in self._sources.items() for route in load_settings(path).routes)
        self.dag_ids = frozenset(f"{prefix}.{route}" if prefix else route for prefix, route in routes)
        self._progress = progress
        self._port = _free_port()
        self._environment = self._airflow_environment(os.environ if environment is None else environment)
        self._ready_within = ready_within
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._undone = ExitStack()
        self._client = HttpClient(Endpoint(url=self.address, transport="trusted-network"), name="airflow", timeout=30)
        self._token = ""
        self._awake: set[str] = set()

    @property
    def address(self) -> str:
        """Address of the user interface; the user is `USER`, the password `password`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def logs(self) -> Path:
        """Folder of what Airflow's own processes print."""
        return self.home / "output"

    def __enter__(self) -> Self:
        with ExitStack() as undone:
            undone.enter_context(_signals_raise())
            undone.enter_context(self._client)
            undone.callback(self.stop)
            self._prepare()
            self._start()
            self._wait_until_ready()
            self._undone = undone.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undone.close()

    def run(self, *dag_ids: str, within: float = 120) -> tuple[DagRunResult, ...]:
        """Run DAGs side by side, each once, and return what became of them, in the same order.

        Args:
            dag_ids: Which. A DAG that ran before goes on by its own schedule beside this.
            within: Seconds after which a run is given up; it then has the state that it had.

        Raises:
            AirflowRefused, AirflowNotReady: retry.
        """
        started = time.monotonic()
        run_ids = {dag_id: self._begin(dag_id, within) for dag_id in dag_ids}
        results: dict[str, DagRunResult] = {}
        while len(results) < len(run_ids):
            time.sleep(_POLL)
            self._check_alive()
            seconds = time.monotonic() - started
            for dag_id in run_ids.keys() - results.keys():
                run_id = run_ids[dag_id]
                state = str(self._call("GET", f"/api/v2/dags/{_q(dag_id)}/dagRuns/{_q(run_id)}")["state"])
                if state in _ENDED or seconds > within:
                    results[dag_id] = self._result(dag_id, run_id, state, seconds)
        return tuple(results[dag_id] for dag_id in dag_ids)

    def stop(self) -> None:
        """End Airflow and all that it started; does nothing when nothing runs."""
        if not self._processes:
            return
        self._progress("stopping Airflow")
        _end_sessions([process.pid for process in self._processes.values()])
        for process in self._processes.values():
            process.wait()
        self._processes.clear()
        (self.home / "sessions.json").unlink(missing_ok=True)

    def _prepare(self) -> None:
        try:
            release = version("apache-airflow-core")
        except PackageNotFoundError:
            raise ExtraMissing(extra="airflow", purpose="The demo through Airflow") from None
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._end_leftovers()
        for folder in ("dags", "logs", "output"):
            shutil.rmtree(self.home / folder, ignore_errors=True)
            (self.home / folder).mkdir()
        passwords = self.home / _PASSWORDS
        passwords.unlink(missing_ok=True)
        passwords.touch(mode=0o600)
        passwords.write_text(json.dumps({USER: self.password}), encoding="utf-8")
        for prefix, settings in self._sources.items():
            (self.home / "dags" / f"{prefix or 'routes'}.py").write_text(_dag_file(settings, prefix), encoding="utf-8")
        template = self.home / f"empty-{release}.db"
        if not template.exists():
            self._progress("setting up Airflow's database")
            self._migrate(template)
        for ending in ("", "-wal", "-shm"):
            (self.home / f"airflow.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(template, self.home / "airflow.db")

    def _migrate(self, template: Path) -> None:
        for old in (self.home / "airflow.cfg", *self.home.glob("empty-*")):
            old.unlink(missing_ok=True)
        unfinished = self.home / "empty-unfinished.db"
        log = self.logs / "db-migrate.log"
        command = [sys.executable, "-m", "airflow", "db", "migrate"]
        environment = {**self._environment, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{unfinished}"}
        with log.open("wb") as output:
            done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)  # noqa: S603 - our own interpreter
        if done.returncode:
            raise AirflowNotReady(reason=f"setting up its database failed with exit code {done.returncode}", logs=str(log))
        unfinished.replace(template)  # only whole, so that a second run may trust it

    def _start(self) -> None:
        self._progress("starting Airflow")
        for name, arguments in _COMPONENTS.items():
            with (self.logs / f"{name}.log").open("wb") as output:
                self._processes[name] = subprocess.Popen(  # noqa: S603 - our own interpreter
                    [sys.executable, "-m", "airflow", *arguments],
                    cwd=self.home,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        sessions = {process.pid: _started_at(process.pid) for process in self._processes.values()}
        (self.home / "sessions.json").write_text(json.dumps({"boot": _boot(), "sessions": sessions}), encoding="utf-8")

    def _end_leftovers(self) -> None:
        """End what an earlier run left behind because it was killed."""
        record = self.home / "sessions.json"
        with suppress(OSError, ValueError, KeyError, AttributeError):
            kept = json.loads(record.read_text(encoding="utf-8"))
            if kept["boot"] == _boot():
                # A number that now belongs to another process is not ours any more.
                ours = [int(pid) for pid, at in kept["sessions"].items() if _started_at(int(pid)) in (at, None)]
                _end_sessions(ours)
        record.unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self._ready_within
        missing = "its interface does not answer yet"
        told = ""
        while missing:
            if time.monotonic() > deadline:
                raise AirflowNotReady(reason=missing, logs=str(self.logs))
            self._check_alive()
            time.sleep(_POLL)
            missing = self._missing()
            if missing and missing != told:
                self._progress(f"waiting for Airflow: {missing}")
                told = missing
        self._progress(f"Airflow is ready at {self.address}")

    def _missing(self) -> str:
        """Return what Airflow still lacks, in words; empty when it is ready."""
        try:
            health = self._call("GET", "/api/v2/monitor/health", signed=False)
            lame = [part for part in ("scheduler", "dag_processor") if health[part]["status"] != "healthy"]
            if lame:
                return f"{' and '.join(lame)} not running yet"
            if not self._token:
                login = {"username": USER, "password": self.password}
                self._token = str(self._call("POST", "/auth/token", login, signed=False)["access_token"])
            broken = self._call("GET", "/api/v2/importErrors")["import_errors"]
            unread = self.dag_ids - {dag["dag_id"] for dag in self._call("GET", "/api/v2/dags?limit=1000")["dags"]}
        except AirflowRefused:
            raise
        except LienthongError:
            return "its interface does not answer yet"
        if broken:
            raise AirflowNotReady(reason=str(broken[0]["stack_trace"]).strip(), logs=str(self.logs))
        return f"{len(unread)} of {len(self.dag_ids)} DAGs not read yet" if unread else ""

    def _check_alive(self) -> None:
        for name, process in self._processes.items():
            if process.poll() is not None:
                reason = f"{name} ended with exit code {process.returncode}"
                raise AirflowNotReady(reason=reason, logs=str(self.logs / f"{name}.log"))

    def _begin(self, dag_id: str, within: float) -> str:
        """Begin a run and return its id: the first one by waking the DAG, which is then due by its schedule; later ones by hand."""
        runs = f"/api/v2/dags/{_q(dag_id)}/dagRuns"
        if dag_id in self._awake:
            return str(self._call("POST", runs, {"logical_date": None})["dag_run_id"])
        self._call("PATCH", f"/api/v2/dags/{_q(dag_id)}?update_mask=is_paused", {"is_paused": False})
        self._awake.add(dag_id)
        deadline = time.monotonic() + within
        while not (begun := self._call("GET", f"{runs}?order_by=run_after&limit=1")["dag_runs"]):
            if time.monotonic() > deadline:
                raise AirflowNotReady(reason=f"the scheduler has not begun {dag_id}", logs=str(self.logs / "scheduler.log"))
            self._check_alive()
            time.sleep(_POLL)
        return str(begun[0]["dag_run_id"])

    def _result(self, dag_id: str, run_id: str, state: str, seconds: float) -> DagRunResult:
        base = f"/api/v2/dags/{_q(dag_id)}/dagRuns/{_q(run_id)}/taskInstances"
        (task,) = self._call("GET", base)["task_instances"]
        report: Mapping[str, object] = {}
        log: list[str] = []
        if state == "success":
            report = self._call("GET", f"{base}/{_q(task['task_id'])}/xcomEntries/return_value")["value"]
        elif task["try_number"]:
            entries = self._call("GET", f"{base}/{_q(task['task_id'])}/logs/{task['try_number']}?full_content=true")["content"]
            log = [line for entry in entries if (line := _log_line(entry))]
        return DagRunResult(dag_id=dag_id, run_id=run_id, state=state, seconds=seconds, report=report, log=tuple(log))

    def _call(self, method: str, path: str, body: object = None, *, signed: bool = True) -> Any:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if signed:
            headers["Authorization"] = f"Bearer {self._token}"
        content = None if body is None else json.dumps(body).encode()
        reply = self._client.request(method, path, headers=headers, body=content, safe=method == "GET")
        for _ in range(_PATIENCE):
            if method != "GET" or reply.status < 500:  # noqa: PLR2004 - the class of the server's own faults
                break
            time.sleep(1)  # SQLite is locked now and then while three processes start
            reply = self._client.request(method, path, headers=headers, safe=True)
        if not 200 <= reply.status < 300:  # noqa: PLR2004 - the class of success
            detail = reply.body[:300].decode("utf-8", "replace")
            raise AirflowRefused(method=method, path=path, status=reply.status, detail=detail)
        return json.loads(reply.body)

    def _airflow_environment(self, outer: Mapping[str, str]) -> dict[str, str]:
        own = {
            "API__HOST": "127.0.0.1",
            "API__MAXIMUM_PAGE_LIMIT": "1000",
            "API__PORT": str(self._port),
            "API__BASE_URL": self.address,
            "API__SECRET_KEY": secrets.token_urlsafe(48),
            "API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
            "CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
            "CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
            "CORE__DAGS_FOLDER": str(self.home / "dags"),
            "CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__PARALLELISM": "4",
            "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.home / _PASSWORDS),
            "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
            "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home / 'airflow.db'}",
            "LOGGING__BASE_LOG_FOLDER": str(self.home / "logs"),
            "LOGGING__COLORED_CONSOLE_LOG": "False",
            "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(self.home / "logs" / "dag_processor"),
            "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.3",
        }
        environment = {name: value for name, value in outer.items() if not name.startswith(("AIRFLOW_", "_AIRFLOW"))}
        environment |= {f"AIRFLOW__{name}": value for name, value in own.items()}
        environment["AIRFLOW_HOME"] = str(self.home)
        # Tasks speak to the api-server on this machine, also where the environment names a proxy for everything else.
        for name in ("no_proxy", "NO_PROXY"):
            environment[name] = ",".join(filter(None, (outer.get(name), "127.0.0.1,localhost")))
        return environment


def _dag_file(settings: Path, prefix: str) -> str:
    return (
        f'"""Airflow reads the DAGs of {settings.name} here."""\n\n'
        "from lienthong.dags.factory import build_dags\n\n"
        f"globals().update(build_dags({str(settings)!r}, prefix={prefix!r}))\n"
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _q(text: str) -> str:
    return quote(text, safe="")


def _log_line(entry: Mapping[str, Any]) -> str:
    """Return a log entry for the terminal, with the exceptions in it and without their tracebacks; empty for Airflow's own marks."""
    if entry["event"].startswith("::") or "level" not in entry:
        return ""
    causes = "".join(f"\n  {cause['exc_type']}: {cause['exc_value']}" for cause in entry.get("error_detail") or ())
    return f"{entry['event']}{causes}"


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Let a request to end become an exception, as Ctrl-C is, so that nothing is left running."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_sessions(sessions: Sequence[int]) -> None:
    """End every process of these sessions: politely at first, after some seconds for certain."""
    for wait, number in ((_POLITELY, signal.SIGTERM), (_SURELY, signal.SIGKILL)):
        # The leaders pass a request to end on to their tasks; the rest only gets what can't be refused.
        for pid in sessions if number == signal.SIGTERM else _members(sessions):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        deadline = time.monotonic() + wait
        # Asked to end once more: no more politeness.
        with suppress(KeyboardInterrupt, SystemExit):
            while _members(sessions) and time.monotonic() < deadline:
                time.sleep(0.1)


def _members(sessions: Sequence[int]) -> list[int]:
    """Return the living processes of some sessions."""
    wanted = {str(session) for session in sessions}
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if (stat := _stat(pid)) and stat[3] in wanted and stat[0] != "Z"]


def _stat(pid: int) -> list[str]:
    """Return the fields of `/proc/PID/stat` from the third (state) on; empty if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(") ")[2].split()
    except OSError:
        return []


def _started_at(pid: int) -> str | None:
    stat = _stat(pid)
    return stat[19] if stat else None


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
