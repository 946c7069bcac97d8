"""Signatures of edXML packets: the last child of edXMLHeader, over the whole packet."""

from __future__ import annotations

from lienthong.core.errors import Place, Words
from lienthong.schemas.edxml.wire import NAMESPACE
from lienthong.schemas.errors import NotAPacket, SchemaViolation
from lienthong.schemas.xml import Element, XmlDocument, parse
from lienthong.signing.errors import NotSignable
from lienthong.signing.keys import Signer
from lienthong.signing.report import SignatureReport, reason
from lienthong.signing.xmldsig import DS, NO_CERTIFICATE, load_certificate, sign_enveloped, verify_enveloped

_Q = f"{{{NAMESPACE}}}"
_DS = f"{{{DS}}}"
_NO_ALGORITHM = "http://www.w3.org/TR/xml-exc-c14n#"  # in packets of the axis' own software; no such algorithm exists


def sign_packet(packet: bytes, signer: Signer) -> bytes:
    """Return a packet with one signature over all of it, its own bytes otherwise unchanged.

    Raises:
        NotWellFormed: data; carries line and column.
        UnsafeXml: security; a DOCTYPE, or a cap is exceeded.
        NotAPacket: data; well-formed XML with another root.
        SchemaViolation: data; the packet has no header.
        NotSignable: data; the packet has a signature, or something in its place, already.

    Source: edxml.md §4.
    """
    document = parse(packet)
    if document.root.tag != _Q + "edXML":
        raise NotAPacket(found=str(document.root.tag), expected=_Q + "edXML", place=document.place(document.root))
    header = _header(document)
    if header is None:
        raise SchemaViolation(element="edXMLEnvelope/edXMLHeader", place=Place(path="edXML/edXMLEnvelope"))
    if _in_place_of_a_signature(header) is not None:
        taken = Words("its header already has a signature or a placeholder", "phần đầu đã có chữ ký hoặc phần giữ chỗ")
        raise NotSignable(reason=taken)
    return sign_enveloped(document, signer, parent=header)


def report_packet(document: XmlDocument) -> SignatureReport:
    """Return the state of a packet's signature.

    A packet is never refused for it: most that travel have none, or a placeholder. The signature with legal weight stands inside
    the attached PDF.

    Args:
        document: The parse that the packet was read from (`Reading.document`).
    """
    header = _header(document)
    if header is None:
        return SignatureReport(state="none")
    found = _in_place_of_a_signature(header)
    if found is not None and found.tag != _DS + "Signature" and next(document.root.iter(_DS + "Signature"), None) is None:
        return _placeholder(Words("it is not in the namespace of XML signatures", "không thuộc không gian tên của chữ ký XML"))
    if found is not None and found.tag == _DS + "Signature":
        if any(transform.get("Algorithm") == _NO_ALGORITHM for transform in found.iter(_DS + "Transform")):
            return _placeholder(Words("it names an algorithm that does not exist", "nêu thuật toán không tồn tại"))
        certificates = list(found.iter(_DS + "X509Certificate"))
        if certificates and all(load_certificate(certificate) is None for certificate in certificates):
            return _placeholder(NO_CERTIFICATE)
    return verify_enveloped(document, parent=header)


def _placeholder(detail: Words) -> SignatureReport:
    return SignatureReport(state="placeholder", reason=reason("LT-SIGN-107", detail=detail))


def _header(document: XmlDocument) -> Element | None:
    return document.root.find(f"{_Q}edXMLEnvelope/{_Q}edXMLHeader")


def _in_place_of_a_signature(header: Element) -> Element | None:
    """Return the first child of the header that is called a signature, one of the right namespace before others."""
    for tag in (_DS + "Signature", _Q + "Signature", _Q + "DigitalSignature"):
        found = header.find(tag)
        if found is not None:
            return found
    return None
