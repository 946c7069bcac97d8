"""Checking packets."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lienthong.core.blob import Blob
from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import (
    Attachment,
    DocumentPacket,
    DocumentType,
    Packet,
    Party,
    SignerInfo,
    StatusPacket,
    TraceHeader,
    check_packet,
)
from lienthong.schemas.edxml.rules import RULES

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
FILE = Attachment(content_id="a1", name="a.pdf", media_type="application/pdf", content=Blob.of_bytes(b"%PDF-"))

DOCUMENTS: list[tuple[dict[str, object], str, str]] = [
    ({"sender": Party(code="")}, "LT-EDXML-201", "From/OrganId"),
    ({"recipients": ()}, "LT-EDXML-201", "To"),
    ({"recipients": (Party(code=" "),)}, "LT-EDXML-201", "To[1]/OrganId"),
    ({"number": ""}, "LT-EDXML-201", "Code/CodeNumber"),
    ({"notation": ""}, "LT-EDXML-201", "Code/CodeNotation"),
    ({"subject": "\n"}, "LT-EDXML-201", "Subject"),
    ({"document_id": ""}, "LT-EDXML-201", "DocumentId"),
    ({"document_type": DocumentType(name="")}, "LT-EDXML-201", "DocumentType/TypeName"),
    ({"signer": SignerInfo(full_name="")}, "LT-EDXML-201", "SignerInfo/FullName"),
    ({"promulgation_date": None}, "LT-EDXML-201", "PromulgationInfo/PromulgationDate"),
    ({"trace": ()}, "LT-EDXML-201", "TraceHeaderList/TraceHeader"),
    ({"promulgation_date": "2026-11-20"}, "LT-EDXML-202", "PromulgationInfo/PromulgationDate"),
    ({"due_date": "mai"}, "LT-EDXML-202", "DueDate"),
    ({"trace": (TraceHeader(organisation="H42", timestamp="mai"),)}, "LT-EDXML-202", "TraceHeader[1]/Timestamp"),
    ({"promulgation_date": date(2026, 11, 23)}, "LT-EDXML-203", "PromulgationInfo/PromulgationDate"),
    ({"recipients": (Party(code="G22"), Party(code="G22"))}, "LT-EDXML-204", "To/OrganId"),
    ({"subject": "x" * 501}, "LT-EDXML-205", "Subject"),
    ({"attachments": (FILE, FILE)}, "LT-EDXML-208", "Attachment/ContentId"),
    ({"attachments": (replace(FILE, name=""),)}, "LT-EDXML-201", "Attachment[1]/AttachmentName"),
    ({"sender": Party(code="null")}, "LT-EDXML-209", "From/OrganId"),
]
STATUSES: list[tuple[dict[str, object], str, str]] = [
    ({"status": "14"}, "LT-EDXML-206", "StatusCode"),
    ({"timestamp": ""}, "LT-EDXML-202", "Timestamp"),
    ({"status": Status.REJECTED, "description": ""}, "LT-EDXML-207", "Description"),
]


def found(packet: Packet, *, send: bool = True) -> list[tuple[str, str | None, str]]:
    problems = check_packet(packet, profile="send" if send else "read", now=NOW)
    return [(problem.code, problem.place.path if problem.place else None, problem.level) for problem in problems]


def test_right_packets_break_nothing(document: DocumentPacket, status: StatusPacket) -> None:
    """A complete document and status pass the stricter profile."""
    assert found(document) == found(status) == []


@pytest.mark.parametrize(("change", "code", "path"), DOCUMENTS)
def test_document_that_breaks_one_rule_is_told_so(document: DocumentPacket, change: dict[str, object], code: str, path: str) -> None:
    """One change gives one finding, at its place: an error on sending only where the rule's source is sure, else a warning."""
    broken = replace(document, **change)  # type: ignore[arg-type]
    sure = next(rule.certainty in ("P", "V") for rule in RULES if rule.code == code)
    assert found(broken) == [(code, path, "error" if sure else "warning")]
    assert found(broken, send=False) == [(code, path, "warning")]


@pytest.mark.parametrize(("change", "code", "path"), STATUSES)
def test_status_that_breaks_one_rule_is_told_so(status: StatusPacket, change: dict[str, object], code: str, path: str) -> None:
    """The same for status packets."""
    sure = next(rule.certainty in ("P", "V") for rule in RULES if rule.code == code)
    assert found(replace(status, **change)) == [(code, path, "error" if sure else "warning")]  # type: ignore[arg-type]


def test_every_rule_is_broken_by_a_test() -> None:
    """No rule stands there without a packet that breaks it, and codes are unique."""
    assert {rule.code for rule in RULES} == {code for _, code, _ in DOCUMENTS + STATUSES}
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_errors_come_first(document: DocumentPacket) -> None:
    """What stops a packet stands above what doesn't."""
    broken = replace(document, recipients=(Party(code="G22"), Party(code="G22")), number="")
    assert [level for _, _, level in found(broken)] == ["error", "warning"]


def test_today_is_told_in_viet_nam(document: DocumentPacket) -> None:
    """A document of the new day isn't from the future while it is still yesterday in UTC."""
    packet = replace(document, promulgation_date=date(2026, 11, 23))
    assert check_packet(packet, now=datetime(2026, 11, 22, 18, 0, tzinfo=UTC)) == ()
