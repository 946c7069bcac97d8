"""The exchange: what an application, a worker, the command line and a DAG's task all call."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection

from lienthong.connectors.context import Context
from lienthong.connectors.port import Connector, Health, Receiver, Sender, Sink, Source
from lienthong.connectors.registry import connector_types
from lienthong.core.blob import Blob
from lienthong.core.clock import Clock, SystemClock
from lienthong.core.errors import DataError, LienthongError, Problem, Words
from lienthong.core.secrets import SecretRef
from lienthong.core.text import hint
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.dossier import Dossier
from lienthong.schemas.edxml import (
    Attachment,
    DocumentPacket,
    Packet,
    Party,
    ResponseFor,
    StaffInfo,
    StatusPacket,
    Timeline,
    read_packet,
    stream_packet,
    write_packet,
)
from lienthong.schemas.mapping import load_mapping
from lienthong.sdk import inbound, queries, synchronisation
from lienthong.sdk.addresses import resolve_recipients
from lienthong.sdk.blobs import Blobs
from lienthong.sdk.dispatch import dispatch
from lienthong.sdk.dispatch import waiting as queued
from lienthong.sdk.errors import NoRoute, RouteBusy, SenderUnclear, StoreBusy, UnknownName, WaitedInVain, WrongProtocol
from lienthong.sdk.inbox import lease_next, note_status
from lienthong.sdk.keys import content_digest
from lienthong.sdk.ledger.ledger import Ledger, record_event, release_lease, take_lease
from lienthong.sdk.outbox import Document, Sign, accept_document, accept_status, attach, compose, compose_status
from lienthong.sdk.received import Received
from lienthong.sdk.records import DossierLine, MessageDetail, MessageSummary, QuarantinedPacket, RunReport, Sent
from lienthong.sdk.settings import ReceiveRoute, SendRoute, Settings, load_settings
from lienthong.signing.edxml import sign_packet
from lienthong.signing.keys import load_signer

ROUTE_LEASE = 120.0
"""Seconds after which a route is free again whose run has died; a living run renews its lease."""

C = TypeVar("C", bound=Connector)

_NEEDS: dict[type, Words] = {
    Sender: Words("send packets", "gửi gói tin"),
    Receiver: Words("receive packets", "nhận gói tin"),
    Source: Words("give records", "cung cấp hồ sơ"),
    Sink: Words("take dossiers", "tiếp nhận hồ sơ"),
}


class Exchange:
    """Documents and dossiers in and out, by one settings file. Make one per process; it is thread-safe.

    Attributes:
        settings: What it was opened with.
        ledger: Where `ledger.engine` makes connections for `send(connection=…)` and `receive(connection=…)`.
        blobs: The packets by their SHA-256.

    Example:
        with Exchange.from_settings("lienthong.yaml") as exchange:
            sent = exchange.send(document, attachments=[Path("tờ-trình.pdf")], to=["H42", "G22"])
    """

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        """Open the store that the settings name; connections are opened when they are needed.

        Raises:
            ConfigurationError: The store can't be used.
            StoreBusy: The ledger can't be reached now.
        """
        self.settings = settings
        self.clock = clock or SystemClock()
        self._owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.blobs = Blobs(settings.path(settings.store.blobs))
        self.ledger = Ledger(_ledger_address(settings), clock=self.clock)
        self._connectors: dict[str, Connector] = {}
        self._signers: dict[str, Sign | None] = {}
        self._lock = threading.RLock()

    @classmethod
    def from_settings(cls, path: str | Path, *, clock: Clock | None = None) -> Self:
        """Return an exchange by a settings file. Raises as `load_settings` and the constructor do."""
        return cls(load_settings(Path(path)), clock=clock)

    def close(self) -> None:
        """Close connections and the store."""
        with self._lock, ExitStack() as stack:
            stack.callback(self.ledger.close)
            for connector in self._connectors.values():
                stack.callback(connector.close)
            self._connectors.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def send(
        self,
        document: Document,
        *,
        to: Sequence[str],
        attachments: Sequence[Path | Attachment] = (),
        sender: str | None = None,
        revision: int = 0,
        connection: Connection | None = None,
    ) -> Sent:
        """Accept a document for sending and return its receipt; it is durable when this returns.

        The same content to the same recipients again returns the first receipt, marked as a duplicate.

        Args:
            document: What to send.
            to: Codes of the recipients.
            attachments: Files to attach, in order.
            sender: Code of the sending organisation; may be left out if only one can send.
            revision: Tells apart documents that rightly share number, notation, year and kind.
            connection: A transaction of yours on the ledger's database; then it is durable when you commit.

        Raises:
            DocumentInvalid, KeyConflict, UnknownRecipient: data; nothing was accepted.
            NoRoute, SenderUnclear: configuration.
            StoreBusy: The ledger can't be used now.
            OSError: An attachment can't be read.
        """
        organisation = sender or self._only_sender()
        through = self._route_out(organisation).through
        recipients = resolve_recipients(
            lambda: self.transaction(connection) if connection is not None else self.ledger.read(),
            lambda: self.transaction(connection),
            self.settings,
            self.clock,
            lambda: self.connection(through, Connector),
            through=through,
            codes=to,
        )
        files = [attach(item, number) if isinstance(item, Path) else item for number, item in enumerate(attachments, start=1)]
        packet = compose(document, self._party(organisation), recipients, files, self.ledger)

        def keep(parties: tuple[Party, ...]) -> Blob:
            return self._keep(replace(packet, recipients=parties), organisation)

        # What takes time is done before the transaction begins.
        content, digest = keep(packet.recipients), content_digest(packet)
        with self.transaction(connection) as transaction:
            return accept_document(
                transaction, self.ledger, packet, content=content, digest=digest, rewrite=keep, through=through, revision=revision
            )

    def send_packet(
        self, content: bytes | Blob, *, source: str | None = None, revision: int = 0, connection: Connection | None = None
    ) -> Sent:
        """Accept an edXML packet that is ready; its bytes travel as they are.

        Args:
            source: Name of the input for the places of errors.
            revision: As for `send`.
            connection: As for `send`.

        Raises:
            NotWellFormed, NotAPacket, SchemaViolation, UnsafeXml: The packet can't be read.
            KeyConflict: data; the key stands in the ledger with other content.
            NoRoute: configuration; no route sends for the packet's sender.
        """
        packet = read_packet(content, source=source, folder=self.blobs.incoming).packet
        through = self._route_out(packet.sender.code).through
        raw = self.blobs.put(content)
        with self.transaction(connection) as transaction:
            if isinstance(packet, StatusPacket):
                return accept_status(transaction, self.ledger, packet, content=raw, original=None, through=through)
            return accept_document(
                transaction,
                self.ledger,
                packet,
                content=raw,
                digest=raw.sha256,
                rewrite=lambda _: raw,
                through=through,
                revision=revision,
            )

    def timeline(self, message: str) -> Timeline:
        """Return what has been reported about a document. Raises UnknownMessage."""
        return queries.timeline(self.ledger, message)

    def wait(self, message: str, *, until: Status, timeout: float) -> Timeline:
        """Return the timeline as soon as every recipient has reported a status.

        Args:
            until: The status to wait for.
            timeout: Seconds to wait at most.

        Raises:
            WaitedInVain: It didn't come in time; it may still come.
        """
        end = self.clock.monotonic() + timeout
        while True:
            timeline = self.timeline(message)
            recipients = {delivery.recipient for delivery in queries.detail(self.ledger, message).deliveries}
            if recipients <= {entry.organisation for entry in timeline.entries if entry.status == until}:
                return timeline
            if self.clock.monotonic() >= end:
                raise WaitedInVain(status=until, message=message, timeout=timeout)
            self.clock.sleep(0.2)

    def receive(self, *, organisation: str | None = None, limit: int = 100, connection: Connection | None = None) -> Iterator[Received]:
        """Yield documents that wait for hand-over, oldest first, each held under a lease from then until its block ends.

        A clean end of `with received:` marks it as handed over. An exception puts it back, is counted and raised again. When the
        application dies in between, the document comes again after the lease: keep `received.key` with what you save.

        Args:
            organisation: Only this one's documents; None: those of all organisations of the settings.
            limit: How many at most.
            connection: A transaction of yours on the ledger's database. Leasing and handing over belong to it: they count when you
                commit, and are undone when you roll back.
        """
        if organisation is not None and organisation not in self.settings.organisations:
            raise UnknownName(section="organisations", name=organisation, hint=hint(organisation, self.settings.organisations))
        wanted = [organisation] if organisation else list(self.settings.organisations)
        yielded: set[str] = set()
        while len(yielded) < limit:
            with self.transaction(connection) as transaction:
                held = lease_next(transaction, self.ledger, self.blobs.get, organisations=wanted, but_not=yielded)
            if held is None:
                return
            yielded.add(held.message)
            undo = connection is None
            folder = self.blobs.incoming
            yield Received(held, lambda: self.transaction(connection), self.ledger, self._report_status, folder=folder, undo=undo)

    def check_routes(self) -> dict[str, Problem]:
        """Return for each route that can't run as the settings have it why not; nothing remote is called."""
        problems = {}
        for name, plan in self.settings.routes.items():
            needs: list[tuple[str, type[Connector]]]
            if isinstance(plan, SendRoute):
                needs = [(plan.through, Sender)]
            elif isinstance(plan, ReceiveRoute):
                needs = [(plan.through, Receiver)]
            else:
                needs = [(plan.source, Source), (plan.sink, Sink)]
            for connection, protocol in needs:
                try:
                    self.connection(connection, protocol)
                except WrongProtocol as error:
                    problems[name] = error.problem()
                except LienthongError:  # the connection itself can't be opened, which `check` tells
                    continue
        return problems

    def outbox(self, *, organisation: str | None = None, limit: int = 100) -> list[MessageSummary]:
        """Return what was accepted for sending, newest first."""
        return queries.outbox(self.ledger, organisation=organisation, limit=limit)

    def inbox(self, *, organisation: str | None = None, limit: int = 100) -> list[MessageSummary]:
        """Return documents that came in, newest first."""
        return queries.inbox(self.ledger, organisation=organisation, limit=limit)

    def message(self, message: str) -> MessageDetail:
        """Return all that is known of a message but its content. Raises UnknownMessage."""
        return queries.detail(self.ledger, message)

    def quarantine(self, *, limit: int = 100) -> list[QuarantinedPacket]:
        """Return packets that came and belong to no inbox, newest first."""
        return queries.quarantine(self.ledger, limit=limit)

    def dossiers(self, route: str, *, state: str | None = None, limit: int = 1000) -> list[DossierLine]:
        """Return dossiers of a route by number, in one state or all."""
        return queries.dossiers(self.ledger, route, state=state, limit=limit)

    def has_arrived(self, sha256: str) -> bool:
        """Return whether a packet of exactly these bytes has come in, to an inbox or into quarantine."""
        return queries.has_arrived(self.ledger, sha256)

    def run(self, route: str, *, time_box: float | None = None, dry_run: bool = False) -> RunReport:
        """Run a route until nothing is left or its time is up, and return what was done.

        Args:
            route: Its name in the settings.
            time_box: Seconds; None takes the route's own.
            dry_run: Only count what stands in line; nothing is stored or sent.

        Raises:
            UnknownName, WrongProtocol, CredentialsRejected and the like: configuration.
            Transient: The remote system couldn't be used at all.
            RouteBusy: Another caller is synchronising by this route.
            DataError: The mapping of the route doesn't fit.
        """
        plan = self.settings.route(route)
        seconds = plan.time_box.total_seconds() if time_box is None else time_box
        if isinstance(plan, SendRoute):
            if dry_run:
                return RunReport(route=route, waiting=queued(self.ledger, plan.through, plan.organisations))
            return dispatch(
                self.ledger,
                self.blobs,
                self.connection(plan.through, Sender),
                route=route,
                through=plan.through,
                organisations=plan.organisations,
                seconds=seconds,
            )
        if isinstance(plan, ReceiveRoute):
            receiver = self.connection(plan.through, Receiver)
            if dry_run:
                return RunReport(route=route, waiting=inbound.waiting(receiver))
            return inbound.receive(
                self.ledger,
                self.blobs,
                receiver,
                route=route,
                through=plan.through,
                organisations=list(self.settings.organisations),
                acknowledge=self._acknowledge,
                seconds=seconds,
            )
        mapping = load_mapping(self.settings.path(plan.mapping), target=Dossier)
        source = self.connection(plan.source, Source)
        sink = self.connection(plan.sink, Sink)
        if dry_run:
            return synchronisation.look_ahead(self.ledger, source, sink, mapping.apply, route=route)
        with self._route_lease(route) as keep:
            return synchronisation.synchronise(
                self.ledger,
                source,
                sink,
                mapping.apply,
                route=route,
                batch=plan.batch,
                seconds=seconds,
                keep_lease=keep,
            )

    def connection(self, name: str, protocol: type[C]) -> C:
        """Return an open connection by name, as a protocol of the port or a connector's own class.

        Raises:
            UnknownName, WrongProtocol: configuration.
        """
        with self._lock:
            connector = self._connectors.get(name)
            if connector is None:
                settings = self.settings.connection(name)
                context = Context(name=name, folder=self.settings.folder, clock=self.clock)
                connector = self._connectors[name] = connector_types()[settings.kind].open(settings, context)
        if not isinstance(connector, protocol):
            raise WrongProtocol(connection=name, need=_NEEDS.get(protocol, Words(protocol.__name__, protocol.__name__)))
        return connector

    def transaction(self, connection: Connection | None = None) -> AbstractContextManager[Connection]:
        """Run a block in one transaction on the ledger: a new one, or the one that `connection` is in and its owner ends."""
        return nullcontext(connection) if connection is not None else self.ledger.begin()

    def check(self) -> dict[str, Health]:
        """Return for each connection whether the remote system answers and knows us."""
        healths = {}
        for name in self.settings.connections:
            try:
                healths[name] = self.connection(name, Connector).check()
            except LienthongError as error:
                healths[name] = Health(reachable=False, problem=error.problem())
        return healths

    def _acknowledge(self, connection: Connection, packet: DocumentPacket, message: str, organisation: str) -> None:
        """Report 01; an organisation without a route that sends receives all the same."""
        try:
            self._report_status(connection, packet, message, organisation, Status.RECEIVED)
        except (DataError, NoRoute) as error:
            record_event(connection, self.ledger, "not-acknowledged", organisation=organisation, subject=message, detail=error.code)

    def _report_status(
        self,
        connection: Connection,
        packet: DocumentPacket,
        message: str,
        organisation: str,
        status: Status,
        reason: str = "",
        staff: StaffInfo | None = None,
    ) -> Sent:
        """Accept a status about a received document for sending, inside a transaction, and write it into the document's timeline."""
        about = ResponseFor(
            organisation=packet.sender.code,
            code=packet.code,
            promulgation_date=packet.promulgation_date,
            document_id=packet.document_id,
        )
        report = compose_status(self._party(organisation), about, status, self.ledger, description=reason, staff=staff)
        content = self._keep(report, organisation)
        through = self._route_out(organisation).through
        sent = accept_status(connection, self.ledger, report, content=content, original=message, through=through)
        note_status(connection, self.ledger, message, organisation, organisation, report, sha256=content.sha256)
        return sent

    def _keep(self, packet: Packet, organisation: str) -> Blob:
        """Write a packet, sign it if its organisation does so, and return its bytes, on disk."""
        sign = self._sign(organisation)
        if sign is not None:
            return self.blobs.put(sign(write_packet(packet)))
        with self.blobs.writer() as stream:
            stream_packet(packet, stream)
        return stream.blob

    @contextmanager
    def _route_lease(self, route: str) -> Iterator[Callable[[], None]]:
        """Hold a route while a block runs, and give what raises when it was lost."""
        owner = f"{self._owner}-{uuid.uuid4().hex[:8]}"  # threads of one exchange are different runs

        def keep() -> None:
            if not take_lease(self.ledger, route, owner, seconds=ROUTE_LEASE):
                raise RouteBusy(route=route)

        def renew() -> None:
            while not ended.wait(ROUTE_LEASE / 4):
                with suppress(StoreBusy):  # the next renewal comes long before the lease ends
                    take_lease(self.ledger, route, owner, seconds=ROUTE_LEASE)

        keep()
        ended = threading.Event()
        renewal = threading.Thread(target=renew, name=f"lease-{route}", daemon=True)
        renewal.start()
        try:
            yield keep
        finally:
            ended.set()
            renewal.join()
            release_lease(self.ledger, route, owner)

    def _party(self, organisation: str) -> Party:
        return Party(code=organisation, name=self.settings.organisations[organisation].name)

    def _only_sender(self) -> str:
        senders = {name for route in self.settings.routes.values() if isinstance(route, SendRoute) for name in route.organisations}
        if not senders:
            raise NoRoute(organisation="*")
        if len(senders) != 1:
            raise SenderUnclear(organisations=", ".join(sorted(senders)))
        return senders.pop()

    def _route_out(self, organisation: str) -> SendRoute:
        for route in self.settings.routes.values():
            if isinstance(route, SendRoute) and organisation in route.organisations:
                return route
        raise NoRoute(organisation=organisation)

    def _sign(self, organisation: str) -> Sign | None:
        with self._lock:
            if organisation not in self._signers:
                policy = self.settings.organisations[organisation].signer
                sign: Sign | None = None
                if policy is not None:
                    signer = load_signer(policy.key, policy.password)
                    sign = lambda packet: sign_packet(packet, signer)  # noqa: E731 (a closure over this signer)
                self._signers[organisation] = sign
            return self._signers[organisation]


def _ledger_address(settings: Settings) -> str:
    address = settings.store.ledger
    if address.startswith(("env:", "file:")):
        return SecretRef(address, base=settings.folder).resolve()
    if address.startswith("sqlite:///") and not address.startswith("sqlite:////"):
        return f"sqlite:///{settings.path(Path(address.removeprefix('sqlite:///')))}"
    return address
