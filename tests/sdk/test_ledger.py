"""The ledger on both databases: migrations, leases, states."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lienthong.core.errors import ConfigurationError
from lienthong.sdk.errors import StoreUnusable
from lienthong.sdk.ledger import DossierState, InboxState, Ledger, TransmissionState
from lienthong.sdk.ledger.ledger import read_cursor, release_lease, store_cursor, take_lease
from lienthong.sdk.ledger.states import DOSSIER_STEPS, INBOX_STEPS, TRANSMISSION_STEPS


def test_ledger_opens_again_with_what_it_holds(new_database: Callable[[], str]) -> None:
    """The second opening finds the tables in place."""
    address = new_database()
    first = Ledger(address)
    with first.begin() as connection:
        store_cursor(connection, first, "route", "here")
    first.close()
    second = Ledger(address)
    with second.read() as connection:
        assert read_cursor(connection, "route") == "here"
    second.close()


def test_ledger_of_a_newer_version_is_refused(new_database: Callable[[], str]) -> None:
    """Old code never writes into tables that it doesn't know."""
    address = new_database()
    ledger = Ledger(address)
    with ledger.begin() as connection:
        connection.execute(text("UPDATE lienthong_version SET version_num = '9999'"))
    ledger.close()
    with pytest.raises(StoreUnusable):
        Ledger(address)


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////tmp/:memory:",
        "sqlite:///file::memory:?uri=true",
        "postgresql://u@h:99x/b",
        "mysql://x/y",
        "postgresql+nothing://x",
        "sqlite:////proc/no/such/ledger.sqlite",
    ],
)
def test_address_that_cannot_be_used_is_a_configuration_error(address: str) -> None:
    """Somebody must change the settings."""
    with pytest.raises(ConfigurationError):
        Ledger(address)


def test_lease_is_held_by_one_until_it_ends_or_is_given_back(ledger: Ledger, clock: object) -> None:
    """Nobody else gets it before, everybody may after."""
    assert take_lease(ledger, "route", "a", seconds=60)
    assert take_lease(ledger, "route", "a", seconds=60)
    assert not take_lease(ledger, "route", "b", seconds=60)
    clock.turn(seconds=61)
    assert take_lease(ledger, "route", "b", seconds=60)
    release_lease(ledger, "route", "a")
    assert not take_lease(ledger, "route", "a", seconds=60)
    release_lease(ledger, "route", "b")
    assert take_lease(ledger, "route", "a", seconds=60)


def test_database_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    """It holds subjects and names."""
    path = tmp_path / "var" / "ledger.sqlite"
    ledger = Ledger(f"sqlite:///{path}")
    with ledger.begin() as connection:
        store_cursor(connection, ledger, "route", "here")
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    ledger.close()


def test_file_that_is_no_database_is_a_configuration_error(tmp_path: Path) -> None:
    """Not a traceback of the driver."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"certainly not a database " * 100)
    with pytest.raises(StoreUnusable):
        Ledger(f"sqlite:///{path}")


def test_error_of_the_database_shows_no_values(ledger: Ledger) -> None:
    """A row's values may be personal."""
    with pytest.raises(DBAPIError) as caught, ledger.begin() as connection:
        connection.execute(text("SELECT 1 FROM nowhere WHERE name = :name"), {"name": "001099012345"})
    assert "001099012345" not in str(caught.value)


def test_many_processes_open_an_empty_database_at_once(new_database: Callable[[], str]) -> None:
    """One makes the tables, the others wait."""
    code = "import sys; from lienthong.sdk.ledger import Ledger; Ledger(sys.argv[1]).close()"
    address = new_database()
    runs = [subprocess.Popen([sys.executable, "-c", code, address]) for _ in range(4)]
    assert [run.wait(60) for run in runs] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("states", "steps", "start"),
    [
        (TransmissionState, TRANSMISSION_STEPS, {TransmissionState.QUEUED}),
        (InboxState, INBOX_STEPS, {InboxState.WAITING}),
        (DossierState, DOSSIER_STEPS, {DossierState.PENDING, DossierState.INVALID}),
    ],
)
def test_every_state_can_be_reached(states: type, steps: dict, start: set) -> None:
    """A state that no step leads to would be a mistake in the table."""
    assert start | {after for _, after in steps} == set(states)
