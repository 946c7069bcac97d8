"""The simulated service portal over its wire."""

import json
from typing import Any

import pytest

from lienthong.sandbox import DEFAULT, OneDoorDossier, Sandbox, SandboxOptions, generate_dossiers
from lienthong.sandbox.portal_rules import dossier_fault, progress_fault

DOSSIER: dict[str, Any] = {
    "MaHoSo": "H42.12-20261120-0000001",
    "MaTTHC": "1.005129",
    "TenTTHC": "Cấp giấy chứng nhận",
    "MaLinhVuc": "G06-HD",
    "TenLinhVuc": "Hoạt động khoa học và công nghệ",
    "KenhThucHien": "2",
    "LoaiDoiTuong": "1",
    "NgayTiepNhan": "20261120083000",
    "NgayHenTra": "",
    "TrangThaiHoSo": "4",
    "HinhThuc": "0",
    "DonViXuLy": "Sở Khoa học và Công nghệ",
    "DanhSachLePhi": [{"TenPhiLePhi": "Phí thẩm định", "Gia": "3000000"}],
}
PROGRESS = {"MaHoSo": DOSSIER["MaHoSo"], "NguoiXuLy": "Vũ Thị Mẫu", "ThoiDiemXuLy": "20261120090000", "TrangThai": "4"}


def test_dossier_is_inserted_then_updated_then_gets_progress(sandbox: Sandbox, portal: Any) -> None:
    """The whole life of a dossier at the portal, with what the portal keeps of it."""
    session = portal.session()
    assert portal.call(session, "TraCuuHoSo", mahoso=DOSSIER["MaHoSo"])["result"] == []
    inserted = portal.call(session, "DongBoHoSoMC", isUpdating="False", data=[DOSSIER])
    assert inserted["error_code"] == "0"
    assert "thành công" in inserted["message"]
    assert portal.call(session, "DongBoHoSoMC", isUpdating="True", data=[DOSSIER | {"TrangThaiHoSo": "9"}])["error_code"] == "0"
    assert portal.call(session, "CapNhatTienDoHoSoMC", data=[PROGRESS, PROGRESS])["error_code"] == 0
    assert portal.call(session, "TraCuuHoSo", mahoso=DOSSIER["MaHoSo"])["result"] == [{"MaHoSo": DOSSIER["MaHoSo"], "TrangThaiHoSo": "9"}]
    kept = sandbox.portal.dossier(DOSSIER["MaHoSo"])
    assert kept is not None
    assert (kept.updates, kept.progress) == (1, (PROGRESS, PROGRESS))
    assert kept.fields == DOSSIER | {"TrangThaiHoSo": "9"}
    assert sandbox.portal.calls() == {"login": 1, "TraCuuHoSo": 2, "DongBoHoSoMC": 2, "CapNhatTienDoHoSoMC": 1}


def test_insert_of_an_existing_and_update_of_an_unknown_dossier_are_told_apart(portal: Any) -> None:
    """The message says which of the two it is; the whole batch is refused."""
    session = portal.session()
    unknown = portal.call(session, "DongBoHoSoMC", isUpdating="True", data=[DOSSIER])
    assert (unknown["error_code"], "không tồn tại" in unknown["message"]) == ("-3", True)
    portal.call(session, "DongBoHoSoMC", isUpdating="False", data=[DOSSIER])
    other = DOSSIER | {"MaHoSo": "H42.12-20261120-0000002"}
    existing = portal.call(session, "DongBoHoSoMC", isUpdating="False", data=[other, DOSSIER])
    assert (existing["error_code"], "đã tồn tại" in existing["message"]) == ("3", True)
    assert DOSSIER["MaHoSo"] in existing["message"]
    assert portal.call(session, "TraCuuHoSo", mahoso=other["MaHoSo"])["result"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"NgayTiepNhan": ""}, "NgayTiepNhan"),
        ({"LoaiDoiTuong": "9"}, "LoaiDoiTuong"),
        ({"TrangThaiHoSo": 4}, "TrangThaiHoSo"),
        ({"TrangThaiHoSo": "11"}, "TrangThaiHoSo"),
        ({"HinhThuc": "2"}, "HinhThuc"),
        ({"DonViXuLy": " "}, "DonViXuLy"),
        ({"NgayTiepNhan": "2026-11-20T08:30:00"}, "NgayTiepNhan"),
        ({"NgayHenTra": "20261345000000"}, "NgayHenTra"),
        ({"NgayTra": None}, "NgayTra"),
        ({"DanhSachLePhi": "Phí"}, "DanhSachLePhi"),
        ({"TrichYeuHoSo": "x" * 1001}, "TrichYeuHoSo"),
    ],
)
def test_one_bad_record_refuses_the_batch_and_is_named(portal: Any, change: dict[str, Any], field: str) -> None:
    """The message names the first bad record and its field, and nothing of the batch is kept."""
    session = portal.session()
    bad = DOSSIER | {"MaHoSo": "H42.12-20261120-0000002"} | change
    reply = portal.call(session, "DongBoHoSoMC", isUpdating="False", data=[DOSSIER, bad])
    assert reply["error_code"] == "1"
    assert "H42.12-20261120-0000002" in reply["message"]
    assert field in reply["message"]
    assert portal.call(session, "TraCuuHoSo", mahoso=DOSSIER["MaHoSo"])["result"] == []


def test_is_updating_must_be_the_capitalised_text(portal: Any) -> None:
    """A JSON boolean, or another spelling, is refused."""
    session = portal.session()
    for value in (False, "false", None):
        assert portal.call(session, "DongBoHoSoMC", isUpdating=value, data=[DOSSIER])["error_code"] == "1"
    assert portal.call(session, "DongBoHoSoMC", isUpdating="False", data=[DOSSIER, DOSSIER])["error_code"] == "1"
    assert portal.call(session, "DongBoHoSoMC", isUpdating="False", data=[])["error_code"] == "1"


def test_progress_needs_its_dossier_and_at_most_ten_rows(portal: Any) -> None:
    """Progress of a dossier that never arrived is refused, and so is an eleventh row."""
    session = portal.session()
    assert "không tồn tại" in portal.call(session, "CapNhatTienDoHoSoMC", data=[PROGRESS])["message"]
    portal.call(session, "DongBoHoSoMC", isUpdating="False", data=[DOSSIER])
    assert portal.call(session, "CapNhatTienDoHoSoMC", data=[PROGRESS] * 11)["error_code"] == 1
    assert portal.call(session, "CapNhatTienDoHoSoMC", data=[PROGRESS | {"NguoiXuLy": "x" * 51}])["error_code"] == 1
    assert portal.call(session, "CapNhatTienDoHoSoMC", data=[PROGRESS] * 10)["error_code"] == 0


def test_wrong_login_session_unit_or_service_is_refused(portal: Any, sandbox: Sandbox) -> None:
    """Each is refused with a message of its own, and no session is given away."""
    wrong = portal.login("wrong")
    assert wrong["error_code"] == 1
    assert "session" not in wrong
    assert portal.call("made-up", "TraCuuHoSo", mahoso="x")["error_code"] == "-1"
    session = portal.session()
    body = {"session": session, "madonvi": "H99", "service": "TraCuuHoSo", "mahoso": "x"}
    assert "Mã đơn vị" in portal.post("integration", body)["message"]
    assert portal.call(session, "LayThuTuc", maTTHC="1.005129")["error_code"] == 1
    assert portal.post("share", {"session": session, "madonvi": "H42", "service": "TraCuuHoSo"})["error_code"] == "1"
    login = {"username": DEFAULT.portal_account.username, "password": DEFAULT.portal_account.password}
    without_destination = portal.pool.request("POST", f"{sandbox.portal_url}/login", json=login, retries=False)
    assert "dstcode" in json.loads(without_destination.data)["message"]
    no_json = portal.pool.request("POST", f"{sandbox.portal_url}/login", body=b"{", headers={"dstcode": "x"}, retries=False)
    assert json.loads(no_json.data)["error_code"] == 1


def test_session_ends_after_its_calls_its_time_or_on_demand(make_portal_client: Any) -> None:
    """An ended session is refused with -1 until the next login."""
    with Sandbox(SandboxOptions(portal_session_calls=2)) as sandbox:
        client = make_portal_client(sandbox)
        session = client.session()
        codes = [client.call(session, "TraCuuHoSo", mahoso="x")["error_code"] for _ in range(3)]
        assert codes == ["0", "0", "-1"]
        session = client.session()
        sandbox.portal.end_sessions()
        assert client.call(session, "TraCuuHoSo", mahoso="x")["error_code"] == "-1"
    with Sandbox(SandboxOptions(portal_session_seconds=0.0, portal_codes="integer")) as sandbox:
        client = make_portal_client(sandbox)
        assert client.call(client.session(), "TraCuuHoSo", mahoso="x")["error_code"] == -1


def test_portal_takes_every_generated_dossier_but_the_two_planted_ones() -> None:
    """What the one-door system holds fits what the portal demands, field by field, but where it is wrong on purpose."""
    generated = generate_dossiers()
    faults = {dossier.ma_ho_so: fault for dossier in generated.dossiers if (fault := dossier_fault(_mapped(dossier)))}
    first, second = generated.defects
    assert faults == {first.ma_ho_so: "NgayTiepNhan bắt buộc", second.ma_ho_so: "LoaiDoiTuong không có trong danh mục"}
    for dossier in generated.dossiers:
        for step in dossier.qua_trinh:
            row = {
                "MaHoSo": dossier.ma_ho_so,
                "NguoiXuLy": step.nguoi_xu_ly,
                "ThoiDiemXuLy": f"{step.thoi_diem:%Y%m%d%H%M%S}",
                "TrangThai": step.trang_thai,
            }
            assert progress_fault(row) is None


def _mapped(dossier: OneDoorDossier) -> dict[str, str]:
    return {
        "MaHoSo": dossier.ma_ho_so,
        "MaTTHC": dossier.ma_tthc,
        "TenTTHC": dossier.ten_tthc,
        "MaLinhVuc": dossier.ma_linh_vuc,
        "TenLinhVuc": dossier.ten_linh_vuc,
        "KenhThucHien": dossier.kenh_thuc_hien,
        "LoaiDoiTuong": dossier.loai_doi_tuong,
        "TrichYeuHoSo": dossier.trich_yeu or "",
        "NgayTiepNhan": f"{dossier.ngay_tiep_nhan:%Y%m%d%H%M%S}" if dossier.ngay_tiep_nhan else "",
        "TrangThaiHoSo": dossier.trang_thai,
        "HinhThuc": dossier.hinh_thuc,
        "DonViXuLy": dossier.don_vi_xu_ly.ten,
    }
