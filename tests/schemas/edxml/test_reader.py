"""Reading packets that others wrote."""

import base64
import copy
import gc
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lienthong.core.blob import Blob
from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import (
    DocumentPacket,
    OtherElement,
    ReceiverChange,
    Replacement,
    StatusPacket,
    UpdateInfo,
    read_packet,
    write_packet,
)
from lienthong.schemas.edxml.findings import MOST
from lienthong.schemas.edxml.wire import NAMESPACE
from lienthong.schemas.errors import (
    ArchiveUnsafe,
    AttachmentUnreadable,
    CapExceeded,
    DoctypeRefused,
    NotAPacket,
    NotWellFormed,
    PacketContradictory,
    SchemaViolation,
)
from zips import zipped


def codes(raw: bytes) -> list[str]:
    return [finding.code for finding in read_packet(raw).findings]


def read_document(raw: bytes) -> DocumentPacket:
    packet = read_packet(raw).packet
    assert isinstance(packet, DocumentPacket)
    return packet


@pytest.fixture
def with_file(document: DocumentPacket) -> Callable[[str, bytes], bytes]:
    """Return a function that gives the packet of a file under a name."""
    raw = write_packet(document)

    def build(name: str, content: bytes) -> bytes:
        changed = raw.replace("tờ-trình.pdf".encode(), name.encode())
        return re.sub(rb"(<ContentTransferEncoded>).*(</)", rb"\g<1>" + base64.b64encode(content) + rb"\g<2>", changed)

    return build


def test_every_sample_is_read_but_the_broken_one(samples: Path) -> None:
    """Packets of others' software are read; the broken one is refused with its place."""
    broken = samples / "edxml" / "broken-mismatched-tag.edxml"
    for path in sorted((samples / "edxml").glob("*.edxml")):
        if path != broken:
            assert read_packet(path.read_bytes(), source=path.name).packet.sender.code
    with pytest.raises(NotWellFormed) as caught:
        read_packet(broken.read_bytes(), source=broken.name)
    assert str(caught.value.place) == "broken-mismatched-tag.edxml:74:29"


def test_sample_wrapped_in_zips_gives_the_files(samples: Path) -> None:
    """Attachments labelled as text whose bytes are a zip come out as text."""
    packet = read_document((samples / "edxml" / "document-zip-labelled-text.edxml").read_bytes())
    assert [(file.name, file.media_type, file.content.size) for file in packet.attachments] == [
        (f"local{letter}.txt", "text/plain", 11) for letter in "ABC"
    ]


def test_sample_update_says_what_it_changes(samples: Path) -> None:
    """The kind of business, every `To`, and what an update changes are read."""
    packet = read_document((samples / "edxml" / "document-update.edxml").read_bytes())
    assert packet.business is not None
    assert packet.business.type is BusinessType.UPDATE
    assert packet.business.document_id == "000.00.00.G22,2014/02/30,7806/VPCP-TTĐT"
    assert [party.code for party in packet.recipients] == ["000.00.00.H41", "000.00.00.H14", "000.00.00.G17"]
    assert packet.business.update == UpdateInfo(
        document=True,
        recipients=True,
        receivers=(ReceiverChange(organisation="000.00.00.H41", kind=0), ReceiverChange(organisation="000.00.00.H14", kind=1)),
    )


def test_vector_replacement_names_the_document_and_its_organisations(vectors: Path) -> None:
    """A replacement says which document it takes the place of, and for whom; what stands for its signature is kept."""
    folder = vectors / "axis-a" / "packets" / "sdk-built"
    packet = read_document((folder / "edoc-replace-placeholder-signature.edxml").read_bytes())
    assert packet.business_type is BusinessType.REPLACE
    assert packet.business is not None
    assert packet.business.replacements == (
        Replacement(document_id="000.00.01.H00,2026/11/19,11/TEST", organisations=("000.00.02.H00", "000.00.03.H00")),
    )
    assert [other.name.rpartition("}")[2] for other in packet.others if other.is_signature] == ["Signature"]


@pytest.mark.parametrize("code", ["03", "13"])
def test_sample_status_is_told_by_its_status_code(samples: Path, code: str) -> None:
    """A packet with a StatusCode is a status; its time is taken as that of Việt Nam."""
    packet = read_packet((samples / "edxml" / f"status-{code}.edxml").read_bytes()).packet
    assert isinstance(packet, StatusPacket)
    assert packet.status is Status(code)
    assert packet.timestamp == datetime(2015, 9, 20, 4, 8, 36, tzinfo=UTC)
    assert packet.response_for.promulgation_date == date(2015, 9, 30)
    assert packet.staff is not None
    assert packet.staff.department == "Phong hanh chinh"


def test_vectors_of_the_axis_are_read(vectors: Path) -> None:
    """Any prefix, order, byte order mark or line break in base64 is read; another namespace is no packet."""
    folder = vectors / "axis-a" / "packets"
    for path in sorted(folder.glob("*/*.edxml")):
        if "wrong-namespace" in path.name:
            with pytest.raises(NotAPacket):
                read_packet(path.read_bytes())
        else:
            assert read_packet(path.read_bytes()).packet.sender.code


def test_vector_with_six_attachments_gives_the_files_as_they_were(vectors: Path) -> None:
    """Whatever the sender's software wrapped comes out as the original file, a zip that was meant as one stays."""
    packets = vectors / "axis-a" / "packets"
    packet = read_document((packets / "sdk-built" / "edoc-new-six-attachments.edxml").read_bytes())
    for attachment, original in zip(packet.attachments, ("thu.pdf", "thu.docx", "thu.xlsx", "thu.txt", "thu.zip", "thu.doc"), strict=True):
        assert attachment.content == Blob.of_file(packets / "attachment-sources" / original), original


def test_prefixes_and_order_make_no_difference(vectors: Path) -> None:
    """The same content in another prefix layout or order is the same packet."""
    folder = vectors / "axis-a" / "packets" / "hand-written"
    plain = read_packet((folder / "edoc-hand-prefixed.edxml").read_bytes()).packet
    for layout in ("bom", "default-namespace", "other-prefix", "reversed-order", "trailing-crlf"):
        assert read_packet((folder / f"edoc-hand-{layout}.edxml").read_bytes()).packet == plain, layout


def test_blob_is_read_like_bytes(document: DocumentPacket, tmp_path: Path) -> None:
    """A packet in a file is read from there, and its parse keeps the bytes."""
    raw = write_packet(document)
    (tmp_path / "packet").write_bytes(raw)
    reading = read_packet(Blob.of_file(tmp_path / "packet"))
    assert reading.packet == document
    assert reading.document.raw.read() == raw
    assert read_packet(tmp_path / "packet").packet == document


def test_both_spellings_of_business_are_read(document: DocumentPacket) -> None:
    """`Business…` is `Bussiness…`."""
    assert read_packet(write_packet(document).replace(b"Bussiness", b"Business")).packet == document


def test_comment_inside_a_code_hides_nothing(document: DocumentPacket) -> None:
    """A code is its whole text, whatever comments stand in it."""
    raw = write_packet(document).replace(b">G22<", b">G22<!-- -->.evil<")
    assert read_document(raw).recipients[1].code == "G22.evil"


def test_wrong_but_real_values_are_kept_and_named(document: DocumentPacket) -> None:
    """A date in another form stays as text, a missing subject is named, a repeated element counts once."""
    raw = write_packet(document)
    raw = raw.replace(b"<edXML:PromulgationDate>2026/11/20<", b"<edXML:PromulgationDate>20-11-2026<")
    raw = re.sub(rb"<edXML:Subject>.*</edXML:Subject>", b"", raw)
    raw = raw.replace(b"<edXML:Priority>", b"<edXML:Priority>0</edXML:Priority><edXML:Priority>")
    packet = read_document(raw)
    assert (packet.promulgation_date, packet.subject, packet.other.priority) == ("20-11-2026", "", 0)
    assert sorted(codes(raw)) == ["LT-EDXML-101", "LT-EDXML-103", "LT-EDXML-104"]
    place = read_packet(raw, source="x.edxml").findings[0].place
    assert place is not None
    assert place.source == "x.edxml"
    assert place.line


def test_value_in_the_wrong_type_is_kept_as_its_text(document: DocumentPacket) -> None:
    """A number or flag that can't be read as one is neither guessed nor lost; other spellings of one are read."""
    raw = write_packet(document)
    wrong = raw.replace(b"<edXML:PageAmount>3<", b"<edXML:PageAmount>ba<").replace(b"<edXML:Paper>0<", b"<edXML:Paper>co<")
    packet = read_document(wrong)
    assert (packet.other.pages, packet.business and packet.business.paper) == ("ba", "co")
    assert codes(wrong) == ["LT-EDXML-104", "LT-EDXML-104"]
    assert write_packet(packet) == wrong
    other = raw.replace(b"<edXML:PageAmount>3<", b"<edXML:PageAmount> 03 <").replace(b"<edXML:Direction>false<", b"<edXML:Direction>0<")
    assert read_document(other) == document


def test_unknown_and_repeated_elements_are_kept_named_and_written_back(document: DocumentPacket) -> None:
    """Whatever a packet has beyond the model stays with the model's part that it stood in, and comes back there."""
    raw = write_packet(document)
    raw = raw.replace(b"<edXML:CodeNumber>", b'<x:Series xmlns:x="urn:x" x:of="9">A<!-- . --><x:b/>c</x:Series><edXML:CodeNumber>')
    raw = raw.replace(b"</edXML:From>", b"<edXML:TaxCode>0100</edXML:TaxCode><edXML:Fax/></edXML:From>")
    raw = raw.replace(b"<edXML:Subject>", b"<edXML:Subject>first</edXML:Subject><edXML:Subject>")
    reading = read_packet(raw)
    packet = reading.packet
    assert isinstance(packet, DocumentPacket)
    assert packet.subject == "first"
    assert [(found.code, found.fields["element"]) for found in reading.findings] == [
        ("LT-EDXML-112", "From/TaxCode"),
        ("LT-EDXML-101", "MessageHeader/Subject"),
        ("LT-EDXML-112", "Code/Series"),
    ]
    series = OtherElement(
        name="{urn:x}Series",
        text="A",
        attributes=(("{urn:x}of", "9"),),
        children=(OtherElement(name="{urn:x}b", tail="c"),),
        inside="edXMLEnvelope/edXMLHeader/MessageHeader/Code",
    )
    assert packet.others == (
        replace(
            series,
            name=f"{{{NAMESPACE}}}Subject",
            text=document.subject,
            attributes=(),
            children=(),
            inside=series.inside.removesuffix("/Code"),
        ),
        series,
    )
    assert [(other.name.rpartition("}")[2], other.text) for other in packet.sender.others] == [("Fax", ""), ("TaxCode", "0100")]
    written = write_packet(packet)
    assert read_packet(written).packet == packet
    assert written.index(b">first<") < written.index(b"V/v") < written.index(b"SignerInfo")


def test_what_no_model_can_hold_is_named(document: DocumentPacket) -> None:
    """Attributes, and text between elements, are the only things that are not taken over, and the reader says so."""
    raw = (
        write_packet(document)
        .replace(b"<edXML:Subject>", b'<edXML:Subject lang="vi">')
        .replace(b"<edXML:OtherInfo>", b"<edXML:OtherInfo>x")
    )
    assert [(found.code, found.fields["element"]) for found in read_packet(raw).findings] == [
        ("LT-EDXML-102", "MessageHeader/Subject/@lang"),
        ("LT-EDXML-102", "OtherInfo/text()"),
    ]


@pytest.mark.parametrize(
    ("pattern", "element"),
    [
        (rb"(?s)<edXML:MessageHeader>.*</edXML:MessageHeader>", "edXMLHeader/MessageHeader"),
        (rb"(?s)<edXML:From>.*</edXML:From>", "MessageHeader/From"),
        (rb">H42\.12</edXML:OrganId>", "From/OrganId"),
        (rb"(?s)<edXML:To>.*</edXML:To>", "MessageHeader/To"),
        (rb">0</edXML:BussinessDocType>", "Bussiness/BussinessDocType"),
    ],
)
def test_packet_that_says_not_who_or_what_is_refused(document: DocumentPacket, pattern: bytes, element: str) -> None:
    """Without sender, recipients or a known kind of business a packet can't be understood, and the error names the element."""
    replacement = b">7</edXML:BussinessDocType>" if b"DocType" in pattern else b"></edXML:OrganId>" if b"OrganId" in pattern else b""
    with pytest.raises(SchemaViolation) as caught:
        read_packet(re.sub(pattern, replacement, write_packet(document), count=1))
    assert caught.value.element == element


def test_manifest_and_attachments_that_disagree_are_named(document: DocumentPacket) -> None:
    """One only listed, one only contained, and another name are findings; nothing is lost."""
    raw = write_packet(document)
    only_listed = raw.replace(b"<ContentId>cid:a1<", b"<ContentId>cid:a2<")
    assert sorted(codes(only_listed)) == ["LT-EDXML-106", "LT-EDXML-107"]
    assert codes(raw.replace("<AttachmentName>tờ-trình".encode(), b"<AttachmentName>to-trinh")) == ["LT-EDXML-110"]
    assert codes(raw.replace(b"<ContentType>application/pdf", b"<ContentType>text/plain")) == ["LT-EDXML-113", "LT-EDXML-108"]
    (attachment,) = read_document(raw.replace(b"<ContentId>cid:a1<", b"<ContentId>a1<")).attachments
    assert replace(attachment, transfer=None) == document.attachments[0]


@pytest.mark.parametrize("damage", ["JVBEé".encode(), "JVBE\u00a0".encode(), b"JVBE*", b"JVBER", b"JVB", b"===="])
def test_damaged_base64_is_refused_and_names_the_attachment(document: DocumentPacket, damage: bytes) -> None:
    """Bytes that can't be told are never delivered."""
    raw = re.sub(rb"(<ContentTransferEncoded>).*(</)", rb"\g<1>" + damage + rb"\g<2>", write_packet(document))
    with pytest.raises(AttachmentUnreadable) as caught:
        read_packet(raw)
    assert caught.value.content_id == "a1"
    assert "base64" in caught.value.sentence("vi")


def test_files_where_nobody_looks_for_them_are_not_lost(document: DocumentPacket) -> None:
    """Two contents in one attachment, or a second list of attachments, are refused: none of them may vanish."""
    raw = write_packet(document)
    twice = re.sub(rb"(<ContentTransferEncoded>.*</ContentTransferEncoded>)", rb"\1\1", raw)
    with pytest.raises(AttachmentUnreadable, match="more than one content"):
        read_packet(twice)
    lists = re.sub(rb"(?s)(<AttachmentEncoded>.*</AttachmentEncoded>)", rb"\1\1", raw)
    with pytest.raises(AttachmentUnreadable, match=r"a1.*no attachment belongs.*AttachmentEncoded/Attachment"):
        read_packet(lists)
    with pytest.raises(AttachmentUnreadable, match="elements inside"):
        read_packet(raw.replace(b"</ContentTransferEncoded>", b"<x/></ContentTransferEncoded>"))


def test_too_many_attachments_are_refused(document: DocumentPacket) -> None:
    """Their number is bounded, for each costs its reader something."""
    raw = write_packet(document)
    one = re.search(rb"(?s)<Attachment>.*</Attachment>", raw)
    assert one is not None
    with pytest.raises(CapExceeded, match="attachments"):
        read_packet(raw.replace(one.group(), one.group() * 1001))


def test_attachment_without_content_is_refused(document: DocumentPacket) -> None:
    """An attachment whose content element is missing isn't an empty file."""
    with pytest.raises(AttachmentUnreadable, match="it has no content"):
        read_packet(re.sub(rb"<ContentTransferEncoded>.*</ContentTransferEncoded>", b"", write_packet(document)))


def test_wrapped_file_is_unwrapped_whatever_its_label(with_file: Callable[[str, bytes], bytes]) -> None:
    """One file in a zip under the name of another format is that file; so is an `.xlsx` that holds only an `.xlsx`."""
    sheet = zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"))
    for name, content, expected in (
        ("a.pdf", zipped(("0-1.pdf", b"%PDF-1.7")), b"%PDF-1.7"),
        ("a.xlsx", zipped(("0-1.xlsx", sheet)), sheet),
        ("a.xlsx", sheet, sheet),
        ("a.zip", zipped(("0-1.zip", sheet)), zipped(("0-1.zip", sheet))),
    ):
        assert read_document(with_file(name, content)).attachments[0].content.read() == expected


@pytest.mark.parametrize(
    ("content", "en", "vi"),
    [
        (zipped(("a.txt", b"1"), ("b.txt", b"2")), "exactly one file", "không chứa đúng một tệp con"),
        (zipped(("folder/", b"")), "its entry is a folder", "mục bên trong là thư mục"),
        (zipped(("a.txt", b"1" * 500))[:-30], "damaged or cut short", "bị hỏng hoặc bị cắt cụt"),
        (zipped(("a.pdf", bytes(range(256))))[:40] + b"!" + zipped(("a.pdf", bytes(range(256))))[41:], "it is damaged", "tệp bị hỏng"),
    ],
    ids=["two files", "a folder", "cut short", "damaged"],
)
def test_zip_of_another_shape_stays_as_it_came(with_file: Callable[[str, bytes], bytes], content: bytes, en: str, vi: str) -> None:
    """A zip under another name that isn't one wrapped file is kept, with a warning that says why in both languages."""
    raw = with_file("a.pdf", content)
    assert read_document(raw).attachments[0].content.read() == content
    warning = next(found for found in read_packet(raw).findings if found.code == "LT-EDXML-109")
    assert en in warning.en
    assert en not in warning.vi
    assert vi in warning.vi


@pytest.mark.parametrize(
    "content",
    [zipped(("a.txt", bytes(20 << 20))), *(zipped((name, b"1")) for name in ("../a.txt", "/etc/a.txt", "C:\\a.txt", "x\\..\\a.txt"))],
    ids=["bomb", "parent", "absolute", "drive", "backslash"],
)
def test_hostile_zip_is_refused(with_file: Callable[[str, bytes], bytes], content: bytes) -> None:
    """A zip that unpacks to far more than it is worth, or leads out of its folder, is refused by name."""
    with pytest.raises(ArchiveUnsafe) as caught:
        read_packet(with_file("a.txt", content))
    assert caught.value.content_id == "a1"
    assert caught.value.reason.vi in caught.value.sentence("vi")


def test_flood_of_mistakes_is_cut_off(document: DocumentPacket) -> None:
    """A packet made of mistakes costs its reader a bounded list, which says that it is cut."""
    raw = write_packet(document).replace(b"<edXML:Code>", b"<edXML:Odd>1</edXML:Odd>" * 2000 + b"<edXML:Code>")
    raw = raw.replace(b"<edXML:Paper>0<", b"<edXML:Paper>co<")
    reading = read_packet(raw)
    assert len(reading.findings) == MOST + 2
    assert "LT-EDXML-104" in [finding.code for finding in reading.findings]  # not hidden by the crowd in front of it
    assert reading.findings[-1].code == "LT-EDXML-111"


def test_doctype_and_other_roots_are_refused(document: DocumentPacket) -> None:
    """Unsafe XML and XML of another kind have their own errors."""
    raw = write_packet(document)
    with pytest.raises(DoctypeRefused):
        read_packet(raw.replace(b"?>\n", b"?>\n<!DOCTYPE edXML>\n", 1))
    with pytest.raises(NotAPacket) as caught:
        read_packet(b'<edXML xmlns="http://www.go.vn/eDoc"/>')
    assert caught.value.found == "{http://www.go.vn/eDoc}edXML"


def test_names_of_another_namespace_are_never_the_packets_own(document: DocumentPacket) -> None:
    """An element without a namespace in front of the real one says nothing about the packet, and is written back as what it was."""
    raw = write_packet(document).replace(b"<edXML:OrganId>G22<", b'<OrganId xmlns="">H99</OrganId><edXML:OrganId>G22<')
    raw = raw.replace(b"<edXML:Bussiness>", b'<Bussiness xmlns=""><BussinessDocType>1</BussinessDocType></Bussiness><edXML:Bussiness>')
    reading = read_packet(raw)
    assert isinstance(reading.packet, DocumentPacket)
    assert reading.packet.recipients[1].code == "G22"
    assert reading.packet.business_type is BusinessType.NEW
    assert [other.name for other in (*reading.packet.recipients[1].others, *reading.packet.others)] == ["OrganId", "Bussiness"]
    assert len(reading.findings) == 2
    assert read_packet(write_packet(reading.packet)).packet == reading.packet


@pytest.mark.parametrize("name", ["AttachmentEncoded", "Attachment", "ContentTransferEncoded"])
def test_attachment_outside_the_namespace_is_refused_not_lost(document: DocumentPacket, name: str) -> None:
    """Software that binds only the prefix leaves the attachments without a namespace."""
    raw = write_packet(document).replace(f"<{name}>".encode(), f'<{name} xmlns="">'.encode())
    with pytest.raises(AttachmentUnreadable):
        read_packet(raw)


def test_packet_that_is_both_document_and_status_is_refused(document: DocumentPacket) -> None:
    """Which of the two it is decides where it goes, and isn't guessed."""
    raw = write_packet(document).replace(b"<edXML:Subject>", b"<edXML:StatusCode>03</edXML:StatusCode><edXML:Subject>")
    with pytest.raises(PacketContradictory, match="StatusCode"):
        read_packet(raw)


@pytest.mark.parametrize("place", [b"</edXML:MessageHeader>", b"</edXML:edXMLHeader>", b"</edXML:TraceHeaderList>"])
def test_recall_out_of_place_does_not_pass_for_a_new_document(document: DocumentPacket, place: bytes) -> None:
    """What a packet does, said elsewhere or twice, is refused."""
    recall = b"<edXML:Bussiness><edXML:BussinessDocType>1</edXML:BussinessDocType></edXML:Bussiness>"
    raw = write_packet(document)
    for given in (raw, raw if b"Trace" in place else re.sub(rb"(?s)<edXML:Bussiness>.*</edXML:Bussiness>", b"", raw)):
        with pytest.raises(PacketContradictory, match="Bussiness"):
            read_packet(given.replace(place, recall + place))
    with pytest.raises(SchemaViolation, match="BussinessDocType"):
        read_packet(
            re.sub(rb"(?s)<edXML:Bussiness>.*</edXML:Bussiness>", b"<edXML:Bussiness><edXML:BussinessDocType/></edXML:Bussiness>", raw)
        )


def test_comments_cost_and_hide_nothing(document: DocumentPacket) -> None:
    """Comments between pieces of base64 or text are no content; a hundred thousand of them are read in the time of a packet."""
    raw = write_packet(document)
    assert read_packet(raw.replace(b"JVBER", b"JVB<!-- -->ER")).packet == document
    many = raw.replace(b"<edXML:Subject>", b"<edXML:Odd>" + b"<!---->abcdefgh" * 90_000 + b"</edXML:Odd><edXML:Subject>")
    packet = read_document(many)
    assert packet.others[0].text == "abcdefgh" * 90_000


def test_recipients_without_a_code_are_no_recipients(document: DocumentPacket) -> None:
    """A packet whose every `To` lacks its code can't be delivered to anybody."""
    with pytest.raises(SchemaViolation, match="To"):
        read_packet(
            re.sub(rb"(<edXML:To>\s*)<edXML:OrganId>.*</edXML:OrganId>", rb"\1<edXML:Email>x</edXML:Email>", write_packet(document))
        )


def test_status_without_an_addressee_is_refused(status: StatusPacket) -> None:
    """A status packet has no other addressee than `ResponseFor/OrganId`."""
    with pytest.raises(SchemaViolation, match="ResponseFor/OrganId"):
        read_packet(re.sub(rb"(<edXML:ResponseFor>\s*)<edXML:OrganId>.*</edXML:OrganId>", rb"\1", write_packet(status)))


def test_name_that_only_the_manifest_has_is_the_files_name(document: DocumentPacket) -> None:
    """An attachment without a name of its own is called as the manifest calls it; one without a type is not mislabelled."""
    raw = re.sub(rb"(<Attachment>(?s:.*?))<AttachmentName>.*</AttachmentName>", rb"\1", write_packet(document))
    raw = re.sub(rb"(<Attachment>(?s:.*?))<ContentType>.*</ContentType>", rb"\1", raw)
    reading = read_packet(raw)
    assert isinstance(reading.packet, DocumentPacket)
    assert reading.packet.attachments[0].name == "tờ-trình.pdf"
    assert [found.code for found in reading.findings if found.code == "LT-EDXML-108"] == []


def test_copies_of_a_packet_share_its_files_and_none_is_pickled(document: DocumentPacket, tmp_path: Path) -> None:
    """A copy reads the same bytes also when the packet is gone; a pickle, which can't, is refused."""
    content = b"%PDF-" + bytes(100_000)
    (tmp_path / "file.pdf").write_bytes(content)
    attachment = replace(document.attachments[0], content=Blob.of_file(tmp_path / "file.pdf"))
    packet = read_document(write_packet(replace(document, attachments=(attachment,))))
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(packet)
    again = copy.deepcopy(packet)
    del packet
    gc.collect()
    with (tmp_path / "file.pdf").open("rb"):  # takes the next free descriptor
        assert again.attachments[0].content.read() == content


def test_many_small_bombs_are_one_large_one(document: DocumentPacket) -> None:
    """What the zips of a packet unpack to is bounded for all of them together, by what came."""
    bomb = Blob.of_bytes(zipped(("a.dat", bytes((4 << 20) - 1))))
    one = replace(document.attachments[0], name="a.dat", media_type="application/zip", content=bomb)

    def packet_of(count: int) -> bytes:
        return write_packet(replace(document, attachments=tuple(replace(one, content_id=str(number)) for number in range(count))))

    assert len(read_document(packet_of(7)).attachments) == 7
    with pytest.raises(ArchiveUnsafe):
        read_packet(packet_of(10))
