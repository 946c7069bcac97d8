"""Takes the base64 text of a packet out of a JSON reply while it streams, in constant memory."""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.core.blob import Writable
from lienthong.core.errors import Words

_MAX_REST = 1 << 16
_UNFINISHED_ESCAPE = re.compile(rb"\\(?:u[0-9A-Fa-f]{0,3})?$")
_WHITE = re.compile(rb"[ \t\r\n]+")


@dataclass(eq=False)
class ReplyUnusable(ValueError):
    """The reply isn't a JSON object, or its `data` isn't base64 text."""

    reason: Words


class TooManyBytes(ValueError):
    """The decoded text is larger than allowed."""


def read_packet_reply(chunks: Iterable[bytes], into: Writable, *, limit: int) -> tuple[dict[str, object], int]:
    """Write the decoded `data` of a JSON object to `into`; return the object's other members and how many bytes were written.

    The members may come in any order, so that `status` may stand after `data`: until this returns, and its result is judged, what
    was written is of no use. A `data` that isn't text is returned with the others.

    Args:
        chunks: The reply in pieces of any size.
        into: Where to.
        limit: Most decoded bytes.

    Raises:
        ReplyUnusable: not JSON, not base64, or more than 64 KB beside `data`.
        TooManyBytes: the packet is larger than `limit`.
    """
    rest = _Rest()
    packet = _Base64(into, limit)
    for chunk in chunks:
        piece = chunk
        while piece:
            piece = packet.feed(piece) if packet.open else rest.feed(piece, packet)
    try:
        members = json.loads(bytes(rest.text))
    except (ValueError, RecursionError) as error:
        raise ReplyUnusable(Words("not JSON, or cut off", "không phải JSON hoặc bị cắt ngang")) from error
    if not isinstance(members, dict):
        raise ReplyUnusable(Words("not a JSON object", "không phải đối tượng JSON"))
    if packet.seen:
        members.pop("data", None)
        packet.finish()
    return members, packet.size


class _Rest:
    """Everything but the packet's text; finds the place where that begins."""

    def __init__(self) -> None:
        self.text = bytearray()
        self._depth = 0
        self._in_string = False
        self._string_start = 0
        self._escaped = False
        self._key = b""
        self._is_value = False

    def feed(self, piece: bytes, packet: _Base64) -> bytes:
        """Take in bytes up to where the packet's text begins, and return what is left."""
        for index in range(len(piece)):
            character = piece[index : index + 1]
            self.text += character
            if self._in_string:
                self._inside_string(character)
            elif character == b'"':
                if self._depth == 1 and self._is_value and self._key == b"data" and not packet.seen:
                    packet.start()
                    self.text += character  # the text of the packet is empty here
                    return piece[index + 1 :]
                self._in_string = True
                self._string_start = len(self.text)
            elif character in (b"{", b"["):
                self._depth += 1
                self._is_value = False
            elif character in (b"}", b"]"):
                self._depth -= 1
            elif character in (b":", b","):
                self._is_value = character == b":"
            if len(self.text) > _MAX_REST:
                raise ReplyUnusable(Words("too much beside the packet", "quá nhiều nội dung ngoài gói tin"))
        return b""

    def _inside_string(self, character: bytes) -> None:
        if self._escaped:
            self._escaped = False
        elif character == b"\\":
            self._escaped = True
        elif character == b'"':
            if not self._is_value:
                self._key = bytes(self.text[self._string_start : -1])
            self._in_string = False


class _Base64:
    """The packet's text: JSON escapes, white space and base64 undone as it comes."""

    def __init__(self, into: Writable, limit: int) -> None:
        self.seen = False
        self.open = False
        self._into = into
        self._limit = limit
        self.size = 0
        self._escape = b""
        self._group = b""
        self._padded = False

    def start(self) -> None:
        self.seen = self.open = True

    def feed(self, piece: bytes) -> bytes:
        """Take in bytes up to the quote that ends the text, and return what follows it."""
        end = piece.find(b'"')
        text = self._escape + (piece if end < 0 else piece[:end])
        self._escape = b""
        if b"\\" in text:
            if end < 0 and (unfinished := _UNFINISHED_ESCAPE.search(text)):
                text, self._escape = text[: unfinished.start()], unfinished.group()
            try:
                text = json.loads(b'"' + text + b'"').encode("ascii")
            except ValueError as error:
                raise ReplyUnusable(Words("data has a character that base64 doesn't have", "data có ký tự không thuộc base64")) from error
        self._decode(text)
        if end < 0:
            return b""
        self.open = False
        return piece[end + 1 :]

    def _decode(self, text: bytes) -> None:
        text = self._group + _WHITE.sub(b"", text)
        whole = len(text) - len(text) % 4
        text, self._group = text[:whole], text[whole:]
        if not text:
            return
        if self._padded:
            raise ReplyUnusable(Words("data goes on after its end", "data còn nội dung sau phần kết thúc"))
        self._padded = text.endswith(b"=")
        try:
            decoded = binascii.a2b_base64(text, strict_mode=True)
        except binascii.Error as error:
            raise ReplyUnusable(Words("data is not base64", "data không phải base64")) from error
        self.size += len(decoded)
        if self.size > self._limit:
            raise TooManyBytes
        self._into.write(decoded)

    def finish(self) -> None:
        """Check that the text ended where base64 may end."""
        if self.open or self._group:
            raise ReplyUnusable(Words("data is cut off", "data bị cắt ngang"))
