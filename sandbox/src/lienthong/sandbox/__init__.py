"""The remote systems, simulated over real HTTP on loopback.

They are the document axis (family A), the service portal (generation 1) and a one-door system (SOAP).
The sandbox reads the wire with eyes of its own and shares no code with the library, so that a bug in our writer can't hide behind
the same bug in our reader. `Sandbox` is the server; its states can be inspected and changed from the same process, and by
any other process under `/_sandbox`. What a fault or an option does stands in `Fault` and `SandboxOptions`.
"""

from lienthong.sandbox.axis_state import AxisPacket, AxisRecipient, AxisState, CentreDelivery
from lienthong.sandbox.dossiers import (
    DossierSet,
    Fee,
    OneDoorDossier,
    Paper,
    PlantedDefect,
    Step,
    Unit,
    generate_dossiers,
)
from lienthong.sandbox.faults import Fault, FaultKind, Faults
from lienthong.sandbox.one_door import OneDoorState
from lienthong.sandbox.options import (
    DEFAULT,
    Centre,
    OneDoorAccount,
    PortalAccount,
    SandboxOptions,
    SandboxOrganisation,
)
from lienthong.sandbox.portal import PortalDossier, PortalState
from lienthong.sandbox.server import Sandbox
from lienthong.sandbox.xml_signature import SignatureVerdict

__all__ = [
    "DEFAULT",
    "AxisPacket",
    "AxisRecipient",
    "AxisState",
    "Centre",
    "CentreDelivery",
    "DossierSet",
    "Fault",
    "FaultKind",
    "Faults",
    "Fee",
    "OneDoorAccount",
    "OneDoorDossier",
    "OneDoorState",
    "Paper",
    "PlantedDefect",
    "PortalAccount",
    "PortalDossier",
    "PortalState",
    "Sandbox",
    "SandboxOptions",
    "SandboxOrganisation",
    "SignatureVerdict",
    "Step",
    "Unit",
    "generate_dossiers",
]
