"""Base64 text of attachments in pieces."""

from __future__ import annotations

import base64
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lienthong.core.blob import Blob, Spool
from lienthong.core.errors import Words
from lienthong.schemas.edxml.attachments import Base64Decoder

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
contents = st.binary(min_size=1, max_size=200)


def decoded(*pieces: str) -> Base64Decoder:
    decoder = Base64Decoder(Spool())
    for piece in pieces:
        decoder.write(piece)
    return decoder


def problem(*pieces: str) -> Words:
    found = decoded(*pieces).problem
    assert found is not None
    return found


@st.composite
def cut(draw: st.DrawFn, text: str) -> list[str]:
    """The text in pieces of any length, some of them empty."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


@st.composite
def broken_into_lines(draw: st.DrawFn, text: str) -> str:
    places = draw(st.lists(st.tuples(st.integers(0, len(text)), st.sampled_from(["\n", "\r\n", " ", "\t", "\n\n  "])), max_size=8))
    for place, space in sorted(places, reverse=True):
        text = text[:place] + space + text[place:]
    return text


@given(contents, st.data())
@settings(deadline=None)
def test_any_bytes_come_out_whatever_lines_and_pieces_their_text_has(content: bytes, data: st.DataObject) -> None:
    """Line breaks and cuts, also inside a group of four, make no difference."""
    text = data.draw(broken_into_lines(base64.b64encode(content).decode()))
    decoder = decoded(*data.draw(cut(text)))
    assert decoder.problem is None
    assert decoder.blob() == Blob.of_bytes(base64.b64decode(text))


@given(contents, st.data())
@settings(deadline=None)
def test_text_cut_short_inside_a_group_is_a_problem(content: bytes, data: st.DataObject) -> None:
    """Truncated base64 is never a shorter file."""
    text = base64.b64encode(content).decode()
    length = data.draw(st.integers(0, len(text) - 1))
    assume(length % 4)
    assert "cut short" in problem(*data.draw(cut(text[:length]))).en


@given(contents, st.data())
@settings(deadline=None)
def test_damaged_text_is_a_problem_wherever_it_is_cut(content: bytes, data: st.DataObject) -> None:
    """A character too many, too few or of another alphabet is found in every piece."""
    text = base64.b64encode(content).decode()
    place = data.draw(st.integers(0, len(text)))
    damage = data.draw(st.sampled_from(["-", "_", "*", "é", "\x00", "\u00a0", "\u2028", "\ud800", "=", "A", "===", "=A=="]))
    damaged = text[:place] + damage + text[place:]
    assume(damaged != text)
    pieces = data.draw(cut(damaged))
    try:
        expected = base64.b64decode(damaged, validate=True)
    except ValueError:
        expected = b""
    assert base64.b64encode(expected).decode() != damaged  # so no decoder may take it
    assert decoded(*pieces).problem is not None


@pytest.mark.parametrize(
    ("text", "en", "vi"),
    [
        ("", "it has no content", "không có nội dung"),
        (" \n", "it has no content", "không có nội dung"),
        (
            "JVBERi0x" + "JVB",
            "cut short inside a group of four characters, after 6 bytes",
            "bị cắt cụt giữa một nhóm bốn ký tự, sau 6 byte",
        ),
        ("J", "cut short", "bị cắt cụt"),
        ("JVBE=", "cut short", "bị cắt cụt"),
        ("JVBE*", "isn't base64", "không thuộc bảng mã base64"),
        ("JVBEJ\u00e9=", "isn't base64", "không thuộc bảng mã base64"),
        ("JéVBE", "isn't base64", "không thuộc bảng mã base64"),
        ("JV-E", "isn't base64", "không thuộc bảng mã base64"),
        ("J\x0bVBE", "isn't base64", "không thuộc bảng mã base64"),
        ("====", "wrongly padded", "phần đệm (dấu =) sai"),
        ("J===", "wrongly padded", "phần đệm (dấu =) sai"),
        ("JV=E", "wrongly padded", "phần đệm (dấu =) sai"),
        ("JVBE====", "wrongly padded", "phần đệm (dấu =) sai"),
        ("JQ==JVBE", "goes on after the padding", "còn tiếp sau phần đệm"),
        ("JQ===", "goes on after the padding", "còn tiếp sau phần đệm"),
        ("JQ==J", "goes on after the padding", "còn tiếp sau phần đệm"),
    ],
)
def test_defect_is_told_in_both_languages_in_one_piece_and_in_many(text: str, en: str, vi: str) -> None:
    """What is wrong is named, and the same wherever the parser cuts the text."""
    for pieces in ([text], list(text), [text[:3], text[3:]]):
        assert en in problem(*pieces).en
        assert vi in problem(*pieces).vi


def test_first_defect_stays_and_what_follows_is_ignored() -> None:
    """Good text behind bad text doesn't mend it."""
    decoder = decoded("JVBE", "****", "JVBE", "JQ==", "JQ==")
    assert decoder.problem == problem("****")
    assert decoder.blob().size == 3


def test_large_attachment_is_decoded_in_little_memory(tmp_path: Path) -> None:
    """Forty megabytes pass through pieces of 64 KiB without ever being there as a whole."""
    piece = base64.b64encode(bytes(range(256)) * 192).decode()
    assert len(piece) == 1 << 16
    tracemalloc.start()
    try:
        decoder = Base64Decoder(Spool(tmp_path))
        for _ in range(600):
            decoder.write(piece)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()
    assert decoder.problem is None
    assert decoder.blob().size == 600 * 192 * 256
