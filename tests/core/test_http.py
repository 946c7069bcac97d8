"""What `core.http` promises when the network and the remote host misbehave."""

from __future__ import annotations

import hashlib
import logging
import pickle
import socket
import ssl
import threading
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from lienthong.core.blob import Blob
from lienthong.core.clock import SystemClock
from lienthong.core.errors import LienthongError, Transient, Uncertain
from lienthong.core.http import (
    AddressForbidden,
    ConnectFailed,
    ConnectionCut,
    ConnectionLost,
    Endpoint,
    EndpointInvalid,
    GatewayFailed,
    HttpClient,
    PlainHttpForbidden,
    RateLimited,
    RedirectRefused,
    ReplyTooLarge,
    ReplyUnreadable,
    TimedOut,
    TimedOutAfterSending,
    TlsFilesUnusable,
    TlsRejected,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class NoWaiting(SystemClock):
    """A clock that notes waits instead of waiting."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def client(url: str, **options: Any) -> HttpClient:
    options.setdefault("clock", NoWaiting())
    return HttpClient(Endpoint(url=url, transport="trusted-network"), name="axis", **options)


def read_request(connection: socket.socket, server: Any) -> bytes:
    """Read one request with its body, if it has a Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    server.requests.append(head + b"\r\n\r\n" + body)
    return body


def answering(*replies: bytes) -> Any:
    """Answer the n-th request with the n-th reply, on any connection; an empty one closes the connection."""
    waiting = list(replies)

    def handle(connection: socket.socket, server: Any) -> None:
        while True:
            read_request(connection, server)
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if not reply:
                return
            connection.sendall(reply)

    return handle


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("safe", [True, False])
def test_refused_port_is_surely_not_sent(safe: bool) -> None:
    """Nothing left, so that even a call that changes something may be made again."""
    with client(f"http://127.0.0.1:{free_port()}", attempts=2) as http, pytest.raises(ConnectFailed) as caught:
        http.request("POST", "/send", body=b"x", safe=safe)
    assert "Connection refused" in str(caught.value)
    assert caught.value.sentence("vi").endswith(": lỗi mạng (máy báo: Connection refused).")


def test_unknown_host_name_is_surely_not_sent() -> None:
    """A host that doesn't resolve is a failure of connecting."""
    with client("http://host.invalid", attempts=1) as http, pytest.raises(ConnectFailed):
        http.request("POST", "/send", safe=False)


@pytest.mark.parametrize("host", ["a..b", "a" * 64 + ".example"])
def test_host_name_that_is_none_is_surely_not_sent(host: str) -> None:
    """What the codec for host names refuses has our own sentence, in both languages."""
    with client(f"http://{host}", attempts=1) as http, pytest.raises(ConnectFailed, match="not a host name") as caught:
        http.request("POST", "/send", safe=False)
    assert caught.value.sentence("vi").endswith(": không phải tên máy hợp lệ.")


def test_name_that_is_not_resolved_in_time_is_surely_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow name service is told as a time-out, in both languages."""
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [done.wait(5)])
    with client("http://axis.example", attempts=1, connect_timeout=0.05) as http, pytest.raises(ConnectFailed, match="timed out") as caught:
        http.request("POST", "/send", safe=False)
    done.set()
    assert caught.value.sentence("vi").endswith(": hết thời gian chờ.")


def test_cut_before_the_reply_leaves_the_fate_of_a_change_unknown(serve: Any) -> None:
    """Once bytes have left, a change without an answer is uncertain and isn't repeated."""
    server = serve(answering(b""))
    with client(server.url) as http, pytest.raises(ConnectionCut):
        http.request("POST", "/send", body=b"x", safe=False)
    assert len(server.requests) == 1


def test_cut_in_the_middle_of_the_reply_leaves_the_fate_of_a_change_unknown(serve: Any) -> None:
    """A reply that stops early is no reply."""

    def handle(connection: socket.socket, server: Any) -> None:
        read_request(connection, server)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    server = serve(handle)
    with client(server.url) as http, pytest.raises(ConnectionCut):
        http.request("POST", "/send", body=b"x", safe=False)


def test_question_is_repeated_until_it_is_answered(serve: Any) -> None:
    """A safe call outlives two faults, with waits in between."""
    server = serve(answering(b"", b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n", OK))
    clock = NoWaiting()
    with client(server.url, clock=clock) as http:
        reply = http.request("POST", "/list", safe=True)
    assert (reply.status, reply.body) == (200, b"ok")
    assert len(server.requests) == 3
    assert clock.waits[1] >= 2


def test_question_that_stays_unanswered_is_transient(serve: Any) -> None:
    """After the last attempt the caller may still try again later."""
    server = serve(answering(b""))
    with client(server.url, attempts=2) as http, pytest.raises(ConnectionLost):
        http.request("POST", "/list", safe=True)
    assert len(server.requests) == 2


def trickling(prefix: bytes) -> Any:
    def handle(connection: socket.socket, server: Any) -> None:
        read_request(connection, server)
        connection.sendall(prefix)
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.02)

    return handle


@pytest.mark.parametrize(
    "prefix", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"], ids=["header", "body"]
)
@pytest.mark.parametrize(("safe", "expected"), [(True, TimedOut), (False, TimedOutAfterSending)])
def test_trickling_server_is_held_to_the_deadline(serve: Any, prefix: bytes, safe: bool, expected: type[LienthongError]) -> None:
    """The time of a call runs from its start to the last byte, however busy the line is."""
    server = serve(trickling(prefix))
    with client(server.url, timeout=0.2) as http:
        start = time.monotonic()
        with pytest.raises(expected):
            http.request("POST", "/x", safe=safe)
        assert time.monotonic() - start < 1.5  # the server would go on for two seconds


def test_trickling_server_is_held_to_the_deadline_over_tls(serve: Any, authority: Any) -> None:
    """The deadline also holds inside TLS."""
    server = serve(trickling(b"HTTP/1.1 200 OK\r\nX-Slow: "), context=authority.server_context())
    endpoint = Endpoint(url=f"https://127.0.0.1:{server.port}", ca_file=authority.ca_file)
    with HttpClient(endpoint, name="axis", timeout=0.3) as http, pytest.raises(TimedOutAfterSending):
        http.request("POST", "/x", safe=False)


def test_upload_that_nobody_reads_is_held_to_the_deadline(serve: Any) -> None:
    """A server that accepts and then stops reading can't hold the sender."""
    done = threading.Event()
    server = serve(lambda connection, server: done.wait(5))
    with client(server.url, timeout=0.3) as http, pytest.raises(TimedOutAfterSending):
        http.request("POST", "/send", body=Blob.of_bytes(b"x" * 30_000_000), safe=False)
    done.set()


@pytest.mark.parametrize("head", [b"Content-Length: 2000\r\n", b"Connection: close\r\n"], ids=["announced", "unannounced"])
@pytest.mark.parametrize(("safe", "expected"), [(True, ReplyTooLarge), (False, ReplyUnreadable)])
def test_reply_above_the_limit_is_not_read(serve: Any, head: bytes, safe: bool, expected: type[LienthongError]) -> None:
    """A reply that is too large is refused, and for a change its fate is unknown."""

    def handle(connection: socket.socket, server: Any) -> None:
        read_request(connection, server)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + b"x" * 2000)

    with client(serve(handle).url, max_reply_bytes=1000) as http, pytest.raises(expected):
        http.request("POST", "/x", safe=safe)


def test_compressed_reply_is_limited_by_its_unpacked_size(serve: Any) -> None:
    """A small reply that unpacks to a large one is refused."""
    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(b"\0" * 50_000_000) + packer.flush()
    reply = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed
    with client(serve(answering(reply)).url, max_reply_bytes=1_000_000) as http, pytest.raises(ReplyTooLarge):
        http.request("POST", "/x", safe=True)


def test_429_of_a_change_says_how_long_to_wait(serve: Any) -> None:
    """The host did nothing, so that a change may come again after the time it names."""
    server = serve(answering(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"))
    with client(server.url) as http, pytest.raises(RateLimited) as caught:
        http.request("POST", "/send", safe=False)
    assert caught.value.retry_after == 7
    assert len(server.requests) == 1


def test_question_is_not_repeated_when_the_wait_would_pass_the_deadline(serve: Any) -> None:
    """Who must wait longer than the call may take is told so at once."""
    server = serve(answering(b"HTTP/1.1 429 Slow\r\nRetry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n"))
    with client(server.url) as http, pytest.raises(RateLimited) as caught:
        http.request("POST", "/list", safe=True)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after == 86400  # a day at most, whatever the host asks for
    assert len(server.requests) == 1


def test_gateway_fault_of_a_change_is_left_to_the_caller(serve: Any) -> None:
    """A 503 or 504 without more proves nothing about a change; a question is repeated."""
    for status in (503, 504):
        reply = b"HTTP/1.1 %d Fault\r\nContent-Length: 0\r\n\r\n" % status
        server = serve(answering(reply))
        with client(server.url) as http:
            assert http.request("POST", "/send", safe=False).status == status
            with pytest.raises((GatewayFailed, RateLimited)):
                http.request("POST", "/list", safe=True)
        assert len(server.requests) == 4


def test_redirect_is_refused_and_named(serve: Any) -> None:
    """No redirect is followed, not even to the same host, and its path and query aren't shown."""
    server = serve(answering(b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/steal?token=1\r\nContent-Length: 0\r\n\r\n"))
    with client(server.url) as http, pytest.raises(RedirectRefused) as caught:
        http.request("POST", "/send", safe=False)
    assert caught.value.target == "evil.example"
    assert "token" not in str(caught.value)


def test_untrusted_certificate_sends_nothing(serve: Any, authority: Any) -> None:
    """A certificate of an authority that isn't trusted ends the call before a byte of it leaves."""
    server = serve(answering(OK), context=authority.server_context())
    endpoint = Endpoint(url=f"https://127.0.0.1:{server.port}")
    with HttpClient(endpoint, name="axis") as http, pytest.raises(TlsRejected) as caught:
        http.request("POST", "/send", safe=False)
    assert f"(máy báo: {caught.value.reason})" in caught.value.sentence("vi")
    assert server.requests == []


def test_certificate_for_another_name_sends_nothing(serve: Any, authority: Any) -> None:
    """The host name is checked as well."""
    server = serve(answering(OK), context=authority.server_context())
    endpoint = Endpoint(url=f"https://localhost:{server.port}", ca_file=authority.ca_file)
    with HttpClient(endpoint, name="axis") as http, pytest.raises(TlsRejected, match="localhost"):
        http.request("POST", "/send", safe=False)
    assert server.requests == []


def test_trusted_certificate_works_and_the_connection_is_kept(serve: Any, authority: Any) -> None:
    """With the right authority two calls use one TLS connection."""
    server = serve(answering(OK), context=authority.server_context())
    endpoint = Endpoint(url=f"https://127.0.0.1:{server.port}", ca_file=authority.ca_file)
    with HttpClient(endpoint, name="axis") as http:
        assert [http.request("POST", "/x", safe=False).body for _ in range(2)] == [b"ok", b"ok"]
    assert server.connections == 1


def test_host_that_wants_a_client_certificate_gets_ours(serve: Any, authority: Any) -> None:
    """With our certificate the call works; without it the settings are named as the reason, although bytes may have left."""
    context = authority.server_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.ca_file)
    server = serve(answering(OK), context=context)
    certificate, key = authority.issue("client")
    url = f"https://127.0.0.1:{server.port}"
    endpoint = Endpoint(url=url, ca_file=authority.ca_file, client_certificate=certificate, client_key=key)
    with HttpClient(endpoint, name="axis") as http:
        assert http.request("POST", "/x", safe=False).body == b"ok"
    with HttpClient(Endpoint(url=url, ca_file=authority.ca_file), name="axis") as http, pytest.raises(TlsRejected):
        http.request("POST", "/x", safe=False)


def test_https_to_a_plain_server_is_rejected(serve: Any) -> None:
    """A server that doesn't speak TLS is a matter of the settings."""

    def handle(connection: socket.socket, server: Any) -> None:
        connection.recv(10)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with HttpClient(Endpoint(url=f"https://127.0.0.1:{serve(handle).port}"), name="axis") as http, pytest.raises(TlsRejected):
        http.request("POST", "/send", safe=False)


def test_missing_authority_file_is_named(tmp_path: Path) -> None:
    """A file that can't be used is told when the client is made."""
    with pytest.raises(TlsFilesUnusable, match=r"nothing\.pem") as caught:
        HttpClient(Endpoint(url="https://127.0.0.1", ca_file=tmp_path / "nothing.pem"), name="axis")
    assert "(máy báo: No such file or directory)" in caught.value.sentence("vi")


def test_plain_http_needs_a_trusted_network() -> None:
    """Without the word of the settings an http:// address is refused before anything else."""
    with pytest.raises(PlainHttpForbidden):
        HttpClient(Endpoint(url="http://10.0.0.1/adapter"), name="axis")


@pytest.mark.parametrize("address", ["203.0.113.9", "169.254.169.254", "[2001:db8::1]", "[::ffff:203.0.113.9]", "8.8.8.8"])
def test_plain_http_to_a_public_address_is_refused_without_connecting(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trusted network is a private one; the address is judged before a connection is made."""
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    with client(f"http://{address}:8080") as http, pytest.raises(AddressForbidden):
        http.request("POST", "/send", safe=True)


def test_host_name_is_resolved_once_and_that_address_is_used(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes its address between check and connection can't lead us elsewhere."""
    server = serve(answering(OK))
    asked = []

    def resolve(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "203.0.113.9", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with client(f"http://axis.example:{server.port}") as http:
        assert http.request("POST", "/x", safe=False).body == b"ok"
    assert asked == ["axis.example"]
    assert b"Host: axis.example" in server.requests[0]


@pytest.mark.parametrize("url", ["ftp://host/", "axis.example", "http://", "https://user:secret@host/", "https://host:99999/", ""])
def test_address_that_is_none_is_refused_without_showing_it(url: str) -> None:
    """An address may hold a password, so that it isn't repeated."""
    with pytest.raises(EndpointInvalid) as caught:
        HttpClient(Endpoint(url=url, transport="trusted-network"), name="axis")
    assert "secret" not in str(caught.value)


def test_environment_proxies_are_not_used(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the environment leads the traffic elsewhere."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    with client(serve(answering(OK)).url) as http:
        assert http.request("GET", "/x", safe=False).body == b"ok"


def test_blob_is_streamed_with_its_length(serve: Any, tmp_path: Path) -> None:
    """A file arrives whole, with Content-Length and without chunking."""
    path = tmp_path / "packet.edxml"
    path.write_bytes(bytes(range(256)) * 20_000)
    server = serve(answering(OK))
    with client(server.url + "/adapter") as http:
        http.request("POST", "/sendEdoc", body=Blob.of_file(path), headers={"Content-Type": "application/octet-stream"}, safe=False)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /adapter/sendEdoc HTTP/1.1\r\n")
    assert b"Transfer-Encoding" not in head
    assert hashlib.sha256(body).hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_streamed_reply_is_given_in_pieces(serve: Any) -> None:
    """A large reply needn't be held in memory."""
    content = b"0123456789" * 100_000
    server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content))
    with client(server.url) as http:
        with http.stream("POST", "/getEdoc", safe=True) as reply:
            pieces = list(reply.chunks())
        assert http.request("POST", "/again", safe=True).body == content
    assert b"".join(pieces) == content
    assert len(pieces) > 5
    assert server.connections == 1


def test_reply_left_unread_gives_its_place_in_the_pool_back(serve: Any) -> None:
    """Whoever stops reading doesn't block the next call."""
    content = b"x" * 500_000
    server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content))
    with client(server.url, concurrency=1, timeout=5) as http:
        for _ in range(3):
            with http.stream("POST", "/x", safe=False) as reply:
                next(reply.chunks())
        with pytest.raises(ReplyTooLarge):
            http.request("POST", "/x", safe=True, max_reply_bytes=10)
        assert http.request("POST", "/x", safe=False).body == content


def test_call_that_finds_no_free_connection_is_surely_not_sent(serve: Any) -> None:
    """More calls than connections wait, and say so when the wait was too long."""
    server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok"))
    with client(server.url, concurrency=1, timeout=5) as http, http.stream("POST", "/x", safe=False), pytest.raises(TimedOut):
        http.request("POST", "/y", safe=False, timeout=0.1)
    assert len(server.requests) == 1


def test_connection_that_the_host_closed_meanwhile_is_replaced(serve: Any) -> None:
    """A pooled connection that ended while nobody used it isn't used for a change."""

    def handle(connection: socket.socket, server: Any) -> None:
        read_request(connection, server)
        connection.sendall(OK)

    server = serve(handle)
    with client(server.url) as http:
        for _ in range(3):
            assert http.request("POST", "/x", safe=False).status == 200
            time.sleep(0.05)
    assert server.connections == 3


def test_client_is_shared_between_threads(serve: Any) -> None:
    """Many threads get their own answers over few connections."""

    def handle(connection: socket.socket, server: Any) -> None:
        while True:
            body = read_request(connection, server)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    server = serve(handle)
    wrong: list[bytes] = []
    with client(server.url, concurrency=4) as http:

        def work(number: int) -> None:
            for turn in range(20):
                sent = f"{number}-{turn}".encode()
                if http.request("POST", "/x", body=sent, safe=False).body != sent:
                    wrong.append(sent)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert server.connections <= 4


def test_errors_and_logs_show_no_header_query_or_body(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """What was sent stays out of errors, also pickled ones, and out of the log."""
    caplog.set_level(logging.DEBUG)
    server = serve(answering(b""))
    with client(server.url) as http, pytest.raises(Uncertain) as caught:
        http.request("POST", "/send", headers={"X-Key": "hush-header"}, body=b"hush-body", safe=False)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is ConnectionCut
    assert "hush" not in caplog.text + str(copy) + str(copy.problem())


def test_stream_that_breaks_off_is_told_as_a_fault_of_the_question(serve: Any) -> None:
    """A question that breaks off while its reply is being read is transient, and not repeated behind the reader's back."""

    def handle(connection: socket.socket, server: Any) -> None:
        read_request(connection, server)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    server = serve(handle)
    with client(server.url) as http, pytest.raises(Transient), http.stream("POST", "/x", safe=True) as reply:
        list(reply.chunks())
    assert len(server.requests) == 1
