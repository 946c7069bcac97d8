"""The two packets of edXML as values: names of the field on the outside, spellings of the wire only in reader and writer.

Text is kept as it came. A date is a `date` where the wire's `yyyy/MM/dd` is one, and the wire's text where it isn't; a missing
text is empty, anything else that is missing is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lienthong.core.blob import Blob
from lienthong.schemas.codes.edxml import BusinessType, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation as a packet names it (`From`, `To`).

    Attributes:
        code: `OrganId`, in the old or new form or neither; never changed.
        in_charge: Name of the superior body, `OrganizationInCharge`.
    """

    code: str
    name: str = ""
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """Kind of document. There is no shared list of numbers, so the name counts."""

    name: str
    number: int = 1
    detail: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerInfo:
    """Who signed the document."""

    full_name: str
    position: str = ""
    competence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherInfo:
    """What the guide collects under `OtherInfo`."""

    priority: int = 0
    sphere: str = ""
    typist_notation: str = ""
    copies: int | None = None
    pages: int | None = None
    direction: bool | None = None
    appendixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFor:
    """The document that this packet answers.

    Attributes:
        organisation: Code of the organisation that the answered document concerns; a status packet goes there.
        code: Number and notation, such as `7816/VPCP-TTĐT`.
    """

    organisation: str
    code: str
    promulgation_date: date | str | None = None
    document_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffInfo:
    """The person who handled it."""

    name: str = ""
    department: str = ""
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceHeader:
    """One station on a packet's way; times on the wire are taken as Asia/Ho_Chi_Minh."""

    organisation: str
    timestamp: datetime | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """What the packet does (`Bussiness` on the wire).

    Attributes:
        document_id: DocumentId of the document that is updated, recalled or replaced.
        paper: Whether a paper copy follows.
    """

    type: BusinessType = BusinessType.NEW
    reason: str = ""
    document_id: str = ""
    paper: bool = False
    staff: StaffInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attached file.

    Attributes:
        content_id: Id without `cid:`, unique in its packet.
        name: File name as its author gave it.
        media_type: What the bytes really are, such as `application/pdf`.
        content: The bytes themselves, unwrapped where a sender had wrapped them in a zip.
    """

    content_id: str
    name: str
    media_type: str
    content: Blob
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPacket:
    """A document on its way from one organisation to others.

    Attributes:
        number: Number of the document in its year; may be no number in the wild.
        notation: The rest of its code, such as `VPCP-TTĐT`.
        document_id: `<OrganId>,<yyyy/MM/dd>,<number>/<notation>` or a UUID; opaque.
    """

    sender: Party
    recipients: tuple[Party, ...]
    number: str
    notation: str
    promulgation_place: str = ""
    promulgation_date: date | str | None
    document_type: DocumentType
    subject: str
    content: str = ""
    signer: SignerInfo
    due_date: date | str | None = None
    to_places: tuple[str, ...] = ()
    other: OtherInfo = OtherInfo()
    response_for: tuple[ResponseFor, ...] = ()
    steering_type: int = 0
    document_id: str
    trace: tuple[TraceHeader, ...] = ()
    business: Business = Business()
    attachments: tuple[Attachment, ...] = ()

    @property
    def code(self) -> str:
        """Number and notation as people write them."""
        return f"{self.number}/{self.notation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPacket:
    """What an organisation reports about a document.

    Attributes:
        response_for: The document; `response_for.organisation` is the addressee, for there is no `To`.
        status: One of the nine codes, or the wire's text where it is none of them.
        timestamp: In UTC; the wire's text where it is no time.
    """

    sender: Party
    response_for: ResponseFor
    status: Status | str
    timestamp: datetime | str
    description: str = ""
    staff: StaffInfo | None = None


Packet = DocumentPacket | StatusPacket
