"""Connections of two centres to the simulated axis, and a log that must stay free of secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lienthong.connectors.context import Context
from lienthong.connectors.document_axis import DocumentAxisSettings, connector_type
from lienthong.connectors.document_axis.wire_a import WireA
from lienthong.connectors.port import PacketKind, Parcel
from lienthong.core.blob import Blob
from lienthong.sandbox import DEFAULT

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
H42, G22 = DEFAULT.centres


def packet(
    *, sender: str = "H42.12", to: tuple[str, ...] = ("G22",), number: str = "1", status: str | None = None, padding: int = 0
) -> bytes:
    """Return a small packet: a document, or with `status` a status about a document of `to`."""

    def element(name: str, content: str) -> str:
        return f"<edXML:{name}>{content}</edXML:{name}>"

    header = element("From", element("OrganId", sender))
    if status is None:
        header += "".join(element("To", element("OrganId", code)) for code in to)
        header += element("Code", element("CodeNumber", number) + element("CodeNotation", "TEST"))
        header += element("Subject", "Văn bản thử " + "x" * padding)
    else:
        header += element("ResponseFor", element("OrganId", to[0]) + element("Code", f"{number}/TEST"))
        header += element("StatusCode", status) + element("Description", "Trạng thái thử")
    envelope = element("edXMLEnvelope", element("edXMLHeader", element("MessageHeader", header)))
    return f'<?xml version="1.0" encoding="UTF-8"?><edXML xmlns="{NAMESPACE}" xmlns:edXML="{NAMESPACE}">{envelope}</edXML>'.encode()


def parcel(content: bytes, *, sender: str = "H42.12", recipients: tuple[str, ...] = ("G22",), kind: PacketKind = "document") -> Parcel:
    return Parcel(id="parcel-1", kind=kind, sender=sender, recipients=recipients, key="key", packet=Blob.of_bytes(content))


Connect = Callable[..., WireA]


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Connect]:
    """Open a connection as the registry does; the secret stands in a file."""
    opened: list[WireA] = []

    def start(url: str, centre: Any = H42, *, secret: str | None = None, **more: Any) -> WireA:
        (tmp_path / "secret").write_text(f"{secret or centre.secret}\n", encoding="utf-8")
        settings = DocumentAxisSettings.model_validate(
            {
                "kind": "document_axis",
                "wire": "A",
                "endpoint": url,
                "system_id": centre.system_id,
                "secret": "file:secret",
                "transport": "trusted-network",
                "timeout": 10,
                **more,
            },
            context={"folder": tmp_path},
        )
        wire = connector_type.open(settings, Context(name="axis", folder=tmp_path))
        assert isinstance(wire, WireA)
        opened.append(wire)
        return wire

    yield start
    for wire in opened:
        wire.close()


@pytest.fixture(autouse=True)
def no_secret_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After every test: neither a secret nor an HMAC stands in the log, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert all(centre.secret not in caplog.text for centre in DEFAULT.centres)
    assert "hash-header" not in caplog.text
