"""Keys with certificates, made for the run."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, pkcs12

from lienthong.core.secrets import SecretRef
from lienthong.signing import Signer, load_signer

PASSWORD = b"not-a-real-password"
NAME = "Sở Khoa học và Công nghệ"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def certify(key: Key, *, days: int = 30, usage: x509.KeyUsage | None = None) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    start = datetime.now(UTC) - timedelta(days=10)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(key, hashes.SHA256())


def private_pem(key: Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="session")
def keys() -> dict[str, Key]:
    return {"RSA": rsa.generate_private_key(65537, 2048), "P-256": ec.generate_private_key(ec.SECP256R1())}


@pytest.fixture(params=["RSA", "P-256"])
def key(request: pytest.FixtureRequest, keys: dict[str, Key]) -> Key:
    return keys[request.param]


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[bytes], SecretRef]:
    """Return a function that stores bytes and gives the reference."""

    def store(content: bytes) -> SecretRef:
        (tmp_path / "key").write_bytes(content)
        return SecretRef("file:key", base=tmp_path)

    return store


@pytest.fixture
def signer(key: Key, stored: Callable[[bytes], SecretRef]) -> Signer:
    return load_signer(stored(private_pem(key) + certify(key).public_bytes(Encoding.PEM)))


@pytest.fixture
def password(tmp_path: Path) -> SecretRef:
    (tmp_path / "password").write_bytes(PASSWORD + b"\n")
    return SecretRef("file:password", base=tmp_path)


def p12(key: Key, certificate: x509.Certificate | None) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"name", key, certificate, None, BestAvailableEncryption(PASSWORD))


@pytest.fixture
def build_p12() -> Callable[[Key, x509.Certificate | None], bytes]:
    return p12


@pytest.fixture
def build_certificate() -> Callable[..., x509.Certificate]:
    return certify


@pytest.fixture
def build_pem() -> Callable[[Key], bytes]:
    return private_pem
