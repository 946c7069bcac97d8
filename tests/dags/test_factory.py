from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG

from lienthong.dags.factory import build_dags
from lienthong.dags.operators import RunRouteOperator

DAGS = Path(__file__).resolve().parents[2] / "dags"


def run_task(dag: DAG) -> RunRouteOperator:
    (task,) = dag.tasks
    assert isinstance(task, RunRouteOperator)
    return task


def test_each_route_becomes_a_dag_of_its_own(settings_file: Path) -> None:
    """A DAG runs one route by the settings' period, never twice at the same time and never for the past."""
    dags = build_dags(settings_file)
    assert set(dags) == {"documents-out", "documents-in"}
    out = dags["documents-out"]
    assert out.schedule == timedelta(minutes=1)
    assert (out.catchup, out.max_active_runs) == (False, 1)
    assert out.tags == {"lienthong", "send"}
    task = run_task(out)
    assert (task.route, task.settings, task.time_box) == ("documents-out", str(settings_file), None)
    assert (task.retries, task.retry_delay) == (2, timedelta(minutes=1))


def test_rarely_run_route_is_tried_again_soon(settings_file: Path) -> None:
    """A route that runs every two hours isn't put off for two hours by a passing fault."""
    assert run_task(build_dags(settings_file)["documents-in"]).retry_delay == timedelta(minutes=5)


def test_description_is_in_both_languages(settings_file: Path) -> None:
    """The operator reads in Vietnamese and English what the route does and how often."""
    text = build_dags(settings_file)["documents-in"].doc_md or ""
    assert "Nhận văn bản đến qua axis. Cứ 2 giờ chạy một lượt, mỗi lượt tối đa 30 giây" in text
    assert "Receives documents through axis. It runs every 2 h, each time for 30 s at most" in text


def test_prefix_keeps_two_centres_apart(settings_file: Path) -> None:
    """Settings files with equal route names can share an Airflow; the task still asks for the route's own name."""
    dags = build_dags(settings_file, prefix="h42")
    assert set(dags) == {"h42.documents-out", "h42.documents-in"}
    assert run_task(dags["h42.documents-out"]).route == "documents-out"


def test_dag_file_of_the_distribution_is_read_without_a_mistake(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`dags/lienthong_dags.py`, put into Airflow's DAG folder, gives the DAGs of the settings that LIENTHONG_SETTINGS names."""
    monkeypatch.setenv("LIENTHONG_SETTINGS", str(settings_file))
    bag = DagBag(str(DAGS / "lienthong_dags.py"))
    assert bag.import_errors == {}
    assert set(bag.dags) == {"documents-out", "documents-in"}


# Airflow's reader of .airflowignore still uses a name that its pathspec library has deprecated.
@pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")
def test_folder_of_the_repository_holds_one_dag_file(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the repository's own folder as DAG folder, Airflow leaves the sources beside the DAG file alone."""
    monkeypatch.setenv("LIENTHONG_SETTINGS", str(settings_file))
    bag = DagBag(str(DAGS))
    assert [Path(stat.file).name for stat in bag.dagbag_stats] == ["lienthong_dags.py"]


def test_misspelt_key_is_airflows_import_error_in_both_languages(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator sees place, key and nearest right key, and not the way through our YAML reader."""
    settings_file.write_text(settings_file.read_text(encoding="utf-8").replace("every: 1m", "evrey: 1m"), encoding="utf-8")
    monkeypatch.setenv("LIENTHONG_SETTINGS", str(settings_file))
    copy = settings_file.parent / "lienthong_dags.py"
    shutil.copyfile(DAGS / "lienthong_dags.py", copy)
    bag = DagBag(str(copy))
    (error,) = bag.import_errors.values()
    assert "LT-SETTINGS-001 lienthong.yaml:9:" in error
    assert "did you mean every?" in error
    assert "có phải là every?" in error
    assert "core/yaml.py" not in error
    assert "sdk/settings.py" not in error


def test_missing_settings_are_airflows_import_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a settings file the DAG file says which one it looked for."""
    monkeypatch.setenv("LIENTHONG_SETTINGS", str(tmp_path / "none.yaml"))
    (error,) = DagBag(str(DAGS / "lienthong_dags.py")).import_errors.values()
    assert "LT-SETTINGS-002" in error
    assert "none.yaml" in error
