"""Whatever bytes come in, nothing but our own errors leaves the reader, and what is read can be written and read again."""

import base64
import copy
import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lienthong.core.errors import LienthongError
from lienthong.schemas.edxml import DocumentPacket, StatusPacket, check_packet, packet_from_json, packet_to_json, read_packet, write_packet
from lienthong.schemas.errors import AttachmentUnreadable

TOKENS = (
    *(b"<", b">", b"</", b"/>", b"&", b"&#0;", b"&#xD800;", b"&amp;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?pi?>", b"<!DOCTYPE x>"),
    *(b"edXML:", b"x:", b' xmlns=""', b' xmlns:edXML="urn:x"', b' a="1" a="2"', b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r\n", b"    "),
    *(b"cid:", b"cid:cid:", b"=", b"====", b"null", b"-1", b"99999999999999999999", b"2014/02/30", b"0001/01/01 00:00:00", b"PK\x03\x04"),
    *(b"<edXML:To/>", b"<edXML:StatusCode>03</edXML:StatusCode>", b"<Attachment/>", b"<ContentTransferEncoded>AA</ContentTransferEncoded>"),
)
ATTACHED = ("AttachmentEncoded", "Attachment", "ContentTransferEncoded")


def mutated(raw: bytes, dice: random.Random) -> bytes:
    """Return a packet with some of its bytes damaged, dropped, doubled, moved or replaced by what parsers stumble over."""
    data = bytearray(raw)
    for _ in range(dice.randint(1, 6)):
        start = dice.randrange(len(data) or 1)
        end = min(len(data), start + dice.choice((1, 2, 8, 64, 512)))
        match dice.randrange(5):
            case 0:
                data[start:end] = dice.choice(TOKENS)
            case 1:
                del data[start:end]
            case 2:
                data[start:start] = data[start:end]
            case 3:
                elsewhere = dice.randrange(len(data) or 1)
                data[elsewhere:elsewhere] = data[start:end]
            case _:
                data[start:end] = dice.randbytes(end - start)
    return bytes(data)


def rearranged(raw: bytes, dice: random.Random) -> bytes:
    """Return a packet that stays XML: of its elements some are dropped, doubled, moved, renamed or given another text."""
    root = etree.fromstring(raw)
    for _ in range(dice.randint(1, 5)):
        elements = list(root.iter("*"))[1:]
        if not elements:
            break
        element, other = dice.choice(elements), dice.choice(elements)
        match dice.randrange(6):
            case 0:
                element.getparent().remove(element)
            case 1:
                element.addnext(copy.deepcopy(element))
            case 2 if element not in other.iterancestors() and element is not other:
                other.append(element)
            case 3:
                odd = ["{urn:x}Odd", "Odd", etree.QName(element).localname, element.tag.replace("Bussiness", "Business")]
                element.tag = dice.choice([other.tag, *odd])
            case 4:
                element.set(dice.choice(["id", "{urn:x}id"]), "1")
                element.append(etree.Comment("."))
            case _:
                element.text = dice.choice(
                    ["", " ", "0", "-1", "007", "null", "true", "2014/02/30", "2026/11/20", "cid:x", "AAA", "\u0110\u1ed1c"]
                )
    return etree.tostring(root)


def astray(raw: bytes) -> dict[str, bytes]:
    """Return a packet whose attachments stand in no namespace: from one of their elements on, or as the root's prefix isn't theirs."""
    moved = {name: raw.replace(f"<{name}>".encode(), f'<{name} xmlns="">'.encode()) for name in ATTACHED}
    rooted = raw.replace(b"<edXML xmlns=", b"<edXML:edXML xmlns:edXML=").replace(b"</edXML>", b"</edXML:edXML>")
    assert raw not in (*moved.values(), rooted)
    return {**moved, "edXML": rooted}


def survives(raw: bytes) -> bool:
    """Return whether a packet could be read; then all that is done with packets must work with it, too."""
    try:
        reading = read_packet(raw)
    except LienthongError:
        return False
    check_packet(reading.packet, profile="send")
    assert read_packet(write_packet(reading.packet)).packet == reading.packet
    assert packet_from_json(packet_to_json(reading.packet)) == reading.packet
    return True


def test_mutated_packets_give_packets_or_our_errors(document: DocumentPacket, status: StatusPacket) -> None:
    """Thousands of damaged packets, the same at each run: each is refused by name or read in full."""
    dice = random.Random(20261122)
    sources = [write_packet(document), write_packet(status)]
    for change in (mutated, rearranged):
        read = sum(survives(change(dice.choice(sources), dice)) for _ in range(1500))
        assert 20 < read < 1480, change  # the dice hit both


def test_mutated_packets_of_others_give_packets_or_our_errors(samples: Path) -> None:
    """The same for packets that others' software wrote."""
    dice = random.Random(7)
    sources = [path.read_bytes() for path in sorted((samples / "edxml").glob("*.edxml")) if path.stat().st_size < 20_000]
    broken = samples / "edxml" / "broken-mismatched-tag.edxml"
    whole = [raw for raw in sources if raw != broken.read_bytes()]
    for _ in range(250):
        survives(mutated(dice.choice(sources), dice))
        survives(rearranged(dice.choice(whole), dice))


def test_attachments_in_no_namespace_are_refused_by_name(document: DocumentPacket) -> None:
    """A file that stands where nobody looks for it is told of, whichever element lost the namespace, also when more is broken."""
    dice = random.Random(3)
    for name, raw in astray(write_packet(document)).items():
        with pytest.raises(AttachmentUnreadable) as refused:
            read_packet(raw)
        assert refused.value.place is not None, name
        for change in (mutated, rearranged):
            for _ in range(100):
                survives(change(raw, dice))


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_give_our_errors(raw: bytes) -> None:
    """Bytes that never were a packet are refused."""
    assert not survives(raw)


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.xlsx", "a.zip"])
def test_mutated_zips_give_files_or_our_errors(document: DocumentPacket, name: str) -> None:
    """A damaged zip in an attachment is kept, unwrapped or refused by name."""
    dice = random.Random(len(name))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"uuid.{name.rpartition('.')[2]}", b"%PDF-1.7 " * 50)
    raw = write_packet(document)
    start = raw.index(b"<ContentTransferEncoded>") + len(b"<ContentTransferEncoded>")
    end = raw.index(b"</ContentTransferEncoded>")
    renamed = raw[:start].replace("tờ-trình.pdf".encode(), name.encode())
    for _ in range(150):
        survives(renamed + base64.b64encode(mutated(stream.getvalue(), dice)) + raw[end:])
