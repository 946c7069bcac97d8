"""Everything that is wrong with a packet that was read: its value, its structure and what the reader noted, each deviation once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from lienthong.core.errors import Place, Problem
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.findings import Rule
from lienthong.schemas.edxml.profiles import profile_named
from lienthong.schemas.edxml.reader import Reading
from lienthong.schemas.edxml.rules import check_packet, in_order
from lienthong.schemas.edxml.structure import check_structure
from lienthong.schemas.edxml.wire import axis_spelling
from lienthong.schemas.xml import Element, XmlDocument, line_of

_VALUES, _SCHEMA = 0, 2
_ENVELOPE = "edXML/edXMLEnvelope"
_HEADER = f"{_ENVELOPE}/edXMLHeader"
_ABOVE = {"AttachmentEncoded": "edXML", "edXMLBody": _ENVELOPE, "TraceHeaderList": _HEADER}
"""Where the paths of a value's findings begin; all others are in `MessageHeader`."""


def _same(name: str, *rules: Rule) -> dict[str, str]:
    return {rule.code: name for rule in rules}


_VALUE = _same(
    "value",
    found.MISSING,
    found.KEPT_AS_TEXT,
    found.REQUIRED,
    found.DATE_FORM,
    found.STATUS_UNKNOWN,
    found.NUMBER_FORM,
    found.FLAG_FORM,
    found.AMOUNT_RANGE,
    found.RECEIVER_TYPE,
    found.ABSENT,
    found.WRONG_TYPE,
    found.EMPTY,
)
_REPEATED = _same("repeated", found.REPEATED, found.SURPLUS)
_UNKNOWN = _same("unknown", found.NOT_TAKEN_OVER, found.UNKNOWN_KEPT, found.UNEXPECTED, found.ATTRIBUTE, found.STRAY_TEXT)
_ATTACHMENT = {
    **_same("label", found.MISLABELLED, found.TYPES_DIFFER),
    **_same("unlisted", found.NO_REFERENCE, found.REPEATED_ATTACHMENT),
    **_same("not contained", found.NO_ATTACHMENT, found.REPEATED_REFERENCE),
    **_same("name", found.NAMES_DIFFER),
    **_same("description", found.DESCRIPTIONS_DIFFER),
    **_same("id", found.IDS_DIFFER),
}
"""What is told of one element or attachment under several codes, and is the same deviation."""


def check_reading(reading: Reading, *, profile: str = "read", now: datetime | None = None) -> tuple[Problem, ...]:
    """Return all that is wrong with a packet that was read, with line and full path: errors first, then by line.

    Args:
        reading: What `read_packet` returned.
        profile: A name of `PROFILES`. By `read` everything warns: what makes a packet unreadable or unsafe, the reader has refused.
        now: The present, with time zone; None asks the machine's clock.

    Raises:
        ProfileUnknown: configuration; there is no such profile.
        OSError: The first bytes of an attachment can't be read.

    Source: as `check_packet` and `check_structure`.
    """
    chosen = profile_named(profile)
    tree = _Tree(reading.document)
    values = check_packet(reading.packet, profile=profile, now=now)
    more: Problem | None = None
    owners: dict[tuple[str, str], int] = {}
    problems: dict[tuple[str, Place, str], Problem] = {}  # the reader doesn't always number what stands in a list
    # The most specific first: what a rule says of a value, then what the reader did about it, then that the schema hasn't it.
    for rank, findings in enumerate((values, reading.findings, check_structure(reading.document))):
        for finding in findings:
            if finding.code == found.TOO_MANY.code:
                more = finding
                continue
            place = finding.place or Place()
            path = place.path or "edXML"
            at = _At(place.line, path, path) if rank == _SCHEMA else tree.find(path, of_value=rank == _VALUES)
            if owners.setdefault(_deviation(finding, at), rank) == rank:
                here = Place(source=reading.document.source, line=at.line, path=at.path)
                problems[finding.code, here, finding.en] = replace(chosen.judged(finding), place=here)
    return in_order((*problems.values(), more) if more else problems.values())


class _At(NamedTuple):
    """Where something stands.

    Attributes:
        line: Line of the element, or of the one that it is missing in.
        path: Its path, with numbers where there are several of a name.
        missing: Path of the first element on the way that isn't there, or the path itself.
    """

    line: int | None
    path: str
    missing: str


def _deviation(finding: Problem, at: _At) -> tuple[str, str]:
    """Return what a finding is about, the same for all that tell of one deviation."""
    code = finding.code
    if code in _ATTACHMENT:
        return _ATTACHMENT[code], finding.fields.get("content_id", "")
    if code in _VALUE:
        return _VALUE[code], at.missing
    if code in _REPEATED:
        return _REPEATED[code], at.path.rpartition("[")[0] if at.path.endswith("]") else at.path
    return _UNKNOWN.get(code, code), at.path


_Numbered = list[tuple[int, Element]]


class _Tree:
    """Finds the elements of a packet by the paths of findings."""

    def __init__(self, document: XmlDocument) -> None:
        self.root = document.root
        self._children: dict[Element, dict[str, _Numbered]] = {}
        self._filled: dict[tuple[Element, str], _Numbered] = {}

    def find(self, path: str, *, of_value: bool) -> _At:
        """Return where a path leads.

        Args:
            path: Local names, with a number where there are several.
            of_value: Whether it begins as the paths of values do, and numbers only what has a value.
        """
        if of_value:
            first = path.partition("/")[0].partition("[")[0]
            path = f"{_ABOVE.get(first, f'{_HEADER}/MessageHeader')}/{path}"
        element: Element | None = self.root
        line, steps, missing = line_of(self.root), ["edXML"], ""
        for name, number in _steps(path):
            siblings = [] if element is None else self.children(element).get(name, [])
            if element is None or not siblings:
                steps.append(name if number is None else f"{name}[{number}]")
                missing = missing or "/".join(steps)
                element = None
                continue
            counted = self.filled(element, name, siblings) if of_value or number is None else siblings
            position, element = counted[min((number or 1) - 1, len(counted) - 1)]
            line = line_of(element)
            local = element.tag.rpartition("}")[2]
            steps.append(f"{local}[{position}]" if len(siblings) > 1 else local)
        whole = "/".join(steps)
        return _At(line, whole, missing or whole)

    def children(self, element: Element) -> dict[str, _Numbered]:
        """Return the children of an element by local name, in the axis' spelling."""
        known = self._children.get(element)
        if known is None:
            known = self._children[element] = {}
            for child in element.iterchildren("*"):
                same = known.setdefault(axis_spelling(child.tag.rpartition("}")[2]), [])
                same.append((len(same) + 1, child))
        return known

    def filled(self, parent: Element, name: str, siblings: _Numbered) -> _Numbered:
        """Return those of some siblings that have any text inside, or all of them if none has."""
        known = self._filled.get((parent, name))
        if known is None:
            known = [item for item in siblings if any(text and not text.isspace() for text in map(str, item[1].itertext()))]
            self._filled[parent, name] = known = known or siblings
        return known


def _steps(path: str) -> Iterator[tuple[str, int | None]]:
    """Yield the names of a path below its root, each with its number."""
    for step in path.split("/")[1:]:
        name, bracket, number = step.partition("[")
        yield axis_spelling(name), int(number.removesuffix("]")) if bracket else None
