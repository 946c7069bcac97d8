"""A dossier of an administrative procedure (hồ sơ), independent of any wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Unit(_Value):
    """The office that handles a dossier."""

    code: str
    name: str

    @property
    def label(self) -> str:
        """The office as a problem names it: name and code, or whichever it has."""
        name, code = self.name.strip(), self.code.strip()
        return f"{name} ({code})" if name and code else name or code


class Fee(_Value):
    """A fee or charge; `collected_at`: 1 at acceptance, 2 at supplement, 4 at return."""

    code: str = ""
    name: str
    amount: Decimal
    collected_at: str = ""


class Paper(_Value):
    """A paper that was filed."""

    name: str
    copies: int = 1


class Step(_Value):
    """One step of handling."""

    officer: str
    position: str = ""
    department: str = ""
    description: str = ""
    at: datetime
    status: str


class Dossier(_Value):
    """What is known of a dossier.

    Code lists and obligations are not types here: a dossier with a wrong value can be held and shown; where it is sent to, its
    sink names what is wrong. Times carry a zone. Empty text and None mean that the one-door system gave nothing.
    """

    number: str
    procedure_code: str = ""
    procedure_name: str = ""
    field_code: str = ""
    field_name: str = ""
    channel: str = ""
    applicant_name: str = ""
    applicant_kind: str = ""
    applicant_identity: str = ""
    applicant_telephone: str = ""
    applicant_email: str = ""
    summary: str = ""
    filed_at: datetime | None = None
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    returned_at: datetime | None = None
    finished_at: datetime | None = None
    status: str = ""
    return_by: str = ""
    unit: Unit
    fees: tuple[Fee, ...] = ()
    papers: tuple[Paper, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierRevision:
    """The present state of a dossier.

    Attributes:
        known: Whether the remote system has acknowledged the dossier before; one may refuse to insert what it has and to update
            what it hasn't.
    """

    dossier: Dossier
    known: bool


@dataclass(frozen=True, slots=True)
class DossierProgress:
    """Steps of a dossier that the remote system has accepted, oldest first; only those not reported before, for it may add them up.

    Attributes:
        number: The dossier's number.
    """

    number: str
    steps: tuple[Step, ...]
