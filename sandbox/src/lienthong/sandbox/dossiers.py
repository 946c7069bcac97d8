"""The dossiers of the simulated one-door system: its local record, and a generator of invented ones.

Field names are those of the local system (they stand in its WSDL), and the fields are declared in the order of the wire.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lienthong.sandbox.times import VIETNAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The department that handles a dossier."""

    ma: str
    ten: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """One fee; `hinh_thuc_thu` is 1 at acceptance, 2 at supplement, 4 at return; `gia` is in đồng."""

    ten: str
    ma: str
    hinh_thuc_thu: str
    gia: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper handed in, and how many copies."""

    ten: str
    so_luong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of handling, with the status that it led to."""

    nguoi_xu_ly: str
    chuc_danh: str | None = None
    phong_ban: str | None = None
    noi_dung: str
    thoi_diem: datetime
    trang_thai: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneDoorDossier:
    """A dossier as the local system keeps it. Moments carry their zone."""

    ma_ho_so: str
    ma_tthc: str
    ten_tthc: str
    ma_linh_vuc: str
    ten_linh_vuc: str
    kenh_thuc_hien: str
    chu_ho_so: str
    loai_doi_tuong: str
    so_giay_to: str | None = None
    so_dien_thoai: str | None = None
    email: str | None = None
    trich_yeu: str | None = None
    ngay_nop: datetime | None
    ngay_tiep_nhan: datetime | None
    ngay_hen_tra: datetime | None
    ngay_tra: datetime | None = None
    ngay_ket_thuc_xu_ly: datetime | None = None
    trang_thai: str
    hinh_thuc: str
    don_vi_xu_ly: Unit
    le_phi: tuple[Fee, ...] = ()
    giay_to: tuple[Paper, ...] = ()
    qua_trinh: tuple[Step, ...] = ()
    cap_nhat_luc: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedDefect:
    """A dossier that is wrong on purpose: which one, in which local field, what is wrong, and who must mend it."""

    ma_ho_so: str
    field: str
    what: str
    don_vi_xu_ly: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSet:
    """Dossiers to start with, and which of them are wrong on purpose."""

    dossiers: tuple[OneDoorDossier, ...]
    defects: tuple[PlantedDefect, ...] = ()


NUMBER_WITHOUT_ACCEPTANCE_DATE = 57
NUMBER_WITH_UNKNOWN_SUBJECT = 143

_SCIENCE = Unit(ma="H42.12", ten="Sở Khoa học và Công nghệ")
_CONSTRUCTION = Unit(ma="H42.13", ten="Sở Xây dựng")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Procedure:
    unit: Unit
    code: str
    name: str
    field_code: str
    field_name: str
    fees: tuple[Fee, ...] = ()
    papers: tuple[str, ...]


_PROCEDURES = (
    _Procedure(
        unit=_SCIENCE,
        code="1.005129",
        name="Cấp giấy chứng nhận đăng ký hoạt động của tổ chức khoa học và công nghệ",
        field_code="G06-HD",
        field_name="Hoạt động khoa học và công nghệ",
        fees=(Fee(ten="Phí thẩm định", ma="PTD01", hinh_thuc_thu="1", gia=Decimal(3000000)),),
        papers=("Đơn đăng ký", "Quyết định thành lập"),
    ),
    _Procedure(
        unit=_SCIENCE,
        code="2.000635",
        name="Khai báo thiết bị X-quang chẩn đoán trong y tế",
        field_code="G06-BX",
        field_name="An toàn bức xạ và hạt nhân",
        papers=("Phiếu khai báo",),
    ),
    _Procedure(
        unit=_SCIENCE,
        code="3.000181.000.00.00.H42",
        name="Đăng ký kết quả thực hiện nhiệm vụ khoa học và công nghệ cấp tỉnh",
        field_code="G06-TT",
        field_name="Thông tin khoa học và công nghệ",
        papers=("Phiếu đăng ký", "Báo cáo tổng hợp", "Văn bản nghiệm thu"),
    ),
    _Procedure(
        unit=_CONSTRUCTION,
        code="1.009994",
        name="Cấp giấy phép xây dựng mới đối với công trình cấp đặc biệt, cấp I, cấp II",
        field_code="G17-XD",
        field_name="Hoạt động xây dựng",
        fees=(Fee(ten="Lệ phí cấp giấy phép xây dựng", ma="LPXD", hinh_thuc_thu="4", gia=Decimal(150000)),),
        papers=("Đơn đề nghị cấp giấy phép xây dựng", "Bản vẽ thiết kế"),
    ),
    _Procedure(
        unit=_CONSTRUCTION,
        code="2.002492",
        name="Cấp chứng chỉ hành nghề hoạt động xây dựng hạng II",
        field_code="G17-CC",
        field_name="Chứng chỉ hành nghề xây dựng",
        fees=(
            Fee(ten="Lệ phí cấp chứng chỉ", ma="LPCC", hinh_thuc_thu="1", gia=Decimal(300000)),
            Fee(ten="Phí sát hạch", ma="PSH", hinh_thuc_thu="2", gia=Decimal("450000.50")),
        ),
        papers=("Đơn đề nghị", "Bản kê khai kinh nghiệm"),
    ),
)

_CITIZENS = ("Nguyễn Văn Thử", "Trần Thị Ví Dụ", "Lê Văn Mẫu", "Phạm Thị Giả Định", "Hoàng Văn Minh Họa", "Đỗ Thị Tưởng Tượng")
_BUSINESSES = ("Công ty TNHH Ví Dụ", "Công ty Cổ phần Giả Định & Cộng sự", "Doanh nghiệp tư nhân Thử Nghiệm")
_OFFICES = ("Ủy ban nhân dân xã Ví Dụ", "Trung tâm Thử Nghiệm")
_OFFICERS = ("Vũ Thị Mẫu", "Bùi Văn Thử", "Ngô Thị Ví Dụ")

# Statuses 1 and 3 are left out: such a dossier was never accepted, so it has no acceptance date, and the portal wants one.
_STATUSES = ("2", "4", "4", "4", "5", "6", "7", "8", "9", "10", "10", "10")
_STEPS = {
    "2": ("Tiếp nhận hồ sơ",),
    "4": ("Tiếp nhận hồ sơ", "Thẩm định hồ sơ"),
    "5": ("Tiếp nhận hồ sơ", "Yêu cầu bổ sung giấy tờ"),
    "6": ("Tiếp nhận hồ sơ", "Yêu cầu nộp phí, lệ phí"),
    "7": ("Tiếp nhận hồ sơ", "Ghi nhận yêu cầu rút hồ sơ"),
    "8": ("Tiếp nhận hồ sơ", "Thẩm định hồ sơ", "Dừng xử lý"),
    "9": ("Tiếp nhận hồ sơ", "Thẩm định hồ sơ", "Ký duyệt kết quả"),
    "10": ("Tiếp nhận hồ sơ", "Ký duyệt kết quả", "Trả kết quả"),
}
_FIRST_FILED = datetime(2026, 11, 2, 7, 30, tzinfo=VIETNAM)
_FIRST_CHANGE = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)


def generate_dossiers(count: int = 200, bad: int = 2, seed: int = 42, unit: str = "H42.12") -> DossierSet:
    """Return invented dossiers, the same ones for the same arguments.

    Every tenth number is in the style before QĐ 20/2020; three dossiers in a row share the moment of their last change,
    so that a reader that pages by that moment is put to the test.

    Args:
        count: How many; numbered from 1.
        bad: How many defects to plant, at most 2: number 57 is being handled but has no acceptance date, number 143 has
            a kind of subject that is not on the list. A number above `count` is not planted.
        seed: Of the pseudo-random choices.
        unit: Code of the unit that hands out the dossier numbers.
    """
    if not 0 <= bad <= 2:  # noqa: PLR2004 - there are two kinds of defect
        raise ValueError(f"bad must be 0, 1 or 2, not {bad}")
    choices = random.Random(seed)  # noqa: S311 - invented data, not secrets
    planted = (NUMBER_WITHOUT_ACCEPTANCE_DATE, NUMBER_WITH_UNKNOWN_SUBJECT)[:bad]
    dossiers: list[OneDoorDossier] = []
    defects: list[PlantedDefect] = []
    for number in range(1, count + 1):
        dossier = _dossier(number, choices, unit, planted)
        dossiers.append(dossier)
        if number in planted:
            defects.append(_defect(number, dossier))
    return DossierSet(dossiers=tuple(dossiers), defects=tuple(defects))


def _defect(number: int, dossier: OneDoorDossier) -> PlantedDefect:
    field, what = {
        NUMBER_WITHOUT_ACCEPTANCE_DATE: ("ngay_tiep_nhan", "không có ngày tiếp nhận"),
        NUMBER_WITH_UNKNOWN_SUBJECT: ("loai_doi_tuong", "loại đối tượng 9 không có trong danh mục"),
    }[number]
    return PlantedDefect(ma_ho_so=dossier.ma_ho_so, field=field, what=what, don_vi_xu_ly=dossier.don_vi_xu_ly)


def _dossier(number: int, choices: random.Random, unit: str, planted: Sequence[int]) -> OneDoorDossier:
    procedure = _PROCEDURES[number % len(_PROCEDURES)]
    status = choices.choice(_STATUSES)
    subject = choices.choice(("1", "1", "1", "2", "2", "4"))
    channel = choices.choice(("1", "2", "2", "3"))
    owner = choices.choice({"1": _CITIZENS, "2": _BUSINESSES, "4": _OFFICES}[subject])
    filed = _FIRST_FILED + timedelta(minutes=61 * number)
    accepted = filed + timedelta(minutes=choices.randint(5, 240))
    if number in planted and number == NUMBER_WITHOUT_ACCEPTANCE_DATE:
        status = "4"
    if number in planted and number == NUMBER_WITH_UNKNOWN_SUBJECT:
        subject = "9"
    steps = _steps(status, accepted, choices)
    ended = steps[-1].thoi_diem if status in {"7", "8", "9", "10"} else None
    return OneDoorDossier(
        ma_ho_so=_number(unit, filed, number),
        ma_tthc=procedure.code,
        ten_tthc=procedure.name,
        ma_linh_vuc=procedure.field_code,
        ten_linh_vuc=procedure.field_name,
        kenh_thuc_hien=channel,
        chu_ho_so=owner,
        loai_doi_tuong=subject,
        so_giay_to=f"{number:012d}" if subject == "1" else None,
        so_dien_thoai=f"{number:010d}" if channel == "2" else None,
        email=f"nguoi-nop-{number}@example.invalid" if channel == "2" else None,
        trich_yeu=f"{procedure.name} - {owner} (dữ liệu giả số {number})",
        ngay_nop=filed,
        ngay_tiep_nhan=None if number in planted and number == NUMBER_WITHOUT_ACCEPTANCE_DATE else accepted,
        ngay_hen_tra=None if status == "5" else accepted + timedelta(days=15),
        ngay_tra=ended if status == "10" else None,
        ngay_ket_thuc_xu_ly=ended,
        trang_thai=status,
        hinh_thuc="1" if channel == "3" else "0",
        don_vi_xu_ly=procedure.unit,
        le_phi=procedure.fees,
        giay_to=tuple(Paper(ten=name, so_luong=choices.randint(1, 3)) for name in procedure.papers),
        qua_trinh=steps,
        cap_nhat_luc=_FIRST_CHANGE + timedelta(minutes=(number - 1) // 3),
    )


def _steps(status: str, accepted: datetime, choices: random.Random) -> tuple[Step, ...]:
    contents = _STEPS[status]
    steps = []
    for index, content in enumerate(contents):
        last = index == len(contents) - 1
        reached = status if last else ("2" if index == 0 else "4")
        if status == "10" and not last and index > 0:
            reached = "9"
        steps.append(
            Step(
                nguoi_xu_ly=choices.choice(_OFFICERS),
                chuc_danh="Chuyên viên" if index == 0 else None,
                phong_ban="Bộ phận Tiếp nhận và Trả kết quả" if index == 0 else "Phòng chuyên môn",
                noi_dung=content,
                thoi_diem=accepted + timedelta(hours=26 * index),
                trang_thai=reached,
            )
        )
    return tuple(steps)


def _number(unit: str, filed: datetime, number: int) -> str:
    if number % 10:
        return f"{unit}-{filed:%Y%m%d}-{number:07d}"
    levels = [*reversed(unit.split(".")[1:])]
    padded = ["000", "00", "00"][: 3 - len(levels)] + levels
    return f"{'.'.join([*padded, unit.split('.', maxsplit=1)[0]])}-{filed:%y%m%d}-{number:04d}"
