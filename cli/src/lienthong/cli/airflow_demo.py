"""A private Airflow for the demo, spoken to by its REST interface: set up in a folder of its own, bound to loopback, gone at the end."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import quote

from lienthong.cli.airflow_processes import AirflowNotReady, AirflowProcesses
from lienthong.cli.signals import ended_by_exception
from lienthong.core.errors import ConfigurationError, ExtraMissing, LienthongError, Transient, Words
from lienthong.core.http import Endpoint, HttpClient
from lienthong.sdk.settings import load_settings

USER = "admin"
_ENDED = frozenset({"success", "failed"})
_PASSWORDS = "simple_auth_manager_passwords.json"
_SILENT = Words("its interface does not answer yet", "chưa có trả lời")
_POLL = 0.3
_PATIENCE = 3  # repeats of a question that Airflow failed to answer


@dataclass(eq=False, kw_only=True)
class AirflowAnswerUnusable(Transient):
    """Airflow's own interface gave an answer that the demo can't go on with."""

    code: ClassVar[str] = "LT-DEMO-002"
    en: ClassVar[str] = "Airflow answered {method} {path} with HTTP {status}: {detail}"
    vi: ClassVar[str] = "Airflow trả lời {method} {path} bằng HTTP {status} (máy báo: {detail})."
    method: str
    path: str
    status: int
    detail: str


@dataclass(eq=False, kw_only=True)
class DagsUnreadable(ConfigurationError):
    """Airflow found the DAG files and can't read one of them; `detail` is its own report."""

    code: ClassVar[str] = "LT-DEMO-003"
    en: ClassVar[str] = "Airflow can't read the DAGs: {detail}"
    vi: ClassVar[str] = "Airflow không đọc được các DAG (máy báo: {detail})."
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
        progress: Told in English and Vietnamese what is being waited for.
        environment: What the tasks see, secrets of the settings among it; None means this process's own. Its Airflow variables are
            left out.
        ready_within: Seconds that Airflow has to become ready.

    Raises:
        ExtraMissing: configuration; Airflow isn't installed.
        SettingsMissing, YamlInvalid, SettingsInvalid: configuration; from a settings file.
        AirflowNotReady: retry.
        DagsUnreadable: configuration.
    """

    def __init__(
        self,
        home: Path,
        sources: Mapping[str, Path],
        *,
        progress: Callable[[str, str], None] = lambda _en, _vi: None,
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
        self.processes = AirflowProcesses(self.home, self._environment)
        self._undone = ExitStack()
        self._client = HttpClient(Endpoint(url=self.address, transport="trusted-network"), name="airflow", timeout=30)
        self._token = ""
        self._awake: set[str] = set()

    @property
    def address(self) -> str:
        """Address of the user interface; the user is `USER`, the password `password`."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        with ExitStack() as undone:
            undone.enter_context(ended_by_exception())
            undone.enter_context(self._client)
            self._prepare()
            undone.callback(self._stop)
            self._progress("starting Airflow", "đang khởi động Airflow")
            self.processes.start()
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
            AirflowAnswerUnusable, AirflowNotReady: retry.
        """
        started = time.monotonic()
        run_ids = {dag_id: self._begin(dag_id, within) for dag_id in dag_ids}
        results: dict[str, DagRunResult] = {}
        while len(results) < len(run_ids):
            time.sleep(_POLL)
            self.processes.check_alive()
            seconds = time.monotonic() - started
            for dag_id in run_ids.keys() - results.keys():
                run_id = run_ids[dag_id]
                state = str(self._call("GET", f"/api/v2/dags/{_q(dag_id)}/dagRuns/{_q(run_id)}")["state"])
                if state in _ENDED or seconds > within:
                    results[dag_id] = self._result(dag_id, run_id, state, seconds)
        return tuple(results[dag_id] for dag_id in dag_ids)

    def _stop(self) -> None:
        self._progress("stopping Airflow", "đang dừng Airflow")
        self.processes.stop()

    def _prepare(self) -> None:
        try:
            release = version("apache-airflow-core")
        except PackageNotFoundError:
            raise ExtraMissing(extra="airflow", purpose=Words("The demo through Airflow", "Bản chạy thử qua Airflow")) from None
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.processes.end_leftovers()
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
            self._progress("setting up Airflow's database", "đang tạo cơ sở dữ liệu của Airflow")
            for old in (self.home / "airflow.cfg", *self.home.glob("empty-*")):
                old.unlink(missing_ok=True)
            self.processes.migrate(template)
        for ending in ("", "-wal", "-shm"):
            (self.home / f"airflow.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(template, self.home / "airflow.db")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self._ready_within
        missing: Words | None = _SILENT
        told: Words | None = None
        while missing:
            if time.monotonic() > deadline:
                raise AirflowNotReady(reason=missing, logs=str(self.processes.logs))
            self.processes.check_alive()
            time.sleep(_POLL)
            missing = self._missing()
            if missing and missing != told:
                self._progress(f"waiting for Airflow: {missing.en}", f"đang chờ Airflow: {missing.vi}")
                told = missing
        self._progress(f"Airflow is ready at {self.address}", f"Airflow đã sẵn sàng tại {self.address}")

    def _missing(self) -> Words | None:
        """Return what Airflow still lacks; None when it is ready."""
        try:
            health = self._call("GET", "/api/v2/monitor/health", signed=False)
            lame = [part for part in ("scheduler", "dag_processor") if health[part]["status"] != "healthy"]
            if lame:
                return Words(f"{' and '.join(lame)} not running yet", f"{', '.join(lame)} chưa chạy")
            if not self._token:
                login = {"username": USER, "password": self.password}
                self._token = str(self._call("POST", "/auth/token", login, signed=False)["access_token"])
            broken = self._call("GET", "/api/v2/importErrors")["import_errors"]
            unread = self.dag_ids - {dag["dag_id"] for dag in self._call("GET", "/api/v2/dags?limit=1000")["dags"]}
        except AirflowAnswerUnusable:
            raise
        except LienthongError:
            return _SILENT
        if broken:
            raise DagsUnreadable(detail=str(broken[0]["stack_trace"]).strip())
        if unread:
            return Words(f"{len(unread)} of {len(self.dag_ids)} DAGs not read yet", f"chưa đọc {len(unread)} trong {len(self.dag_ids)} DAG")
        return None

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
                reason = Words(f"the scheduler has not begun {dag_id}", f"bộ lập lịch chưa chạy {dag_id}")
                raise AirflowNotReady(reason=reason, logs=str(self.processes.logs / "scheduler.log"))
            self.processes.check_alive()
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
            raise AirflowAnswerUnusable(method=method, path=path, status=reply.status, detail=detail)
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
