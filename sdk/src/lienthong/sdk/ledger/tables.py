"""The ledger's tables. `organisation` is part of every key; rows hold digests and metadata, content stands in the blobs.

Their names carry a prefix, because they may stand in the database of the application that calls `send(connection=…)`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.types import JSON

from lienthong.sdk.ledger.types import UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

VERSIONS = "lienthong_version"
"""Where the version of these tables stands."""

Json = JSON(none_as_null=True)
Identifier = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in INTEGER

messages = Table(
    "lienthong_messages",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation", String(64), nullable=False),  # ours: the sender of what goes out, the receiver of what came in
    Column("direction", String(3), nullable=False),  # out, in
    Column("kind", String(8), nullable=False),  # document, status
    Column("key", Text, nullable=False),
    Column("content_digest", String(64), nullable=False),
    Column("counterpart", String(64), nullable=False, server_default=""),  # From of what came in, addressee of a status
    Column("document_id", Text, nullable=False, server_default=""),
    Column("code", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False, server_default=""),
    Column("business_type", Integer, nullable=False, server_default="0"),
    Column("status", String(2)),  # what a status message reports
    Column("original", String(36), ForeignKey("lienthong_messages.id")),  # the document that a status message is about
    Column("packet_sha256", String(64), nullable=False),
    Column("packet_size", BigInteger, nullable=False),
    Column("signature", String(16), nullable=False, server_default=""),  # state of the packet's signature when it came
    Column("created_at", UtcTime, nullable=False),
    Column("traceparent", String(64)),
    UniqueConstraint("organisation", "direction", "kind", "key"),
    Index(None, "organisation", "document_id"),
    Index(None, "organisation", "code"),
    Index(None, "original"),
    Index(None, "created_at"),
)

transmissions = Table(
    "lienthong_transmissions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation", String(64), nullable=False),
    Column("message", String(36), ForeignKey("lienthong_messages.id"), nullable=False),
    Column("connection", String(64), nullable=False),
    Column("packet_sha256", String(64), nullable=False),
    Column("packet_size", BigInteger, nullable=False),
    Column("state", String(9), nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("not_before", UtcTime, nullable=False),
    Column("remote_id", Text),
    Column("problem", Json),
    Column("updated_at", UtcTime, nullable=False),
    Index(None, "connection", "state", "not_before"),
    Index(None, "message"),
)

deliveries = Table(
    "lienthong_deliveries",
    metadata,
    Column("message", String(36), ForeignKey("lienthong_messages.id"), primary_key=True),
    Column("recipient", String(64), primary_key=True),
    Column("transmission", String(36), ForeignKey("lienthong_transmissions.id"), nullable=False),
    Index(None, "transmission"),
)

statuses = Table(  # what organisations reported about a document, ours about what came in and theirs about what went out
    "lienthong_statuses",
    metadata,
    Column("message", String(36), ForeignKey("lienthong_messages.id"), primary_key=True),
    Column("organisation", String(64), primary_key=True),  # who reports
    Column("status", String(2), primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("description", Text, nullable=False, server_default=""),
    Column("staff", Text, nullable=False, server_default=""),
    Column("packet_sha256", String(64), nullable=False),
)

arrivals = Table(  # one row per packet that a connection has shown us
    "lienthong_arrivals",
    metadata,
    Column("connection", String(64), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("remote_id", Text, primary_key=True),
    Column("packet_sha256", String(64)),  # NULL while it can't be fetched; then it is still the remote system's
    Column("packet_size", BigInteger),
    Column("sender", Text, nullable=False, server_default=""),
    Column("problem", Json),  # why it is in quarantine
    Column("received_at", UtcTime, nullable=False),
    Index(None, "packet_sha256"),
)

inbox = Table(  # hand-over of a received document to its organisation's application
    "lienthong_inbox",
    metadata,
    Column("message", String(36), ForeignKey("lienthong_messages.id"), primary_key=True),
    Column("organisation", String(64), nullable=False),
    Column("state", String(11), nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
    Index(None, "organisation", "state"),
)

dossiers = Table(
    "lienthong_dossiers",
    metadata,
    Column("route", String(64), primary_key=True),
    Column("number", Text, primary_key=True),
    Column("organisation", Text, nullable=False),  # the office that handles it
    Column("office", Text, nullable=False, server_default=""),
    Column("revision", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(9), nullable=False),
    Column("known", Boolean, nullable=False),  # the sink has acknowledged an insert
    Column("reported_steps", Integer, nullable=False, server_default="0"),
    Column("content", Text),  # the dossier as JSON while it is on its way
    Column("problems", Json),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Index(None, "route", "state", "not_before"),
)

cursors = Table(
    "lienthong_cursors",
    metadata,
    Column("route", String(64), primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

leases = Table(  # a route that one caller at a time may run
    "lienthong_leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", UtcTime, nullable=False),
)

directory = Table(  # organisations as a connection's own directory names them
    "lienthong_directory",
    metadata,
    Column("connection", String(64), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

events = Table(  # numbered and chained later by one sealer, so that writers never wait for each other
    "lienthong_events",
    metadata,
    Column("id", Identifier, primary_key=True, autoincrement=True),
    Column("number", BigInteger, unique=True),
    Column("at", UtcTime, nullable=False),
    Column("event", String(32), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("subject", Text, nullable=False),  # id of the message, or number of the dossier
    Column("digest", String(64)),
    Column("detail", Text, nullable=False, server_default=""),  # a recipient, a status, a problem's code; never content
    Index(None, "subject"),
)
