"""What the portal takes."""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.schemas.dossier import Dossier, Step


@dataclass(frozen=True, slots=True)
class DossierRevision:
    """The present state of a dossier.

    Attributes:
        known: Whether the portal has acknowledged the dossier before; it refuses to insert what it has and to update what it hasn't.
    """

    dossier: Dossier
    known: bool


@dataclass(frozen=True, slots=True)
class DossierProgress:
    """Steps of a dossier that the portal has accepted, oldest first; only those not reported before, since the portal adds them up.

    Attributes:
        number: The dossier's number.
    """

    number: str
    steps: tuple[Step, ...]


PortalRecord = DossierRevision | DossierProgress
