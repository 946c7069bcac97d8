"""Which known document a packet is about: found by either form of DocumentId, or by issuer, number and date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from lienthong.schemas.codes.edxml import BusinessType, Status
from lienthong.schemas.edxml.identity import DocumentReference, code_key, date_key, document_key, parse_document_id
from lienthong.schemas.edxml.models import DocumentPacket, Packet, ResponseFor, StatusPacket
from lienthong.schemas.organisations import organisation_key

Relation = Literal["reports", "recalls", "updates", "replaces", "answers"]

_CHANGES = frozenset({BusinessType.RECALL, BusinessType.UPDATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDocument:
    """A document packet that one has, as far as others may refer to it.

    Attributes:
        sender: Code of the organisation that issued it.
        document_id: As it stands in its packet.
        code: Number and notation.
        promulgation_date: Date of issue, or the wire's text.
        does: What its packet does; a recall or an update is a packet about another document.
        key: Whatever its owner knows it by.
    """

    sender: str
    document_id: str
    code: str
    promulgation_date: date | str | None
    does: BusinessType = BusinessType.NEW
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A document as a packet names it; what the packet doesn't say is empty or None.

    Attributes:
        issuer: Code of the organisation that must have issued it; empty where any may have.
    """

    issuer: str = ""
    document_id: str = ""
    code: str = ""
    promulgation_date: date | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A document that a packet names, and the known ones that it may be.

    Attributes:
        relation: What the packet does with it: a status packet reports (13 recalls), a document packet recalls, updates, replaces
            or, by `ResponseFor`, answers.
        originals: All candidates in the order in which they were given; several can't be told apart by what the packet says.
        organisations: For a replacement: the organisations for which it is replaced, all where empty.
    """

    relation: Relation
    named: Named
    originals: tuple[KnownDocument, ...] = ()
    organisations: tuple[str, ...] = ()

    @property
    def original(self) -> KnownDocument | None:
        """The document where there is exactly one candidate."""
        return self.originals[0] if len(self.originals) == 1 else None


@dataclass(frozen=True, slots=True)
class _Kept:
    document: KnownDocument
    issuer: str
    form: str


class KnownDocuments:
    """Documents to look among, taken apart once and found by key; for whoever looks up more than one packet."""

    def __init__(self, documents: Iterable[KnownDocument]) -> None:
        self._by_id: dict[object, list[_Kept]] = {}
        self._by_code: dict[object, list[tuple[_Kept, set[object]]]] = {}
        for document in documents:
            has = parse_document_id(document.document_id)
            kept = _Kept(document, organisation_key(document.sender), _form(has))
            if kept.form:
                self._by_id.setdefault(document_key(has), []).append(kept)
            days: dict[object, set[object]] = {}
            for organisation, code, day in {(document.sender, document.code, document.promulgation_date), *_inside(has)}:
                days.setdefault((organisation_key(organisation), code_key(code)), set()).add(date_key(day))
            for owner_and_code, its_days in days.items():
                self._by_code.setdefault(owner_and_code, []).append((kept, its_days))

    def candidates(self, named: Named) -> tuple[KnownDocument, ...]:
        """Return those that a packet may mean, in the order in which they were given."""
        said = parse_document_id(named.document_id)
        found = self._by_id.get(document_key(said)) or list(self._alike(said, named))
        # An update may carry the id of what it updates: the document comes before packets about it, the issuer's before another's.
        found = [kept for kept in found if kept.document.does not in _CHANGES] or found
        issuer = organisation_key(named.issuer)
        found = [kept for kept in found if issuer and kept.issuer == issuer] or found
        return tuple(kept.document for kept in found)

    def _alike(self, said: DocumentReference, named: Named) -> Iterator[_Kept]:
        """Those of the same issuer, number, notation and date, but for other ids of the same form; a missing date isn't compared."""
        wanted = (named.issuer, named.code, named.promulgation_date)
        organisation, code, day = next(_inside(said), wanted)
        if not organisation.strip() or not code.strip(" /"):
            return
        form, date = _form(said), date_key(day)
        for kept, days in self._by_code.get((organisation_key(organisation), code_key(code)), ()):
            if (not form or form != kept.form) and (not date or date in days or "" in days):
                yield kept


def known_document(packet: DocumentPacket, *, key: str = "") -> KnownDocument:
    """Return what others may refer to a document packet by."""
    return KnownDocument(
        sender=packet.sender.code,
        document_id=packet.document_id,
        code=packet.code,
        promulgation_date=packet.promulgation_date,
        does=packet.business_type,
        key=key,
    )


def find_originals(packet: Packet, known: Iterable[KnownDocument] | KnownDocuments) -> tuple[Link, ...]:
    """Return the documents that a packet is about, each with all known ones that it may be.

    A recall or update names its original by `Bussiness/DocumentId`, else by its own DocumentId, else by `ResponseFor`: the first of
    these by which a known document is found counts. Its own number and date count only where it states no DocumentId. A replacement
    names one original per `ReplacementInfo`. A status names it by `ResponseFor`, whose OrganId is the issuer, but for 13, which the
    issuer sends.

    A known document with the same id is the one. Otherwise, and only against those that have no id or one of another form, issuer,
    number, notation and date decide, those inside a triple too; a date that either side lacks isn't compared. Who may say what is for
    the caller to judge: a recall by a stranger finds the document as well.

    Args:
        packet: Any packet; a new document that answers none gives no link.
        known: Documents to look among, without the packet itself.

    Source: edxml.md §1.4.3, §1.7.1; that numbers are compared without leading zeros is inferred.
    """
    documents = known if isinstance(known, KnownDocuments) else KnownDocuments(known)
    if isinstance(packet, StatusPacket):
        recalls = packet.status == Status.RECALL_REQUESTED
        issuer = packet.sender.code if recalls else packet.response_for.organisation
        named = _named(packet.response_for, issuer)
        return (Link(relation="recalls" if recalls else "reports", named=named, originals=documents.candidates(named)),)
    answers = [about for about in packet.response_for if about.document_id.strip() or about.code.strip()]
    match packet.business_type:
        case BusinessType.NEW:
            links: tuple[Link, ...] = ()
        case BusinessType.REPLACE:
            links = _replaced(packet, documents)
        case BusinessType.RECALL | BusinessType.UPDATE as change:
            relation: Relation = "recalls" if change is BusinessType.RECALL else "updates"
            sender = packet.sender.code
            stated = packet.business.document_id if packet.business is not None else ""
            own = Named(issuer=sender, document_id=packet.document_id)
            by_id = [replace(own, code=packet.code, promulgation_date=packet.promulgation_date)]
            if stated.strip():
                by_id = [replace(own, document_id=stated), own]
            links = _first_found(relation, by_id, documents)
            if not any(link.originals for link in links):
                found = _linked(relation, [_named(about, sender) for about in answers], documents)
                if any(link.originals for link in found):
                    return found
    return links + _linked("answers", [_named(about, about.organisation) for about in answers], documents)


def _named(about: ResponseFor, issuer: str) -> Named:
    return Named(issuer=issuer, document_id=about.document_id, code=about.code, promulgation_date=about.promulgation_date)


def _replaced(packet: DocumentPacket, documents: KnownDocuments) -> tuple[Link, ...]:
    if packet.business is None:
        return ()
    rows = [(row.document_id, row.organisations) for row in packet.business.replacements]
    if not rows and packet.business.document_id.strip():
        rows = [(packet.business.document_id, ())]
    named = [(Named(document_id=document_id), organisations) for document_id, organisations in rows]
    return tuple(
        Link(relation="replaces", named=one, originals=documents.candidates(one), organisations=organisations)
        for one, organisations in named
    )


def _first_found(relation: Relation, named: Sequence[Named], documents: KnownDocuments) -> tuple[Link, ...]:
    links = _linked(relation, named, documents)
    return (next((link for link in links if link.originals), links[0]),)


def _linked(relation: Relation, named: Iterable[Named], documents: KnownDocuments) -> tuple[Link, ...]:
    return tuple(Link(relation=relation, named=one, originals=documents.candidates(one)) for one in named)


def _inside(reference: DocumentReference) -> Iterator[tuple[str, str, str]]:
    """Issuer, code and date that a triple holds."""
    if reference.form == "triple":
        yield reference.organisation, reference.code, reference.date_text


def _form(reference: DocumentReference) -> str:
    return reference.form if reference.text.strip() else ""
