"""The ledger: what was accepted, sent, received and reported, on SQLite or PostgreSQL.

SQLAlchemy is loaded with this package; `lienthong.sdk` loads it only when an exchange is opened.
"""

from lienthong.sdk.ledger.ledger import Ledger
from lienthong.sdk.ledger.states import DossierState, InboxState, TransmissionState

__all__ = ["DossierState", "InboxState", "Ledger", "TransmissionState"]
