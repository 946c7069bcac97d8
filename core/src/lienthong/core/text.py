"""Text for people: normal form, nearest name, masking of personal data."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

_LONG_NUMBER = re.compile(r"\b\d{9,}\b")
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")


def nfc(text: str) -> str:
    """Return text in Unicode normal form C; for text that we author, never for received or signed bytes."""
    return unicodedata.normalize("NFC", text)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `name` was probably meant to be, or None."""
    return next(iter(difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)), None)


def mask_personal(text: str) -> str:
    """Return text with mail addresses and numbers of nine or more digits (identity, telephone, account) starred out."""
    masked = _LONG_NUMBER.sub(lambda match: match.group()[:2] + "*" * (len(match.group()) - 4) + match.group()[-2:], text)
    return _MAIL.sub(lambda match: match.group()[0] + "***@" + match.group().partition("@")[2], masked)
