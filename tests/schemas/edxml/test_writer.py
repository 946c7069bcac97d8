"""Writing packets in the layout that the axes accept."""

import base64
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from lxml import etree

from lienthong.core.blob import Blob
from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import (
    Business,
    DocumentPacket,
    DocumentType,
    OtherElement,
    OtherInfo,
    PacketError,
    Party,
    Reference,
    ResponseFor,
    SignerInfo,
    StatusPacket,
    TraceHeader,
    Transfer,
    UpdateInfo,
    read_packet,
    stream_packet,
    write_packet,
)
from lienthong.schemas.errors import FieldUnwritable

OURS = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
DS = "http://www.w3.org/2000/09/xmldsig#"
XLINK = "http://www.w3.org/1999/xlink"
GOLDEN = Path(__file__).parent / "golden"
HEADER = "edXMLEnvelope/edXMLHeader"
MESSAGE = f"{HEADER}/MessageHeader"
EVERYTHING = GOLDEN / "document.edxml"


def other(name: str, text: str = "", *, inside: str = "", **more: object) -> OtherElement:
    return OtherElement(name=f"{{{OURS}}}{name}", text=text, inside=inside, **more)  # type: ignore[arg-type]


def parse(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def local_names(element: etree._Element) -> list[str]:
    return [etree.QName(child).localname for child in element]


@pytest.fixture
def everything(full_document: DocumentPacket) -> DocumentPacket:
    """A document with a value in every field that the models have, odd values beside right ones, and elements that they lack."""
    signature = OtherElement(
        name=f"{{{DS}}}Signature",
        attributes=(("Id", "s"),),
        children=(OtherElement(name=f"{{{DS}}}SignatureValue", text="AAAA"), OtherElement(name=f"{{{DS}}}Object")),
        inside=HEADER,
    )
    plain, wrapped = full_document.attachments
    travelled = io.BytesIO()
    with zipfile.ZipFile(travelled, "w") as archive:
        archive.writestr(zipfile.ZipInfo("7e.pdf"), wrapped.content.read())
    zipped = Transfer(content_id="a2", media_type="application/zip", content=Blob.of_bytes(travelled.getvalue()))
    odd_date = ResponseFor(organisation="G22", code="7/VPCP", promulgation_date="2014/02/30", document_id="G22,2014/02/30,7/VPCP")
    return replace(
        full_document,
        sender=replace(full_document.sender, others=(other("Ward", "Hoa Lư"),)),
        other=replace(
            full_document.other,
            reply_fors=other("ReplyFors", children=(other("ReplyFor", "1"),)),
            reference_codes=other("ReferenceCodes", "7/VP"),
        ),
        response_for=(odd_date, ResponseFor(organisation="G22", code="8/VPCP")),
        trace=(full_document.trace[0], TraceHeader(organisation="G22", timestamp="hôm qua")),
        trace_attributes=(("id", "1"), ("version", "1.0"), ("{http://schemas.xmlsoap.org/soap/envelope/}mustUnderstand", "1")),
        attachments=(plain, replace(wrapped, description="", field_name="", mime_type="", transfer=zipped)),
        manifest=(
            replace(plain.reference, attributes=((f"{{{XLINK}}}href", "cid:a1"),)),
            Reference(content_id="cid:a2", media_type="text/plain"),
        ),
        others=(
            other("AttachmentEncoded", "thừa"),
            other("Stamp", "số 1", inside=HEADER),
            signature,
            other("DueDate", inside=MESSAGE),
            other("Subject", "lần hai", inside=MESSAGE),
            OtherElement(name="Plain", text="x", inside=f"{MESSAGE}/Code"),
        ),
    )


STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
    <edXML:edXMLHeader>
      <edXML:MessageHeader>
        <edXML:From>
          <edXML:OrganId>G22</edXML:OrganId>
          <edXML:OrganName>Văn phòng Chính phủ</edXML:OrganName>
        </edXML:From>
        <edXML:ResponseFor>
          <edXML:OrganId>H42.12</edXML:OrganId>
          <edXML:Code>12/SKHCN-VP</edXML:Code>
          <edXML:PromulgationDate>2026/11/20</edXML:PromulgationDate>
          <edXML:DocumentId>H42.12,2026/11/20,12/SKHCN-VP</edXML:DocumentId>
        </edXML:ResponseFor>
        <edXML:StaffInfo>
          <edXML:Department>Văn thư</edXML:Department>
          <edXML:Staff>Nguyễn Văn A</edXML:Staff>
        </edXML:StaffInfo>
        <edXML:StatusCode>03</edXML:StatusCode>
        <edXML:Description>Đã vào sổ văn bản đến</edXML:Description>
        <edXML:Timestamp>2026/11/20 10:00:00</edXML:Timestamp>
      </edXML:MessageHeader>
    </edXML:edXMLHeader>
  </edXML:edXMLEnvelope>
</edXML>
"""


def test_status_packet_is_written_to_the_letter(status: StatusPacket) -> None:
    """A status packet has exactly these bytes: prefixes, order, two digits, local time, no body."""
    assert write_packet(status).decode() == STATUS


def test_document_with_everything_is_written_to_the_letter(everything: DocumentPacket) -> None:
    """Prefixes and order of all elements are those of the golden file (edxml.md §1.2, §1.3)."""
    written = write_packet(everything)
    assert written.decode() == EVERYTHING.read_text("utf-8")
    parse(written)


def test_golden_document_has_a_value_in_every_field(everything: DocumentPacket) -> None:
    """A field that the models get later is missed here until the golden file shows where it stands."""

    def has_value(model: object) -> Iterator[tuple[str, bool]]:
        for field in fields(model):  # type: ignore[arg-type]
            value = getattr(model, field.name)
            yield f"{type(model).__name__}.{field.name}", value not in (None, "", ())
            for item in value if isinstance(value, tuple) else (value,):
                if is_dataclass(item) and not isinstance(item, Blob | OtherElement):
                    yield from has_value(item)

    found = set(has_value(everything))
    assert {name for name, present in found if not present and (name, True) not in found and not name.endswith(".others")} == set()


def test_prefixes_are_those_of_the_national_axis(document: DocumentPacket) -> None:
    """The root and the attachments are unprefixed, everything from the envelope down bears `edXML:`."""
    root = parse(write_packet(document))
    envelope, attachments = root
    assert [element.prefix for element in (root, envelope, attachments)] == [None, "edXML", None]
    assert {element.prefix for element in envelope.iter()} == {"edXML"}
    assert {element.prefix for element in attachments.iter()} == {None}
    assert envelope.nsmap == {None: OURS, "edXML": OURS}


def test_absent_values_are_left_out_not_invented(document: DocumentPacket) -> None:
    """No due date, type detail or website appears that nobody gave, and no container without content."""
    raw = write_packet(document)
    for name in (b"DueDate", b"TypeDetail", b"Website", b"Competence", b"Content>", b"ResponseFor", b"ErrorList", b"ReceiverList"):
        assert b"edXML:" + name not in raw
    assert b"AttachmentEncoded" not in write_packet(replace(document, attachments=()))


def test_document_without_any_value_is_its_bare_frame() -> None:
    """Envelope, headers, body and manifest stand always; nothing else does that has no value."""
    packet = DocumentPacket(
        sender=Party(code=""),
        recipients=(Party(code=""), Party(code="")),
        number="",
        notation="",
        promulgation_date=None,
        document_type=DocumentType(name="", number=None),
        subject="",
        signer=SignerInfo(full_name=""),
        to_places=("",),
        other=OtherInfo(priority=None),
        response_for=(ResponseFor(organisation="", code=""),),
        steering_type=None,
        document_id="",
        trace=(TraceHeader(organisation="", timestamp=""),),
        business=None,
    )
    root = parse(write_packet(packet, partial=True))
    assert [etree.QName(element).localname for element in root.iter()] == [
        "edXML",
        "edXMLEnvelope",
        "edXMLHeader",
        "MessageHeader",
        "edXMLBody",
        "edXMLManifest",
    ]


def test_bussiness_is_spelt_as_the_axis_spells_it(everything: DocumentPacket) -> None:
    """The double s of axis files, everywhere."""
    assert not re.search(rb"Business", write_packet(everything))


@pytest.mark.parametrize(("value", "written"), [(True, b"true"), (False, b"false"), ("có", "có".encode())])
def test_direction_is_written_as_a_word(document: DocumentPacket, value: bool | str, written: bytes) -> None:
    """Direction says true or false, or what it said when it came."""
    packet = replace(document, other=replace(document.other, direction=value))
    assert b"<edXML:Direction>" + written + b"<" in write_packet(packet)


@pytest.mark.parametrize(("value", "written"), [(True, b"1"), (False, b"0"), ("true", b"true")])
def test_other_flags_are_written_as_digits(document: DocumentPacket, value: bool | str, written: bytes) -> None:
    """Paper, DocumentInfo and DocumentReceiver say 0 or 1, or what they said when they came."""
    packet = replace(document, business=Business(paper=value, update=UpdateInfo(document=value, recipients=value)))
    for name in (b"Paper", b"DocumentInfo", b"DocumentReceiver"):
        assert b"<edXML:" + name + b">" + written + b"<" in write_packet(packet)


def test_unknown_status_is_written_as_it_came(status: StatusPacket) -> None:
    """A code outside the list travels unchanged, a known one as two digits."""
    assert b"<edXML:StatusCode>14<" in write_packet(replace(status, status="14"))
    assert b"<edXML:StatusCode>01<" in write_packet(replace(status, status=Status.RECEIVED))


def test_errors_stand_in_a_status_packet_too(status: StatusPacket) -> None:
    """ErrorList follows the message header."""
    root = parse(write_packet(replace(status, errors=(PacketError(code="E1", description="Lỗi"),))))
    assert local_names(root[0][0]) == ["MessageHeader", "ErrorList"]
    assert local_names(root[0][0][1][0]) == ["Code", "Description"]


# Kept elements


def test_kept_element_stands_behind_its_namesake(document: DocumentPacket) -> None:
    """A repeated Subject follows the Subject, an empty DueDate stands where a due date would, a strange element last."""
    kept = (other("Subject", "hai", inside=MESSAGE), other("DueDate", inside=MESSAGE), other("Strange", "x", inside=MESSAGE))
    names = local_names(parse(write_packet(replace(document, others=kept)))[0][0][0])
    assert names[names.index("Subject") + 1] == "Subject"
    assert names[names.index("DueDate") - 1 :][:3] == ["SignerInfo", "DueDate", "ToPlaces"]
    assert names[-1] == "Strange"


def test_signature_is_last_in_the_header(document: DocumentPacket) -> None:
    """A kept signature, whatever its namespace, stands behind what else is kept."""
    for name in (f"{{{OURS}}}Signature", f"{{{OURS}}}DigitalSignature", f"{{{DS}}}Signature"):
        kept = (OtherElement(name=name, inside=HEADER), other("Strange", inside=HEADER), other("TraceHeaderList", "lại", inside=HEADER))
        root = parse(write_packet(replace(document, others=kept)))
        assert [child.tag for child in root[0][0]][1:] == [
            f"{{{OURS}}}TraceHeaderList",
            f"{{{OURS}}}TraceHeaderList",
            f"{{{OURS}}}Strange",
            name,
        ]


def test_container_is_written_for_what_it_keeps(document: DocumentPacket) -> None:
    """Containers without values of their own appear when something kept stands in them, at any level."""
    places = (
        (f"{HEADER}/ErrorList", f"{HEADER}/ErrorList"),
        (f"{MESSAGE}/ResponseForTask", f"{MESSAGE}/ResponseForTask"),
        ("AttachmentEncoded", "AttachmentEncoded"),
        ("edXMLEnvelope/edXMLBody/edXMLManifest", "edXMLEnvelope/edXMLBody/edXMLManifest"),
    )
    for inside, path in places:
        packet = replace(document, attachments=(), others=(other("Strange", inside=inside),))
        found = parse(write_packet(packet)).find("/".join(f"{{{OURS}}}{name}" for name in (*path.split("/"), "Strange")))
        assert found is not None, inside
    update = UpdateInfo(others=(other("Strange", inside="ReceiverList"),))
    root = parse(write_packet(replace(document, business=Business(update=update))))
    assert root.find(f".//{{{OURS}}}BussinessDocumentInfo/{{{OURS}}}ReceiverList/{{{OURS}}}Strange") is not None


def test_kept_element_has_the_prefixes_of_its_place(document: DocumentPacket) -> None:
    """Ours bear `edXML:` in the envelope and none in the attachments; foreign names keep their namespaces under fixed prefixes."""
    inner = (
        OtherElement(name="bare", children=(other("Ours"), OtherElement(name="bare"))),
        OtherElement(name="{urn:a}a", attributes=(("plain", "1"), ("{urn:b}b", "2"), ("{http://www.w3.org/XML/1998/namespace}lang", "vi"))),
        OtherElement(name="{urn:b}b", children=(OtherElement(name="{urn:a}a"),)),
    )
    outside = other("Strange", children=inner, attributes=((f"{{{OURS}}}own", "1"),))
    written = write_packet(
        replace(document, others=(replace(outside, inside=MESSAGE), replace(outside, inside="AttachmentEncoded", attributes=())))
    ).decode()
    assert (
        '\n        <edXML:Strange edXML:own="1"><bare xmlns=""><edXML:Ours/><bare/></bare>'
        '<ns1:a xmlns:ns1="urn:a" plain="1" xmlns:ns2="urn:b" ns2:b="2" xml:lang="vi"/>'
        '<ns1:b xmlns:ns1="urn:b"><ns2:a xmlns:ns2="urn:a"/></ns1:b></edXML:Strange>\n'
    ) in written
    assert f'\n    <Strange><bare xmlns=""><Ours xmlns="{OURS}"/><bare/></bare>' in written
    assert parse(written.encode()) is not None


def test_mixed_content_gets_no_white_space(document: DocumentPacket) -> None:
    """Text, children and tails of a kept element stand exactly as they were."""
    kept = other("Note", "a\n ", children=(other("b", " <b> ", tail=" c\r\n"), other("i", tail="]]>")), inside=MESSAGE)
    written = write_packet(replace(document, others=(kept,)))
    assert b"<edXML:Note>a\n <edXML:b> &lt;b&gt; </edXML:b> c&#13;\n<edXML:i/>]]&gt;</edXML:Note>\n" in written


def test_attribute_values_are_escaped(document: DocumentPacket) -> None:
    """Quotes, markup and white space survive in attributes."""
    value = "\"'<&>\t\n\r é"
    packet = replace(document, manifest=(Reference(content_id="cid:a1", attributes=((f"{{{XLINK}}}role", value),)),))
    written = write_packet(packet)
    assert b' xlink:role="&quot;\'&lt;&amp;&gt;&#9;&#10;&#13; \xc3\xa9"' in written
    assert parse(written).find(f".//{{{OURS}}}Reference").attrib == {f"{{{XLINK}}}role": value}  # type: ignore[union-attr]


# Attachments


def test_manifest_is_derived_from_the_attachments(everything: DocumentPacket) -> None:
    """Without a manifest of its own, a packet lists its attachments as they travel."""
    body = parse(write_packet(replace(everything, manifest=None)))[0][1]
    assert [[child.text for child in reference] for reference in body[0]] == [
        ["cid:a1", "application/pdf", "Tờ trình", "tờ-trình.pdf"],
        ["a2", "application/zip", "bảng.pdf"],
    ]
    assert len(parse(write_packet(replace(everything, manifest=())))[0][1][0]) == 0


def test_streamed_bytes_are_those_of_write_packet(document: DocumentPacket, tmp_path: Path) -> None:
    """A file of many blocks gives the base64 of the whole."""
    content = bytes(range(256)) * 4096
    (tmp_path / "large").write_bytes(content)
    packet = replace(document, attachments=(replace(document.attachments[0], content=Blob.of_file(tmp_path / "large")),))
    target = io.BytesIO()
    stream_packet(packet, target)
    assert target.getvalue() == write_packet(packet)
    encoded = parse(target.getvalue()).findtext(f".//{{{OURS}}}ContentTransferEncoded")
    assert encoded is not None
    assert base64.b64decode(encoded) == content


STREAM = """
import sys
from datetime import date
from pathlib import Path
from lienthong.core.blob import Blob
from lienthong.schemas.edxml.models import Attachment, DocumentPacket, DocumentType, Party, SignerInfo
from lienthong.schemas.edxml.writer import stream_packet

def packet(content):
    return DocumentPacket(
        sender=Party(code="G22"), recipients=(Party(code="H42"),), number="1", notation="VP", promulgation_date=date(2026, 1, 1),
        document_type=DocumentType(name="Công văn"), subject="x", signer=SignerInfo(full_name="y"), document_id="1",
        attachments=(Attachment(content_id="a", name="a.bin", media_type="application/octet-stream", content=content),),
    )

class Count:
    size = 0
    def write(self, content):
        self.size += len(content)

def peak():  # of this program; what getrusage tells begins with the peak of the one that started it
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))

stream_packet(packet(Blob.of_bytes(b"abc")), Count())
content = Blob.of_file(Path(sys.argv[1]))
before, count = peak(), Count()
stream_packet(packet(content), count)
print(count.size, peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc/self/status")
def test_large_attachment_is_streamed_in_little_memory(tmp_path: Path) -> None:
    """A file of 150 MB raises the writer's peak by a few MiB at most."""
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(150_000_000)
    run = subprocess.run([sys.executable, "-c", STREAM, str(large)], capture_output=True, text=True, check=True)
    size, growth = map(int, run.stdout.split())
    assert size > 200_000_000
    assert growth <= 32 * 1024


# Refusals


class Nothing:
    """Fails the test where anything is written to it."""

    def write(self, content: bytes, /) -> object:
        pytest.fail("a refused packet was written in part")


@pytest.mark.parametrize(("bad", "named"), [("a\x00b", "U+0000"), ("\x1f", "U+001F"), ("\ud800", "U+D800"), ("\uffff", "U+FFFF")])
def test_character_that_xml_lacks_is_refused_by_element(document: DocumentPacket, bad: str, named: str) -> None:
    """The error names element and character, never the text, and nothing is written."""
    with pytest.raises(FieldUnwritable) as caught:
        stream_packet(replace(document, subject="secret" + bad), Nothing())
    assert caught.value.element == "edXML/edXMLEnvelope/edXMLHeader/MessageHeader/Subject"
    assert named in str(caught.value)
    assert f"XML không chứa được ký tự {named}." in caught.value.sentence("vi")
    assert "secret" not in str(caught.value)


def refused(packet: DocumentPacket) -> str:
    with pytest.raises(FieldUnwritable) as caught:
        write_packet(packet)
    return caught.value.element


def test_bad_character_is_refused_wherever_it_stands(document: DocumentPacket) -> None:
    """Attachments, numbers kept as text, kept elements, attributes and namespaces are all looked at, and named by path."""
    message = f"edXML/{MESSAGE}"
    attachment = replace(document.attachments[0], name="\x01")
    assert refused(replace(document, manifest=(), attachments=(attachment,))) == "edXML/AttachmentEncoded/Attachment/AttachmentName"
    assert refused(replace(document, steering_type="\x01")) == f"{message}/SteeringType"
    assert refused(replace(document, due_date="\x01")) == f"{message}/DueDate"
    inner = other("X", children=(other("Y", "\x01"),), inside=MESSAGE)
    assert refused(replace(document, others=(inner,))) == f"{message}/X/Y"
    assert refused(replace(document, others=(replace(inner, children=(other("Y", tail="\x01"),)),))) == f"{message}/X/Y"
    assert refused(replace(document, others=(other("X", attributes=(("a", "\x01"),), inside=MESSAGE),))) == f"{message}/X/@a"
    assert refused(replace(document, trace_attributes=(("a", "\x01"),))) == f"edXML/{HEADER}/TraceHeaderList/@a"
    assert refused(replace(document, others=(OtherElement(name="{\x01}X"),))) == "edXML/X"


@pytest.mark.parametrize("name", ["", "1a", "a b", "a:b", "{urn:a}", "{}a", "{urn:a}b c", "a>", "-a", "{urn:a", "\u0301a"])
def test_name_that_xml_lacks_is_refused(document: DocumentPacket, name: str) -> None:
    """Kept elements and attributes can't smuggle markup in by their names."""
    assert refused(replace(document, others=(OtherElement(name=name, inside=MESSAGE),))) == f"edXML/{MESSAGE}"
    assert refused(replace(document, trace_attributes=((name, ""),))) == f"edXML/{HEADER}/TraceHeaderList"


@pytest.mark.parametrize("name", ["xmlns", "{http://www.w3.org/2000/xmlns/}a"])
def test_declaration_posing_as_attribute_is_refused(document: DocumentPacket, name: str) -> None:
    """Nothing kept can rebind a prefix."""
    assert refused(replace(document, trace_attributes=((name, "urn:a"),))).startswith(f"edXML/{HEADER}/TraceHeaderList/@")


def test_attribute_given_twice_is_refused(document: DocumentPacket) -> None:
    """It would not be XML."""
    assert refused(replace(document, trace_attributes=(("id", "1"), ("id", "2")))) == f"edXML/{HEADER}/TraceHeaderList"


def test_elements_nested_deeper_than_readers_take_are_refused(document: DocumentPacket) -> None:
    """What is written can be read again; the deepest that can be is written."""
    kept = [other("X", inside=MESSAGE)]
    for _ in range(2000):
        kept.append(other("X", children=(replace(kept[-1], inside=""),), inside=MESSAGE))
    frame = len(f"edXML/{MESSAGE}".split("/"))
    assert read_packet(write_packet(replace(document, others=(kept[99 - frame],)))).packet.others == (kept[99 - frame],)
    for depth in (100 - frame, 2000):
        assert refused(replace(document, others=(kept[depth],))) == f"edXML/{MESSAGE}" + "/X" * (101 - frame)


def test_kept_element_without_a_place_is_refused(document: DocumentPacket, status: StatusPacket) -> None:
    """What a model keeps is never dropped: a place that the packet lacks is an error."""
    assert refused(replace(document, others=(other("X", inside="edXMLEnvelope/Nowhere"),))) == "edXML/edXMLEnvelope/Nowhere"
    recipient = Party(code="G22", others=(other("X", inside="OrganId"),))
    assert refused(replace(document, recipients=(recipient,))) == f"edXML/{MESSAGE}/To/OrganId"
    with pytest.raises(FieldUnwritable):
        write_packet(replace(status, others=(other("X", inside="AttachmentEncoded"),)))


@pytest.mark.parametrize(
    "time",
    [
        datetime(2026, 1, 1),  # noqa: DTZ001  that is the point
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=9))),
    ],
)
def test_time_without_zone_or_beyond_the_calendar_is_refused(document: DocumentPacket, time: datetime) -> None:
    """A time of unknown zone is never guessed, one that Vietnam's clocks can't show never wrapped."""
    packet = replace(document, trace=(TraceHeader(organisation="H42.12", timestamp=time),))
    assert refused(packet) == f"edXML/{HEADER}/TraceHeaderList/TraceHeader/Timestamp"


def test_empty_file_is_refused(document: DocumentPacket) -> None:
    """No receiver could tell it from a file that was lost on the way."""
    attachment = replace(document.attachments[0], content=Blob.of_bytes(b""))
    assert refused(replace(document, attachments=(attachment,))) == "edXML/AttachmentEncoded/Attachment/ContentTransferEncoded"


def test_time_where_a_date_belongs_is_refused(document: DocumentPacket) -> None:
    """Whose day it is isn't guessed."""
    assert refused(replace(document, due_date=datetime(2026, 1, 1, tzinfo=UTC))) == f"edXML/{MESSAGE}/DueDate"
