"""The ledger's migrations against its tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lienthong.sdk.ledger import ledger as module
from lienthong.sdk.ledger.ledger import HEAD, Ledger
from lienthong.sdk.ledger.tables import VERSIONS, metadata

MIGRATIONS = Path(module.__file__).parent / "migrations"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger on SQLite."""
    opened = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    yield opened
    opened.close()


def test_head_is_the_newest_migration() -> None:
    """A ledger that is up to date is recognised without loading Alembic, by the newest migration's name."""
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_migrated_database_has_the_tables_of_the_code(ledger: Ledger) -> None:
    """The migrations, all applied, give the very tables that the code works with."""
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "version_table": VERSIONS})
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, metadata) == []
