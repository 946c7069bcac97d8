"""The simulated one-door system, called by zeep as a client would."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import zeep
from zeep.exceptions import Fault

from lienthong.sandbox import DEFAULT, OneDoorState, Sandbox, generate_dossiers

ACCOUNT = {"Header": {"User": DEFAULT.one_door_account.user, "Password": DEFAULT.one_door_account.password}}


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    """A strict zeep client made from the served WSDL alone."""
    client = zeep.Client(sandbox.one_door_wsdl_url)  # type: ignore[no-untyped-call]
    yield client
    client.transport.session.close()


def _pages(client: Any, size: int, **more: Any) -> list[Any]:
    found: list[Any] = []
    page = 1
    while True:
        reply = client.service.GetListHoSo(so_trang=page, so_ban_ghi_tren_trang=size, _soapheaders=ACCOUNT, **more)
        found += reply.ho_so
        if not reply.ho_so:
            assert len(found) == reply.tong_so
            return found
        page += 1


def test_all_dossiers_come_in_pages_by_time_of_change(client: Any) -> None:
    """Pages of any size join to the whole list, ordered by change and number, each dossier once."""
    dossiers = _pages(client, 67)
    keys = [(dossier.cap_nhat_luc, dossier.ma_ho_so) for dossier in dossiers]
    assert len(keys) == 200
    assert keys == sorted(set(keys))
    assert keys[0][0].utcoffset() == timedelta(hours=7)


def test_changes_since_a_moment_include_that_moment(client: Any) -> None:
    """Dossiers that share the moment are all told."""
    all_dossiers = _pages(client, 500)
    since = all_dossiers[100].cap_nhat_luc
    expected = [dossier.ma_ho_so for dossier in all_dossiers if dossier.cap_nhat_luc >= since]
    assert [dossier.ma_ho_so for dossier in _pages(client, 50, cap_nhat_tu=since)] == expected
    utc = since.astimezone(tz=None)
    assert [dossier.ma_ho_so for dossier in _pages(client, 50, cap_nhat_tu=utc)] == expected


def test_one_dossier_is_typed_as_the_wsdl_says(client: Any, sandbox: Sandbox) -> None:
    """Dates, decimals, numbers and lists arrive as such, one-element and empty lists included; nil is None."""
    generated = sandbox.options.dossiers.dossiers
    for number in range(5):
        dossier = generated[number]
        got = client.service.GetInfoHoSo(ma_ho_so=dossier.ma_ho_so, _soapheaders=ACCOUNT)
        assert got.ngay_tiep_nhan == dossier.ngay_tiep_nhan
        assert got.don_vi_xu_ly.ten == dossier.don_vi_xu_ly.ten
        assert [(fee.ten, fee.gia) for fee in got.le_phi] == [(fee.ten, fee.gia) for fee in dossier.le_phi]
        assert [paper.so_luong for paper in got.giay_to] == [paper.so_luong for paper in dossier.giay_to]
        assert [step.thoi_diem for step in got.qua_trinh] == [step.thoi_diem for step in dossier.qua_trinh]
        assert got.qua_trinh[-1].trang_thai == dossier.trang_thai == got.trang_thai
    assert {len(dossier.le_phi) for dossier in generated} == {0, 1, 2}
    assert {len(dossier.qua_trinh) for dossier in generated} == {1, 2, 3}
    assert any(fee.gia == Decimal("450000.50") for dossier in generated for fee in dossier.le_phi)


def test_planted_defects_are_what_they_are_said_to_be(client: Any, sandbox: Sandbox) -> None:
    """Two dossiers of two offices are wrong: one without acceptance date, one with an unknown kind of subject."""
    dated, subject = sandbox.one_door.defects
    assert (dated.field, dated.don_vi_xu_ly.ma) == ("ngay_tiep_nhan", "H42.12")
    assert (subject.field, subject.don_vi_xu_ly.ma) == ("loai_doi_tuong", "H42.13")
    first = client.service.GetInfoHoSo(ma_ho_so=dated.ma_ho_so, _soapheaders=ACCOUNT)
    assert (first.ngay_tiep_nhan, first.trang_thai) == (None, "4")
    assert client.service.GetInfoHoSo(ma_ho_so=subject.ma_ho_so, _soapheaders=ACCOUNT).loai_doi_tuong == "9"
    wrong = {dated.ma_ho_so, subject.ma_ho_so}
    for dossier in sandbox.options.dossiers.dossiers:
        assert (dossier.ngay_tiep_nhan is None or dossier.loai_doi_tuong not in "1234") == (dossier.ma_ho_so in wrong)


def test_wrong_account_page_or_number_is_a_fault(client: Any) -> None:
    """What can't be answered is a SOAP fault with a sentence."""
    wrong = {"Header": {"User": "lienthong", "Password": "wrong"}}
    with pytest.raises(Fault, match="Sai tài khoản"):
        client.service.GetListHoSo(so_trang=1, so_ban_ghi_tren_trang=10, _soapheaders=wrong)
    with pytest.raises(Fault, match="so_trang"):
        client.service.GetListHoSo(so_trang=0, so_ban_ghi_tren_trang=10, _soapheaders=ACCOUNT)
    with pytest.raises(Fault, match="so_ban_ghi_tren_trang"):
        client.service.GetListHoSo(so_trang=1, so_ban_ghi_tren_trang=501, _soapheaders=ACCOUNT)
    with pytest.raises(Fault, match="Không có hồ sơ X"):
        client.service.GetInfoHoSo(ma_ho_so="X", _soapheaders=ACCOUNT)


@pytest.mark.parametrize("body", [b"not xml", b"<!DOCTYPE a><a/>", b"<a/>"])
def test_what_is_no_soap_message_is_a_fault(sandbox: Sandbox, pool: Any, body: bytes) -> None:
    """Also a message that can't be read gets a SOAP fault, with status 500."""
    reply = pool.request("POST", f"{sandbox.base_url}/one-door", body=body, retries=False)
    assert reply.status == 500
    assert b"<faultcode>soap:Client</faultcode>" in reply.data


def test_mended_dossier_is_told_to_whoever_asks_for_changes(client: Any, sandbox: Sandbox) -> None:
    """A mended dossier moves to the end of the list, after everything that was read before."""
    last = _pages(client, 500)[-1].cap_nhat_luc
    (number, field) = (sandbox.one_door.defects[0].ma_ho_so, sandbox.one_door.defects[0].field)
    sandbox.one_door.mend(number, {field: "2026-11-04T09:00:00"})
    (*_, mended) = _pages(client, 500, cap_nhat_tu=last)
    assert mended.ma_ho_so == number
    assert mended.cap_nhat_luc > last
    assert mended.ngay_tiep_nhan == datetime.fromisoformat("2026-11-04T09:00:00+07:00")
    assert len(_pages(client, 500)) == 200


def test_mending_what_does_not_exist_changes_nothing() -> None:
    """Unknown dossiers, unknown fields and values that don't fit are refused."""
    state = OneDoorState(generate_dossiers(3))
    number = generate_dossiers(3).dossiers[0].ma_ho_so
    with pytest.raises(KeyError):
        state.mend("X", {"trang_thai": "4"})
    wrong: tuple[tuple[str, object], ...] = (
        ("le_phi", []),
        ("cap_nhat_luc", "2026-11-20"),
        ("trang_thai", None),
        ("ngay_nop", "hôm qua"),
        ("ma_ho_so", "X"),
    )
    for field, value in wrong:
        with pytest.raises(ValueError):  # noqa: PT011 - each has its own sentence
            state.mend(number, {field: value})
    assert state.dossier(number) == generate_dossiers(3).dossiers[0]


def test_generated_dossiers_are_the_same_for_the_same_seed() -> None:
    """Generation is deterministic; both styles of number occur and none twice."""
    assert generate_dossiers() == generate_dossiers()
    assert generate_dossiers(seed=1) != generate_dossiers(seed=2)
    dossiers = generate_dossiers().dossiers
    styles = Counter(dossier.ma_ho_so.partition("-")[0] for dossier in dossiers)
    assert styles == {"H42.12": 180, "000.00.12.H42": 20}
    assert len({dossier.ma_ho_so for dossier in dossiers}) == 200
    assert generate_dossiers(bad=0).defects == ()
    assert generate_dossiers(60).defects == generate_dossiers(200, bad=1).defects
    with pytest.raises(ValueError, match="bad"):
        generate_dossiers(bad=3)
