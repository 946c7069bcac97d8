"""What the portal wants of a dossier, checked here first, so that each problem goes to the office that can mend it.

An error stands only where the portal is known to require something; everything else warns. No sentence shows a value but a code
of at most three characters: a name or an identity number may stand in a wrong field.

Source: fields, obligations and code lists of the portal's generations G1 and G2 as public code has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from lienthong.connectors.service_portal.errors import (
    DossierCodeUnknown,
    DossierDatesReversed,
    DossierFieldMissing,
    DossierNumberUnusual,
    DossierTextLong,
    DossierTimeWithoutZone,
)
from lienthong.core.errors import DataError, Level, Place, Problem
from lienthong.schemas.codes import ApplicantKind, Channel, DossierStatus
from lienthong.schemas.dossier import Dossier

# (our field, the portal's), for the fields that the portal requires and that are plain text here
_REQUIRED: Final = (
    ("number", "MaHoSo"),
    ("procedure_code", "MaTTHC"),
    ("procedure_name", "TenTTHC"),
    ("field_code", "MaLinhVuc"),
    ("field_name", "TenLinhVuc"),
    ("applicant_kind", "LoaiDoiTuong"),
    ("status", "TrangThaiHoSo"),
    ("return_by", "HinhThuc"),
)
_LIMITS: Final = (("summary", "TrichYeuHoSo", 1000),)
_ORDERED: Final = (
    ("filed_at", "NgayNopHoSo", "accepted_at", "NgayTiepNhan"),
    ("accepted_at", "NgayTiepNhan", "due_at", "NgayHenTra"),
    ("accepted_at", "NgayTiepNhan", "finished_at", "NgayKetThucXuLy"),
    ("accepted_at", "NgayTiepNhan", "returned_at", "NgayTra"),
)
_OFFICER_LIMIT: Final = 50
_SHOWN: Final = 3

_NEW_NUMBER = re.compile(r"[A-Z]\d{2}(?:\.\d{2}){0,3}-(\d{8})-\d{7}", re.ASCII)
_OLD_NUMBER = re.compile(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-(\d{6})-\d+", re.ASCII)


class ReturnBy(StrEnum):
    """How the result reaches the applicant, `HinhThuc`."""

    DIRECT = "0"
    POST = "1"


def check_dossier(dossier: Dossier) -> tuple[Problem, ...]:
    """Return what is wrong with a dossier, in the order of its fields within each rule; nothing means that it may be pushed.

    Each problem has our field as `place.path` and in its fields, the portal's name of it as `portal_field`, and as `office` the
    unit that handles the dossier, by name and code. Push a dossier only if no problem's level is `error`.

    Source: service portal, operations DongBoHoSoMC and CapNhatTienDoHoSoMC.
    """
    office = dossier.unit.label or None
    return tuple(replace(error.problem(office=office), level=level) for level, error in _findings(dossier))


_Findings = Iterator[tuple[Level, DataError]]


def _findings(dossier: Dossier) -> _Findings:
    yield from _required(dossier)
    yield from _codes(dossier)
    yield from _steps(dossier)
    yield from _dates(dossier)
    number = dossier.number.strip()
    if number and not _known_number(number):
        yield "warning", DossierNumberUnusual(field="number", portal_field="MaHoSo", place=Place(path="number"))
    for field, portal_field, most in _LIMITS:
        yield from _limit(field, portal_field, getattr(dossier, field), most)


def _required(dossier: Dossier) -> _Findings:
    for field, portal_field in _REQUIRED:
        if not getattr(dossier, field).strip():
            yield "error", _missing(field, portal_field)
    if dossier.accepted_at is None:
        yield "error", _missing("accepted_at", "NgayTiepNhan")
    if not dossier.unit.name.strip():
        yield "error", _missing("unit.name", "DonViXuLy")


def _codes(dossier: Dossier) -> _Findings:
    yield from _code("applicant_kind", "LoaiDoiTuong", dossier.applicant_kind, ApplicantKind)
    yield from _code("status", "TrangThaiHoSo", dossier.status, DossierStatus)
    yield from _code("return_by", "HinhThuc", dossier.return_by, ReturnBy)
    # A dossier without a channel counts as direct; it is not required.
    yield from _code("channel", "KenhThucHien", dossier.channel, Channel)


def _steps(dossier: Dossier) -> _Findings:
    for index, step in enumerate(dossier.steps):
        officer, status = f"steps[{index}].officer", f"steps[{index}].status"
        if not step.officer.strip():
            yield "error", _missing(officer, "NguoiXuLy")
        yield from _limit(officer, "NguoiXuLy", step.officer, _OFFICER_LIMIT)
        if not step.status.strip():
            yield "error", _missing(status, "TrangThai")
        yield from _code(status, "TrangThai", step.status, DossierStatus)
        yield from _zone(f"steps[{index}].at", "ThoiDiemXuLy", step.at)


def _dates(dossier: Dossier) -> _Findings:
    zoned = True
    for field, portal_field in dict.fromkeys(pair for row in _ORDERED for pair in (row[:2], row[2:])):
        for finding in _zone(field, portal_field, getattr(dossier, field)):
            zoned = False
            yield finding
    for earlier, portal_earlier, field, portal_field in _ORDERED if zoned else ():
        first, second = getattr(dossier, earlier), getattr(dossier, field)
        if first is not None and second is not None and second < first:
            yield (
                "warning",
                DossierDatesReversed(
                    field=field, portal_field=portal_field, earlier=earlier, portal_earlier=portal_earlier, place=Place(path=field)
                ),
            )


def _zone(field: str, portal_field: str, moment: datetime | None) -> _Findings:
    if moment is not None and moment.tzinfo is None:
        yield "error", DossierTimeWithoutZone(field=field, portal_field=portal_field, place=Place(path=field))


def _code(field: str, portal_field: str, value: str, codes: type[StrEnum]) -> _Findings:
    if value.strip() and value not in set(codes):
        shown = value if len(value) <= _SHOWN and value.isascii() and value.isalnum() else "…"
        allowed = ", ".join(codes)
        yield "error", DossierCodeUnknown(field=field, portal_field=portal_field, shown=shown, allowed=allowed, place=Place(path=field))


def _limit(field: str, portal_field: str, value: str, most: int) -> _Findings:
    if len(value) > most:
        yield "warning", DossierTextLong(field=field, portal_field=portal_field, length=len(value), most=most, place=Place(path=field))


def _missing(field: str, portal_field: str) -> DossierFieldMissing:
    return DossierFieldMissing(field=field, portal_field=portal_field, place=Place(path=field))


def _known_number(number: str) -> bool:
    for pattern, date_format in ((_NEW_NUMBER, "%Y%m%d"), (_OLD_NUMBER, "%y%m%d")):
        if match := pattern.fullmatch(number):
            try:
                datetime.strptime(match[1], date_format)  # noqa: DTZ007 - only whether it is a date
            except ValueError:
                return False
            return True
    return False
