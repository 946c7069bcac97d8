"""Dossiers from the one-door system to the portal, on both databases, over the sandbox."""

from __future__ import annotations

import pytest

from lienthong.core.errors import Transient
from lienthong.sandbox import Fault, Sandbox
from lienthong.sdk import Exchange, queries


def synchronise(exchange: Exchange) -> int:
    done = 0
    while True:
        report = exchange.run("dossiers-up")
        done += report.done
        if not report.more:
            return done


def test_good_dossiers_arrive_and_bad_ones_come_back_named_with_field_and_office(sandbox: Sandbox, province: Exchange) -> None:
    """198 of 200 arrive; each of the other two names its field and the office that must mend it."""
    assert synchronise(province) == 198
    assert len(sandbox.portal.dossiers()) == 198
    invalid = queries.dossiers(province.ledger, "dossiers-up", state="invalid")
    assert [line.number for line in invalid] == sorted(defect.ma_ho_so for defect in sandbox.one_door.defects)
    for line, defect in zip(invalid, sandbox.one_door.defects, strict=True):
        assert line.office == defect.don_vi_xu_ly.ten
        [problem] = [problem for problem in line.problems if problem.level == "error"]
        assert defect.don_vi_xu_ly.ten in (problem.office or "")
        assert problem.place is not None


def test_mended_dossier_arrives_with_the_next_run(sandbox: Sandbox, province: Exchange) -> None:
    """What its office has mended is seen as changed and goes its way."""
    synchronise(province)
    number = sandbox.one_door.defects[1].ma_ho_so
    assert sandbox.portal.dossier(number) is None
    sandbox.one_door.mend(number, {"loai_doi_tuong": "1"})
    assert synchronise(province) == 1
    assert sandbox.portal.dossier(number) is not None
    assert [line.revision for line in queries.dossiers(province.ledger, "dossiers-up") if line.number == number] == [2]


def test_progress_follows_only_for_accepted_dossiers_and_each_step_once(sandbox: Sandbox, province: Exchange) -> None:
    """Every accepted dossier's steps are at the portal exactly once, also after a second run."""
    synchronise(province)
    synchronise(province)
    for number, dossier in sandbox.portal.dossiers().items():
        local = sandbox.one_door.dossier(number)
        assert local is not None
        assert len(dossier.progress) == len(local.qua_trinh)


def test_changed_dossier_is_updated_not_inserted_again(sandbox: Sandbox, province: Exchange) -> None:
    """The acknowledged insert in the ledger decides that a later push is an update."""
    synchronise(province)
    number = next(iter(sandbox.portal.dossiers()))
    sandbox.one_door.mend(number, {"trich_yeu": "Nội dung đã sửa"})
    assert synchronise(province) == 1
    changed = sandbox.portal.dossier(number)
    assert changed is not None
    assert changed.updates == 1


def test_push_without_an_answer_leaves_dossiers_uncertain(sandbox: Sandbox, province: Exchange) -> None:
    """What may have arrived is held, and not sent again by itself."""
    sandbox.faults.add(Fault(operation="DongBoHoSoMC", fault="drop-before-reply"))
    report = province.run("dossiers-up")
    assert report.uncertain == 10
    synchronise(province)
    assert len(queries.dossiers(province.ledger, "dossiers-up", state="uncertain")) == 10
    assert len(sandbox.portal.dossiers()) == 198


def test_unreachable_portal_is_an_error_and_the_dossiers_wait(sandbox: Sandbox, province: Exchange, clock: object) -> None:
    """What was pulled is kept; it is pushed when the portal is back."""
    sandbox.faults.add(Fault(operation="login", fault="http-500-html", times=50))
    with pytest.raises(Transient):
        province.run("dossiers-up")
    sandbox.faults.clear()
    clock.turn(hours=1)
    assert synchronise(province) == 198


def test_dry_run_counts_and_changes_nothing(sandbox: Sandbox, province: Exchange) -> None:
    """A dry run tells what a run would find, without storing or sending."""
    report = province.run("dossiers-up", dry_run=True)
    assert report.waiting > 0
    assert queries.dossiers(province.ledger, "dossiers-up") == []
    assert sandbox.portal.dossiers() == {}
