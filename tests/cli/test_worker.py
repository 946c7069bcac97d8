"""`worker`: exit codes, and a loop that ends when told."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lienthong.sandbox import Fault, Sandbox

Run = Callable[..., Any]

LETTER = ("--from", "H42.12", "--notation", "TB", "--subject", "Thông báo", "--signer", "Nguyễn Văn Mẫu")


def send(run: Run, settings: Path, number: str, to: str = "G22") -> str:
    result = run("--settings", settings, "send", *LETTER, "--number", number, "--to", to, "--json")
    assert result.code == 0
    return json.loads(result.out)["id"]


def test_every_route_runs_once_and_all_is_well(run: Run, settings: Path, sandbox: Sandbox) -> None:
    """`--once` runs all routes; what was done stands in a table and in JSON, and the exit code is 0."""
    send(run, settings, "1")
    first = run("--settings", settings, "worker", "--once", "--json")
    assert first.code == 0
    reports = {report["route"]: report for report in json.loads(first.out)["routes"]}
    assert reports["documents-out"]["done"] == 1
    assert reports["dossiers-up"]["done"] == 3
    second = run("--settings", settings, "worker", "--once")
    assert second.code == 0
    for name in ("documents-out", "documents-in", "dossiers-up"):
        assert name in second.out
    assert len(sandbox.portal.dossiers()) == 3


def test_refused_packet_gives_exit_code_one_and_its_reason(run: Run, settings: Path) -> None:
    """A packet that the axis refuses is named with code and reason; the exit code is 1."""
    send(run, settings, "2", to="H42.99")
    result = run("--settings", settings, "worker", "--once", "--route", "documents-out")
    assert result.code == 1
    assert "H42.99" in result.err
    assert result.err.startswith("LT-")


def test_what_waits_in_its_pause_gives_exit_code_one(run: Run, settings: Path, sandbox: Sandbox) -> None:
    """A document that was put off counts again in a run that comes before its pause is over; a later run that sends it is good."""
    send(run, settings, "8")
    sandbox.faults.add(Fault(operation="sendEdoc", fault="drop-before-processing"))
    once = ("--settings", settings, "worker", "--once", "--route", "documents-out")
    assert run(*once).code in (1, 3)
    with sqlite3.connect(settings.parent / "var" / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE lienthong_transmissions SET state = 'queued', not_before = '2100-01-01 00:00:00.000000'")
    waiting = run(*once, "--json")
    assert waiting.code == 1
    assert json.loads(waiting.out)["routes"][0]["waiting"] == 1
    assert "documents-out: 1 still wait" in waiting.err
    with sqlite3.connect(settings.parent / "var" / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE lienthong_transmissions SET not_before = '2000-01-01 00:00:00.000000'")
    assert run(*once).code == 0


def test_dossiers_that_wait_in_their_pause_give_exit_code_one(run: Run, settings: Path) -> None:
    """A dossier that was put off counts in a run that comes before its pause is over."""
    once = ("--settings", settings, "worker", "--once", "--route", "dossiers-up")
    assert run(*once).code == 0
    with sqlite3.connect(settings.parent / "var" / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE lienthong_dossiers SET state = 'pending', not_before = '2100-01-01 00:00:00.000000'")
    waiting = run(*once)
    assert waiting.code == 1
    assert "dossiers-up: 3 still wait" in waiting.err


def test_packet_of_unknown_fate_gives_exit_code_three(run: Run, settings: Path, sandbox: Sandbox) -> None:
    """A connection that breaks after the packet has left gives exit code 3, and the packet is held."""
    message = send(run, settings, "3")
    sandbox.faults.add(Fault(operation="sendEdoc", fault="drop-before-reply"))
    result = run("--settings", settings, "worker", "--once", "--route", "documents-out")
    assert result.code == 3
    shown = json.loads(run("--settings", settings, "message", message, "--json").out)
    assert shown["message"]["state"] == "uncertain"


def test_failing_route_does_not_stop_the_others(run: Run, settings: Path, sandbox: Sandbox) -> None:
    """A route that can't work is named in one sentence; the others run, and the worst exit code counts."""
    text = settings.read_text(encoding="utf-8").replace(f"{sandbox.base_url}/portal", "http://127.0.0.1:9/portal")
    settings.write_text(text, encoding="utf-8")
    message = send(run, settings, "4")
    result = run("--settings", settings, "worker", "--once", "--route", "dossiers-up", "--route", "documents-out")
    assert result.code == 1
    assert "did not run" in result.out
    assert "LT-HTTP-001 portal" in result.err
    assert json.loads(run("--settings", settings, "message", message, "--json").out)["message"]["state"] == "sent"


def test_unknown_route_is_wrong_configuration_and_nothing_runs(run: Run, settings: Path, sandbox: Sandbox) -> None:
    """A misspelt route is named with the nearest right one before anything runs."""
    result = run("--settings", settings, "worker", "--once", "--route", "documents-out", "--route", "documents-inn")
    assert result.code == 2
    assert "documents-in" in result.err
    assert sandbox.axis.calls() == {}


def test_settings_without_routes_give_a_worker_nothing_to_run(run: Run, tmp_path: Path) -> None:
    """A worker without any route says so instead of waiting forever."""
    (tmp_path / "lienthong.yaml").write_text("version: 1\n", encoding="utf-8")
    result = run("--settings", tmp_path / "lienthong.yaml", "worker")
    assert result.code == 2
    assert result.err.startswith("LT-CLI-004 ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_runs_until_told_and_ends_well(run: Run, settings: Path, number: int) -> None:
    """Without `--once` a worker runs due routes, prints what was done, and ends with exit code 0 on SIGTERM or Ctrl-C."""
    send(run, settings, "5")
    worker = start("--settings", settings, "worker", "--route", "documents-out", "--route", "documents-in")
    line = worker.stdout.readline()
    worker.send_signal(number)
    _, err = worker.communicate(timeout=30)
    assert worker.returncode == 0, err
    assert "documents-out: 1 done" in line
    assert "Traceback" not in err


def test_worker_goes_on_when_a_route_cannot_work(run: Run, settings: Path, sandbox: Sandbox) -> None:
    """An unreachable remote system is one sentence in the loop, not its end."""
    text = settings.read_text(encoding="utf-8").replace(f"{sandbox.base_url}/portal", "http://127.0.0.1:9/portal").replace("5s", "0.3s")
    settings.write_text(text, encoding="utf-8")
    worker = start("--settings", settings, "worker", "--route", "dossiers-up", "--route", "documents-out", "--json")
    try:
        while "LT-HTTP-001 portal" not in (line := worker.stderr.readline()):
            assert line, "the worker ended"
        send(run, settings, "6")
        report = json.loads(worker.stdout.readline())
        while report["route"] != "documents-out":
            report = json.loads(worker.stdout.readline())
        assert report["done"] == 1
    finally:
        worker.terminate()
        _, err = worker.communicate(timeout=30)
    assert worker.returncode == 0, err


def test_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    """The first Ctrl-C waits for the present step, a second one doesn't, and gives exit code 130 without a traceback."""
    code = (
        "import sys, time\n"
        "import lienthong.cli.worker as worker\n"
        "from lienthong.cli.main import main\n"
        "def step(out, settings, wanted):\n"
        "    with worker.told_to_end() as told:\n"
        "        print('ready', flush=True)\n"
        "        told.wait(60)\n"
        "        print('noted', flush=True)\n"
        "        time.sleep(60)\n"
        "worker.run_until_told = step\n"
        "sys.argv = ['lienthong', 'worker']\n"
        "main()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "noted\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "")


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from lienthong.cli.main import main; main()", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
