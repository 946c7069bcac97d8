"""The demo's surroundings: a sandbox, and a settings file with secrets and keys for each centre."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lienthong.cli.errors import FolderBusy, NotOurs
from lienthong.cli.sandbox_settings import MARK, as_yaml, is_ours, mapping_file, secrets_in, settings_values
from lienthong.sandbox import Centre, Sandbox, SandboxOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A sandbox that runs and the centres that are set up to use it.

    Attributes:
        folder: Where settings, stores and keys of this demo stand.
        settings: The settings file of each centre by its short name.
    """

    folder: Path
    sandbox: Sandbox
    settings: Mapping[str, Path]


@contextmanager
def main_job(folder: Path) -> Iterator[Demo]:
    """Run a sandbox, and set up the province's centre and the ministry's in an emptied folder."""
    options = SandboxOptions()
    province, ministry = options.centres
    with only_one(folder), Sandbox(options) as sandbox:
        settings = {
            "h42": write_centre(folder / "h42", sandbox, province, sign_for="H42.12", dossiers=True),
            "g22": write_centre(folder / "g22", sandbox, ministry),
        }
        yield Demo(folder=folder, sandbox=sandbox, settings=settings)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder for one demo while a block runs.

    Raises:
        FolderBusy: configuration; another demo holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".in-use").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderBusy(folder=str(folder)) from error
        yield


def write_centre(folder: Path, sandbox: Sandbox, centre: Centre, *, sign_for: str | None = None, dossiers: bool = False) -> Path:
    """Write the settings of one centre into an emptied folder, and return the settings file.

    Args:
        sign_for: Organisation whose packets are signed, with a new key that nobody vouches for.
        dossiers: Whether the centre carries dossiers from the one-door system to the portal.

    Raises:
        NotOurs: configuration; the folder is there and isn't a demo's.
    """
    path = folder / "lienthong.yaml"
    if folder.exists():
        if not is_ours(path):
            raise NotOurs(path=str(folder))
        shutil.rmtree(folder)
    keep = secrets_in(folder, "secrets")
    values = settings_values(sandbox, centre, keep, mapping="one-door.yaml" if dossiers else None)
    for route in values["routes"].values():
        route["every"] = "1m"  # Airflow's schedule; the demo triggers what it waits for
    if dossiers:
        (folder / "one-door.yaml").write_bytes(mapping_file().read_bytes())
    if sign_for:
        values["organisations"][sign_for]["signer"] = {"key": keep("signing-key.pem", _signing_key(sign_for)), "format": "xmldsig"}
    path.write_text(f"{MARK}\n{as_yaml(values)}", encoding="utf-8")
    return path


def _signing_key(organisation: str) -> str:
    """Return a new P-256 key and its self-signed certificate as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{organisation} (demo)")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode("ascii")
