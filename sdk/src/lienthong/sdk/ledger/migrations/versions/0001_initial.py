"""The first tables."""

import sqlalchemy as sa
from alembic import op

from lienthong.sdk.ledger.types import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "lienthong_arrivals",
        sa.Column("connection", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("packet_sha256", sa.String(length=64), nullable=True),
        sa.Column("packet_size", sa.BigInteger(), nullable=True),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "kind", "remote_id", name=op.f("pk_lienthong_arrivals")),
    )
    op.create_index(op.f("ix_lienthong_arrivals_packet_sha256"), "lienthong_arrivals", ["packet_sha256"], unique=False)
    op.create_table(
        "lienthong_cursors",
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("route", name=op.f("pk_lienthong_cursors")),
    )
    op.create_table(
        "lienthong_directory",
        sa.Column("connection", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "code", name=op.f("pk_lienthong_directory")),
    )
    op.create_table(
        "lienthong_dossiers",
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("reported_steps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("problems", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("route", "number", name=op.f("pk_lienthong_dossiers")),
    )
    op.create_index(
        op.f("ix_lienthong_dossiers_route_state_not_before"), "lienthong_dossiers", ["route", "state", "not_before"], unique=False
    )
    op.create_table(
        "lienthong_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lienthong_events")),
        sa.UniqueConstraint("number", name=op.f("uq_lienthong_events_number")),
    )
    op.create_index(op.f("ix_lienthong_events_subject"), "lienthong_events", ["subject"], unique=False)
    op.create_table(
        "lienthong_leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lienthong_leases")),
    )
    op.create_table(
        "lienthong_messages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("counterpart", sa.String(length=64), server_default="", nullable=False),
        sa.Column("document_id", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("business_type", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.String(length=2), nullable=True),
        sa.Column("original", sa.String(length=36), nullable=True),
        sa.Column("packet_sha256", sa.String(length=64), nullable=False),
        sa.Column("packet_size", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.String(length=16), server_default="", nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("traceparent", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["original"], ["lienthong_messages.id"], name=op.f("fk_lienthong_messages_original")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lienthong_messages")),
        sa.UniqueConstraint("organisation", "direction", "kind", "key", name=op.f("uq_lienthong_messages_organisation_direction_kind_key")),
    )
    op.create_index(op.f("ix_lienthong_messages_created_at"), "lienthong_messages", ["created_at"], unique=False)
    op.create_index(op.f("ix_lienthong_messages_organisation_code"), "lienthong_messages", ["organisation", "code"], unique=False)
    op.create_index(
        op.f("ix_lienthong_messages_organisation_document_id"), "lienthong_messages", ["organisation", "document_id"], unique=False
    )
    op.create_index(op.f("ix_lienthong_messages_original"), "lienthong_messages", ["original"], unique=False)
    op.create_table(
        "lienthong_inbox",
        sa.Column("message", sa.String(length=36), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["lienthong_messages.id"], name=op.f("fk_lienthong_inbox_message")),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_lienthong_inbox")),
    )
    op.create_index(op.f("ix_lienthong_inbox_organisation_state"), "lienthong_inbox", ["organisation", "state"], unique=False)
    op.create_table(
        "lienthong_statuses",
        sa.Column("message", sa.String(length=36), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=2), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("staff", sa.Text(), server_default="", nullable=False),
        sa.Column("packet_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["lienthong_messages.id"], name=op.f("fk_lienthong_statuses_message")),
        sa.PrimaryKeyConstraint("message", "organisation", "status", "at", name=op.f("pk_lienthong_statuses")),
    )
    op.create_table(
        "lienthong_transmissions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=36), nullable=False),
        sa.Column("connection", sa.String(length=64), nullable=False),
        sa.Column("packet_sha256", sa.String(length=64), nullable=False),
        sa.Column("packet_size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("not_before", UtcTime(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["lienthong_messages.id"], name=op.f("fk_lienthong_transmissions_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lienthong_transmissions")),
    )
    op.create_index(
        op.f("ix_lienthong_transmissions_connection_state_not_before"),
        "lienthong_transmissions",
        ["connection", "state", "not_before"],
        unique=False,
    )
    op.create_index(op.f("ix_lienthong_transmissions_message"), "lienthong_transmissions", ["message"], unique=False)
    op.create_table(
        "lienthong_deliveries",
        sa.Column("message", sa.String(length=36), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("transmission", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["lienthong_messages.id"], name=op.f("fk_lienthong_deliveries_message")),
        sa.ForeignKeyConstraint(["transmission"], ["lienthong_transmissions.id"], name=op.f("fk_lienthong_deliveries_transmission")),
        sa.PrimaryKeyConstraint("message", "recipient", name=op.f("pk_lienthong_deliveries")),
    )
    op.create_index(op.f("ix_lienthong_deliveries_transmission"), "lienthong_deliveries", ["transmission"], unique=False)
