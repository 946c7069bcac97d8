"""A second opinion on a packet's XML signature, by signxml. It is recorded, never a reason to refuse."""

from dataclasses import dataclass
from typing import Literal

from lxml import etree
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from lienthong.sandbox.packet import NAMESPACE, parse

MAX_BYTES = 8 * 1024 * 1024
"""signxml holds many times the document in memory; above this it isn't asked."""

_DS = "http://www.w3.org/2000/09/xmldsig#"
_HEADER = f"./{{{NAMESPACE}}}edXMLEnvelope/{{{NAMESPACE}}}edXMLHeader/"
_CHECKED_TRANSFORMS = {
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureVerdict:
    """What signxml said: the cryptography only. Whose certificate it is, and whether to trust it, is not judged."""

    result: Literal["none", "valid", "invalid", "not checked"]
    reason: str = ""
    covers: tuple[str, ...] = ()
    """The `URI` of every reference of a valid signature; an empty string stands for the whole document."""


def check_signature(content: bytes) -> SignatureVerdict:
    """Return the verdict on the `ds:Signature` in the header of a packet that can be parsed."""
    root = parse(content)
    signatures = root.findall(f"{_HEADER}{{{_DS}}}Signature")
    if not signatures:
        return SignatureVerdict(result="none")
    if len(signatures) > 1:
        return SignatureVerdict(result="not checked", reason="more than one signature")
    if len(content) > MAX_BYTES:
        return SignatureVerdict(result="not checked", reason=f"longer than {MAX_BYTES} bytes")
    signature = signatures[0]
    algorithms = {
        element.get("Algorithm", "")
        for element in (*signature.iter(f"{{{_DS}}}CanonicalizationMethod"), *signature.iter(f"{{{_DS}}}Transform"))
    }
    if unknown := algorithms - _CHECKED_TRANSFORMS:
        return SignatureVerdict(result="not checked", reason=f"not exclusive C14N: {', '.join(sorted(unknown))}")
    methods = {
        element.get("Algorithm", "")
        for element in (*signature.iter(f"{{{_DS}}}SignatureMethod"), *signature.iter(f"{{{_DS}}}DigestMethod"))
    }
    if weak := {method for method in methods if method.endswith("sha1")}:
        return SignatureVerdict(result="not checked", reason=f"SHA-1: {', '.join(sorted(weak))}")
    return _verify(content, signature)


def _verify(content: bytes, signature: etree._Element) -> SignatureVerdict:
    # Naming the certificate ourselves has signxml skip the chain: made-up certificates have none.
    certificate = signature.findtext(f"{{{_DS}}}KeyInfo/{{{_DS}}}X509Data/{{{_DS}}}X509Certificate")
    expected = SignatureConfiguration(location=_HEADER, expect_references=True, require_x509=certificate is not None)
    try:
        XMLVerifier().verify(content, x509_cert=certificate, expect_config=expected)
    except (SignXMLException, ValueError, etree.LxmlError) as error:
        return SignatureVerdict(result="invalid", reason=f"{type(error).__name__}: {error}")
    references = signature.iterfind(f"{{{_DS}}}SignedInfo/{{{_DS}}}Reference")
    return SignatureVerdict(result="valid", covers=tuple(reference.get("URI", "") for reference in references))
