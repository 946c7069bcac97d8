"""What a sandbox is set up with: centres, accounts, dossiers, and the switches where the real behaviour is unknown."""

from dataclasses import dataclass, field
from typing import Literal

from lienthong.sandbox.dossiers import DossierSet, generate_dossiers


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOrganisation:
    """An organisation in the directory of the axis."""

    code: str
    name: str
    old_code: str | None = None
    """The code of QCVN 102:2016; a packet may use either."""
    locked: bool = False
    """A locked organisation is listed, but a document to it is refused with code 23."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A system connected to the axis; it fetches for all of its organisations."""

    system_id: str
    secret: str = field(repr=False)
    organisations: tuple[SandboxOrganisation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalAccount:
    """The account that a province uses at the portal."""

    username: str
    password: str = field(repr=False)
    unit_code: str
    """The `madonvi` that this account may write for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneDoorAccount:
    """The account of the one-door system's SOAP header."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """The whole set-up of a sandbox. The defaults are one province with two departments, and one ministry."""

    centres: tuple[Centre, ...] = (
        Centre(
            system_id="00.42.W00",
            secret="sandbox-secret-h42",  # noqa: S106 - guards nothing but the simulation
            organisations=(
                SandboxOrganisation(code="H42", name="Ủy ban nhân dân tỉnh", old_code="000.00.00.H42"),
                SandboxOrganisation(code="H42.12", name="Sở Khoa học và Công nghệ", old_code="000.00.12.H42"),
                SandboxOrganisation(code="H42.13", name="Sở Xây dựng", old_code="000.00.13.H42"),
            ),
        ),
        Centre(
            system_id="00.00.G22",
            secret="sandbox-secret-g22",  # noqa: S106 - guards nothing but the simulation
            organisations=(SandboxOrganisation(code="G22", name="Văn phòng Chính phủ", old_code="000.00.00.G22"),),
        ),
    )
    portal_account: PortalAccount = PortalAccount(
        username="h42",
        password="sandbox-portal-password",  # noqa: S106 - guards nothing but the simulation
        unit_code="H42",
    )
    one_door_account: OneDoorAccount = OneDoorAccount(
        user="lienthong",
        password="sandbox-one-door-password",  # noqa: S106 - guards nothing but the simulation
    )
    dossiers: DossierSet = field(default_factory=generate_dossiers)
    """What the one-door system holds at the start."""

    strict_prefix: bool = True
    """Refuse (code 22) an envelope whose elements don't carry the literal prefix `edXML:`, as the national axis does."""
    deduplicates: bool = False
    """Answer a repeated upload of the same bytes by the same centre with the first docId. What the real axis does is unknown."""
    max_packet_bytes: int = 64 * 1024 * 1024
    """A longer upload is refused with code 10."""
    portal_session_seconds: float | None = None
    """A session ends this long after its login; None: never. The real lifetime is unknown."""
    portal_session_calls: int | None = None
    """A session ends after this many calls; None: never."""
    portal_codes: Literal["mixed", "integer", "text"] = "mixed"
    """How `error_code` is written. Mixed: as text by DongBoHoSoMC and TraCuuHoSo, as an integer by all others."""


DEFAULT = SandboxOptions()
