"""What may be sent about a document, by whom and when."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lienthong.schemas.calendar import vietnam
from lienthong.schemas.codes.edxml import BusinessType, Priority, Status
from lienthong.schemas.edxml import DocumentPacket, Entry, OtherInfo, Timeline, check_report, timeline, write_packet
from lienthong.schemas.edxml.life_cycle import (
    ANSWERS,
    PROGRESS,
    REQUESTS,
    TRANSITIONS,
    Act,
    Asked,
    State,
    Transition,
    fits,
    may_send,
    transition,
)

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "life-cycle.md"
START = datetime(2026, 11, 20, 1, tzinfo=UTC)
WAYS = {
    None: "",
    Status.RECEIVED: "01",
    Status.REJECTED: "01 02",
    Status.ACCEPTED: "01 03",
    Status.ASSIGNED: "01 03 04",
    Status.PROCESSING: "01 03 05",
    Status.FINISHED: "01 03 06",
}
ASKING = {Asked.NOTHING: "", Asked.UPDATE: "update", Asked.RECALL: "13", Asked.RECALLED: "13 15"}


def entry(act: Act, minute: int) -> Entry:
    return Entry(
        status=act if isinstance(act, Status) else "",
        does=act if isinstance(act, BusinessType) else None,
        organisation="G22",
        reporter="H42.12" if isinstance(act, BusinessType) or act.sent_by == "sender" else "G22",
        at=START + timedelta(minutes=minute),
    )


def history(words: str) -> Timeline:
    acts: list[Act] = [BusinessType.NEW, *(BusinessType[word.upper()] if word.isalpha() else Status(word) for word in words.split())]
    return timeline(entry(act, minute) for minute, act in enumerate(acts))


def brought_to(state: State) -> Timeline:
    # What was returned can't be recalled any more: there the request comes first.
    parts = [WAYS[state.furthest], ASKING[state.asked]]
    if state.furthest is Status.REJECTED and state.asked in {Asked.RECALL, Asked.RECALLED}:
        parts = ["01", ASKING[state.asked], "02"]
    return history(" ".join(parts))


STATES = [State(furthest=furthest, asked=asked) for furthest, asked in itertools.product(WAYS, Asked)]
ACTS: list[Act] = [*Status, BusinessType.RECALL, BusinessType.UPDATE]


def test_codes_say_who_sends_them_and_which_comes_by_itself() -> None:
    """13 is the sender's, all others the receiver's; only 01 is automatic."""
    assert {status for status in Status if status.sent_by == "sender"} == {Status.RECALL_REQUESTED}
    assert {status for status in Status if status.automatic} == {Status.RECEIVED}
    assert all(transition(status).by == status.sent_by for status in Status)
    assert all(item.vi and item.en for kind in (Status, BusinessType, Priority) for item in kind)


def test_progress_follows_the_known_steps() -> None:
    """The steps between the six codes of progress, word for word."""
    steps = {
        ("" if before is None else before.value, row.act.value) for row in TRANSITIONS if row.act in PROGRESS for before in row.furthest
    }
    wanted = "∅→01 01→02 01→03 03→04 03→05 03→06 04→05 04→06 05→05 05→06"
    assert steps == {tuple(step.replace("∅", "").split("→")) for step in wanted.split()}


@pytest.mark.parametrize("state", STATES, ids=str)
def test_every_state_is_reached_and_allows_what_the_table_says(state: State) -> None:
    """In each state, what may be sent fits without a finding, and anything else is kept with one or more warnings."""
    told = brought_to(state)
    assert told.state("G22") == state
    allowed = {*may_send(state, "sender"), *may_send(state, "receiver")}
    for act in ACTS:
        report = entry(act, 10)
        problems = check_report(told, report)
        after = timeline((*told.entries, report))
        assert report in after.entries
        if act in allowed:
            assert problems == (), act
        elif (act, state.asked) != (Status.RECEIVED, Asked.UPDATE):  # the arrival of an update is reported as well
            assert problems, act
        assert {problem.level for problem in problems} <= {"warning"}


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.act.name)
def test_every_transition_leads_where_it_says(row: Transition) -> None:
    """Each row of the table is walked from each state that it names."""
    for furthest, asked in itertools.product(row.furthest, row.asked):
        before = State(furthest=furthest, asked=asked)
        told = brought_to(before)
        after = timeline((*told.entries, entry(row.act, 10))).state("G22")
        if row.act in PROGRESS:
            assert after == State(furthest=row.act, asked=asked)
        elif row.act in REQUESTS:
            assert after == State(furthest=furthest, asked=Asked.UPDATE if row.act is BusinessType.UPDATE else Asked.RECALL)
        else:
            agreed = row.act is Status.CHANGE_ACCEPTED and asked is Asked.RECALL
            assert after == State(furthest=furthest, asked=Asked.RECALLED if agreed else Asked.NOTHING)


def test_after_a_request_exactly_one_answer_is_next() -> None:
    """While a recall or an update waits, the receiver may send 15 or 16 and nothing else but the arrival itself."""
    for asked in (Asked.RECALL, Asked.UPDATE):
        assert may_send(State(furthest=Status.ACCEPTED, asked=asked), "receiver") == ANSWERS
        assert may_send(State(asked=asked), "receiver") == (Status.RECEIVED, *ANSWERS)


def test_ends_allow_nothing_more() -> None:
    """What was returned can't be recalled, what is finished only asked back, and a recalled copy is closed to both sides."""
    assert may_send(State(furthest=Status.REJECTED), "receiver") == ()
    assert may_send(State(furthest=Status.REJECTED), "sender") == (BusinessType.UPDATE,)
    assert may_send(State(furthest=Status.FINISHED), "receiver") == ()
    assert may_send(State(furthest=Status.FINISHED), "sender") == REQUESTS
    for furthest in WAYS:
        closed = State(furthest=furthest, asked=Asked.RECALLED)
        assert may_send(closed, "receiver") == may_send(closed, "sender") == ()


def test_after_a_refusal_the_sender_may_ask_again() -> None:
    """16 gives the flow back, on both sides."""
    state = history("01 03 13 16").state("G22")
    assert state == State(furthest=Status.ACCEPTED)
    assert Status.RECALL_REQUESTED in may_send(state, "sender")
    assert may_send(state, "receiver") == (Status.ASSIGNED, Status.PROCESSING, Status.FINISHED)


def test_new_documents_and_replacements_have_no_row() -> None:
    """They are documents of their own."""
    assert transition(BusinessType.NEW) is None
    assert transition(BusinessType.REPLACE) is None
    assert {row.act for row in TRANSITIONS} == set(ACTS)
    assert len(TRANSITIONS) == len(ACTS)
    assert not any(fits(row, State(asked=Asked.RECALLED)) for row in TRANSITIONS)


def label(act: Act) -> str:
    return act.value if isinstance(act, Status) else f"packet type {act.value}"


def picture() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{status.value} {status.en}" as s{status.value}' for status in PROGRESS]
    for row in TRANSITIONS:
        if row.act in PROGRESS:
            lines += [f"    {'[*]' if before is None else f's{before.value}'} --> s{row.act.value}" for before in row.furthest]
    return "\n".join([*lines, "```"])


def table() -> str:
    lines = ["| what | sent by | after | while it waits for the answer to | then |", "| --- | --- | --- | --- | --- |"]
    for row in TRANSITIONS:
        left_out = [status for status in WAYS if status not in row.furthest]
        after = ", ".join("nothing" if status is None else status.value for status in row.furthest)
        if len(row.furthest) > len(left_out):
            after = "anything" + "".join(f" but {status.value}" for status in left_out)
        waits = " or ".join(
            f"{'an' if asked is Asked.UPDATE else 'a'} {asked.value}" if asked is not Asked.NOTHING else "nothing" for asked in row.asked
        )
        lines.append(f"| {label(row.act)}: {row.act.en} | {row.by} | {after} | {waits} | {row.then.en} |")
    return "\n".join(lines)


def test_page_shows_the_table_and_picture_of_the_code() -> None:
    """The page on the life cycle says what the code does; a failure prints what belongs there."""
    page = PAGE.read_text(encoding="utf-8")
    assert picture() in page
    assert table() in page


def test_python_on_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: DocumentPacket, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the page shows holds; Monday is off by its own list and Tuesday by the shipped one, so that Wednesday is still in time."""
    monkeypatch.chdir(tmp_path)
    Path("to-trinh.edxml").write_bytes(write_packet(replace(document, other=OtherInfo(priority=0))))
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, PAGE.name, "exec"), {})
    assert capsys.readouterr().out.splitlines() == [
        "issue and send the document 2026-11-25 17:00:00+00:00 in time",
        "tell the sender that the document was received 2026-11-20 17:00:00+00:00 in time",
        "register the document or return it 2026-11-25 17:00:00+00:00 late",
        "present the document to who decides, and hand it over 2026-11-25 17:00:00+00:00 late",
    ]


def test_page_names_the_years_of_the_shipped_calendar() -> None:
    """Whoever counts days knows for which years the list holds."""
    years = {day.year for day in vietnam().days}
    assert f"the years {min(years)} to {max(years)}" in PAGE.read_text(encoding="utf-8")
    assert years == set(range(min(years), max(years) + 1))
