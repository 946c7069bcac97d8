"""A mapping file, compiled against a model to closures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from lienthong.core.errors import Words
from lienthong.core.yaml import load_yaml
from lienthong.schemas.mapping.compiler import Origin, Scope, compile_mapping
from lienthong.schemas.mapping.errors import MappingFailed, ValueUnfit

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMapping(Generic[M]):
    """A compiled mapping, made by `load_mapping`; may be shared between threads.

    Attributes:
        target: The model that it makes.
        read: Collects the model's values out of a record.
        origins: Where the value of each field comes from, by the field's path.
    """

    target: type[M]
    read: Callable[[Scope], object]
    origins: Mapping[tuple[str, ...], Origin]

    def apply(self, record: Mapping[str, object], *, record_number: int | None = None) -> M:
        """Return the model that a record is mapped to.

        Args:
            record: JSON-ready values, such as a schema's plan gives them.
            record_number: Number in the stream, from 1, for errors.

        Raises:
            MappingFailed: data; names path in the record and field of the model, never the value.
        """
        try:
            return self.target.model_validate(self.read(Scope(record)))
        except MappingFailed as error:
            error.record = record_number
            raise
        except ValidationError as error:
            location = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
            # Pydantic's error, as a cause, would carry the value along.
            raise self._unfit(location, record_number) from None

    def _unfit(self, location: tuple[int | str, ...], record_number: int | None) -> ValueUnfit:
        names = tuple(step for step in location if isinstance(step, str))
        while names and names not in self.origins:
            names = names[:-1]
        model = self.target.__name__
        origin = self.origins.get(names, Origin(source="", target="", expected=Words(model, model)))
        source, target = origin.source, origin.target
        for index in (step for step in location if isinstance(step, int)):
            source, target = (text.replace("[]", f"[{index}]", 1) for text in (source, target))
        return ValueUnfit(source=source, target=target, expected=origin.expected, record=record_number)


def load_mapping(path: Path, *, target: type[M]) -> RecordMapping[M]:
    """Return a mapping file, checked against the model that it maps to.

    Raises:
        YamlInvalid: configuration; the file isn't YAML.
        MappingInvalid, MappingKeyUnknown, FieldUnmapped: configuration; with file, line and column.
        OSError: The file can't be read.
    """
    read, origins = compile_mapping(load_yaml(path), target)
    return RecordMapping(target=target, read=read, origins=origins)
