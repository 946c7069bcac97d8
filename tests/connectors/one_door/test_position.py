"""Positions in a list of changes: nothing skipped, nothing twice, no end missed."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.connectors.one_door.position import Change, Position, after, moment_of
from lienthong.schemas.xml import parse


def change(second: int, name: int) -> Change:
    written = f"2026-11-20T08:00:{second:02d}"
    return Change(moment_of(written), written, f"{name:016x}")


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(1, 7), st.randoms(use_true_random=False))
def test_reading_page_by_page_gives_every_record_once(seconds: list[int], limit: int, random: object) -> None:
    """Whatever shares a moment, however small the page, and in whatever order equals come."""
    changes = [change(second, number) for number, second in enumerate(sorted(seconds))]
    position: Position | None = None
    got: list[Change] = []
    for _ in range(len(changes) + 1):
        shuffled = sorted(changes, key=lambda item: (item.written, random.random()))  # type: ignore[attr-defined]
        new = [item for item in shuffled if position is None or position.is_new(item)][:limit]
        if not new:
            break
        got += new
        position = after(position, new)
        assert position is not None
        position = Position.of(position.cursor)
    assert sorted(item.digest for item in got) == sorted(item.digest for item in changes)


def test_record_that_changes_again_within_the_same_second_is_new() -> None:
    """Its content is another, though time and number are the same."""
    position = after(None, [change(1, 1)])
    assert position is not None
    assert not position.is_new(change(1, 1))
    assert position.is_new(change(1, 2))
    assert not position.is_new(change(0, 3))


def test_record_without_a_readable_time_is_new_once() -> None:
    """It neither moves the position nor comes for ever."""
    odd = Change(None, "?", "f" * 16)
    assert after(None, [odd]) is None
    position = after(after(None, [change(1, 1)]), [odd])
    assert position is not None
    assert not position.is_new(odd)
    assert not position.is_new(change(1, 1))
    assert position.written == change(1, 1).written


def test_digest_ignores_prefixes_and_sees_content() -> None:
    """A server may write its prefixes anew for every reply."""
    first, second, third = (
        Change.of(parse(text).root, "2026-11-20T08:00:00")
        for text in (b'<a xmlns="urn:x"><b>1</b></a>', b'<p:a xmlns:p="urn:x"><p:b>1</p:b></p:a>', b'<a xmlns="urn:x"><b>2</b></a>')
    )
    assert first.digest == second.digest != third.digest


def test_time_without_a_zone_is_vietnamese() -> None:
    """One-door systems write local time."""
    assert moment_of("2026-11-20T08:00:00") == datetime.fromisoformat("2026-11-20T01:00:00+00:00")


@pytest.mark.parametrize("cursor", ["", "x", "2026-11-20T08:00:00 xyz", "2026-11-20T08:00:00 0123"])
def test_foreign_cursor_is_no_position(cursor: str) -> None:
    """A position that can't be read isn't guessed at."""
    assert Position.of(cursor) is None
