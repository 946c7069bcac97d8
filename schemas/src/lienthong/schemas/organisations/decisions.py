"""Whether to send to a code or take from it, decided by a directory and always with the steps that led there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from lienthong.core.errors import LienthongError, Problem, Words
from lienthong.schemas.errors import (
    ClosedSenderRefused,
    OrganisationClosed,
    OrganisationToCome,
    OrganisationUnlisted,
    SuccessorUnclear,
    finding,
)
from lienthong.schemas.organisations.codes import OrganisationCode
from lienthong.schemas.organisations.directory import Directory, Successor
from lienthong.schemas.organisations.records import SUCCESSION_KINDS, Organisation

GRACE: Final = timedelta(days=180)
"""How long something from a closed code is accepted, unless another time is given; no rule says how long."""

ClosedPolicy = Literal["refuse", "redirect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do about a code, and why.

    Attributes:
        verdict: `accept`; `redirect` to `organisation`; `refuse`; or `unknown`: the directory has nothing on the code, so that whoever
            asked must decide, or ask the axis.
        asked: The code that was asked about.
        on: The day that was asked about.
        organisation: Whom the code, or the one it is redirected to, names on that day; a refused one as it was last.
        candidates: Who stands in the place of a closed code; of several none is chosen.
        steps: How the verdict came about, in order.
        problem: Why not; with `accept` a warning.
    """

    verdict: Literal["accept", "redirect", "refuse", "unknown"]
    asked: str
    on: date
    organisation: Organisation | None = None
    candidates: tuple[Organisation, ...] = ()
    steps: tuple[Words, ...] = ()
    problem: Problem | None = None


def decide_sending(directory: Directory, code: str, *, on: date, closed: ClosedPolicy = "refuse", function: str = "") -> Decision:
    """Return whether something may be sent to a code on a day.

    A code that isn't listed is judged by its ministry or province if that was closed, for then all below it was; nothing is redirected
    for it.

    Args:
        directory: Who is who.
        code: The recipient's, in either form; where only the other form is listed it is taken by rule, unless an entry contradicts that,
            and a step says so.
        on: The day of sending.
        closed: `refuse` a closed code, or `redirect` to its successor where there is exactly one.
        function: Which function of a split organisation is meant, as a key of the directory's successions.
    """
    row, decided = _listed(directory, code, on)
    if row is None or row.valid_to is None or row.valid(on):
        return decided
    above = decided.verdict == "unknown"
    successors = directory.successors(row, on=on)
    candidates = tuple(successor.organisation for successor in successors)
    decided = replace(decided, verdict="refuse", candidates=candidates)
    names = _names(candidates)
    if closed == "redirect" and successors and not above:
        meant = directory.successors(row, on=on, function=function)
        if len(meant) == 1:
            steps = (*decided.steps, *_path(meant[0]))
            return replace(decided, verdict="redirect", organisation=meant[0].organisation, steps=steps)
        return _with(decided, SuccessorUnclear(organisation=_named(row), closed=row.valid_to, candidates=names))
    ways = tuple(step for successor in successors for step in _path(successor))
    decided = replace(decided, steps=(*decided.steps, *ways))
    instead = Words(f"its place was taken by {names}", f"đơn vị kế thừa: {names}") if names else _NOBODY
    return _with(decided, OrganisationClosed(organisation=_named(row), closed=row.valid_to, instead=instead))


def decide_receiving(directory: Directory, code: str, *, on: date, grace: timedelta = GRACE) -> Decision:
    """Return whether something that came from a code on a day may be accepted.

    Args:
        directory: Who is who.
        code: The sender's, in either form; one that isn't listed is judged as in `decide_sending`.
        on: The day on which it came.
        grace: How long after its closing a code is still accepted, with a warning.
    """
    row, decided = _listed(directory, code, on)
    if row is None or row.valid_to is None or row.valid(on):
        return decided
    candidates = tuple(successor.organisation for successor in directory.successors(row, on=on))
    until = _last_day(row.valid_to, grace)
    if on <= until:
        warning = finding("LT-ORG-105", {"organisation": _named(row), "closed": row.valid_to, "until": until})
        return replace(decided, verdict="accept", candidates=candidates, problem=warning)
    decided = replace(decided, verdict="refuse", candidates=candidates)
    return _with(decided, ClosedSenderRefused(organisation=_named(row), closed=row.valid_to, until=until))


_NOBODY = Words("no successor is listed", "danh bạ không ghi đơn vị kế thừa")


def _listed(directory: Directory, code: str, on: date) -> tuple[Organisation | None, Decision]:
    """Return who decides about a code, itself or its ministry or province, and what is decided if that one is in office."""
    listed = code
    steps: tuple[Words, ...] = ()
    if not directory.history(code):
        other = directory.new_form(code, on=on) or directory.old_form(code, on=on)
        if other and directory.history(other.code):
            listed = other.code
            steps = (Words(f"{code} is {listed} (by rule, unconfirmed)", f"{code} là {listed} (theo quy tắc, chưa xác nhận)"),)
    row = directory.latest(listed, on=on)
    if row is not None:
        verdict: Literal["accept", "refuse"] = "accept" if row.valid(on) else "refuse"
        return row, Decision(verdict=verdict, asked=code, on=on, organisation=row, steps=(*steps, _standing(row, on)))
    if history := directory.history(listed):
        error = OrganisationToCome(organisation=_named(history[0]), begins=history[0].valid_from or on)
        return None, _with(Decision(verdict="refuse", asked=code, on=on, organisation=history[0], steps=steps), error)
    unlisted = OrganisationUnlisted(organisation=code)
    unknown = _with(Decision(verdict="unknown", asked=code, on=on), unlisted)
    top = OrganisationCode.parse(code).level_one
    above = directory.latest(top, on=on) if top else None
    if above is None or above.valid(on):
        return None, unknown
    return above, replace(unknown, organisation=above, steps=(*unknown.steps, _standing(above, on)))


def _with(decision: Decision, error: LienthongError) -> Decision:
    """Return a decision with the error as its problem and as its last step."""
    return replace(decision, problem=error.problem(), steps=(*decision.steps, Words(error.sentence("en"), error.sentence("vi"))))


def _standing(row: Organisation, on: date) -> Words:
    if row.valid(on):
        return Words(f"{_named(row)} is in force on {on}", f"{_named(row)} có hiệu lực ngày {on}")
    return Words(f"{_named(row)} was closed on {row.valid_to}", f"{_named(row)} đã đóng mã ngày {row.valid_to}")


def _path(successor: Successor) -> tuple[Words, ...]:
    steps = []
    for step in successor.path:
        kind, key = SUCCESSION_KINDS[step.kind], f", {step.function}" if step.function else ""
        way = f"{step.code} → {step.successor}"
        steps.append(Words(f"{way} on {step.effective} ({kind.en}{key})", f"{way} ngày {step.effective} ({kind.vi}{key})"))
    return tuple(steps)


def _names(organisations: tuple[Organisation, ...]) -> str:
    return ", ".join(_named(organisation) for organisation in organisations)


def _named(organisation: Organisation) -> str:
    return f"{organisation.code} {organisation.name}".strip()


def _last_day(closed: date, grace: timedelta) -> date:
    try:
        return closed + grace
    except OverflowError:
        return date.max
