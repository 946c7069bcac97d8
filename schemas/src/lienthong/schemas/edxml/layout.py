"""The parts that the layout of a packet is made of: each writes its piece of a model, or nothing where there is no value.

A layout is data; `placed` gives it tags, indentation and paths. `write` appends to `out`, where a blob stands for its base64, and tells
whether a text was among it; `kept` are the elements that the present model keeps, by the container that they stand in. A reader takes the
first element of a name that has a value, and all in a list, so what is kept is only written where no reader takes it for a value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lienthong.core.blob import Blob
from lienthong.core.errors import Words
from lienthong.schemas.edxml.elements import (
    IN_ENVELOPE,
    OUTSIDE,
    Scope,
    as_read,
    escaped,
    has_text,
    has_values,
    xml_attributes,
    xml_element,
)
from lienthong.schemas.edxml.models import Attributes, OtherElement
from lienthong.schemas.edxml.wire import expanded
from lienthong.schemas.errors import FieldUnwritable


class Foreign(str):
    """XML whose shape isn't the layout's."""

    __slots__ = ()


Out = list[str | Blob]
Kept = dict[str, list[OtherElement]]


def _nothing(_model: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Leaf:
    """An element with a text, or one for each text of a list.

    Attributes:
        form: Returns a value as it stands in the XML, or bytes; it names the path when it refuses.
        takes: Whether a reader takes a kept element of its name for such a value.
    """

    name: str
    value: Callable[[Any], Any] = _nothing
    form: Callable[[Any, str], str | Blob] = escaped
    takes: Callable[[OtherElement], bool] = has_text
    path: str = ""
    start: str = ""
    end: str = ""

    def write(self, out: Out, model: object, _kept: Kept) -> bool:
        """Write what has a value."""
        value = self.value(model)
        if value is None or value == "":
            return False
        says = False
        for item in value if type(value) is tuple else (value,):
            if item != "":
                out += (self.start, self.form(item, self.path), self.end)
                says = says or not (isinstance(item, str) and item.isspace())
        return says


@dataclass(frozen=True, slots=True)
class Whole:
    """An element that its model holds as it is."""

    name: str
    value: Callable[[Any], OtherElement | None]
    takes: Callable[[OtherElement], bool] = has_text
    path: str = ""
    scope: Scope = OUTSIDE

    def write(self, out: Out, model: object, _kept: Kept) -> bool:
        """Write what has a value."""
        element = self.value(model)
        if element is None:
            return False
        xml = xml_element(element, self.path.rpartition("/")[0], self.scope)
        if element.name != expanded(self.name) or element.inside or not has_text(element):
            reason = Words("it isn't an element of that name with a text", "không phải là phần tử mang tên này và có nội dung")
            raise FieldUnwritable(element=self.path, reason=reason)
        out.append(Foreign(f"{'  ' * self.path.count('/')}{xml}\n"))
        return True


def place(name: str) -> Leaf:
    """Return the place where kept elements of a name stand that no reader takes for a value."""
    return Leaf(name, takes=lambda _: False)


UNKNOWN = place("")
"""Where kept elements stand that their container doesn't know; last, unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class Group:
    """An element with elements inside, left out where there is nothing inside.

    Attributes:
        value: The model or models that it stands for; None for a container of the present model.
        attributes: Attributes that come from the model.
        fixed: Attributes that it always has.
        always: Whether it stands even where there is nothing inside.
        prefix: Prefix from here down, where that changes.
        takes: Whether a reader takes a kept element of its name for such a value, unless it has taken another; a list takes all.
        inside: Path from the model's element.
    """

    name: str
    parts: tuple[Part, ...]
    value: Callable[[Any], Any] | None = None
    attributes: Callable[[Any], Attributes] | None = None
    fixed: str = ""
    always: bool = False
    prefix: str = ""
    takes: Callable[[OtherElement], bool] = has_values
    path: str = ""
    start: str = ""
    end: str = ""
    inside: str = ""
    scope: Scope = OUTSIDE
    known: frozenset[str] = frozenset()

    def write(self, out: Out, model: Any, kept: Kept) -> bool:
        """Write the present model's container, or each of its models."""
        if self.value is None:
            return self._element(out, model, kept)
        says = False
        value = self.value(model)
        for item in value if type(value) is tuple else (value,):
            if item is not None:
                own: Kept = {}
                for other in item.others:
                    own.setdefault(other.inside, []).append(other)
                says |= self._element(out, item, own)
                for inside in own:
                    reason = Words("an element is kept for a place that isn't there", "có phần tử được giữ cho một vị trí không tồn tại")
                    raise FieldUnwritable(element=f"{self.path}/{inside}", reason=reason)
        return says

    def _element(self, out: Out, model: object, kept: Kept) -> bool:
        others = kept.pop(self.inside, ())
        attributes = xml_attributes(self.attributes(model), self.path, self.scope) if self.attributes else ""
        before = len(out)
        out.append(Foreign(f"{self.start[:-2]}{attributes}>\n") if attributes else self.start)
        says = blank = False
        for part in self.parts:
            here = len(out)
            said = part.write(out, model, kept)
            blank_here = not said and len(out) > here
            blank |= blank_here and isinstance(part, Leaf)
            says |= said
            if others:
                says |= self._kept(out, part, others, model, taken=said or (blank_here and part.takes is not has_values))
        if blank and not says:
            raise FieldUnwritable(element=self.path, reason=Words("it holds white space only", "chỉ chứa khoảng trắng"))
        if self.always or attributes or len(out) > before + 1:
            out.append(self.end)
        else:
            out.pop()
        return says

    def _kept(self, out: Out, part: Part, others: Sequence[OtherElement], model: object, *, taken: bool) -> bool:
        """Write the kept elements that stand behind a part, and tell whether there is a text in them.

        Args:
            taken: Whether a reader takes what the part has written, and so nothing behind it unless it is a list.
        """
        says = False
        for other in others:
            name = as_read(other.name)
            if name != expanded(part.name) and (part.name or name in self.known):
                continue
            out.append(Foreign(f"{'  ' * _depth(self.path)}{xml_element(other, self.path, self.scope)}\n"))
            many = part.value is not None and type(part.value(model)) is tuple
            if (many or not taken) and part.takes(other):
                reason = Words(
                    "a kept element of this name would be read as a value that the packet doesn't have",
                    "phần tử cùng tên được giữ lại sẽ bị đọc thành giá trị mà gói tin không có",
                )
                raise FieldUnwritable(element=part.path, reason=reason)
            says = says or has_text(other)
        return says


Part = Leaf | Whole | Group


def placed(part: Group, path: str = "", prefix: str = "", inside: str = "") -> Group:
    """Return a group of the layout with its place.

    Args:
        path: Path of the element that it stands in; empty for the root.
        prefix: Prefix that holds there.
        inside: Path of that element from its model's.
    """
    here = f"{path}/{part.name}".removeprefix("/")
    prefix = part.prefix or prefix
    indent, tag = "  " * _depth(path), f"{prefix}{part.name}"
    inside = "" if part.value else f"{inside}/{part.name}".removeprefix("/")
    parts = part.parts if UNKNOWN in part.parts else (*part.parts, UNKNOWN)
    return replace(
        part,
        parts=tuple(placed(p, here, prefix, inside) if isinstance(p, Group) else _placed_leaf(p, here, prefix) for p in parts),
        path=here,
        start=f"{indent}<{tag}{part.fixed}>\n",
        end=f"{indent}</{tag}>\n",
        inside=inside,
        scope=IN_ENVELOPE if prefix else OUTSIDE,
        known=frozenset(expanded(p.name) for p in parts),
    )


def _placed_leaf(part: Leaf | Whole, path: str, prefix: str) -> Leaf | Whole:
    if isinstance(part, Whole):
        return replace(part, path=f"{path}/{part.name}", scope=IN_ENVELOPE if prefix else OUTSIDE)
    tag = f"{prefix}{part.name}"
    return replace(part, path=f"{path}/{part.name}", start=f"{'  ' * _depth(path)}<{tag}>", end=f"</{tag}>\n")


def _depth(path: str) -> int:
    """Return how deep the elements stand that are in the one with this path."""
    return path.count("/") + 1 if path else 0
