"""Dossiers from a one-door system to a portal: pull, map, check, push, report progress; an outcome for every dossier."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from lienthong.connectors.port import Checks, Outcome, Page, Record, Sink, Source
from lienthong.core.errors import LienthongError, Problem
from lienthong.schemas.dossier import Dossier, DossierProgress, DossierRevision
from lienthong.sdk.backoff import delay
from lienthong.sdk.errors import FateUnresolved, FieldTooLong, as_ours
from lienthong.sdk.keys import LONGEST_TEXT
from lienthong.sdk.ledger.ledger import Ledger, read_cursor, record_event, store_cursor
from lienthong.sdk.ledger.states import DOSSIER_STEPS, DossierState, step
from lienthong.sdk.ledger.tables import dossiers
from lienthong.sdk.records import RunReport, Tally

PAGE = 100

_logger = logging.getLogger(__name__)

Convert = Callable[[dict[str, object]], Dossier]
"""Makes a dossier of a source's record, or raises a DataError that names what is wrong."""

Check = Callable[[Dossier], tuple[Problem, ...]]
"""Returns what the sink will not like about a dossier."""

DossierSource = Source[dict[str, object] | Problem]
DossierSink = Sink[DossierRevision | DossierProgress]


def synchronise(
    ledger: Ledger,
    source: DossierSource,
    sink: DossierSink,
    convert: Convert,
    *,
    route: str,
    batch: int,
    seconds: float,
    keep_lease: Callable[[], None],
) -> RunReport:
    """Carry what changed at the source to the sink, until nothing is left or the time is up; one caller at a time per route.

    Args:
        convert: Makes a dossier of a source's record.
        batch: Dossiers per call of the sink.
        keep_lease: Called before each step; raises when another caller has taken the route over.

    Returns:
        How many dossiers the sink accepted (`done`), came unchanged, were refused by our check or by the sink, put off, or are
        uncertain; each problem names the field and the office that must mend it.

    Raises:
        Transient, ConfigurationError: Source or sink couldn't be used at all.
    """
    started = ledger.clock.monotonic()
    tally = Tally()
    check = _check_of(sink)

    def time_is_up() -> bool:
        keep_lease()
        tally.more = ledger.clock.monotonic() - started >= seconds
        return tally.more

    _hold_interrupted(ledger, route, tally)
    pages = _pages(source, _cursor(ledger, route))
    source_error: LienthongError | None = None
    while not time_is_up():
        # What stands in line goes first, so that a slow or absent source never holds it up.
        rows = _take_pending(ledger, route, batch)
        if rows:
            if not _push(ledger, sink, route, rows, tally, keep_lease):
                tally.more = True
                break
            continue
        try:
            page = next(pages, None)
        except LienthongError as error:
            source_error, page = error, None
        if page is None:
            break
        _store(ledger, route, page, convert, check, tally)
    if source_error is not None:
        if not tally.counts["done"]:
            raise source_error
        tally.note(source_error.problem())
    return tally.report(route, ledger.clock.monotonic() - started)


def _pages(source: DossierSource, cursor: str | None) -> Iterator[Page[Record[dict[str, object] | Problem]]]:
    """Yield pages from a cursor on until the source has nothing more."""
    while (page := source.changes(cursor, limit=PAGE)).items:
        yield page
        if page.next is None or page.next == cursor:
            return
        cursor = page.next


def _store(
    ledger: Ledger,
    route: str,
    page: Page[Record[dict[str, object] | Problem]],
    convert: Convert,
    check: Check,
    tally: Tally,
) -> None:
    """Commit a page together with the cursor behind it."""
    with ledger.begin() as connection:
        for record in page.items:
            _note(connection, ledger, route, record, convert, check, tally)
        if page.next is not None:
            store_cursor(connection, ledger, route, page.next)


def look_ahead(ledger: Ledger, source: DossierSource, sink: DossierSink, convert: Convert, *, route: str) -> RunReport:
    """Return what the next page of the source would bring, without storing or sending anything."""
    tally = Tally()
    for record in source.changes(_cursor(ledger, route), limit=PAGE).items:
        _, problems = _read(record, convert, _check_of(sink))
        errors = [problem for problem in problems if problem.level == "error"]
        tally.add("refused" if errors else "waiting", errors[0] if errors else None)
    return tally.report(route, 0.0)


def _cursor(ledger: Ledger, route: str) -> str | None:
    with ledger.read() as connection:
        return read_cursor(connection, route)


def _check_of(sink: DossierSink) -> Check:
    return sink.check_record if isinstance(sink, Checks) else lambda _: ()


def _read(record: Record[dict[str, object] | Problem], convert: Convert, check: Check) -> tuple[Dossier | None, tuple[Problem, ...]]:
    """Return a record's dossier, if it can be made, and what is wrong with it."""
    if isinstance(record.value, Problem):
        return None, (_named(record.value, record.key),)
    try:
        dossier = convert(record.value)
    except Exception as error:  # noqa: BLE001 (one record's error, whatever it is, blocks no other)
        return None, (_named(as_ours(error, record.key, _logger).problem(), record.key),)
    return dossier, tuple(_named(problem, record.key) for problem in check(dossier))


def _named(problem: Problem, number: str) -> Problem:
    """Let a problem's sentences begin with the dossier's number, for they stand in reports that tell of many."""
    if number in problem.en:
        return problem
    return replace(problem, en=f"{number}: {problem.en}", vi=f"{number}: {problem.vi}", fields={**problem.fields, "dossier": number})


def _note(
    connection: Connection,
    ledger: Ledger,
    route: str,
    record: Record[dict[str, object] | Problem],
    convert: Convert,
    check: Check,
    tally: Tally,
) -> None:
    """Write a record down; the same content again changes nothing."""
    if len(record.key) > LONGEST_TEXT:
        # Without a number that can be kept there is no line to write it in; the report is all that can name it.
        tally.add("refused", FieldTooLong(field="number", length=len(record.key), most=LONGEST_TEXT).problem())
        return
    dossier, problems = _read(record, convert, check)
    errors = [problem for problem in problems if problem.level == "error"]
    content = dossier.model_dump_json() if dossier else json.dumps([problem.as_json() for problem in errors], ensure_ascii=False)
    digest = hashlib.sha256(content.encode()).hexdigest()
    mine = (dossiers.c.route == route, dossiers.c.number == record.key)
    known = connection.execute(select(dossiers.c.digest, dossiers.c.state, dossiers.c.revision).where(*mine)).one_or_none()
    if known and known.digest == digest:
        tally.add("unchanged")
        return
    state = DossierState.INVALID if errors else DossierState.PENDING
    if known and known.state == DossierState.UNCERTAIN:
        state = DossierState.UNCERTAIN  # new content doesn't tell what became of the old
    elif known and known.state != state:
        state = step(DOSSIER_STEPS, DossierState(known.state), state)
    now = ledger.clock.now()
    values = {
        "digest": digest,
        "state": state,
        "content": content if dossier and not errors else None,
        "problems": [problem.as_json() for problem in problems] or None,
        "attempt": 0,
        "not_before": now,
        "updated_at": now,
    }
    if dossier:
        values |= {"organisation": dossier.unit.code, "office": dossier.unit.name}
    if known:
        connection.execute(update(dossiers).where(*mine).values(revision=known.revision + 1, **values))
    else:
        defaults = {"organisation": "", "office": "", "revision": 1, "known": False, "reported_steps": 0}
        connection.execute(insert(dossiers).values(route=route, number=record.key, **(defaults | values)))
    if errors:
        for problem in errors:
            tally.add("refused", problem)
        _event(connection, ledger, "dossier-invalid", dossier.unit.code if dossier else route, record.key, digest, errors[0].code)


def _hold_interrupted(ledger: Ledger, route: str, tally: Tally) -> None:
    """Hold what a run was pushing when it ended: the route is ours, so nobody is pushing it now."""
    mine = (dossiers.c.route == route, dossiers.c.state == DossierState.SENDING)
    with ledger.begin() as connection:
        for row in connection.execute(select(dossiers).where(*mine)).all():
            problem = FateUnresolved(key=row.number, attempt=row.attempt).problem()
            connection.execute(
                update(dossiers)
                .where(*mine, dossiers.c.number == row.number)
                .values(
                    state=step(DOSSIER_STEPS, DossierState.SENDING, DossierState.UNCERTAIN),
                    problems=[problem.as_json()],
                    updated_at=ledger.clock.now(),
                )
            )
            _event(connection, ledger, "uncertain", row.organisation, row.number, row.digest, problem.code)
            tally.add("uncertain", problem)


class DossierRow(NamedTuple):
    """A dossier that this run holds."""

    number: str
    organisation: str
    digest: str
    content: str
    known: bool
    reported_steps: int
    attempt: int


def _take_pending(ledger: Ledger, route: str, batch: int) -> Sequence[DossierRow]:
    """Return dossiers to push now; they are marked before the first byte leaves."""
    with ledger.begin() as connection:
        rows = connection.execute(
            select(
                dossiers.c.number,
                dossiers.c.organisation,
                dossiers.c.digest,
                dossiers.c.content,
                dossiers.c.known,
                dossiers.c.reported_steps,
                dossiers.c.attempt,
            )
            .where(dossiers.c.route == route, dossiers.c.state == DossierState.PENDING, dossiers.c.not_before <= ledger.clock.now())
            .order_by(dossiers.c.not_before, dossiers.c.number)
            .limit(batch)
            .with_for_update(skip_locked=True)
        ).all()
        connection.execute(
            update(dossiers)
            .where(dossiers.c.route == route, dossiers.c.number.in_([row.number for row in rows]))
            .values(
                state=step(DOSSIER_STEPS, DossierState.PENDING, DossierState.SENDING),
                attempt=dossiers.c.attempt + 1,
                updated_at=ledger.clock.now(),
            )
        )
    return [DossierRow(*row) for row in rows]


def _push(ledger: Ledger, sink: DossierSink, route: str, rows: Sequence[DossierRow], tally: Tally, keep_lease: Callable[[], None]) -> bool:
    """Push one batch and the progress of what was accepted; return whether the sink can be used further."""
    values = [Dossier.model_validate_json(row.content) for row in rows]
    try:
        outcomes = sink.push([DossierRevision(dossier=dossier, known=row.known) for row, dossier in zip(rows, values, strict=True)])
    except LienthongError as error:
        # The port promises that nothing was sent.
        with ledger.begin() as connection:
            for row in rows:
                _settle(connection, ledger, route, row, Outcome(state="later", problem=error.problem()), tally)
        if not tally.counts["done"]:
            raise
        return False
    accepted = []
    with ledger.begin() as connection:
        for row, dossier, outcome in zip(rows, values, outcomes, strict=True):
            if outcome.state == "done":
                connection.execute(update(dossiers).where(dossiers.c.route == route, dossiers.c.number == row.number).values(known=True))
                accepted.append((row, dossier))
            else:
                _settle(connection, ledger, route, row, outcome, tally)
    keep_lease()
    usable = all(outcome.state not in ("later", "uncertain") for outcome in outcomes)
    return _report_progress(ledger, sink, route, accepted, tally) and usable


STEPS_PER_RECORD = 10
"""Steps of one dossier that are reported at once, so that each call's outcome holds for all of them."""


def _report_progress(ledger: Ledger, sink: DossierSink, route: str, accepted: Sequence[tuple[DossierRow, Dossier]], tally: Tally) -> bool:
    """Report the steps that the sink doesn't have yet, and settle each dossier; return whether the sink can be used further."""
    usable = True
    waiting = [(row, dossier, row.reported_steps) for row, dossier in accepted]
    while waiting:
        ready = [(row, dossier, told) for row, dossier, told in waiting if told < len(dossier.steps)]
        records = [
            DossierProgress(number=dossier.number, steps=dossier.steps[told : told + STEPS_PER_RECORD]) for _, dossier, told in ready
        ]
        outcomes = {row.number: outcome for (row, _, _), outcome in zip(ready, _told(sink, records), strict=True)}
        further = []
        with ledger.begin() as connection:
            for row, dossier, told in waiting:
                outcome = outcomes.get(row.number, Outcome(state="done"))
                usable = usable and outcome.state not in ("later", "uncertain")
                if outcome.state == "done" and told < len(dossier.steps):
                    told = min(told + STEPS_PER_RECORD, len(dossier.steps))  # noqa: PLW2901 (the next round goes on from here)
                    mine = (dossiers.c.route == route, dossiers.c.number == row.number)
                    connection.execute(update(dossiers).where(*mine).values(reported_steps=told))
                    if told < len(dossier.steps):
                        further.append((row, dossier, told))
                        continue
                _settle(connection, ledger, route, row, outcome, tally)
        waiting = further
    return usable


def _told(sink: DossierSink, records: Sequence[DossierProgress]) -> Sequence[Outcome]:
    if not records:
        return []
    try:
        return sink.push(records)
    except LienthongError as error:
        return [Outcome(state="later", problem=error.problem())] * len(records)


_STATES = {
    "done": (DossierState.ACCEPTED, "dossier-accepted"),
    "refused": (DossierState.REFUSED, "dossier-refused"),
    "later": (DossierState.PENDING, "put-off"),
    "uncertain": (DossierState.UNCERTAIN, "uncertain"),
}


def _settle(connection: Connection, ledger: Ledger, route: str, row: DossierRow, outcome: Outcome, tally: Tally) -> None:
    """Write down what became of a dossier, unless another run has held it meanwhile."""
    state, event = _STATES[outcome.state]
    problem = _named(outcome.problem, row.number) if outcome.problem else None
    now = ledger.clock.now()
    mine = (
        dossiers.c.route == route,
        dossiers.c.number == row.number,
        dossiers.c.state == DossierState.SENDING,
        dossiers.c.attempt == row.attempt + 1,
        dossiers.c.digest == row.digest,
    )
    settled = connection.execute(
        update(dossiers)
        .where(*mine)
        .values(
            state=step(DOSSIER_STEPS, DossierState.SENDING, state),
            content=None if state == DossierState.ACCEPTED else row.content,
            problems=[problem.as_json()] if problem else None,
            not_before=now + delay(row.attempt + 1) if outcome.state == "later" else now,
            updated_at=now,
        )
    ).rowcount
    if settled:
        _event(connection, ledger, event, row.organisation, row.number, row.digest, problem.code if problem else "")
    tally.add(outcome.state, problem)


def _event(connection: Connection, ledger: Ledger, event: str, organisation: str, number: str, digest: str, detail: str) -> None:
    record_event(connection, ledger, event, organisation=organisation, subject=number, digest=digest, detail=detail)
