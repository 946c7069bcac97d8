"""What the schema of the packets doesn't allow in a packet that was read: `packet.xsd` holds what may stand where.

A schema validator stops at the first wrong child of an element, and for each error walks over all siblings of the place: libxml2 takes
33 s for 100,000 errors, and of a packet with a missing and a wrong element tells only the first. So the schema is read as a table, and
everything that deviates is told at once, in any order of elements and by any prefixes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lienthong.core.errors import Place, Problem, Words
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.conditions import shown
from lienthong.schemas.edxml.findings import Notes, Rule
from lienthong.schemas.edxml.wire import OURS, axis_spelling
from lienthong.schemas.xml import Element, XmlDocument, line_of, parse, text_of

_XS = "{http://www.w3.org/2001/XMLSchema}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_STATUS_CODE = OURS + "StatusCode"
_SPACE = re.compile(r"[ \t\r\n]+")

# The schema as a table


@dataclass(frozen=True, slots=True)
class _Simple:
    """A text, which must match a pattern where there is one."""

    pattern: re.Pattern[str] | None
    expected: Words


@dataclass(frozen=True, slots=True)
class _Child:
    rank: int
    least: int
    most: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class _Complex:
    """Elements by expanded name, `{namespace}*` for any of a namespace; one table for each of several shapes."""

    shapes: tuple[Mapping[str, _Child], ...]
    attributes: frozenset[str]
    attribute_namespaces: tuple[str, ...]


_OPAQUE = "Opaque"
_TEXT = _Simple(None, Words("", ""))


@cache
def _schema() -> Mapping[str, _Simple | _Complex]:
    root = parse(files("lienthong.schemas.edxml").joinpath("packet.xsd").read_bytes(), source="packet.xsd").root
    kinds: dict[str, _Simple | _Complex] = {"string": _TEXT}
    for kind in root:
        name = kind.get("name", "")
        if kind.tag == f"{_XS}simpleType":
            patterns = "|".join(f"(?:{pattern.get('value')})" for pattern in kind.iter(f"{_XS}pattern"))
            kinds[name] = _Simple(re.compile(patterns, re.ASCII), _words(kind))
        elif kind.tag == f"{_XS}complexType" and name != _OPAQUE:
            kinds[name] = _Complex(
                tuple(
                    {name: _Child(rank, least, most, of) for rank, (name, least, most, of) in enumerate(shape)}
                    for shape in _shapes(kind.iterchildren(f"{_XS}sequence"))
                ),
                frozenset(attribute.get("name", "") for attribute in kind.iterchildren(f"{_XS}attribute")),
                tuple("{" + any_.get("namespace", "") + "}" for any_ in kind.iterchildren(f"{_XS}anyAttribute")),
            )
    return kinds


_Row = tuple[str, int, int | None, str]  # name, least, most, kind


def _shapes(nodes: Iterable[Element]) -> list[tuple[_Row, ...]]:
    """Return the sequences of elements that some nodes allow: more than one where there is a choice."""
    shapes: list[tuple[_Row, ...]] = [()]
    for node in nodes:
        if node.tag == f"{_XS}sequence":
            more = _shapes(node)
        elif node.tag == f"{_XS}choice":
            more = [shape for branch in node for shape in _shapes([branch])]
        elif node.tag == f"{_XS}element":
            more = [((OURS + node.get("name", ""), *_occurs(node), node.get("type", "").rpartition(":")[2]),)]
        elif node.tag == f"{_XS}any":
            more = [(("{" + node.get("namespace", "") + "}*", *_occurs(node), _OPAQUE),)]
        else:  # an annotation or a comment
            continue
        shapes = [(*shape, *rows) for shape in shapes for rows in more]
    return shapes


def _occurs(node: Element) -> tuple[int, int | None]:
    most = node.get("maxOccurs", "1")
    return int(node.get("minOccurs", "1")), None if most == "unbounded" else int(most)


def _words(kind: Element) -> Words:
    said = {text.get(_LANGUAGE): text_of(text) for text in kind.iter(f"{_XS}documentation")}
    return Words(said["en"], said["vi"])


# The packet against the table


def check_structure(document: XmlDocument) -> tuple[Problem, ...]:
    """Return what in a packet's tree deviates from the schema, from the order of the guide and from the prefixes of the axis.

    Args:
        document: A packet; the text of its attachments isn't looked at.

    Returns:
        Warnings with line and full path, and one that says so where there are more of a kind than are listed.

    Source: packet.xsd, edxml.md §1.2–1.4, §7.3 D1, D2, D8.
    """
    check = _Check(document)
    check.element(document.root, "Packet", "edXML", None)
    check.both_kinds(document.root)
    return check.problems()


class _Check:
    """One walk over a tree."""

    def __init__(self, document: XmlDocument) -> None:
        self.notes = Notes(document.source)
        self.is_status = document.root.find(f"{OURS}edXMLEnvelope/{OURS}edXMLHeader/{OURS}MessageHeader/{_STATUS_CODE}") is not None
        self.odd_prefixes = 0
        self.odd_prefix: tuple[Element, str, str | None] | None = None

    def problems(self) -> tuple[Problem, ...]:
        if self.odd_prefix is not None:
            element, path, expected = self.odd_prefix
            found_, expected_ = _prefix(element.prefix), _prefix(expected)
            self.note(found.PREFIXES, element, path, found=found_, expected=expected_, count=self.odd_prefixes)
        return self.notes.problems

    def note(self, rule: Rule, at: Element, path: str, /, **fields: object) -> None:
        place = Place(source=self.notes.source, line=line_of(at), path=path)
        self.notes.add(rule, place, {"element": _short(path), **fields})

    def element(self, element: Element, kind: str, path: str, prefix: str | None, *, needed: bool = True) -> None:
        """Check one element that has its place."""
        if kind == _OPAQUE:
            return
        if element.prefix != prefix and not element.tag.endswith("}ContentTransferEncoded"):  # the SDK prefixes that one alone
            self.odd_prefixes += 1
            self.odd_prefix = self.odd_prefix or (element, path, prefix)
        what = _schema()[kind]
        if isinstance(what, _Simple):
            self.attributes(element, path, frozenset(), ())
            self.text(element, what, path, needed=needed)
            return
        self.attributes(element, path, what.attributes, what.attribute_namespaces)
        if any(text and not text.isspace() for text in (element.text, *(child.tail for child in element))):
            self.note(found.STRAY_TEXT, element, f"{path}/text()", element=_short(path))
        self.children(element, what, path, prefix)

    def attributes(self, element: Element, path: str, known: frozenset[str], namespaces: tuple[str, ...]) -> None:
        for attribute in map(str, element.attrib):
            if attribute not in known and not attribute.startswith((_XSI, *namespaces)):
                local = attribute.rpartition("}")[2]
                self.note(found.ATTRIBUTE, element, f"{path}/@{local}", element=_short(path), attribute=shown(local))

    def text(self, element: Element, kind: _Simple, path: str, *, needed: bool) -> None:
        child = next(element.iterchildren("*"), None)
        if child is not None:
            self.note(found.UNEXPECTED, child, path, element=_short(f"{path}/{_local(child.tag)}"))
        elif kind.pattern is not None:
            text = _SPACE.sub(" ", text_of(element)).strip(" ")
            if kind.pattern.fullmatch(text) is None:
                if text:
                    self.note(found.WRONG_TYPE, element, path, expected=kind.expected)
                else:
                    self.note(found.REQUIRED if needed else found.EMPTY, element, path)

    def children(self, element: Element, kind: _Complex, path: str, prefix: str | None) -> None:
        tags = Counter(child.tag for child in element.iterchildren("*"))
        shape = kind.shapes[0] if len(kind.shapes) == 1 else next(one for one in kind.shapes if (_STATUS_CODE in one) == self.is_status)
        rows = {tag: _row(tag, shape) for tag in tags}
        totals = Counter[str]()
        for tag, count in tags.items():
            totals[rows[tag][0]] += count
        counts = Counter[str]()
        before: tuple[int, str] | None = (-1, "")  # the furthest one so far; None after the first that is out of order
        for child in element.iterchildren("*"):
            name, row = rows[child.tag]
            counts[name] += 1
            local = _local(child.tag)
            here = f"{path}/{local}[{counts[name]}]" if totals[name] > 1 else f"{path}/{local}"
            if row is None:
                self.note(found.UNEXPECTED, child, here)
                continue
            if name == _spelt(child.tag) != child.tag:
                self.note(found.SPELLING, child, here, written=local, expected=_local(name))
            if before is not None and row.rank < before[0]:
                self.note(found.ORDER, child, here, before=before[1])
                before = None
            if before is not None and row.rank > before[0]:
                before = (row.rank, local)
            if row.most is not None and counts[name] == row.most + 1:
                self.note(found.SURPLUS, child, here, count=totals[name], limit=row.most)
            self.element(child, row.kind, here, "edXML" if local == "edXMLEnvelope" else prefix, needed=row.least > 0)
        for name, row in shape.items():
            if row.least and name not in totals:
                self.note(found.ABSENT, element, f"{path}/{_local(name)}")

    def both_kinds(self, root: Element) -> None:
        """Check what XSD 1.0 can't say: which elements of the envelope belong to which kind of packet."""
        envelope, header = "edXML/edXMLEnvelope", "edXML/edXMLEnvelope/edXMLHeader"
        for path, name, needed in ((header, "TraceHeaderList", True), (envelope, "edXMLBody", True), ("edXML", "AttachmentEncoded", False)):
            parent = root if path == "edXML" else root.find("/".join(OURS + step for step in path.split("/")[1:]))
            if parent is None:
                continue
            element = parent.find(OURS + name)
            if self.is_status and element is not None:
                self.note(found.UNEXPECTED, element, f"{path}/{name}")
            elif needed and not self.is_status and element is None:
                self.note(found.ABSENT, parent, f"{path}/{name}")


def _row(tag: str, shape: Mapping[str, _Child]) -> tuple[str, _Child | None]:
    """Return the name under which an element stands in a table, and its row."""
    for name in (tag, _spelt(tag), f"{tag.partition('}')[0]}}}*"):
        row = shape.get(name)
        if row is not None:
            return name, row
    return tag, None


def _spelt(tag: str) -> str:
    return OURS + axis_spelling(tag.removeprefix(OURS)) if tag.startswith(OURS) else tag


def _local(tag: str) -> str:
    return shown(tag.rpartition("}")[2])


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _prefix(prefix: str | None) -> Words:
    if prefix is None:
        return Words("no prefix", "tên không tiền tố")
    return Words(f"the prefix {shown(prefix)}", f"tiền tố {shown(prefix)}")
