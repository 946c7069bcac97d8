"""Runs the ledger's migrations on the connection that a `Ledger` hands over."""

from alembic import context

from lienthong.sdk.ledger.tables import VERSIONS, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSIONS, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
