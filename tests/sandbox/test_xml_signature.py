"""The sandbox's second opinion on signatures of packets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

from lienthong.sandbox import Sandbox

DS = "http://www.w3.org/2000/09/xmldsig#"


@pytest.fixture(scope="module")
def signed(document: Any) -> Any:
    """Signs a document packet in its header with a made-up certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Chứng thư thử nghiệm")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )

    def sign(method: CanonicalizationMethod) -> bytes:
        root = etree.fromstring(document("G22"))
        header = root[0][0]
        placeholder = etree.SubElement(header, f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS})
        assert placeholder is not None
        signer = XMLSigner(c14n_algorithm=method, signature_algorithm="ecdsa-sha256")
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        return etree.tostring(signer.sign(root, key=key, cert=pem.decode()), xml_declaration=True, encoding="UTF-8")

    return sign


def _verdict(sandbox: Sandbox, h42: Any, packet: bytes) -> Any:
    reply = h42.send(packet)
    assert reply["ErrorCode"] == "0", reply
    return sandbox.axis.signature(reply["DocId"])


def test_good_signature_is_valid_and_a_changed_subject_is_not(sandbox: Sandbox, h42: Any, signed: Any) -> None:
    """A packet whose content was changed after signing is still taken, and recorded as invalid."""
    packet = signed(CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
    verdict = _verdict(sandbox, h42, packet)
    assert (verdict.result, verdict.covers) == ("valid", ("",)), verdict
    tampered = packet.replace("thử nghiệm".encode(), "chính thức".encode(), 1)
    assert tampered != packet
    assert _verdict(sandbox, h42, tampered).result == "invalid"


def test_inclusive_canonicalisation_is_not_checked(sandbox: Sandbox, h42: Any, signed: Any) -> None:
    """The answer of signxml on inclusive C14N of a sub-element can't be relied on, so it isn't asked."""
    verdict = _verdict(sandbox, h42, signed(CanonicalizationMethod.CANONICAL_XML_1_0))
    assert (verdict.result, "exclusive" in verdict.reason) == ("not checked", True)


def test_packet_without_signature_has_none(sandbox: Sandbox, h42: Any, document: Any) -> None:
    """No ds:Signature in the header is recorded as such."""
    assert _verdict(sandbox, h42, document("G22")).result == "none"
