"""The demo tells the truth: expected outcomes are good, any other one is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lienthong.cli.demo_settings import only_one
from lienthong.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def demo(tmp_path: Path) -> Run:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["demo", "--folder", str(tmp_path / "demo"), *arguments])

    return run


def outcomes(result: Result) -> list[dict[str, Any]]:
    return json.loads(result.stdout)["outcomes"]


def test_main_job_ends_with_every_outcome_as_expected(demo: Run) -> None:
    """Documents, statuses, dossiers, refusals with field and office, and the mended one."""
    result = demo("--json")
    assert result.exit_code == 0
    rows = outcomes(result)
    assert all(row["as_expected"] for row in rows)
    assert {row["problem"]["code"] for row in rows if row.get("problem")} == {"LT-DOSSIER-001", "LT-DOSSIER-002"}
    assert [row["found"] for row in rows if row["what"] == "signature"] == ["valid"]


def test_second_run_in_the_same_folder_starts_anew(demo: Run) -> None:
    """Nothing of the first run is in the way."""
    assert demo().exit_code == 0
    assert demo().exit_code == 0


def test_folder_of_somebody_else_is_left_alone(demo: Run, tmp_path: Path) -> None:
    """The demo empties only what it wrote."""
    precious = tmp_path / "demo" / "h42" / "precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine", encoding="utf-8")
    result = demo()
    assert result.exit_code == 2
    assert "LT-CLI-003" in result.stderr
    assert precious.read_text(encoding="utf-8") == "mine"


def test_outcome_that_is_not_expected_makes_the_demo_fail(demo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect in the product may not end with exit code 0: here nobody receives."""
    from lienthong.sdk import inbound  # noqa: PLC0415
    from lienthong.sdk.records import RunReport  # noqa: PLC0415

    monkeypatch.setattr(inbound, "receive", lambda *_, route, **__: RunReport(route=route))
    result = demo("--json")
    assert result.exit_code == 1
    assert any(not row["as_expected"] for row in outcomes(result))


def test_packets_of_others_arrive_byte_for_byte_and_broken_ones_are_refused_by_place(demo: Run, samples: Path) -> None:
    """Every readable sample is stored at each addressee; the broken one is named with line and column."""
    result = demo("--packets", str(samples / "edxml"), "--json")
    assert result.exit_code == 0
    rows = {row["what"]: row for row in outcomes(result)}
    assert set(rows) == {path.name for path in (samples / "edxml").glob("*.edxml")}
    place = rows.pop("broken-mismatched-tag.edxml")["problem"]["place"]
    assert (place["line"], place["column"]) == (74, 29)
    assert {row["found"] for row in rows.values()} == {"stored, same SHA-256"}


@pytest.mark.parametrize("folder", ["sdk-built", "hand-written"])
def test_packets_of_the_sdk_and_of_other_hands_arrive(demo: Run, vectors: Path, folder: str) -> None:
    """Whatever prefixes and orders their writers chose."""
    result = demo("--packets", str(vectors / "axis-a" / "packets" / folder), "--json")
    assert result.exit_code == 0
    refused = [row["what"] for row in outcomes(result) if row["found"] == "refused"]
    assert refused == ([] if folder == "sdk-built" else ["edoc-hand-wrong-namespace.edxml"])


def test_folder_without_packets_is_wrong_use(demo: Run, tmp_path: Path) -> None:
    """Other files are ignored; with none left there is nothing to do."""
    (tmp_path / "note.txt").write_text("no packet", encoding="utf-8")
    result = demo("--packets", str(tmp_path))
    assert result.exit_code == 2
    assert "LT-CLI-005" in result.stderr


def test_packets_with_one_key_or_none_to_read_are_each_accounted_for(demo: Run, samples: Path, tmp_path: Path) -> None:
    """Two different packets under one number, the same packet twice, a DOCTYPE and an empty file."""
    folder = tmp_path / "packets"
    folder.mkdir()
    original = (samples / "edxml" / "document-zip-labelled-text.edxml").read_bytes()
    (folder / "a.edxml").write_bytes(original)
    (folder / "b.xml").write_bytes(original.replace(b"Local Aggregate Test", b"Another subject"))
    (folder / "c.edxml").write_bytes(original)
    (folder / "d.xml").write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    (folder / "e.xml").write_bytes(b"")
    result = demo("--packets", str(folder), "--json")
    assert result.exit_code == 0
    found = {row["what"]: row["found"] for row in outcomes(result)}
    assert found == {
        "a.edxml": "stored, same SHA-256",
        "b.xml": "stored, same SHA-256",
        "c.edxml": "stored, same SHA-256",
        "d.xml": "refused",
        "e.xml": "refused",
    }


@pytest.mark.parametrize(
    ("broken", "row"),
    [
        ("sent twice", "packet on the axis"),
        ("attachment corrupted", "attachments"),
        ("progress twice", "progress reports"),
        ("content invented", "content"),
    ],
)
def test_demo_notices_a_broken_product(demo: Run, monkeypatch: pytest.MonkeyPatch, broken: str, row: str) -> None:
    """Its rows are derived from what the systems hold, not from what should be."""
    from lienthong.connectors.document_axis.wire_a import WireA  # noqa: PLC0415
    from lienthong.connectors.service_portal.wire_g1 import WireG1  # noqa: PLC0415
    from lienthong.core.blob import Blob  # noqa: PLC0415
    from lienthong.schemas.dossier import DossierProgress, DossierRevision  # noqa: PLC0415
    from lienthong.sdk import outbox  # noqa: PLC0415

    send, push, attach = WireA.send, WireG1.push, outbox.attach
    match broken:
        case "sent twice":
            monkeypatch.setattr(WireA, "send", lambda self, parcel: (send(self, parcel), send(self, parcel))[1])
        case "attachment corrupted":
            monkeypatch.setattr(
                "lienthong.sdk.exchange.attach",
                lambda path, number: replace(attach(path, number), content=Blob.of_bytes(b"%PDF-1.4 other")),
            )
        case "progress twice":

            def twice(self: Any, batch: Any) -> Any:
                outcomes = push(self, batch)
                return push(self, batch) if isinstance(batch[0], DossierProgress) else outcomes

            monkeypatch.setattr(WireG1, "push", twice)
        case "content invented":

            def invent(self: Any, batch: Any) -> Any:
                return push(
                    self,
                    [
                        replace(item, dossier=item.dossier.model_copy(update={"applicant_name": "Không rõ"}))
                        if isinstance(item, DossierRevision)
                        else item
                        for item in batch
                    ],
                )

            monkeypatch.setattr(WireG1, "push", invent)
    result = demo("--json")
    assert result.exit_code == 1
    assert row in {found["what"] for found in outcomes(result) if not found["as_expected"]}


def test_second_demo_in_a_folder_is_refused_while_the_first_runs(demo: Run, tmp_path: Path) -> None:
    """They would empty each other's stores."""
    with only_one(tmp_path / "demo"):
        result = demo()
    assert result.exit_code == 2
    assert "LT-CLI-007" in result.stderr


def test_pages_of_airflow_and_a_folder_of_packets_exclude_each_other(demo: Run, tmp_path: Path) -> None:
    """An option that would do nothing is wrong use."""
    result = demo("--packets", str(tmp_path), "--ui")
    assert result.exit_code == 2
    assert "LT-CLI-008" in result.stderr


def test_packet_whose_identity_cannot_be_kept_is_refused_and_the_rest_travels(demo: Run, samples: Path, tmp_path: Path) -> None:
    """By name and with the field."""
    folder = tmp_path / "packets"
    folder.mkdir()
    good = (samples / "edxml" / "document-zip-labelled-text.edxml").read_bytes()
    (folder / "good.edxml").write_bytes(good)
    (folder / "long.edxml").write_bytes(good.replace(b"vxp.saas.02", b"v" * 5000))
    (folder / "nobody.edxml").write_bytes(
        re.sub(
            rb"(<edXML:ResponseFor>\s*)<edXML:OrganId>[^<]*</edXML:OrganId>", rb"\1", (samples / "edxml" / "status-03.edxml").read_bytes()
        )
    )
    result = demo("--packets", str(folder), "--json")
    assert result.exit_code == 0
    found = {row["what"]: row["found"] for row in outcomes(result)}
    assert found == {"good.edxml": "stored, same SHA-256", "long.edxml": "refused", "nobody.edxml": "refused"}
