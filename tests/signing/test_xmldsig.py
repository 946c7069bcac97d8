"""Enveloped signatures, made and checked, with signxml as the second opinion."""

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner
from signxml.verifier import VerifyResult, XMLVerifier

from lienthong.schemas.xml import parse
from lienthong.signing import SignatureReport, Signer, sign_enveloped, verify_enveloped
from lienthong.signing.errors import NotSignable

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
DOCUMENTS = [
    b"<a>1</a>",
    b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n<!-- c --><a xmlns="urn:x" y=\'"&gt;\'  >\r\n<b><![CDATA[</a><x>]]></b><!-- </a> -->\r\n</a >\n<!-- </a> -->\n',
    '<ds:a xmlns:ds="urn:other" xmlns:k="urn:k"><k:b k:z="1" a="2">Văn bản &#13;</k:b><c xmlns=""/>đuôi</ds:a>'.encode(),
    b"<a><?pi </a>?><b x='>'/></a>",
]


def verify(raw: bytes) -> SignatureReport:
    return verify_enveloped(parse(raw))


def by_signxml(raw: bytes, signer: Signer) -> VerifyResult:
    result = XMLVerifier().verify(raw, x509_cert=signer.certificate)
    assert isinstance(result, VerifyResult)
    return result


def sign_by_signxml(raw: bytes, key: Key, certificate: x509.Certificate, **changes: Any) -> bytes:
    profile: dict[str, Any] = {
        "method": SignatureConstructionMethod.enveloped,
        "signature_algorithm": SignatureMethod.RSA_SHA256 if isinstance(key, rsa.RSAPrivateKey) else SignatureMethod.ECDSA_SHA256,
        "digest_algorithm": DigestAlgorithm.SHA256,
        "c14n_algorithm": EXCLUSIVE,
    }
    signed = XMLSigner(**{**profile, **changes}).sign(etree.fromstring(raw), key=key, cert=[certificate])
    return etree.tostring(signed)


@pytest.mark.parametrize("raw", DOCUMENTS)
def test_signed_document_is_its_own_bytes_and_one_signature(signer: Signer, raw: bytes) -> None:
    """Taking the signature out gives the input byte for byte, whatever its line ends, comments and prefixes."""
    signed = sign_enveloped(raw, signer)
    assert re.sub(rb"<ds:Signature .*</ds:Signature>", b"", signed) == raw
    report = verify(signed)
    assert (report.state, report.covers, report.trust) == ("valid", "document", "not checked")
    assert report.signer == "CN=Sở Khoa học và Công nghệ"
    assert report.reason is not None
    assert report.reason.code == "LT-SIGN-108"


@pytest.mark.parametrize("raw", DOCUMENTS)
def test_signxml_verifies_ours(signer: Signer, raw: bytes) -> None:
    """Another implementation finds our signatures good."""
    assert by_signxml(sign_enveloped(raw, signer), signer).signed_xml is not None


@pytest.mark.parametrize("raw", DOCUMENTS)
def test_we_verify_those_of_signxml(key: Key, raw: bytes, build_certificate: Callable[..., x509.Certificate]) -> None:
    """A signature of another implementation with the same profile is valid, and no longer so after a change."""
    signed = sign_by_signxml(raw, key, build_certificate(key))
    assert verify(signed).state == "valid"
    at = signed.rindex(b"</")
    assert verify(signed[:at] + b"x" + signed[at:]).state == "invalid"


names = st.sampled_from(["a", "p:a", "q:b", "c"])
tree = st.recursive(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<&>\ufffe\uffff"), max_size=6),
    lambda inner: st.builds(
        lambda name, space, children: f'<{name} xmlns="{space}" xmlns:p="urn:p" xmlns:q="urn:{space}q">{"".join(children)}</{name}>',
        names,
        st.sampled_from(["", "urn:d", "urn:e"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(content=tree)
def test_any_namespaces_verify_here_and_there(signer: Signer, content: str) -> None:
    """Documents with namespaces declared anywhere are signed so that both verifiers agree."""
    signed = sign_enveloped(f'<r xmlns="urn:r">{content}</r>'.encode(), signer)
    assert verify(signed).state == "valid"
    by_signxml(signed, signer)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<b>1</b>", b"<b>2</b>"),
        (b"<b>1</b>", b"<b>1</b> "),
        (b"<b>1</b>", b"<b>1</b><b/>"),
        (b"<b>1</b>", b"<b k='1'>1</b>"),
        (b"<b>1</b>", b"<b>1</b><?pi?>"),
        (b"<ds:DigestValue>", b"<ds:DigestValue>AA"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>*"),
    ],
)
def test_any_change_is_invalid(signer: Signer, old: bytes, new: bytes) -> None:
    """A changed text, element, attribute, instruction, digest or signature value is found."""
    signed = sign_enveloped(b"<a><b>1</b></a>", signer)
    assert old in signed
    report = verify(signed.replace(old, new))
    assert report.state == "invalid"
    assert report.covers is None


def test_certificate_of_another_is_invalid(signer: Signer, build_certificate: Callable[..., x509.Certificate]) -> None:
    """A signature can't be claimed by putting one's own certificate into it."""
    mine = build_certificate(ec.generate_private_key(ec.SECP256R1())).public_bytes(Encoding.DER)
    signed = sign_enveloped(b"<a/>".replace(b"/>", b"></a>"), signer)
    stolen = re.sub(rb"(<ds:X509Certificate>).*(</ds:X509Certificate>)", rb"\g<1>" + b64encode(mine) + rb"\g<2>", signed)
    assert verify(stolen).state == "invalid"


def test_moved_or_wrapped_signature_is_invalid(signer: Signer) -> None:
    """A genuine signature elsewhere than at the end of its element says nothing about the document."""
    signed = sign_enveloped(b"<a><b>1</b></a>", signer)
    found = re.search(rb"<ds:Signature .*</ds:Signature>", signed)
    assert found is not None
    signature = found.group()
    bare = signed.replace(signature, b"")
    for moved in (
        bare.replace(b"<b>", signature + b"<b>"),
        bare.replace(b"1", signature + b"1"),
        b"<x>" + signed + b"</x>",
        b"<x>" + signed + b"<a><b>2</b></a></x>",
    ):
        report = verify(moved)
        assert (report.state, report.reason and report.reason.code) == ("invalid", "LT-SIGN-104")


def test_second_signature_is_invalid(signer: Signer) -> None:
    """It can't be told which of two signatures would count."""
    signed = sign_enveloped(b"<a><b>1</b></a>", signer)
    signature = re.search(rb"<ds:Signature .*</ds:Signature>", signed)
    assert signature is not None
    report = verify(signed.replace(b"</a>", signature.group() + b"</a>"))
    assert (report.state, report.reason and report.reason.code) == ("invalid", "LT-SIGN-103")


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b'URI=""', b'URI="#x"', "Reference"),
        (b'URI=""', b'URI="http://example.invalid/x"', "Reference"),
        (b'URI=""', b"", "Reference"),
        (b"#rsa-sha256", b"#rsa-sha512", "SignatureMethod"),
        (b"xmlenc#sha256", b"xmlenc#sha512", "DigestMethod"),
        (b"</ds:KeyInfo>", b"</ds:KeyInfo><ds:Object>x</ds:Object>", "Signature"),
        (b"<ds:X509Data>", b'<ds:RetrievalMethod URI="http://example.invalid/"/><ds:X509Data>', "KeyInfo"),
        (b"<ds:KeyInfo>", b"<ds:KeyInfo>forged", "KeyInfo"),
        (b"<ds:KeyInfo>", b"<ds:KeyInfo><!-- -->", "KeyInfo"),
        (b"<ds:KeyInfo>", b"<ds:KeyInfo><?pi?>", "KeyInfo"),
        (b"</ds:DigestValue>", b"<!-- --></ds:DigestValue>", "DigestValue"),
        (b"<ds:Signature ", b'<ds:Signature Id="x" ', "Signature"),
        (b'<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>', b"", "Transforms"),
        (b"</ds:Transforms>", b"</ds:Transforms><ds:Transforms/>", "Reference"),
        (b"<a>", b"<?pi?><a>", "processing-instruction"),
    ],
)
def test_other_shape_is_unsupported_and_named(keys: dict[str, Key], signer: Signer, old: bytes, new: bytes, element: str) -> None:
    """Whatever isn't the one shape gets no verdict, and nothing it points to is fetched."""
    signed = sign_enveloped(b"<a><b>1</b></a>", signer).replace(b"#ecdsa-sha256", b"#rsa-sha256")
    assert old in signed
    report = verify(signed.replace(old, new))
    assert (report.state, report.reason and report.reason.fields) == ("unsupported", {"element": element})
    assert report.reason is not None
    assert element in report.reason.en
    assert (element in report.reason.vi) == (element[0].isupper())  # names of elements stay, words of ours don't


def test_transforms_in_another_order_are_unsupported(signer: Signer) -> None:
    """The order of transforms is part of the shape."""
    signed = sign_enveloped(b"<a>1</a>", signer)
    swapped = re.sub(rb"(<ds:Transform [^>]*></ds:Transform>)(<ds:Transform [^>]*></ds:Transform>)", rb"\2\1", signed)
    assert swapped != signed
    assert verify(swapped).state == "unsupported"


def test_weak_key_of_another_is_unsupported(build_certificate: Callable[..., x509.Certificate]) -> None:
    """A good signature with a short key isn't called valid."""
    key = rsa.generate_private_key(65537, 1024)
    report = verify(sign_by_signxml(b"<a>1</a>", key, build_certificate(key)))
    assert (report.state, report.reason and report.reason.code) == ("unsupported", "LT-SIGN-106")
    assert report.reason is not None
    assert "an RSA key of 1024 bits is too short" in report.reason.en
    assert report.reason.vi.endswith(": khóa RSA 1024 bit quá ngắn, cần ít nhất 2048 bit.")


def test_other_profile_of_signxml_is_unsupported(key: Key, build_certificate: Callable[..., x509.Certificate]) -> None:
    """Inclusive canonicalisation isn't verified, because the library would get it wrong."""
    signed = sign_by_signxml(b"<a>1</a>", key, build_certificate(key), c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0)
    assert verify(signed).state == "unsupported"


def test_unsigned_document_has_none() -> None:
    """No signature is a state of its own."""
    assert verify(b"<a>1</a>") == SignatureReport(state="none")


def test_comment_does_not_break_a_signature(signer: Signer) -> None:
    """Comments aren't signed, and no reader here reads them."""
    signed = sign_enveloped(b"<a><b>1</b></a>", signer)
    assert verify(signed.replace(b"<b>", b"<!-- x --><b>").replace(b"</a>", b"<!-- y --></a>")).state == "valid"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<a/>", "empty"),
        ("<a>1</a>".encode("utf-16"), "UTF-8"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a>1</a>', "UTF-8"),
        (b"<?pi?><a>1</a>", "processing instruction"),
        (b'<a xmlns="relative">1</a>', "relative"),
        (b'<a><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></a>', "already"),
    ],
)
def test_document_that_cannot_take_a_signature_is_refused(signer: Signer, raw: bytes, words: str) -> None:
    """Rather no signature than one that others read differently."""
    with pytest.raises(NotSignable, match=words) as caught:
        sign_enveloped(raw, signer)
    assert caught.value.reason.vi in caught.value.sentence("vi")


def test_verifying_leaves_the_document_as_it_was(signer: Signer) -> None:
    """The parse that is read afterwards isn't touched, the text behind the signature included."""
    document = parse(sign_enveloped(b"<a><b>1</b></a>", signer).replace(b"</ds:Signature>", b"</ds:Signature>"))
    before = etree.tostring(document.root)
    assert verify_enveloped(document).state == "valid"
    assert etree.tostring(document.root) == before
