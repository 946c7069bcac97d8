"""Dossiers out of the simulated one-door system, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from lienthong.connectors import Context, Cursor, Record, Source
from lienthong.connectors.errors import AnswerUnusable, RemoteRefused
from lienthong.connectors.one_door import connector_type
from lienthong.connectors.one_door.wire_soap import OneDoorRecord, OneDoorSoap
from lienthong.connectors.service_portal.dossier_rules import check_dossier
from lienthong.core.errors import Problem, Words
from lienthong.core.http import ConnectFailed
from lienthong.sandbox import DossierSet, Fault, Sandbox, SandboxOptions, generate_dossiers
from lienthong.schemas.dossier import Dossier
from lienthong.schemas.mapping import load_mapping

MAP = Path(__file__).resolve().parents[3] / "examples/maps/one-door.yaml"
ACCOUNT = {"username": "lienthong", "password": "file:password"}
Open = Callable[..., OneDoorSoap]


@pytest.fixture
def open_source(tmp_path: Path) -> Iterator[Open]:
    """Opens connections to a sandbox and closes them."""
    opened: list[OneDoorSoap] = []

    def open_it(sandbox: Sandbox, **changes: Any) -> OneDoorSoap:
        (tmp_path / "password").write_text(sandbox.options.one_door_account.password)
        values = {
            "kind": "one_door",
            "wire": "soap",
            "wsdl": sandbox.one_door_wsdl_url,
            "transport": "trusted-network",
            **ACCOUNT,
            **changes,
        }
        settings = connector_type.settings.model_validate(values, context={"folder": tmp_path})
        source = connector_type.open(settings, Context(name="one-door", folder=tmp_path))
        opened.append(cast("OneDoorSoap", source))
        return opened[-1]

    yield open_it
    for source in opened:
        source.close()


def drain(source: OneDoorSoap, cursor: Cursor | None, *, limit: int) -> tuple[list[Record[OneDoorRecord]], Cursor | None]:
    """Read until an empty page comes, and return the records and the last cursor."""
    got: list[Record[OneDoorRecord]] = []
    while (page := source.changes(cursor, limit=limit)).items:
        assert len(page.items) <= limit
        assert page.next is not None
        got += page.items
        cursor = page.next
    assert page.next is None
    return got, cursor


@pytest.mark.parametrize("limit", [1, 7, 60, 500])
def test_every_dossier_comes_once_whatever_the_page(sandbox: Sandbox, open_source: Open, limit: int) -> None:
    """Three dossiers share each moment, so that every page border falls between equals sooner or later."""
    source = open_source(sandbox)
    assert isinstance(source, Source)
    records, cursor = drain(source, None, limit=limit)
    assert len(records) == 200
    assert {record.key for record in records} == {dossier.ma_ho_so for dossier in sandbox.options.dossiers.dossiers}
    assert source.changes(cursor, limit=limit).items == ()


def test_dossiers_arrive_as_our_own_and_the_two_bad_ones_are_named(sandbox: Sandbox, open_source: Open) -> None:
    """XML, JSON, mapping, check: 198 are good, two name field and office, and a mended one comes again and is good."""
    source = open_source(sandbox)
    mapping = load_mapping(MAP, target=Dossier)
    records, cursor = drain(source, None, limit=100)
    found = {}
    for number, record in enumerate(records, 1):
        assert isinstance(record.value, dict)
        dossier = mapping.apply(record.value, record_number=number)
        assert dossier.number == record.key
        if problems := [problem for problem in check_dossier(dossier) if problem.level == "error"]:
            (problem,) = problems
            found[dossier.number] = (problem.fields["portal_field"], problem.office)
    planted = sandbox.options.dossiers.defects
    expected = {"ngay_tiep_nhan": "NgayTiepNhan", "loai_doi_tuong": "LoaiDoiTuong"}
    assert found == {
        defect.ma_ho_so: (expected[defect.field], f"{defect.don_vi_xu_ly.ten} ({defect.don_vi_xu_ly.ma})") for defect in planted
    }

    sandbox.one_door.mend(planted[0].ma_ho_so, {"ngay_tiep_nhan": "2026-11-05T08:00:00"})
    (again,), _ = drain(source, cursor, limit=100)
    assert again.key == planted[0].ma_ho_so
    assert isinstance(again.value, dict)
    assert check_dossier(mapping.apply(again.value)) == ()


def test_values_are_what_the_system_holds(sandbox: Sandbox, open_source: Open) -> None:
    """Fees to the last digit, nil as null, times with their offset, lists as lists."""
    records, _ = drain(open_source(sandbox), None, limit=200)
    for record in records:
        dossier = sandbox.one_door.dossier(record.key)
        assert dossier is not None
        value = cast("dict[str, Any]", record.value)
        assert [fee["gia"] for fee in value["le_phi"]] == [str(fee.gia) for fee in dossier.le_phi]
        assert [paper["so_luong"] for paper in value["giay_to"]] == [paper.so_luong for paper in dossier.giay_to]
        assert value["cap_nhat_luc"] == dossier.cap_nhat_luc.isoformat()
        assert value["ngay_hen_tra"] == (dossier.ngay_hen_tra and dossier.ngay_hen_tra.isoformat())
        assert ("so_giay_to" in value) == (dossier.so_giay_to is not None)
        assert len(value["qua_trinh"]) == len(dossier.qua_trinh)


def test_changes_while_paging_lose_nothing(sandbox: Sandbox, open_source: Open) -> None:
    """Dossiers that change between two pages leave their place, and all the others still come."""
    source = open_source(sandbox)
    got: set[str] = set()
    cursor: Cursor | None = None
    turn = 0
    numbers = [dossier.ma_ho_so for dossier in sandbox.options.dossiers.dossiers]
    while (page := source.changes(cursor, limit=11)).items:
        got.update(record.key for record in page.items)
        cursor = page.next
        if turn < 10:
            sandbox.one_door.mend(numbers[turn], {"trich_yeu": f"lần {turn}"})
        turn += 1
    assert got == set(numbers)


def test_cursor_of_another_wire_means_the_beginning(sandbox: Sandbox, open_source: Open, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody has to mend a stored position: everything comes again, and the log says why."""
    source = open_source(sandbox)
    assert source.changes("page=3", limit=5) == source.changes(None, limit=5)
    assert caplog.text.count("one_door.cursor_unreadable") == 1


def test_many_dossiers_of_one_moment_are_read_by_pages(open_source: Open) -> None:
    """As after an import that stamps all with the same second; the system gives at most so many at once."""
    start = generate_dossiers(130, bad=0)
    moment = start.dossiers[0].cap_nhat_luc
    same = tuple(replace(dossier, cap_nhat_luc=moment) for dossier in start.dossiers[:120])
    later = tuple(replace(dossier, cap_nhat_luc=moment + timedelta(seconds=1)) for dossier in start.dossiers[120:])
    with Sandbox(SandboxOptions(dossiers=DossierSet(dossiers=same + later))) as sandbox:
        records, _ = drain(open_source(sandbox, page_size=20), None, limit=20)
    assert len(records) == len({record.key for record in records}) == 130


def test_record_that_slips_over_a_page_border_is_not_lost(open_source: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read dossier leaves an earlier page between two questions, so that an unread one is on neither page."""
    start = generate_dossiers(40, bad=0)
    moment = start.dossiers[0].cap_nhat_luc
    dossiers = tuple(
        replace(dossier, cap_nhat_luc=moment if index < 35 else moment + timedelta(seconds=1))
        for index, dossier in enumerate(start.dossiers)
    )
    with Sandbox(SandboxOptions(dossiers=DossierSet(dossiers=dossiers))) as sandbox:
        source = open_source(sandbox, page_size=20)
        first = source.changes(None, limit=20)
        assert len(first.items) == 20
        state, changed = sandbox.one_door, sandbox.one_door.changed
        moved = iter([first.items[0].key])

        def changed_meanwhile(since: datetime | None, offset: int, size: int) -> object:
            if offset == 20 and (number := next(moved, None)):
                state.mend(number, {"trich_yeu": "đổi giữa hai trang"})
            return changed(since, offset, size)

        monkeypatch.setattr(state, "changed", changed_meanwhile)
        rest, _ = drain(source, first.next, limit=20)
    assert next(moved, None) is None
    assert {record.key for record in (*first.items, *rest)} == {dossier.ma_ho_so for dossier in dossiers}


def test_record_that_breaks_the_wsdl_is_a_problem_and_holds_up_nobody(open_source: Open, tmp_path: Path) -> None:
    """It comes with its number, place and office; what the WSDL doesn't promise isn't guessed."""
    with Sandbox(SandboxOptions(dossiers=generate_dossiers(5, bad=0))) as sandbox:
        number = sandbox.options.dossiers.dossiers[2].ma_ho_so
        from importlib.resources import files  # noqa: PLC0415

        # A WSDL that allows dossiers of the two channels that the others have, and not of this one's kind of mark.
        text = files("lienthong.sandbox").joinpath("one_door.wsdl").read_text(encoding="utf-8")
        sandbox.one_door.mend(number, {"hinh_thuc": "BAD-VALUE"})
        text = text.replace('name="hinh_thuc" type="xsd:string"', 'name="hinh_thuc" type="xsd:int"')
        (tmp_path / "one-door.wsdl").write_text(text, encoding="utf-8")
        source = open_source(sandbox, wsdl="one-door.wsdl", endpoint=f"{sandbox.base_url}/one-door")
        records, cursor = drain(source, None, limit=100)
        assert len(records) == 5
        bad = [record for record in records if isinstance(record.value, Problem)]
        assert [record.key for record in bad] == [number]
        problem = cast("Problem", bad[0].value)
        unit = sandbox.options.dossiers.dossiers[2].don_vi_xu_ly
        assert problem.code == "LT-CONVERT-010"
        assert problem.office == f"{unit.ten} ({unit.ma})"
        assert problem.place is not None
        assert str(problem.place.path).endswith("/hinh_thuc")
        assert problem.place.record == 5
        assert "BAD-VALUE" not in str(problem)
        assert source.changes(cursor, limit=10).items == ()


def test_check_tells_good_from_bad(sandbox: Sandbox, open_source: Open, tmp_path: Path) -> None:
    """It asks for one dossier and raises nothing of ours."""
    good = open_source(sandbox).check()
    assert (good.reachable, good.detail) == (True, Words("200 dossiers are listed", "có 200 hồ sơ trong danh sách"))
    rejected = open_source(sandbox, username="somebody").check()
    assert not rejected.reachable
    assert rejected.problem is not None
    nowhere = open_source(sandbox, wsdl="http://127.0.0.1:1/one-door?wsdl").check()
    assert nowhere.problem is not None
    assert nowhere.problem.code == ConnectFailed.code
    assert open_source(sandbox, wsdl="none.wsdl").check().problem is not None


def test_refusal_carries_the_systems_words(sandbox: Sandbox, open_source: Open) -> None:
    """A fault of the kind Client is a refusal."""
    with pytest.raises(RemoteRefused, match="Sai tài khoản"):
        open_source(sandbox, username="somebody").changes(None, limit=1)


@pytest.mark.parametrize("kind", ["http-500-html", "html-200"])
def test_page_of_a_web_server_is_no_answer(sandbox: Sandbox, open_source: Open, kind: Any) -> None:
    """It may be asked again, and then it answers."""
    source = open_source(sandbox)
    sandbox.faults.add(Fault(operation="GetListHoSo", fault=kind))
    with pytest.raises(AnswerUnusable):
        source.changes(None, limit=5)
    assert len(source.changes(None, limit=5).items) == 5


def test_cut_connection_is_asked_again(sandbox: Sandbox, open_source: Open) -> None:
    """Listing changes nothing, so that it is simply repeated."""
    sandbox.faults.add(Fault(operation="GetListHoSo", fault="drop-before-reply"))
    assert len(open_source(sandbox).changes(None, limit=5).items) == 5
