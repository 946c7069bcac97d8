"""Looking up an organisation by code, number or name, as it was on a day, in the shipped table and in tables of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lienthong.cli.errors import NothingAsked, NothingListed
from lienthong.cli.output import Output
from lienthong.core.errors import Words
from lienthong.schemas.csv_table import MOST_BYTES
from lienthong.schemas.organisations import (
    Conversion,
    Directory,
    Identifier,
    Organisation,
    OrganisationCode,
    Succession,
    Successor,
    code_in_procedure,
    level_one,
    read_table,
    together,
)
from lienthong.schemas.organisations.directory import State
from lienthong.schemas.organisations.records import CERTAINTIES, SUCCESSION_KINDS

_STATES: Mapping[State, Words] = {
    "active": Words("in force", "có hiệu lực"),
    "over": Words("over; the code goes on", "đã hết; mã còn dùng"),
    "closed": Words("closed", "đã đóng mã"),
    "future": Words("to come", "chưa có hiệu lực"),
}
_KINDS = {
    "government": Words("government body", "cơ quan của Chính phủ"),
    "province": Words("province", "tỉnh"),
    "city": Words("centrally run city", "thành phố trực thuộc trung ương"),
    "council": Words("people's council", "hội đồng nhân dân"),
}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of an administrative unit, and what stands in its place on the day."""

    held: Identifier
    now: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """All that is known of an organisation that was found."""

    organisation: Organisation
    state: State
    old_form: Conversion | None
    successors: tuple[Successor, ...]
    predecessors: tuple[Succession, ...]
    statistical: tuple[_Number, ...]


def look_up(out: Output, query: str, on: date, files: Sequence[Path]) -> int:
    """Print what is known of an organisation on a day and return the exit code: 0 found, 1 not found.

    Raises:
        NothingAsked: configuration; the query is empty.
        DataError: A table can't be read, or contradicts itself or the shipped one.
        OSError: A table can't be read.
    """
    wanted = query.strip()
    if not wanted:
        raise NothingAsked
    directory = _directory(files)
    code = code_in_procedure(wanted) or wanted
    suggestion = None if directory.history(code) else directory.new_form(code, on=on)
    by, rows = _found(directory, code, suggestion, on)
    if not rows:
        if suggestion:
            out.say(f"By rule, unconfirmed: {code} is {suggestion.code}", f"Theo quy tắc, chưa xác nhận: {code} là {suggestion.code}")
        return out.fail(NothingListed(asked=wanted))
    answers = [_answer(directory, row, on) for row in rows]
    if out.as_json:
        out.document({"query": query, "as_of": on, "by": by, "suggestion": suggestion, "answers": answers})
    elif len(answers) > 1:
        columns = (
            ("Code", "Mã"),
            ("Name", "Tên"),
            ("From", "Từ ngày"),
            ("Until", "Đến trước ngày"),
            ("State", "Tình trạng"),
            ("Successor", "Đơn vị kế thừa"),
        )
        out.table([out.text(*column) for column in columns], [_row(answer) for answer in answers])
    else:
        out.fields((*_asked(out, code, suggestion, by), *_fields(out, directory, answers[0], on)))
    return 0


def _directory(files: Sequence[Path]) -> Directory:
    """Return the shipped directory with tables of one's own over it."""
    if not files:
        return level_one()
    tables = []
    for path in files:
        with path.open("rb") as file:
            tables.append(read_table(file.read(MOST_BYTES + 1), source=str(path)))
    ours = together(tables)
    return level_one().extended(ours.organisations, ours.successions, ours.identifiers)


def _found(directory: Directory, code: str, suggestion: Conversion | None, on: date) -> tuple[str, Sequence[Organisation]]:
    """Return by what something was found, and what."""
    written = (code, code.upper(), *((suggestion.code,) if suggestion else ()))
    for one in written:
        if row := directory.latest(one, on=on) or next(iter(directory.history(one)), None):
            return "code", [row]
    held = directory.last_held("statistical", code, on=on) or directory.last_held("budget", code, on=on)
    if held and (row := directory.latest(held.code, on=on if held.valid(on) or held.valid_to is None else held.valid_to - _ONE_DAY)):
        return "number", [row]
    top = OrganisationCode.parse(code.upper()).level_one
    if top and (row := directory.latest(top, on=on)):
        return "level-one", [row]
    return "name", directory.search(code)


def _answer(directory: Directory, row: Organisation, on: date) -> _Answer:
    state = directory.state(row, on=on)
    last = on if state == "active" else (row.valid_from or on) if state == "future" or row.valid_to is None else row.valid_to - _ONE_DAY
    return _Answer(
        organisation=row,
        state=state,
        old_form=directory.old_form(row.code, on=last),
        successors=() if state == "active" else directory.successors(row, on=on),
        predecessors=directory.predecessors(row),
        statistical=tuple(
            _Number(held, directory.renumbered(held, on=on)) for held in directory.numbers(row, on=last, scheme="statistical")
        ),
    )


def _row(answer: _Answer) -> tuple[object, ...]:
    row = answer.organisation
    heirs = ", ".join(_named(successor.organisation) for successor in answer.successors)
    return row.code, row.name, row.valid_from, row.valid_to, _STATES[answer.state], heirs


def _named(organisation: Organisation) -> str:
    return f"{organisation.code} {organisation.name}"


def _asked(out: Output, code: str, suggestion: Conversion | None, by: str) -> Iterator[tuple[str, str]]:
    """Yield what was asked for, where it is not itself what was found."""
    if suggestion or by == "level-one":
        yield out.text("Asked", "Tra cứu"), code
    if suggestion:
        yield out.text("New form", "Mã dạng mới"), _converted(out, suggestion)
    if by == "level-one":
        yield out.text("Listed", "Có trong danh bạ"), out.text("only the level-1 organisation, as follows", "chỉ có cơ quan cấp 1, như sau")


def _converted(out: Output, conversion: Conversion) -> str:
    return (
        conversion.code
        if conversion.confirmed
        else f"{conversion.code} {out.text('(by rule, unconfirmed)', '(theo quy tắc, chưa xác nhận)')}"
    )


def _fields(out: Output, directory: Directory, answer: _Answer, on: date) -> Iterator[tuple[str, object]]:
    row = answer.organisation
    yield out.text("Code", "Mã"), row.code
    yield out.text("Name", "Tên"), row.name
    yield out.text("Also", "Tên khác"), ", ".join(row.aliases)
    yield out.text("Kind", "Loại"), _KINDS.get(row.kind, row.kind)
    yield out.text(f"On {on}", f"Ngày {on}"), _standing(out, answer)
    yield out.text("From", "Từ ngày"), row.valid_from
    yield out.text("Until", "Đến trước ngày"), row.valid_to
    if answer.old_form:
        yield out.text("Old form", "Mã dạng cũ"), _converted(out, answer.old_form)
    yield out.text("Parent", "Cấp trên"), row.parent
    yield from _successions(out, answer)
    for number in answer.statistical:
        yield out.text("Statistical number", "Mã số hành chính"), _numbered(out, directory, number, on)
    yield out.text("Source", "Nguồn"), _sourced(out, row)
    yield out.text("Note", "Ghi chú"), row.note


def _standing(out: Output, answer: _Answer) -> str:
    state, closed = out.words(_STATES[answer.state]), answer.organisation.valid_to
    return f"{state} {out.text('since', 'từ ngày')} {closed}" if answer.state == "closed" else state


def _successions(out: Output, answer: _Answer) -> Iterator[tuple[str, str]]:
    for successor in answer.successors:
        yield out.text("Successor", "Đơn vị kế thừa"), _named(successor.organisation)
        for step in successor.path:
            yield "", f"{_step(out, step)}; {_sourced(out, step)}"
    for number, before in enumerate(answer.predecessors):
        yield "" if number else out.text("Came about", "Hình thành"), _step(out, before)


def _step(out: Output, step: Succession) -> str:
    how = ", ".join(filter(None, (out.words(SUCCESSION_KINDS[step.kind]), step.function)))
    return f"{step.code} → {step.successor}: {how}, {step.effective}"


def _numbered(out: Output, directory: Directory, number: _Number, on: date) -> str:
    held = number.held
    if held.valid(on):
        return f"{held.value} ({_sourced(out, held)})"
    now = [f"{one.value} {heir.name}" for one in number.now if (heir := directory.find(one.code, on=on))]
    return f"{held.value} → {', '.join(now)} ({_sourced(out, held)})" if now else f"{held.value} ({_sourced(out, held)})"


def _sourced(out: Output, record: Organisation | Succession | Identifier) -> str:
    certainty = out.words(CERTAINTIES[record.certainty]) if record.certainty else ""
    return "; ".join(filter(None, (record.source, certainty)))
