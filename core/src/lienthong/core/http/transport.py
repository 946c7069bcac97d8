"""Connections that resolve a host once, keep one deadline for everything, and know whether bytes had left.

Time-outs of sockets are per operation, so that a server that trickles one byte a second holds a caller for ever. Here every
operation on a socket gets what is left of the call's own time; no watching thread is needed.
"""

from __future__ import annotations

import errno
import os
import queue
import socket
import ssl
import threading
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from lienthong.core.clock import Clock
from lienthong.core.errors import Words
from lienthong.core.http.errors import AddressForbidden, ConnectFailed

# Named one by one: `is_private` of the standard library also holds documentation, link-local and benchmarking networks.
_PRIVATE: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7")
)


TIMED_OUT = Words("timed out", "hết thời gian chờ")


@dataclass(slots=True, kw_only=True)
class Call:
    """One call under way: its time and what has become of it.

    Attributes:
        deadline: On the clock's monotonic scale.
        private_only: Whether only private and loopback addresses may be connected to.
        left: Whether a byte of the present attempt may have left.
    """

    connection: str
    host: str
    seconds: float
    deadline: float
    connect_timeout: float
    private_only: bool
    clock: Clock
    left: bool = False

    def remaining(self) -> float:
        """Return the seconds left, more than zero.

        Raises:
            TimeoutError: None are left.
        """
        remaining = self.deadline - self.clock.monotonic()
        if remaining <= 0:
            message = "the time for this call is over"
            raise TimeoutError(message)
        return remaining


current_call: ContextVar[Call] = ContextVar("current_call")
"""The call that the present thread makes: urllib3 offers no way to hand it through to a connection."""


class _TimedSocket(socket.socket):
    call: Call

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.call.remaining())
        return super().recv_into(*args, **kwargs)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self.settimeout(self.call.remaining())
        super().sendall(data, flags)


class TimedTlsSocket(ssl.SSLSocket):
    """A TLS socket whose every operation gets what is left of the call's time."""

    call: Call

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Read, within the call's time."""
        self.settimeout(self.call.remaining())
        return super().recv_into(*args, **kwargs)

    def send(self, data: Any, flags: int = 0) -> int:
        """Write, within the call's time; `sendall` comes down to this."""
        self.settimeout(self.call.remaining())
        return super().send(data, flags)


def _connected(host: str, port: int) -> socket.socket:
    call = current_call.get()
    try:
        infos = _resolved(host, port, min(call.connect_timeout, call.remaining()))
        if call.private_only:
            for info in infos:
                _require_private(str(info[4][0]), call)
        return _first_answering(infos, call)
    except (OSError, UnicodeError) as error:
        raise ConnectFailed(connection=call.connection, host=f"{call.host}:{port}", reason=_reason(error)) from error


def _reason(error: OSError | UnicodeError) -> Words:
    if isinstance(error, TimeoutError):
        return TIMED_OUT
    if isinstance(error, UnicodeError):  # of the codec for host names
        return Words("not a host name", "không phải tên máy hợp lệ")
    said = error.strerror or type(error).__name__
    return Words(said, f"lỗi mạng (máy báo: {said})")


_Infos = list[tuple[Any, Any, int, str, tuple[Any, ...]]]


def _resolved(host: str, port: int, seconds: float) -> _Infos:
    # getaddrinfo knows no time-out, so it gets a thread; this happens once per new connection, not per call.
    answers: queue.SimpleQueue[_Infos | OSError | UnicodeError] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=resolve, name="lienthong-resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        message = "the host name was not resolved in time"
        raise TimeoutError(message) from None
    if isinstance(answer, list):
        return answer
    raise answer


def _require_private(text: str, call: Call) -> None:
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not any(address in network for network in _PRIVATE):
        raise AddressForbidden(connection=call.connection, host=call.host, address=str(address))


def _first_answering(infos: _Infos, call: Call) -> socket.socket:
    last = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    for family, kind, protocol, _, address in infos:
        sock = _TimedSocket(family, kind, protocol)
        sock.call = call
        try:
            sock.settimeout(min(call.connect_timeout, call.remaining()))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            last = error
        else:
            return sock
    raise last


class _Bound(HTTPConnection):
    """A connection that serves the present call."""

    sock: Any  # a `_TimedSocket` or `TimedTlsSocket`

    def _new_conn(self) -> socket.socket:
        return _connected(self._dns_host, self.port)

    def send(self, data: Any) -> None:
        """Send, after noting that from now on bytes may have left."""
        if self.sock is None:
            self.connect()
        call = current_call.get()
        self.sock.call = call
        call.left = True
        super().send(data)


class PlainConnection(_Bound):
    """An HTTP connection bound to the present call."""


class TlsConnection(_Bound, HTTPSConnection):
    """An HTTPS connection bound to the present call."""
