"""The settings that are shown to everyone."""

from importlib.resources import files
from pathlib import Path

from lienthong.sdk import load_settings

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_example_settings_are_right_and_show_every_kind_of_route() -> None:
    """`examples/lienthong.yaml` loads, has at least five routes, and shows every kind of route and of connection."""
    settings = load_settings(EXAMPLES / "lienthong.yaml")
    assert len(settings.routes) >= 5
    assert {route.does for route in settings.routes.values()} == {"send", "receive", "synchronise"}
    assert {connection.kind for connection in settings.connections.values()} == {"document_axis", "one_door", "service_portal"}


def test_example_mapping_is_the_one_that_the_sandbox_writes() -> None:
    """The mapping of the examples and the one that comes with the command line are the same."""
    assert (EXAMPLES / "maps" / "one-door.yaml").read_bytes() == (files("lienthong.cli") / "one-door.yaml").read_bytes()
