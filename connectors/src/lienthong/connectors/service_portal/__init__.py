"""The national service portal (Cổng Dịch vụ công quốc gia), over the wire of generation 1.

Operations used: login, `DongBoHoSoMC`, `CapNhatTienDoHoSoMC`, `TraCuuHoSo`. Importing this package loads settings and records only;
the wire is loaded when a connection is opened.
"""

from lienthong.connectors.service_portal.records import PortalRecord
from lienthong.connectors.service_portal.settings import ServicePortalSettings, connector_type

__all__ = ["PortalRecord", "ServicePortalSettings", "connector_type"]
