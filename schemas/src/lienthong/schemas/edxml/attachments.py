"""Attached files out of the base64 text of a packet."""

from __future__ import annotations

import re

import pybase64

from lienthong.core.blob import Blob, Spool
from lienthong.core.errors import Words

_SPACES = " \t\r\n"
_BASE64 = re.compile(r"[A-Za-z0-9+/=]*")
_NOT_BASE64 = Words("a character in it isn't base64", "có ký tự không thuộc bảng mã base64")


class Base64Decoder:
    """Takes the base64 text of one attachment in pieces of any cut, and gives the bytes that it stands for.

    Text that is wrong raises nothing, for the parser that hands it over is in the middle of a packet: `problem` tells the first defect.
    White space may stand anywhere, as XML has it. Nothing else is forgiven: what can't be told in full isn't told at all.

    Standard: RFC 4648 §4.
    """

    def __init__(self, spool: Spool) -> None:
        """Keep the bytes in a spool, which has no other writer until the text has ended."""
        self._writer = spool.writer()
        self._rest = ""  # the begun group of four
        self._ended = False
        self._defect: Words | None = None

    def write(self, text: str, /) -> None:
        """Take the next piece of text.

        Raises:
            SpoolFailed: retry; the bytes can't be kept.
        """
        if self._defect is not None:
            return
        for space in _SPACES:
            if space in text:  # much faster than replacing nothing
                text = text.replace(space, "")
        try:
            self._defect = self._decode(self._rest + text)
        except ValueError:  # also for what isn't ASCII
            self._defect = _NOT_BASE64

    def _decode(self, text: str) -> Words | None:
        goes_on = Words("its base64 text goes on after the padding", "nội dung base64 còn tiếp sau phần đệm (dấu =)")
        if self._ended:
            return goes_on if text else None
        whole = len(text) // 4 * 4
        self._rest = text[whole:]
        padding = text.find("=", 0, whole)
        if padding >= 0:
            end = padding // 4 * 4 + 4
            if text[padding:end] not in ("=", "=="):
                return Words("its base64 text is wrongly padded", "nội dung base64 có phần đệm (dấu =) sai")
            if end < len(text):
                return goes_on
            self._ended = True
        self._writer.write(pybase64.b64decode(text[:whole], validate=True))
        return None

    @property
    def problem(self) -> Words | None:
        """What is wrong with the text, now that all of it was taken; None where it is sound."""
        if self._defect is not None:
            return self._defect
        if not _BASE64.fullmatch(self._rest):
            return _NOT_BASE64
        size = self._writer.size
        if self._rest:
            return Words(
                f"its base64 text is cut short inside a group of four characters, after {size} bytes",
                f"nội dung base64 bị cắt cụt giữa một nhóm bốn ký tự, sau {size} byte",
            )
        return None if size else Words("it has no content", "không có nội dung")

    def blob(self) -> Blob:
        """Return the bytes; where there is a `problem`, they are only those in front of it and aren't the file."""
        return self._writer.blob()
