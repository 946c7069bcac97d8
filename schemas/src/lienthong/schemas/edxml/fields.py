"""The children of an element by name, each taken once; what nobody takes is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Place
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.models import Attributes, OtherElement
from lienthong.schemas.edxml.wire import OURS, axis_spelling, local
from lienthong.schemas.errors import SchemaViolation
from lienthong.schemas.xml import Element, line_of, text_of

_DATE = re.compile(r"(\d{4})/(\d{2})/(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{4})/(\d{2})/(\d{2}) (\d{2}):(\d{2}):(\d{2})", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_FLAGS = {"0": False, "1": True, "false": False, "true": True}
_OWN_NAMES: dict[str, str] = {}  # local names by expanded ones that have been met, since each packet has the same
_MOST_NAMES, _LONG_NAME = 300, 100
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Fields:
    """One element of a packet while its value is read; of an element that is missing, there are no children.

    Attributes:
        path: Local names from the root, for places.
        children: The child elements that nobody has taken yet: the packet's own by local name, others by expanded name.
        kept: What the model of this element keeps, shared with the containers inside it that have no model of their own.
    """

    __slots__ = ("_attributes_taken", "_inside", "_repeated", "_stray", "children", "element", "kept", "notes", "path")

    def __init__(
        self, element: Element | None, path: str, notes: found.Notes, *, kept: list[OtherElement] | None = None, inside: str = ""
    ) -> None:
        self.element = element
        self.path = path
        self.notes = notes
        self.kept: list[OtherElement] = [] if kept is None else kept
        self._inside = inside
        self._repeated: tuple[str, ...] = ()
        self._attributes_taken = False
        self._stray = False
        self.children: dict[str, list[Element]] = {}
        if element is None:
            return
        for child in element:
            tail = child.tail
            if tail and not tail.isspace():
                self._stray = True
            tag = child.tag
            if not isinstance(tag, str):  # a comment or processing instruction
                continue
            name = _OWN_NAMES.get(tag) or self._other_name(tag)
            if name in self.children:
                self.children[name].append(child)
            else:
                self.children[name] = [child]

    def _other_name(self, tag: str) -> str:
        if not tag.startswith(OURS):  # without any namespace it must not be taken for the packet's own
            return tag if tag.startswith("{") else f"{{}}{tag}"
        written = local(tag)
        name = axis_spelling(written)
        if name != written:
            self.note(found.SPELLING, name, written=written, expected=name)
        elif len(_OWN_NAMES) < _MOST_NAMES and len(tag) < _LONG_NAME:
            _OWN_NAMES[tag] = name
        return name

    # Places and findings

    def place(self, name: str = "") -> Place:
        """Return where this element stands, or a child of a name that nobody has taken yet."""
        line = None if self.element is None else line_of(self.element)
        if name in self.children:
            line = line_of(self.children[name][0])
        return Place(source=self.notes.source, line=line, path=f"{self.path}/{name}" if name else self.path)

    def named(self, name: str) -> str:
        """Return an element's name for people, with its parent; places have the whole path."""
        return f"{self.path.rpartition('/')[2]}/{name}"

    def note(self, rule: found.Rule, name: str, **fields: object) -> None:
        """Note what was found at a child."""
        self.notes.add(rule, self.place(name), fields)

    # Elements

    def all(self, name: str) -> list[Element]:
        """Take all elements of a name."""
        return self.children.pop(name, [])

    def one(self, name: str, says_something: Callable[[Element], bool]) -> Element | None:
        """Take the first element of a name that says something; the others stay."""
        elements = self.children.get(name)
        if elements is None:
            return None
        for position, element in enumerate(elements):  # noqa: B007 (used behind the loop)
            if says_something(element):
                break
        else:
            return None
        if len(elements) > 1:
            self.note(found.REPEATED, name, element=self.named(name), count=len(elements))
            self._repeated += (name,)
            del elements[position]
        else:
            del self.children[name]
        return element

    def group(self, name: str) -> Fields | None:
        """Take an element that has a model of its own."""
        element = self.one(name, _has_values)
        return None if element is None else Fields(element, f"{self.path}/{name}", self.notes)

    def expected(self, name: str) -> Fields:
        """Take an element that has a model of its own and is missed where it isn't there."""
        group = self.group(name)
        if group is not None:
            return group
        self.note(found.MISSING, name, element=self.named(name))
        return Fields(None, f"{self.path}/{name}", self.notes)

    def needed_group(self, name: str) -> Fields:
        """Take an element that has a model of its own and without which there is no packet."""
        group = self.group(name)
        if group is None:
            raise SchemaViolation(element=self.named(name), place=self.place(name))
        return group

    def groups(self, name: str, *, also_blank: bool = False) -> Iterator[Fields]:
        """Take all elements of a name, each of which has a model of its own."""
        elements = self.all(name)
        for number, element in enumerate(elements, 1):
            if also_blank or _has_values(element):
                path = f"{self.path}/{name}[{number}]" if len(elements) > 1 else f"{self.path}/{name}"
                yield Fields(element, path, self.notes)
            else:
                self.children.setdefault(name, []).append(element)

    def container(self, name: str, *, required: bool = False, also_blank: bool = False) -> Fields:
        """Take an element that has no model of its own; what it keeps goes to this one's model."""
        element = self.one(name, _is_there if also_blank else _has_values)
        if element is None and required:
            self.note(found.MISSING, name, element=self.named(name))
        inside = f"{self._inside}/{name}" if self._inside else name
        return Fields(element, f"{self.path}/{name}", self.notes, kept=self.kept, inside=inside)

    def needed(self, name: str) -> Fields:
        """Take a container without which there is no packet."""
        container = self.container(name)
        if container.element is None:
            raise SchemaViolation(element=self.named(name), place=self.place(name))
        return container

    def whole(self, name: str) -> OtherElement | None:
        """Take an element as it is."""
        element = self.one(name, _has_text)
        return None if element is None else other_element(element)

    def keep(self, element: Element) -> OtherElement:
        """Return an element of this one as its model keeps it."""
        return other_element(element, self._inside)

    # Values

    def text(self, name: str, *, required: bool = False) -> str:
        """Take a text as it came."""
        element = self.one(name, _is_not_empty) if name in self.children else None
        text = "" if element is None else self._text(name, element)
        if required and self.element is not None and not text.strip():
            self.note(found.MISSING, name, element=self.named(name))
        return text

    def code(self, name: str, *, required: bool = False) -> str:
        """Take a value that software compares: white space around it is layout."""
        element = self.one(name, _has_text) if name in self.children else None
        if element is None:
            if required and self.element is not None:
                self.note(found.MISSING, name, element=self.named(name))
            return ""
        return self._text(name, element).strip()

    def _text(self, name: str, element: Element) -> str:
        if not len(element) and not element.keys():
            return element.text or ""
        self._note_attributes(element, f"{name}/", _NOTHING)
        for child in element.iterchildren("*"):
            self.note(found.NOT_TAKEN_OVER, name, element=f"{self.named(name)}/{local(child.tag)}")
        return text_of(element)

    def texts(self, name: str, item: str) -> tuple[str, ...]:
        """Take a list of texts."""
        container = self.container(name)
        texts = tuple(container._values(item, _is_not_empty))  # noqa: SLF001 (its own kind)
        container.done()
        return texts

    def codes(self, item: str) -> tuple[str, ...]:
        """Take all values of a name that software compares."""
        return tuple(text.strip() for text in self._values(item, _has_text))

    def _values(self, item: str, says_something: Callable[[Element], bool]) -> Iterator[str]:
        for element in self.all(item):
            if says_something(element):
                yield self._text(item, element)
            else:
                self.children.setdefault(item, []).append(element)

    def date(self, name: str, *, required: bool = False) -> date | str | None:
        """Take a date."""
        text = self.code(name, required=required)
        if not text:
            return None
        match = _DATE.fullmatch(text)
        try:
            if match is not None:
                return date(*map(int, match.groups()))
        except ValueError:
            pass
        self.note(found.KEPT_AS_TEXT, name, element=self.named(name), expected="yyyy/MM/dd")
        return text

    def time(self, name: str) -> datetime | str:
        """Take a time, in UTC."""
        text = self.code(name, required=True)
        match = _TIME.fullmatch(text)
        try:
            if match is not None:
                year, month, day, hour, minute, second = map(int, match.groups())
                return datetime(year, month, day, hour, minute, second, tzinfo=HO_CHI_MINH).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        if text:
            self.note(found.KEPT_AS_TEXT, name, element=self.named(name), expected="yyyy/MM/dd HH:mm:ss")
        return text

    def number(self, name: str, *, required: bool = False) -> int | str | None:
        """Take a number."""
        text = self.code(name, required=required)
        if not text:
            return None
        if _NUMBER.fullmatch(text) is None:
            self.note(found.KEPT_AS_TEXT, name, element=self.named(name), expected="0, 1, 2, …")
            return text
        return int(text)

    def flag(self, name: str) -> bool | str | None:
        """Take a flag, in either of its spellings."""
        text = self.code(name)
        if not text:
            return None
        flag = _FLAGS.get(text.lower())
        if flag is None:
            self.note(found.KEPT_AS_TEXT, name, element=self.named(name), expected="true/false/1/0")
            return text
        return flag

    def attributes(self) -> Attributes:
        """Take all attributes."""
        self._attributes_taken = True
        return () if self.element is None else tuple(sorted((str(name), str(value)) for name, value in self.element.attrib.items()))

    def done(self, known: Mapping[str, str] = _NOTHING) -> tuple[OtherElement, ...]:
        """Keep what nobody took, note what can't be kept, and return all that the model of this element keeps.

        Args:
            known: Attributes with the value that they always have.
        """
        for name, elements in self.children.items():
            for element in elements:
                self.kept.append(self.keep(element))
                if name not in self._repeated and _has_text(element):
                    self.note(found.UNKNOWN_KEPT, local(name), element=self.named(local(name)))
        if self.element is not None:
            if not self._attributes_taken:
                self._note_attributes(self.element, "", known)
            if self._stray or (self.element.text and not self.element.text.isspace()):
                self.note(found.NOT_TAKEN_OVER, "text()", element=self.named("text()"))
        return tuple(sorted(self.kept, key=_by_place)) if self.kept else ()

    def _note_attributes(self, element: Element, inside: str, known: Mapping[str, str]) -> None:
        for name, value in element.attrib.items():
            if known.get(str(name)) != value:
                place = f"{inside}@{local(str(name))}"
                self.note(found.NOT_TAKEN_OVER, place, element=self.named(place))


def other_element(element: Element, inside: str = "") -> OtherElement:
    """Return an element as it is kept, without comments, processing instructions and layout."""
    pieces = [[element.text or ""]]  # in front of the first child, and behind each
    children: list[Element] = []
    for child in element:
        if isinstance(child.tag, str):
            children.append(child)
            pieces.append([])
        pieces[-1].append(child.tail or "")
    texts = ["".join(parts) for parts in pieces]
    if children and not any(text.strip() for text in texts):
        texts = [""] * len(texts)
    return OtherElement(
        name=str(element.tag),
        text=texts[0],
        attributes=tuple(sorted((str(name), str(value)) for name, value in element.attrib.items())),
        children=tuple(replace(other_element(child), tail=tail) for child, tail in zip(children, texts[1:], strict=True)),
        inside=inside,
    )


def _is_there(_element: Element) -> bool:
    return True


def _is_not_empty(element: Element) -> bool:
    return bool(element.text) or (len(element) > 0 and bool(text_of(element)))


def _has_text(element: Element) -> bool:
    text = element.text
    if text and not text.isspace():
        return True
    return len(element) > 0 and any(text and not text.isspace() for text in map(str, element.itertext()))


def _has_values(element: Element) -> bool:
    for child in element:  # noqa: SIM110 (it is asked of every group, and twice as fast so)
        if _has_text(child) and isinstance(child.tag, str):
            return True
    return False


def _by_place(element: OtherElement) -> tuple[str, str]:
    return element.inside, element.name
