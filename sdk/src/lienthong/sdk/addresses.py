"""Whom a packet is for: our own organisations, then what the connection's directory has told us, then its directory itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import select

from lienthong.connectors.errors import UnknownRecipient
from lienthong.connectors.port import Connector, Lookup
from lienthong.core.clock import Clock
from lienthong.core.errors import Transient
from lienthong.core.telemetry import log_event
from lienthong.schemas.edxml import Party
from lienthong.schemas.organisations import Organisation, same_organisation
from lienthong.sdk.ledger.ledger import upsert
from lienthong.sdk.ledger.tables import directory
from lienthong.sdk.settings import Settings

TRUSTED_FOR = timedelta(days=1)
"""How long an entry of a remote directory is taken as true before it is asked for again."""

_logger = logging.getLogger(__name__)


Reach = Callable[[], AbstractContextManager[DatabaseConnection]]
"""Reaches the ledger: by a transaction of its own, or in the caller's."""


def resolve_recipients(
    read: Reach,
    begin: Reach,
    settings: Settings,
    clock: Clock,
    open_connection: Callable[[], Connector],
    *,
    through: str,
    codes: Sequence[str],
) -> list[Party]:
    """Return the recipients as the packet names them, each organisation once.

    The remote directory is asked only about codes that nobody here knows. When it can't be reached the code is taken as it is: the
    remote system judges it when the packet is sent.

    Raises:
        UnknownRecipient: data; the remote directory doesn't have a code.
    """
    wanted: list[str] = []
    for code in codes:
        if not any(same_organisation(code, other) for other in wanted):
            wanted.append(code)
    names = {code: ours.name for code, ours in settings.organisations.items()}
    with read() as connection:
        seen = connection.execute(
            select(directory.c.code, directory.c.name).where(
                directory.c.connection == through, directory.c.code.in_(wanted), directory.c.seen_at > clock.now() - TRUSTED_FOR
            )
        )
        names |= {row.code: row.name for row in seen}
    unknown = [code for code in wanted if code not in names]
    if unknown:
        found = _ask(open_connection(), through, unknown)
        with begin() as connection:
            for code, name in sorted(found.items()):
                upsert(connection, directory, {"connection": through, "code": code, "name": name, "seen_at": clock.now()})
        names |= found
    return [Party(code=code, name=names.get(code, "")) for code in wanted]


def _ask(connector: Connector, through: str, codes: Sequence[str]) -> dict[str, str]:
    """Return the names that the remote directory has; none if it can't be asked."""
    if not isinstance(connector, Lookup):
        return {}
    try:
        found: dict[str, Organisation] = dict(connector.look_up(codes))
    except Transient as error:
        log_event(_logger, "directory-unreachable", level=logging.WARNING, connection=through, code=error.code)
        return {}
    for code in codes:
        if code not in found:
            raise UnknownRecipient(connection=through, recipient=code)
    return {code: organisation.name for code, organisation in found.items()}
