"""The hardened parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from lxml import etree

from lienthong.core.blob import Blob
from lienthong.core.errors import Place, Words
from lienthong.schemas.errors import CapExceeded, DoctypeRefused, NotWellFormed
from lienthong.schemas.xml.diversion import Diversion, Divert, hand_over
from lienthong.schemas.xml.document import Element, XmlDocument, line_of

KEEP_WHOLE = 8 << 20
"""Bytes up to which a document keeps all its text; libxml2's own limits on text (10 MB) and look-ahead stay on below it."""

_BLOCK = 1 << 16
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
    quadratic in attributes, and runs before a signature can be trusted. A namespace name is written once and becomes a part of
    every name that it qualifies, so that its length counts `nodes` times.

    Attributes:
        bytes: Size of the input.
        tree: Bytes of the input that may stay in memory: all but the text that was taken out of the tree. What isn't text takes
            more than its bytes there, up to 40 times as many; `nodes` bounds that.
        prolog: Bytes up to the end of the root element's start tag, counted in blocks of 64 KiB.
        depth: Elements inside each other, the root included; at most 256.
        attributes: Attributes of one element.
        namespaces: Namespace declarations in scope at one element.
        namespace_length: Characters of one namespace declaration, its prefix and the namespace's name together.
        nodes: Elements, attributes, namespace declarations, comments and processing instructions together.
    """

    bytes: int = 96 << 20
    tree: int = 96 << 20
    prolog: int = 1 << 16
    depth: int = 100
    attributes: int = 256
    namespaces: int = 64
    namespace_length: int = 256
    nodes: int = 1_000_000


DEFAULT_CAPS = Caps()

_VIETNAMESE = {
    "bytes": "dung lượng (byte)",
    "tree": "dung lượng giữ trong bộ nhớ (byte)",
    "prolog": "phần đứng trước phần tử gốc (byte)",
    "depth": "độ sâu lồng nhau",
    "attributes": "số thuộc tính của một phần tử",
    "namespaces": "số khai báo không gian tên",
    "namespace_length": "độ dài một khai báo không gian tên (ký tự)",
    "nodes": "số nút",
}


def parse(data: bytes | Blob, *, source: str | None = None, caps: Caps = DEFAULT_CAPS, divert: Divert | None = None) -> XmlDocument:
    """Return a document parsed once, safely.

    Args:
        data: The XML; a blob is read a block at a time.
        source: Name of the input for error places; never its content.
        caps: Limits on size and shape.
        divert: Names the elements whose text goes to a sink. The sink gets exactly `text_of` the element, the last of it before
            the next element is asked about; elements inside it are not asked about. If the document has at most 8 MiB (or
            `caps.tree`, if that is less), its sinks get their texts once it was parsed, and the tree keeps them; the texts of a
            larger one are taken out of the tree in pieces while it is parsed.

    Raises:
        NotWellFormed: data; carries line and column. Sinks may have taken text by then, as with a cap.
        DoctypeRefused: security; the document has a DOCTYPE. No sink has been asked for.
        CapExceeded: security; names the cap and its limit.
        OSError: The blob can't be read.

    Source: performance.md §3–4 for what each switch and cap prevents.
    """
    size = len(data) if isinstance(data, bytes) else data.size
    if size > caps.bytes:
        raise _exceeded("bytes", caps.bytes, Place(source=source, offset=caps.bytes))
    raw = Blob.of_bytes(data) if isinstance(data, bytes) else data
    parser = etree.XMLPullParser(
        events=_EVENTS,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=size > KEEP_WHOLE,
    )
    diversion = Diversion(divert) if divert is not None and size > min(KEEP_WHOLE, caps.tree) else None
    watch = _Watch(source, caps, diversion)
    try:
        with raw.open() as stream:
            _refuse_doctype(stream.read(caps.prolog), source)
            stream.seek(0)
            for block in _blocks(stream):
                parser.feed(block)
                watch.see(parser, len(block))
        root = parser.close()
    except etree.XMLSyntaxError as error:
        # Bound to no name here: with its traceback it would hold this frame, and the frame it, and both the caller's sinks.
        raise _refusal(parser, error, source, caps) from error
    watch.see(parser, 0)
    if divert is not None and diversion is None:
        hand_over(root, divert)
    return XmlDocument(root, raw, source, complete=diversion is None or diversion.complete)


def whole(document: XmlDocument, *, caps: Caps = DEFAULT_CAPS) -> XmlDocument:
    """Return a document with all its text in the tree: the same one, or else a second parse of its bytes.

    Raises:
        CapExceeded: security; the document is too large to be held.
        OSError: Its bytes can't be read.
    """
    return document if document.complete else parse(document.raw, source=document.source, caps=caps)


class _Watch:
    """Counts what the parser reports, and stops it at the first cap."""

    def __init__(self, source: str | None, caps: Caps, diversion: Diversion | None) -> None:
        self.source = source
        self.caps = caps
        self.diversion = diversion
        self.depth = self.namespaces = self.nodes = 0
        self.fed = self.kept = self.unsettled = 0
        self.root_seen = False

    def see(self, parser: etree.XMLPullParser, size: int) -> None:
        """Look at what `size` more bytes have brought."""
        caps, diversion = self.caps, self.diversion
        markup = False
        events = parser.read_events()
        for event, item in events:
            markup = True
            if isinstance(item, Element):
                if event == "end":
                    self.depth -= 1
                else:
                    attributes = len(item.keys())
                    self.nodes += 1 + attributes
                    if event == "start":
                        self.depth += 1
                        if self.depth == 1:
                            self.root(item)
                    if (
                        self.nodes > caps.nodes
                        or self.depth > caps.depth
                        or self.namespaces > caps.namespaces
                        or attributes > caps.attributes
                    ):
                        raise self.too_dense(item)
                if diversion is not None:
                    diversion.follow(item, starts=event == "start")
            elif item is None:
                self.namespaces -= 1
            else:
                self.nodes += 1
                self.namespaces += 1
                prefix, name = item
                if len(prefix) + len(name) > caps.namespace_length:  # before anybody asks for a name that has it in it
                    line = next((line_of(node) for _, node in events if isinstance(node, Element)), None)
                    raise _exceeded("namespace_length", caps.namespace_length, Place(source=self.source, line=line))
        self.count(size, 0 if diversion is None else diversion.flush(), markup=markup)

    def root(self, root: Element) -> None:
        self.root_seen = True
        # The check of the bytes before the tree only knows encodings that contain ASCII.
        if root.getroottree().docinfo.internalDTD is not None:
            raise DoctypeRefused(place=Place(source=self.source, line=line_of(root)))

    def count(self, size: int, taken: int, *, markup: bool) -> None:
        """Count what of a block of bytes stays.

        Of a block without markup that wasn't taken, the rest were references and line ends, unless it is the beginning of
        something that ends in the next block.
        """
        self.fed += size
        if taken and not markup:
            self.unsettled = size - taken
        else:
            self.kept += self.unsettled + size - taken
            self.unsettled = 0
        if self.kept > self.caps.tree:
            raise _exceeded("tree", self.caps.tree, Place(source=self.source, offset=self.fed))
        if not self.root_seen and self.fed >= self.caps.prolog:
            raise _exceeded("prolog", self.caps.prolog, Place(source=self.source, offset=self.caps.prolog))

    def too_dense(self, node: Element) -> CapExceeded:
        caps, place = self.caps, Place(source=self.source, line=line_of(node))
        if self.nodes > caps.nodes:
            return _exceeded("nodes", caps.nodes, place)
        if self.depth > caps.depth:
            return _exceeded("depth", caps.depth, place)
        if self.namespaces > caps.namespaces:
            return _exceeded("namespaces", caps.namespaces, place)
        return _exceeded("attributes", caps.attributes, place)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    held = b""
    while block := stream.read(_BLOCK):
        block = held + block
        # libxml2 makes two line ends of a CR LF in UTF-16 that it gets in two pieces.
        held = b"\r\0" if block.endswith(b"\r\0") else b""
        yield block.removesuffix(held)
    if held:
        yield held


def _exceeded(cap: str, limit: int, place: Place) -> CapExceeded:
    return CapExceeded(cap=Words(cap, _VIETNAMESE[cap]), limit=limit, place=place)


def _refuse_doctype(head: bytes, source: str | None) -> None:
    before_root = _BEFORE_ROOT.match(head)
    if before_root is not None and head.startswith(b"<!DOCTYPE", before_root.end()):
        before = head[: before_root.end()].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise DoctypeRefused(place=Place(source=source, line=line, column=column, offset=before_root.end()))


def _refusal(parser: etree.XMLPullParser, error: etree.XMLSyntaxError, source: str | None, caps: Caps) -> NotWellFormed | CapExceeded:
    # For some mistakes lxml raises a sentence of its own without a position, while the log has the cause.
    first = next((entry for entry in parser.feed_error_log if entry.level >= etree.ErrorLevels.ERROR), None)
    line, column = (first.line, first.column) if first is not None else error.position
    reason = (first.message if first is not None else error.msg) or type(error).__name__
    place = Place(source=source, line=max(line, 1), column=max(column, 1))
    if reason.startswith("Excessive depth"):  # libxml2's own cap, which it meets before it reports what it has seen
        return _exceeded("depth", caps.depth, place)
    return NotWellFormed(place=place, reason=reason.strip().rstrip(".")[:200])
