"""Signatures of packets."""

import dataclasses
import io
import re
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
from signxml.verifier import XMLVerifier

from lienthong.core.blob import Blob
from lienthong.schemas.edxml import Party, ResponseFor, StatusPacket, read_packet, write_packet
from lienthong.schemas.errors import NotAPacket, SchemaViolation
from lienthong.schemas.xml import KEEP_WHOLE, Caps, Divert, XmlDocument, parse, whole
from lienthong.signing import Signer, report_packet, sign_enveloped, sign_packet, xmldsig
from lienthong.signing.errors import NotSignable

NAMESPACE = b"http://www.mic.gov.vn/TBT/QCVN_102_2016"
PACKET = write_packet(
    StatusPacket(
        sender=Party(code="H42.12", name="Sở Khoa học và Công nghệ"),
        response_for=ResponseFor(organisation="G22", code="7816/VPCP-TTĐT"),
        status="03",
        timestamp="2026/11/20 10:00:00",
    )
)


def test_signed_packet_is_valid_and_reads_the_same(signer: Signer) -> None:
    """The signature is the last child of the header, all other bytes stay, and the content is what it was."""
    signed = sign_packet(PACKET, signer)
    assert re.sub(rb"<ds:Signature .*</ds:Signature>", b"", signed) == PACKET
    reading = read_packet(signed)
    assert [other.is_signature for other in reading.packet.others] == [True]
    assert dataclasses.replace(reading.packet, others=()) == read_packet(PACKET).packet
    assert reading.findings == read_packet(PACKET).findings
    header = reading.document.root[0][0]
    assert header[-1].tag == "{http://www.w3.org/2000/09/xmldsig#}Signature"
    assert report_packet(reading.document).state == "valid"
    XMLVerifier().verify(signed, x509_cert=signer.certificate)


def test_packets_of_others_can_be_signed(samples: Path, signer: Signer) -> None:
    """A packet with attachments that another writer laid out keeps its bytes."""
    raw = (samples / "edxml" / "document-zip-labelled-text.edxml").read_bytes()
    signed = sign_packet(raw, signer)
    assert re.sub(rb"<ds:Signature .*</ds:Signature>", b"", signed) == raw
    assert report_packet(parse(signed)).state == "valid"
    assert report_packet(parse(signed.replace(b"UEsDB", b"UEsDC", 1))).state == "invalid"


def test_signature_moved_in_the_packet_is_invalid(signer: Signer) -> None:
    """A genuine signature that hides text inside a field isn't accepted."""
    signed = sign_packet(PACKET, signer)
    found = re.search(rb"<ds:Signature .*</ds:Signature>", signed)
    assert found is not None
    moved = PACKET.replace("Sở Khoa".encode(), "Sở ".encode() + found.group() + b"Khoa")
    assert report_packet(parse(moved)).state == "invalid"


def test_signatures_of_the_samples_are_what_they_are(samples: Path) -> None:
    """Vendor samples have no signature or a placeholder, never an invalid one."""
    states = {
        path.name: report_packet(parse(path.read_bytes())).state
        for path in (samples / "edxml").glob("*.edxml")
        if not path.name.startswith("broken")
    }
    assert states == {
        "document-fetched.edxml": "placeholder",
        "document-new.edxml": "placeholder",
        "document-update.edxml": "placeholder",
        "document-zip-labelled-text.edxml": "none",
        "status-03.edxml": "none",
        "status-13.edxml": "none",
    }


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        (b"<Signature/>", "không thuộc không gian tên của chữ ký XML"),
        (b"<edXML:DigitalSignature/>", "không thuộc không gian tên của chữ ký XML"),
        (
            b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Certificate>MIIFqTCCBJG</X509Certificate></Signature>',
            "không phải chứng thư X.509",
        ),
        (
            b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Transform Algorithm="http://www.w3.org/TR/xml-exc-c14n#"/></Signature>',
            "nêu thuật toán không tồn tại",
        ),
    ],
)
def test_placeholder_is_told_and_not_signed_over(signer: Signer, inside: bytes, why: str) -> None:
    """What never was a signature is no forged one; and signing refuses a place that is taken."""
    raw = PACKET.replace(b"</edXML:edXMLHeader>", inside + b"</edXML:edXMLHeader>")
    report = report_packet(parse(raw))
    assert (report.state, report.reason and report.reason.code) == ("placeholder", "LT-SIGN-107")
    assert report.reason is not None
    assert report.reason.vi.endswith(f": {why}.")
    with pytest.raises(NotSignable) as caught:
        sign_packet(raw, signer)
    assert caught.value.sentence("vi") == "Không ký được văn bản: phần đầu đã có chữ ký hoặc phần giữ chỗ."


def with_attachment(text: bytes) -> bytes:
    inside = b"<AttachmentEncoded><Attachment><Text>%b</Text></Attachment></AttachmentEncoded>" % text
    end = PACKET.rindex(b"</")
    return PACKET[:end] + inside + PACKET[end:]


def parse_without_attachment(raw: bytes, file: Path) -> XmlDocument:
    file.write_bytes(raw)
    return parse(Blob.of_file(file), divert=Divert((f"{{{NAMESPACE.decode()}}}Text",), lambda _element: io.StringIO()))


def test_large_packet_is_verified_with_the_text_that_was_handed_over(signer: Signer, tmp_path: Path) -> None:
    """What left the tree while the packet was read is covered nevertheless: changed, added or left out, it is told."""
    large = b"QUJD" * (KEEP_WHOLE // 4)
    signed = sign_packet(with_attachment(large), signer)
    document = parse_without_attachment(signed, tmp_path / "large.edxml")
    assert not document.complete
    report = report_packet(document)
    assert (report.state, report.covers) == ("valid", "document")

    middle = len(signed) // 2
    for changed in (signed[:middle] + b"!" + signed[middle + 1 :], signed.replace(large, large + b"QUJD")):
        report = report_packet(parse_without_attachment(changed, tmp_path / "changed.edxml"))
        assert (report.state, report.reason and report.reason.code) == ("invalid", "LT-SIGN-101")
    empty = sign_packet(with_attachment(b""), signer)
    filled = parse_without_attachment(empty.replace(b"<Text></Text>", b"<Text>" + large + b"</Text>"), tmp_path / "filled.edxml")
    assert report_packet(filled).state == "invalid"


def test_packet_too_large_to_be_verified_is_told(signer: Signer, tmp_path: Path) -> None:
    """Nothing is said about a signature over more than can be held, and a packet without a signature isn't looked at again."""
    raw = with_attachment(b"QUJD" * (KEEP_WHOLE // 4))
    unsigned = parse_without_attachment(raw, tmp_path / "unsigned.edxml")
    signed = parse_without_attachment(sign_packet(raw, signer), tmp_path / "signed.edxml")
    with mock.patch.object(xmldsig, "whole", partial(whole, caps=Caps(bytes=KEEP_WHOLE))):
        assert report_packet(unsigned).state == "none"
        report = report_packet(signed)
    assert (report.state, report.reason and report.reason.code) == ("unsupported", "LT-SIGN-109")
    assert report.reason is not None
    assert report.reason.vi.endswith("dung lượng (byte) vượt quá 8388608.")


def test_document_whose_text_left_the_tree_is_signed_whole(signer: Signer, tmp_path: Path) -> None:
    """A signature never covers less than the bytes have."""
    document = parse_without_attachment(with_attachment(b"QUJD" * (KEEP_WHOLE // 4)), tmp_path / "large.edxml")
    header = document.root[0][0]
    signed = sign_enveloped(document, signer, parent=header)
    assert report_packet(parse(signed)).state == "valid"


def test_what_is_no_packet_is_not_signed(signer: Signer) -> None:
    """Another root or a missing header is refused."""
    with pytest.raises(NotAPacket):
        sign_packet(b"<a>1</a>", signer)
    headless = b'<edXML xmlns="' + NAMESPACE + b'">1</edXML>'
    with pytest.raises(SchemaViolation):
        sign_packet(headless, signer)
    assert report_packet(parse(headless)).state == "none"
