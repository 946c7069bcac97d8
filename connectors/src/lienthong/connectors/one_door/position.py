"""Where reading the list of changes has come to, and which records of a page lie behind it.

The list is ordered by the time of the last change and can be asked from a time on, inclusive. Times are coarse, so that many
records share one, and one of them may change again, or another join them, within the time that was read already. Hence a
position is a time and the digests of the records of that time that were read: a record is new if it is later, or of that time
and its content isn't among them. No order among records of one time is relied on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Self

from lxml import etree

from lienthong.connectors.port import Cursor
from lienthong.core.clock import HO_CHI_MINH
from lienthong.schemas.xml import Element

_CURSOR = re.compile(r"(\S+)((?: [0-9a-f]{16})*)", re.ASCII)
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Change:
    """One record of a page: when it changed last (None: it doesn't say so in a readable way), and what it is.

    Attributes:
        written: The time as the system wrote it, to be given back as it is.
    """

    moment: datetime | None
    written: str
    digest: str

    @classmethod
    def of(cls, element: Element, written: str) -> Self:
        """Return the change of a record's element, whose time of change is `written`."""
        # Names without prefixes, which a server may choose anew for every reply. XML allows neither of the separators.
        content = "\x1f".join(f"{etree.QName(node).localname}\x1e{node.text or ''}" for node in element.iter("{*}*"))
        return cls(moment_of(written), written, hashlib.sha256(content.encode()).hexdigest()[:_DIGEST_LENGTH])


@dataclass(frozen=True, slots=True)
class Position:
    """What was read: everything before `written`, and of that time the records with these digests."""

    written: str
    moment: datetime
    seen: frozenset[str]

    @classmethod
    def of(cls, cursor: Cursor) -> Self | None:
        """Return the position that `cursor` wrote; None if it is none of this wire."""
        match = _CURSOR.fullmatch(cursor)
        moment = moment_of(match[1]) if match else None
        return None if match is None or moment is None else cls(match[1], moment, frozenset(match[2].split()))

    @property
    def cursor(self) -> Cursor:
        """The position as text."""
        return " ".join((self.written, *sorted(self.seen)))

    def is_new(self, change: Change) -> bool:
        """Return whether a record lies after this position; one without a readable time counts as of this time."""
        moment = change.moment or self.moment
        return moment > self.moment or (moment == self.moment and change.digest not in self.seen)


def after(position: Position | None, read: Sequence[Change]) -> Position | None:
    """Return the position after reading some records more, in the order of the list; None as long as no time is known."""
    last = next((change for change in reversed(read) if change.moment is not None), None)
    if last is None or last.moment is None:
        return None if position is None else Position(position.written, position.moment, position.seen | _digests(read))
    of_last_time = _digests([change for change in read if change.moment in (last.moment, None)])
    if position is not None and position.moment == last.moment:
        of_last_time |= position.seen
    return Position(last.written, last.moment, of_last_time)


def in_order(changes: Sequence[Change]) -> bool:
    """Return whether no record changed before the one that it follows."""
    moments = [change.moment for change in changes if change.moment is not None]
    return all(earlier <= later for earlier, later in pairwise(moments))


def moment_of(text: str) -> datetime | None:
    """Return the moment that an XML dateTime means, in Vietnamese time where it names no zone; None if it is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=HO_CHI_MINH)


def _digests(changes: Sequence[Change]) -> frozenset[str]:
    return frozenset(change.digest for change in changes)
