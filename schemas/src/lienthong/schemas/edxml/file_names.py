"""Names that attached files may have in a folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import chain, count

MAX_NAME = 255
"""Bytes that a file name may have on common file systems."""

_MAX_SUFFIX = 20
_NUMBERED = 99
_PATH = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # on Windows, where many of these files are opened
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)


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
