"""The two packets of edXML as values: names of the field on the outside, spellings of the wire only in reader and writer.

Text is kept as it came. A date, time, number or flag is one where the wire's text can be read as one, and the wire's text where it
can't; a missing text is empty, anything else that is missing is None. Whatever a packet has beyond these models is kept as
`OtherElement` beside them and written back; the reader sorts those by where they stood and by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lienthong.core.blob import Blob
from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml.wire import SIGNATURES, with_cid

Attributes = tuple[tuple[str, str], ...]
"""Attributes by expanded name (`{namespace}local`, or `local` without a namespace), sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherElement:
    """An element that these models have no field for: unknown, repeated, or present without a value.

    Attributes:
        name: Expanded name, `{namespace}local`, or `local` without a namespace.
        text: Text in front of the first child.
        attributes: Its attributes, without namespace declarations.
        children: The elements inside it.
        tail: Text behind it, inside its parent; empty at the top.
        inside: Path from the element of the model that keeps it to the element that it stands in, such as
            `edXMLEnvelope/edXMLHeader`; empty where it stands directly in the former.
    """

    name: str
    text: str = ""
    attributes: Attributes = ()
    children: tuple[OtherElement, ...] = ()
    tail: str = ""
    inside: str = ""

    @property
    def is_signature(self) -> bool:
        """Whether it stands where the packet's signature does and is called so."""
        return self.inside == "edXMLEnvelope/edXMLHeader" and self.name in SIGNATURES


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
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """Kind of document. There is no shared list of numbers, so the name counts."""

    name: str
    number: int | str | None = 1
    detail: int | str | None = None
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerInfo:
    """Who signed the document."""

    full_name: str
    position: str = ""
    competence: str = ""
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherInfo:
    """What the guide collects under `OtherInfo`.

    Attributes:
        priority: 0 normal, 1 urgent (khẩn), 2 very urgent (thượng khẩn), 3 express (hỏa tốc), 4 express at a set time.
        sphere: `SphereOfPromulgation`.
        typist_notation: `TyperNotation`.
        copies: `PromulgationAmount`.
        pages: `PageAmount`.
        direction: Whether the document directs its receivers (`Direction`).
        reply_fors: `ReplyFors`, whose inner shape no source tells.
        reference_codes: `ReferenceCodes`, whose inner shape no source tells.
    """

    priority: int | str | None = 0
    sphere: str = ""
    typist_notation: str = ""
    copies: int | str | None = None
    pages: int | str | None = None
    direction: bool | str | None = None
    appendixes: tuple[str, ...] = ()
    reply_fors: OtherElement | None = None
    reference_codes: OtherElement | None = None
    others: tuple[OtherElement, ...] = ()


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
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffInfo:
    """The person who handled it, with the ids that their own system gave to person and department."""

    name: str = ""
    department: str = ""
    email: str = ""
    mobile: str = ""
    staff_id: str = ""
    department_id: str = ""
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceHeader:
    """One station on a packet's way; times on the wire are taken as Asia/Ho_Chi_Minh."""

    organisation: str
    timestamp: datetime | str
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverChange:
    """A receiver that an update adds or removes.

    Attributes:
        kind: `ReceiverType`, 0 or 1; which of them adds and which removes no source tells.
    """

    organisation: str
    kind: int | str | None = None
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateInfo:
    """What an update changes (`BussinessDocumentInfo` on the wire).

    Attributes:
        document: Whether what is said of the document changed (`DocumentInfo`).
        recipients: Whether the list of receivers changed (`DocumentReceiver`).
        receivers: The receivers that changed.
    """

    document: bool | str | None = None
    recipients: bool | str | None = None
    receivers: tuple[ReceiverChange, ...] = ()
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A document that is replaced, and the organisations for which it is."""

    document_id: str
    organisations: tuple[str, ...] = ()
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """What the packet does (`Bussiness` on the wire).

    Attributes:
        document_id: DocumentId of the document that is updated, recalled or replaced.
        paper: Whether a paper copy follows.
        update: What an update changes.
        replacements: The documents that a replacement takes the place of.
    """

    type: BusinessType = BusinessType.NEW
    reason: str = ""
    document_id: str = ""
    paper: bool | str | None = False
    update: UpdateInfo | None = None
    replacements: tuple[Replacement, ...] = ()
    staff: StaffInfo | None = None
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketError:
    """An entry of `ErrorList`, which software on the way may add."""

    code: str
    description: str = ""
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """How an attached file stood in the packet that it was read from, where that isn't how we write it.

    Attributes:
        content_id: `ContentId` as written, with or without `cid:`.
        media_type: `ContentType` as declared.
        content: The bytes that travelled where they aren't the file itself, such as a zip around it; else None.
    """

    content_id: str
    media_type: str
    content: Blob | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A line of the manifest.

    Attributes:
        content_id: `ContentId` as written, with or without `cid:`.
        attributes: Such as `{http://www.w3.org/1999/xlink}href`.
    """

    content_id: str
    name: str = ""
    media_type: str = ""
    description: str = ""
    attributes: Attributes = ()
    others: tuple[OtherElement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attached file.

    Attributes:
        content_id: Id without `cid:`, unique in its packet.
        name: File name as its author gave it.
        media_type: What the bytes really are, such as `application/pdf`.
        content: The bytes themselves, unwrapped where a sender had wrapped them in a zip.
        transfer: None for a file that we attach: it is written as itself, under its own media type. Who exchanges `content` leaves
            `transfer` out: a packet in which it holds another file isn't written.
        field_name: `FieldName`, of some vendors' packets.
        mime_type: `MimeType`, of some vendors' packets.
    """

    content_id: str
    name: str
    media_type: str
    content: Blob
    description: str = ""
    transfer: Transfer | None = None
    field_name: str = ""
    mime_type: str = ""
    others: tuple[OtherElement, ...] = ()

    @property
    def reference(self) -> Reference:
        """The line that lists it in a manifest that is just the list of the attachments."""
        return Reference(
            content_id=with_cid(self.content_id) if self.transfer is None else self.transfer.content_id,
            name=self.name,
            media_type=self.media_type if self.transfer is None else self.transfer.media_type,
            description=self.description,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPacket:
    """A document on its way from one organisation to others.

    Attributes:
        number: Number of the document in its year; may be no number in the wild.
        notation: The rest of its code, such as `VPCP-TTĐT`.
        document_id: `<OrganId>,<yyyy/MM/dd>,<number>/<notation>` or a UUID; opaque.
        steering_type: 0 directs nothing, 1 directs, 2 directs and asks for a report.
        response_for: The documents that this one answers.
        tasks: Codes of the tasks that it answers (`ResponseForTask`).
        application_type: What kind of traffic it is, such as `MCDT_DT` for one-door dossiers.
        trace_attributes: Attributes of `TraceHeaderList`: `id`, `version`, `mustUnderstand`, `actor`.
        business: What the packet does; a packet that doesn't say so is a new document, see `business_type`.
        manifest: The manifest of a packet that was read, where it isn't just the list of the attachments; None has the writer list them.
        others: Also the packet's signature, as it came; one that was valid isn't over a packet that is written anew.
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
    steering_type: int | str | None = 0
    document_id: str
    tasks: tuple[str, ...] = ()
    application_type: str = ""
    trace: tuple[TraceHeader, ...] = ()
    trace_attributes: Attributes = ()
    business: Business | None = Business()
    errors: tuple[PacketError, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    manifest: tuple[Reference, ...] | None = None
    others: tuple[OtherElement, ...] = ()

    @property
    def code(self) -> str:
        """Number and notation as people write them."""
        return f"{self.number}/{self.notation}"

    @property
    def business_type(self) -> BusinessType:
        """What the packet does; new is what one without `Bussiness` is."""
        return BusinessType.NEW if self.business is None else self.business.type


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
    errors: tuple[PacketError, ...] = ()
    others: tuple[OtherElement, ...] = ()


Packet = DocumentPacket | StatusPacket
