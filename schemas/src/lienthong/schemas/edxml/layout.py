"""The parts that the layout of a packet is made of: each writes its piece of a model, or nothing where there is no value.

A layout is data; `placed` gives it tags, indentation and paths. `write` appends to `out`, where a blob stands for its base64; `kept`
are the elements that the present model keeps, by the container that they stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from lienthong.core.blob import Blob
from lienthong.core.errors import Words
from lienthong.schemas.edxml.elements import IN_ENVELOPE, OUTSIDE, Scope, escaped, xml_attributes, xml_element
from lienthong.schemas.edxml.models import Attributes, OtherElement
from lienthong.schemas.edxml.wire import expanded
from lienthong.schemas.errors import FieldUnwritable

Out = list[str | Blob]
Kept = dict[str, list[OtherElement]]


def _nothing(_model: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Leaf:
    """An element with a text, or one for each text of a list; without a value, the place where kept elements of that name stand.

    Attributes:
        form: Returns a value as it stands in the XML, or bytes; it names the path when it refuses.
    """

    name: str
    value: Callable[[Any], Any] = _nothing
    form: Callable[[Any, str], str | Blob] = escaped
    path: str = ""
    start: str = ""
    end: str = ""

    def write(self, out: Out, model: object, _kept: Kept) -> None:
        """Write what has a value."""
        value = self.value(model)
        for item in value if type(value) is tuple else (value,):
            if item is not None and item != "":
                out += (self.start, self.form(item, self.path), self.end)


UNKNOWN = Leaf("")
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
        others: What a model keeps.
        inside: Path from the model's element.
    """

    name: str
    parts: tuple[Part, ...]
    value: Callable[[Any], Any] | None = None
    attributes: Callable[[Any], Attributes] | None = None
    fixed: str = ""
    always: bool = False
    prefix: str = ""
    others: Callable[[Any], Iterable[OtherElement]] = attrgetter("others")
    path: str = ""
    start: str = ""
    end: str = ""
    inside: str = ""
    scope: Scope = OUTSIDE
    known: frozenset[str] = frozenset()

    def write(self, out: Out, model: Any, kept: Kept) -> None:
        """Write the present model's container, or each of its models."""
        if self.value is None:
            self._element(out, model, kept)
            return
        value = self.value(model)
        for item in value if type(value) is tuple else (value,):
            if item is not None:
                own: Kept = {}
                for other in self.others(item):
                    own.setdefault(other.inside, []).append(other)
                self._element(out, item, own)
                for inside in own:
                    reason = Words("an element is kept for a place that isn't there", "có phần tử được giữ cho một vị trí không tồn tại")
                    raise FieldUnwritable(element=f"{self.path}/{inside}", reason=reason)

    def _element(self, out: Out, model: object, kept: Kept) -> None:
        others = kept.pop(self.inside, None)
        attributes = xml_attributes(self.attributes(model), self.path, self.scope) if self.attributes else ""
        before = len(out)
        out.append(f"{self.start[:-2]}{attributes}>\n" if attributes else self.start)
        for part in self.parts:
            part.write(out, model, kept)
            if others:
                self._kept(out, part, others)
        if self.always or attributes or len(out) > before + 1:
            out.append(self.end)
        else:
            out.pop()

    def _kept(self, out: Out, part: Part, others: Sequence[OtherElement]) -> None:
        """Write the kept elements that stand behind a part."""
        name = expanded(part.name)
        for other in others:
            if other.name == name or (not part.name and other.name not in self.known):
                out.append(f"{'  ' * _depth(self.path)}{xml_element(other, self.path, self.scope)}\n")


Part = Leaf | Group


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


def _placed_leaf(part: Leaf, path: str, prefix: str) -> Leaf:
    tag = f"{prefix}{part.name}"
    return replace(part, path=f"{path}/{part.name}", start=f"{'  ' * _depth(path)}<{tag}>", end=f"</{tag}>\n")


def _depth(path: str) -> int:
    """Return how deep the elements stand that are in the one with this path."""
    return path.count("/") + 1 if path else 0
