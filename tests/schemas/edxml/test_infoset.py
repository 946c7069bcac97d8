"""What a packet says survives reading and writing, whoever wrote it."""

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from lienthong.schemas.edxml import read_packet, write_packet
from lienthong.schemas.errors import NotAPacket, NotWellFormed


def infoset(root: etree._Element) -> Counter[tuple[str, ...]]:
    """Return every element with a value by its path, with its attributes and text; order, prefixes, comments and layout aside.

    An item of a path is told from its siblings by all that stands in it, so that values can't wander from one to another.
    """

    def said(element: etree._Element) -> tuple[str, ...]:
        below = sorted(" ".join(said(child)) for child in element.iterchildren("*"))
        text = "".join(element.itertext()) if not below else "".join([element.text or "", *(child.tail or "" for child in element)])
        space = "" if element.tag.endswith("}ContentTransferEncoded") else " "  # line breaks in base64 are layout
        return (element.tag, *(f"@{name}={value}" for name, value in sorted(element.attrib.items())), space.join(text.split()), *below)

    return Counter(said(element) for element in root.iter("*"))


def packets(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.edxml"))


def read_all(paths: list[Path]) -> list[tuple[Path, bytes, bytes]]:
    """Return what can be read, as it came and as it is written."""
    pairs = []
    for path in paths:
        try:
            pairs.append((path, path.read_bytes(), write_packet(read_packet(path).packet)))
        except (NotAPacket, NotWellFormed):
            continue
    return pairs


@pytest.mark.parametrize("of", ["samples", "vectors"])
def test_packet_of_others_is_written_back_with_all_that_it_says(of: str, request: pytest.FixtureRequest) -> None:
    """Every element, attribute and text of a packet is there again when it is written, and nothing else."""
    shared: Path = request.getfixturevalue(of)
    pairs = read_all(packets(shared / ("edxml" if of == "samples" else "axis-a/packets")))
    assert len(pairs) >= (6 if of == "samples" else 25)
    for path, raw, written in pairs:
        assert infoset(etree.fromstring(written)) == infoset(etree.fromstring(raw)), path.name
