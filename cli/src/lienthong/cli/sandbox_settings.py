"""Settings that work with a sandbox: the `sandbox` command prints or writes them, the demo writes one file per centre."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from lienthong.cli.errors import NotOurs
from lienthong.sandbox import Centre, Sandbox

KeepSecret = Callable[[str, str], str]
"""Keeps a secret under a name and returns the reference to it."""

MARK = "# Written by lienthong sandbox"
"""How a settings file begins that may be written anew."""


def settings_values(sandbox: Sandbox, centre: Centre, keep: KeepSecret, *, mapping: str | None) -> dict[str, Any]:
    """Return settings for a centre, and with a mapping for the portal account and the one-door system as well."""
    organisations = [organisation for organisation in centre.organisations if not organisation.locked]
    values: dict[str, Any] = {
        "version": 1,
        "organisations": {organisation.code: {"name": organisation.name} for organisation in organisations},
        "store": {"ledger": "sqlite:///var/ledger.sqlite", "blobs": "var/blobs"},
        "connections": {
            "axis": {
                "kind": "document_axis",
                "wire": "A",
                "endpoint": sandbox.axis_url,
                "transport": "trusted-network",
                "system_id": centre.system_id,
                "secret": keep("axis-secret", centre.secret),
            },
        },
        "routes": {
            "documents-out": {
                "does": "send",
                "organisations": [organisation.code for organisation in organisations],
                "through": "axis",
                "every": "5s",
            },
            "documents-in": {"does": "receive", "through": "axis", "every": "5s", "hand_to": "application"},
        },
    }
    if mapping is not None:
        values["connections"] |= _dossier_connections(sandbox, keep)
        values["routes"]["dossiers-up"] = {
            "does": "synchronise",
            "source": "one-door",
            "mapping": mapping,
            "sink": "portal",
            "every": "30s",
            "batch": 10,
        }
    return values


def _dossier_connections(sandbox: Sandbox, keep: KeepSecret) -> dict[str, Any]:
    portal, one_door = sandbox.options.portal_account, sandbox.options.one_door_account
    return {
        "portal": {
            "kind": "service_portal",
            "wire": "G1",
            "endpoint": sandbox.portal_url,
            "transport": "trusted-network",
            "auth_endpoint": "/login",
            "integration_endpoint": "/integration",
            "dstcode": "VN:GOV:000.00.00.G22:sandbox",
            "unit_code": portal.unit_code,
            "username": portal.username,
            "password": keep("portal-password", portal.password),
        },
        "one-door": {
            "kind": "one_door",
            "wire": "soap",
            "wsdl": sandbox.one_door_wsdl_url,
            "transport": "trusted-network",
            "username": one_door.user,
            "password": keep("one-door-password", one_door.password),
        },
    }


def write_settings(folder: Path, sandbox: Sandbox) -> Path:
    """Write settings, secrets (readable by the owner only) and the mapping into a folder, and return the settings file.

    Raises:
        NotOurs: configuration; the folder has a settings file that somebody else wrote.
        OSError: The folder can't be written.
    """
    path = folder / "lienthong.yaml"
    if path.exists() and not is_ours(path):
        raise NotOurs(path=str(path))
    keep = secrets_in(folder, "sandbox-secrets")
    kept = folder / "maps" / "one-door.yaml"
    if not kept.exists():  # it may have been changed since, to try something
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(mapping_file().read_bytes())
    values = settings_values(sandbox, sandbox.options.centres[0], keep, mapping="maps/one-door.yaml")
    path.write_text(f"{MARK}; a second run writes it anew.\n{as_yaml(values)}", encoding="utf-8")
    return path


def is_ours(path: Path) -> bool:
    """Return whether a settings file was written here, so that it may be written anew."""
    return path.is_file() and path.read_text(encoding="utf-8", errors="replace").startswith(MARK)


def secrets_in(folder: Path, name: str) -> KeepSecret:
    """Return what keeps secrets in a folder's subfolder, in files that only their owner can read."""
    secrets = folder / name
    secrets.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(secret: str, value: str) -> str:
        file = secrets / secret
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(value + "\n", encoding="utf-8")
        return f"file:{name}/{secret}"

    return keep


def mapping_file() -> Traversable:
    """Return the mapping of the sandbox's one-door system."""
    return files("lienthong.cli") / "one-door.yaml"


def as_yaml(values: dict[str, Any]) -> str:
    """Return settings as YAML."""
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
