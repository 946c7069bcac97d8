"""The surface for applications: `Exchange` and the few records that it takes and returns.

SQLAlchemy is loaded when `Exchange` is first used, so that reading settings or a help text stays quick.
"""

from typing import TYPE_CHECKING

from lienthong.schemas.codes.edxml import Status
from lienthong.sdk.records import Delivery, DossierLine, MessageDetail, MessageSummary, QuarantinedPacket, RunReport, Sent
from lienthong.sdk.settings import Settings, find_settings, load_settings

if TYPE_CHECKING:
    from lienthong.schemas.edxml import SignerInfo, StaffInfo
    from lienthong.sdk.exchange import Exchange
    from lienthong.sdk.outbox import Document
    from lienthong.sdk.received import Received

__all__ = [
    "Delivery",
    "Document",
    "DossierLine",
    "Exchange",
    "MessageDetail",
    "MessageSummary",
    "QuarantinedPacket",
    "Received",
    "RunReport",
    "Sent",
    "Settings",
    "SignerInfo",
    "StaffInfo",
    "Status",
    "find_settings",
    "load_settings",
]

_LATER = {
    "Document": "lienthong.sdk.outbox",
    "Exchange": "lienthong.sdk.exchange",
    "Received": "lienthong.sdk.received",
    "SignerInfo": "lienthong.schemas.edxml",
    "StaffInfo": "lienthong.schemas.edxml",
}


def __getattr__(name: str) -> object:
    if name in _LATER:
        from importlib import import_module  # noqa: PLC0415 (as light as the rest)

        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
