"""Connections to the simulated portal, dossiers, and a log that must stay free of secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lienthong.connectors.context import Context
from lienthong.connectors.service_portal import ServicePortalSettings, connector_type
from lienthong.connectors.service_portal.wire_g1 import WireG1
from lienthong.core.clock import HO_CHI_MINH
from lienthong.sandbox import DEFAULT
from lienthong.schemas.dossier import Dossier, Fee, Paper, Step, Unit

ACCOUNT = DEFAULT.portal_account
MORNING = datetime(2026, 11, 20, 8, 0, 5, tzinfo=HO_CHI_MINH)


def dossier(number: int = 1, **more: Any) -> Dossier:
    """Return a dossier that the portal takes."""
    values: dict[str, Any] = {
        "number": f"H42.12-20261120-{number:07d}",
        "procedure_code": "1.005129",
        "procedure_name": "Thủ tục ví dụ",
        "field_code": "G06-HD",
        "field_name": "Lĩnh vực ví dụ",
        "channel": "2",
        "applicant_name": "Nguyễn Văn Thử",
        "applicant_kind": "1",
        "applicant_identity": "000000000012",
        "accepted_at": MORNING,
        "status": "2",
        "return_by": "0",
        "unit": Unit(code="H42.12", name="Sở Khoa học và Công nghệ"),
        "fees": (Fee(code="PTD01", name="Phí thẩm định", amount=Decimal("450000.50"), collected_at="1"),),
        "papers": (Paper(name="Đơn đăng ký", copies=2),),
    }
    return Dossier(**{**values, **more})


def step(status: str = "4") -> Step:
    return Step(officer="Vũ Thị Mẫu", description="Thẩm định hồ sơ", at=MORNING, status=status)


Connect = Callable[..., WireG1]


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Connect]:
    """Open a connection as the registry does; the password stands in a file."""
    opened: list[WireG1] = []

    def start(url: str, *, password: str = ACCOUNT.password, **more: Any) -> WireG1:
        (tmp_path / "password").write_text(password, encoding="utf-8")
        settings = ServicePortalSettings.model_validate(
            {
                "kind": "service_portal",
                "wire": "G1",
                "endpoint": url,
                "auth_endpoint": "/login",
                "integration_endpoint": "/integration",
                "dstcode": "VN:GOV:000.00.00.G22:dvcqg",
                "unit_code": ACCOUNT.unit_code,
                "username": ACCOUNT.username,
                "password": "file:password",
                "transport": "trusted-network",
                "timeout": 10,
                **more,
            },
            context={"folder": tmp_path},
        )
        wire = connector_type.open(settings, Context(name="portal", folder=tmp_path))
        assert isinstance(wire, WireG1)
        opened.append(wire)
        return wire

    yield start
    for wire in opened:
        wire.close()


@pytest.fixture(autouse=True)
def no_secret_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After every test: no password, session, identity number or name stands in the log, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    for text in (ACCOUNT.password, '"session"', "000000000012", "Nguyễn Văn Thử"):
        assert text not in caplog.text
