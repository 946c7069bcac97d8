"""What the portal takes."""

from __future__ import annotations

from lienthong.schemas.dossier import DossierProgress, DossierRevision

PortalRecord = DossierRevision | DossierProgress
