"""Text for people: normal form, nearest name, masking of personal data."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from lienthong.core.errors import Words

_LONG_NUMBER = re.compile(r"(?<!\d)\d{9,}(?!\d)")
_TELEPHONE = re.compile(r"(?<!\d)(?:0|\+84)\d{1,3}[ .]\d{3}[ .]\d{3,4}(?!\d)")
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")


def nfc(text: str) -> str:
    """Return text in Unicode normal form C; for text that we author, never for received or signed bytes."""
    return unicodedata.normalize("NFC", text)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `name` was probably meant to be, or None."""
    return next(iter(difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)), None)


def hint(name: str, names: Iterable[str]) -> Words | str:
    """Return a bracket for the end of a sentence that asks whether the nearest of `names` was meant, empty if none is near."""
    near = nearest(name, names)
    return Words(f" (did you mean {near}?)", f" (có phải là {near}?)") if near else ""


def mask_personal(text: str) -> str:
    """Return text with mail addresses, telephone numbers and numbers of nine or more digits (identity, account) starred out."""
    for pattern in (_LONG_NUMBER, _TELEPHONE):
        text = pattern.sub(lambda match: match.group()[:2] + "*" * (len(match.group()) - 4) + match.group()[-2:], text)
    return _MAIL.sub(lambda match: match.group()[0] + "***@" + match.group().partition("@")[2], text)
