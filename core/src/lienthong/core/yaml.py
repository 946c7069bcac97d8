"""YAML with marks: plain values, and for every key and item the place where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lienthong.core.errors import Place, Words, YamlInvalid

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the root to a value."""


@dataclass(frozen=True, slots=True)
class MarkedYaml:
    """A loaded file.

    Attributes:
        values: The mapping at the top, of plain Python values.
        marks: The place of each key (for list items: of the item), by path.
    """

    values: dict[str, object]
    marks: Mapping[KeyPath, Place]

    def place(self, path: KeyPath) -> Place:
        """Return the place of the value at `path`, or of the nearest parent that the file has."""
        for length in range(len(path), -1, -1):
            if (found := self.marks.get(path[:length])) is not None:
                return Place(source=found.source, line=found.line, column=found.column, path=".".join(map(str, path)))
        return Place(path=".".join(map(str, path)))


def load_yaml(path: Path) -> MarkedYaml:
    """Return the values of a YAML file with their places.

    Raises:
        YamlInvalid: configuration; names line and column.
        OSError: The file can't be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(source=path.name, offset=error.start)
        raise YamlInvalid(place=place, reason=Words("it is not UTF-8", "không phải UTF-8")) from error
    return parse_yaml(text, source=path.name)


def parse_yaml(text: str, *, source: str) -> MarkedYaml:
    """Return the values of YAML text with their places, which name `source`.

    Raises:
        YamlInvalid: configuration; names line and column.
    """
    marks: dict[KeyPath, Place] = {}
    try:
        _refuse_aliases(text, source)
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            reason = Words("a mapping is expected at the top", "cấp cao nhất phải là bảng khóa và giá trị")
            raise YamlInvalid(place=Place(source=source, line=1, column=1), reason=reason)
        marks[()] = _marked(root.start_mark, source)
        return MarkedYaml(_mapping(loader, root, (), marks, source), marks)
    except yaml.MarkedYAMLError as error:
        said = error.problem or type(error).__name__
        reason = Words(said, f"lỗi cú pháp (máy báo: {said})")
        raise YamlInvalid(place=_marked(error.problem_mark or error.context_mark, source), reason=reason) from error
    except RecursionError as error:
        reason = Words("it is nested too deeply", "các cấp lồng nhau quá sâu")
        raise YamlInvalid(place=Place(source=source), reason=reason) from error
    except (yaml.YAMLError, ValueError) as error:
        reason = Words("characters or numbers that YAML doesn't allow", "có ký tự hoặc số mà YAML không cho phép")
        raise YamlInvalid(place=Place(source=source), reason=reason) from error


def _refuse_aliases(text: str, source: str) -> None:
    """An alias can make a small file stand for an endless one."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            reason = Words("aliases (*name) are not read here", "không dùng được bí danh (*tên)")
            raise YamlInvalid(place=_marked(event.start_mark, source), reason=reason)


def _marked(mark: Any, source: str) -> Place:  # of PyYAML in Python or in C, or None
    return Place(source=source, line=mark.line + 1, column=mark.column + 1) if mark else Place(source=source)


def _value(loader: yaml.SafeLoader, node: yaml.Node, path: KeyPath, marks: dict[KeyPath, Place], source: str) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, path, marks, source)
    if isinstance(node, yaml.SequenceNode):
        items = []
        for index, item in enumerate(node.value):
            marks[(*path, index)] = _marked(item.start_mark, source)
            items.append(_value(loader, item, (*path, index), marks, source))
        return items
    return loader.construct_object(node, deep=True)


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode, path: KeyPath, marks: dict[KeyPath, Place], source: str) -> dict[str, object]:
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        # An organisation code such as 000 or a key such as "on" is meant as it is written.
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
        place = _marked(key_node.start_mark, source)
        if not key or key_node.tag == "tag:yaml.org,2002:merge":
            raise YamlInvalid(place=place, reason=Words("a key is expected here", "ở đây cần một khóa"))
        if key in values:
            raise YamlInvalid(place=place, reason=Words(f"the key {key} stands twice", f"khóa {key} xuất hiện hai lần"))
        marks[(*path, key)] = place
        values[key] = _value(loader, value_node, (*path, key), marks, source)
    return values
