"""What the answers of the service portal mean here; one table, most specific first.

The portal decides in Vietnamese text: no list of codes is published, and what was seen is 0 for success, 3 and -3 together with
"đã tồn tại" or "không tồn tại". A reply that isn't JSON and has an HTTP status of the 400s has the code `HTTP` and the status.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lienthong.connectors.errors import CredentialsRejected, RemoteRefused
from lienthong.connectors.service_portal.errors import DossierExists, DossierUnknown, ServiceMissing
from lienthong.core.errors import LienthongError
from lienthong.core.text import mask_personal, nfc

_DETAIL_LENGTH = 300
_SESSION = re.compile(r"phiên(?! bản)|session")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A reply that says no; `message` is the portal's text."""

    connection: str
    operation: str
    remote_code: str
    message: str

    @property
    def shown(self) -> str:
        """The portal's text, cut and without personal data."""
        return mask_personal(self.message)[:_DETAIL_LENGTH] or "-"

    @property
    def folded(self) -> str:
        """The portal's text for comparing."""
        return nfc(self.message).casefold()


def _credentials(refusal: Refusal) -> LienthongError:
    return CredentialsRejected(connection=refusal.connection, remote_code=refusal.remote_code, detail=refusal.shown)


def _missing(refusal: Refusal) -> LienthongError:
    return ServiceMissing(connection=refusal.connection, operation=refusal.operation, remote_code=refusal.remote_code)


def _exists(refusal: Refusal) -> LienthongError:
    return DossierExists(connection=refusal.connection, detail=refusal.shown, remote_code=refusal.remote_code)


def _unknown(refusal: Refusal) -> LienthongError:
    return DossierUnknown(connection=refusal.connection, detail=refusal.shown, remote_code=refusal.remote_code)


def _refused(refusal: Refusal) -> LienthongError:
    return RemoteRefused(connection=refusal.connection, operation=refusal.operation, detail=refusal.shown, remote_code=refusal.remote_code)


TABLE: tuple[tuple[str | None, str | None, str, Callable[[Refusal], LienthongError]], ...] = (
    # code, operation (None: any), what the message contains, what it is here
    ("HTTP 401", None, "", _credentials),
    ("HTTP 403", None, "", _credentials),
    ("HTTP 404", None, "", _missing),
    ("HTTP 405", None, "", _missing),
    (None, "login", "", _credentials),
    (None, "DongBoHoSoMC", "đã tồn tại", _exists),
    ("-3", "DongBoHoSoMC", "không tồn tại", _unknown),
    ("-3", "CapNhatTienDoHoSoMC", "không tồn tại", _unknown),
    (None, None, "", _refused),
)


def error_for(refusal: Refusal) -> LienthongError:
    """Return the error that a refusal is here."""
    return next(
        make(refusal)
        for code, operation, text, make in TABLE
        if code in (None, refusal.remote_code) and operation in (None, refusal.operation) and text in refusal.folded
    )


def session_ended(refusal: Refusal, session_errors: tuple[int, ...]) -> bool:
    """Tell whether a refusal is about the session, and not about what was sent."""
    return refusal.remote_code in map(str, session_errors) or _SESSION.search(refusal.folded) is not None
