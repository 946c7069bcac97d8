"""The schema of the packets, and what it finds in a packet that was read."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.findings import RULES, Rule
from lienthong.schemas.edxml.models import (
    DocumentPacket,
    StatusPacket,
)
from lienthong.schemas.edxml.reader import read_packet
from lienthong.schemas.edxml.structure import check_structure
from lienthong.schemas.edxml.writer import write_packet
from lienthong.schemas.errors import NotAPacket, NotWellFormed
from lienthong.schemas.xml import parse

XSD = files("lienthong.schemas.edxml").joinpath("packet.xsd").read_bytes()
LIBXML2 = etree.XMLSchema(etree.fromstring(XSD))
OURS = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}"
HEADER = "edXML/edXMLEnvelope/edXMLHeader"
MESSAGE = f"{HEADER}/MessageHeader"
MANIFEST = "edXML/edXMLEnvelope/edXMLBody/edXMLManifest"

Change = tuple[str, str]  # a piece of the written packet and what stands in its place

CHANGES: list[tuple[Rule, str, Change]] = [
    (found.UNEXPECTED, f"{MESSAGE}/New", ("<edXML:Subject>", "<edXML:New>1</edXML:New><edXML:Subject>")),
    (found.UNEXPECTED, f"{MESSAGE}/Subject", ("<edXML:Content>", "<x:Subject xmlns:x='urn:x'/><edXML:Content>")),
    (found.UNEXPECTED, f"{MESSAGE}/Subject", ("V/v", "<b/>V/v")),
    (found.ABSENT, f"{MESSAGE}/SteeringType", ("<edXML:SteeringType>2</edXML:SteeringType>", "")),
    (found.ABSENT, f"{MESSAGE}/To[1]/OrganId", ("<edXML:To>\n          <edXML:OrganId>H42.13</edXML:OrganId>", "<edXML:To>")),
    (found.SURPLUS, f"{MESSAGE}/Subject[2]", ("<edXML:Subject>", "<edXML:Subject>1</edXML:Subject><edXML:Subject>")),
    (found.WRONG_TYPE, f"{MESSAGE}/DueDate", ("2026/12/01", "2026-12-01")),
    (found.WRONG_TYPE, f"{MESSAGE}/DueDate", ("2026/12/01", "2026/13/01")),
    (found.WRONG_TYPE, f"{MESSAGE}/OtherInfo/PromulgationAmount", ("65535", "65536")),
    (found.WRONG_TYPE, f"{MESSAGE}/OtherInfo/Priority", ("<edXML:Priority>1", "<edXML:Priority>khẩn")),
    (found.WRONG_TYPE, f"{MESSAGE}/OtherInfo/Direction", ("false", "không")),
    (found.WRONG_TYPE, f"{HEADER}/TraceHeaderList/TraceHeader[1]/Timestamp", ("08:02:03", "24:02:03")),
    (found.WRONG_TYPE, f"{HEADER}/TraceHeaderList/Bussiness/Paper", ("<edXML:Paper>1", "<edXML:Paper>có")),
    (found.EMPTY, f"{MESSAGE}/DueDate", ("2026/12/01", " ")),
    (found.REQUIRED, f"{MESSAGE}/Subject", ("V/v kết nối &lt;liên thông&gt;", " <!-- none --> ")),
    (found.ATTRIBUTE, f"{MESSAGE}/Subject/@lang", ("<edXML:Subject>", "<edXML:Subject lang='vi'>")),
    (found.ATTRIBUTE, f"{MESSAGE}/@id", ("<edXML:MessageHeader>", "<edXML:MessageHeader id='1'>")),
    (found.STRAY_TEXT, f"{MESSAGE}/text()", ("<edXML:Subject>", "ở đây<edXML:Subject>")),
    (found.ORDER, f"{HEADER}/TraceHeaderList/Bussiness/Paper", ("<edXML:Paper>1</edXML:Paper>", "")),
    (found.SPELLING, f"{HEADER}/TraceHeaderList/Business", ("edXML:Bussiness>", "edXML:Business>")),
    (found.PREFIXES, f"{MESSAGE}/Subject", ("edXML:Subject>", "v:Subject>")),
]


def findings(raw: str | bytes) -> list[tuple[str, str | None]]:
    problems = check_structure(parse(raw if isinstance(raw, bytes) else raw.encode()))
    assert all(problem.level == "warning" and problem.place and problem.place.line for problem in problems)
    return [(problem.code, problem.place.path if problem.place else None) for problem in problems]


def changed(packet: DocumentPacket, change: Change) -> str:
    raw = write_packet(packet).decode()
    old, new = change
    assert old in raw
    raw = raw.replace("<edXML:edXMLEnvelope ", '<edXML:edXMLEnvelope xmlns:v="http://www.mic.gov.vn/TBT/QCVN_102_2016" ', 1)
    if change[0] == "<edXML:Paper>1</edXML:Paper>":  # moved to the end
        return raw.replace(old, "").replace("</edXML:Bussiness>", f"{old}</edXML:Bussiness>")
    return raw.replace(old, new) if new.startswith(("edXML:", "v:")) else raw.replace(old, new, 1)


def test_written_packets_are_valid(
    full_document: DocumentPacket, full_status: StatusPacket, document: DocumentPacket, status: StatusPacket
) -> None:
    """What our writer makes of right values is valid by libxml2, and nothing is found in it."""
    for packet in (document, status, full_document, full_status, replace(document, business=None, attachments=())):
        raw = write_packet(packet)
        LIBXML2.assertValid(etree.fromstring(raw))
        assert findings(raw) == []


@pytest.mark.parametrize(("rule", "path", "change"), CHANGES, ids=[f"{rule.code}-{path.rpartition('/')[2]}" for rule, path, _ in CHANGES])
def test_deviation_from_the_schema_is_told_with_its_path(full_document: DocumentPacket, rule: Rule, path: str, change: Change) -> None:
    """One change gives one finding, at its element."""
    assert findings(changed(full_document, change)) == [(rule.code, path)]


def test_every_rule_of_the_schema_is_broken_by_a_test() -> None:
    """No rule stands there without a packet that breaks it."""
    schema = {rule.code for rule in RULES if rule.code.startswith("LT-EDXML-22")}
    assert schema <= {rule.code for rule, _, _ in CHANGES}


def test_everything_that_deviates_is_told_at_once(full_document: DocumentPacket) -> None:
    """A missing, an unknown and a wrong element in one parent are three findings; a validator stops at the first."""
    raw = write_packet(full_document).decode()
    raw = raw.replace("<edXML:SteeringType>2</edXML:SteeringType>", "<edXML:New/>").replace("2026/12/01", "mai")
    assert findings(raw) == [
        ("LT-EDXML-224", f"{MESSAGE}/DueDate"),
        ("LT-EDXML-221", f"{MESSAGE}/New"),
        ("LT-EDXML-222", f"{MESSAGE}/SteeringType"),
    ]
    assert not LIBXML2.validate(etree.fromstring(raw.encode()))
    assert len(LIBXML2.error_log) == 2


def test_words_of_a_finding_are_ours_in_both_languages(full_document: DocumentPacket) -> None:
    """What is expected is said by the schema's own documentation, in each sentence's language."""
    [problem] = check_structure(parse(changed(full_document, ("2026/12/01", "mai")).encode()))
    assert problem.en == "MessageHeader/DueDate is not a date in the form yyyy/MM/dd."
    assert problem.vi == "MessageHeader/DueDate không phải là ngày theo dạng yyyy/MM/dd."
    [problem] = check_structure(
        parse(write_packet(full_document).replace(b"edXML:edXML", b"q:edXML").replace(b"xmlns:edXML", b"xmlns:q").replace(b"edXML:", b"q:"))
    )
    assert problem.vi.endswith("edXMLEnvelope mang tiền tố q; trục quốc gia yêu cầu tiền tố edXML (tổng cộng 116 phần tử).")


def test_order_and_prefixes_do_not_hide_or_make_other_findings(full_document: DocumentPacket) -> None:
    """The same packet in the default namespace and with its elements reversed deviates in just these two ways (D1, D2)."""
    root = etree.fromstring(write_packet(full_document).replace(b"<edXML:", b"<").replace(b"</edXML:", b"</"))
    for parent in root.iter():
        parent[:] = list(reversed(parent))
    codes = {code for code, _ in findings(etree.tostring(root))}
    assert codes == {found.ORDER.code, found.PREFIXES.code}


def test_content_of_an_attachment_alone_may_bear_a_prefix(full_document: DocumentPacket) -> None:
    """The SDK writes it so among elements without one; any other that does is told."""
    raw = write_packet(full_document).decode().replace("<AttachmentEncoded>", f'<AttachmentEncoded xmlns:edXML="{OURS[1:-1]}">')
    assert findings(raw.replace("ContentTransferEncoded>", "edXML:ContentTransferEncoded>")) == []
    assert findings(raw.replace("FieldName>", "edXML:FieldName>", 2)) == [
        ("LT-EDXML-228", "edXML/AttachmentEncoded/Attachment[1]/FieldName")
    ]


def test_elements_of_the_other_kind_of_packet_are_told(full_document: DocumentPacket, status: StatusPacket) -> None:
    """A document without trace and body, and a status with them, deviate, though XSD 1.0 can't say so."""
    raw = write_packet(full_document).decode()
    without = re.sub(r"<edXML:(TraceHeaderList|edXMLBody).*?</edXML:\1>", "", raw, flags=re.DOTALL)
    assert findings(without) == [("LT-EDXML-222", f"{HEADER}/TraceHeaderList"), ("LT-EDXML-222", "edXML/edXMLEnvelope/edXMLBody")]
    body = "<edXML:edXMLBody><edXML:edXMLManifest/></edXML:edXMLBody></edXML:edXMLEnvelope><AttachmentEncoded/>"
    told = findings(write_packet(status).decode().replace("</edXML:edXMLEnvelope>", body))
    assert told == [("LT-EDXML-221", "edXML/edXMLEnvelope/edXMLBody"), ("LT-EDXML-221", "edXML/AttachmentEncoded")]


def test_what_nobody_defines_is_left_alone(full_document: DocumentPacket) -> None:
    """Signatures in either namespace, `ReplyFors` and instance attributes are no deviation."""
    signatures = '<Signature><a b="1"/></Signature><edXML:DigitalSignature/><d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:a/></d:Signature>'
    raw = write_packet(full_document).decode()
    raw = raw.replace("</edXML:edXMLHeader>", f"{signatures}</edXML:edXMLHeader>")
    raw = raw.replace("</edXML:Appendixes>", "</edXML:Appendixes><edXML:ReplyFors><x y='1'>z</x></edXML:ReplyFors>")
    raw = raw.replace("<edXML xmlns", '<edXML xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a b" xmlns')
    raw = raw.replace("<edXML:Reference>", '<edXML:Reference xmlns:l="http://www.w3.org/1999/xlink" l:href="cid:1" l:type="simple">')
    assert findings(raw) == []


SHAKES: list[Callable[[etree._Element, random.Random], None]] = [
    lambda element, _: element.getparent().remove(element),  # type: ignore[union-attr]
    lambda element, _: element.addnext(etree.fromstring(etree.tostring(element, with_tail=False))),
    lambda element, _: element.addnext(etree.Element(f"{OURS}New")),
    lambda element, chance: setattr(element, "text", chance.choice(["", " ", "x", "2026/11/20", "7", "-7", "70000", "00", "true"])),
    lambda element, _: element.set("new", "1"),
    lambda element, chance: setattr(element, "tail", chance.choice([" ", "x", "\n"])),
]


@given(seed=st.integers(0, 2**32), is_status=st.booleans())
@settings(max_examples=400, deadline=None)
def test_libxml2_agrees_on_what_is_valid(full_document: DocumentPacket, full_status: StatusPacket, seed: int, is_status: bool) -> None:
    """However a packet in the guide's order is shaken, something is found in it exactly if libxml2 doesn't validate it."""
    chance = random.Random(seed)
    root = etree.fromstring(write_packet(full_status if is_status else full_document))
    for _ in range(chance.choice([0, 1, 1, 2, 5])):
        elements = [element for element in root.iter() if not element.tag.endswith(("}edXML", "}TraceHeaderList", "}edXMLBody"))]
        if elements:
            chance.choice(SHAKES)(chance.choice(elements), chance)
    raw = etree.tostring(root)
    told = [code for code, _ in findings(raw)]
    if found.ORDER.code in told:  # libxml2 wants the order
        return
    assert bool(set(told) - {found.PREFIXES.code}) == (not LIBXML2.validate(etree.fromstring(raw))), (told, LIBXML2.error_log)


def test_packets_of_others_deviate_only_as_is_known(samples: Path, vectors: Path) -> None:
    """Samples and what the SDK builds have their elements in another order, some other prefixes; nothing else is wrong with them."""
    known = {found.ORDER.code, found.PREFIXES.code}
    count = 0
    for path in sorted([*(samples / "edxml").glob("*.edxml"), *(vectors / "axis-a" / "packets").rglob("*.edxml")]):
        if path.name == "edoc-hand-dates.edxml":  # is there for its wrong date
            continue
        try:
            reading = read_packet(path)
        except (NotAPacket, NotWellFormed):
            continue
        assert {problem.code for problem in check_structure(reading.document)} <= known, path.name
        count += 1
    assert count > 30


@pytest.mark.parametrize(
    "many",
    [
        "<edXML:New/>" * 100_000,
        "".join(f"<edXML:New{number}/>" for number in range(50_000)),
        "<edXML:Subject>x</edXML:Subject>" * 100_000,
        "<edXML:DueDate>x</edXML:DueDate>" * 100_000,
        "<edXML:To><edXML:OrganId/></edXML:To>" * 50_000,
        "<edXML:ResponseFor><edXML:PromulgationDate>x</edXML:PromulgationDate></edXML:ResponseFor>" * 50_000,
    ],
    ids=lambda many: many[:20],
)
def test_packet_made_of_mistakes_gives_few_findings(full_document: DocumentPacket, many: str) -> None:
    """A hundred thousand deviations are few findings, and those of another kind aren't lost behind them."""
    raw = (
        write_packet(full_document)
        .decode()
        .replace("<edXML:Subject>", f"{many}<edXML:Subject>")
        .replace("edXML:SteeringType>", "edXML:New>")
    )
    told = {(problem.code, problem.place.path if problem.place else None) for problem in check_structure(parse(raw.encode()))}
    assert len(told) < 1100
    assert ("LT-EDXML-222", f"{MESSAGE}/SteeringType") in told


def test_schema_says_for_each_element_what_it_is_and_how_sure_that_is() -> None:
    """Every element and type has a word in both languages, and a source with its certainty."""
    schema = etree.fromstring(XSD)
    xs = "{http://www.w3.org/2001/XMLSchema}"
    for node in schema.iter(f"{xs}element", f"{xs}complexType", f"{xs}simpleType"):
        note = node.find(f"{xs}annotation")
        assert note is not None, node.get("name")
        assert re.match(r"[PVCSI] \S", note.findtext(f"{xs}appinfo") or "")
        assert [text.get("{http://www.w3.org/XML/1998/namespace}lang") for text in note.findall(f"{xs}documentation")] == ["vi", "en"]
        assert all(text.text for text in note.findall(f"{xs}documentation"))
