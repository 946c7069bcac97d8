"""Opening the ledger, on SQLite or PostgreSQL, and its transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, create_engine, delete, event, insert, make_url, select, text
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql.schema import Table

from lienthong.core.clock import Clock, SystemClock
from lienthong.core.errors import ExtraMissing, Words
from lienthong.sdk.errors import StoreBusy, StoreUnusable
from lienthong.sdk.ledger.tables import VERSIONS, cursors, events, leases

HEAD = "0001"
"""The newest migration; a test compares it with the folder."""

_MIGRATION_LOCK = 0x6C69656E  # any fixed number; the same for all processes on one PostgreSQL database


class Ledger:
    """What happened, kept in a database; thread-safe.

    Every call that changes something takes a `Connection` from `begin`, so that a caller decides what belongs together.
    """

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        """Open the database and bring its tables up to date.

        Args:
            url: SQLAlchemy address, `sqlite:///…` or `postgresql+psycopg://…`.
            clock: Tells the time that is written into rows.

        Raises:
            StoreUnusable: configuration; the address is wrong, or the tables are from a newer version.
            StoreBusy: The database can't be reached now.
            ExtraMissing: configuration; the driver isn't installed.
        """
        self.clock = clock or SystemClock()
        self.engine = _engine(url)
        try:
            with _as_our_errors():
                self._migrate()
        except BaseException:
            self.engine.dispose()
            raise

    def close(self) -> None:
        """Close all database connections."""
        self.engine.dispose()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Run a block in one transaction that may write: committed at its end, undone by an exception."""
        with _as_our_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run a block that only reads, in one view of the data."""
        with _as_our_errors(), self.engine.connect().execution_options(lienthong_reads=True) as connection:
            yield connection

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            try:
                version = connection.scalar(text(f"SELECT version_num FROM {VERSIONS}"))  # noqa: S608 (a constant)
            except (OperationalError, ProgrammingError):
                version = None
        if version == HEAD:
            return
        from alembic import command  # noqa: PLC0415 (needed once in a database's life)
        from alembic.config import Config  # noqa: PLC0415
        from alembic.util import CommandError  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StoreUnusable(
                    reason=Words("its tables are from a newer version of lienthong", "bảng dữ liệu thuộc phiên bản lienthong mới hơn")
                ) from error


def _engine(url: str) -> Engine:
    # A row's values stand in no error text: they hold names and identity numbers.
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            if not address.database or ":memory:" in url or "mode=memory" in url:
                raise StoreUnusable(reason=Words("a ledger in memory keeps no promise", "sổ cái trong bộ nhớ không giữ được dữ liệu"))
            _make_private(Path(str(address.database)))
            engine = create_engine(address, connect_args={"timeout": 30}, hide_parameters=True)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        if address.get_backend_name() != "postgresql":
            raise StoreUnusable(reason=Words("only SQLite and PostgreSQL are known", "chỉ hỗ trợ SQLite và PostgreSQL"))
        return create_engine(address, pool_pre_ping=True, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise ExtraMissing(extra="postgres", purpose=Words("A ledger on PostgreSQL", "Sổ cái trên PostgreSQL")) from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        reason = Words(
            "its address is not one of SQLAlchemy's, such as sqlite:///var/ledger.sqlite",
            "địa chỉ không đúng dạng của SQLAlchemy, ví dụ sqlite:///var/ledger.sqlite",
        )
        raise StoreUnusable(reason=reason) from error
    except OSError as error:
        reason = Words(f"its folder can't be made ({error.strerror})", f"không tạo được thư mục (máy báo: {error.strerror})")
        raise StoreUnusable(reason=reason) from error


def _make_private(path: Path) -> None:
    """Make a database file that only its owner can read; what SQLite puts beside it gets the same rights."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _prepare_sqlite(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined] # we say BEGIN ourselves
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that turns from reading to writing fails at once when another has written; one that begins as a writer waits.
    reads = connection.get_execution_options().get("lienthong_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


# What passes by itself, and what somebody must mend; anything else is an error of ours and stays what it is.
_BUSY_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_UNUSABLE_SQLITE = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY})
_BUSY_SQLSTATE = ("08", "40", "53", "55", "57")  # connection, rollback, resources, lock, intervention
_UNUSABLE_SQLSTATE = ("28", "3D")  # authorisation, no such database


@contextmanager
def _as_our_errors() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StoreBusy(detail="no free connection") from error
    except DatabaseError as error:
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error).__name__
        busy, unusable = _judge(error.orig, reason)
        if unusable:
            raise StoreUnusable(reason=Words(reason, f"máy báo: {reason}")) from error
        if busy:
            raise StoreBusy(detail=reason) from error
        raise


def _judge(error: BaseException | None, reason: str) -> tuple[bool, bool]:
    if isinstance(error, sqlite3.Error):
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte
        return kind in _BUSY_SQLITE, kind in _UNUSABLE_SQLITE
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return state[:2] in _BUSY_SQLSTATE, state[:2] in _UNUSABLE_SQLSTATE
    # Before the log-in is done, PostgreSQL's client has the server's sentence only.
    return True, "does not exist" in reason or "authentication failed" in reason


def insert_once(connection: Connection, table: Table, values: Mapping[str, object]) -> bool:
    """Insert a row unless one of its key is there; return whether it was inserted."""
    first = next(iter(table.primary_key))
    return connection.execute(_insert(connection, table).values(values).on_conflict_do_nothing().returning(first)).first() is not None


def upsert(connection: Connection, table: Table, values: Mapping[str, object], *, where: ColumnElement[bool] | None = None) -> bool:
    """Insert a row, or change the one of its key, if `where` holds for that; return whether the row is now as given."""
    statement = _insert(connection, table).values(values)
    keys = [column.name for column in table.primary_key]
    changes = {name: statement.excluded[name] for name in values if name not in keys}
    first = next(iter(table.primary_key))
    return (
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes, where=where).returning(first)).first()
        is not None
    )


def _insert(connection: Connection, table: Table) -> SqliteInsert | PostgresqlInsert:
    return PostgresqlInsert(table) if connection.dialect.name == "postgresql" else SqliteInsert(table)


def record_event(
    connection: Connection, ledger: Ledger, event_name: str, *, organisation: str, subject: str, digest: str | None = None, detail: str = ""
) -> None:
    """Add an event to the transaction, as yet without number."""
    connection.execute(
        insert(events).values(
            at=ledger.clock.now(), event=event_name, organisation=organisation, subject=subject, digest=digest, detail=detail
        )
    )


def take_lease(ledger: Ledger, name: str, owner: str, *, seconds: float) -> bool:
    """Take or renew a named lease; return whether `owner` has it now."""
    now = ledger.clock.now()
    values = {"name": name, "owner": owner, "until": now + timedelta(seconds=seconds)}
    with ledger.begin() as connection:
        return upsert(connection, leases, values, where=(leases.c.owner == owner) | (leases.c.until < now))


def release_lease(ledger: Ledger, name: str, owner: str) -> None:
    """Give a lease back, if `owner` still has it."""
    with ledger.begin() as connection:
        connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))


def read_cursor(connection: Connection, route: str) -> str | None:
    """Return where a route goes on, or None at its start."""
    return connection.scalar(select(cursors.c.cursor).where(cursors.c.route == route))


def store_cursor(connection: Connection, ledger: Ledger, route: str, cursor: str) -> None:
    """Keep where a route goes on."""
    upsert(connection, cursors, {"route": route, "cursor": cursor, "updated_at": ledger.clock.now()})
