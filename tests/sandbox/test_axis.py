"""The simulated document axis over its wire: sending, listing, fetching, confirming, and what it refuses."""

import base64
import hashlib
import io
import socket
from dataclasses import replace
from typing import Any

import pytest

from lienthong.sandbox import DEFAULT, Centre, Sandbox, SandboxOptions, SandboxOrganisation


def test_one_packet_to_two_centres_is_listed_fetched_and_confirmed_by_each(sandbox: Sandbox, h42: Any, g22: Any, document: Any) -> None:
    """A packet comes back byte for byte, once per receiving centre, until that centre confirms it."""
    packet = document("H42.13", "G22")
    sent = h42.send(packet)
    assert (sent["status"], sent["ErrorCode"]) == ("OK", "0")

    for centre, code in ((h42, "H42.13"), (g22, "G22")):
        (row,) = centre.received()
        assert (row["docId"], row["from"], row["to"], row["status"]) == (sent["DocId"], "H42.12", code, "initial")
        fetched = centre.call("getEdoc", {"docId": sent["DocId"], "filePath": "local-dir"})
        assert base64.b64decode(fetched["data"]) == packet
        assert centre.call("updateStatus", {"docId": sent["DocId"], "status": "done"})["status"] == "OK"
        assert centre.received() == []

    kept = sandbox.axis.packet(sent["DocId"])
    assert kept is not None
    assert kept.sha256 == hashlib.sha256(packet).hexdigest()
    assert {centre: (d.status, d.fetched, d.confirmed) for centre, d in kept.centres.items()} == {
        "00.42.W00": ("done", 1, 1),
        "00.00.G22": ("done", 1, 1),
    }


def test_two_recipients_of_one_centre_make_two_rows_with_one_doc_id(h42: Any, g22: Any, document: Any) -> None:
    """The list has a row per recipient; one confirmation takes all of them off."""
    doc_id = g22.send(document("H42.12", "000.00.13.H42", sender="G22"))["DocId"]
    assert [(row["docId"], row["to"]) for row in h42.received()] == [(doc_id, "H42.12"), (doc_id, "000.00.13.H42")]
    assert h42.call("countReceiveEdoc")["count"] == 2
    h42.call("updateStatus", {"docid": doc_id, "status": "fail"})
    assert h42.received() == []


def test_processing_keeps_a_packet_on_the_list(h42: Any, document: Any) -> None:
    """Only done and fail confirm."""
    doc_id = h42.send(document("H42.13"))["DocId"]
    h42.call("updateStatus", {"docId": doc_id, "status": "processing"})
    assert [row["status"] for row in h42.received()] == ["processing"]


def test_status_packet_goes_to_the_sender_of_the_original(h42: Any, g22: Any, status: Any) -> None:
    """A status packet has no To: ResponseFor/OrganId says where it goes, and it stands on a list of its own."""
    doc_id = g22.send(status("H42.12", sender="G22", code="03"), "status")["DocId"]
    assert h42.received() == []
    assert [(row["docId"], row["to"], row["messageType"]) for row in h42.received("status")] == [(doc_id, "H42.12", "status")]
    assert h42.call("countReceiveStatus")["count"] == 1


def test_sent_list_tells_the_sender_how_far_each_recipient_is(h42: Any, g22: Any, document: Any) -> None:
    """The sender can ask for one docId or for all it sent, and sees nobody else's."""
    doc_id = h42.send(document("H42.13", "G22"))["DocId"]
    g22.call("updateStatus", {"docId": doc_id, "status": "done"})
    rows = h42.call("getSentEdocList", {"servicetype": "eDoc", "messagetype": "edoc", "docId": doc_id})["data"]
    assert [(row["toCode"], row["receiveStatus"], "receivedTime" in row) for row in rows] == [
        ("H42.13", "initial", False),
        ("G22", "done", True),
    ]
    assert rows[0]["notation"] == "15/SKHCN"
    assert rows[0]["title"] == "Về việc thử nghiệm & kiểm tra"
    assert h42.call("getSentEdocList", {"messagetype": "edoc"})["data"] == rows
    assert g22.call("getSentEdocList", {"messagetype": "edoc", "docId": doc_id})["data"] == []


def test_list_is_paged_when_asked(h42: Any, document: Any) -> None:
    """Pages are counted from one; without a page size everything is listed."""
    sent = [h42.send(document("H42.13", number=str(number)))["DocId"] for number in range(5)]
    pages = [[row["docId"] for row in h42.received(pageSize="2", pageIndex=str(page))] for page in (1, 2, 3, 4)]
    assert pages == [sent[:2], sent[2:4], sent[4:], []]
    assert len(h42.received()) == 5
    assert h42.received(fromDate="2999/01/01") == []
    assert len(h42.received(fromDate="01-01-2999")) == 5


@pytest.mark.parametrize(
    ("to", "sender", "code"),
    [("X99", "H42.12", "18"), ("", "H42.12", "18"), ("G22", "G22", "19"), ("G22", "X99", "19"), ("H42.13 X99", "H42.12", "18")],
)
def test_unknown_recipient_or_foreign_sender_is_refused(h42: Any, document: Any, to: str, sender: str, code: str) -> None:
    """A recipient must be in the directory (18), the sender must belong to the calling centre (19); nothing is kept."""
    reply = h42.send(document(*to.split(), sender=sender))
    assert (reply["status"], reply["ErrorCode"], reply["DocId"]) == ("FAIL", code, "")
    assert h42.received() == []


def test_locked_recipient_is_refused_with_23(make_axis_client: Any, document: Any) -> None:
    """A locked organisation stands in the directory, but takes nothing."""
    locked = SandboxOrganisation(code="G99", name="Đơn vị đã khóa", locked=True)
    centres = (*DEFAULT.centres, Centre(system_id="00.00.G99", secret="sandbox-secret-g99", organisations=(locked,)))
    with Sandbox(replace(DEFAULT, centres=centres)) as sandbox:
        assert make_axis_client(sandbox).send(document("G99"))["ErrorCode"] == "23"


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_envelope_without_the_literal_prefix_is_refused(h42: Any, document: Any, prefix: str) -> None:
    """The same infoset under another prefix, or none, is refused, and the answer says what was expected."""
    reply = h42.send(document("H42.13", prefix=prefix))
    assert reply["ErrorCode"] == "22"
    assert "edXML:edXMLEnvelope" in reply["ErrorDesc"]


def test_prefix_does_not_matter_when_the_axis_is_not_strict(make_axis_client: Any, document: Any) -> None:
    """A provincial axis takes any prefix."""
    with Sandbox(SandboxOptions(strict_prefix=False)) as sandbox:
        assert make_axis_client(sandbox).send(document("H42.13", prefix=""))["ErrorCode"] == "0"


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        (b"not xml", "22"),
        (b"<edXML><open></edXML>", "22"),
        (b"<other/>", "22"),
        (b'<?xml version="1.0"?><!-- x --><!DOCTYPE edXML [<!ENTITY a "b">]><edXML a="&a;"/>', "22"),
        ("\ufeff<!DOCTYPE edXML><edXML/>".encode("utf-16"), "22"),
        (b"", "10"),
        (b"\r\n", "10"),
    ],
    ids=["text", "mismatched-tag", "other-root", "doctype", "doctype-in-utf-16", "empty", "only-crlf"],
)
def test_what_is_no_packet_is_refused(sandbox: Sandbox, h42: Any, packet: bytes, code: str) -> None:
    """Text that isn't a packet, or carries a DOCTYPE, is refused and not kept."""
    assert h42.send(packet)["ErrorCode"] == code
    assert sandbox.axis.packets() == ()


def test_message_type_that_contradicts_the_packet_is_refused(h42: Any, document: Any) -> None:
    """A document announced as status is refused."""
    assert h42.send(document("H42.13"), "status")["ErrorCode"] == "10"


@pytest.mark.parametrize("appended", [b"", b"\r\n"])
@pytest.mark.parametrize("ending", [b"", b"\r\n"])
def test_one_crlf_is_cut_only_where_the_hash_says_so(sandbox: Sandbox, h42: Any, document: Any, appended: bytes, ending: bytes) -> None:
    """The SDK's CRLF goes, a CRLF of the packet's own stays; the padded and the unpadded hash count."""
    packet = document("H42.13") + ending
    digest = hashlib.sha256(packet).digest()
    for told in (digest.hex(), "".join(f"{byte:x}" for byte in digest)):
        doc_id = h42.call("sendEdoc", {"messagetype": "edoc", "hash-file": told}, packet + appended)["DocId"]
        kept = sandbox.axis.packet(doc_id)
        assert kept is not None
        assert kept.content == packet


def test_wrong_hash_is_refused_and_no_hash_keeps_all_bytes(sandbox: Sandbox, h42: Any, document: Any) -> None:
    """A hash that fits neither form is refused with 10; without one nothing is cut."""
    packet = document("H42.13") + b"\r\n"
    assert h42.call("sendEdoc", {"messagetype": "edoc", "hash-file": "0" * 64}, packet)["ErrorCode"] == "10"
    doc_id = h42.call("sendEdoc", {"messagetype": "edoc"}, packet)["DocId"]
    kept = sandbox.axis.packet(doc_id)
    assert kept is not None
    assert kept.content == packet


def test_repeated_upload_is_a_second_packet_unless_the_axis_removes_duplicates(h42: Any, make_axis_client: Any, document: Any) -> None:
    """What the real axis does is unknown, so an option decides."""
    assert h42.send(document("H42.13"))["DocId"] != h42.send(document("H42.13"))["DocId"]
    with Sandbox(SandboxOptions(deduplicates=True)) as sandbox:
        client = make_axis_client(sandbox)
        assert client.send(document("H42.13"))["DocId"] == client.send(document("H42.13"))["DocId"]
        assert [packet.uploads for packet in sandbox.axis.packets()] == [2]
        assert len(client.received()) == 1


def test_a_centre_gets_only_what_is_for_it(h42: Any, g22: Any, document: Any) -> None:
    """Neither the sender nor a third centre can fetch or confirm a packet that isn't addressed to it."""
    doc_id = h42.send(document("H42.13"))["DocId"]
    reply = g22.call("getEdoc", {"docId": doc_id})
    assert (reply["ErrorCode"], reply["data"]) == ("21", "")
    assert g22.call("updateStatus", {"docId": doc_id, "status": "done"})["ErrorCode"] == "21"
    assert h42.call("updateStatus", {"docId": doc_id, "status": "03"})["ErrorCode"] == "10"


def test_directory_lists_new_and_old_codes(h42: Any) -> None:
    """Both lists name every organisation; the newer one can be narrowed to a level."""
    rows = h42.call("getAgenciesList")["data"]
    assert {row["code"]: row["oldCode"] for row in rows} == {
        "H42": "000.00.00.H42",
        "H42.12": "000.00.12.H42",
        "H42.13": "000.00.13.H42",
        "G22": "000.00.00.G22",
    }
    assert next(row for row in rows if row["code"] == "H42.12")["pid"] == next(row for row in rows if row["code"] == "H42")["id"]
    level_one = h42.call("getAgenciesListQD20", {"level": "1"})["data"]
    assert [(row["code"], row["code102"]) for row in level_one] == [("H42", "000.00.00.H42"), ("G22", "000.00.00.G22")]


def test_registered_agency_can_send_and_receive(h42: Any, g22: Any, document: Any) -> None:
    """An organisation registered over the wire belongs to the calling centre; a code that is taken is refused."""
    body = '{"id":"","pcode":"H42","code":"H42.14","name":"Sở Thử Nghiệm","mail":"","mobile":"","fax":""}'.encode()
    assert h42.call("registerAgency", body=body)["ErrorCode"] == "0"
    assert h42.send(document("G22", sender="H42.14"))["ErrorCode"] == "0"
    assert g22.call("registerAgency", body=body)["ErrorCode"] == "10"


def test_unsigned_parameters_and_duplicated_headers_do_not_count(sandbox: Sandbox, h42: Any) -> None:
    """Only what was signed is used: an added header is ignored, a doubled one refuses the call."""
    request = h42.pool.request
    headers = {"XroadVnpt-systemid": h42.system_id}
    assert request("POST", f"{sandbox.axis_url}/getAgenciesList", headers=headers).json()["ErrorCode"] == "15"
    wrong = replace(h42, secret="another")
    assert wrong.call("getAgenciesList")["ErrorCode"] == "15"
    stranger = replace(h42, system_id="00.99.W00")
    assert stranger.call("getAgenciesList")["ErrorCode"] == "15"


def test_unknown_operation_is_answered_in_json(h42: Any) -> None:
    """An operation that isn't simulated says so."""
    reply = h42.raw("getSynchronizeUnit")
    assert reply.status == 404
    assert reply.json()["status"] == "FAIL"


def test_client_that_waits_for_100_continue_gets_it(sandbox: Sandbox, h42: Any, document: Any) -> None:
    """The server asks for the body before the client sends it, as the SDK expects."""
    doc_id = h42.send(document("H42.13"))["DocId"]
    captured: dict[str, str] = {}

    class _Pool:
        def request(self, _method: str, _url: str, *, headers: dict[str, str], **_: object) -> Any:
            captured.update(headers)
            return type("Reply", (), {"data": b"{}"})

    replace(h42, pool=_Pool()).call("getEdoc", {"docId": doc_id})
    host, port = sandbox.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = "".join(f"{name}: {value}\r\n" for name, value in captured.items())
        connection.sendall(f"POST /axis/getEdoc HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n{head}\r\n".encode())
        reader: io.BufferedReader = connection.makefile("rb")
        assert reader.readline() == b"HTTP/1.1 100 Continue\r\n"
        connection.sendall(b"{}")
        assert reader.readline() == b"\r\n"
        assert reader.readline() == b"HTTP/1.1 200 OK\r\n"
