"""Code lists of the packets and dossiers, as enumerations; each value says in which document it stands."""

from lienthong.schemas.codes.dossiers import ApplicantKind, Channel, DossierStatus
from lienthong.schemas.codes.edxml import BusinessType, Priority, Status, SteeringType

__all__ = ["ApplicantKind", "BusinessType", "Channel", "DossierStatus", "Priority", "Status", "SteeringType"]
