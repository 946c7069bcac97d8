"""What wires judge alike: replies that say no, and replies that can't be understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lienthong.connectors.errors import AnswerUnclear, AnswerUnusable, CredentialsRejected, RemoteBusy, RemoteRefused
from lienthong.connectors.port import Parcel
from lienthong.core.errors import LienthongError, Words
from lienthong.core.text import mask_personal, nfc

_DETAIL_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A reply that says no.

    Attributes:
        remote_code: The remote system's own code; where only the HTTP status says no, `HTTP` and the status.
        text: What the remote system wrote about it.
        parcel: What was to be sent, where it was a parcel.
    """

    connection: str
    operation: str
    remote_code: str
    text: str = ""
    parcel: Parcel | None = None

    @property
    def shown(self) -> str:
        """The remote system's text, cut and without personal data."""
        return mask_personal(self.text)[:_DETAIL_LENGTH] or "-"

    @property
    def folded(self) -> str:
        """The remote system's text for comparing."""
        return nfc(self.text).casefold()


class Row(NamedTuple):
    """A row of a connector's table of codes: what a refusal is here, if code and operation (None: any) and a part of its text fit."""

    code: str | None
    operation: str | None
    make: Callable[[Refusal], LienthongError]
    text: str = ""

    def fits(self, refusal: Refusal) -> bool:
        """Tell whether a refusal is of this row."""
        return self.code in (None, refusal.remote_code) and self.operation in (None, refusal.operation) and self.text in refusal.folded


def error_for(refusal: Refusal, table: Sequence[Row]) -> LienthongError:
    """Return the error that a refusal is by a table, most specific row first, whose last row fits everything."""
    return next(row.make(refusal) for row in table if row.fits(refusal))


def busy(refusal: Refusal) -> LienthongError:
    """Return the error of a passing fault."""
    return RemoteBusy(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code)


def credentials(refusal: Refusal) -> LienthongError:
    """Return the error of credentials that aren't accepted."""
    return CredentialsRejected(connection=refusal.connection, remote_code=refusal.remote_code, detail=refusal.shown)


def refused(refusal: Refusal) -> LienthongError:
    """Return the error of a refusal that has no meaning of its own."""
    return RemoteRefused(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code, detail=refusal.shown)


def not_understood(connection: str, operation: str, reason: Words, *, safe: bool) -> AnswerUnusable | AnswerUnclear:
    """Return the error of a reply that can't be understood, by whether the call changes nothing (safe) or may have been done."""
    return (AnswerUnusable if safe else AnswerUnclear)(connection=connection, operation=operation, reason=reason)


def refusal_by_status(status: int, reason: Words, *, connection: str, operation: str, safe: bool, parcel: Parcel | None = None) -> Refusal:
    """Return the refusal that a reply with unreadable content is by its HTTP status alone.

    A status of the 400s says that nothing was done; 408 is the one that may come after a part was read.

    Raises:
        AnswerUnusable: retry; any other status, of a call that changes nothing (safe).
        AnswerUnclear: ask; the same, of a call that may have been done.
    """
    if 400 <= status < 500 and status != 408:  # noqa: PLR2004
        return Refusal(connection=connection, operation=operation, remote_code=f"HTTP {status}", parcel=parcel)
    raise not_understood(connection, operation, Words(f"HTTP {status}, {reason.en}", f"HTTP {status}, {reason.vi}"), safe=safe)


def words_of(error: LienthongError) -> Words:
    """Return what an error of ours says, to stand inside another's sentence."""
    return Words(error.sentence("en").removesuffix("."), error.sentence("vi").removesuffix("."))
