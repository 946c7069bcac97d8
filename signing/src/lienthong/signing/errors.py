"""What can be wrong with keys and with documents that are to be signed.

ConfigurationError
└── KeyRefused     LT-SIGN-001
DataError
└── NotSignable    LT-SIGN-002

What is wrong with a signature that came is no error but the reason in a `SignatureReport`, LT-SIGN-101 and on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, DataError, Words

__all__ = ["KeyRefused", "NotSignable"]


@dataclass(eq=False, kw_only=True)
class KeyRefused(ConfigurationError):
    """A key can't be loaded or isn't fit to sign; `reference` says where it stands, never what it is."""

    code: ClassVar[str] = "LT-SIGN-001"
    en: ClassVar[str] = "The signing key {reference} can't be used: {reason}."
    vi: ClassVar[str] = "Không dùng được khóa ký số {reference}: {reason}."
    reference: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class NotSignable(DataError):
    """The document can't take a signature without other changes."""

    code: ClassVar[str] = "LT-SIGN-002"
    en: ClassVar[str] = "The document can't be signed: {reason}."
    vi: ClassVar[str] = "Không ký được văn bản: {reason}."
    reason: Words
