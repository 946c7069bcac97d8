"""Checking packets that were read: value, structure and the reader's findings together."""

import base64
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from lienthong.core.errors import LienthongError, Problem
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.checking import check_reading
from lienthong.schemas.edxml.findings import MOST, RULES, Rule
from lienthong.schemas.edxml.models import DocumentPacket, StatusPacket
from lienthong.schemas.edxml.profiles import PROFILES
from lienthong.schemas.edxml.reader import Reading, read_packet
from lienthong.schemas.edxml.writer import write_packet
from lienthong.schemas.errors import NotAPacket, NotWellFormed
from zips import zipped

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
HEADER = "edXML/edXMLEnvelope/edXMLHeader"
MESSAGE = f"{HEADER}/MessageHeader"
BODY = "edXML/edXMLEnvelope/edXMLBody"
PDF = base64.b64encode(b"%PDF-1.4\n%%EOF").decode()

ONCE: list[tuple[str, str, list[tuple[str, str]]]] = [  # what stands in the packet, what comes in its place, what is told
    (
        "<edXML:PromulgationDate>2026/11/20",
        "<edXML:PromulgationDate>mai",
        [("LT-EDXML-202", f"{MESSAGE}/PromulgationInfo/PromulgationDate")],
    ),
    ("<edXML:CodeNumber>12</edXML:CodeNumber>", "", [("LT-EDXML-201", f"{MESSAGE}/Code/CodeNumber")]),
    ("<edXML:CodeNumber>12</edXML:CodeNumber>", "<edXML:CodeNumber/>", [("LT-EDXML-201", f"{MESSAGE}/Code/CodeNumber")]),
    ("<edXML:Priority>1", "<edXML:Priority>x", [("LT-EDXML-210", f"{MESSAGE}/OtherInfo/Priority")]),
    ("<edXML:PageAmount>3", "<edXML:PageAmount>70000", [("LT-EDXML-212", f"{MESSAGE}/OtherInfo/PageAmount")]),
    ("<edXML:Subject>", "<edXML:Subject>1</edXML:Subject><edXML:Subject>", [("LT-EDXML-101", f"{MESSAGE}/Subject[1]")]),
    ("<edXML:Subject>", "<edXML:New>1</edXML:New><edXML:Subject>", [("LT-EDXML-112", f"{MESSAGE}/New")]),
    ("<edXML:Subject>", '<edXML:Subject lang="vi">', [("LT-EDXML-102", f"{MESSAGE}/Subject/@lang")]),
    ("<edXML:Subject>", "x<edXML:Subject>", [("LT-EDXML-102", f"{MESSAGE}/text()")]),
    (
        "<edXML:Subject>",
        "<edXML:DueDate/><edXML:Subject>",
        [("LT-EDXML-229", f"{MESSAGE}/DueDate"), ("LT-EDXML-227", f"{MESSAGE}/Subject")],
    ),
    ("</edXML:To>", "</edXML:To><edXML:To><edXML:OrganId/></edXML:To>", [("LT-EDXML-201", f"{MESSAGE}/To[2]/OrganId")]),
    ("<edXML:OrganId>G22", "<edXML:OrganId>null", [("LT-EDXML-209", f"{MESSAGE}/To[2]/OrganId")]),
    ('<edXML:edXMLManifest version="1.0">', '<edXML:edXMLManifest version="2.0">', [("LT-EDXML-102", f"{BODY}/edXMLManifest/@version")]),
    ("<edXML:edXMLBody>", '<edXML:edXMLBody version="1.0">', [("LT-EDXML-102", f"{BODY}/@version")]),
    ("edXML:Bussiness>", "edXML:Business>", [("LT-EDXML-116", f"{HEADER}/TraceHeaderList/Business")]),
    (
        "<edXML:ContentType>application/pdf",
        "<edXML:ContentType>application/zip",
        [("LT-EDXML-113", f"{BODY}/edXMLManifest/Reference/ContentType")],
    ),
    (
        "<edXML:ContentId>cid:a1",
        "<edXML:ContentId>a1",
        [("LT-EDXML-115", f"{BODY}/edXMLManifest/Reference/ContentId")],
    ),
]

COMPARED = (  # values that software compares, or reads as a number, a date or a flag
    *(
        "OrganId",
        "CodeNumber",
        "CodeNotation",
        "Code",
        "DocumentId",
        "TaskCode",
        "ApplicationType",
        "StaffId",
        "DepartmentId",
        "StatusCode",
    ),
    *("PromulgationDate", "DueDate", "Timestamp", "Type", "TypeDetail", "Priority", "PromulgationAmount", "PageAmount", "SteeringType"),
    *("Direction", "BussinessDocType", "Paper", "DocumentInfo", "DocumentReceiver", "ReceiverType", "ContentId", "ContentType"),
)


NOTED: list[tuple[Rule, str, str]] = [
    (found.REPEATED, "<edXML:Subject>", "<edXML:Subject>1</edXML:Subject><edXML:Subject>"),
    (found.NOT_TAKEN_OVER, "<edXML:Subject>", '<edXML:Subject lang="vi">'),
    (found.MISSING, "<edXML:CodeNumber>12</edXML:CodeNumber>", ""),
    (found.KEPT_AS_TEXT, "<edXML:Priority>1", "<edXML:Priority>x"),
    (found.NO_ATTACHMENT, "<edXML:ContentId>cid:a1", "<edXML:ContentId>cid:a2"),
    (found.NO_REFERENCE, "<edXML:ContentId>cid:a1", "<edXML:ContentId>cid:a2"),
    (found.MISLABELLED, "<ContentType>application/pdf", "<ContentType>application/zip"),
    (found.ZIP_KEPT, PDF, base64.b64encode(zipped(("a.pdf", b"a"), ("b.pdf", b"b"))).decode()),
    (found.NAMES_DIFFER, "<edXML:AttachmentName>", "<edXML:AttachmentName>x"),
    (found.TOO_MANY, "<edXML:Subject>", "<edXML:New>x</edXML:New>" * (MOST + 1) + "<edXML:Subject>"),
    (found.UNKNOWN_KEPT, "<edXML:Subject>", "<edXML:New>1</edXML:New><edXML:Subject>"),
    (found.TYPES_DIFFER, "<edXML:ContentType>application/pdf", "<edXML:ContentType>application/zip"),
    (found.DESCRIPTIONS_DIFFER, "<edXML:Description>Tờ trình", "<edXML:Description>Dự thảo"),
    (found.IDS_DIFFER, "<edXML:ContentId>cid:a1", "<edXML:ContentId>a1"),
    (found.SPELLING, "edXML:Bussiness>", "edXML:Business>"),
]


def described(document: DocumentPacket) -> DocumentPacket:
    return replace(document, attachments=tuple(replace(attachment, description="Tờ trình") for attachment in document.attachments))


def told(reading: Reading) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.place.path if problem.place else None) for problem in check_reading(reading, now=NOW)]


def at(problem: Problem) -> tuple[int, str]:
    assert problem.place is not None
    assert problem.place.line is not None
    assert problem.place.path is not None
    return problem.place.line, problem.place.path


def changed(document: DocumentPacket, old: str, new: str) -> str:
    raw = write_packet(document).decode()
    assert old in raw
    return raw.replace(old, new) if old.startswith("edXML:") else raw.replace(old, new, 1)


def test_right_packets_have_no_finding(document: DocumentPacket, status: StatusPacket) -> None:
    """What we write and read back passes every profile."""
    for packet in (document, status):
        for name in PROFILES:
            assert check_reading(read_packet(write_packet(packet)), profile=name, now=NOW) == ()


@pytest.mark.parametrize(("old", "new", "expected"), ONCE, ids=[f"{new}-{rows[0][0]}" for _, new, rows in ONCE])
def test_each_deviation_is_told_once(document: DocumentPacket, old: str, new: str, expected: list[tuple[str, str]]) -> None:
    """What value, reader and schema all see is one finding: the most specific."""
    assert told(read_packet(changed(document, old, new).encode())) == expected


def test_each_deviation_is_told_once_in_a_packet_of_one_line(document: DocumentPacket) -> None:
    """Elements are told apart by their path, not by their line."""
    raw = "".join(line.strip() for line in changed(document, "<edXML:OrganId>G22", "<edXML:OrganId>null").splitlines())
    raw = raw.replace("<edXML:To>", "<edXML:To><edXML:New>x</edXML:New>").replace("<edXML:CodeNumber>12<", "<edXML:CodeNumber><")
    assert sorted(told(read_packet(raw.encode()))) == [
        ("LT-EDXML-112", f"{MESSAGE}/To[1]/New"),
        ("LT-EDXML-112", f"{MESSAGE}/To[2]/New"),
        ("LT-EDXML-201", f"{MESSAGE}/Code/CodeNumber"),
        ("LT-EDXML-209", f"{MESSAGE}/To[2]/OrganId"),
    ]


def test_white_space_around_a_value_that_software_compares_is_layout(full_document: DocumentPacket, full_status: StatusPacket) -> None:
    """A packet that is indented down to its codes, numbers and dates is the same packet, and nothing more is told of it."""
    indented = set()
    for packet in (full_document, full_status):
        raw = write_packet(packet)
        root = etree.fromstring(raw)
        for element in root.iter("*"):
            name = etree.QName(element).localname
            if name in COMPARED and not len(element):
                element.text = f"\n\t {element.text} \n"
                indented.add(name)
        reading = read_packet(etree.tostring(root))
        assert reading.packet == packet
        assert told(reading) == told(read_packet(raw))
    assert indented == set(COMPARED)


@pytest.mark.parametrize(
    ("side", "name"),
    [
        *(("Reference", "AttachmentName"), ("Reference", "Description"), ("Reference", "ContentType")),
        *(("Attachment", "Description"), ("Attachment", "ContentType")),  # its name must be there
    ],
)
def test_what_manifest_or_attachment_leaves_out_is_no_difference(document: DocumentPacket, side: str, name: str) -> None:
    """They are compared where both say something."""
    root = etree.fromstring(write_packet(described(document)))
    [parent] = root.iter(f"{{*}}{side}")
    [child] = parent.iter(f"{{*}}{name}")
    parent.remove(child)
    assert told(read_packet(etree.tostring(root))) == []


@pytest.mark.parametrize(("rule", "old", "new"), NOTED, ids=[rule.code for rule, _, _ in NOTED])
def test_what_the_reader_notes_is_an_error_on_sending_only_where_its_source_is_sure(
    document: DocumentPacket, rule: Rule, old: str, new: str
) -> None:
    """Each of its rules can be broken, and none of them stops a packet for a guess of ours or an account of others."""
    reading = read_packet(changed(described(document), old, new).encode())
    problems = check_reading(reading, profile="send", now=NOW)
    assert rule.code in {problem.code for problem in (*reading.findings, *problems)}
    assert all((problem.level == "error") == (problem.certainty in ("P", "V")) for problem in problems)


def test_every_rule_of_the_reader_is_broken_by_a_test() -> None:
    """No rule stands there without a packet that breaks it; those of values and of the schema have tests of their own."""
    assert {rule.code for rule, _, _ in NOTED} == {rule.code for rule in RULES if rule.code.startswith("LT-EDXML-1")}


def test_missing_group_is_not_told_again_as_a_missing_group(document: DocumentPacket) -> None:
    """A missing SignerInfo is the missing name of the signer, at the line of what it is missing in."""
    raw = write_packet(document).decode()
    start, end = raw.index("<edXML:SignerInfo>"), raw.index("</edXML:SignerInfo>") + len("</edXML:SignerInfo>")
    [problem] = check_reading(read_packet((raw[:start] + raw[end:]).encode()), now=NOW)
    line = raw[: raw.index("<edXML:MessageHeader>")].count("\n") + 1
    assert (problem.code, *at(problem)) == ("LT-EDXML-201", line, f"{MESSAGE}/SignerInfo/FullName")


def test_places_are_those_of_the_bytes(document: DocumentPacket) -> None:
    """A finding of the value has the line of its element, also behind an element that says nothing."""
    raw = changed(document, "<edXML:To>", "<edXML:To/>\n<edXML:To>").replace("Sở Nội vụ", "undefined")
    [absent, filler] = check_reading(read_packet(raw.encode(), source="a.edxml"), now=NOW)
    assert (absent.code, at(absent)[1]) == ("LT-EDXML-222", f"{MESSAGE}/To[1]/OrganId")
    line = raw[: raw.index("undefined")].count("\n") + 1
    assert (filler.code, *at(filler)) == ("LT-EDXML-209", line, f"{MESSAGE}/To[2]/OrganName")
    assert filler.place is not None
    assert filler.place.source == "a.edxml"


def test_attachments_and_manifest_are_reconciled_once(document: DocumentPacket) -> None:
    """Each difference between an attachment and its line is one finding, whoever sees it first."""
    second = replace(document.attachments[0], content_id="a2", name="b.pdf")
    raw = write_packet(replace(document, attachments=(*document.attachments, second))).decode()
    manifest, attached = raw.split("</edXML:edXMLManifest>")
    manifest = manifest.replace("cid:a2", "cid:a3").replace("tờ-trình.pdf", "khác.pdf")
    problems = check_reading(read_packet(f"{manifest}</edXML:edXMLManifest>{attached}".encode()), now=NOW)
    assert Counter(problem.code for problem in problems) == {"LT-EDXML-106": 1, "LT-EDXML-107": 1, "LT-EDXML-110": 1}
    assert all(at(problem) for problem in problems)


def test_errors_come_first_and_then_lines(document: DocumentPacket) -> None:
    """Who must mend a packet starts with what stops it."""
    raw = changed(document, "<edXML:OrganId>G22", "<edXML:OrganId>null").replace("<edXML:FullName>Trần Thị B</edXML:FullName>", "")
    raw = raw.replace("<edXML:CodeNumber>12<", "<edXML:CodeNumber><")
    problems = check_reading(read_packet(raw.encode()), profile="send", now=NOW)
    assert [problem.level for problem in problems] == ["error", "error", "warning"]
    assert at(problems[0]) < at(problems[1])


@pytest.mark.parametrize(
    "many",
    [
        "<edXML:New>x</edXML:New>" * 15_000,
        "<edXML:To><edXML:OrganId>x y</edXML:OrganId></edXML:To>" * 10_000,
        "<edXML:To><edXML:OrganId/></edXML:To>" * 10_000,
        "<edXML:ToPlaces>" + "<edXML:Place>null</edXML:Place>" * 20_000 + "</edXML:ToPlaces>",
    ],
    ids=lambda many: many[:30],
)
def test_packet_made_of_mistakes_gives_few_findings_of_a_kind_and_its_errors(document: DocumentPacket, many: str) -> None:
    """Whatever is piled up, the findings stay readable and an error stays the first of them."""
    raw = changed(document, "<edXML:Subject>", f"{many}<edXML:Subject>").replace("<edXML:FullName>Trần Thị B</edXML:FullName>", "")
    problems = check_reading(read_packet(raw.encode()), profile="send", now=NOW)
    assert MOST < len(problems) < 3 * MOST
    assert problems[-1].code == "LT-EDXML-111"
    assert "error" in {problem.level for problem in problems}


@given(seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_can_be_read_can_be_checked(document: DocumentPacket, seed: int) -> None:
    """A packet out of joint gives findings with places, none of them twice, and never another error."""
    chance = random.Random(seed)
    root = etree.fromstring(write_packet(document))
    for _ in range(chance.randrange(1, 6)):
        elements = [element for element in root.iter() if element is not root]
        if elements:
            chance.choice(SHAKES)(chance.choice(elements), chance)
    try:
        reading = read_packet(etree.tostring(root))
    except LienthongError:
        return
    for name in PROFILES:
        problems = check_reading(reading, profile=name, now=NOW)
        assert all(at(problem) for problem in problems)
        assert max(Counter((problem.code, *at(problem), problem.en) for problem in problems).values(), default=1) == 1


SHAKES: list[Callable[[etree._Element, random.Random], object]] = [
    lambda element, _: element.getparent().remove(element),  # type: ignore[union-attr]
    lambda element, _: element.addnext(etree.fromstring(etree.tostring(element, with_tail=False))),
    lambda element, _: element.getparent().insert(0, element),  # type: ignore[union-attr]
    lambda element, _: element.addprevious(etree.Element("{http://www.mic.gov.vn/TBT/QCVN_102_2016}BusinessNew")),
    lambda element, chance: setattr(element, "text", chance.choice(["", " ", "x", "null", "2026/02/30", "-7", "70000", "true"])),
    lambda element, _: element.set("new", "1"),
    lambda element, chance: setattr(element, "tail", chance.choice([" ", "x"])),
]


def readable(folder: Path) -> Iterator[tuple[str, Reading]]:
    for path in sorted(folder.rglob("*.edxml")):
        try:
            yield path.name, read_packet(path, source=path.name)
        except (NotAPacket, NotWellFormed):
            continue


@pytest.mark.parametrize("of", ["samples", "vectors"])
def test_packets_of_others_have_no_error_on_reading(of: str, request: pytest.FixtureRequest) -> None:
    """Whatever real software wrote and can be read passes profile read, and each finding has its place."""
    count = 0
    for name, reading in readable(request.getfixturevalue(of)):
        for problem in check_reading(reading, now=NOW):
            assert problem.level == "warning", name
            assert at(problem)
        count += 1
    assert count >= (6 if of == "samples" else 25)
