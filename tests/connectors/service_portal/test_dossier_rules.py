"""What the portal wants of a dossier."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lienthong.connectors.service_portal.dossier_rules import check_dossier
from lienthong.core.clock import HO_CHI_MINH
from lienthong.schemas.dossier import Dossier, Step, Unit

ACCEPTED = datetime(2026, 11, 2, 9, 0, tzinfo=HO_CHI_MINH)
STEP = Step(officer="Vũ Thị Mẫu", at=ACCEPTED, status="2")


def dossier(**changes: Any) -> Dossier:
    good = Dossier(
        number="H42.12-20261102-0000001",
        procedure_code="1.005129",
        procedure_name="Thủ tục",
        field_code="G06-HD",
        field_name="Lĩnh vực",
        channel="2",
        applicant_name="Nguyễn Văn Thử",
        applicant_kind="1",
        applicant_identity="000000000001",
        filed_at=ACCEPTED - timedelta(hours=1),
        accepted_at=ACCEPTED,
        due_at=ACCEPTED + timedelta(days=15),
        status="4",
        return_by="0",
        unit=Unit(code="H42.12", name="Sở Khoa học và Công nghệ"),
        steps=(STEP,),
    )
    return good.model_copy(update=changes)


def test_good_dossier_has_no_problem() -> None:
    """Nothing to say means that it may be pushed."""
    assert check_dossier(dossier()) == ()


@pytest.mark.parametrize(
    "number", ["000.00.19.H15-190820-0001", "000.00.12.H42-261102-12345", "G09.20-20260609-0092637", "H42-20261102-0000001"]
)
def test_both_styles_of_number_are_accepted(number: str) -> None:
    """The style before QĐ 20/2020 and the one since."""
    assert check_dossier(dossier(number=number)) == ()


@pytest.mark.parametrize(
    ("changes", "code", "level", "field", "portal_field"),
    [
        ({"number": " "}, "LT-DOSSIER-001", "error", "number", "MaHoSo"),
        ({"procedure_code": ""}, "LT-DOSSIER-001", "error", "procedure_code", "MaTTHC"),
        ({"procedure_name": ""}, "LT-DOSSIER-001", "error", "procedure_name", "TenTTHC"),
        ({"field_code": ""}, "LT-DOSSIER-001", "error", "field_code", "MaLinhVuc"),
        ({"field_name": ""}, "LT-DOSSIER-001", "error", "field_name", "TenLinhVuc"),
        ({"applicant_kind": ""}, "LT-DOSSIER-001", "error", "applicant_kind", "LoaiDoiTuong"),
        ({"status": ""}, "LT-DOSSIER-001", "error", "status", "TrangThaiHoSo"),
        ({"return_by": ""}, "LT-DOSSIER-001", "error", "return_by", "HinhThuc"),
        ({"accepted_at": None}, "LT-DOSSIER-001", "error", "accepted_at", "NgayTiepNhan"),
        ({"unit": Unit(code="H42.12", name="")}, "LT-DOSSIER-001", "error", "unit.name", "DonViXuLy"),
        ({"applicant_kind": "9"}, "LT-DOSSIER-002", "error", "applicant_kind", "LoaiDoiTuong"),
        ({"status": "11"}, "LT-DOSSIER-002", "error", "status", "TrangThaiHoSo"),
        ({"return_by": "2"}, "LT-DOSSIER-002", "error", "return_by", "HinhThuc"),
        ({"channel": "4"}, "LT-DOSSIER-002", "error", "channel", "KenhThucHien"),
        ({"due_at": ACCEPTED - timedelta(days=1)}, "LT-DOSSIER-003", "warning", "due_at", "NgayHenTra"),
        ({"finished_at": ACCEPTED - timedelta(days=1)}, "LT-DOSSIER-003", "warning", "finished_at", "NgayKetThucXuLy"),
        ({"filed_at": ACCEPTED + timedelta(days=1)}, "LT-DOSSIER-003", "warning", "accepted_at", "NgayTiepNhan"),
        ({"number": "HS-1"}, "LT-DOSSIER-004", "warning", "number", "MaHoSo"),
        ({"number": "H42.12-20261302-0000001"}, "LT-DOSSIER-004", "warning", "number", "MaHoSo"),
        ({"summary": "x" * 1001}, "LT-DOSSIER-005", "warning", "summary", "TrichYeuHoSo"),
        ({"steps": (STEP.model_copy(update={"officer": "x" * 51}),)}, "LT-DOSSIER-005", "warning", "steps[0].officer", "NguoiXuLy"),
        ({"steps": (STEP, STEP.model_copy(update={"officer": ""}))}, "LT-DOSSIER-001", "error", "steps[1].officer", "NguoiXuLy"),
        ({"steps": (STEP.model_copy(update={"status": ""}),)}, "LT-DOSSIER-001", "error", "steps[0].status", "TrangThai"),
        ({"steps": (STEP.model_copy(update={"status": "x"}),)}, "LT-DOSSIER-002", "error", "steps[0].status", "TrangThai"),
        ({"due_at": datetime(2026, 12, 1)}, "LT-DOSSIER-006", "error", "due_at", "NgayHenTra"),  # noqa: DTZ001
    ],
)
def test_problem_names_field_and_the_office_that_mends_it(
    changes: dict[str, object], code: str, level: str, field: str, portal_field: str
) -> None:
    """One problem for one fault, with our name, the portal's, and the unit."""
    (problem,) = check_dossier(dossier(**changes))
    assert (problem.code, problem.level, problem.action) == (code, level, "correct")
    assert problem.place is not None
    assert problem.place.path == field
    assert (problem.fields["field"], problem.fields["portal_field"]) == (field, portal_field)
    assert field in problem.en
    assert portal_field in problem.vi
    assert problem.office == ("H42.12" if field == "unit.name" else "Sở Khoa học và Công nghệ (H42.12)")


def test_missing_channel_is_no_problem() -> None:
    """A dossier without a channel counts as direct."""
    assert check_dossier(dossier(channel="")) == ()


def test_value_in_a_wrong_field_is_not_shown() -> None:
    """An identity number that slipped into a code stays hidden; a short code is shown."""
    (hidden,), (shown,) = check_dossier(dossier(status="000000000001")), check_dossier(dossier(status="99"))
    assert "000000000001" not in str(hidden)
    assert "is 99," in shown.en


def test_unit_without_name_and_code_leaves_the_office_open() -> None:
    """No office is invented."""
    assert {problem.office for problem in check_dossier(dossier(unit=Unit(code=" ", name="")))} == {None}
