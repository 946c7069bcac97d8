"""Keys from files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lienthong.core.errors import SecretMissing
from lienthong.core.secrets import SecretRef
from lienthong.signing import load_signer
from lienthong.signing.errors import KeyRefused

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Store = Callable[[bytes], SecretRef]
Certify = Callable[..., x509.Certificate]
Pem = Callable[[Key], bytes]
P12 = Callable[[Key, x509.Certificate | None], bytes]


def test_pkcs12_and_pem_give_the_same_certificate(
    key: Key, stored: Store, password: SecretRef, build_certificate: Certify, build_pem: Pem, build_p12: P12
) -> None:
    """Both kinds of file work, PEM in any order and with other certificates beside it."""
    certificate, other = build_certificate(key), build_certificate(ec.generate_private_key(ec.SECP256R1()))
    public, beside = certificate.public_bytes(Encoding.PEM), other.public_bytes(Encoding.PEM)
    assert load_signer(stored(build_p12(key, certificate)), password).certificate == certificate
    for content in (build_pem(key) + public, public + build_pem(key), build_pem(key) + beside + public):
        assert load_signer(stored(content)).certificate == certificate


def test_pem_may_stand_in_a_variable(key: Key, monkeypatch: pytest.MonkeyPatch, build_certificate: Certify, build_pem: Pem) -> None:
    """A key can come from the environment instead of a file."""
    certificate = build_certificate(key)
    monkeypatch.setenv("TEST_SIGNING_KEY", (build_pem(key) + certificate.public_bytes(Encoding.PEM)).decode())
    assert load_signer(SecretRef("env:TEST_SIGNING_KEY")).certificate == certificate


def test_nothing_secret_is_shown(key: Key, stored: Store, build_certificate: Certify, build_pem: Pem) -> None:
    """A signer's repr holds its certificate and no key."""
    signer = load_signer(stored(build_pem(key) + build_certificate(key).public_bytes(Encoding.PEM)))
    assert "PrivateKey" not in repr(signer)


def test_wrong_password_is_refused_by_reference(
    key: Key, stored: Store, tmp_path: Path, build_certificate: Certify, build_p12: P12
) -> None:
    """The error names the file, not what is in it or the password."""
    (tmp_path / "wrong").write_text("guessed-password")
    with pytest.raises(KeyRefused) as caught:
        load_signer(stored(build_p12(key, build_certificate(key))), SecretRef("file:wrong", base=tmp_path))
    assert "file:key" in str(caught.value)
    assert "guessed" not in str(caught.value)


def test_file_that_is_missing_or_no_key_is_refused(stored: Store, tmp_path: Path, build_pem: Pem, keys: dict[str, Key]) -> None:
    """A missing file, junk, and a key without its certificate have their own sentences."""
    with pytest.raises(SecretMissing):
        load_signer(SecretRef("file:none", base=tmp_path))
    for content, words in ((b"junk", "no PKCS#12 or PEM"), (b"-----BEGIN JUNK-----", "no PKCS#12 or PEM")):
        with pytest.raises(KeyRefused, match=words):
            load_signer(stored(content))


def test_key_without_its_certificate_is_refused(
    key: Key, stored: Store, password: SecretRef, build_certificate: Certify, build_pem: Pem, build_p12: P12
) -> None:
    """A signature without the signer's certificate couldn't be verified by anyone."""
    other = build_certificate(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(KeyRefused, match="no certificate for the key"):
        load_signer(stored(build_pem(key) + other.public_bytes(Encoding.PEM)))
    with pytest.raises(KeyRefused, match="no certificate for the key"):
        load_signer(stored(build_p12(key, None)), password)


@pytest.mark.parametrize(
    ("weak", "words"),
    [(lambda: rsa.generate_private_key(65537, 1024), "1024 bits"), (lambda: ec.generate_private_key(ec.SECP384R1()), "secp384r1")],
    ids=["short RSA", "other curve"],
)
def test_weak_or_unsupported_key_is_refused(
    stored: Store, build_certificate: Certify, build_pem: Pem, weak: Callable[[], Key], words: str
) -> None:
    """Only RSA of at least 2,048 bits and P-256 sign."""
    key = weak()
    with pytest.raises(KeyRefused, match=words) as caught:
        load_signer(stored(build_pem(key) + build_certificate(key).public_bytes(Encoding.PEM)))
    assert caught.value.reason.vi in caught.value.sentence("vi")
    assert caught.value.reason.en not in caught.value.sentence("vi")


def test_other_kind_of_key_is_refused(stored: Store, build_certificate: Certify, keys: dict[str, Key]) -> None:
    """An Ed25519 key is named as what it isn't."""
    key = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KeyRefused, match="neither RSA nor elliptic"):
        load_signer(stored(key + build_certificate(keys["P-256"]).public_bytes(Encoding.PEM)))


def test_certificate_out_of_date_or_not_for_signing_is_refused(key: Key, stored: Store, build_certificate: Certify, build_pem: Pem) -> None:
    """What verifiers would refuse isn't signed with in the first place."""
    flags = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    none = dict.fromkeys(flags, False)
    for certificate, words in (
        (build_certificate(key, days=5), "valid from"),
        (
            build_certificate(key, usage=x509.KeyUsage(digital_signature=False, content_commitment=False, **{**none, "crl_sign": True})),
            "not for signing",
        ),
    ):
        with pytest.raises(KeyRefused, match=words):
            load_signer(stored(build_pem(key) + certificate.public_bytes(Encoding.PEM)))
    usage = x509.KeyUsage(digital_signature=False, content_commitment=True, **none)
    load_signer(stored(build_pem(key) + build_certificate(key, usage=usage).public_bytes(Encoding.PEM)))
