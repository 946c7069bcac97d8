"""The document axis (trục liên thông văn bản), over the wire of family A.

Operations used: `sendEdoc`, `getReceivedEdocList`, `getEdoc`, `updateStatus`, `getAgenciesList`. Importing this package loads the
settings only; the wire is loaded when a connection is opened.
"""

from lienthong.connectors.document_axis.settings import DocumentAxisSettings, connector_type

__all__ = ["DocumentAxisSettings", "connector_type"]
