"""Dossiers and steps as the portal spells them: every value is text, times are `yyyyMMddHHmmss` in Vietnamese time, nothing is "".

Nothing is invented, cut or put right here. What `Dossier` doesn't have is left out. Source: the dossier model that generations 1
and 2 of the portal share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lienthong.connectors.service_portal.errors import DossierTimeWithoutZone
from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Place
from lienthong.schemas.dossier import Dossier, Step

WireRecord = Mapping[str, str | Sequence[Mapping[str, str]]]


def dossier_record(dossier: Dossier) -> WireRecord:
    """Return a dossier as a record of `DongBoHoSoMC`.

    Raises:
        DossierTimeWithoutZone: data.
    """
    return {
        "MaHoSo": dossier.number,
        "MaTTHC": dossier.procedure_code,
        "TenTTHC": dossier.procedure_name,
        "MaLinhVuc": dossier.field_code,
        "TenLinhVuc": dossier.field_name,
        "KenhThucHien": dossier.channel,
        "ChuHoSo": dossier.applicant_name,
        "LoaiDoiTuong": dossier.applicant_kind,
        "SoGiayToChuHoSo": dossier.applicant_identity,
        "SoDienThoai": dossier.applicant_telephone,
        "Email": dossier.applicant_email,
        "TrichYeuHoSo": dossier.summary,
        "NgayNopHoSo": _time("filed_at", "NgayNopHoSo", dossier.filed_at),
        "NgayTiepNhan": _time("accepted_at", "NgayTiepNhan", dossier.accepted_at),
        "NgayHenTra": _time("due_at", "NgayHenTra", dossier.due_at),
        "NgayTra": _time("returned_at", "NgayTra", dossier.returned_at),
        "NgayKetThucXuLy": _time("finished_at", "NgayKetThucXuLy", dossier.finished_at),
        "TrangThaiHoSo": dossier.status,
        "HinhThuc": dossier.return_by,
        "DonViXuLy": dossier.unit.name,  # the portal wants the name, not the code
        "DanhSachLePhi": [
            {"TenPhiLePhi": fee.name, "MaPhiLePhi": fee.code, "HinhThucThu": fee.collected_at, "Gia": format(fee.amount, "f")}
            for fee in dossier.fees
        ],
        "DanhSachTepDinhKemKhac": [{"TenGiayTo": paper.name, "SoLuong": str(paper.copies)} for paper in dossier.papers],
    }


def progress_row(number: str, step: Step) -> WireRecord:
    """Return one step of a dossier as a row of `CapNhatTienDoHoSoMC`.

    Raises:
        DossierTimeWithoutZone: data.
    """
    return {
        "MaHoSo": number,
        "NguoiXuLy": step.officer,
        "ChucDanh": step.position,
        "ThoiDiemXuLy": _time("at", "ThoiDiemXuLy", step.at),
        "PhongBanXuLy": step.department,
        "NoiDungXuLy": step.description,
        "TrangThai": step.status,
    }


def _time(field: str, portal_field: str, moment: datetime | None) -> str:
    if moment is None:
        return ""
    if moment.tzinfo is None:
        raise DossierTimeWithoutZone(field=field, portal_field=portal_field, place=Place(path=field))
    return f"{moment.astimezone(HO_CHI_MINH):%Y%m%d%H%M%S}"
