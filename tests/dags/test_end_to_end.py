"""A DAG that Airflow found in its folder carries real work, against the sandbox."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lienthong.cli.demo_settings import Demo, main_job
from lienthong.dags.operators import RunRouteOperator
from lienthong.sdk import Document, Exchange, SignerInfo


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The sandbox, and the settings of the province and the ministry."""
    with main_job(tmp_path) as running:
        yield running


def send(exchange: Exchange) -> str:
    document = Document(
        number="7",
        notation="SKHCN-VP",
        subject="Nội dung không được vào XCom",
        signer=SignerInfo(full_name="Nguyễn Văn Mẫu"),
        promulgation_date=date(2026, 11, 20),
    )
    return exchange.send(document, sender="H42.12", to=["G22"]).id


def test_task_sends_what_stands_in_line_and_returns_counts_only(demo: Demo) -> None:
    """One time box of a route; no document content in what Airflow keeps."""
    with Exchange.from_settings(demo.settings["h42"]) as exchange:
        message = send(exchange)
        kept = RunRouteOperator(task_id="run", route="documents-out", settings=str(demo.settings["h42"])).execute({})
        assert kept["done"] == 1
        assert "không được vào XCom" not in json.dumps(kept, ensure_ascii=False)
        assert exchange.message(message).state == "sent"


def test_dag_of_a_route_runs_through_airflow(demo: Demo) -> None:
    """From the file in the DAGs folder to the packet on the axis."""
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415 - slow; the environment is set by then
    from airflow.utils import db  # noqa: PLC0415

    folder = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    folder.mkdir(exist_ok=True)
    lines = ("from lienthong.dags.factory import build_dags", f"globals().update(build_dags({str(demo.settings['h42'])!r}, prefix='h42'))")
    (folder / "h42.py").write_text('"""Airflow looks for these two words: airflow, dag."""\n' + "\n".join(lines) + "\n", encoding="utf-8")
    with Exchange.from_settings(demo.settings["h42"]) as exchange, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Airflow's own, from its migrations and its log set-up
        message = send(exchange)
        db.initdb()
        bag = DagBag(folder)
        assert bag.import_errors == {}
        run = bag.dags["h42.documents-out"].test()
        assert run.state == "success"
        assert exchange.message(message).state == "sent"
