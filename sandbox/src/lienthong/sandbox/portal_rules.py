"""What the simulated portal refuses in a dossier or a progress row, after service-portal.md §2.

One bad record refuses the whole batch; the message names the first bad record and field.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

REQUIRED: Final = (
    "MaHoSo",
    "MaTTHC",
    "TenTTHC",
    "MaLinhVuc",
    "TenLinhVuc",
    "LoaiDoiTuong",
    "NgayTiepNhan",
    "TrangThaiHoSo",
    "HinhThuc",
    "DonViXuLy",
)
PROGRESS_REQUIRED: Final = ("MaHoSo", "NguoiXuLy", "ThoiDiemXuLy", "TrangThai")
LISTS: Final = frozenset(
    {
        "DSKetNoiCSDL",
        "DanhSachGiayToKetQua",
        "DanhSachHoSoBoSung",
        "DanhSachLePhi",
        "DanhSachTepDinhKemKhac",
        "DinhDanhCHS",
        "TaiLieuNop",
    }
)
_STATUSES: Final = frozenset(str(status) for status in range(1, 11))
_CODES: Final[Mapping[str, frozenset[str]]] = {
    "LoaiDoiTuong": frozenset("1234"),
    "TrangThaiHoSo": _STATUSES,
    "HinhThuc": frozenset("01"),
    "KenhThucHien": frozenset("123"),
    "HoSoCoThanhPhanSoHoa": frozenset("01"),
    "TaiKhoanDuocXacThucVoiVNeID": frozenset("01"),
    "DuocThanhToanTrucTuyen": frozenset("0123"),
}
_DATES: Final = ("NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayTra", "NgayKetThucXuLy", "NgayTuChoi")
_PROGRESS_DATES: Final = ("ThoiDiemXuLy", "NgayBatDau", "NgayKetThucTheoQuyDinh")
_LIMITS: Final = {"TrichYeuHoSo": 1000, "NguoiXuLy": 50}
"""The cuts that a known client makes, taken as the portal's limits."""


def dossier_fault(record: object) -> str | None:
    """Return what is wrong with a dossier, None if it is good."""
    if not isinstance(record, dict):
        return "bản ghi không phải đối tượng JSON"
    return (
        _type_fault(record)
        or _missing(record, REQUIRED)
        or next(
            (f"{field} không có trong danh mục" for field, codes in _CODES.items() if record.get(field) not in {None, "", *codes}), None
        )
        or _date_fault(record, _DATES)
        or _length_fault(record)
    )


def progress_fault(row: object) -> str | None:
    """Return what is wrong with a progress row, None if it is good."""
    if not isinstance(row, dict):
        return "bản ghi không phải đối tượng JSON"
    return (
        _type_fault(row)
        or _missing(row, PROGRESS_REQUIRED)
        or (None if row["TrangThai"] in _STATUSES else "TrangThai không có trong danh mục")
        or _date_fault(row, _PROGRESS_DATES)
        or _length_fault(row)
    )


def _type_fault(record: Mapping[str, object]) -> str | None:
    for field, value in record.items():
        if field in LISTS:
            if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
                return f"{field} phải là danh sách"
        elif not isinstance(value, str):
            return f"{field} phải là chuỗi"
    return None


def _missing(record: Mapping[str, str], fields: Sequence[str]) -> str | None:
    return next((f"{field} bắt buộc" for field in fields if not record.get(field, "").strip()), None)


def _date_fault(record: Mapping[str, str], fields: Sequence[str]) -> str | None:
    return next((f"{field} phải có dạng yyyyMMddHHmmss" for field in fields if not _is_date(record.get(field, ""))), None)


def _is_date(text: str) -> bool:
    if not text:
        return True
    try:
        return f"{datetime.strptime(text, '%Y%m%d%H%M%S'):%Y%m%d%H%M%S}" == text  # noqa: DTZ007 - the form is checked, no moment used
    except ValueError:
        return False


def _length_fault(record: Mapping[str, str]) -> str | None:
    return next((f"{field} dài hơn {limit} ký tự" for field, limit in _LIMITS.items() if len(record.get(field, "")) > limit), None)
