"""What the simulated axis holds: its directory, the packets, and how far each centre has come with them."""

import hashlib
import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from lienthong.sandbox.options import Centre, SandboxOptions, SandboxOrganisation
from lienthong.sandbox.packet import ReadPacket
from lienthong.sandbox.times import now
from lienthong.sandbox.xml_signature import SignatureVerdict, check_signature

MessageType = Literal["edoc", "status"]
TransportStatus = Literal["initial", "processing", "done", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreDelivery:
    """How far one receiving centre has come with one packet."""

    status: TransportStatus = "initial"
    updated: datetime
    fetched: int = 0
    """How often the packet was fetched."""
    confirmed: int = 0
    """How often `updateStatus` said done or fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisRecipient:
    """An addressee: its code as the packet writes it, and the centre that fetches for it."""

    code: str
    system_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisPacket:
    """A packet that the axis has taken, as it stands now."""

    doc_id: str
    message_type: MessageType
    service_type: str
    system_id: str
    """The centre that sent it."""
    sender: str
    recipients: tuple[AxisRecipient, ...]
    title: str
    notation: str
    content: bytes = field(repr=False)
    sha256: str
    created: datetime
    uploads: int = 1
    """More than one only where the axis removes duplicates."""
    centres: Mapping[str, CentreDelivery]
    """By the system id of each receiving centre."""


@dataclass(frozen=True, slots=True)
class Registration:
    """An organisation and the centre that it belongs to; `number` is its id in the directory."""

    number: int
    system_id: str
    organisation: SandboxOrganisation


class AxisState:
    """The axis behind its wire. Thread-safe; what it hands out doesn't change afterwards."""

    def __init__(self, options: SandboxOptions) -> None:
        self._lock = threading.RLock()
        self._deduplicates = options.deduplicates
        self._centres = {centre.system_id: centre for centre in options.centres}
        self._directory: list[Registration] = []
        self._by_code: dict[str, Registration] = {}
        self._packets: dict[str, AxisPacket] = {}
        self._pending: dict[tuple[str, str], dict[str, None]] = {}
        self._sent: dict[tuple[str, str], list[str]] = {}
        self._by_digest: dict[tuple[str, str], str] = {}
        self._verdicts: dict[str, SignatureVerdict] = {}
        self._calls: Counter[str] = Counter()
        self._refusals: Counter[str] = Counter()
        for centre in options.centres:
            for organisation in centre.organisations:
                self.register(centre.system_id, organisation)

    def centres(self) -> tuple[Centre, ...]:
        """Return the connected centres as they were set up."""
        return tuple(self._centres.values())

    def secret_of(self, system_id: str) -> str | None:
        """Return a centre's secret, None for an unknown centre."""
        centre = self._centres.get(system_id)
        return centre.secret if centre else None

    def register(self, system_id: str, organisation: SandboxOrganisation) -> None:
        """Add an organisation to a centre; the same one again replaces its entry.

        Raises:
            ValueError: unknown centre, or one of the codes belongs to another organisation.
        """
        if system_id not in self._centres:
            raise ValueError(f"there is no centre {system_id}")
        with self._lock:
            known = self._by_code.get(organisation.code)
            codes = {organisation.code, organisation.old_code} - {None}
            for code in codes:
                owner = self._by_code.get(str(code))
                if owner and (owner.system_id != system_id or owner.organisation.code != organisation.code):
                    raise ValueError(f"{code} belongs to {owner.organisation.code} of centre {owner.system_id}")
            number = known.number if known else len(self._directory) + 1
            registration = Registration(number, system_id, organisation)
            if known:
                self._directory[number - 1] = registration
                if known.organisation.old_code:
                    del self._by_code[known.organisation.old_code]
            else:
                self._directory.append(registration)
            self._by_code.update({str(code): registration for code in codes})

    def directory(self) -> tuple[Registration, ...]:
        """Return all organisations in the order of their registration."""
        with self._lock:
            return tuple(self._directory)

    def find(self, code: str) -> Registration | None:
        """Return the organisation with this new or old code."""
        with self._lock:
            return self._by_code.get(code)

    def store(
        self, system_id: str, service_type: str, read: ReadPacket, recipients: tuple[AxisRecipient, ...], content: bytes
    ) -> AxisPacket:
        """Keep a packet and put it before every receiving centre."""
        digest = hashlib.sha256(content).hexdigest()
        moment = now()
        with self._lock:
            known = self._by_digest.get((system_id, digest))
            if known and self._deduplicates:
                packet = replace(self._packets[known], uploads=self._packets[known].uploads + 1)
                self._packets[known] = packet
                return packet
            packet = AxisPacket(
                doc_id=str(uuid.uuid4()),
                message_type=read.kind,
                service_type=service_type,
                system_id=system_id,
                sender=read.sender,
                recipients=recipients,
                title=read.title,
                notation=read.notation,
                content=content,
                sha256=digest,
                created=moment,
                centres={recipient.system_id: CentreDelivery(updated=moment) for recipient in recipients},
            )
            self._packets[packet.doc_id] = packet
            self._by_digest[system_id, digest] = packet.doc_id
            self._sent.setdefault((system_id, read.kind), []).append(packet.doc_id)
            for centre in packet.centres:
                self._pending.setdefault((centre, read.kind), {})[packet.doc_id] = None
            return packet

    def packet(self, doc_id: str) -> AxisPacket | None:
        """Return the packet with this docId."""
        with self._lock:
            return self._packets.get(doc_id)

    def packets(self) -> tuple[AxisPacket, ...]:
        """Return all packets in the order of their arrival."""
        with self._lock:
            return tuple(self._packets.values())

    def pending(self, system_id: str, message_type: MessageType) -> Iterator[AxisPacket]:
        """Return what a centre has not confirmed, oldest first."""
        with self._lock:
            waiting = list(self._pending.get((system_id, message_type), ()))
        return (self._packets[doc_id] for doc_id in waiting)

    def sent(self, system_id: str, message_type: MessageType) -> Iterator[AxisPacket]:
        """Return what a centre has sent, oldest first."""
        with self._lock:
            sent = list(self._sent.get((system_id, message_type), ()))
        return (self._packets[doc_id] for doc_id in sent)

    def fetch(self, system_id: str, doc_id: str) -> AxisPacket | None:
        """Return a packet and count that this centre fetched it; None if it isn't one of its recipients."""
        with self._lock:
            packet = self._packets.get(doc_id)
            delivery = packet.centres.get(system_id) if packet else None
            if packet is None or delivery is None:
                return None
            return self._advance(packet, system_id, replace(delivery, fetched=delivery.fetched + 1))

    def confirm(self, system_id: str, doc_id: str, status: TransportStatus) -> bool:
        """Take note of what a centre says about a packet; False if it isn't one of its recipients.

        A packet that is done or failed is not listed again, whatever is said later.
        """
        with self._lock:
            packet = self._packets.get(doc_id)
            delivery = packet.centres.get(system_id) if packet else None
            if packet is None or delivery is None:
                return False
            if status in {"done", "fail"}:
                self._pending[system_id, packet.message_type].pop(doc_id, None)
                delivery = replace(delivery, status=status, updated=now(), confirmed=delivery.confirmed + 1)
            elif delivery.status in {"initial", "processing"}:
                delivery = replace(delivery, status=status, updated=now())
            self._advance(packet, system_id, delivery)
            return True

    def _advance(self, packet: AxisPacket, system_id: str, delivery: CentreDelivery) -> AxisPacket:
        advanced = replace(packet, centres={**packet.centres, system_id: delivery})
        self._packets[packet.doc_id] = advanced
        return advanced

    def signature(self, doc_id: str) -> SignatureVerdict:
        """Return signxml's verdict on a packet; worked out when first asked for, so that taking a packet stays cheap.

        Raises:
            KeyError: no such packet.
        """
        verdict = self._verdicts.get(doc_id)
        if verdict is None:
            verdict = self._verdicts[doc_id] = check_signature(self._packets[doc_id].content)
        return verdict

    def count(self, operation: str, refused_with: str | None = None) -> None:
        """Count a call, and the code with which it was refused."""
        with self._lock:
            self._calls[operation] += 1
            if refused_with:
                self._refusals[f"{operation} {refused_with}"] += 1

    def calls(self) -> dict[str, int]:
        """Return how often each operation was called."""
        with self._lock:
            return dict(self._calls)

    def refusals(self) -> dict[str, int]:
        """Return how often a call was refused, by operation and code, such as `sendEdoc 18`."""
        with self._lock:
            return dict(self._refusals)
