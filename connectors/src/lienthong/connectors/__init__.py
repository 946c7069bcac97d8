"""Connections to remote systems: the port, the registry, and one package per system with one module per wire."""

from lienthong.connectors.context import Context
from lienthong.connectors.port import (
    Capabilities,
    Connector,
    Cursor,
    Health,
    Lookup,
    Outcome,
    Page,
    Parcel,
    Receipt,
    Receiver,
    Record,
    Sender,
    SentLookup,
    Sink,
    Source,
    Waiting,
)
from lienthong.connectors.registry import ConnectionSettings, ConnectorType, connector_types

__all__ = [
    "Capabilities",
    "ConnectionSettings",
    "Connector",
    "ConnectorType",
    "Context",
    "Cursor",
    "Health",
    "Lookup",
    "Outcome",
    "Page",
    "Parcel",
    "Receipt",
    "Receiver",
    "Record",
    "Sender",
    "SentLookup",
    "Sink",
    "Source",
    "Waiting",
    "connector_types",
]
