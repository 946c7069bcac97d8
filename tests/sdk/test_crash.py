"""A worker is killed in the middle of a batch."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lienthong.sandbox import Centre, Fault, Sandbox
from lienthong.sdk import Document, Exchange, queries

WORKER = """
import sys
from lienthong.sdk import Exchange
with Exchange.from_settings(sys.argv[1]) as exchange:
    exchange.run("documents-out", time_box=60)
"""


def test_killed_worker_loses_nothing_doubles_nothing_and_leaves_the_unknown_uncertain(
    sandbox: Sandbox, settings_text: Callable[[Centre], str], letter: Callable[..., Document], tmp_path: Path, clock: object
) -> None:
    """After SIGKILL every document is at the axis exactly once, or held as uncertain; the next worker sends the rest."""
    settings = tmp_path / "lienthong.yaml"
    settings.write_text(settings_text(sandbox.options.centres[0]), encoding="utf-8")
    numbers = [str(number) for number in range(1, 25)]
    with Exchange.from_settings(settings, clock=clock) as exchange:
        messages = {number: exchange.send(letter(number=number), sender="H42.12", to=["H42.13"]).id for number in numbers}
        # Each upload is carried out at once and answered late, so that the kill finds some without their answer.
        sandbox.faults.add(Fault(operation="sendEdoc", fault="delay", times=len(numbers), seconds=0.3))
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(settings)])
        deadline = time.monotonic() + 60
        while len(sandbox.axis.packets()) < 6 and time.monotonic() < deadline:
            time.sleep(0.01)
        worker.kill()
        worker.wait()
        sandbox.faults.clear()
        sent_before = len(sandbox.axis.packets())
        assert 6 <= sent_before < len(numbers)
        clock.turn(hours=1)  # the leases of the dead worker end
        while exchange.run("documents-out").more:
            pass
        states = {number: queries.detail(exchange.ledger, message).state for number, message in messages.items()}
    at_axis = Counter(packet.notation.partition("/")[0] for packet in sandbox.axis.packets())
    assert set(states.values()) <= {"sent", "uncertain"}
    assert max(at_axis.values()) == 1
    assert {number for number, state in states.items() if state == "sent"} <= set(at_axis)
    assert set(numbers) - set(at_axis) <= {number for number, state in states.items() if state == "uncertain"}
    assert "uncertain" in states.values()
