"""Any packets through the axis: what can be read arrives byte for byte, what can't is refused by name and place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lienthong.cli.demo import MOST_RUNS, Row, Say
from lienthong.cli.demo_settings import only_one, write_centre
from lienthong.cli.errors import as_our_error
from lienthong.cli.vocabulary import words
from lienthong.core.errors import DataError, LienthongError
from lienthong.sandbox import Centre, Sandbox, SandboxOptions, SandboxOrganisation
from lienthong.schemas.edxml import DocumentPacket, Packet, read_packet
from lienthong.sdk import Exchange, Sent
from lienthong.sdk.errors import KeyConflict
from lienthong.sdk.keys import check_lengths

ENDINGS = (".edxml", ".xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFile:
    """A file that was found: what it says, or why it can't be read."""

    path: Path
    packet: Packet | None = None
    error: LienthongError | None = None


def run_packets(folder: Path, packets: Sequence[PacketFile], say: Say) -> list[Row]:
    """Send every readable packet from its sender's centre and return what became of each at each addressee.

    Args:
        folder: Where settings and stores of this demo stand; emptied first.
        packets: What `read_files` found.
        say: Told which packet is sent.
    """
    readable = [(item.path, item.packet) for item in packets if item.packet is not None]
    names = dict(_organisations(readable))
    senders = {packet.sender.code for _, packet in readable}
    centres = {
        "senders": Centre(system_id="00.00.A01", secret="demo-senders", organisations=_registered(senders, names)),  # noqa: S106 (simulation)
        "receivers": Centre(system_id="00.00.A02", secret="demo-receivers", organisations=_registered(set(names) - senders, names)),  # noqa: S106
    }
    rows = [_unreadable(item.path, item.error) for item in packets if item.error is not None]
    # The wire keeps whatever prefixes a packet has; only the national axis insists on its own.
    with only_one(folder), Sandbox(SandboxOptions(centres=tuple(centres.values()), strict_prefix=False)) as sandbox, ExitStack() as stack:
        exchanges = {
            name: stack.enter_context(Exchange.from_settings(write_centre(folder / name, sandbox, centre)))
            for name, centre in centres.items()
            if centre.organisations
        }
        home = {item.code: exchanges[name] for name, centre in centres.items() for item in centre.organisations}
        sent = []
        for path, packet in readable:
            line = f"{path.name}: {packet.sender.code} → {', '.join(_addressees(packet))}"
            say(line, line)
            try:
                sent.append((path, packet, _send(home[packet.sender.code], path.read_bytes())))
            except DataError as error:
                rows.append(_unreadable(path, error))
        _run_until_done(exchanges)
        for path, packet, message in sent:
            rows += _outcomes(path, packet, message, home)
    return sorted(rows, key=lambda row: row.what.en)


def read_files(folder: Path) -> list[PacketFile]:
    """Return every packet file of a folder, by name, read or refused; other files are left alone."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in ENDINGS or not path.is_file():
            continue
        try:
            packet = read_packet(path.read_bytes(), source=path.name).packet
            check_lengths(packet)
            found.append(PacketFile(path=path, packet=packet))
        except (LienthongError, OSError) as error:
            found.append(PacketFile(path=path, error=as_our_error(error)))
    return found


def _unreadable(path: Path, error: LienthongError) -> Row:
    # Being refused with its reason is the outcome that an unreadable packet should have.
    return Row(
        what=words("{}", path.name), way=words("not sent"), expected=words("refused"), found=words("refused"), problem=error.problem()
    )


def _organisations(packets: Sequence[tuple[Path, Packet]]) -> Iterator[tuple[str, str]]:
    for _, packet in packets:
        yield packet.sender.code, packet.sender.name or packet.sender.code
        parties = packet.recipients if isinstance(packet, DocumentPacket) else ()
        yield from ((party.code, party.name or party.code) for party in parties)
        yield from ((code, code) for code in _addressees(packet) if not parties)


def _addressees(packet: Packet) -> tuple[str, ...]:
    if isinstance(packet, DocumentPacket):
        return tuple(dict.fromkeys(party.code for party in packet.recipients))
    return (packet.response_for.organisation,)


def _registered(codes: set[str], names: dict[str, str]) -> tuple[SandboxOrganisation, ...]:
    return tuple(SandboxOrganisation(code=code, name=names[code]) for code in sorted(codes))


def _send(exchange: Exchange, content: bytes) -> Sent:
    revision = 0
    while True:
        try:
            return exchange.send_packet(content, revision=revision)
        except KeyConflict:
            # These are others' packets: two that share number, notation and year are two documents.
            revision += 1


def _run_until_done(exchanges: dict[str, Exchange]) -> None:
    for route in ("documents-out", "documents-in"):
        for exchange in exchanges.values():
            for _ in range(MOST_RUNS):
                if not exchange.run(route).more:
                    break


def _outcomes(path: Path, packet: Packet, sent: Sent, home: dict[str, Exchange]) -> Iterator[Row]:
    detail = home[packet.sender.code].message(sent.id)
    states = {delivery.recipient: delivery for delivery in detail.deliveries}
    for code in _addressees(packet):
        delivery = states[code]
        stored = home[code].has_arrived(detail.packet_sha256)
        quarantined = {kept.packet_sha256: kept.problem for kept in home[code].quarantine(limit=1000)}
        yield Row(
            what=words("{}", path.name),
            way=words("{} → {}", packet.sender.code, code),
            expected=words("stored, same SHA-256"),
            found=words("stored, same SHA-256" if stored else delivery.state),
            problem=delivery.problem or quarantined.get(detail.packet_sha256),
        )
