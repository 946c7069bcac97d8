"""Code lists of dossiers on the service portal (generations G1 and G2)."""

from __future__ import annotations

from enum import StrEnum


class DossierStatus(StrEnum):
    """State of a dossier, `TrangThaiHoSo`.

    Source: service-portal.md §2.1 [C], three code bases agree. An 11 was seen in one reply only, and isn't sent.
    """

    REGISTERED = "1"
    ACCEPTED = "2"
    NOT_ACCEPTED = "3"
    PROCESSING = "4"
    SUPPLEMENT_REQUESTED = "5"
    PAYMENT_REQUESTED = "6"
    WITHDRAWN = "7"
    STOPPED = "8"
    PROCESSED = "9"
    RETURNED = "10"


class ApplicantKind(StrEnum):
    """Who the dossier's owner is, `LoaiDoiTuong`.

    Source: service-portal.md §2 [C]. One ministry's connector counts otherwise: 0 citizen, 1 business, 2 household business.
    """

    CITIZEN = "1"
    BUSINESS = "2"
    STATE_AGENCY = "3"
    ORGANISATION = "4"


class Channel(StrEnum):
    """How a dossier was filed, `KenhThucHien`.

    Source: service-portal.md §2 [C], of generation G2 only.
    """

    DIRECT = "1"
    ONLINE = "2"
    POST = "3"
