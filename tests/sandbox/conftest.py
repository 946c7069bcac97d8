"""Plain clients for the simulated systems, written after the wire and not with our library, and running sandboxes."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import urllib3

from lienthong.sandbox import DEFAULT, DossierSet, Sandbox, SandboxOptions

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"


@dataclass(frozen=True)
class AxisClient:
    """Calls one axis as one centre, signing as the SDK does."""

    url: str
    system_id: str
    secret: str
    pool: urllib3.PoolManager

    def raw(self, operation: str, parameters: Mapping[str, str] | None = None, body: bytes = b"") -> urllib3.BaseHTTPResponse:
        values = {"systemid": self.system_id, **(parameters or {}), "timestamp": "22112026T104856+0621", "Content-Type": "application/json"}
        signed = json.dumps({f"XroadVnpt-{k}": v for k, v in values.items()}, ensure_ascii=False, separators=(",", ":"))
        headers = {f"XroadVnpt-{k}": v for k, v in values.items()} | {
            "XroadVnpt-sign-header": signed,
            "XroadVnpt-sign-header-key": ";".join(values),
            "XroadVnpt-hash-header": hmac.new(self.secret.encode(), signed.encode(), hashlib.sha256).hexdigest(),
        }
        return self.pool.request("POST", f"{self.url}/{operation}", headers=headers, body=body, retries=False)

    def call(self, operation: str, parameters: Mapping[str, str] | None = None, body: bytes = b"") -> dict[str, Any]:
        reply: dict[str, Any] = json.loads(self.raw(operation, parameters, body).data)
        return reply

    def send(self, packet: bytes, message_type: str = "edoc", **more: str) -> dict[str, Any]:
        parameters = {"servicetype": "eDoc", "messagetype": message_type, **more}
        return self.call("sendEdoc", {**parameters, "hash-file": more.get("hash_file", hashlib.sha256(packet).hexdigest())}, packet)

    def received(self, message_type: str = "edoc", **more: str) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = self.call("getReceivedEdocList", {"servicetype": "eDoc", "messagetype": message_type, **more})["data"]
        return rows


@dataclass(frozen=True)
class PortalClient:
    """Calls one portal."""

    url: str
    pool: urllib3.PoolManager

    def login(self, password: str = DEFAULT.portal_account.password) -> dict[str, Any]:
        return self.post("login", {"username": DEFAULT.portal_account.username, "password": password})

    def session(self) -> str:
        session: str = self.login()["session"]
        return session

    def call(self, session: str, service: str, **fields: Any) -> dict[str, Any]:
        return self.post("integration", {"session": session, "madonvi": "H42", "service": service, **fields})

    def post(self, endpoint: str, body: object) -> dict[str, Any]:
        reply: dict[str, Any] = self.pool.request(
            "POST", f"{self.url}/{endpoint}", json=body, headers={"dstcode": "sandbox"}, retries=False
        ).json()
        return reply


@pytest.fixture(scope="session")
def pool() -> Iterator[urllib3.PoolManager]:
    """Connections of a plain HTTP client."""
    with urllib3.PoolManager(timeout=10, maxsize=8) as pool:
        yield pool


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with the default set-up."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def h42(sandbox: Sandbox, pool: urllib3.PoolManager) -> AxisClient:
    """The province's centre."""
    return axis_client(sandbox, pool, 0)


@pytest.fixture
def g22(sandbox: Sandbox, pool: urllib3.PoolManager) -> AxisClient:
    """The ministry's centre."""
    return axis_client(sandbox, pool, 1)


@pytest.fixture
def portal(sandbox: Sandbox, pool: urllib3.PoolManager) -> PortalClient:
    """A client of the portal."""
    return PortalClient(sandbox.portal_url, pool)


@pytest.fixture
def without_dossiers() -> SandboxOptions:
    """The default set-up with an empty one-door system."""
    return SandboxOptions(dossiers=DossierSet(dossiers=()))


def axis_client(sandbox: Sandbox, pool: urllib3.PoolManager, centre: int = 0) -> AxisClient:
    settings = sandbox.options.centres[centre]
    return AxisClient(sandbox.axis_url, settings.system_id, settings.secret, pool)


@pytest.fixture
def make_axis_client(pool: urllib3.PoolManager) -> Any:
    """Makes a client for a sandbox that the test has started itself."""
    return lambda sandbox, centre=0: axis_client(sandbox, pool, centre)


@pytest.fixture
def make_portal_client(pool: urllib3.PoolManager) -> Any:
    """Makes a portal client for a sandbox that the test has started itself."""
    return lambda sandbox: PortalClient(sandbox.portal_url, pool)


@pytest.fixture(scope="session")
def document() -> Any:
    """Makes a document packet."""
    return _document


@pytest.fixture(scope="session")
def status() -> Any:
    """Makes a status packet."""
    return _status


def _document(*to: str, sender: str = "H42.12", number: str = "15", prefix: str = "edXML:") -> bytes:
    def element(name: str, *content: str) -> str:
        return f"<{prefix}{name}>{''.join(content)}</{prefix}{name}>"

    recipients = "".join(element("To", element("OrganId", code)) for code in to)
    header = element(
        "MessageHeader",
        element("From", element("OrganId", sender)),
        recipients,
        element("Code", element("CodeNumber", number), element("CodeNotation", "SKHCN")),
        element("Subject", "Về việc thử nghiệm & kiểm tra".replace("&", "&amp;")),
    )
    return _packet(prefix, element("edXMLHeader", header))


def _status(original: str, *, sender: str, code: str = "01") -> bytes:
    return _packet(
        "edXML:",
        f"<edXML:edXMLHeader><edXML:MessageHeader><edXML:From><edXML:OrganId>{sender}</edXML:OrganId></edXML:From>"
        f"<edXML:ResponseFor><edXML:OrganId>{original}</edXML:OrganId><edXML:Code>15/SKHCN</edXML:Code></edXML:ResponseFor>"
        f"<edXML:StatusCode>{code}</edXML:StatusCode></edXML:MessageHeader></edXML:edXMLHeader>",
    )


def _packet(prefix: str, content: str) -> bytes:
    declared = f' xmlns:{prefix[:-1]}="{NAMESPACE}"' if prefix else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{NAMESPACE}">'
        f"<{prefix}edXMLEnvelope{declared}>{content}</{prefix}edXMLEnvelope></edXML>\n"
    ).encode()
