"""The wire of generation 1 against the simulated portal, over real HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from lienthong.connectors.errors import AnswerUnclear, AnswerUnusable, CredentialsRejected, RemoteRefused
from lienthong.connectors.port import Checks, Lookup, Outcome, Sink
from lienthong.connectors.service_portal import PortalRecord, ServicePortalSettings
from lienthong.connectors.service_portal.errors import (
    DossierExists,
    DossierTimeWithoutZone,
    DossierUnknown,
    ProgressIncomplete,
    ServiceMissing,
)
from lienthong.core.http import AddressForbidden, ConnectFailed, ConnectionCut, TimedOutAfterSending
from lienthong.sandbox import Fault, Sandbox, SandboxOptions
from lienthong.schemas.dossier import DossierProgress, DossierRevision, Unit

from .conftest import Connect, dossier, step


def new(number: int, **more: Any) -> DossierRevision:
    return DossierRevision(dossier(number, **more), known=False)


def known(number: int, **more: Any) -> DossierRevision:
    return DossierRevision(dossier(number, **more), known=True)


def progress(number: int, steps: int = 1) -> DossierProgress:
    return DossierProgress(dossier(number).number, tuple(step() for _ in range(steps)))


def states(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.state for outcome in outcomes]


def codes(outcomes: Sequence[Outcome]) -> list[str | None]:
    return [outcome.problem.code if outcome.problem else None for outcome in outcomes]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_batch_is_one_call_and_everything_arrives(sandbox: Sandbox, connect: Connect) -> None:
    """Neighbours of one kind share a call; what arrives is what was sent."""
    outcomes = connect(sandbox.portal_url).push([new(number) for number in range(1, 11)])
    assert states(outcomes) == ["done"] * 10
    assert sandbox.portal.calls() == {"login": 1, "DongBoHoSoMC": 1}
    stored = sandbox.portal.dossier(dossier(3).number)
    assert stored is not None
    assert stored.fields["ChuHoSo"] == "Nguyễn Văn Thử"


def test_wire_is_a_sink_and_a_lookup(sandbox: Sandbox, connect: Connect) -> None:
    """What the connector can do is which protocols it implements."""
    wire = connect(sandbox.portal_url)
    assert isinstance(wire, Sink)
    assert isinstance(wire, Lookup)
    assert isinstance(wire, Checks)
    assert "CapNhatTienDoHoSoMC" in wire.capabilities.operations


def test_dossier_is_checked_without_a_call(sandbox: Sandbox, connect: Connect) -> None:
    """What the portal would refuse is named beforehand, with its office."""
    wire = connect(sandbox.portal_url)
    assert wire.check_record(dossier()) == ()
    (problem,) = wire.check_record(dossier(accepted_at=None, unit=Unit(code="H42.13", name="Sở Xây dựng")))
    assert (problem.fields["portal_field"], problem.level, problem.office) == ("NgayTiepNhan", "error", "Sở Xây dựng (H42.13)")
    assert sandbox.portal.calls() == {}


def test_mixed_batch_keeps_its_order(sandbox: Sandbox, connect: Connect) -> None:
    """Inserts, updates and progress of one batch are carried out one after the other, and so are their outcomes."""
    wire = connect(sandbox.portal_url)
    batch: list[PortalRecord] = [new(1), new(2), progress(1), progress(2, 2), known(1, status="4"), new(3), progress(3)]
    assert states(wire.push(batch)) == ["done"] * 7
    assert sandbox.portal.calls() == {"login": 1, "DongBoHoSoMC": 3, "CapNhatTienDoHoSoMC": 2}
    first = sandbox.portal.dossier(dossier(1).number)
    assert first is not None
    assert (first.fields["TrangThaiHoSo"], first.updates, len(first.progress)) == ("4", 1, 1)


def test_one_bad_dossier_doesn_t_take_the_others_with_it(sandbox: Sandbox, connect: Connect) -> None:
    """The portal refuses the whole call; sent singly, nine arrive and one is named with its office."""
    batch = [new(number, **({"accepted_at": None} if number == 4 else {})) for number in range(1, 11)]
    outcomes = connect(sandbox.portal_url).push(batch)
    assert states(outcomes) == ["done"] * 3 + ["refused"] + ["done"] * 6
    problem = outcomes[3].problem
    assert problem is not None
    assert (problem.code, problem.action, problem.office) == (RemoteRefused.code, "accept", "Sở Khoa học và Công nghệ (H42.12)")
    assert "NgayTiepNhan" in problem.vi
    assert len(sandbox.portal.dossiers()) == 9


def test_dossier_that_can_t_be_written_is_refused_before_it_is_sent(sandbox: Sandbox, connect: Connect) -> None:
    """A record at fault itself doesn't take its neighbours with it either."""
    naive = datetime(2026, 11, 20, 8, 0)  # noqa: DTZ001 - that is the point
    outcomes = connect(sandbox.portal_url).push([new(1), new(2, accepted_at=naive)])
    assert states(outcomes) == ["done", "refused"]
    assert codes(outcomes)[1] == DossierTimeWithoutZone.code


def test_what_exists_already_and_what_doesn_t_have_their_own_codes(sandbox: Sandbox, connect: Connect) -> None:
    """The sdk can tell a dossier that it didn't know of from one that is wrong."""
    wire = connect(sandbox.portal_url)
    wire.push([new(1)])
    outcomes = wire.push([new(1), known(2), progress(3)])
    assert states(outcomes) == ["refused"] * 3
    assert codes(outcomes) == [DossierExists.code, DossierUnknown.code, DossierUnknown.code]


def test_progress_goes_in_calls_of_ten_rows(sandbox: Sandbox, connect: Connect) -> None:
    """No call has more than ten rows, and nothing is lost at the seams; no steps need no call."""
    wire = connect(sandbox.portal_url)
    wire.push([new(number) for number in range(1, 6)])
    steps = [4, 4, 4, 23, 0]
    outcomes = wire.push([progress(number, count) for number, count in enumerate(steps, start=1)])
    assert states(outcomes) == ["done"] * 5
    assert [len(sandbox.portal.dossiers()[dossier(number).number].progress) for number in range(1, 6)] == steps
    assert sandbox.portal.calls()["CapNhatTienDoHoSoMC"] == 1 + 1 + 3


def test_progress_that_is_refused_half_way_says_so(sandbox: Sandbox, connect: Connect) -> None:
    """Ten steps were taken; nobody should report them again."""
    wire = connect(sandbox.portal_url)
    wire.push([new(1)])
    steps = (*(step() for _ in range(10)), step("99"))
    outcomes = wire.push([DossierProgress(dossier(1).number, steps)])
    assert states(outcomes) == ["refused"]
    assert codes(outcomes) == [ProgressIncomplete.code]
    assert len(sandbox.portal.dossiers()[dossier(1).number].progress) == 10


def test_session_is_shared_and_renewed_when_it_ends(sandbox: Sandbox, connect: Connect) -> None:
    """One login serves many calls; after the session ended there is one more, and nothing is lost."""
    wire = connect(sandbox.portal_url)
    for number in range(1, 4):
        wire.push([new(number)])
    assert sandbox.portal.calls()["login"] == 1
    sandbox.portal.end_sessions()
    assert states(wire.push([new(4)])) == ["done"]
    assert sandbox.portal.calls()["login"] == 2


def test_threads_whose_session_ended_log_in_once(sandbox: Sandbox, connect: Connect) -> None:
    """Of several threads that find the session ended, one logs in for all."""
    wire = connect(sandbox.portal_url, concurrency=8)
    wire.push([new(0)])
    sandbox.portal.end_sessions()
    outcomes: list[str] = []
    threads = [threading.Thread(target=lambda number=number: outcomes.extend(states(wire.push([new(number)])))) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["done"] * 8
    assert sandbox.portal.calls()["login"] == 2


def test_portal_that_ends_sessions_all_the_time_still_works(connect: Connect) -> None:
    """Even a session for a single call is enough."""
    with Sandbox(SandboxOptions(portal_session_calls=1)) as sandbox:
        wire = connect(sandbox.portal_url)
        assert [states(wire.push([new(number)])) for number in range(3)] == [["done"]] * 3


def test_wrong_password_is_a_matter_of_the_settings(sandbox: Sandbox, connect: Connect) -> None:
    """Nothing is sent, and the password isn't shown."""
    with pytest.raises(CredentialsRejected) as caught:
        connect(sandbox.portal_url, password="wrong-password").push([new(1)])
    assert "wrong-password" not in str(caught.value.problem())
    assert sandbox.portal.dossiers() == {}


@pytest.mark.parametrize("style", ["mixed", "integer", "text"])
def test_error_code_may_be_number_or_text(connect: Connect, style: Any) -> None:
    """The portal writes it both ways."""
    with Sandbox(SandboxOptions(portal_codes=style)) as sandbox:
        outcomes = connect(sandbox.portal_url).push([new(1), new(2, status="77"), progress(1)])
    assert states(outcomes) == ["done", "refused", "done"]


def test_unreachable_portal_raises_before_anything_is_sent(connect: Connect) -> None:
    """The whole batch can simply be tried again."""
    with pytest.raises(ConnectFailed):
        connect(f"http://127.0.0.1:{closed_port()}/portal").push([new(1), new(2)])


@pytest.mark.parametrize(
    ("fault", "expected", "stored"),
    [
        ("drop-before-reply", ConnectionCut, 2),
        ("drop-before-processing", ConnectionCut, 0),
        ("http-500-html", AnswerUnclear, 0),
        ("html-200", AnswerUnclear, 0),
        ("delay", TimedOutAfterSending, 2),
    ],
)
def test_mishap_of_a_push_makes_its_records_uncertain(sandbox: Sandbox, connect: Connect, fault: Any, expected: Any, stored: int) -> None:
    """Whatever happens after the bytes left, each record says so and none is sent twice; the next group goes on."""
    wire = connect(sandbox.portal_url, timeout=0.4)
    wire.check()
    sandbox.faults.add(Fault(operation="DongBoHoSoMC", fault=fault, seconds=1))
    outcomes = wire.push([new(1), new(2), known(3)])
    assert states(outcomes) == ["uncertain", "uncertain", "refused"]
    assert codes(outcomes)[:2] == [expected.code] * 2
    assert len(sandbox.portal.dossiers()) == stored


def test_fault_in_the_middle_of_a_batch_leaves_the_rest_for_later(sandbox: Sandbox, connect: Connect) -> None:
    """What was answered keeps its outcome; what surely wasn't carried out may come again."""
    wire = connect(sandbox.portal_url)
    wire.push([new(1)])
    send = wire._send

    def then_end(records: Any) -> None:
        send(records)
        sandbox.portal.end_sessions()
        sandbox.faults.add(Fault(operation="login", fault="html-200", times=9))

    wire._send = then_end  # type: ignore[method-assign]
    outcomes = wire.push([new(2), progress(2), known(1)])
    assert states(outcomes) == ["done", "later", "later"]
    assert codes(outcomes)[1:] == [AnswerUnusable.code] * 2
    assert outcomes[1].problem is not None
    assert outcomes[1].problem.action == "retry"


def test_login_that_is_cut_is_made_again(sandbox: Sandbox, connect: Connect) -> None:
    """A login changes nothing that matters, so that it is repeated."""
    sandbox.faults.add(Fault(operation="login", fault="drop-before-reply"))
    assert states(connect(sandbox.portal_url).push([new(1)])) == ["done"]


def test_portal_can_be_asked_which_dossiers_it_has(sandbox: Sandbox, connect: Connect) -> None:
    """What is there is found; a question is repeated when it is cut."""
    wire = connect(sandbox.portal_url)
    wire.push([new(1), new(2)])
    sandbox.faults.add(Fault(operation="TraCuuHoSo", fault="drop-before-processing"))
    assert wire.look_up([dossier(2).number, dossier(9).number]) == {dossier(2).number: True}


def test_check_tells_whether_the_portal_knows_us(sandbox: Sandbox, connect: Connect) -> None:
    """A good connection is reachable; wrong password, wrong unit, wrong path and dead port are told as problems."""
    good = connect(sandbox.portal_url).check()
    assert (good.reachable, good.problem, good.detail and good.detail.vi) == (True, None, "đăng nhập và tra cứu được")
    for more, expected, reachable in (
        ({"password": "wrong"}, CredentialsRejected, False),
        ({"unit_code": "H99"}, RemoteRefused, True),
        ({"integration_endpoint": "/nowhere"}, ServiceMissing, False),
        ({"endpoint": f"http://127.0.0.1:{closed_port()}"}, ConnectFailed, False),
    ):
        health = connect(sandbox.portal_url, **more).check()
        assert health.problem is not None
        assert (health.problem.code, health.reachable) == (expected.code, reachable)
    assert sandbox.portal.dossiers() == {}


def test_public_address_without_tls_is_refused_without_sending(connect: Connect) -> None:
    """The session would travel in the clear."""
    with pytest.raises(AddressForbidden):
        connect("http://203.0.113.9/portal").push([new(1)])


@pytest.mark.parametrize("change", [{"wire": "G2"}, {"password": "plain-text-secret"}, {"auth_endpoint": "login"}, {"dstcode": "Đ"}])
def test_wrong_settings_are_refused_without_showing_values(change: dict[str, Any]) -> None:
    """Only what is built is accepted, and a password by reference only."""
    good = {
        "kind": "service_portal",
        "wire": "G1",
        "endpoint": "https://x",
        "auth_endpoint": "/login",
        "integration_endpoint": "/integration",
        "dstcode": "x",
        "unit_code": "H42",
        "username": "h42",
        "password": "env:X",
    }
    ServicePortalSettings.model_validate(good)
    with pytest.raises(ValidationError) as caught:
        ServicePortalSettings.model_validate({**good, **change})
    assert "plain-text-secret" not in str(caught.value)
