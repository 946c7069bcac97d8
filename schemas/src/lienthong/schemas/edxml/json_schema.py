"""The JSON Schema of packets as JSON, made from the models and their docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping

from lienthong.core.blob import Blob
from lienthong.schemas.edxml.json_table import FORMAT, KINDS, LEAVES, SHA256, Shape, shapes

_CONTENT = {
    "title": "The bytes of a file, here as base64 or in a file beside the JSON.",
    "type": "object",
    "properties": {
        "sha256": {"description": "SHA-256 of the bytes.", "type": "string", "pattern": SHA256},
        "size": {"description": "Number of the bytes.", "type": "integer", "minimum": 0},
        "base64": {"description": "The bytes, without line breaks.", "type": "string", "contentEncoding": "base64"},
        "file": {
            "description": "Path from the folder of the JSON, with / between its parts; never upwards.",
            "type": "string",
            "minLength": 1,
        },
    },
    "required": ["sha256", "size"],
    "oneOf": [{"required": ["base64"]}, {"required": ["file"]}],
    "additionalProperties": False,
}
_WIRE_TEXT = {
    "title": "The text of a packet where a date, time, number, flag or code was expected.",
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
_CODED: dict[str, object] = {"properties": {"code": {"minLength": 1}}}
_NEEDED: Mapping[str, Mapping[str, dict[str, object]]] = {
    "document": {"sender": _CODED, "recipients": {"minItems": 1, "contains": _CODED}},
    "status": {"sender": _CODED, "response_for": {"properties": {"organisation": {"minLength": 1}}}},
}
"""What the members need, by the kind of packet, that say from whom to whom it goes."""

_SECTION = re.compile(r"^Attributes:\n((?:[ ]+.*\n?|\n)+)", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w+): (.*(?:\n     .*)*)", re.MULTILINE)


def packet_schema() -> dict[str, object]:
    """Return the JSON Schema, draft 2020-12, of what `packet_to_json` returns; the file packet.schema.json in this folder is the same."""
    definitions: dict[str, object] = {}
    for kind, model in KINDS.items():
        heading = {"format": {"const": FORMAT}, "kind": {"const": kind}}
        definitions[model.__name__] = _described(model, heading, _NEEDED[kind])
        for found in _inside(model, set()):
            definitions.setdefault(found.__name__, _CONTENT if found is Blob else _described(found, {}, {}))
    definitions["WireText"] = _WIRE_TEXT
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "An edXML packet as JSON",
        "description": "A member that isn't required is left out where it is empty; nothing is filled in for it.",
        "oneOf": [_reference(model) for model in KINDS.values()],
        "$defs": dict(sorted(definitions.items())),
    }


def _inside(model: type, seen: set[type]) -> Iterator[type]:
    """Go through all classes in the fields of a model, and in theirs."""
    for shape in shapes(model).values():
        kind = shape.kind
        if isinstance(kind, type) and kind not in LEAVES and kind not in seen:
            seen.add(kind)
            yield kind
            if kind is not Blob:
                yield from _inside(kind, seen)


def _described(model: type, heading: Mapping[str, object], needed: Mapping[str, dict[str, object]]) -> dict[str, object]:
    docstring = inspect.getdoc(model) or ""
    section = _SECTION.search(docstring)
    entries = {} if section is None else {name: " ".join(entry.split()) for name, entry in _ENTRY.findall(section[1])}
    known = shapes(model)
    properties = {
        name: _schema(shape) | needed.get(name, {}) | ({"description": entries[name]} if name in entries else {})
        for name, shape in known.items()
    }
    return {
        "title": docstring.partition("\n")[0],
        "type": "object",
        "properties": {**heading, **properties},
        "required": [*heading, *(name for name, shape in known.items() if shape.required)],
        "additionalProperties": False,
    }


def _schema(shape: Shape) -> dict[str, object]:
    leaf = LEAVES.get(shape.kind)
    one = _reference(shape.kind) if leaf is None else dict(leaf.schema)
    if shape.many:
        one = {"type": "array", "items": one}
    choices: list[object] = [one]
    if shape.text:
        choices.append({"$ref": "#/$defs/WireText"})
    if shape.nullable:
        choices.append({"type": "null"})
    return one if len(choices) == 1 else {"anyOf": choices}


def _reference(model: object) -> dict[str, object]:
    return {"$ref": f"#/$defs/{getattr(model, '__name__', '')}"}
