"""The defects that edxml.md §7.3 lists of others' software, by their numbers: what they got wrong is a promise here."""

import base64
import random
import re
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from lxml import etree

from lienthong.core.blob import Blob
from lienthong.schemas.codes import BusinessType
from lienthong.schemas.edxml import (
    Attachment,
    Business,
    DocumentPacket,
    Party,
    StatusPacket,
    check_packet,
    packet_from_json,
    packet_to_json,
    parse_document_id,
    read_packet,
    reader,
    write_packet,
)
from lienthong.schemas.edxml.models import OtherElement
from lienthong.schemas.edxml.wire import NAMESPACE
from lienthong.schemas.errors import ArchiveUnsafe, AttachmentUnreadable, DoctypeRefused, NotWellFormed, UnsafeXml
from lienthong.schemas.organisations import OrganisationCode
from lienthong.schemas.xml import parser
from zips import zipped


def read_document(raw: bytes) -> DocumentPacket:
    packet = read_packet(raw).packet
    assert isinstance(packet, DocumentPacket)
    return packet


def with_file(document: DocumentPacket, name: str, content: bytes) -> bytes:
    attachment = Attachment(content_id="a1", name=name, media_type="application/octet-stream", content=Blob.of_bytes(content))
    return write_packet(replace(document, attachments=(attachment,)))


def with_text(value: object, text: str) -> object:
    """Return a value with a text in every place that takes one."""
    if isinstance(value, tuple):
        return tuple(with_text(item, text) for item in value)
    if is_dataclass(value) and not isinstance(value, (type, Blob)):
        kept = ("media_type", "trace_attributes")
        return replace(
            value, **{field.name: with_text(getattr(value, field.name), text) for field in fields(value) if field.name not in kept}
        )
    return text if isinstance(value, (str, int, date)) and not isinstance(value, BusinessType) else value


def test_d1_prefixes_are_those_that_the_national_axis_takes(document: DocumentPacket, status: StatusPacket) -> None:
    """Root and attachments stand in the default namespace, all from the envelope down has the literal prefix; readers don't care."""
    for packet in (document, status):
        raw = write_packet(packet)
        for element in etree.fromstring(raw).iter("*"):
            inside = any(other.tag == f"{{{NAMESPACE}}}edXMLEnvelope" for other in (element, *element.iterancestors()))
            assert element.prefix == ("edXML" if inside else None), element.tag
        plain = raw.replace(b"<edXML:", b"<").replace(b"</edXML:", b"</").replace(f' xmlns:edXML="{NAMESPACE}"'.encode(), b"")
        assert read_packet(plain).packet == packet
        assert read_packet(raw.replace(b"edXML:", b"x:").replace(b"xmlns:edXML", b"xmlns:x")).packet == packet


@pytest.mark.parametrize("of", ["full_document", "full_status"])
def test_d2_order_of_elements_makes_no_difference(of: str, request: pytest.FixtureRequest) -> None:
    """However a writer orders the children of any element, the packet is the same; lists keep their own order."""
    packet = request.getfixturevalue(of)
    listed = {"To", "Place", "Appendix", "ResponseFor", "TaskCode", "TraceHeader", "OrganId", "Reference", "Attachment"}
    for seed in range(20):
        root = etree.fromstring(write_packet(packet))
        shuffle = random.Random(seed)  # a test's dice
        for parent in list(root.iter("*")):
            children = list(parent)
            shuffle.shuffle(children)
            names = [etree.QName(child).localname for child in children]
            for name in listed & set(names):  # of one name the first stays first
                places = [index for index, other in enumerate(names) if other == name]
                in_order = sorted((children[index] for index in places), key=list(parent).index)
                for index, child in zip(places, in_order, strict=True):
                    children[index] = child
            parent[:] = children
        reading = read_packet(etree.tostring(root))
        assert reading.packet == packet
        assert reading.findings == ()


@pytest.mark.parametrize("name", ["tờ trình.doc", "bảng.xls", "bảng.xslx", "a.txt", "a.pdf", "a.docx"])
def test_d3_file_wrapped_in_a_zip_comes_out_whatever_its_label(document: DocumentPacket, name: str) -> None:
    """The bytes tell that it is a zip; a bomb, a path and several entries never become a file."""
    extension = name.rpartition(".")[2]
    file = b"%PDF-1.7 " + name.encode()
    (attachment,) = read_document(with_file(document, name, zipped((f"7e1c-uuid.{extension}", file)))).attachments
    assert attachment.content.read() == file
    assert attachment.name == name
    for trap in (zipped((f"b.{extension}", bytes(30 << 20))), zipped((f"../../b.{extension}", file))):
        with pytest.raises(ArchiveUnsafe) as caught:
            read_packet(with_file(document, name, trap))
        assert caught.value.content_id == "a1"
    several = zipped((f"a.{extension}", file), (f"b.{extension}", file))
    assert read_document(with_file(document, name, several)).attachments[0].content.read() == several


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
def test_d3_all_attachments_together_unpack_to_no_more_than_the_limit(
    document: DocumentPacket, damaged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand zips that are each below the limit fill no disk, not even with what turns out to be damaged."""
    files = [zipped((f"{number}.doc", bytes(600))) for number in range(2)]
    if damaged:
        checksum = zlib.crc32(bytes(600)).to_bytes(4, "little")
        files[0] = files[0].replace(checksum, bytes(4))
    attachments = tuple(
        Attachment(content_id=f"a{number}", name="a.doc", media_type="application/octet-stream", content=Blob.of_bytes(file))
        for number, file in enumerate(files)
    )
    raw = write_packet(replace(document, attachments=attachments))
    monkeypatch.setattr(reader, "MAX_UNPACKED", 1200)
    first, second = read_document(raw).attachments
    assert (first.content.size == 600, second.content.size) == (not damaged, 600)
    monkeypatch.setattr(reader, "MAX_UNPACKED", 1199)
    with pytest.raises(ArchiveUnsafe) as caught:
        read_packet(raw)
    assert caught.value.content_id == "a1"


def test_d4_every_recipient_and_the_file_itself_are_read(document: DocumentPacket) -> None:
    """Three `To` are three recipients in their order, and a `.doc` that travels as a zip is the file in it."""
    recipients = (Party(code="G22"), Party(code="H42.13", name="Sở Nội vụ"), Party(code="000.00.13.H53"))
    raw = with_file(replace(document, recipients=recipients), "tờ trình.doc", zipped(("7e1c.doc", b"{\\rtf1 a}")))
    packet = read_document(raw)
    assert packet.recipients == recipients
    assert [attachment.content.read() for attachment in packet.attachments] == [b"{\\rtf1 a}"]


def test_d4_every_recipient_and_the_file_itself_are_read_from_a_packet_of_others(samples: Path) -> None:
    """Three `To` are three recipients, and a `.doc` that travelled as a zip is what its author saved again."""
    packet = read_document((samples / "edxml" / "document-update.edxml").read_bytes())
    assert len(packet.recipients) == 3
    (attachment,) = packet.attachments
    assert attachment.name.endswith(".doc")
    assert not attachment.content.read().startswith(b"PK")
    assert attachment.transfer is not None
    assert attachment.transfer.content is not None  # the zip that travelled is kept beside it


def test_d5_manifest_and_attachments_are_matched_without_cid_and_compared(document: DocumentPacket) -> None:
    """`cid:` on one side only is no difference; another name, type or id is one, and is named."""
    raw = write_packet(document)
    assert read_packet(raw.replace(b"<ContentId>cid:a1<", b"<ContentId>a1<")).findings == ()
    renamed = raw.replace("<edXML:AttachmentName>tờ-trình.pdf".encode(), b"<edXML:AttachmentName>khac.pdf")
    retyped = raw.replace(b"<edXML:ContentType>application/pdf", b"<edXML:ContentType>application/zip")
    unlisted = raw.replace(b"<edXML:ContentId>cid:a1<", b"<edXML:ContentId>cid:a2<")
    for changed, codes in ((renamed, ["LT-EDXML-110"]), (retyped, ["LT-EDXML-113"]), (unlisted, ["LT-EDXML-107", "LT-EDXML-106"])):
        reading = read_packet(changed)
        assert [found.code for found in reading.findings] == codes
        assert write_packet(reading.packet) == changed


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda raw: b"1212" + raw, "1:1"),
        (lambda raw: raw.replace(b"<edXML:Reference>", b'<edXML:Reference xlink:href="cid:a1">'), "68:"),
        (lambda raw: raw.replace(b"</edXML:From>", b"</edXML:Form>"), "10:"),
        (lambda raw: raw[: len(raw) // 2], ""),
    ],
    ids=["junk in front", "unbound prefix", "mismatched tag", "cut off"],
)
def test_d6_what_is_no_xml_is_refused_with_its_place(document: DocumentPacket, damage: Callable[[bytes], bytes], place: str) -> None:
    """The error has line and column, and is one of ours."""
    with pytest.raises(NotWellFormed) as caught:
        read_packet(damage(write_packet(document)), source="x.edxml")
    assert re.match(rf"x\.edxml:{place}\d*", str(caught.value.place))
    assert caught.value.place.column


def test_d7_impossible_date_in_an_id_stays(document: DocumentPacket) -> None:
    """A DocumentId is opaque; the 30th of February in it neither fails nor changes."""
    odd = "000.00.00.G22,2014/02/30,7806/VPCP-TTĐT"
    named = parse_document_id(odd)
    assert (named.text, named.form, named.organisation) == (odd, "triple", "000.00.00.G22")
    assert (named.date_text, named.promulgated, named.code) == ("2014/02/30", None, "7806/VPCP-TTĐT")
    packet = replace(document, document_id=odd, business=Business(type=BusinessType.UPDATE, document_id=odd))
    again = read_document(write_packet(packet))
    assert again == packet
    assert packet_from_json(packet_to_json(again)) == packet


def test_d8_both_spellings_of_business_are_read_and_one_is_written(document: DocumentPacket) -> None:
    """`Business…` is read as `Bussiness…`, which is what the axis writes and so do we."""
    raw = write_packet(document)
    assert b"<edXML:Bussiness>" in raw
    assert b"Business" not in raw
    reading = read_packet(raw.replace(b"Bussiness", b"Business"))
    assert reading.packet == document
    assert {found.code for found in reading.findings} == {"LT-EDXML-116"}
    assert write_packet(reading.packet) == raw


def test_d9_writer_invents_nothing_and_fillers_are_named(document: DocumentPacket) -> None:
    """What has no value isn't written, what others fill in is kept and warned of, a number needn't be one."""
    bare = DocumentPacket(
        sender=Party(code="H42.12"),
        recipients=(Party(code="null"),),
        number="74fass22",
        notation="",
        promulgation_date=None,
        document_type=replace(document.document_type, name="", number=None),
        subject="edoc",
        signer=replace(document.signer, full_name="N/A", position=""),
        document_id="",
        other=replace(document.other, **{field.name: field.default for field in fields(document.other)} | {"priority": None}),
        steering_type=None,
        business=None,
    )
    root = etree.fromstring(write_packet(bare))
    values = {etree.QName(element).localname: element.text for element in root.iter("*") if element.text and element.text.strip()}
    assert values == {"OrganId": "null", "CodeNumber": "74fass22", "Subject": "edoc", "FullName": "N/A"}
    assert read_packet(write_packet(bare)).packet == bare
    named = {found.fields.get("value") for found in check_packet(bare, profile="read") if found.level == "warning"}
    assert {"null", "N/A"} <= named


def test_d10_status_of_the_business_and_of_the_transport_cannot_be_mixed_up(status: StatusPacket) -> None:
    """A status packet takes one of nine codes; what the transport says (done, fail, processing) is none of them and warned of."""
    again = read_packet(write_packet(replace(status, status="done"))).packet
    assert isinstance(again, StatusPacket)
    assert again.status == "done"
    assert any(found.level == "error" for found in check_packet(again, profile="send"))


@pytest.mark.parametrize(
    "head",
    [
        b'<!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE edXML SYSTEM "http://127.0.0.1:9/x.dtd">',
        b'<!DOCTYPE edXML [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
    ids=["external entity", "external DTD", "entity bomb"],
)
def test_d18_entities_and_document_types_are_refused(document: DocumentPacket, head: bytes, tmp_path: Path) -> None:
    """From memory and from a file alike, and so is a reference to an entity that nobody declared."""
    raw = write_packet(document)
    hostile = raw.replace(b"?>\n", b"?>\n" + head + b"\n", 1)
    (tmp_path / "hostile.edxml").write_bytes(hostile)
    for data in (hostile, tmp_path / "hostile.edxml", hostile.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")):
        with pytest.raises(DoctypeRefused):
            read_packet(data)
    with pytest.raises((NotWellFormed, UnsafeXml)):
        read_packet(raw.replace(b"<edXML:Subject>", b"<edXML:Subject>&x;"))


def test_d18_each_guard_refuses_by_itself(document: DocumentPacket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes are looked at before they are parsed, which UTF-16 passes by, and the tree before anything is taken from it."""
    hostile = write_packet(document).replace(b"?>\n", b'?>\n<!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n', 1)
    with monkeypatch.context() as without_tree:
        without_tree.setattr(parser._Watch, "root", lambda watch, _: setattr(watch, "root_seen", True))
        with pytest.raises(DoctypeRefused) as caught:
            read_packet(hostile)
        assert caught.value.place is not None
        assert (caught.value.place.line, caught.value.place.column) == (2, 1)
    with monkeypatch.context() as without_bytes:
        without_bytes.setattr(parser, "_refuse_doctype", lambda *_: None)
        for data in (hostile, hostile.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")):
            with pytest.raises(DoctypeRefused):
                read_packet(data)


def test_d19_attachment_cut_short_is_an_error_and_no_path_travels(document: DocumentPacket, tmp_path: Path) -> None:
    """Base64 that stops early names its attachment; a packet says nothing of where its files lay."""
    file = tmp_path / "bí-mật.pdf"
    file.write_bytes(b"%PDF-1.7" + bytes(100))
    attachment = Attachment(content_id="7", name="bí-mật.pdf", media_type="application/pdf", content=Blob.of_file(file))
    raw = write_packet(replace(document, attachments=(attachment,)))
    assert str(tmp_path).encode() not in raw
    text = base64.b64encode(file.read_bytes())
    for cut in (1, 2, 3, 5, len(text) - 1):
        with pytest.raises(AttachmentUnreadable) as caught:
            read_packet(raw.replace(text, text[: len(text) - cut].rstrip(b"=")[: len(text) - cut] + (b"*" if cut % 4 == 0 else b"")))
        assert caught.value.content_id == "7"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_d25_any_text_travels_as_it_is(document: DocumentPacket, form: Literal["NFC", "NFD"]) -> None:
    """Markup, quotes, line ends and Vietnamese in either normal form are escaped, not pasted, and come back the same."""
    text = unicodedata.normalize(form, "Về việc <b>\"liên thông\" & 'chia sẻ'</b> ]]>\r\n\tĐiều 1\r\n&amp;")
    packet = replace(document, subject=text, content=text, signer=replace(document.signer, position=text))
    raw = write_packet(packet)
    assert read_packet(raw).packet == packet
    assert [element.text for element in etree.fromstring(raw).iter(f"{{{NAMESPACE}}}Subject")] == [text]
    assert packet_from_json(packet_to_json(packet)) == packet


@pytest.mark.parametrize("of", ["full_document", "full_status"])
def test_d25_any_text_travels_in_any_place(of: str, request: pytest.FixtureRequest) -> None:
    """No element and no attribute is pasted, be it for a date, a number, a flag or a code that is none."""
    text = "<b>\"liên thông\" & 'chia sẻ'</b> ]]>\r\n\tĐiều 1\r&amp;"
    packet = with_text(request.getfixturevalue(of), text)
    if isinstance(packet, DocumentPacket):
        packet = replace(packet, trace_attributes=(("id", text),))
    packet = replace(packet, others=(OtherElement(name="{urn:x}Odd", text=text, attributes=(("{urn:y&z}a", text),)),))
    raw = write_packet(packet)
    assert raw.count(b"&amp;amp;") > 20
    assert read_packet(raw).packet == packet
    assert packet_from_json(packet_to_json(packet)) == packet


@pytest.mark.parametrize(
    "code",
    [
        *("000.00.00.H54", "000.00.13.H53", "000.28.31.H53", "001.02.03.H53", "000.00.00.K54", "000.A53.000", ".A53"),
        *("00.53.W00", "00.36.W00", "02.44.W00", "01.02.G22", "28.22.H17", "00.99.H29", "001.00.20.TT2", "JB2"),
        *("vxp.saas.03", "H37.DN.001", "G12", "G12.18", "G11.40", "H37.02.02", "H43", "null", "h42.12"),
    ],
)
def test_d28_codes_of_every_form_survive(document: DocumentPacket, code: str) -> None:
    """Whatever an organisation calls itself is never dropped, changed or refused."""
    assert OrganisationCode.parse(code).text == code
    packet = replace(document, sender=Party(code=code), recipients=(Party(code=code), Party(code="G22")))
    assert read_packet(write_packet(packet)).packet == packet
    assert packet_from_json(packet_to_json(packet)) == packet


def test_d28_dates_of_every_kind_survive(document: DocumentPacket) -> None:
    """A date that is none stays what it was."""
    for day in (date(1945, 9, 2), "2014/02/30", "2026-11-20", "hôm qua"):
        packet = replace(document, promulgation_date=day, due_date=day)
        assert read_packet(write_packet(packet)).packet == packet
