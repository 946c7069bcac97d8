"""What the tests of all connectors share: the sandbox, and a server that says what a test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from lienthong.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """The simulated remote systems, with the usual data."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def scripted() -> Iterator[Callable[[bytes], str]]:
    """Start a server that answers every call with one reply, and return its address."""
    listeners: list[socket.socket] = []

    def start(reply: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    data = b""
                    while b"\r\n\r\n" not in data:
                        data += connection.recv(65536)
                    head, _, body = data.partition(b"\r\n\r\n")
                    length = next(
                        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
                    )
                    while len(body) < length:
                        body += connection.recv(65536)
                    connection.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/system"

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
