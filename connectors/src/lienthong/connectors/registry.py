"""Connector types by name, found by the entry point group `lienthong.connectors`; nothing heavy is loaded to list them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from lienthong.connectors.context import Context
from lienthong.connectors.errors import ConnectorTwice
from lienthong.connectors.port import Connector

GROUP = "lienthong.connectors"


class ConnectionSettings(BaseModel):
    """What every connection's settings are built on: no unknown key, no change, no value in an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: str


S = TypeVar("S", bound=ConnectionSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorType(Generic[S]):
    """A kind of remote system that settings may name.

    Attributes:
        kind: Its name in the settings.
        title: What it is, in English and Vietnamese.
        settings: The model of its settings.
        open: Makes a connector; imports what it needs only then.
    """

    kind: str
    title: tuple[str, str]
    settings: type[S]
    open: Callable[[S, Context], Connector]


@cache
def connector_types() -> Mapping[str, ConnectorType[Any]]:
    """Return the installed connector types by name.

    Raises:
        ConnectorTwice: configuration; a name is offered twice.
    """
    found: dict[str, ConnectorType[Any]] = {}
    origins: dict[str, str] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        origin = entry.dist.name if entry.dist else entry.value
        if entry.name in found:
            raise ConnectorTwice(kind=entry.name, packages=f"{origins[entry.name]}, {origin}")
        found[entry.name] = entry.load()
        origins[entry.name] = origin
    return MappingProxyType(found)
