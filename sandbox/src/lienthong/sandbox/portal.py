"""The wire of the service portal, generation 1: login, then one endpoint per class of call.

Assumed, because no source says: an unknown or ended session is error_code -1, a dossier that exists already is 3, one that
doesn't is -3, anything else refused is 1. A progress row that comes twice is kept twice.
"""

import hmac
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lienthong.sandbox.faults import Faults
from lienthong.sandbox.options import SandboxOptions
from lienthong.sandbox.portal_rules import dossier_fault, progress_fault

SUCCESS: Final = 0
SESSION_INVALID: Final = -1
REFUSED: Final = 1
EXISTS: Final = 3
UNKNOWN: Final = -3
MAX_PROGRESS_ROWS: Final = 10

_CODES_AS_TEXT: Final = frozenset({"DongBoHoSoMC", "TraCuuHoSo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalDossier:
    """A dossier as the portal holds it."""

    fields: Mapping[str, Any]
    """The record as it was last written."""
    updates: int = 0
    """How often it was written after its insertion."""
    progress: tuple[Mapping[str, Any], ...] = ()


@dataclass(slots=True)
class _Session:
    expires: float
    calls_left: float


@dataclass(frozen=True, slots=True)
class _Reply:
    code: int
    message: str
    more: Mapping[str, object] = field(default_factory=dict)


class PortalState:
    """What the portal holds. Thread-safe; what it hands out doesn't change afterwards."""

    def __init__(self, options: SandboxOptions) -> None:
        self._lock = threading.RLock()
        self._options = options
        self._sessions: dict[str, _Session] = {}
        self._dossiers: dict[str, PortalDossier] = {}
        self._calls: Counter[str] = Counter()

    def dossier(self, ma_ho_so: str) -> PortalDossier | None:
        """Return the dossier with this number."""
        with self._lock:
            return self._dossiers.get(ma_ho_so)

    def dossiers(self) -> dict[str, PortalDossier]:
        """Return all dossiers by number, in the order of their insertion."""
        with self._lock:
            return dict(self._dossiers)

    def calls(self) -> dict[str, int]:
        """Return how often each service was called, refused calls included; a login counts as `login`."""
        with self._lock:
            return dict(self._calls)

    def count(self, service: str) -> None:
        """Count a call."""
        with self._lock:
            self._calls[service] += 1

    def open_session(self) -> str:
        """Return a new session that lasts as long as the options say."""
        seconds, calls = self._options.portal_session_seconds, self._options.portal_session_calls
        session = secrets.token_hex(16)
        with self._lock:
            self._sessions[session] = _Session(
                expires=float("inf") if seconds is None else time.monotonic() + seconds,
                calls_left=float("inf") if calls is None else calls,
            )
        return session

    def use_session(self, session: object) -> bool:
        """Tell whether a session holds, and take one call off it."""
        with self._lock:
            known = self._sessions.get(session) if isinstance(session, str) else None
            if known is None or known.calls_left < 1 or time.monotonic() > known.expires:
                return False
            known.calls_left -= 1
            return True

    def end_sessions(self) -> None:
        """End all sessions, so that everyone has to log in again."""
        with self._lock:
            self._sessions.clear()

    def write(self, records: Sequence[Mapping[str, Any]], *, updating: bool) -> str | None:
        """Insert or update checked records, all or none; return the number of the first that exists, or doesn't."""
        with self._lock:
            for record in records:
                if (record["MaHoSo"] in self._dossiers) != updating:
                    return str(record["MaHoSo"])
            for record in records:
                known = self._dossiers.get(record["MaHoSo"])
                self._dossiers[record["MaHoSo"]] = PortalDossier(
                    fields=record,
                    updates=known.updates + 1 if known else 0,
                    progress=known.progress if known else (),
                )
            return None

    def add_progress(self, rows: Sequence[Mapping[str, Any]]) -> str | None:
        """Append checked rows, all or none; return the number of the first dossier that isn't known."""
        with self._lock:
            for row in rows:
                if row["MaHoSo"] not in self._dossiers:
                    return str(row["MaHoSo"])
            for row in rows:
                known = self._dossiers[row["MaHoSo"]]
                self._dossiers[row["MaHoSo"]] = PortalDossier(fields=known.fields, updates=known.updates, progress=(*known.progress, row))
            return None


class Portal:
    """Answers the services of generation 1 out of a `PortalState`."""

    def __init__(self, options: SandboxOptions, state: PortalState, faults: Faults) -> None:
        self._options = options
        self._state = state
        self._faults = faults
        self._integration: dict[str, Callable[[Mapping[str, Any]], _Reply]] = {
            "DongBoHoSoMC": self._write,
            "CapNhatTienDoHoSoMC": self._progress,
            "TraCuuHoSo": self._look_up,
        }

    def routes(self) -> list[Route]:
        """Return the routes to mount under the portal's address."""
        return [
            Route("/login", self._serve_login, methods=["POST"]),
            Route("/integration", self._serve_integration, methods=["POST"]),
            Route("/share", self._serve_share, methods=["POST"]),
        ]

    async def _serve_login(self, request: Request) -> Response:
        body = _object(await request.body())
        destination = request.headers.get("dstcode")
        return await self._faults.serve("login", lambda: self._reply("login", self._login(body, destination)))

    async def _serve_integration(self, request: Request) -> Response:
        return await self._serve(request, self._integration)

    async def _serve_share(self, request: Request) -> Response:
        return await self._serve(request, {})

    async def _serve(self, request: Request, services: Mapping[str, Callable[[Mapping[str, Any]], _Reply]]) -> Response:
        body = _object(await request.body())
        destination = request.headers.get("dstcode")
        service = str(body.get("service", "")) if body else ""
        return await self._faults.serve(service, lambda: self._reply(service, self._call(body, destination, services)))

    def _reply(self, service: str, reply: _Reply) -> Response:
        self._state.count(service)
        style = self._options.portal_codes
        as_text = style == "text" or (style == "mixed" and service in _CODES_AS_TEXT)
        content = {"error_code": str(reply.code) if as_text else reply.code, "message": reply.message, **reply.more}
        return Response(json.dumps(content, ensure_ascii=False).encode(), media_type="application/json;charset=UTF-8")

    def _login(self, body: Mapping[str, Any] | None, destination: str | None) -> _Reply:
        if not destination:
            return _Reply(REFUSED, "Thiếu dstcode")
        if body is None:
            return _Reply(REFUSED, "Dữ liệu không phải JSON")
        account = self._options.portal_account
        same_user = _same(body.get("username"), account.username)
        if not (_same(body.get("password"), account.password) and same_user):
            return _Reply(REFUSED, "Sai tài khoản hoặc mật khẩu")
        return _Reply(SUCCESS, "Đăng nhập thành công", {"session": self._state.open_session()})

    def _call(
        self,
        body: Mapping[str, Any] | None,
        destination: str | None,
        services: Mapping[str, Callable[[Mapping[str, Any]], _Reply]],
    ) -> _Reply:
        if not destination:
            return _Reply(REFUSED, "Thiếu dstcode")
        if body is None:
            return _Reply(REFUSED, "Dữ liệu không phải JSON")
        if not self._state.use_session(body.get("session")):
            return _Reply(SESSION_INVALID, "Phiên làm việc không hợp lệ")
        if body.get("madonvi") != self._options.portal_account.unit_code:
            return _Reply(REFUSED, "Mã đơn vị không thuộc tài khoản này")
        service = services.get(str(body.get("service", "")))
        if service is None:
            return _Reply(REFUSED, "Không có dịch vụ này")
        return service(body)

    def _write(self, body: Mapping[str, Any]) -> _Reply:
        if body.get("isUpdating") not in {"True", "False"}:
            return _Reply(REFUSED, 'isUpdating phải là chuỗi "True" hoặc "False"')
        records, refused = _records(body, dossier_fault)
        if refused:
            return refused
        numbers = Counter(record["MaHoSo"] for record in records)
        if twice := next((number for number, times in numbers.items() if times > 1), None):
            return _Reply(REFUSED, f"Hồ sơ {twice}: MaHoSo lặp lại trong gói")
        updating = body["isUpdating"] == "True"
        if number := self._state.write(records, updating=updating):
            return _Reply(UNKNOWN, f"Hồ sơ {number} không tồn tại") if updating else _Reply(EXISTS, f"Hồ sơ {number} đã tồn tại")
        return _Reply(SUCCESS, "Đồng bộ hồ sơ thành công", {"result": []})

    def _progress(self, body: Mapping[str, Any]) -> _Reply:
        rows, refused = _records(body, progress_fault)
        if refused:
            return refused
        if len(rows) > MAX_PROGRESS_ROWS:
            return _Reply(REFUSED, f"Mỗi lần tối đa {MAX_PROGRESS_ROWS} bản ghi tiến độ")
        if number := self._state.add_progress(rows):
            return _Reply(UNKNOWN, f"Hồ sơ {number} không tồn tại")
        return _Reply(SUCCESS, "Cập nhật tiến độ thành công", {"result": []})

    def _look_up(self, body: Mapping[str, Any]) -> _Reply:
        dossier = self._state.dossier(str(body.get("mahoso", "")))
        found = [{"MaHoSo": dossier.fields["MaHoSo"], "TrangThaiHoSo": dossier.fields["TrangThaiHoSo"]}] if dossier else []
        return _Reply(SUCCESS, "Tra cứu thành công", {"result": found})


def _records(body: Mapping[str, Any], fault_of: Callable[[object], str | None]) -> tuple[list[dict[str, Any]], _Reply | None]:
    records = body.get("data")
    if not isinstance(records, list) or not records:
        return [], _Reply(REFUSED, "data phải là danh sách không rỗng")
    for index, record in enumerate(records, start=1):
        if fault := fault_of(record):
            number = record.get("MaHoSo") if isinstance(record, dict) else None
            return [], _Reply(REFUSED, f"Hồ sơ {number or f'thứ {index}'}: {fault}")
    return records, None


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        loaded = json.loads(body)
    except ValueError:
        return None
    return loaded if isinstance(loaded, dict) else None


def _same(given: object, expected: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())
