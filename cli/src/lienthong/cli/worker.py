"""Running routes without Airflow: each when it is due, again at once while there is more to do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lienthong.cli.errors import NoRoutes, as_our_error
from lienthong.cli.messages import open_exchange
from lienthong.cli.output import Output, shown
from lienthong.cli.signals import told_to_end
from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import LienthongError, Transient
from lienthong.sdk import Exchange, RunReport
from lienthong.sdk.settings import SendRoute, SynchroniseRoute

Result = RunReport | LienthongError

_NEWEST = 1000

_COUNTS = (
    ("done", "done", "xong"),
    ("unchanged", "unchanged", "không đổi"),
    ("refused", "refused", "bị từ chối"),
    ("later", "later", "để sau"),
    ("uncertain", "uncertain", "chưa rõ"),
    ("quarantined", "quarantined", "cách ly"),
)


def run_once(out: Output, settings: Path | None, wanted: Sequence[str]) -> int:
    """Run routes once each, print what was done and return the worst exit code."""
    with open_exchange(settings) as exchange, told_to_end() as told:
        routes = _routes(exchange, wanted)
        results: dict[str, Result] = {}
        for name in routes:
            if told.ended:
                break
            with out.progress(f"Running {name}", f"Đang chạy {name}"):
                result = _run(exchange, name)
                # Counted before the next route runs, which may put statuses into this one's line.
                results[name] = replace(result, waiting=_waiting(exchange, name)) if isinstance(result, RunReport) else result
            _problems(out, result)
            if waiting := getattr(results[name], "waiting", 0):
                out.say(f"{name}: {waiting} still wait to be sent", f"{name}: còn {waiting} đang chờ gửi")
    if out.as_json:
        out.document({"routes": [_plain(name, result) for name, result in results.items()]})
    else:
        columns = (out.text("Route", "Tuyến"), *(out.text(en, vi) for _, en, vi in _COUNTS), out.text("seconds", "giây"))
        out.table(columns, [_row(out, name, result) for name, result in results.items()])
    return max((exit_code(result) for result in results.values()), default=0)


def run_until_told(out: Output, settings: Path | None, wanted: Sequence[str]) -> int:
    """Run routes when they are due until this process is told to end, and return the exit code 0."""
    with open_exchange(settings) as exchange, told_to_end() as told:
        due = dict.fromkeys(_routes(exchange, wanted), time.monotonic())
        names = ", ".join(due)
        out.say(f"Running {names} until Ctrl-C.", f"Đang chạy {names}; nhấn Ctrl-C để dừng.")
        # The one that has waited longest comes first, so that none with much to do keeps others from their turn.
        while not told.wait(min(due.values()) - time.monotonic()):
            name = min(due, key=due.__getitem__)
            result = _run(exchange, name)
            _tell(out, name, result)
            due[name] = time.monotonic() + _pause(exchange, name, result)
    return 0


def exit_code(result: Result) -> int:
    """Return 0 if a route did all it could, 1 if something was refused or waits, 3 if something is uncertain, or its error's own."""
    if isinstance(result, LienthongError):
        return result.exit_code
    if result.uncertain:
        return 3
    return 1 if result.refused or result.later or result.waiting else 0


def _routes(exchange: Exchange, wanted: Sequence[str]) -> list[str]:
    """Return the routes to run, each once, all of them if none is named; raises UnknownName and NoRoutes."""
    for name in wanted:
        exchange.settings.route(name)
    if not exchange.settings.routes:
        raise NoRoutes
    return list(dict.fromkeys(wanted)) or list(exchange.settings.routes)


def _run(exchange: Exchange, name: str) -> Result:
    try:
        return exchange.run(name)
    except (LienthongError, OSError) as error:
        if (ours := as_our_error(error)) is None:
            raise
        return ours


def _waiting(exchange: Exchange, name: str) -> int:
    """Return how many messages or dossiers of a route still stand in line, in a pause or not, of the newest thousand of each sender."""
    plan = exchange.settings.route(name)
    if isinstance(plan, SendRoute):
        lines = [line for code in plan.organisations for line in exchange.outbox(organisation=code, limit=_NEWEST)]
        return sum(line.state == "queued" or (line.state == "mixed" and _partly_queued(exchange, line.id)) for line in lines)
    if isinstance(plan, SynchroniseRoute):
        return len(exchange.dossiers(name, state="pending", limit=_NEWEST))
    return 0


def _partly_queued(exchange: Exchange, message: str) -> bool:
    return any(delivery.state == "queued" for delivery in exchange.message(message).deliveries)


def _pause(exchange: Exchange, name: str, result: Result) -> float:
    every = exchange.settings.route(name).every.total_seconds()
    if isinstance(result, Transient):
        return max(every, result.retry_after or 0)
    if isinstance(result, RunReport) and result.more and _worked(result):
        return 0
    return every


def _worked(report: RunReport) -> bool:
    return any(getattr(report, field) for field, _, _ in _COUNTS if field != "later")


def _tell(out: Output, name: str, result: Result) -> None:
    """Print a run that did something; an idle one isn't worth a line every minute."""
    _problems(out, result)
    idle = isinstance(result, RunReport) and not any(getattr(result, field) for field, _, _ in _COUNTS)
    if out.as_json and not idle:
        out.document(_plain(name, result))
    elif isinstance(result, RunReport) and not idle:
        counts = ", ".join(f"{count} {out.text(en, vi)}" for field, en, vi in _COUNTS if (count := getattr(result, field)))
        out.line(f"{shown(datetime.now(HO_CHI_MINH))} {name}: {counts}")


def _problems(out: Output, result: Result) -> None:
    for problem in result.problems if isinstance(result, RunReport) else (result.problem(),):
        out.problem(problem)


def _plain(name: str, result: Result) -> dict[str, object]:
    if isinstance(result, RunReport):
        return result.as_json()
    return {"route": name, "problem": result.problem().as_json()}


def _row(out: Output, name: str, result: Result) -> tuple[object, ...]:
    if isinstance(result, RunReport):
        return (name, *(getattr(result, field) for field, _, _ in _COUNTS), result.seconds)
    return (name, out.text("did not run", "không chạy được"), *("" for _ in _COUNTS[1:]), "")
