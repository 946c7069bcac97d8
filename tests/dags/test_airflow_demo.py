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

from lienthong.cli import airflow_demo
from lienthong.cli.airflow_demo import AirflowNotReady, AirflowRun
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
    monkeypatch.setattr(airflow_demo, "_POLITELY", 0.3)
    process = subprocess.Popen([sys.executable, "-c", LEADER], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    process.task = int(process.stdout.readline())  # type: ignore[attr-defined]
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_stop_ends_tasks_that_left_the_process_group(leader: subprocess.Popen[str], settings_file: Path) -> None:
    """Nothing that Airflow started outlives the demo, whatever process group it is in."""
    run = AirflowRun(settings_file.parent / "airflow", {"h42": settings_file})
    run._processes["scheduler"] = leader  # type: ignore[assignment]
    assert leader.task in airflow_demo._members([leader.pid])  # type: ignore[attr-defined]
    run.stop()
    assert airflow_demo._members([leader.pid]) == []
    assert leader.returncode == -signal.SIGTERM


def test_next_run_ends_what_a_killed_demo_left(leader: subprocess.Popen[str], settings_file: Path) -> None:
    """A demo that was killed leaves a record, by which the next one ends what still runs."""
    run = AirflowRun(settings_file.parent / "airflow", {})
    run.home.mkdir()
    record = {"boot": airflow_demo._boot(), "sessions": {leader.pid: airflow_demo._started_at(leader.pid)}}
    (run.home / "sessions.json").write_text(json.dumps(record), encoding="utf-8")
    run._end_leftovers()
    assert airflow_demo._members([leader.pid]) == []
    assert not (run.home / "sessions.json").exists()


def test_number_that_belongs_to_another_process_now_is_left_alone(leader: subprocess.Popen[str], settings_file: Path) -> None:
    """A process that merely has the number of an earlier one is none of ours."""
    run = AirflowRun(settings_file.parent / "airflow", {})
    run.home.mkdir()
    record = {"boot": airflow_demo._boot(), "sessions": {leader.pid: "1"}}
    (run.home / "sessions.json").write_text(json.dumps(record), encoding="utf-8")
    run._end_leftovers()
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


def test_broken_settings_are_named_before_anything_starts(settings_file: Path) -> None:
    """A mistake in the settings is told at once, and no folder is made."""
    settings_file.write_text("version: 1\nroutse: {}\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="routes"):
        AirflowRun(settings_file.parent / "airflow", {"h42": settings_file})
    assert not (settings_file.parent / "airflow").exists()


def test_component_that_ended_is_named_with_its_log(leader: subprocess.Popen[str], settings_file: Path) -> None:
    """When one of Airflow's processes ends by itself, the demo says which one and where its output stands."""
    run = AirflowRun(settings_file.parent / "airflow", {})
    run._processes["scheduler"] = leader  # type: ignore[assignment]
    run._check_alive()
    leader.kill()
    leader.wait()
    with pytest.raises(AirflowNotReady, match=r"scheduler ended with exit code -9.*scheduler\.log"):
        run._check_alive()
