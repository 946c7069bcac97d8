"""What a fault of the network, or a reply's status, says about the fate of a call."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from urllib3.exceptions import EmptyPoolError
from urllib3.response import BaseHTTPResponse

from lienthong.core.clock import Clock
from lienthong.core.errors import LienthongError, Words
from lienthong.core.http.errors import (
    ConnectFailed,
    ConnectionCut,
    ConnectionLost,
    GatewayFailed,
    RateLimited,
    RedirectRefused,
    ReplyTooLarge,
    ReplyUnreadable,
    TimedOut,
    TimedOutAfterSending,
    TlsRejected,
)
from lienthong.core.http.transport import TIMED_OUT, Call


def judge(response: BaseHTTPResponse, call: Call, *, safe: bool, limit: int) -> None:
    """Raise what a reply's status and size alone say: redirect, wait, gateway fault, too large."""
    status = response.status
    retry_after = _retry_after(response.headers.get("Retry-After"), call.clock)
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        target = _target_host(response.headers.get("Location", "")) or call.host
        raise RedirectRefused(connection=call.connection, host=call.host, target=target, status=status)
    # A 503 without Retry-After may come from anything on the way, also after the system behind has worked.
    if status == 429 or (status == 503 and (safe or retry_after is not None)):  # noqa: PLR2004
        raise RateLimited(connection=call.connection, host=call.host, status=status, retry_after=retry_after)
    if safe and status in (502, 504):
        raise GatewayFailed(connection=call.connection, host=call.host, status=status)
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > limit:
        raise too_large(call, limit, safe=safe)


_LONGEST_WAIT = 86400.0  # seconds; a host that asks for more is asked again the next day


def _retry_after(text: str | None, clock: Clock) -> float | None:
    if text is None:
        return None
    if text.strip().isdecimal():
        return min(float(text), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - clock.now()).total_seconds()), _LONGEST_WAIT)


def _target_host(location: str) -> str | None:
    try:
        return urlsplit(location).hostname
    except ValueError:
        return None


def too_large(call: Call, limit: int, *, safe: bool) -> ReplyTooLarge | ReplyUnreadable:
    """Return the error for a reply above the limit."""
    if safe:
        return ReplyTooLarge(connection=call.connection, host=call.host, limit=limit)
    return ReplyUnreadable(connection=call.connection, host=call.host, limit=limit)


def translated(error: Exception, call: Call, *, safe: bool) -> LienthongError:
    """Return what a fault of the connection means, by whether bytes had left and whether the call may be repeated."""
    causes = list(_causes(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    timed_out = any(isinstance(cause, TimeoutError) for cause in causes)
    connection, host, seconds = call.connection, call.host, call.seconds
    if tls is not None and _is_rejection(tls, left=call.left):
        reason = getattr(tls, "verify_message", None) or tls.reason or type(tls).__name__
        return TlsRejected(connection=connection, host=host, reason=reason)
    if isinstance(error, EmptyPoolError) or (timed_out and not call.left and call.clock.monotonic() >= call.deadline):
        return TimedOut(connection=connection, host=host, seconds=seconds)
    if not call.left:
        broke_off = Words("the connection broke off", "kết nối bị ngắt giữa chừng")
        return ConnectFailed(connection=connection, host=host, reason=TIMED_OUT if timed_out else broke_off)
    if timed_out:
        kind = TimedOut if safe else TimedOutAfterSending
        return kind(connection=connection, host=host, seconds=seconds)
    return (ConnectionLost if safe else ConnectionCut)(connection=connection, host=host)


def _is_rejection(error: ssl.SSLError, *, left: bool) -> bool:
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return False
    # With TLS 1.3 a host says only after our handshake, and perhaps our request, that it doesn't accept our certificate.
    return not left or ("ALERT" in (error.reason or "") and ("CERTIFICATE" in error.reason or "UNKNOWN_CA" in error.reason))


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(cause for cause in (current.__cause__, current.__context__, *current.args) if isinstance(cause, BaseException))
