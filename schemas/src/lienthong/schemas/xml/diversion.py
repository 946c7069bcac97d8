"""Text that goes to a sink, and needn't stay in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lienthong.schemas.xml.document import Element, text_of


class TextSink(Protocol):
    """Anything that text can be written to: a decoder, a text file."""

    def write(self, text: str, /) -> object:
        """Take some text."""


@dataclass(frozen=True, slots=True)
class Divert:
    """Says where text goes.

    Attributes:
        tags: The elements that are asked about.
        sink: Gives the sink of such an element; None leaves it alone. Attributes and ancestors are known to it, and nothing below.
    """

    tags: tuple[str, ...]
    sink: Callable[[Element], TextSink | None]


def hand_over(root: Element, divert: Divert) -> None:
    """Hand over the texts of a document that keeps them."""
    elements = root.iter(*divert.tags)
    for element in elements:
        sink = divert.sink(element)
        if sink is None:
            continue
        text = text_of(element)
        if text:
            sink.write(text)
        for _inside in element.iterdescendants(*divert.tags):
            next(elements)


class Diversion:
    """Follows the parser through the elements whose text is diverted, and takes it out of the tree.

    Attributes:
        complete: Whether no text was taken out of the tree.
    """

    def __init__(self, divert: Divert) -> None:
        self.complete = True
        self._divert = divert
        self._taken = 0
        self._sink: TextSink | None = None
        self._diverted: Element | None = None
        self._last: Element | None = None  # the parser adds text to this node now: inside it, or behind it
        self._behind = False

    def follow(self, node: Element, *, starts: bool) -> None:
        """Follow the parser into an element; otherwise out of one, or past a comment or processing instruction."""
        if self._sink is not None:
            self._take(self._sink)
            if node is self._diverted and not starts:
                self._sink = self._diverted = self._last = None
            else:
                self._last, self._behind = node, not starts
        elif starts and node.tag in self._divert.tags:
            self._sink = self._divert.sink(node)
            self._diverted = self._last = node
            self._behind = False

    def flush(self) -> int:
        """Hand over what has come of a text so far, and return how many characters were taken out of the tree since the last time."""
        if self._sink is not None:
            self._take(self._sink)
        taken, self._taken = self._taken, 0
        return taken

    def _take(self, sink: TextSink) -> None:
        # libxml2 looks each time whether the open element ends in a text that it can add to, so that one it has begun may go. It must
        # go, and not become another: libxml2 remembers the room in the last text.
        if self._last is None:
            return
        text = self._last.tail if self._behind else self._last.text
        if not text:
            return
        if self._behind:
            self._last.tail = None
        else:
            self._last.text = None
        self.complete = False
        self._taken += len(text)
        sink.write(text)
