"""The hardened parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from lxml import etree

from lienthong.core.errors import Place, Words
from lienthong.schemas.errors import CapExceeded, DoctypeRefused, NotWellFormed
from lienthong.schemas.xml.document import Element, XmlDocument, line_of

_CHUNK = 1 << 16
_HUGE = 8 << 20  # libxml2's own limits on text (10 MB) and look-ahead stay on below this size
_BEFORE_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_EVENTS: tuple[Literal["start", "end", "start-ns", "end-ns", "comment", "pi"], ...] = (
    "start",
    "end",
    "start-ns",
    "end-ns",
    "comment",
    "pi",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How large and how dense a document may be.

    The caps on depth, attributes and namespaces also bound canonicalisation, which is cubic in namespace declarations and
    quadratic in attributes, and runs before a signature can be trusted.

    Attributes:
        bytes: Size of the input.
        prolog: Bytes up to the end of the root element's start tag, counted in blocks of 64 KiB.
        depth: Elements inside each other, the root included; at most 256.
        attributes: Attributes of one element.
        namespaces: Namespace declarations in scope at one element.
        nodes: Elements, comments and processing instructions together.
    """

    bytes: int = 96 << 20
    prolog: int = 1 << 16
    depth: int = 100
    attributes: int = 256
    namespaces: int = 64
    nodes: int = 1_000_000


DEFAULT_CAPS = Caps()

_VIETNAMESE = {
    "bytes": "dung lượng (byte)",
    "prolog": "phần đứng trước phần tử gốc (byte)",
    "depth": "độ sâu lồng nhau",
    "attributes": "số thuộc tính của một phần tử",
    "namespaces": "số khai báo không gian tên",
    "nodes": "số nút",
}


def parse(data: bytes | BinaryIO, *, source: str | None = None, caps: Caps = DEFAULT_CAPS) -> XmlDocument:
    """Return a document parsed once, safely.

    Args:
        data: The XML, as bytes or a binary stream that is read to its end.
        source: Name of the input for error places; never its content.
        caps: Limits on size and shape.

    Raises:
        NotWellFormed: data; carries line and column.
        DoctypeRefused: security; the document has a DOCTYPE.
        CapExceeded: security; names the cap and its limit.

    Source: performance.md §3–4 for what each switch and cap prevents.
    """
    raw = data if isinstance(data, bytes) else data.read(caps.bytes + 1)
    if len(raw) > caps.bytes:
        raise _exceeded("bytes", caps.bytes, Place(source=source, offset=caps.bytes))
    before_root = _BEFORE_ROOT.match(raw, 0, caps.prolog)
    if before_root is not None and raw.startswith(b"<!DOCTYPE", before_root.end()):
        raise DoctypeRefused(place=Place(source=source, line=raw.count(b"\n", 0, before_root.end()) + 1, offset=before_root.end()))
    parser = etree.XMLPullParser(
        events=_EVENTS,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=len(raw) > _HUGE,
    )
    watch = _Watch(source, caps)
    try:
        for start in range(0, len(raw), _CHUNK):
            parser.feed(raw[start : start + _CHUNK])
            watch.see(parser)
            if not watch.root_seen and min(start + _CHUNK, len(raw)) >= caps.prolog:
                raise _exceeded("prolog", caps.prolog, Place(source=source, offset=caps.prolog))
        root = parser.close()
    except etree.XMLSyntaxError as error:
        wrong = _not_well_formed(parser, error, source)
        if wrong.reason.startswith("Excessive depth"):  # libxml2's own cap, which it meets before it reports what it has seen
            raise _exceeded("depth", caps.depth, wrong.place) from error
        raise wrong from error
    watch.see(parser)
    return XmlDocument(root, raw, source)


class _Watch:
    """Counts what the parser reports, and stops it at the first cap."""

    def __init__(self, source: str | None, caps: Caps) -> None:
        self.source = source
        self.caps = caps
        self.depth = self.namespaces = self.nodes = 0
        self.root_seen = False

    def see(self, parser: etree.XMLPullParser) -> None:
        caps = self.caps
        for event, item in parser.read_events():
            if event == "end":
                self.depth -= 1
            elif event == "start-ns":
                self.namespaces += 1
            elif event == "end-ns":
                self.namespaces -= 1
            elif isinstance(item, Element):
                self.nodes += 1
                if self.nodes > caps.nodes:
                    raise self.exceeded("nodes", caps.nodes, item)
                if event == "start":
                    self.start(item)

    def start(self, element: Element) -> None:
        caps = self.caps
        if not self.root_seen:
            self.root_seen = True
            # The check of the bytes before the tree only knows encodings that contain ASCII.
            if element.getroottree().docinfo.internalDTD is not None:
                raise DoctypeRefused(place=Place(source=self.source, line=line_of(element)))
        self.depth += 1
        if self.depth > caps.depth:
            raise self.exceeded("depth", caps.depth, element)
        if self.namespaces > caps.namespaces:
            raise self.exceeded("namespaces", caps.namespaces, element)
        if len(element.attrib) > caps.attributes:
            raise self.exceeded("attributes", caps.attributes, element)

    def exceeded(self, cap: str, limit: int, item: Element) -> CapExceeded:
        return _exceeded(cap, limit, Place(source=self.source, line=line_of(item)))


def _exceeded(cap: str, limit: int, place: Place) -> CapExceeded:
    return CapExceeded(cap=Words(cap, _VIETNAMESE[cap]), limit=limit, place=place)


def _not_well_formed(parser: etree.XMLPullParser, error: etree.XMLSyntaxError, source: str | None) -> NotWellFormed:
    # For some mistakes lxml raises a sentence of its own without a position, while the log has the cause.
    first = next((entry for entry in parser.feed_error_log if entry.level >= etree.ErrorLevels.ERROR), None)
    line, column = (first.line, first.column) if first is not None else error.position
    reason = (first.message if first is not None else error.msg) or type(error).__name__
    place = Place(source=source, line=max(line, 1), column=max(column, 1))
    return NotWellFormed(place=place, reason=reason.strip().rstrip(".")[:200])
