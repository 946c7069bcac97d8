"""Code lists of the packets and dossiers, as enumerations; each says where it stands and how sure we are of it.

[V] is a vendor's artefact, [C] code of third parties, [I] our inference.
"""

from lienthong.schemas.codes.dossiers import ApplicantKind, Channel, DossierStatus
from lienthong.schemas.codes.edxml import BusinessType, Status

__all__ = ["ApplicantKind", "BusinessType", "Channel", "DossierStatus", "Status"]
