"""The wire of family A against the simulated axis, over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lienthong.connectors.context import Context
from lienthong.connectors.document_axis import DocumentAxisSettings, connector_type
from lienthong.connectors.document_axis.errors import OperationMissing, PacketTooLarge, PacketUnfit, ParameterUnfit, SenderNotRegistered
from lienthong.connectors.errors import (
    AnswerUnclear,
    AnswerUnusable,
    CredentialsRejected,
    RecipientClosed,
    RemoteBusy,
    RemoteRefused,
    UnknownRecipient,
)
from lienthong.connectors.port import Lookup, Outcome, Receiver, Sender, SentLookup, Waiting
from lienthong.core.blob import Blob
from lienthong.core.errors import ConfigurationError, LienthongError, Transient, Uncertain, Words
from lienthong.core.http import ConnectFailed, ConnectionCut, TimedOutAfterSending
from lienthong.sandbox import DEFAULT, Fault, Sandbox, SandboxOptions, SandboxOrganisation

from .conftest import G22, H42, Connect, packet, parcel

DONE = Outcome(state="done")


def fetched(wire: Receiver, item: Waiting) -> bytes:
    into = io.BytesIO()
    wire.fetch(item, into)
    return into.getvalue()


def test_packet_travels_unchanged_from_centre_to_centre(sandbox: Sandbox, connect: Connect) -> None:
    """What one centre sends the other lists, fetches byte for byte, confirms, and isn't given again."""
    content = packet(padding=200_000)
    receipt = connect(sandbox.axis_url).send(parcel(content))
    receiver = connect(sandbox.axis_url, G22)
    page = receiver.pending(None, limit=10)
    assert page.next is None
    assert [(item.remote_id, item.kind, item.sender) for item in page.items] == [(receipt.remote_id, "document", "H42.12")]
    assert hashlib.sha256(fetched(receiver, page.items[0])).digest() == hashlib.sha256(content).digest()
    receiver.confirm(page.items[0], DONE)
    receiver.confirm(page.items[0], DONE)
    assert receiver.pending(None, limit=10).items == ()


def test_wire_is_sender_receiver_and_lookup_but_cannot_be_asked_what_was_sent(sandbox: Sandbox, connect: Connect) -> None:
    """What the connector can do is which protocols it implements."""
    wire = connect(sandbox.axis_url)
    assert isinstance(wire, Sender)
    assert isinstance(wire, Receiver)
    assert isinstance(wire, Lookup)
    assert not isinstance(wire, SentLookup)
    assert wire.capabilities.preserves == "bytes"
    assert "sendEdoc" in wire.capabilities.operations


@pytest.mark.parametrize("compat", [{}, {"hash_file": "unpadded"}, {"append_crlf": True}, {"hash_file": "unpadded", "append_crlf": True}])
def test_compat_switches_don_t_change_the_packet(sandbox: Sandbox, connect: Connect, compat: dict[str, Any]) -> None:
    """However the hash is written and whether CR LF follows, the same bytes arrive."""
    content = packet()
    doc_id = connect(sandbox.axis_url, **compat).send(parcel(content)).remote_id
    stored = sandbox.axis.packet(str(doc_id))
    assert stored is not None
    assert stored.content == content


def test_documents_come_before_statuses_and_each_packet_once(sandbox: Sandbox, connect: Connect) -> None:
    """A packet for two departments of one centre has two rows at the axis and is listed once."""
    sender = connect(sandbox.axis_url, G22)
    sender.send(parcel(packet(sender="G22", to=("H42.12",), status="03"), sender="G22", kind="status"))
    sender.send(parcel(packet(sender="G22", to=("H42.12", "H42.13")), sender="G22"))
    items = connect(sandbox.axis_url).pending(None, limit=10).items
    assert [(item.kind, item.sender) for item in items] == [("document", "G22"), ("status", "G22")]


def test_flood_of_documents_leaves_room_for_statuses(sandbox: Sandbox, connect: Connect) -> None:
    """A page that is too small for all is shared; the limit holds."""
    sender = connect(sandbox.axis_url, G22)
    for number in range(5):
        sender.send(parcel(packet(sender="G22", to=("H42",), number=str(number)), sender="G22"))
        sender.send(parcel(packet(sender="G22", to=("H42",), number=str(number), status="01"), sender="G22", kind="status"))
    receiver = connect(sandbox.axis_url)

    def kinds(limit: int) -> list[str]:
        return [item.kind for item in receiver.pending(None, limit=limit).items]

    assert kinds(4) == ["document"] * 2 + ["status"] * 2
    assert kinds(1) == ["document"]
    assert kinds(9) == ["document"] * 5 + ["status"] * 4
    assert kinds(50) == ["document"] * 5 + ["status"] * 5


@pytest.mark.parametrize("state", ["refused", "later", "uncertain"])
def test_packet_that_is_not_ours_yet_is_left_waiting(sandbox: Sandbox, connect: Connect, state: Any) -> None:
    """Only an outcome that is done is told to the axis."""
    connect(sandbox.axis_url).send(parcel(packet()))
    receiver = connect(sandbox.axis_url, G22)
    item = receiver.pending(None, limit=1).items[0]
    receiver.confirm(item, Outcome(state=state))
    assert "updateStatus" not in sandbox.axis.calls()
    assert receiver.pending(None, limit=1).items == (item,)


def test_organisations_are_found_by_new_or_old_code(sandbox: Sandbox, connect: Connect) -> None:
    """The directory answers by either code; what it doesn't have is absent."""
    found = connect(sandbox.axis_url).look_up(["H42.12", "000.00.00.G22", "H99"])
    assert set(found) == {"H42.12", "000.00.00.G22"}
    assert found["H42.12"].name == "Sở Khoa học và Công nghệ"
    assert (found["000.00.00.G22"].code, found["000.00.00.G22"].old_code) == ("G22", "000.00.00.G22")


def test_check_tells_whether_the_axis_knows_us(sandbox: Sandbox, connect: Connect) -> None:
    """A good connection is reachable; a wrong secret or a dead port is told as a problem, not raised."""
    good = connect(sandbox.axis_url).check()
    assert (good.reachable, good.detail) == (True, Words("0 status packets wait", "0 gói trạng thái đang chờ"))
    wrong = connect(sandbox.axis_url, secret="another").check()
    assert not wrong.reachable
    assert wrong.problem is not None
    assert (wrong.problem.code, wrong.problem.action) == (CredentialsRejected.code, "configure")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    dead = connect(f"http://127.0.0.1:{port}/axis").check()
    assert dead.problem is not None
    assert dead.problem.code == ConnectFailed.code


@pytest.mark.parametrize(
    ("content", "sender", "recipients", "expected"),
    [
        (packet(to=("H99",)), "H42.12", ("H99",), UnknownRecipient),
        (packet(to=("H77",)), "H42.12", ("H77",), RecipientClosed),
        (packet(sender="G22"), "G22", ("G22",), SenderNotRegistered),
        (b"<not-edxml/>", "H42.12", ("G22",), PacketUnfit),
        (b"", "H42.12", ("G22",), PacketUnfit),
        (packet(), "H42.Đ", ("G22",), ParameterUnfit),
    ],
    ids=["unknown recipient", "locked recipient", "foreign sender", "no packet", "empty", "sender not ASCII"],
)
def test_refusal_of_the_axis_becomes_its_error(
    connect: Connect, content: bytes, sender: str, recipients: tuple[str, ...], expected: type[LienthongError]
) -> None:
    """What is refused says who must act, and nothing of it is stored."""
    locked = SandboxOrganisation(code="H77", name="Đơn vị đã khóa", locked=True)
    centres = (DEFAULT.centres[0], DEFAULT.centres[1].__class__(system_id="00.77.W00", secret="x", organisations=(locked,)), G22)
    with Sandbox(SandboxOptions(centres=centres)) as sandbox:
        with pytest.raises(expected) as caught:
            connect(sandbox.axis_url).send(parcel(content, sender=sender, recipients=recipients))
        assert sandbox.axis.packets() == ()
    if expected in (UnknownRecipient, RecipientClosed):
        assert recipients[0] in str(caught.value)


def test_unknown_docid_is_refused(sandbox: Sandbox, connect: Connect) -> None:
    """The axis doesn't give what isn't ours."""
    with pytest.raises(RemoteRefused):
        fetched(connect(sandbox.axis_url), Waiting(remote_id="no-such-id", kind="document"))


def test_packet_above_the_limit_is_not_fetched(sandbox: Sandbox, connect: Connect) -> None:
    """The size is never trusted: the limit counts what is decoded."""
    connect(sandbox.axis_url).send(parcel(packet(padding=5_000)))
    receiver = connect(sandbox.axis_url, G22, max_packet_bytes=3_000)
    with pytest.raises(PacketTooLarge):
        fetched(receiver, receiver.pending(None, limit=1).items[0])


@pytest.mark.parametrize(
    ("fault", "expected", "stored"),
    [
        ("drop-before-reply", ConnectionCut, 1),
        ("drop-before-processing", ConnectionCut, 0),
        ("http-500-html", AnswerUnclear, 0),
        ("html-200", AnswerUnclear, 0),
        ("delay", TimedOutAfterSending, 1),
    ],
)
def test_mishap_of_a_send_is_uncertain_and_not_repeated(
    sandbox: Sandbox, connect: Connect, fault: Any, expected: type[Uncertain], stored: int
) -> None:
    """Whatever happens after the bytes left, the wire says that it doesn't know and sends nothing twice."""
    wire = connect(sandbox.axis_url, timeout=0.4)
    wire.check()
    sandbox.faults.add(Fault(operation="sendEdoc", fault=fault, seconds=1))
    with pytest.raises(expected):
        wire.send(parcel(packet()))
    assert len(sandbox.axis.packets()) == stored


@pytest.mark.parametrize("fault", ["drop-before-reply", "drop-before-processing"])
@pytest.mark.parametrize("operation", ["getReceivedEdocList", "getEdoc", "updateStatus"])
def test_cut_of_a_question_is_repeated(sandbox: Sandbox, connect: Connect, fault: Any, operation: str) -> None:
    """Listing, fetching and confirming outlive a cut connection unnoticed."""
    content = packet()
    connect(sandbox.axis_url).send(parcel(content))
    receiver = connect(sandbox.axis_url, G22)
    sandbox.faults.add(Fault(operation=operation, fault=fault))
    item = receiver.pending(None, limit=1).items[0]
    assert fetched(receiver, item) == content
    receiver.confirm(item, DONE)
    assert receiver.pending(None, limit=1).items == ()


@pytest.mark.parametrize("fault", ["http-500-html", "html-200"])
@pytest.mark.parametrize("operation", ["getReceivedEdocList", "getEdoc", "updateStatus"])
def test_error_page_is_no_empty_inbox(sandbox: Sandbox, connect: Connect, fault: Any, operation: str) -> None:
    """An outage is told as one, and can be tried again."""
    connect(sandbox.axis_url).send(parcel(packet()))
    receiver = connect(sandbox.axis_url, G22)
    item = receiver.pending(None, limit=1).items[0]
    sandbox.faults.add(Fault(operation=operation, fault=fault))
    calls: dict[str, Callable[[], object]] = {
        "getReceivedEdocList": lambda: receiver.pending(None, limit=1),
        "getEdoc": lambda: fetched(receiver, item),
        "updateStatus": lambda: receiver.confirm(item, DONE),
    }
    with pytest.raises(AnswerUnusable):
        calls[operation]()


def reply(body: str, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply('{"status":"OK","ErrorCode":0,"DocId":"d1"}'), None),
        (reply('{"status":"OK","ErrorCode":"0","DocId":17}'), None),
        (reply('{"status":"OK","ErrorCode":"0","ErrorDesc":"","DocId":""}'), AnswerUnclear),
        (reply('{"status":"OK","ErrorCode":"0"}'), AnswerUnclear),
        (reply('{"status":"FAIL","ErrorCode":"0","DocId":"d1"}'), AnswerUnclear),
        (reply('{"status":"OK","ErrorCode":"0","DocId":"d1"}', "500 Error"), AnswerUnclear),
        (reply('{"status":"OK","DocId":"d1"}'), AnswerUnclear),
        (reply('["OK"]'), AnswerUnclear),
        (reply('{"status":"OK","ErrorCo'), AnswerUnclear),
        (reply('{"status":"OK","ErrorCode":"18","ErrorDesc":null,"DocId":""}'), UnknownRecipient),
        (reply('{"status":"FAIL","ErrorCode":20,"ErrorDesc":"x"}', "500 Error"), AnswerUnclear),
        (reply('{"status":"FAIL","ErrorCode":"77","ErrorDesc":"x"}'), RemoteRefused),
        (reply("<html>", "404 Not Found"), OperationMissing),
        (reply("<html>", "401 Unauthorized"), CredentialsRejected),
        (reply("<html>", "413 Too Large"), PacketUnfit),
        (reply("<html>", "408 Timeout"), AnswerUnclear),
        (reply("<html>", "502 Bad Gateway"), AnswerUnclear),
    ],
)
def test_reply_to_a_send_is_judged_by_all_that_it_says(
    connect: Connect, scripted: Callable[[bytes], str], answer: bytes, expected: type[LienthongError] | None
) -> None:
    """Only OK, code 0 and a DocId together are a receipt."""
    wire = connect(scripted(answer))
    if expected is None:
        assert wire.send(parcel(packet())).remote_id in {"d1", "17"}
        return
    with pytest.raises(expected):
        wire.send(parcel(packet()))


@pytest.mark.parametrize(
    "body",
    [
        '{"status":"OK","ErrorCode":"0"}',
        '{"status":"OK","ErrorCode":"0","data":""}',
        '{"status":"OK","ErrorCode":"0","data":null}',
        '{"status":"OK","ErrorCode":"0","data":"QUJ"}',
        '{"data":"QUJD"}',
    ],
)
def test_reply_without_a_packet_is_no_packet(connect: Connect, scripted: Callable[[bytes], str], body: str) -> None:
    """An OK that brings no whole packet is asked again later."""
    with pytest.raises(AnswerUnusable):
        fetched(connect(scripted(reply(body))), Waiting(remote_id="d1", kind="document"))


def test_failure_after_the_data_is_noticed(connect: Connect, scripted: Callable[[bytes], str]) -> None:
    """A code that comes after the packet's text still counts."""
    body = json.dumps({"data": base64.b64encode(b"half").decode(), "status": "FAIL", "ErrorCode": "20"})
    with pytest.raises(RemoteBusy):
        fetched(connect(scripted(reply(body))), Waiting(remote_id="d1", kind="document"))


def test_row_without_docid_doesn_t_block_the_others(
    connect: Connect, scripted: Callable[[bytes], str], caplog: pytest.LogCaptureFixture
) -> None:
    """A row that can't be fetched is logged and left out; numbers do as ids."""
    rows = '[{"from":"H1"},{"docId":5,"from":"H2"},{"docId":null}]'
    page = connect(scripted(reply(f'{{"status":"OK","ErrorCode":"0","data":{rows}}}'))).pending(None, limit=1)
    assert [(item.remote_id, item.sender) for item in page.items] == [("5", "H2")]
    assert "axis.row_without_id" in caplog.text


@pytest.mark.parametrize("data", ["null", "{}", '["d1"]', '"d1"'])
def test_list_of_another_shape_is_no_empty_inbox(connect: Connect, scripted: Callable[[bytes], str], data: str) -> None:
    """Only a list of objects is a list."""
    with pytest.raises(AnswerUnusable):
        connect(scripted(reply(f'{{"status":"OK","ErrorCode":"0","data":{data}}}'))).pending(None, limit=1)


def test_unreachable_axis_is_surely_not_sent(connect: Connect) -> None:
    """Nobody listening means nothing sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Transient):
        connect(f"http://127.0.0.1:{port}/axis").send(parcel(packet()))


def test_many_threads_share_one_connection_object(sandbox: Sandbox, connect: Connect) -> None:
    """Sends of several threads get their own receipts."""
    wire = connect(sandbox.axis_url)
    ids: list[str] = []

    def work(number: int) -> None:
        ids.extend(str(wire.send(parcel(packet(number=f"{number}-{turn}"))).remote_id) for turn in range(5))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 30
    assert set(ids) == {stored.doc_id for stored in sandbox.axis.packets()}


def test_large_packet_is_sent_from_its_file(sandbox: Sandbox, connect: Connect, tmp_path: Path) -> None:
    """A packet on disk is streamed and arrives whole."""
    path = tmp_path / "packet.edxml"
    path.write_bytes(packet(padding=9_000_000))
    sent = parcel(b"")
    sent = type(sent)(id="1", kind="document", sender="H42.12", recipients=("G22",), key="k", packet=Blob.of_file(path))
    doc_id = connect(sandbox.axis_url).send(sent).remote_id
    stored = sandbox.axis.packet(str(doc_id))
    assert stored is not None
    assert stored.sha256 == sent.packet.sha256


def test_missing_secret_is_a_matter_of_the_settings(sandbox: Sandbox, tmp_path: Path) -> None:
    """The secret is read at use, and its absence named by its reference."""
    settings = DocumentAxisSettings.model_validate(
        {
            "kind": "document_axis",
            "wire": "A",
            "endpoint": sandbox.axis_url,
            "system_id": H42.system_id,
            "secret": "env:LIENTHONG_TEST_NO_SUCH_VARIABLE",
            "transport": "trusted-network",
        }
    )
    wire = connector_type.open(settings, Context(name="axis", folder=tmp_path))
    assert isinstance(wire, Sender)
    with pytest.raises(ConfigurationError, match="LIENTHONG_TEST_NO_SUCH_VARIABLE"):
        wire.send(parcel(packet()))
    wire.close()


@pytest.mark.parametrize(
    "change", [{"wire": "B"}, {"system_id": "Đ"}, {"secret": "plain-text-secret"}, {"enpoint": "x"}, {"concurrency": 0}]
)
def test_wrong_settings_are_refused_without_showing_values(change: dict[str, Any]) -> None:
    """Only what is built is accepted, and a secret by reference only."""
    good = {"kind": "document_axis", "wire": "A", "endpoint": "https://x", "system_id": "1", "secret": "env:X"}
    DocumentAxisSettings.model_validate(good)
    with pytest.raises(ValidationError) as caught:
        DocumentAxisSettings.model_validate({**good, **change})
    assert "plain-text-secret" not in str(caught.value)


def test_reply_that_nests_without_end_is_no_answer(connect: Connect, scripted: Callable[[bytes], str]) -> None:
    """A hostile or broken reply is an error of ours, whatever the JSON reader makes of it."""
    with pytest.raises(AnswerUnusable):
        connect(scripted(reply("[" * 60_000))).pending(None, limit=10)


def test_row_whose_id_cannot_be_kept_is_passed_over(connect: Connect, scripted: Callable[[bytes], str]) -> None:
    """The rest of the list is read; a sender that can't be a code names nobody."""
    rows = [{"docId": "a\x00b"}, {"docId": "x" * 300}, {"docId": "\ud800"}, {"docId": "good", "from": "G22\x00"}]
    wire = connect(scripted(reply(json.dumps({"status": "OK", "ErrorCode": "0", "ErrorDesc": "", "data": rows}))))
    page = wire.pending(None, limit=10)
    assert {(item.remote_id, item.sender) for item in page.items} == {("good", "?")}
