"""Keys to sign with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from lienthong.core.errors import Words
from lienthong.core.secrets import SecretRef
from lienthong.signing.errors import KeyRefused

MIN_RSA_BITS = 2048
P256_BYTES = 32

_OTHER_KIND = Words("the key is neither RSA nor elliptic", "khóa không phải RSA hay đường cong elliptic")

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Signer(Protocol):
    """Signs for the holder of a certificate; may be shared between threads."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key, RSA of at least 2,048 bits or P-256."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature of some bytes as XML Signature writes it.

        With SHA-256, by RSASSA-PKCS1-v1_5, or by ECDSA as r and s of 32 bytes each.
        """
        ...


@dataclass(frozen=True, slots=True)
class FileSigner:
    """A key that stands in memory; its repr shows the certificate only."""

    certificate: x509.Certificate
    _key: PrivateKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """Return the signature of some bytes as XML Signature writes it."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(P256_BYTES, "big") + s.to_bytes(P256_BYTES, "big")


def load_signer(key: SecretRef, password: SecretRef | None = None, *, now: datetime | None = None) -> Signer:
    """Return a signer for a key and its certificate in a PKCS#12 or PEM file.

    Args:
        key: The file, as `file:PATH`; or PEM text in a variable, as `env:NAME`.
        password: The file's password; None for a file without one.
        now: The present, with time zone; None asks the machine's clock.

    Raises:
        SecretMissing: configuration; a file or variable isn't there.
        KeyRefused: configuration; wrong password, no certificate for the key, a certificate that isn't valid now or not for
            signing, RSA below 2,048 bits, or another kind of key.
    """
    content = key.read()
    secret = password.resolve().encode() if password is not None else None
    try:
        private, certificates = _load(content, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        unreadable = Words(
            "it is no PKCS#12 or PEM file with a key, or the password is wrong",
            "không phải tệp PKCS#12 hoặc PEM có khóa, hoặc sai mật khẩu",
        )
        raise KeyRefused(reference=str(key), reason=unreadable) from error
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyRefused(reference=str(key), reason=_OTHER_KIND)
    public = private.public_key()
    certificate = next((candidate for candidate in certificates if candidate.public_key() == public), None)
    if certificate is None:
        raise KeyRefused(reference=str(key), reason=Words("there is no certificate for the key", "không có chứng thư cho khóa này"))
    reason = weakness(public) or _unfit(certificate, now or datetime.now(UTC))
    if reason is not None:
        raise KeyRefused(reference=str(key), reason=reason)
    return FileSigner(certificate, private)


def weakness(public: object) -> Words | None:
    """Return why a public key isn't accepted, for signing as for verifying; None if it is."""
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size >= MIN_RSA_BITS:
            return None
        return Words(
            f"an RSA key of {public.key_size} bits is too short, at least {MIN_RSA_BITS} are needed",
            f"khóa RSA {public.key_size} bit quá ngắn, cần ít nhất {MIN_RSA_BITS} bit",
        )
    if isinstance(public, ec.EllipticCurvePublicKey):
        if isinstance(public.curve, ec.SECP256R1):
            return None
        curve = public.curve.name
        return Words(f"the curve {curve} is not supported, only P-256", f"chưa hỗ trợ đường cong {curve}, chỉ hỗ trợ P-256")
    return _OTHER_KIND


def _load(content: bytes, password: bytes | None) -> tuple[object, list[x509.Certificate]]:
    if b"-----BEGIN " in content:
        return load_pem_private_key(content, password), x509.load_pem_x509_certificates(content)
    private, certificate, others = pkcs12.load_key_and_certificates(content, password)
    return private, [*([certificate] if certificate is not None else []), *others]


def _unfit(certificate: x509.Certificate, now: datetime) -> Words | None:
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= now <= end:
        return Words(
            f"its certificate is valid from {start:%Y-%m-%d} to {end:%Y-%m-%d}",
            f"chứng thư có hiệu lực từ {start:%d/%m/%Y} đến {end:%d/%m/%Y}",
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
    if usage.digital_signature or usage.content_commitment:
        return None
    return Words("its certificate is not for signing", "chứng thư không dùng để ký")
