"""Taking a packet out of a streaming reply."""

from __future__ import annotations

import base64
import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.connectors.document_axis.packet_reader import ReplyUnusable, TooManyBytes, read_packet_reply


def read(reply: bytes, *, step: int = 7, limit: int = 1 << 30) -> tuple[dict[str, object], bytes]:
    into = io.BytesIO()
    members, size = read_packet_reply((reply[i : i + step] for i in range(0, len(reply), step)), into, limit=limit)
    assert size == len(into.getvalue())
    return members, into.getvalue()


@given(content=st.binary(max_size=300), step=st.integers(1, 50), order=st.permutations(["status", "data", "ErrorDesc", "x"]))
def test_any_bytes_come_out_whatever_the_pieces_and_the_order(content: bytes, step: int, order: list[str]) -> None:
    """What went in comes out, and the other members with it."""
    values = {
        "status": "OK",
        "data": base64.b64encode(content).decode(),
        "ErrorDesc": 'Có "data": "QQ==" và \\ trong lời',
        "x": {"data": ["AAAA", {"data": "BBBB"}]},
    }
    members, got = read(json.dumps({name: values[name] for name in order}).encode(), step=step)
    assert got == content
    assert members == {name: value for name, value in values.items() if name != "data"}


@pytest.mark.parametrize("step", [1, 2, 3, 5, 1000])
def test_escapes_and_line_ends_of_other_writers_are_understood(step: int) -> None:
    """Escaped slashes, equals signs as Gson writes them, and base64 in lines are all the same text."""
    content = bytes(range(256)) + b"?>?>" * 10
    text = base64.encodebytes(content).decode()
    reply = '{"data":"' + text.replace("/", "\\/").replace("=", "\\u003d").replace("\n", "\\r\\n") + '"}'
    assert read(reply.encode(), step=step)[1] == content


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"<html>\xc4\x91</html>",
        b"[1]",
        b'{"data":"QUJD',
        b'{"data":"QUJD"',
        b'{"data":"QUJ"}',
        b'{"data":"QQ==QUJD"}',
        b'{"data":"QQ=="  "QUJD"}',
        b'{"data":"QU*D"}',
        b'{"data":"QUJ\\"D"}',
        b'{"data":"QUJ\xc4\x91"}',
        b'{"data":"QUJD\\u00"}',
        b'{"other":"' + b"x" * 70_000 + b'"}',
    ],
)
@pytest.mark.parametrize("step", [1, 4, 100_000])
def test_broken_reply_is_refused(reply: bytes, step: int) -> None:
    """Nothing that is cut off, padded in the middle, or no base64 passes for a packet."""
    with pytest.raises(ReplyUnusable):
        read(reply, step=step)


def test_data_that_is_no_text_stays_with_the_others() -> None:
    """A null says that there is no packet."""
    assert read(b'{"status":"FAIL","data":null}') == ({"status": "FAIL", "data": None}, b"")


def test_packet_above_the_limit_is_not_written_further() -> None:
    """The limit counts decoded bytes."""
    with pytest.raises(TooManyBytes):
        read(b'{"data":"' + b"QUJD" * 100 + b'"}', limit=299)
    assert len(read(b'{"data":"' + b"QUJD" * 100 + b'"}', limit=300)[1]) == 300


def test_large_packet_needs_little_memory() -> None:
    """Memory is constant whatever the packet's size."""

    class Nowhere(io.BytesIO):
        def write(self, data: object) -> int:
            return 0

    def chunks() -> Iterator[bytes]:
        yield b'{"data":"'
        for _ in range(400):
            yield b"QUJD" * 16_384
        yield b'"}'

    tracemalloc.start()
    try:
        assert read_packet_reply(chunks(), Nowhere(), limit=1 << 30)[1] == 400 * 16_384 * 3
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
