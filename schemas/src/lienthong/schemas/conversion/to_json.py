"""The closures that a plan consists of: each turns one element of one type into a JSON-ready value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree

from lienthong.core.errors import Place, Words
from lienthong.schemas.conversion.errors import (
    ConversionFailed,
    MissingElement,
    TooManyElements,
    UnexpectedContent,
    UnexpectedElement,
    WrongValue,
)
from lienthong.schemas.conversion.simple_types import SimpleType
from lienthong.schemas.xml import Element, line_of

JsonObject = dict[str, object]
"""An object of JSON-ready values: text, int, bool, None, lists and objects of these."""

ReadElement = Callable[[Element], object]

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NIL = f"{_XSI}nil"
_HARMLESS = frozenset({f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation", _NIL})
_XML_SPACE = " \t\n\r"
_COUNTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child element that a structure allows.

    Attributes:
        member: Its name in JSON.
        tag: Its name in XML, with namespace in braces.
        position: Its place in the order of a sequence.
        most: How often it may occur; None is without limit.
        read: Reads one occurrence.
    """

    member: str
    tag: str
    position: int
    least: int
    most: int | None
    read: ReadElement

    @property
    def repeated(self) -> bool:
        """Whether JSON has a list of it."""
        return self.most is None or self.most > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A complex type: its children by tag; `ordered` if they must come in the order of `position`."""

    children: Mapping[str, Child]
    ordered: bool

    def read(self, element: Element) -> JsonObject:
        """Return the object that an element stands for.

        Raises:
            ConversionFailed: data; the element isn't of this type.
        """
        _no_attributes(element)
        _only_space(element, element.text)
        values: JsonObject = {}
        counts = dict.fromkeys(self.children, 0)
        position = 0
        for item in element:
            _only_space(element, item.tail)
            if not isinstance(item.tag, str):  # a comment or processing instruction
                continue
            child = self.children.get(item.tag)
            if child is None or (self.ordered and child.position < position):
                raise UnexpectedElement(element=etree.QName(item).localname, place=place_of(item))
            position = child.position
            counts[child.tag] += 1
            if child.most is not None and counts[child.tag] > child.most:
                raise TooManyElements(element=child.member, most=child.most, place=place_of(item))
            value = child.read(item)
            if child.repeated:
                values.setdefault(child.member, []).append(value)  # type: ignore[attr-defined]
            else:
                values[child.member] = value
        for child in self.children.values():
            if counts[child.tag] < child.least:
                raise MissingElement(element=child.member, place=place_of(element))
            if child.repeated:
                values.setdefault(child.member, [])
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedRecord:
    """One of many records in a document, converted by itself.

    Attributes:
        number: From 1, in the order of the document.
        element: What it was converted from.
        value: The record, an object unless its type is simple; None if it isn't what the schema says.
        error: Why it couldn't be converted.
    """

    number: int
    element: Element
    value: object = None
    error: ConversionFailed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedRecords:
    """A document of records: `rest` is the document's object without its records."""

    rest: JsonObject
    records: tuple[ConvertedRecord, ...]


def read_leaf(simple: SimpleType) -> ReadElement:
    """Return a reader of elements that contain a value of a simple type."""

    def read(element: Element) -> object:
        _no_attributes(element)
        text = element.text or ""
        for item in element:
            if isinstance(item.tag, str):
                raise UnexpectedElement(element=etree.QName(item).localname, place=place_of(item))
            # A comment splits a text in two for the parser, not for the sender.
            text += item.tail or ""
        value = simple.read(text)
        if value is None:
            raise WrongValue(type=simple.name, length=len(text), place=place_of(element))
        return value

    return read


def read_nil(read: ReadElement, *, nillable: bool) -> ReadElement:
    """Return a reader that gives None for `xsi:nil` and else what `read` gives."""

    def read_or_nil(element: Element) -> object:
        nil = element.get(_NIL)
        if nil is None:
            return read(element)
        if not nillable or nil.strip(_XML_SPACE) not in ("true", "1", "false", "0"):
            raise UnexpectedContent(what=Words("xsi:nil", "xsi:nil"), place=place_of(element))
        if nil.strip(_XML_SPACE) in ("false", "0"):
            return read(element)
        _no_attributes(element)
        if element.text or any(isinstance(item.tag, str) or item.tail for item in element):
            raise UnexpectedContent(what=Words("content beside xsi:nil", "nội dung đi cùng xsi:nil"), place=place_of(element))
        return None

    return read_or_nil


def read_records(structure: Structure, member: str, element: Element) -> ConvertedRecords:
    """Return an element's object with each `member` converted by itself, so that a bad one doesn't spoil the others.

    Raises:
        ConversionFailed: data; something outside the records isn't what the schema says.
        KeyError: The structure has no repeated member by that name.
    """
    child = next((child for child in structure.children.values() if child.member == member and child.repeated), None)
    if child is None:
        raise KeyError(member)
    read = child.read
    records: list[ConvertedRecord] = []

    def keep(item: Element) -> None:
        number = len(records) + 1
        try:
            records.append(ConvertedRecord(number=number, element=item, value=read(item)))
        except ConversionFailed as error:
            error.place = replace(error.place, record=number)
            records.append(ConvertedRecord(number=number, element=item, error=error))

    guarded = Structure(children={**structure.children, child.tag: replace(child, read=keep)}, ordered=structure.ordered)
    rest = guarded.read(element)
    del rest[member]
    return ConvertedRecords(rest=rest, records=tuple(records))


def place_of(element: Element) -> Place:
    """Return line and path of an element; a path counts elements of one name from 1, up to a thousand of them."""
    steps: list[str] = []
    current: Element | None = element
    while current is not None:
        name = etree.QName(current).localname
        # Bounded, so that a document full of errors doesn't cost the square of its length.
        before = sum(1 for _ in islice(current.itersiblings(current.tag, preceding=True), _COUNTED))
        alone = not before and next(current.itersiblings(current.tag), None) is None
        steps.append(name if alone else f"{name}[{before + 1 if before < _COUNTED else '…'}]")
        current = current.getparent()
    return Place(line=line_of(element), path="/" + "/".join(reversed(steps)))


def _no_attributes(element: Element) -> None:
    unknown: Iterable[str] = [str(name) for name in element.attrib if name not in _HARMLESS] if element.attrib else ()
    for name in unknown:
        local = etree.QName(name).localname
        raise UnexpectedContent(what=Words(f"the attribute {local}", f"thuộc tính {local}"), place=place_of(element))


def _only_space(element: Element, text: str | None) -> None:
    if text and text.strip(_XML_SPACE):
        raise UnexpectedContent(what=Words("text between elements", "nội dung chữ giữa các phần tử"), place=place_of(element))
