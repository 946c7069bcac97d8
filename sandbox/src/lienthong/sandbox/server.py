"""The sandbox as a running server: one port on loopback for all simulated systems."""

import asyncio
import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from uvicorn.protocols.http.h11_impl import H11Protocol

from lienthong.sandbox.admin import Admin
from lienthong.sandbox.axis import Axis
from lienthong.sandbox.axis_state import AxisState
from lienthong.sandbox.faults import Faults
from lienthong.sandbox.one_door import OneDoor, OneDoorState
from lienthong.sandbox.options import DEFAULT, SandboxOptions
from lienthong.sandbox.portal import Portal, PortalState

_START_SECONDS = 10.0
_STOP_SECONDS = 1.0
_HEADER_BYTES = 512 * 1024


class _Protocol(H11Protocol):
    """Lets a reply reach its connection, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """Ends at once when told; uvicorn's own looks every tenth of a second whether to, and then waits for another one."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listening in sockets or ():
            listening.close()
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_STOP_SECONDS)

    def end(self) -> None:
        """Have the server end; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told.set)


def _listen(port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle's algorithm off only then: 40 ms a call otherwise.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


class Sandbox:
    """A document axis, a service portal and a one-door system on loopback, from `start` (or `with`) to `stop`.

    Args:
        options: Centres, accounts, dossiers and switches.
        port: On 127.0.0.1; 0 takes a free one.
        verbose: Print one line per request. Without it only failures of the sandbox itself are logged.
    """

    def __init__(self, options: SandboxOptions = DEFAULT, *, port: int = 0, verbose: bool = False) -> None:
        self.options = options
        self.axis = AxisState(options)
        self.portal = PortalState(options)
        self.one_door = OneDoorState(options.dossiers)
        self.faults = Faults()
        self._port = port
        self._verbose = verbose
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash. Before the start, port 0 stands for a free one."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def axis_url(self) -> str:
        """The endpoint of the document axis; the operation is appended after a slash."""
        return f"{self.base_url}/axis"

    @property
    def portal_url(self) -> str:
        """The adapter address of the portal; its endpoints are `/login`, `/integration` and `/share`."""
        return f"{self.base_url}/portal"

    @property
    def one_door_wsdl_url(self) -> str:
        """Where the one-door system shows its WSDL."""
        return f"{self.base_url}/one-door?wsdl"

    def start(self) -> None:
        """Listen and answer in a thread of its own.

        Raises:
            OSError: the port is taken.
            RuntimeError: started before, or the server ended at once.
        """
        if self._thread is not None:
            raise RuntimeError("this sandbox was started before")
        listening = _listen(self._port)
        self._port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._application(),
            http=_Protocol,  # h11 and asyncio always, so that a sandbox behaves the same whatever else is installed
            loop="asyncio",
            ws="none",
            lifespan="off",
            proxy_headers=False,
            interface="asgi3",
            log_config=uvicorn.config.LOGGING_CONFIG if self._verbose else None,
            log_level="info" if self._verbose else "error",
            access_log=self._verbose,
            h11_max_incomplete_event_size=_HEADER_BYTES,
            date_header=False,  # uvicorn writes it anew with every tick, and there are none here
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._run, args=(self._server, listening), name="lienthong-sandbox", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.002)

    def stop(self) -> None:
        """Close all connections and end the thread; what the states hold can still be read."""
        if self._server is None or self._thread is None:
            return
        self._server.end()
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @staticmethod
    def _run(server: uvicorn.Server, listening: socket.socket) -> None:
        with listening:
            server.run(sockets=[listening])

    def _application(self) -> Starlette:
        one_door = OneDoor(self.options.one_door_account, self.one_door, self.faults, f"{self.base_url}/one-door")
        return Starlette(
            routes=[
                Mount("/axis", routes=Axis(self.options, self.axis, self.faults).routes()),
                Mount("/portal", routes=Portal(self.options, self.portal, self.faults).routes()),
                Mount("/_sandbox", routes=Admin(self.axis, self.portal, self.one_door, self.faults).routes()),
                *one_door.routes(),
            ]
        )
