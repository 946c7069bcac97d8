"""The wire of generation 1: a login, then one address for dossiers, with session, unit and service in the body."""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from lienthong.connectors.answers import Refusal, credentials, error_for, refusal_by_status
from lienthong.connectors.context import Context
from lienthong.connectors.errors import AnswerUnclear, AnswerUnusable, RemoteRefused
from lienthong.connectors.http_settings import open_http
from lienthong.connectors.port import Capabilities, Health, Outcome
from lienthong.connectors.service_portal.dossier_rules import check_dossier
from lienthong.connectors.service_portal.dossier_wire import WireRecord, dossier_record, progress_row
from lienthong.connectors.service_portal.errors import ProgressIncomplete
from lienthong.connectors.service_portal.records import PortalRecord
from lienthong.connectors.service_portal.remote_codes import TABLE, session_ended
from lienthong.connectors.service_portal.settings import ServicePortalSettings
from lienthong.core.errors import (
    ConfigurationError,
    DataError,
    LienthongError,
    Problem,
    Refused,
    SecurityError,
    Transient,
    Uncertain,
    Words,
)
from lienthong.core.telemetry import log_event, span
from lienthong.schemas.dossier import Dossier, DossierProgress, DossierRevision

MAX_PROGRESS_ROWS = 10
_log = logging.getLogger(__name__)


class WireG1:
    """A province at the service portal: takes dossiers and their progress, and tells which dossiers the portal has.

    Thread-safe; all threads share one session.
    """

    def __init__(self, settings: ServicePortalSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._http = open_http(settings, context)
        self._session_lock = threading.Lock()
        self._session: str | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What this wire keeps and bears."""
        return Capabilities(
            preserves="content",
            concurrency=self._settings.concurrency,
            operations=("CapNhatTienDoHoSoMC", "DongBoHoSoMC", "TraCuuHoSo", "login"),
        )

    def push(self, batch: Sequence[PortalRecord]) -> Sequence[Outcome]:
        """Send records in their order; return one outcome each.

        Neighbours that allow it share a call. The portal gives one verdict per call: when it refuses several records, they are sent
        again one by one, so that each gets its own. After a fault that surely kept a call from being carried out, the rest of
        the batch is `later`.

        Raises:
            Transient, ConfigurationError, SecurityError: nothing of the batch was sent.
        """
        outcomes: list[Outcome] = []
        waiting = deque(_calls(batch))
        answered = False
        while waiting:
            records = waiting.popleft()
            try:
                self._send(records)
            except (Transient, ConfigurationError, SecurityError) as error:
                if not answered:
                    raise
                later = Outcome(state="later", problem=error.problem())
                return [*outcomes, *[later] * (len(batch) - len(outcomes))]
            except Uncertain as error:
                outcomes += [Outcome(state="uncertain", problem=error.problem()) for _ in records]
            except (Refused, DataError) as error:
                if len(records) > 1:
                    waiting.extendleft([record] for record in reversed(records))
                else:
                    outcomes.append(Outcome(state="refused", problem=error.problem(office=_office(records[0]))))
            else:
                outcomes += [Outcome(state="done")] * len(records)
            answered = True
        return outcomes

    def check_record(self, record: Dossier) -> tuple[Problem, ...]:
        """Return what the portal would refuse or might not like about a dossier, each with the office that mends it."""
        return check_dossier(record)

    def look_up(self, keys: Sequence[str]) -> Mapping[str, bool]:
        """Return True for those dossier numbers that the portal has; the others are absent.

        Raises:
            Transient: retry.
            RemoteRefused: accept; the portal doesn't tell.
        """
        found: dict[str, bool] = {}
        for number in dict.fromkeys(keys):
            result = self._call("TraCuuHoSo", {"mahoso": number}, safe=True).get("result")
            if not isinstance(result, list):
                raise AnswerUnusable(
                    connection=self._context.name, operation="TraCuuHoSo", reason=Words("no list of results", "không có danh sách kết quả")
                )
            if result:
                found[number] = True
        return found

    def check(self) -> Health:
        """Log in anew and look up a dossier number that doesn't exist."""
        try:
            self._renew(self._session)
            self.look_up([f"{self._settings.unit_code}-00000000-0000000"])
        except Refused as error:
            return Health(
                reachable=True, detail=Words("login done, look-up refused", "đăng nhập được, tra cứu bị từ chối"), problem=error.problem()
            )
        except LienthongError as error:
            return Health(reachable=False, problem=error.problem())
        return Health(reachable=True, detail=Words("login and look-up done", "đăng nhập và tra cứu được"))

    def close(self) -> None:
        """Forget the session and close the connections."""
        self._session = None
        self._http.close()

    def _send(self, records: Sequence[PortalRecord]) -> None:
        first = records[0]
        if isinstance(first, DossierRevision):
            data = [dossier_record(record.dossier) for record in records if isinstance(record, DossierRevision)]
            self._call("DongBoHoSoMC", {"isUpdating": "True" if first.known else "False", "data": data}, safe=False)
        else:
            self._send_progress(
                [progress_row(record.number, step) for record in records if isinstance(record, DossierProgress) for step in record.steps]
            )

    def _send_progress(self, rows: Sequence[WireRecord]) -> None:
        # More rows than one call takes are always those of one dossier; see `_calls`.
        for start in range(0, len(rows), MAX_PROGRESS_ROWS):
            try:
                self._call("CapNhatTienDoHoSoMC", {"data": rows[start : start + MAX_PROGRESS_ROWS]}, safe=False)
            except RemoteRefused as error:
                if start == 0:
                    raise
                raise ProgressIncomplete(
                    connection=error.connection, operation=error.operation, taken=start, remote_code=error.remote_code, detail=error.detail
                ) from error
            except (Transient, ConfigurationError, SecurityError) as error:
                if start == 0:
                    raise
                # The portal adds rows up, so that "later" would have the first ones reported twice.
                reason = Words(f"{start} steps taken, then {error.code}", f"đã nhận {start} bước, sau đó lỗi {error.code}")
                raise AnswerUnclear(connection=self._context.name, operation="CapNhatTienDoHoSoMC", reason=reason) from error

    def _call(self, service: str, fields: Mapping[str, object], *, safe: bool) -> Mapping[str, object]:
        """Return the members of a reply that says success; an ended session is renewed once."""
        session = self._session or self._renew(None)
        members, refusal = self._in_session(session, service, fields, safe=safe)
        if refusal is not None and session_ended(refusal, self._settings.session_errors):
            # What is refused for its session wasn't done, so that it may be sent again.
            members, refusal = self._in_session(self._renew(session), service, fields, safe=safe)
            if refusal is not None and session_ended(refusal, self._settings.session_errors):
                raise credentials(refusal)
        if refusal is not None:
            raise self._refused(refusal)
        return members

    def _in_session(
        self, session: str, service: str, fields: Mapping[str, object], *, safe: bool
    ) -> tuple[Mapping[str, object], Refusal | None]:
        body = {"session": session, "madonvi": self._settings.unit_code, "service": service, **fields}
        return self._post(self._settings.integration_endpoint, service, body, safe=safe)

    def _renew(self, stale: str | None) -> str:
        """Return a session other than `stale`; of several threads that want one, the first logs in for all."""
        with self._session_lock:
            if self._session is None or self._session == stale:
                self._session = None
                body = {"username": self._settings.username, "password": self._settings.password.resolve()}
                # A login changes nothing but sessions, so that it may be repeated.
                members, refusal = self._post(self._settings.auth_endpoint, "login", body, safe=True)
                if refusal is not None:
                    raise self._refused(refusal)
                session = members.get("session")
                if not isinstance(session, str) or not session:
                    raise AnswerUnusable(connection=self._context.name, operation="login", reason=Words("no session", "không có phiên"))
                self._session = session
                log_event(_log, "portal.session_opened", connection=self._context.name)
            return self._session

    def _post(self, path: str, operation: str, body: Mapping[str, object], *, safe: bool) -> tuple[Mapping[str, object], Refusal | None]:
        """Return the members of a reply, and the refusal that it is, if it is one."""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Charset": "utf-8",
            "dstcode": self._settings.dstcode,
        }
        with span(f"service_portal.{operation}", connection=self._context.name):
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            reply = self._http.request("POST", path, headers=headers, body=content, safe=safe)
        try:
            members = json.loads(reply.body)
        except (ValueError, RecursionError):
            members = None
        code = _code(members.get("error_code")) if isinstance(members, dict) else None
        if not isinstance(members, dict) or code is None or (code == 0 and reply.status >= 400):  # noqa: PLR2004
            reason = Words("no usable error_code", "không có error_code dùng được")
            return {}, refusal_by_status(reply.status, reason, connection=self._context.name, operation=operation, safe=safe)
        if code == 0:
            return members, None
        message = members.get("message")
        text = message if isinstance(message, str) else ""
        return members, Refusal(connection=self._context.name, operation=operation, remote_code=str(code), text=text)

    def _refused(self, refusal: Refusal) -> LienthongError:
        log_event(
            _log,
            "portal.refused",
            level=logging.WARNING,
            connection=self._context.name,
            operation=refusal.operation,
            code=refusal.remote_code,
        )
        return error_for(refusal, TABLE)


def _calls(batch: Sequence[PortalRecord]) -> Iterator[list[PortalRecord]]:
    """Yield neighbours that share a call: revisions of one flag, or progress of at most ten rows together."""
    call: list[PortalRecord] = []
    for record in batch:
        if call and not _fits(call, record):
            yield call
            call = []
        call.append(record)
    if call:
        yield call


def _fits(call: Sequence[PortalRecord], record: PortalRecord) -> bool:
    last = call[-1]
    if isinstance(record, DossierRevision):
        return isinstance(last, DossierRevision) and last.known == record.known
    if isinstance(last, DossierRevision):
        return False
    return sum(len(each.steps) for each in (*call, record) if isinstance(each, DossierProgress)) <= MAX_PROGRESS_ROWS


def _office(record: PortalRecord) -> str | None:
    return None if isinstance(record, DossierProgress) else record.dossier.unit.label or None


def _code(value: object) -> int | None:
    """Return an error_code, which comes as number or text: 0, "0" and "00" all occur."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None
