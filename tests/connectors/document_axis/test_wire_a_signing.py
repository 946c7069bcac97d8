"""Signed headers are those of the public SDK, byte for byte."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lienthong.connectors.document_axis.errors import ParameterUnfit
from lienthong.connectors.document_axis.wire_a_signing import signed_headers, unpadded, wire_timestamp

# These carry characters that our client refuses; the SDK's own signature doesn't verify for them, or not against the headers.
UNFIT = {"chars-non-ascii-http-client", "chars-non-ascii-sendEdoc", "chars-crlf"}


def recordings(vectors: Path, version: str) -> list[dict[str, Any]]:
    paths = sorted((vectors / "axis-a" / version).glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.stem != "calls-without-a-request"]


@pytest.mark.parametrize("version", ["sdkvxp-2.0.0", "sdkvxp-2.0.1"])
def test_recorded_parameters_give_the_recorded_headers(vectors: Path, version: str) -> None:
    """From a recording's own parameters come the same sign-header, sign-header-key and hash-header."""
    compared = 0
    for recording in recordings(vectors, version):
        headers = dict(recording["headers"])
        if "XroadVnpt-sign-header" not in headers:
            continue
        signed = json.loads(headers["XroadVnpt-sign-header"].encode("latin-1").decode("utf-8", "replace"), strict=False)
        parameters = {name.removeprefix("XroadVnpt-"): value for name, value in signed.items()}
        if recording["case"] in UNFIT:
            with pytest.raises(ParameterUnfit):
                signed_headers(parameters, recording["secret"])
            continue
        ours = signed_headers(parameters, recording["secret"])
        for name in ("XroadVnpt-sign-header", "XroadVnpt-sign-header-key", "XroadVnpt-hash-header"):
            assert ours[name] == headers[name], (recording["case"], name)
        compared += 1
    assert compared > 95


def test_recorded_hash_file_is_the_unpadded_one(vectors: Path) -> None:
    """The compat switch writes what the SDK writes."""
    compared = 0
    for recording in recordings(vectors, "sdkvxp-2.0.1"):
        body = recording["body"]
        headers = dict(recording["headers"])
        if "XroadVnpt-hash-file" in headers and "text" in body and recording["case"].startswith("sendEdoc"):
            content = body["text"].encode().removesuffix(b"\r\n")
            assert unpadded(hashlib.sha256(content).hexdigest()) == headers["XroadVnpt-hash-file"]
            compared += 1
    assert compared > 2


def test_timestamp_carries_milliseconds_after_the_plus() -> None:
    """The part after the plus is no offset; the time is Vietnamese."""
    assert wire_timestamp(datetime(2026, 11, 22, 3, 48, 56, 621_999, UTC)) == "22112026T104856+0621"


def test_value_that_the_axis_would_get_changed_is_refused_by_name_and_place() -> None:
    """A character outside printable ASCII can't be signed; the value itself isn't shown."""
    with pytest.raises(ParameterUnfit) as caught:
        signed_headers({"systemid": "00.42.W00", "from": "H42.Đ"}, "secret")
    assert (caught.value.parameter, caught.value.position) == ("from", 5)
    assert "Đ" not in str(caught.value)
    with pytest.raises(ParameterUnfit):
        signed_headers({"docId": "a\r\nX-Other: 1"}, "secret")
