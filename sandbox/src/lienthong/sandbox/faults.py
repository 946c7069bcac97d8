"""Mishaps on the wire, ordered in advance for the next calls of an operation."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

FaultKind = Literal["drop-before-reply", "drop-before-processing", "http-500-html", "html-200", "delay"]

_PAGE = "<!DOCTYPE html><html><head><title>Hệ thống bận</title></head><body><h1>Hệ thống đang bảo trì</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of mishap for the next calls of one operation.

    - `drop-before-reply`: the call is carried out, the connection is cut without an answer.
    - `drop-before-processing`: the request is read whole, nothing is carried out, the connection is cut.
    - `http-500-html`, `html-200`: nothing is carried out, an HTML page is answered with status 500 or 200.
    - `delay`: the call is carried out at once and answered `seconds` later.
    """

    operation: str
    """As on the wire: sendEdoc, login, DongBoHoSoMC, GetListHoSo, …"""
    fault: FaultKind
    times: int = 1
    seconds: float = 0.5


class Faults:
    """The ordered mishaps; each is used up call by call, in the order in which they were added. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a mishap."""
        if fault.times < 1 or fault.seconds < 0:
            raise ValueError("times must be at least 1, seconds at least 0")
        with self._lock:
            self._waiting.append(fault)

    def pending(self) -> tuple[Fault, ...]:
        """Return what has not happened yet."""
        with self._lock:
            return tuple(self._waiting)

    def clear(self) -> None:
        """Forget what has not happened yet."""
        with self._lock:
            self._waiting.clear()

    async def serve(self, operation: str, process: Callable[[], Response]) -> Response:
        """Return the reply of `process`, or what the next mishap of this operation makes of it."""
        fault = self._take(operation)
        if fault is None:
            return process()
        match fault.fault:
            case "drop-before-processing":
                return _Cut()
            case "drop-before-reply":
                process()
                return _Cut()
            case "http-500-html":
                return HTMLResponse(_PAGE, status_code=500)
            case "html-200":
                return HTMLResponse(_PAGE)
            case "delay":
                reply = process()
                await asyncio.sleep(fault.seconds)
                return reply

    def _take(self, operation: str) -> Fault | None:
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.operation == operation:
                    if fault.times > 1:
                        self._waiting[index] = replace(fault, times=fault.times - 1)
                    else:
                        del self._waiting[index]
                    return fault
        return None


class _Cut(Response):
    """Closes the connection where a reply is due; the server puts the transport into the scope's state."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is sent
        scope["state"]["transport"].abort()
        while (await receive())["type"] != "http.disconnect":
            pass
