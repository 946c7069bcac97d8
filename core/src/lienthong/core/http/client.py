"""The HTTP client of all connectors."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self, TypeVar, cast
from urllib.parse import urlsplit

import tenacity
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from lienthong.core.blob import Blob
from lienthong.core.clock import Clock, SystemClock
from lienthong.core.errors import LienthongError, Transient, Words
from lienthong.core.http.errors import EndpointInvalid, PlainHttpForbidden, TlsFilesUnusable
from lienthong.core.http.faults import judge, too_large, translated
from lienthong.core.http.transport import Call, PlainConnection, TimedTlsSocket, TlsConnection, current_call

_CHUNK = 1 << 16
_MAX_REPLY_BYTES = 64 << 20
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a remote system is and how it is reached.

    Attributes:
        url: Base address; the path of a call is appended to it as it stands.
        transport: `trusted-network` allows `http://`, and then only to private and loopback addresses.
        ca_file: PEM file of the authorities that are trusted instead of the machine's.
        client_certificate: PEM file of our certificate, where the host asks for one.
        client_key: PEM file of its key, unless it stands in the same file.
    """

    url: str
    transport: Literal["tls", "trusted-network"] = "tls"
    ca_file: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A complete reply; header names are compared without case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class StreamedReply:
    """A reply whose body is still on its way; it must be read before the call's time is over."""

    def __init__(self, response: BaseHTTPResponse, call: Call, *, safe: bool, limit: int) -> None:
        self.status = response.status
        self.headers = cast("Mapping[str, str]", response.headers)
        self._response = response
        self._call = call
        self._safe = safe
        self._limit = limit

    def chunks(self) -> Iterator[bytes]:
        """Give the body in pieces, once.

        Raises:
            Transient: of a question; the connection failed or the time is over.
            FateUnknown: the same, of a call that changes something.
            ReplyTooLarge: of a question; nothing of the reply should be used.
        """
        size = 0
        try:
            for chunk in self._response.stream(_CHUNK):
                size += len(chunk)
                if size > self._limit:
                    raise too_large(self._call, self._limit, safe=self._safe)
                yield chunk
        except (HTTPError, OSError) as error:
            raise translated(error, self._call, safe=self._safe) from error

    def read(self) -> bytes:
        """Return the whole body; raises as `chunks` does."""
        return b"".join(self.chunks())


class HttpClient:
    """Makes calls to one endpoint over pooled connections; may be shared between threads.

    Certificates are always checked and redirects never followed; proxies of the environment aren't used.

    Args:
        endpoint: Where to.
        name: Name of the connection, for errors.
        concurrency: How many calls at once; more wait for a free connection.
        connect_timeout: Seconds for a new connection, name resolution and TLS each.
        timeout: Seconds for a whole call, from its start to the last byte of the reply, repeats included.
        max_reply_bytes: A larger reply isn't read.
        attempts: How often a safe call is made at most.

    Raises:
        EndpointInvalid, PlainHttpForbidden, TlsFilesUnusable: configuration.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        name: str,
        concurrency: int = 4,
        connect_timeout: float = 5,
        timeout: float = 60,
        max_reply_bytes: int = _MAX_REPLY_BYTES,
        attempts: int = 3,
        clock: Clock | None = None,
    ) -> None:
        try:
            parts = urlsplit(endpoint.url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise EndpointInvalid(connection=name) from None
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.fragment:
            raise EndpointInvalid(connection=name)
        self._name = name
        self._host = host
        self._path = parts.path
        self._query = parts.query
        self._private_only = parts.scheme == "http"
        self._connect_timeout = connect_timeout
        self._timeout = timeout
        self._max_reply_bytes = max_reply_bytes
        self._attempts = attempts
        self._clock = clock or SystemClock()
        if parts.scheme == "https":
            context = _tls_context(endpoint, name)
            self._pool: HTTPConnectionPool = HTTPSConnectionPool(host, port, maxsize=concurrency, block=True, ssl_context=context)
            self._pool.ConnectionCls = TlsConnection
        elif endpoint.transport == "trusted-network":
            self._pool = HTTPConnectionPool(host, port, maxsize=concurrency, block=True)
            self._pool.ConnectionCls = PlainConnection
        else:
            raise PlainHttpForbidden(connection=name, host=host)

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        body: bytes | Blob | None = None,
        safe: bool,
        timeout: float | None = None,
        max_reply_bytes: int | None = None,
    ) -> Reply:
        """Make a call and return the whole reply, whatever its status but 3xx, 429 and gateway faults.

        Args:
            method: Such as `POST`.
            path: Appended to the endpoint's path as it stands; may be empty.
            headers: Names and values, latin-1 at most.
            body: A blob is streamed.
            safe: The call changes nothing, so that it is repeated (with jittered waits) when it fails in passing.
            timeout: Seconds for this call instead of the client's.
            max_reply_bytes: Limit for this call instead of the client's.

        Raises:
            ConnectFailed: retry; nothing was sent.
            TimedOut, ConnectionLost, GatewayFailed: retry; safe calls only.
            RateLimited: retry, not before `retry_after` seconds where given.
            FateUnknown: ask; only calls that aren't safe.
            TlsRejected, AddressForbidden, RedirectRefused: configuration; nothing was done.
            ReplyTooLarge: stop; safe calls only.
        """
        limit = self._max_reply_bytes if max_reply_bytes is None else max_reply_bytes
        call = self._call(timeout)

        def attempt() -> Reply:
            response = self._open(call, method, path, headers, body, safe=safe, limit=limit)
            with _released(response):
                streamed = StreamedReply(response, call, safe=safe, limit=limit)
                return Reply(status=streamed.status, headers=streamed.headers, body=streamed.read())

        return self._repeated(attempt, call) if safe else attempt()

    @contextmanager
    def stream(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        body: bytes | Blob | None = None,
        safe: bool,
        timeout: float | None = None,
        max_reply_bytes: int | None = None,
    ) -> Iterator[StreamedReply]:
        """Make a call and give its reply while the body is still coming, under the same deadline and limit.

        Arguments and errors are those of `request`. A safe call is repeated until a reply begins, not afterwards.
        """
        limit = self._max_reply_bytes if max_reply_bytes is None else max_reply_bytes
        call = self._call(timeout)
        opened = partial(self._open, call, method, path, headers, body, safe=safe, limit=limit)
        response = self._repeated(opened, call) if safe else opened()
        with _released(response):
            yield StreamedReply(response, call, safe=safe, limit=limit)

    def close(self) -> None:
        """Close the pooled connections."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(self, timeout: float | None) -> Call:
        seconds = self._timeout if timeout is None else timeout
        return Call(
            connection=self._name,
            host=self._host,
            seconds=seconds,
            deadline=self._clock.monotonic() + seconds,
            connect_timeout=self._connect_timeout,
            private_only=self._private_only,
            clock=self._clock,
        )

    def _open(
        self, call: Call, method: str, path: str, headers: Mapping[str, str], body: bytes | Blob | None, *, safe: bool, limit: int
    ) -> BaseHTTPResponse:
        target = (self._path + path) or "/"
        if self._query:
            target += f"?{self._query}"
        sent_headers = dict(headers)
        if isinstance(body, Blob):
            sent_headers["Content-Length"] = str(body.size)
        content = body.open() if isinstance(body, Blob) else nullcontext(body)
        call.left = False
        token = current_call.set(call)
        try:
            with content as sent:
                remaining = call.remaining()
                response = self._pool.urlopen(
                    method,
                    target,
                    body=sent,
                    headers=sent_headers,
                    retries=False,
                    redirect=False,
                    timeout=remaining,
                    pool_timeout=remaining,  # type: ignore[arg-type]  # a float does as well
                    preload_content=False,
                )
        except (HTTPError, OSError) as error:
            raise translated(error, call, safe=safe) from error
        finally:
            current_call.reset(token)
        try:
            judge(response, call, safe=safe, limit=limit)
        except LienthongError:
            _let_go(response)
            raise
        return response

    def _repeated(self, attempt: Callable[[], _T], call: Call) -> _T:
        jitter = tenacity.wait_random_exponential(multiplier=0.2, max=5)

        def wait(state: tenacity.RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.retry_after if isinstance(error, Transient) else None
            return max(asked or 0.0, jitter(state))

        def stop(state: tenacity.RetryCallState) -> bool:
            return state.attempt_number >= self._attempts or call.clock.monotonic() + state.upcoming_sleep >= call.deadline

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Transient), wait=wait, stop=stop, sleep=self._clock.sleep, reraise=True
        )
        return retrying(attempt)


@contextmanager
def _released(response: BaseHTTPResponse) -> Iterator[None]:
    try:
        yield
    finally:
        _let_go(response)


def _let_go(response: BaseHTTPResponse) -> None:
    # A connection whose reply was read to its end has gone back to the pool by itself. Any other is closed, and its place in
    # the pool is given back, without which a later call would wait for it in vain.
    response.close()
    response.release_conn()


def _tls_context(endpoint: Endpoint, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks certificate and host name from the start
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = TimedTlsSocket
    try:
        if endpoint.ca_file is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(endpoint.ca_file)
    except OSError as error:
        raise _unusable(name, endpoint.ca_file, error) from error
    if endpoint.client_certificate is not None:
        try:
            context.load_cert_chain(endpoint.client_certificate, endpoint.client_key)
        except OSError as error:
            raise _unusable(name, endpoint.client_certificate, error) from error
    return context


def _unusable(name: str, file: Path | None, error: OSError) -> TlsFilesUnusable:
    reason = (error.reason if isinstance(error, ssl.SSLError) else error.strerror) or type(error).__name__
    shown = Words("the machine's authorities", "danh sách CA của máy") if file is None else str(file)
    return TlsFilesUnusable(connection=name, file=shown, reason=reason)
