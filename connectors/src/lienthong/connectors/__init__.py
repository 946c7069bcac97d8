"""Connections to remote systems: the port, the registry, and one package per system with one module per wire."""

from lienthong.connectors.context import Context
from lienthong.connectors.http_settings import HttpSettings, open_http
from lienthong.connectors.port import (
    Capabilities,
    Checks,
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
    "Checks",
    "ConnectionSettings",
    "Connector",
    "ConnectorType",
    "Context",
    "Cursor",
    "Health",
    "HttpSettings",
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
    "open_http",
]
