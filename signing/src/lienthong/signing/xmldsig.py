"""One enveloped XML signature over a whole document, made and checked.

The one shape, on both sides: Reference URI="", transforms enveloped-signature and exclusive canonicalisation, SHA-256,
RSA or P-256, and the signer's certificate in KeyInfo. It leaves nothing to choose for whoever wrote the document.
"""

from __future__ import annotations

import binascii
import copy
import hashlib
import hmac
from base64 import b64encode

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from lienthong.core.errors import Words
from lienthong.schemas.errors import CapExceeded
from lienthong.schemas.xml import Element, XmlDocument, parse, text_of, whole
from lienthong.signing import c14n
from lienthong.signing.errors import NotSignable
from lienthong.signing.keys import P256_BYTES, Signer, weakness
from lienthong.signing.report import SignatureReport, reason
from lienthong.signing.splice import insert_last

DS = "http://www.w3.org/2000/09/xmldsig#"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = DS + "enveloped-signature"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
NO_CERTIFICATE = Words("it is no X.509 certificate", "không phải chứng thư X.509")


def _ds(name: str) -> str:
    return f"{{{DS}}}{name}"


def sign_enveloped(document: bytes | XmlDocument, signer: Signer, *, parent: Element | None = None) -> bytes:
    """Return the document with one signature over all of it.

    Args:
        document: A complete XML document in UTF-8, as bytes or as the parser gave it.
        signer: May be shared between threads.
        parent: Element of a parsed document that gets the signature as its last child; None for the root.

    Returns:
        The input's own bytes with the signature spliced in; every other byte is as it was.

    Raises:
        NotWellFormed: data; carries line and column.
        UnsafeXml: security; a DOCTYPE, or a cap is exceeded.
        NotSignable: data; already signed, not in UTF-8, or of a shape that verifiers understand differently.

    Standard: XML Signature 1.1, section 3.1.
    """
    given = document if isinstance(document, XmlDocument) else parse(document)
    parsed = whole(given)
    if next(parsed.root.iter(_ds("Signature")), None) is not None:
        raise NotSignable(reason=Words("it already has a signature", "văn bản đã có chữ ký"))
    if _instruction_outside(parsed.root):
        outside = Words("there is a processing instruction outside its root element", "có chỉ thị xử lý nằm ngoài phần tử gốc")
        raise NotSignable(reason=outside)
    try:
        digest = hashlib.sha256(c14n.exclusive(parsed.root)).digest()
    except ValueError as error:
        raise NotSignable(reason=Words("a namespace name is relative", "có không gian tên là địa chỉ tương đối")) from error
    public = signer.certificate.public_key()
    method = RSA_SHA256 if isinstance(public, rsa.RSAPublicKey) else ECDSA_SHA256
    # Written in canonical form, so that what is signed is what canonicalising the element gives.
    inside = (
        f'<ds:CanonicalizationMethod Algorithm="{EXC_C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>'
        '<ds:Reference URI=""><ds:Transforms>'
        f'<ds:Transform Algorithm="{ENVELOPED}"></ds:Transform><ds:Transform Algorithm="{EXC_C14N}"></ds:Transform>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue>{b64encode(digest).decode()}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
    value = signer.sign(f'<ds:SignedInfo xmlns:ds="{DS}">{inside}'.encode())
    certificate = signer.certificate.public_bytes(Encoding.DER)
    signature = (
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>{inside}'
        f"<ds:SignatureValue>{b64encode(value).decode()}</ds:SignatureValue>"
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{b64encode(certificate).decode()}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "</ds:Signature>"
    )
    return insert_last(given, given.root if parent is None else parent, signature.encode())


def verify_enveloped(document: XmlDocument, *, parent: Element | None = None) -> SignatureReport:
    """Return whether a document is the one that was signed with the certificate in its signature.

    Only the shape that `sign_enveloped` writes is verified, with any prefix. Nothing is fetched, and no trust is checked. The
    order is: shape, signature value, digest; the caps were kept when the document was parsed.

    Args:
        document: The document that is going to be used, not a second parse of its bytes. If it isn't complete, only its bytes
            tell what was handed over while they were parsed, and they are parsed once more.
        parent: Element whose last child the signature must be; None for the root. Elsewhere, text inside the signature,
            which no signature covers, could be read as content.

    Standard: XML Signature 1.1, section 3.2.
    """
    signatures = list(document.root.iter(_ds("Signature")))
    if not signatures:
        return SignatureReport(state="none")
    if len(signatures) > 1:
        return SignatureReport(state="invalid", reason=reason("LT-SIGN-103", count=len(signatures)))
    (signature,) = signatures
    home = document.root if parent is None else parent
    if signature is not next(home.iterchildren("*", reversed=True), None):
        return SignatureReport(state="invalid", reason=reason("LT-SIGN-104", expected=etree.QName(home).localname))
    try:
        return _verify(whole(document).root)
    except CapExceeded as error:
        return SignatureReport(state="unsupported", reason=reason("LT-SIGN-109", cap=error.cap, limit=error.limit))


def _verify(root: Element) -> SignatureReport:
    signature = next(root.iter(_ds("Signature")))
    odd = _oddity(signature, root)
    if odd is not None:
        return SignatureReport(state="unsupported", reason=reason("LT-SIGN-105", element=odd))
    signed_info, signature_value, key_info = signature
    certificate = load_certificate(key_info[0][0])
    if certificate is None:
        return SignatureReport(state="unsupported", reason=reason("LT-SIGN-106", detail=NO_CERTIFICATE))
    return _check(root, signed_info, signature_value, certificate)


def _check(root: Element, signed_info: Element, signature_value: Element, certificate: x509.Certificate) -> SignatureReport:
    signer, fingerprint = certificate.subject.rfc4514_string(), certificate.fingerprint(hashes.SHA256()).hex()
    public = certificate.public_key()
    weak = weakness(public)
    if weak is not None:
        return SignatureReport(state="unsupported", signer=signer, fingerprint=fingerprint, reason=reason("LT-SIGN-106", detail=weak))
    try:
        signed = c14n.exclusive(signed_info)
        method = signed_info[1].get("Algorithm")
        if not _fits(public, method, _base64(signature_value), signed):
            return SignatureReport(state="invalid", signer=signer, fingerprint=fingerprint, reason=reason("LT-SIGN-102"))
        digest = hashlib.sha256(_without_signature(root)).digest()
    except ValueError:
        return SignatureReport(state="unsupported", signer=signer, fingerprint=fingerprint, reason=reason("LT-SIGN-105", element="xmlns"))
    if not hmac.compare_digest(digest, _base64(signed_info[2][2])):
        return SignatureReport(state="invalid", signer=signer, fingerprint=fingerprint, reason=reason("LT-SIGN-101"))
    return SignatureReport(state="valid", signer=signer, fingerprint=fingerprint, covers="document", reason=reason("LT-SIGN-108"))


def load_certificate(element: Element) -> x509.Certificate | None:
    """Return the certificate in an X509Certificate element, None where it holds none."""
    try:
        certificate = x509.load_der_x509_certificate(_base64(element))
        certificate.subject.rfc4514_string()
        certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return certificate


def _fits(public: object, method: str | None, value: bytes, signed: bytes) -> bool:
    try:
        if isinstance(public, rsa.RSAPublicKey) and method == RSA_SHA256:
            public.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
            return True
        if isinstance(public, ec.EllipticCurvePublicKey) and method == ECDSA_SHA256 and len(value) == 2 * P256_BYTES:
            r, s = int.from_bytes(value[:P256_BYTES], "big"), int.from_bytes(value[P256_BYTES:], "big")
            public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
            return True
    except InvalidSignature:
        pass
    return False


def _base64(element: Element) -> bytes:
    """Return the bytes of an element's base64 text, none where it is damaged."""
    try:
        return binascii.a2b_base64("".join(text_of(element).split()), strict_mode=True)
    except ValueError:
        return b""


def _without_signature(root: Element) -> bytes:
    # A copy, because the document is shared; the text behind the signature stays where it is.
    whole = copy.deepcopy(root)
    signature = next(whole.iter(_ds("Signature")))
    before, parent = signature.getprevious(), signature.getparent()
    if parent is not None:
        tail = signature.tail or ""
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(signature)
    return c14n.exclusive(whole)


_SHAPE: dict[str, tuple[str, ...]] = {
    "Signature": ("SignedInfo", "SignatureValue", "KeyInfo"),
    "SignedInfo": ("CanonicalizationMethod", "SignatureMethod", "Reference"),
    "Reference": ("Transforms", "DigestMethod", "DigestValue"),
    "Transforms": ("Transform", "Transform"),
    "KeyInfo": ("X509Data",),
    "X509Data": ("X509Certificate",),
}
_TEXT = ("SignatureValue", "DigestValue", "X509Certificate")
_ATTRIBUTES: dict[str, tuple[dict[str, str], ...]] = {
    "CanonicalizationMethod": ({"Algorithm": EXC_C14N},),
    "SignatureMethod": ({"Algorithm": RSA_SHA256}, {"Algorithm": ECDSA_SHA256}),
    "Reference": ({"URI": ""},),
    "Transform": ({"Algorithm": ENVELOPED}, {"Algorithm": EXC_C14N}),
    "DigestMethod": ({"Algorithm": SHA256},),
}


def _oddity(signature: Element, root: Element) -> Words | str | None:
    """Return the name of the first thing that isn't of the one shape, None where all is."""
    if _instruction_outside(root):
        return Words("processing-instruction", "chỉ thị xử lý")
    for element in signature.iter():
        name = etree.QName(element).localname  # its tag is a name, or its parent's children had differed
        children = [child.tag for child in element]
        if element.tag != _ds(name) or children != [_ds(child) for child in _SHAPE.get(name, ())]:
            return name
        if {str(key): str(value) for key, value in element.attrib.items()} not in _ATTRIBUTES.get(name, ({},)):
            return name
        if name not in _TEXT and any(text.strip() for text in (element.text or "", *(child.tail or "" for child in element))):
            return name
    transforms = [transform.get("Algorithm") for transform in signature.iter(_ds("Transform"))]
    return None if transforms == [ENVELOPED, EXC_C14N] else "Transforms"


def _instruction_outside(root: Element) -> bool:
    # Canonical form has processing instructions beside the root, but not every verifier looks there.
    return bool(root.xpath("/processing-instruction()"))
