"""`doctor`: what is well, what is unreachable, and what must be configured."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lienthong.sandbox import Sandbox

Run = Callable[..., Any]


def checks(result: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["check"], line["name"]): line for line in json.loads(result.out)["checks"]}


def test_all_is_well_but_for_the_trusted_network(run: Run, settings: Path) -> None:
    """A centre that reaches everything gives exit code 0; each unencrypted transport stays a warning."""
    result = run("--settings", settings, "doctor")
    assert result.code == 0
    for text in ("settings", "ledger and blobs", "connection axis", "connection portal", "connection one-door", "mapping dossiers-up"):
        assert text in result.out
    found = checks(run("doctor", "--settings", settings, "--json"))
    assert {line["state"] for key, line in found.items() if key[0] != "transport"} == {"ok"}
    assert {line["problem"]["code"] for key, line in found.items() if key[0] == "transport"} == {"LT-CLI-101"}
    assert len(found) == 9


def test_unreachable_connection_is_named_and_the_others_are_still_checked(run: Run, settings: Path, sandbox: Sandbox) -> None:
    """A closed port gives exit code 1; the other connections are checked all the same."""
    text = settings.read_text(encoding="utf-8").replace(f"{sandbox.base_url}/axis", "http://127.0.0.1:9/axis")
    settings.write_text(text, encoding="utf-8")
    result = run("--settings", settings, "doctor", "--json")
    assert result.code == 1
    found = checks(result)
    assert found["connection", "axis"]["problem"]["code"] == "LT-HTTP-001"
    assert found["connection", "portal"]["state"] == "ok"


def test_missing_secret_is_configuration(run: Run, settings: Path) -> None:
    """A secret that isn't there gives exit code 2 and names its reference, not its value."""
    (settings.parent / "sandbox-secrets" / "axis-secret").unlink()
    result = run("--settings", settings, "doctor", "--json")
    assert result.code == 2
    assert checks(result)["connection", "axis"]["problem"]["code"] == "LT-CORE-002"


def test_missing_mapping_and_signing_key_are_configuration(run: Run, settings: Path) -> None:
    """Files that routes and signers name are looked at too."""
    (settings.parent / "maps" / "one-door.yaml").unlink()
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("    name: Sở Xây dựng\n", "    name: Sở Xây dựng\n    signer: {key: 'file:none.p12'}\n"), encoding="utf-8"
    )
    result = run("--settings", settings, "doctor", "--json")
    assert result.code == 2
    found = checks(result)
    assert found["mapping", "dossiers-up"]["state"] == "failed"
    assert found["signing-key", "H42.13"]["state"] == "failed"


def test_ledger_that_cannot_be_opened_is_named(run: Run, settings: Path) -> None:
    """A ledger in a place that can't be written is named, in Vietnamese too; exit code 2."""
    blocked = settings.parent / "blocked"
    blocked.write_text("a file, not a folder", encoding="utf-8")
    text = settings.read_text(encoding="utf-8").replace("sqlite:///var/ledger.sqlite", f"sqlite:///{blocked}/ledger.sqlite")
    settings.write_text(text, encoding="utf-8")
    result = run("--settings", settings, "doctor", "--json")
    assert result.code == 2
    assert checks(result)["store", ""]["problem"]["code"] == "LT-STORE-002"


def test_route_that_cannot_run_is_named(run: Run, settings: Path) -> None:
    """A route through a connection that can't do what the route needs is configuration, though the connection itself is well."""
    text = settings.read_text(encoding="utf-8")
    changed = text.replace("through: axis", "through: portal", 1)
    assert changed != text
    settings.write_text(changed, encoding="utf-8")
    result = run("--settings", settings, "doctor", "--json")
    assert result.code == 2
    found = checks(result)
    assert {name: line["problem"]["code"] for (check, name), line in found.items() if check == "route"} == {"documents-out": "LT-RUN-002"}
    assert found["connection", "portal"]["state"] == "ok"
    assert "route documents-out" in run("--settings", settings, "doctor").out
