"""Attached files between packet and disk: their bytes out of base64 text, and names that a folder may have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import chain, count

import pybase64

from lienthong.core.blob import Blob, Spool
from lienthong.core.errors import Words

MAX_NAME = 255
"""Bytes that a file name may have on common file systems."""

_SPACES = " \t\r\n"
_MAX_SUFFIX = 20
_NUMBERED = 99
_PATH = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # on Windows, where many of these files are opened
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)


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
            self._defect = Words("a character in it isn't base64", "có ký tự không thuộc bảng mã base64")

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
        size = self._writer.size
        if self._defect is None and self._rest:
            return Words(
                f"its base64 text is cut short inside a group of four characters, after {size} bytes",
                f"nội dung base64 bị cắt cụt giữa một nhóm bốn ký tự, sau {size} byte",
            )
        if self._defect is None and not size:
            return Words("it has no content", "không có nội dung")
        return self._defect

    def blob(self) -> Blob:
        """Return the bytes; where there is a `problem`, they are only those in front of it and aren't the file."""
        return self._writer.blob()


def safe_file_name(name: str, taken: Collection[str]) -> str:
    """Return a name under which an attachment can be put into a folder, as near to its own as can be.

    It is the last part of what may be a path, in NFC and of at most 255 bytes with the extension kept, without characters that can't be
    seen, turn the direction of writing or mean something to Windows; it neither hides the file nor names a device.

    Args:
        name: The attachment's name, as the packet has it.
        taken: Names that the folder has already; case makes no difference. One more of the same is numbered, as in `to-trinh (2).pdf`.
    """
    visible = "".join(character for character in name if unicodedata.category(character) not in _INVISIBLE)
    parts = [_trimmed(part) for part in _PATH.split(unicodedata.normalize("NFC", visible))]
    plain = _FORBIDDEN.sub("_", next((part for part in reversed(parts) if part), "attachment"))
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    stem, dot, suffix = plain.rpartition(".")
    if not stem or len(suffix.encode()) > _MAX_SUFFIX:
        stem, dot, suffix = plain, "", ""
    folded = {_folded(other) for other in taken}
    # Past a hundred of the same name, a number that is probably free, so that a flood of them doesn't cost its square.
    for number in chain(range(1, _NUMBERED + 1), count(len(folded) + 1)):
        ending = (f" ({number})" if number > 1 else "") + dot + suffix
        candidate = _trimmed(stem.encode()[: MAX_NAME - len(ending.encode())].decode(errors="ignore")) + ending
        if _folded(candidate) not in folded:
            break
    return candidate


def _trimmed(part: str) -> str:
    """Without the spaces and dots at its ends: a leading dot hides a file, trailing ones are dropped by Windows."""
    return " ".join(part.split()).strip(" .")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
