"""What is written says what the packet says and can be read again; anything else is refused."""

import json
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.core.blob import Blob
from lienthong.schemas.codes import BusinessType
from lienthong.schemas.edxml import (
    Attachment,
    Business,
    DocumentPacket,
    OtherElement,
    OtherInfo,
    Packet,
    PacketError,
    Party,
    Replacement,
    StatusPacket,
    TraceHeader,
    Transfer,
    UpdateInfo,
    packet_from_json,
    packet_to_json,
    parse_json,
    read_packet,
    stream_packet,
    write_packet,
)
from lienthong.schemas.edxml.elements import has_text
from lienthong.schemas.edxml.reader import MOST_ATTACHMENTS, PACKET_CAPS
from lienthong.schemas.errors import FieldUnwritable, JsonUnusable
from zips import zipped

OURS = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
HEADER = "edXMLEnvelope/edXMLHeader"
MESSAGE = f"{HEADER}/MessageHeader"
TRACES = f"{HEADER}/TraceHeaderList"
MANIFEST = "edXMLEnvelope/edXMLBody/edXMLManifest"
ENCODED = "edXML/AttachmentEncoded/Attachment/ContentTransferEncoded"
Changes = dict[str, Any]


def other(name: str, text: str = "", *children: OtherElement, inside: str = MESSAGE) -> OtherElement:
    return OtherElement(name=f"{{{OURS}}}{name}", text=text, children=children, inside=inside)


def said(name: str, text: str) -> OtherElement:
    return other(name, text, inside="")


def refused(packet: Packet) -> str:
    with pytest.raises(FieldUnwritable) as caught:
        write_packet(packet)
    assert caught.value.sentence("vi") != caught.value.sentence("en")
    return caught.value.element


def returns(packet: Packet) -> bool:
    return read_packet(write_packet(packet)).packet == packet


# Kept elements


@pytest.mark.parametrize(
    ("changes", "kept", "element"),
    [
        ({"business": None}, other("Bussiness", "", said("BussinessDocType", "1"), inside=TRACES), f"{TRACES}/Bussiness"),
        ({"business": None}, other("Business", "", said("BusinessDocType", "1"), inside=TRACES), f"{TRACES}/Bussiness"),
        ({}, other("Bussiness", "", said("BussinessDocType", "1"), inside=TRACES), f"{TRACES}/Bussiness"),
        ({}, other("Bussiness", "", said("BussinessDocType", "1"), inside=HEADER), f"{HEADER}/Bussiness"),
        ({}, other("Bussiness", "", said("BussinessDocType", "1")), f"{MESSAGE}/Bussiness"),
        ({"document_id": ""}, other("DocumentId", "B"), f"{MESSAGE}/DocumentId"),
        ({}, other("Content", "ẩn"), f"{MESSAGE}/Content"),
        ({}, other("Content", " "), f"{MESSAGE}/Content"),
        ({}, other("To", "", said("OrganId", "H42.99")), f"{MESSAGE}/To"),
        ({}, other("ResponseFor", "", said("Code", "1/A")), f"{MESSAGE}/ResponseFor"),
        ({}, other("StatusCode", "03"), f"{MESSAGE}/StatusCode"),
        ({}, other("StatusCode"), f"{MESSAGE}/StatusCode"),
        ({"to_places": ()}, other("ToPlaces", "", said("Place", "x")), f"{MESSAGE}/ToPlaces"),
        ({}, other("Place", "x", inside=f"{MESSAGE}/ToPlaces"), f"{MESSAGE}/ToPlaces/Place"),
        ({"promulgation_place": ""}, other("Place", "x", inside=f"{MESSAGE}/PromulgationInfo"), f"{MESSAGE}/PromulgationInfo/Place"),
        ({}, other("TraceHeader", "", said("OrganId", "G22"), inside=TRACES), f"{TRACES}/TraceHeader"),
        ({}, other("Reference", "", said("ContentId", "z"), inside=MANIFEST), f"{MANIFEST}/Reference"),
        ({}, other("Attachment", "", said("ContentId", "z"), inside="AttachmentEncoded"), "AttachmentEncoded/Attachment"),
        ({}, other("Attachment", inside="AttachmentEncoded"), "AttachmentEncoded/Attachment"),
        ({"attachments": ()}, other("AttachmentEncoded", "", said("X", ""), inside=""), "AttachmentEncoded"),
        ({}, other("X", "", said("ContentTransferEncoded", "QUJD")), f"{MESSAGE}/X/ContentTransferEncoded"),
        ({}, other("X", "", OtherElement(name="ContentTransferEncoded")), f"{MESSAGE}/X/ContentTransferEncoded"),
        ({"other": OtherInfo(others=(said("ReplyFors", "x"),))}, other("X"), f"{MESSAGE}/OtherInfo/ReplyFors"),
        ({"sender": Party(code="G22", others=(said("Email", "a@b.vn"),))}, other("X"), f"{MESSAGE}/From/Email"),
    ],
)
def test_kept_element_that_would_be_read_as_a_value_is_refused(
    document: DocumentPacket, changes: Changes, kept: OtherElement, element: str
) -> None:
    """What the packet's fields don't say is never said by what is kept beside them: no recall, no recipient, no file."""
    assert refused(replace(document, **changes, others=(kept,))) == f"edXML/{element}"


def test_second_value_that_was_set_aside_stays_aside(document: DocumentPacket) -> None:
    """Of two DocumentIds the second is kept; it doesn't take the place of the first once that is emptied."""
    written = write_packet(document)
    twice = written.replace(b"</edXML:DocumentId>", b"</edXML:DocumentId><edXML:DocumentId>B</edXML:DocumentId>", 1)
    packet = read_packet(twice).packet
    assert isinstance(packet, DocumentPacket)
    assert returns(packet)
    assert refused(replace(packet, document_id="")) == f"edXML/{MESSAGE}/DocumentId"


def test_code_of_a_document_in_a_status_is_refused(status: StatusPacket) -> None:
    """No packet is a document for one reader and a status for another."""
    assert refused(replace(status, others=(other("Code"),))) == f"edXML/{MESSAGE}/Code"


def test_kept_element_that_says_nothing_more_is_written(document: DocumentPacket) -> None:
    """Empty elements, and a second one behind a value, are written back as they were kept."""
    kept = (
        other("AttachmentEncoded", "thừa", inside=""),
        other("Bussiness", "x", inside=TRACES),
        other("Content"),
        other("DocumentId", "B"),
        other("DueDate", " "),
        other("Subject", "hai"),
        other("To", "x"),
        other("ToPlaces", "", said("Place", "x")),
    )
    assert returns(replace(document, others=tuple(sorted(kept, key=lambda element: (element.inside, element.name)))))


def test_whole_element_of_another_name_is_refused(document: DocumentPacket) -> None:
    """ReplyFors is an element of that name with a text, or none."""
    for element in (said("Khác", "x"), said("ReplyFors", ""), other("ReplyFors", "x")):
        assert refused(replace(document, other=OtherInfo(reply_fors=element))) == f"edXML/{MESSAGE}/OtherInfo/ReplyFors"
    assert returns(replace(document, other=OtherInfo(reply_fors=said("ReplyFors", "x"))))


def test_text_behind_a_kept_element_is_refused(document: DocumentPacket) -> None:
    """Nobody would keep it."""
    assert refused(replace(document, others=(replace(other("X"), tail="x"),))) == f"edXML/{MESSAGE}"


# Attachments


@pytest.fixture
def wrapped(document: DocumentPacket) -> Attachment:
    """An attachment that came in a zip."""
    content = zipped(("7e.pdf", document.attachments[0].content.read()))
    return replace(
        document.attachments[0], transfer=Transfer(content_id="cid:a1", media_type="application/zip", content=Blob.of_bytes(content))
    )


def with_attachment(packet: DocumentPacket, attachment: Attachment) -> DocumentPacket:
    return replace(packet, attachments=(attachment,))


class Nothing:
    """Fails the test where anything is written to it."""

    def write(self, content: bytes, /) -> object:
        pytest.fail("a refused packet was written in part")


def test_exchanged_file_does_not_leave_as_the_old_one(document: DocumentPacket, wrapped: Attachment) -> None:
    """Who exchanges a file and leaves `transfer` in place is told to leave it out, and nothing is written."""
    assert returns(with_attachment(document, wrapped))
    exchanged = replace(wrapped, content=Blob.of_bytes(b"%PDF-1.7 new"))
    with pytest.raises(FieldUnwritable) as caught:
        stream_packet(with_attachment(document, exchanged), Nothing())
    assert caught.value.element == ENCODED
    assert "leave transfer out" in caught.value.sentence("en")
    assert "hãy bỏ transfer" in caught.value.sentence("vi")
    assert refused(replace(document, attachments=(document.attachments[0], exchanged))) == ENCODED.replace("/Con", "[2]/Con")
    sent = replace(exchanged, transfer=None)
    assert returns(with_attachment(document, sent))


def test_bytes_that_are_no_wrapping_are_refused(document: DocumentPacket, wrapped: Attachment) -> None:
    """`transfer.content` is a zip around the content: not the content, not anything else, not a trap."""
    assert wrapped.transfer is not None
    leads_out = zipped(("../7e.pdf", wrapped.content.read()))
    for content in (wrapped.content, Blob.of_bytes(b"other"), Blob.of_bytes(leads_out)):
        assert refused(with_attachment(document, replace(wrapped, transfer=replace(wrapped.transfer, content=content)))) == ENCODED
    assert refused(with_attachment(document, replace(wrapped, name="a.zip"))) == ENCODED


def test_file_exchanged_in_json_is_refused(document: DocumentPacket, wrapped: Attachment) -> None:
    """The same by hand in a packet's JSON."""
    plain = json.loads(json.dumps(packet_to_json(with_attachment(document, wrapped))))
    assert packet_from_json(plain) == with_attachment(document, wrapped)
    plain["attachments"][0]["content"] = {"sha256": Blob.of_bytes(b"new").sha256, "size": 3, "base64": "bmV3"}
    with pytest.raises(JsonUnusable) as caught:
        packet_from_json(parse_json(json.dumps(plain).encode()))
    assert caught.value.place.path == "/attachments/0/transfer/content"
    assert "hãy bỏ transfer" in caught.value.sentence("vi")


@pytest.mark.parametrize("content_id", ["cid:a1", "a1 ", "a1\n"])
def test_id_that_would_come_back_another_is_refused(document: DocumentPacket, content_id: str) -> None:
    """An attachment's id stands without `cid:` and white space, on the wire as in the packet."""
    attachment = replace(document.attachments[0], content_id=content_id)
    assert refused(with_attachment(document, attachment)).endswith("/ContentId")
    assert refused(replace(document, manifest=(), attachments=(attachment,))) == "edXML/AttachmentEncoded/Attachment/ContentId"
    strayed = Transfer(content_id="cid:a2", media_type="application/pdf")
    assert refused(with_attachment(document, replace(document.attachments[0], transfer=strayed))).endswith("/ContentId")


# What a reader can't do without


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"sender": Party(code="", name="Sở Nội vụ")}, "From/OrganId"),
        ({"recipients": ()}, "To/OrganId"),
        ({"recipients": (Party(code="", name="Sở Nội vụ"), Party(code=""))}, "To/OrganId"),
    ],
)
def test_document_without_sender_or_recipient_is_refused(document: DocumentPacket, changes: Changes, element: str) -> None:
    """Nobody could read it; bytes for comparing are given all the same."""
    packet = replace(document, **changes)
    assert refused(packet) == f"edXML/{MESSAGE}/{element}"
    assert b"<edXML:Subject>" in write_packet(packet, partial=True)
    assert write_packet(document, partial=True) == write_packet(document)


def test_status_without_what_tells_it_is_refused(status: StatusPacket) -> None:
    """It needs a sender, the organisation it goes to, and a code; one whose code came empty is written back so."""
    assert refused(replace(status, sender=Party(code=""))) == f"edXML/{MESSAGE}/From/OrganId"
    assert refused(replace(status, response_for=replace(status.response_for, organisation=""))) == f"edXML/{MESSAGE}/ResponseFor/OrganId"
    assert refused(replace(status, status="")) == f"edXML/{MESSAGE}/StatusCode"
    assert returns(replace(status, status="", others=(other("StatusCode"),)))


# Caps


def many_attachments(packet: DocumentPacket, count: int) -> DocumentPacket:
    return replace(packet, attachments=tuple(replace(packet.attachments[0], content_id=f"a{number}") for number in range(count)))


def with_kept(packet: DocumentPacket, element: OtherElement) -> DocumentPacket:
    return replace(packet, others=(replace(element, inside=MESSAGE),))


def namespaces(count: int) -> OtherElement:
    return OtherElement(name="x", text="t", attributes=tuple(sorted((f"{{urn:{number}}}a", "1") for number in range(count))))


CAPPED: list[tuple[str, Callable[[DocumentPacket, int], DocumentPacket], int, int]] = [
    ("attachments", many_attachments, MOST_ATTACHMENTS, MOST_ATTACHMENTS + 1),
    ("text", lambda packet, size: replace(packet, content="x" * size), PACKET_CAPS.tree - (1 << 17) - 8192, PACKET_CAPS.tree),
    ("errors", lambda packet, count: replace(packet, errors=(PacketError(code="E"),) * count), 40_000, PACKET_CAPS.nodes // 2),
    ("namespaces", lambda packet, count: with_kept(packet, namespaces(count)), PACKET_CAPS.namespaces - 3, PACKET_CAPS.namespaces - 2),
    (
        "attributes",
        lambda packet, count: with_kept(packet, OtherElement(name="x", text="t", attributes=tuple((f"a{n:03}", "") for n in range(count)))),
        PACKET_CAPS.attributes,
        PACKET_CAPS.attributes + 1,
    ),
    (
        "namespace's length",
        lambda packet, length: with_kept(packet, OtherElement(name=f"{{urn:{'x' * (length - 4)}}}x", text="t")),
        PACKET_CAPS.namespace_length - 8,
        PACKET_CAPS.namespace_length + 1,
    ),
    ("name's length", lambda packet, length: with_kept(packet, OtherElement(name="x" * length, text="t")), 50_000, 50_001),
]


@pytest.mark.parametrize(("change", "fits", "exceeds"), [row[1:] for row in CAPPED], ids=[row[0] for row in CAPPED])
def test_packet_beyond_a_cap_is_refused(
    document: DocumentPacket, change: Callable[[DocumentPacket, int], DocumentPacket], fits: int, exceeds: int
) -> None:
    """What readers take at most is written, and can be read; more isn't written."""
    assert returns(change(document, fits))
    assert refused(change(document, exceeds)) == "edXML"


def test_packet_of_too_many_bytes_is_refused_unread(document: DocumentPacket, tmp_path: Path) -> None:
    """Its size is known from its attachments' before any is opened."""
    large = Blob.stored("0" * 64, PACKET_CAPS.bytes // 4 * 3, tmp_path / "none")
    assert refused(with_attachment(document, replace(document.attachments[0], content=large))) == "edXML"


@pytest.mark.parametrize("namespace", ["http://sp ace", "not a uri {", "é", "%zz", "["])
def test_namespace_that_is_no_uri_is_refused(document: DocumentPacket, namespace: str) -> None:
    """No parser would take it, for an element or an attribute."""
    assert refused(with_kept(document, OtherElement(name=f"{{{namespace}}}x", text="t"))) == f"edXML/{MESSAGE}/x"
    assert refused(replace(document, trace_attributes=((f"{{{namespace}}}x", "t"),))) == f"edXML/{TRACES}/@x"


def test_xml_id_that_parsers_refuse_is_refused(document: DocumentPacket) -> None:
    """It must be a name, and only one may bear it."""
    name = "{http://www.w3.org/XML/1998/namespace}id"
    elements = [OtherElement(name="x", text="t", attributes=((name, value),), inside=MESSAGE) for value in ("a", "1 2")]
    assert returns(replace(document, others=(elements[0],)))
    assert refused(replace(document, others=(elements[1],))) == "edXML"
    assert refused(replace(document, others=(elements[0], elements[0]))) == "edXML"


# Values


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"steering_type": 1.9}, f"{MESSAGE}/SteeringType"),
        ({"steering_type": True}, f"{MESSAGE}/SteeringType"),
        ({"steering_type": 10**18}, f"{MESSAGE}/SteeringType"),
        ({"steering_type": -(10**30)}, f"{MESSAGE}/SteeringType"),
        ({"steering_type": " 1"}, f"{MESSAGE}/SteeringType"),
        ({"business": Business(type=7)}, f"{TRACES}/Bussiness/BussinessDocType"),
        ({"business": Business(paper=1)}, f"{TRACES}/Bussiness/Paper"),
        ({"other": OtherInfo(direction=0)}, f"{MESSAGE}/OtherInfo/Direction"),
        ({"sender": Party(code=" G22 ")}, f"{MESSAGE}/From/OrganId"),
        ({"recipients": (Party(code="G22\n"),)}, f"{MESSAGE}/To/OrganId"),
        ({"number": "12 "}, f"{MESSAGE}/Code/CodeNumber"),
        ({"document_id": "\t1"}, f"{MESSAGE}/DocumentId"),
        ({"tasks": (" ",)}, f"{MESSAGE}/ResponseForTask/TaskCode"),
        ({"due_date": "hôm nay "}, f"{MESSAGE}/DueDate"),
        ({"trace": (TraceHeader(organisation="G22", timestamp=" "),)}, f"{TRACES}/TraceHeader/Timestamp"),
        ({"to_places": (" ",)}, f"{MESSAGE}/ToPlaces"),
        ({"recipients": (Party(code="G22"), Party(code="", name=" "))}, f"{MESSAGE}/To"),
    ],
)
def test_value_that_would_come_back_another_is_refused(document: DocumentPacket, changes: Changes, element: str) -> None:
    """Nothing is rounded, cut or stripped without a word."""
    assert refused(replace(document, **changes)) == f"edXML/{element}"


def test_values_at_their_limits_come_back(document: DocumentPacket) -> None:
    """18 digits, white space in texts, and any kind of business are carried."""
    assert returns(replace(document, steering_type=10**18 - 1, subject="  ", content=" a\t", to_places=("a", " ")))
    assert returns(replace(document, business=Business(type=BusinessType.RECALL, document_id="1")))


def test_parts_of_a_second_are_left_out(document: DocumentPacket) -> None:
    """The wire has none."""
    time = datetime(2026, 11, 20, 1, 2, 3, 999_999, tzinfo=UTC)
    packet = read_packet(write_packet(replace(document, trace=(TraceHeader(organisation="G22", timestamp=time),)))).packet
    assert isinstance(packet, DocumentPacket)
    assert packet.trace[0].timestamp == time.replace(microsecond=0)


# Anything


GOLDEN = (Path(__file__).parent / "golden" / "document.edxml").read_text("utf-8")
NAMES = [*sorted(set(re.findall(r"<(?:edXML:)?(\w+)", GOLDEN))), "StatusCode", "Business", "BusinessDocType", "BusinessDocumentInfo"]
PLACES: dict[type, list[str]] = {
    DocumentPacket: [
        "",
        "edXMLEnvelope",
        "edXMLEnvelope/edXMLBody",
        MANIFEST,
        HEADER,
        TRACES,
        f"{HEADER}/ErrorList",
        MESSAGE,
        *(f"{MESSAGE}/{name}" for name in ("Code", "PromulgationInfo", "ToPlaces", "ResponseForTask")),
        "AttachmentEncoded",
    ],
    StatusPacket: ["", "edXMLEnvelope", HEADER, f"{HEADER}/ErrorList", MESSAGE],
    OtherInfo: ["", "Appendixes"],
    Business: ["", "ReplacementInfoList"],
    UpdateInfo: ["", "ReceiverList"],
    Replacement: ["", "OrganIdList"],
}
FIXED = ("type", "content", "media_type", "content_id", "sha256", "size", "sender", "recipients", "organisation", "code", "status")

hostile_names = st.sampled_from([f"{{{OURS}}}{name}" for name in NAMES] + ["Subject", "ContentTransferEncoded", "{urn:x}Bussiness"])
hostile_texts = st.sampled_from(["", "", " ", "0", "1", "03", "G22", "2026/01/01", "cid:a1"])
hostile = st.recursive(
    st.builds(OtherElement, name=hostile_names, text=hostile_texts),
    lambda deeper: st.builds(OtherElement, name=hostile_names, children=st.lists(deeper, max_size=2).map(tuple)),
    max_leaves=4,
)


def is_model(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, Blob | OtherElement)


def spoilt(draw: st.DrawFn, model: Any) -> Any:
    """Return a model, or a packet, with some of its values gone and hostile elements kept in it."""
    changes: Changes = {}
    for field in fields(model):
        value = getattr(model, field.name)
        if field.name == "others":
            if draw(st.integers(0, 3)) == 0:
                places = st.sampled_from(PLACES.get(type(model), [""]))
                kept = draw(st.lists(st.builds(lambda element, place: replace(element, inside=place), hostile, places), max_size=3))
                changes["others"] = tuple(sorted(kept, key=lambda element: (element.inside, element.name)))
        elif is_model(value):
            changes[field.name] = spoilt(draw, value)
        elif isinstance(value, tuple) and value and is_model(value[0]):
            changes[field.name] = tuple(spoilt(draw, item) for item in value[: draw(st.integers(0, len(value)))])
        elif field.name not in FIXED and draw(st.integers(0, 3)) == 0:
            changes[field.name] = () if isinstance(value, tuple) else "" if isinstance(value, str | datetime) else None
    return replace(model, **changes)


def meaning(value: object) -> object:
    """Return what a model says: its fields without what is empty, and without kept elements that have no text."""
    if isinstance(value, OtherElement):
        return value if has_text(value) else None
    if is_model(value):
        said = {field.name: meaning(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]
        return {name: what for name, what in said.items() if what is not None} or None
    if isinstance(value, tuple):
        return tuple(what for what in map(meaning, value) if what is not None) or None
    return None if value == "" else value


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_packet_with_anything_kept_is_refused_or_comes_back(
    data: st.DataObject, full_document: DocumentPacket, full_status: StatusPacket
) -> None:
    """Whatever is kept under names that mean something, and whatever values are gone, no packet is read as another one."""
    packet = data.draw(st.composite(spoilt)(data.draw(st.sampled_from([full_document, full_status]))))
    try:
        written = write_packet(packet)
    except FieldUnwritable:
        return
    assert meaning(read_packet(written).packet) == meaning(packet)
