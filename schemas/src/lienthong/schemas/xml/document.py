"""A parsed document and its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from lienthong.core.blob import Blob
from lienthong.core.errors import Place

Element = etree._Element  # noqa: SLF001  lxml has no public name for the type of an element


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """One parse of one input, shared by reading and verifying, so that what is verified is what is consumed.

    Attributes:
        root: The root element. It kept within the parser's caps and is treated as read-only.
        raw: The bytes that were parsed, unchanged.
        source: Name of the input, for places; None where it has none.
        complete: Whether all its text is in the tree; not if some of it was only handed over while it was parsed. All elements,
            comments and attributes are in the tree in any case.
    """

    root: Element = field(repr=False)
    raw: Blob = field(repr=False)
    source: str | None = None
    complete: bool = True

    def place(self, element: Element) -> Place:
        """Return where an element starts."""
        return Place(source=self.source, line=line_of(element), path=etree.QName(element).localname)


def line_of(element: Element) -> int | None:
    """Return the line on which an element starts, from 1; None where it wasn't parsed."""
    line = element.sourceline
    return line if isinstance(line, int) else None


def text_of(element: Element | None) -> str:
    """Return the whole character content of an element, empty for None.

    `element.text` ends at the first comment: of `user<!-- -->.evil` it shows `user`.
    """
    if element is None:
        return ""
    if len(element) == 0:
        return element.text or ""
    return "".join(map(str, element.itertext()))
