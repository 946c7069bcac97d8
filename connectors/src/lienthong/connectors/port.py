"""The port between the library and remote systems: what a connector can do is which of these protocols it implements.

Connectors are thread-safe up to `capabilities.concurrency` and keep no state but their transport.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar, runtime_checkable

from lienthong.core.blob import Blob, Writable
from lienthong.core.errors import Problem, Words

T_co = TypeVar("T_co", covariant=True)
T_contra = TypeVar("T_contra", contravariant=True)

Cursor = str
"""Where a listing goes on; opaque to everyone but the connector that made it."""

PacketKind = Literal["document", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One packet for recipients that share one fate.

    Attributes:
        id: Our id of the transmission.
        sender: Code of the sending organisation.
        recipients: Codes of the recipients, as the packet has them.
        key: Natural key of the message, readable.
        packet: The bytes that travel.
    """

    id: str
    kind: PacketKind
    sender: str
    recipients: tuple[str, ...]
    key: str
    packet: Blob


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the remote system said when it took a parcel; `remote_id` is its own id of it."""

    remote_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one record or item.

    Attributes:
        state: `done`; `refused` for good; `later`: surely not done, may be tried again; `uncertain`: perhaps done.
        problem: Why, unless it is done.
    """

    state: Literal["done", "refused", "later", "uncertain"]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Result of `check`: whether the remote system answers and knows us, what was found, and why not."""

    reachable: bool
    detail: Words | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a wire keeps and bears.

    Attributes:
        preserves: `bytes` if a receiver gets exactly the bytes that were sent, `content` if the remote rebuilds packets.
        concurrency: How many threads may call at once.
        operations: The remote operations that are used, as the remote names them.
    """

    preserves: Literal["bytes", "content"] = "bytes"
    concurrency: int = 1
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T_co]):
    """Some items and where to go on.

    Attributes:
        next: Where a later call goes on behind these items; None if the wire has no such place or there were no items.
    """

    items: tuple[T_co, ...]
    next: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A packet that waits at the remote system.

    Attributes:
        remote_id: The remote system's id of it, unique per connection and kind.
        sender: Code of the sender, as the remote system says.
    """

    remote_id: str
    kind: PacketKind
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Generic[T_co]):
    """One record of a source.

    Attributes:
        key: What identifies it in its source, such as the dossier number.
        value: The record itself.
    """

    key: str
    value: T_co


@runtime_checkable
class Connector(Protocol):
    """What every connector has."""

    @property
    def capabilities(self) -> Capabilities:
        """What this wire keeps and bears."""
        ...

    def check(self) -> Health:
        """Ask the remote system whether it is there and knows us; changes nothing there and raises nothing of ours."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Sender(Connector, Protocol):
    """Sends parcels."""

    def send(self, parcel: Parcel) -> Receipt:
        """Hand a parcel over and return the remote system's receipt.

        Raises:
            Transient: Surely not sent.
            Uncertain: Maybe sent.
            Refused: The remote system will not take it.
            DataError: Nothing was sent; the packet must change.
            ConfigurationError: Credentials or settings; surely not sent.
        """
        ...


@runtime_checkable
class SentLookup(Connector, Protocol):
    """Only where the remote system really can be asked what it has taken."""

    @property
    def absence_conclusive_after(self) -> float:
        """Seconds after a send from which "not found" proves that nothing was sent."""
        ...

    def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Return the receipt of a parcel that was sent before, or None."""
        ...


@runtime_checkable
class Receiver(Connector, Protocol):
    """Lists, fetches and confirms packets; a page is committed before its `next` is stored."""

    def pending(self, cursor: Cursor | None, *, limit: int) -> Page[Waiting]:
        """Return packets that wait, each once."""
        ...

    def fetch(self, item: Waiting, into: Writable) -> None:
        """Write the packet's bytes to `into`, as they came, in pieces."""
        ...

    def confirm(self, item: Waiting, outcome: Outcome) -> None:
        """Tell the remote system that the packet is ours now, also one that can't be read: its bytes are kept. Idempotent.

        Only an outcome that is `done` is told; after any other the packet goes on waiting.
        """
        ...


@runtime_checkable
class Source(Connector, Protocol[T_co]):
    """Gives records that changed."""

    def changes(self, cursor: Cursor | None, *, limit: int) -> Page[Record[T_co]]:
        """Return records changed since `cursor` (None: all), oldest change first; a record may come again."""
        ...


@runtime_checkable
class Sink(Connector, Protocol[T_contra]):
    """Takes records."""

    def push(self, batch: Sequence[T_contra]) -> Sequence[Outcome]:
        """Return one outcome per record, in the same order; raises only if nothing was sent."""
        ...


@runtime_checkable
class Checks(Protocol[T_contra]):
    """What a sink may also have: it knows, before anything is sent, what its remote system wants of a record."""

    def check_record(self, record: T_contra) -> tuple[Problem, ...]:
        """Return what is wrong with a record; push it only if no problem's level is `error`. Nothing is called."""
        ...


@runtime_checkable
class Lookup(Connector, Protocol[T_co]):
    """Answers by key."""

    def look_up(self, keys: Sequence[str]) -> Mapping[str, T_co]:
        """Return what is known of `keys`; unknown ones are absent."""
        ...
