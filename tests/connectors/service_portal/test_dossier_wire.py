"""Dossiers in the portal's spelling."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.connectors.service_portal.dossier_wire import dossier_record, progress_row
from lienthong.connectors.service_portal.errors import DossierTimeWithoutZone
from lienthong.schemas.dossier import Dossier, Fee, Step, Unit

from .conftest import dossier, step


def test_every_field_of_a_dossier_has_its_place() -> None:
    """Names are the portal's, values are text, times Vietnamese."""
    assert dossier_record(dossier(due_at=datetime(2026, 12, 31, 17, 0, 1, tzinfo=UTC), summary="Trích yếu")) == {
        "MaHoSo": "H42.12-20261120-0000001",
        "MaTTHC": "1.005129",
        "TenTTHC": "Thủ tục ví dụ",
        "MaLinhVuc": "G06-HD",
        "TenLinhVuc": "Lĩnh vực ví dụ",
        "KenhThucHien": "2",
        "ChuHoSo": "Nguyễn Văn Thử",
        "LoaiDoiTuong": "1",
        "SoGiayToChuHoSo": "000000000012",
        "SoDienThoai": "",
        "Email": "",
        "TrichYeuHoSo": "Trích yếu",
        "NgayNopHoSo": "",
        "NgayTiepNhan": "20261120080005",
        "NgayHenTra": "20270101000001",
        "NgayTra": "",
        "NgayKetThucXuLy": "",
        "TrangThaiHoSo": "2",
        "HinhThuc": "0",
        "DonViXuLy": "Sở Khoa học và Công nghệ",
        "DanhSachLePhi": [{"TenPhiLePhi": "Phí thẩm định", "MaPhiLePhi": "PTD01", "HinhThucThu": "1", "Gia": "450000.50"}],
        "DanhSachTepDinhKemKhac": [{"TenGiayTo": "Đơn đăng ký", "SoLuong": "2"}],
    }


def test_step_has_its_place() -> None:
    """A step is a row with the dossier's number."""
    assert progress_row("H42.12-1", step("5")) == {
        "MaHoSo": "H42.12-1",
        "NguoiXuLy": "Vũ Thị Mẫu",
        "ChucDanh": "",
        "ThoiDiemXuLy": "20261120080005",
        "PhongBanXuLy": "",
        "NoiDungXuLy": "Thẩm định hồ sơ",
        "TrangThai": "5",
    }


def test_nothing_is_invented_for_a_bare_dossier() -> None:
    """What the one-door system didn't give stays empty."""
    record = dossier_record(Dossier(number="1", unit=Unit(code="H42", name="")))
    assert {name for name, value in record.items() if value} == {"MaHoSo"}


@given(text=st.text(max_size=1200), amount=st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**12))
def test_values_are_neither_cut_nor_rounded(text: str, amount: Decimal) -> None:
    """Text goes as it came, whatever its length; amounts are exact and plain."""
    record = dossier_record(dossier(summary=text, fees=(Fee(name=text, amount=amount),)))
    assert record["TrichYeuHoSo"] == text
    fee = record["DanhSachLePhi"][0]
    assert isinstance(fee, dict)
    assert fee["TenPhiLePhi"] == text
    assert Decimal(fee["Gia"]) == amount
    assert "E" not in fee["Gia"]


def test_time_without_a_zone_is_not_guessed() -> None:
    """A time that could be anyone's is the data's fault."""
    naive = datetime(2026, 11, 20, 8, 0)  # noqa: DTZ001 - that is the point
    with pytest.raises(DossierTimeWithoutZone, match="NgayTiepNhan"):
        dossier_record(dossier(accepted_at=naive))
    with pytest.raises(DossierTimeWithoutZone, match="ThoiDiemXuLy"):
        progress_row("1", Step(officer="x", at=naive, status="2"))
