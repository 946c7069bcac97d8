"""Keys to sign with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from lienthong.core.secrets import SecretMissing, SecretRef
from lienthong.signing.errors import KeyRefused

MIN_RSA_BITS = 2048
P256_BYTES = 32

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
    content = _content(key)
    secret = password.resolve().encode() if password is not None else None
    try:
        private, certificates = _load(content, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyRefused(reference=str(key), reason="it is no PKCS#12 or PEM file with a key, or the password is wrong") from error
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyRefused(reference=str(key), reason="the key is neither RSA nor elliptic")
    public = private.public_key()
    certificate = next((candidate for candidate in certificates if candidate.public_key() == public), None)
    if certificate is None:
        raise KeyRefused(reference=str(key), reason="there is no certificate for the key")
    reason = weakness(public) or _unfit(certificate, now or datetime.now(UTC))
    if reason is not None:
        raise KeyRefused(reference=str(key), reason=reason)
    return FileSigner(certificate, private)


def weakness(public: object) -> str | None:
    """Return why a public key isn't accepted, for signing as for verifying; None if it is."""
    if isinstance(public, rsa.RSAPublicKey):
        return (
            None
            if public.key_size >= MIN_RSA_BITS
            else f"an RSA key of {public.key_size} bits is too short, at least {MIN_RSA_BITS} are needed"
        )
    if isinstance(public, ec.EllipticCurvePublicKey):
        return None if isinstance(public.curve, ec.SECP256R1) else f"the curve {public.curve.name} is not supported, only P-256"
    return "the key is neither RSA nor elliptic"


def _content(key: SecretRef) -> bytes:
    scheme, _, rest = key.reference.partition(":")
    if scheme != "file":
        return key.resolve().encode()
    path = Path(rest) if key.base is None else key.base / rest
    try:
        return path.read_bytes()
    except OSError as error:
        raise SecretMissing(reference=key.reference, reason=error.strerror or "unreadable") from error


def _load(content: bytes, password: bytes | None) -> tuple[object, list[x509.Certificate]]:
    if b"-----BEGIN " in content:
        return load_pem_private_key(content, password), x509.load_pem_x509_certificates(content)
    private, certificate, others = pkcs12.load_key_and_certificates(content, password)
    return private, [*([certificate] if certificate is not None else []), *others]


def _unfit(certificate: x509.Certificate, now: datetime) -> str | None:
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return f"its certificate is valid from {certificate.not_valid_before_utc:%Y-%m-%d} to {certificate.not_valid_after_utc:%Y-%m-%d}"
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
    return None if usage.digital_signature or usage.content_commitment else "its certificate is not for signing"
