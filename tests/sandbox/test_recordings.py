"""What the public Java SDK sent, byte for byte, against the simulated axis."""

import base64
import http.client
import json
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lienthong.sandbox import Centre, DossierSet, Sandbox, SandboxOptions, SandboxOrganisation
from lienthong.sandbox.packet import PacketRefused, read_packet

SYSTEM_ID = "00.42.W00"
IMPLEMENTED = {
    "getAgenciesList",
    "getAgenciesListQD20",
    "registerAgency",
    "sendEdoc",
    "getReceivedEdocList",
    "getSentEdocList",
    "getEdoc",
    "updateStatus",
    "countReceiveEdoc",
    "countReceiveStatus",
}
SENT = {"sendEdoc-binary": "22", "sendEdoc-empty-file": "10", "sendEdoc-status": "0"}


@pytest.fixture(scope="module")
def recordings(vectors: Path) -> list[dict[str, Any]]:
    """All recorded requests of operations that the sandbox has."""
    files = sorted((vectors / "axis-a").glob("sdkvxp-*/*.json"))
    loaded = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.name != "calls-without-a-request.json"]
    return [recording for recording in loaded if _operation(recording) in IMPLEMENTED]


@pytest.fixture(scope="module")
def answer(recordings: list[dict[str, Any]]) -> Iterator[Any]:
    """Replays a recording on a sandbox that knows its secret, and gives the reply's HTTP status and JSON."""
    sandboxes: dict[str, Sandbox] = {}
    for secret in sorted({recording["secret"] for recording in recordings}):
        sandboxes[secret] = Sandbox(_options(secret))
        sandboxes[secret].start()
    yield lambda recording: _replay(sandboxes[recording["secret"]], recording)
    for sandbox in sandboxes.values():
        sandbox.stop()


def _options(secret: str) -> SandboxOptions:
    own = (
        SandboxOrganisation(code="H00.01", name="Đơn vị thử nghiệm 1", old_code="000.00.01.H00"),
        SandboxOrganisation(code="H00.02", name="Đơn vị thử nghiệm 2", old_code="000.00.02.H00"),
        SandboxOrganisation(code="H00.03", name="Đơn vị thử nghiệm 3", old_code="000.00.03.H00"),
    )
    centre = Centre(system_id=SYSTEM_ID, secret=secret, organisations=own)
    return SandboxOptions(centres=(centre,), dossiers=DossierSet(dossiers=()))


def _operation(recording: dict[str, Any]) -> str:
    return str(recording["path"]).rpartition("/")[2]


def _replay(sandbox: Sandbox, recording: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    head = base64.b64decode(recording["head_base64"]).replace(b" /adapter/", b" /axis/", 1)
    body = recording["body"]
    content = base64.b64decode(body["base64"]) if "base64" in body else body["text"].encode()
    assert len(content) == recording["body_length"]
    host, port = sandbox.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head + b"\r\n\r\n" + content)
        response = http.client.HTTPResponse(connection, method=recording["method"])
        response.begin()
        return response.status, json.loads(response.read())


def test_every_signed_recording_is_recognised_but_the_one_whose_hmac_cannot_match(recordings: list[dict[str, Any]], answer: Any) -> None:
    """The signature is taken where the recording says that it matches, and only there."""
    outcomes: Counter[str] = Counter()
    for recording in recordings:
        status, reply = answer(recording)
        place = f"{recording['sdk']} {recording['case']} {recording['attempt']}: {reply}"
        assert status == 200, place
        assert {"status", "ErrorCode", "ErrorDesc"} <= reply.keys(), place
        refused = reply["ErrorCode"] == "15"
        assert refused == (not recording["hmac_matches"]), place
        assert refused == (recording["case"] == "chars-non-ascii-http-client"), place
        outcomes["refused" if refused else "accepted"] += 1
    assert outcomes == {"accepted": 192, "refused": 2}


def test_recorded_uploads_are_kept_without_the_crlf_of_the_sdk(recordings: list[dict[str, Any]], answer: Any) -> None:
    """Packets built by the SDK and by hand are taken; a binary file and an empty one are refused by name."""
    seen = 0
    for recording in recordings:
        if _operation(recording) != "sendEdoc":
            continue
        _, reply = answer(recording)
        assert reply["ErrorCode"] == SENT.get(recording["case"], "0"), (recording["case"], reply)
        assert "DocId" in reply
        seen += 1
    assert seen == 38


def test_unsigned_recording_is_refused_where_its_operation_is_simulated(vectors: Path, answer: Any) -> None:
    """The one unsigned request of the SDK, sent to an operation that the sandbox has, is refused with 15."""
    recording = json.loads((vectors / "axis-a/sdkvxp-2.0.1/downloadEdoc2.json").read_text(encoding="utf-8"))
    head = base64.b64decode(recording["head_base64"]).replace(b"GET /adapter/downloadEdoc", b"POST /adapter/getEdoc")
    _, reply = answer(recording | {"head_base64": base64.b64encode(head).decode(), "method": "POST"})
    assert (reply["ErrorCode"], reply["data"]) == ("15", "")


def test_packets_built_by_the_sdk_satisfy_the_strict_prefix(vectors: Path) -> None:
    """Every packet of the SDK's builder is readable, its placeholder signature included; ours in other prefixes are not."""
    packets = vectors / "axis-a/packets"
    for file in sorted((packets / "sdk-built").glob("*.edxml")):
        read = read_packet(file.read_bytes(), strict_prefix=True)
        assert read.kind == file.name.partition("-")[0], file.name
        assert read.addressees, file.name
    for name in ("edoc-hand-default-namespace", "edoc-hand-other-prefix", "status-hand-default-namespace"):
        content = (packets / f"hand-written/{name}.edxml").read_bytes()
        with pytest.raises(PacketRefused, match="edXML:edXMLEnvelope"):
            read_packet(content, strict_prefix=True)
        assert read_packet(content, strict_prefix=False).sender


def test_samples_of_others_are_read_and_the_broken_one_is_located(samples: Path) -> None:
    """Vendor samples name their sender and addressees; the mismatched tag is refused with line and column."""
    for file in sorted((samples / "edxml").glob("*.edxml")):
        if file.name.startswith("broken"):
            with pytest.raises(PacketRefused, match=r"\(\d+, \d+\)"):
                read_packet(file.read_bytes(), strict_prefix=False)
        else:
            assert read_packet(file.read_bytes(), strict_prefix=False).addressees, file.name
