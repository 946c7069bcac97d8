"""The demo's private Airflow, as far as it can be tested without starting one; `make demo` is the test of the whole."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag

from lienthong.cli import airflow_demo, airflow_processes
from lienthong.cli.airflow_demo import AirflowRun, DagsUnreadable
from lienthong.cli.airflow_processes import AirflowNotReady, AirflowProcesses
from lienthong.cli.signals import ended_by_exception
from lienthong.sdk.errors import SettingsInvalid

# A leader that starts a task which, as Airflow's do, leaves the process group and takes no hints.
LEADER = """
import os, signal, sys, time
if os.fork() == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(os.getpid(), flush=True)
    time.sleep(60)
time.sleep(60)
"""


@pytest.fixture
def leader(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    monkeypatch.setattr(airflow_processes, "_POLITELY", 0.3)
    process = subprocess.Popen([sys.executable, "-c", LEADER], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    process.task = int(process.stdout.readline())  # type: ignore[attr-defined]
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_stop_ends_tasks_that_left_the_process_group(leader: subprocess.Popen[str], tmp_path: Path) -> None:
    """Nothing that Airflow started outlives the demo, whatever process group it is in."""
    processes = AirflowProcesses(tmp_path, {})
    processes._running["scheduler"] = leader  # type: ignore[assignment]
    assert leader.task in airflow_processes.members([leader.pid])  # type: ignore[attr-defined]
    processes.stop()
    assert airflow_processes.members([leader.pid]) == []
    assert leader.returncode == -signal.SIGTERM


def test_next_run_ends_what_a_killed_demo_left(leader: subprocess.Popen[str], tmp_path: Path) -> None:
    """A demo that was killed leaves a record, by which the next one ends what still runs."""
    processes = AirflowProcesses(tmp_path, {})
    record = {"boot": airflow_processes.boot(), "sessions": {leader.pid: airflow_processes.started_at(leader.pid)}}
    (tmp_path / "sessions.json").write_text(json.dumps(record), encoding="utf-8")
    processes.end_leftovers()
    assert airflow_processes.members([leader.pid]) == []
    assert not (tmp_path / "sessions.json").exists()


def test_number_that_belongs_to_another_process_now_is_left_alone(leader: subprocess.Popen[str], tmp_path: Path) -> None:
    """A process that merely has the number of an earlier one is none of ours."""
    processes = AirflowProcesses(tmp_path, {})
    record = {"boot": airflow_processes.boot(), "sessions": {leader.pid: "1"}}
    (tmp_path / "sessions.json").write_text(json.dumps(record), encoding="utf-8")
    processes.end_leftovers()
    assert leader.poll() is None


def test_environment_keeps_secrets_and_drops_another_airflow(settings_file: Path) -> None:
    """Tasks see the secrets of the settings; an Airflow that the user has set up elsewhere is neither seen nor touched."""
    outer = {"AXIS_SECRET": "x", "AIRFLOW_HOME": "/elsewhere", "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor", "no_proxy": "intranet"}
    run = AirflowRun(settings_file.parent / "airflow", {"h42": settings_file}, environment=outer)
    assert run._environment["AXIS_SECRET"] == "x"
    assert run._environment["AIRFLOW_HOME"] == str(run.home)
    assert run._environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert run._environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert run._environment["no_proxy"] == "intranet,127.0.0.1,localhost"


def test_written_dag_files_give_the_expected_dags(settings_file: Path) -> None:
    """The files in the private DAG folder make just the DAGs that the demo waits for, also in a folder with a blank and a quote."""
    folder = settings_file.parent / "Sở's folder"
    folder.mkdir()
    copy = folder / "lienthong.yaml"
    copy.write_bytes(settings_file.read_bytes())
    run = AirflowRun(folder / "airflow", {"h42": copy})
    (folder / "h42.py").write_text(airflow_demo._dag_file(copy, "h42"), encoding="utf-8")
    bag = DagBag(str(folder / "h42.py"))
    assert bag.import_errors == {}
    assert set(bag.dags) == run.dag_ids == {"h42.documents-out", "h42.documents-in"}


def test_dag_that_airflow_cannot_read_is_configuration(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting longer mends no broken DAG: it is told at once, in Airflow's own words, which in Vietnamese are marked as such."""
    run = AirflowRun(settings_file.parent / "airflow", {"h42": settings_file})
    run._token = "known"
    answers = {
        "/api/v2/monitor/health": {part: {"status": "healthy"} for part in ("scheduler", "dag_processor")},
        "/api/v2/importErrors": {"import_errors": [{"stack_trace": "NameError: x"}]},
        "/api/v2/dags?limit=1000": {"dags": []},
    }
    monkeypatch.setattr(run, "_call", lambda _, path, **__: answers[path])
    with pytest.raises(DagsUnreadable) as raised:
        run._missing()
    assert raised.value.exit_code == 2
    assert "(máy báo: NameError: x)" in raised.value.sentence("vi")


def test_request_to_end_is_an_exception_inside_the_block_only() -> None:
    """SIGTERM ends the block by an exception, so that Airflow is stopped on the way out; the former handler comes back."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as raised, ended_by_exception():
        signal.raise_signal(signal.SIGTERM)
    assert raised.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


def test_broken_settings_are_named_before_anything_starts(settings_file: Path) -> None:
    """A mistake in the settings is told at once, and no folder is made."""
    settings_file.write_text("version: 1\nroutse: {}\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="routes"):
        AirflowRun(settings_file.parent / "airflow", {"h42": settings_file})
    assert not (settings_file.parent / "airflow").exists()


def test_component_that_ended_is_named_with_its_log(leader: subprocess.Popen[str], tmp_path: Path) -> None:
    """When one of Airflow's processes ends by itself, the demo says which one and where its output stands."""
    processes = AirflowProcesses(tmp_path, {})
    processes._running["scheduler"] = leader  # type: ignore[assignment]
    processes.check_alive()
    leader.kill()
    leader.wait()
    with pytest.raises(AirflowNotReady, match=r"scheduler ended with exit code -9.*scheduler\.log") as raised:
        processes.check_alive()
    assert "scheduler đã dừng với mã thoát -9" in raised.value.sentence("vi")
