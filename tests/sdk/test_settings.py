"""A mistake in the settings is named with its place and the nearest right name, and never with its value."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lienthong.core.yaml import YamlInvalid
from lienthong.sdk import load_settings
from lienthong.sdk.errors import SettingsInvalid, SettingsMissing, UnknownName
from lienthong.sdk.settings import ReceiveRoute, parse_settings

GOOD = """\
version: 1
organisations:
  H42.12: {name: Sở Khoa học và Công nghệ}
connections:
  axis: {kind: document_axis, wire: A, endpoint: "https://axis.example", system_id: "00.42.W00", secret: "env:AXIS_SECRET"}
routes:
  documents-out: {does: send, organisations: [H42.12], through: axis, every: 30s}
  documents-in:
    does: receive
    through: axis
"""


def parse(text: str) -> SettingsInvalid:
    with pytest.raises(SettingsInvalid) as caught:
        parse_settings(text, folder=Path(), source="lienthong.yaml")
    return caught.value


def test_good_settings_are_typed_values() -> None:
    """Durations, routes and connections come out as values; nothing is opened and no secret is read."""
    settings = parse_settings(GOOD, folder=Path("/somewhere"))
    assert settings.route("documents-out").every == timedelta(seconds=30)
    assert isinstance(settings.route("documents-in"), ReceiveRoute)
    assert settings.connection("axis").kind == "document_axis"


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "path", "hint"),
    [
        ("endpoint:", "enpoint:", 5, 40, "connections.axis.enpoint", "endpoint"),
        ("organisations:\n", "organisatons:\n", 2, 1, "organisatons", "organisations"),
        ("name:", "nane:", 3, 12, "organisations.H42.12.nane", "name"),
        ("every: 30s", "evry: 30s", 7, 71, "routes.documents-out.evry", "every"),
        ("    through: axis\n", "    trough: axis\n", 10, 5, "routes.documents-in.trough", "through"),
        ("kind: document_axis", "kind: document_axes", 5, 10, "connections.axis.kind", "document_axis"),
        ("does: receive", "deos: receive", 9, 5, "routes.documents-in.deos", "does"),
        ("kind: document_axis", "kidn: document_axis", 5, 10, "connections.axis.kidn", "kind"),
        ("does: receive", "does: recieve", 9, 5, "routes.documents-in.does", "receive"),
        ("    through: axis\n", "    through: axes\n", 10, 5, "routes.documents-in.through", "axis"),
    ],
)
def test_misspelt_name_is_found_with_line_column_and_the_nearest_right_one(
    old: str, new: str, line: int, column: int, path: str, hint: str
) -> None:
    """The one sentence that an operator needs."""
    error = parse(GOOD.replace(old, new))
    assert (error.place.line, error.place.column, error.place.path) == (line, column, path)
    assert f"did you mean {hint}?" in str(error)
    assert str(error).startswith(f"LT-SETTINGS-001 lienthong.yaml:{line}:{column} {path}")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("every: 30s", "every: soon", "a duration above zero is expected"),
        ("every: 30s", "every: 0s", "a duration above zero is expected"),
        ("every: 30s", "every: 99999999999h", "a duration above zero is expected"),
        ("version: 1", "version: 2", "one of these is expected: 1"),
        ("organisations: [H42.12]", "organisations: H42.12", "a list is expected"),
        ("organisations: [H42.12]", "organisations: []", "at least one is expected"),
        ("{name: Sở Khoa học và Công nghệ}", "7", "keys and values are expected"),
        ("env:AXIS_SECRET", "hunter2", "a secret is given by reference"),
        (", through: axis, every", ", every", "missing"),
    ],
)
def test_wrong_value_is_explained_without_being_shown(old: str, new: str, reason: str) -> None:
    """What stands where a secret should stand may be the secret."""
    error = parse(GOOD.replace(old, new))
    assert reason in str(error)
    assert "hunter2" not in str(error)


def test_key_that_stands_twice_is_refused() -> None:
    """The second would silently win."""
    with pytest.raises(YamlInvalid) as caught:
        parse_settings(GOOD + "version: 1\n", folder=Path(), source="s.yaml")
    assert caught.value.place.line == 11


@pytest.mark.parametrize("text", ["", "- a", "a: [", "a: \x00", "a: &x {b: *x}", "? [a]\n: 1"])
def test_file_that_is_no_mapping_of_plain_values_is_refused_with_its_place(text: str) -> None:
    """Nothing but our own error leaves the loader."""
    with pytest.raises((YamlInvalid, SettingsInvalid)):
        parse_settings(text, folder=Path(), source="s.yaml")


def test_missing_file_names_the_ways_to_give_one(tmp_path: Path) -> None:
    """The sentence says what to do."""
    with pytest.raises(SettingsMissing) as caught:
        load_settings(tmp_path / "nowhere.yaml")
    assert "--settings" in str(caught.value)


def test_unknown_route_gets_the_nearest_name() -> None:
    """A route asked for by a wrong name."""
    with pytest.raises(UnknownName) as caught:
        parse_settings(GOOD, folder=Path()).route("document-out")
    assert "documents-out" in str(caught.value)


def test_secret_file_is_read_from_the_settings_folder_and_never_printed(tmp_path: Path) -> None:
    """A secret resolves at use, relative to the settings, and no repr shows it."""
    (tmp_path / "axis-secret").write_text("hunter2\n", encoding="utf-8")
    settings = parse_settings(GOOD.replace("env:AXIS_SECRET", "file:axis-secret"), folder=tmp_path)
    secret = settings.connection("axis").secret
    assert secret.resolve() == "hunter2"
    assert "hunter2" not in repr(settings)
