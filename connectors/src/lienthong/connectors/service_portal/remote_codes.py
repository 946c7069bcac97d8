"""What the answers of the service portal mean here; one table, most specific first.

The portal decides in Vietnamese text: no list of codes is published, and what was seen is 0 for success, 3 and -3 together with
"đã tồn tại" or "không tồn tại". A reply that isn't JSON and has an HTTP status of the 400s has the code `HTTP` and the status.
"""

from __future__ import annotations

import re

from lienthong.connectors.answers import Refusal, Row, credentials, refused
from lienthong.connectors.service_portal.errors import DossierExists, DossierUnknown, ServiceMissing
from lienthong.core.errors import LienthongError

_SESSION = re.compile(r"phiên(?! bản)|session")


def _missing(refusal: Refusal) -> LienthongError:
    return ServiceMissing(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code)


def _exists(refusal: Refusal) -> LienthongError:
    return DossierExists(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code, detail=refusal.shown)


def _unknown(refusal: Refusal) -> LienthongError:
    return DossierUnknown(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code, detail=refusal.shown)


TABLE = (
    Row("HTTP 401", None, credentials),
    Row("HTTP 403", None, credentials),
    Row("HTTP 404", None, _missing),
    Row("HTTP 405", None, _missing),
    Row(None, "login", credentials),
    Row(None, "DongBoHoSoMC", _exists, "đã tồn tại"),
    Row("-3", "DongBoHoSoMC", _unknown, "không tồn tại"),
    Row("-3", "CapNhatTienDoHoSoMC", _unknown, "không tồn tại"),
    Row(None, None, refused),
)


def session_ended(refusal: Refusal, session_errors: tuple[int, ...]) -> bool:
    """Tell whether a refusal is about the session, and not about what was sent."""
    return refusal.remote_code in map(str, session_errors) or _SESSION.search(refusal.folded) is not None
