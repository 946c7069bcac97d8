"""A local one-door system (hệ thống một cửa) as a source of dossiers, over SOAP by its WSDL.

Operation used: `GetListHoSo`. Importing this package loads the settings only; the wire, and zeep with it, is loaded when a
connection is opened.
"""

from lienthong.connectors.one_door.settings import OneDoorSettings, connector_type

__all__ = ["OneDoorSettings", "connector_type"]
