"""The admin surface, the faults, and the server itself."""

import json
from typing import Any

import pytest
import urllib3

from lienthong.sandbox import Fault, Sandbox, SandboxOptions


def _admin(sandbox: Sandbox, pool: urllib3.PoolManager, method: str, path: str, body: object = None) -> tuple[int, Any]:
    reply = pool.request(method, f"{sandbox.base_url}/_sandbox/{path}", json=body, retries=False)
    return reply.status, json.loads(reply.data)


def test_state_shows_what_happened_on_all_wires(sandbox: Sandbox, h42: Any, g22: Any, portal: Any, document: Any) -> None:
    """Another process sees packets with their fate, counts of the portal, and the planted defects."""
    pool = h42.pool
    packet = document("G22")
    doc_id = h42.send(packet)["DocId"]
    h42.send(document("X99"))
    g22.call("getEdoc", {"docId": doc_id})
    portal.session()
    status, state = _admin(sandbox, pool, "GET", "state")
    assert status == 200
    (row,) = state["axis"]["packets"]
    assert (row["docId"], row["from"], row["to"], row["messageType"], row["size"]) == (doc_id, "H42.12", ["G22"], "edoc", len(packet))
    assert row["centres"] == {"00.00.G22": {"status": "initial", "fetched": 1, "confirmed": 0}}
    assert row["signature"]["result"] == "none"
    assert state["axis"]["refusals"] == {"sendEdoc 18": 1}
    assert state["portal"]["calls"] == {"login": 1}
    assert (state["portal"]["dossier_count"], state["one_door"]["dossier_count"]) == (0, 200)
    assert [defect["field"] for defect in state["one_door"]["defects"]] == ["ngay_tiep_nhan", "loai_doi_tuong"]
    raw = pool.request("GET", f"{sandbox.base_url}/_sandbox/axis/packets/{doc_id}")
    assert raw.data == packet
    assert _admin(sandbox, pool, "GET", "axis/packets/none")[0] == 404


def test_organisations_and_dossiers_can_be_changed_over_http(sandbox: Sandbox, h42: Any, pool: Any, document: Any) -> None:
    """The demo registers organisations and has an office mend a record; what can't be is refused with its reason."""
    organisation = {"systemId": "00.00.G22", "code": "G30", "name": "Cơ quan Thử Nghiệm", "oldCode": "000.00.00.G30"}
    assert _admin(sandbox, pool, "POST", "axis/organisations", organisation)[0] == 201
    assert h42.send(document("000.00.00.G30"))["ErrorCode"] == "0"
    assert _admin(sandbox, pool, "POST", "axis/organisations", organisation | {"systemId": "nowhere"})[0] == 400
    assert _admin(sandbox, pool, "POST", "axis/organisations", [])[0] == 400

    defect = sandbox.one_door.defects[1]
    status, mended = _admin(sandbox, pool, "POST", f"one-door/dossiers/{defect.ma_ho_so}", {defect.field: "2"})
    assert (status, mended["loai_doi_tuong"]) == (200, "2")
    assert _admin(sandbox, pool, "GET", f"one-door/dossiers/{defect.ma_ho_so}") == (200, mended)
    assert _admin(sandbox, pool, "POST", f"one-door/dossiers/{defect.ma_ho_so}", {"no_field": "2"})[0] == 400
    assert _admin(sandbox, pool, "POST", "one-door/dossiers/X", {"trang_thai": "2"})[0] == 404
    assert _admin(sandbox, pool, "GET", "portal/dossiers/X")[0] == 404


@pytest.mark.parametrize(("kind", "kept"), [("drop-before-reply", 1), ("drop-before-processing", 0)])
def test_dropped_connection_says_nothing_about_what_was_done(sandbox: Sandbox, h42: Any, document: Any, kind: Any, kept: int) -> None:
    """The client sees the same cut in both cases; only the axis knows whether it kept the packet. The next call works."""
    sandbox.faults.add(Fault(operation="sendEdoc", fault=kind))
    with pytest.raises(urllib3.exceptions.ProtocolError):
        h42.send(document("G22"))
    assert len(sandbox.axis.packets()) == kept
    assert sandbox.faults.pending() == ()
    assert h42.send(document("G22"))["status"] == "OK"


@pytest.mark.parametrize(("kind", "status"), [("http-500-html", 500), ("html-200", 200)])
def test_html_page_comes_instead_of_a_reply(sandbox: Sandbox, h42: Any, pool: Any, kind: str, status: int) -> None:
    """A page is answered as often as ordered, and nothing is carried out."""
    ordered = {"operation": "getReceivedEdocList", "fault": kind, "times": 2}
    assert _admin(sandbox, pool, "POST", "faults", ordered)[0] == 201
    for _ in range(2):
        reply = h42.raw("getReceivedEdocList", {"messagetype": "edoc"})
        assert (reply.status, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert h42.received() == []
    assert sandbox.axis.calls() == {"getReceivedEdocList": 1}


def test_delayed_call_is_carried_out_although_the_client_gives_up(sandbox: Sandbox, h42: Any, pool: Any, document: Any) -> None:
    """A client that doesn't wait can't conclude that nothing happened."""
    sandbox.faults.add(Fault(operation="sendEdoc", fault="delay", seconds=0.4))
    impatient = type(h42)(h42.url, h42.system_id, h42.secret, urllib3.PoolManager(timeout=0.1))
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        impatient.send(document("G22"))
    impatient.pool.clear()
    assert len(sandbox.axis.packets()) == 1


@pytest.mark.parametrize("operation", ["login", "DongBoHoSoMC", "GetListHoSo"])
def test_faults_reach_every_wire(sandbox: Sandbox, pool: Any, operation: str) -> None:
    """Portal services and SOAP operations fail by the same names as on the wire."""
    sandbox.faults.add(Fault(operation=operation, fault="drop-before-reply"))
    soap = b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><GetListHoSo xmlns="urn:lienthong:one-door:1"/></Body></Envelope>'
    url, body = {
        "login": ("/portal/login", b"{}"),
        "DongBoHoSoMC": ("/portal/integration", b'{"service": "DongBoHoSoMC"}'),
        "GetListHoSo": ("/one-door", soap),
    }[operation]
    with pytest.raises(urllib3.exceptions.ProtocolError):
        pool.request("POST", sandbox.base_url + url, body=body, retries=False)


def test_fault_that_does_not_exist_is_refused(sandbox: Sandbox, pool: Any) -> None:
    """Only the five kinds can be ordered, at least once."""
    for bad in ({"operation": "sendEdoc", "fault": "explode"}, {"fault": "delay"}, {"operation": "x", "fault": "delay", "times": 0}):
        status, reply = _admin(sandbox, pool, "POST", "faults", bad)
        assert (status, "problem" in reply) == (400, True)


def test_taken_port_is_an_error_and_a_free_one_is_found(sandbox: Sandbox) -> None:
    """Two sandboxes run side by side on free ports; a taken one is said at the start."""
    with Sandbox() as second:
        assert second.base_url != sandbox.base_url
    with pytest.raises(OSError, match="in use"):
        Sandbox(port=int(sandbox.base_url.rpartition(":")[2])).start()


def test_secrets_are_not_shown() -> None:
    """No secret or password stands in the options' text."""
    assert "sandbox-secret" not in repr(SandboxOptions())
    assert "password=" not in repr(SandboxOptions())


def test_sandbox_writes_nothing_unless_asked(pool: urllib3.PoolManager, capfd: pytest.CaptureFixture[str], caplog: Any) -> None:
    """Requests, refusals and cut connections are the sandbox's work, not its failures."""
    with Sandbox() as sandbox:
        sandbox.faults.add(Fault(operation="getEdoc", fault="drop-before-reply"))
        with pytest.raises(urllib3.exceptions.ProtocolError):
            pool.request("POST", f"{sandbox.axis_url}/getEdoc", retries=False)
        assert pool.request("POST", f"{sandbox.axis_url}/getEdoc", retries=False).json()["ErrorCode"] == "15"
    assert (*capfd.readouterr(), [record for record in caplog.records if record.name.startswith("uvicorn")]) == ("", "", [])


def test_stopped_sandbox_refuses_connections_and_keeps_its_states(pool: urllib3.PoolManager, h42: Any, document: Any) -> None:
    """After the end nothing listens any more, and what arrived can still be inspected."""
    with Sandbox() as sandbox:
        type(h42)(sandbox.axis_url, h42.system_id, h42.secret, pool).send(document("G22"))
    with pytest.raises(urllib3.exceptions.HTTPError):
        pool.request("GET", sandbox.one_door_wsdl_url, retries=False)
    assert len(sandbox.axis.packets()) == 1
    sandbox.stop()
