"""Profiles: what is an error for whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lienthong.core.blob import Blob
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.checking import check_reading
from lienthong.schemas.edxml.findings import RULES, Rule
from lienthong.schemas.edxml.models import Attachment, DocumentPacket, DocumentType, OtherInfo, Packet, Party, ResponseFor, StatusPacket
from lienthong.schemas.edxml.profiles import PROFILES, profile_named
from lienthong.schemas.edxml.reader import read_packet
from lienthong.schemas.edxml.rules import check_packet
from lienthong.schemas.edxml.writer import write_packet
from lienthong.schemas.errors import ProfileUnknown

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
UUID = "9fbfbad2-f1f8-4256-a2eb-50fb1061cddb"
PDF = Blob.of_bytes(b"%PDF-1.4\n%%EOF")
BIG = Attachment(content_id="a1", name="a.pdf", media_type="application/pdf", content=Blob(PDF.sha256, 50_000_001, PDF.read()))

REFUSED: list[tuple[str, Rule, dict[str, object]]] = [
    ("axis-bkav", found.REQUIRED, {"subject": ""}),
    ("axis-bkav", found.REQUIRED, {"number": ""}),
    ("axis-bkav", found.TOO_LONG, {"subject": "x" * 501}),
    ("axis-bkav", found.WEBSITE_LONG, {"recipients": (Party(code="G22", website="https://www.example.gov.vn"),)}),
    ("axis-bkav", found.CODE_OVER_13, {"recipients": (Party(code="H42.01.02.0003"),)}),
    ("axis-bkav", found.REPEATED_RECIPIENT, {"recipients": (Party(code="G22"), Party(code="G22"))}),
    ("axis-bkav", found.KIND_ACCEPTED, {"document_type": DocumentType(name="Công văn", number=18)}),
    ("axis-bkav", found.NUMBER_FORM, {"document_type": DocumentType(name="Công văn", number="x")}),
    ("axis-bkav", found.PRIORITY, {"other": OtherInfo(priority=5)}),
    ("axis-bkav", found.STEERING, {"steering_type": 3}),
    ("axis-bkav", found.AMOUNT_RANGE, {"other": OtherInfo(copies=65536)}),
    ("axis-bkav", found.FLAG_FORM, {"other": OtherInfo(direction="x")}),
    ("axis-bkav", found.DATE_FORM, {"due_date": "mai"}),
    ("axis-bkav", found.FUTURE_DATE, {"promulgation_date": date(2026, 11, 23), "document_id": UUID}),
    ("axis-langson", found.REQUIRED, {"subject": ""}),
    ("axis-langson", found.DATE_FORM, {"due_date": "mai"}),
    ("axis-langson", found.TOO_LARGE, {"attachments": (BIG,)}),
]


def levels(packet: Packet, profile: str) -> dict[str, str]:
    return {problem.code: problem.level for problem in check_packet(packet, profile=profile, now=NOW)}


@pytest.mark.parametrize(("profile", "rule", "change"), REFUSED, ids=[f"{name}-{rule.code}" for name, rule, _ in REFUSED])
def test_what_an_axis_refuses_is_an_error_there(document: DocumentPacket, profile: str, rule: Rule, change: dict[str, object]) -> None:
    """It is an error with the source that says so, and on reading only a warning, if that."""
    broken = replace(document, **change)  # type: ignore[arg-type]
    [problem] = [problem for problem in check_packet(broken, profile=profile, now=NOW) if problem.code == rule.code]
    assert problem.level == "error"
    assert (problem.source, problem.certainty) == (PROFILES[profile].refused[rule.code], PROFILES[profile].certainty)
    assert levels(broken, "read").get(rule.code, "warning") == "warning"


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"status": ""}, {"StatusCode"}),
        ({"response_for": ResponseFor(organisation="G22", code="", document_id="")}, {"ResponseFor/Code", "ResponseFor/DocumentId"}),
    ],
)
def test_status_without_what_bkav_needs_is_an_error_there(status: StatusPacket, change: dict[str, object], paths: set[str]) -> None:
    """Its checker wants StatusCode, and Code and DocumentId of ResponseFor."""
    problems = check_packet(replace(status, **change), profile="axis-bkav", now=NOW)  # type: ignore[arg-type]
    errors = {(problem.code, problem.place.path) for problem in problems if problem.level == "error" and problem.place}
    assert errors == {("LT-EDXML-201", path) for path in paths}


def test_other_prefixes_are_an_error_only_at_the_national_axis(document: DocumentPacket) -> None:
    """A provincial axis takes the default namespace, the national one doesn't (D1)."""
    raw = write_packet(document).replace(b"<edXML:", b"<").replace(b"</edXML:", b"</")
    reading = read_packet(raw)
    for name in PROFILES:
        [problem] = check_reading(reading, profile=name, now=NOW)
        assert (problem.code, problem.level) == ("LT-EDXML-228", "error" if name == "axis-national" else "warning")


@pytest.mark.parametrize(
    ("profile", "change", "code"),
    [
        ("axis-langson", lambda raw: raw.replace(b"<edXML:SteeringType>0</edXML:SteeringType>", b""), "LT-EDXML-201"),
        ("axis-langson", lambda raw: raw.replace(b"<edXML:edXMLManifest version=", b"<x/><edXML:edXMLManifest version="), None),
        (
            "axis-bkav",
            lambda raw: raw.replace(b"<edXML:FullName>", b"<edXML:Fullname>").replace(b"FullName>", b"Fullname>"),
            "LT-EDXML-201",
        ),
    ],
)
def test_structure_of_a_packet_is_judged_by_the_same_profiles(
    document: DocumentPacket, profile: str, change: Callable[[bytes], bytes], code: str | None
) -> None:
    """What the schema or the reader finds is an error where the axis refuses it."""
    problems = check_reading(read_packet(change(write_packet(document))), profile=profile, now=NOW)
    assert {problem.code for problem in problems if problem.level == "error"} == ({code} if code else set())


def test_nothing_is_an_error_on_reading(document: DocumentPacket) -> None:
    """The reader has refused what is unreadable or unsafe; whatever else is wrong, a packet that came is taken in."""
    assert PROFILES["read"].certain == frozenset()
    assert {PROFILES["read"].level(rule.code, rule.certainty) for rule in RULES} == {"warning"}
    assert set(levels(replace(document, subject="", number="", trace=()), "read").values()) == {"warning"}


def test_sending_refuses_only_what_a_primary_or_a_vendor_source_says() -> None:
    """An account of others never stops a packet that we send."""
    for rule in RULES:
        assert PROFILES["send"].level(rule.code, rule.certainty) == ("error" if rule.certainty in ("P", "V") else "warning")


def test_profiles_name_rules_that_there_are() -> None:
    """What a profile refuses or adds is a rule, and every narrow rule is named by one."""
    codes = {rule.code for rule in RULES}
    for name, profile in PROFILES.items():
        assert profile.name == name
        assert set(profile.refused) | profile.also <= codes
        assert profile.en
        assert profile.vi
    assert all(any(profile.sees(rule) for profile in PROFILES.values()) for rule in RULES)


def test_unknown_profile_is_refused_with_those_that_there_are(document: DocumentPacket) -> None:
    """A misspelt profile isn't taken for a lenient one."""
    with pytest.raises(ProfileUnknown) as refused:
        check_packet(document, profile="axis-bakv")
    assert refused.value.profile == "axis-bakv"
    assert "read, send, axis-national, axis-langson, axis-bkav" in refused.value.sentence("vi")
    assert profile_named("read") is PROFILES["read"]


def test_page_about_the_rules_names_every_profile() -> None:
    """Whoever chooses a profile finds what it is for."""
    page = (Path(__file__).parents[3] / "docs" / "explanation" / "edxml-rules.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in PROFILES)
