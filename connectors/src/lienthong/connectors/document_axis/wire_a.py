"""The wire of axis family A: `POST {endpoint}/{operation}`, parameters in signed headers, replies in JSON."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from lienthong.connectors.answers import Refusal, error_for, not_understood, refusal_by_status
from lienthong.connectors.context import Context
from lienthong.connectors.document_axis.errors import PacketTooLarge
from lienthong.connectors.document_axis.packet_reader import ReplyUnusable, TooManyBytes, read_packet_reply
from lienthong.connectors.document_axis.remote_codes import TABLE
from lienthong.connectors.document_axis.settings import DocumentAxisSettings
from lienthong.connectors.document_axis.wire_a_signing import VERSION, signed_headers, unpadded, wire_timestamp
from lienthong.connectors.http_settings import open_http
from lienthong.connectors.port import Capabilities, Cursor, Health, Outcome, PacketKind, Page, Parcel, Receipt, Waiting
from lienthong.core.blob import Blob, Writable
from lienthong.core.errors import LienthongError, Words
from lienthong.core.http import StreamedReply
from lienthong.core.telemetry import log_event, span
from lienthong.schemas.organisations import Organisation

_log = logging.getLogger(__name__)
_MESSAGE_TYPE: Mapping[PacketKind, str] = {"document": "edoc", "status": "status"}
_OTHER_MEMBERS = 1 << 16  # what a reply may hold beside the packet

_DOC_ID = re.compile(r"[\x21-\x7e]{1,200}")
_LONGEST_CODE = 64


class WireA:
    """A centre at an axis of family A: sends, receives, and knows the axis's directory of organisations.

    Thread-safe; memory is constant whatever a packet's size, unless `append_crlf` is set.
    """

    def __init__(self, settings: DocumentAxisSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._http = open_http(settings, context)

    @property
    def capabilities(self) -> Capabilities:
        """What this wire keeps and bears."""
        return Capabilities(
            preserves="bytes",
            concurrency=self._settings.concurrency,
            operations=("getAgenciesList", "getEdoc", "getReceivedEdocList", "sendEdoc", "updateStatus"),
        )

    def send(self, parcel: Parcel) -> Receipt:
        """Hand a packet to the axis and return its DocId.

        Raises:
            Transient: retry; not sent, or the axis reports a fault of its own.
            Uncertain: ask; it may have been sent.
            UnknownRecipient, PacketUnfit, ParameterUnfit: correct; not sent.
            RecipientClosed, RemoteRefused: accept.
            ConfigurationError: configure; not sent.
        """
        sha256 = parcel.packet.sha256
        parameters = {
            "servicetype": "eDoc",
            "messagetype": _MESSAGE_TYPE[parcel.kind],
            "hash-file": sha256 if self._settings.hash_file == "padded" else unpadded(sha256),
            "from": parcel.sender,
        }
        body = Blob.of_bytes(parcel.packet.read() + b"\r\n") if self._settings.append_crlf else parcel.packet
        members = self._call("sendEdoc", parameters, body=body, safe=False, parcel=parcel)
        doc_id = members.get("DocId")
        if not isinstance(doc_id, str | int) or not str(doc_id).strip():
            raise self._unclear("sendEdoc", Words("no DocId", "thiếu DocId"), safe=False)
        log_event(_log, "axis.sent", connection=self._context.name, parcel=parcel.id, doc_id=doc_id, size=parcel.packet.size)
        return Receipt(remote_id=str(doc_id))

    def pending(self, cursor: Cursor | None, *, limit: int) -> Page[Waiting]:  # noqa: ARG002 - this wire has no cursor
        """Return packets that the centre hasn't confirmed, each once, documents before statuses.

        This wire has no cursor: what isn't confirmed is listed again. Where there are more than `limit`, statuses get up to half of
        the page, so that a flood of documents doesn't hold them up.
        """
        documents = self._listed("document")
        statuses = self._listed("status")
        first = documents[: max(limit - len(statuses), (limit + 1) // 2)]
        return Page(items=(*first, *statuses[: limit - len(first)]))

    def fetch(self, item: Waiting, into: Writable) -> None:
        """Write a packet's bytes to `into`; if this raises, what was written is of no use.

        Raises:
            Transient: retry.
            PacketTooLarge: stop.
            RemoteRefused: accept; the axis doesn't give it to us.
        """
        limit = self._settings.max_packet_bytes
        # Base64 is four thirds; the rest allows for line ends and escapes.
        reply_limit = limit * 2 + _OTHER_MEMBERS
        with self._streamed("getEdoc", {"docId": item.remote_id}, max_reply_bytes=reply_limit) as reply:
            try:
                members, size = read_packet_reply(reply.chunks(), into, limit=limit)
            except TooManyBytes as error:
                raise PacketTooLarge(connection=self._context.name, remote_id=item.remote_id, limit=limit) from error
            except ReplyUnusable as error:
                raise self._unreadable("getEdoc", reply.status, error.reason, safe=True) from error
        self._judge("getEdoc", reply.status, members, safe=True)
        if size == 0:
            raise self._unclear("getEdoc", Words("no data", "không có data"), safe=True)
        log_event(_log, "axis.fetched", connection=self._context.name, doc_id=item.remote_id, kind=item.kind, size=size)

    def confirm(self, item: Waiting, outcome: Outcome) -> None:
        """Tell the axis that a packet is ours; an outcome that isn't `done` leaves it waiting.

        Raises:
            Transient: retry; saying it twice is harmless.
        """
        if outcome.state == "done":
            self._call("updateStatus", {"docId": item.remote_id, "status": "done"}, body=b"{}", safe=True)
            log_event(_log, "axis.confirmed", connection=self._context.name, doc_id=item.remote_id)

    def look_up(self, keys: Sequence[str]) -> Mapping[str, Organisation]:
        """Return the organisations of the axis's directory whose new or old code is among `keys`."""
        wanted = set(keys)
        found: dict[str, Organisation] = {}
        for row in self._rows("getAgenciesList", {}):
            code, name, old_code = (_text(row.get(field)) for field in ("code", "name", "oldCode"))
            if code:
                organisation = Organisation(code=code, name=name, old_code=old_code or None)
                found.update((key, organisation) for key in wanted & {code, old_code} - {""})
        return found

    def check(self) -> Health:
        """Ask for waiting statuses, which changes nothing and which every version of the axis knows."""
        try:
            waiting = self._listed("status")
        except LienthongError as error:
            return Health(reachable=False, problem=error.problem())
        return Health(reachable=True, detail=Words(f"{len(waiting)} status packets wait", f"{len(waiting)} gói trạng thái đang chờ"))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _listed(self, kind: PacketKind) -> list[Waiting]:
        # There is a row per recipient; a packet is fetched and confirmed once.
        found: dict[str, Waiting] = {}
        for row in self._rows("getReceivedEdocList", {"servicetype": "eDoc", "messagetype": _MESSAGE_TYPE[kind]}):
            doc_id, sender = _text(row.get("docId")), _text(row.get("from"))
            if not _DOC_ID.fullmatch(doc_id):
                log_event(_log, "axis.row_without_id", level=logging.WARNING, connection=self._context.name, kind=kind)
            elif doc_id not in found:
                # What can't be a code names nobody, so that it agrees with no packet.
                plain = len(sender) <= _LONGEST_CODE and (sender.isprintable() or not sender)
                found[doc_id] = Waiting(remote_id=doc_id, kind=kind, sender=sender if plain else "?")
        return list(found.values())

    def _rows(self, operation: str, parameters: Mapping[str, str]) -> list[Mapping[str, object]]:
        rows = self._call(operation, parameters, body=None, safe=True).get("data")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._unclear(operation, Words("data is no list of objects", "data không phải danh sách đối tượng"), safe=True)
        return rows

    def _call(
        self, operation: str, parameters: Mapping[str, str], *, body: bytes | Blob | None, safe: bool, parcel: Parcel | None = None
    ) -> Mapping[str, object]:
        content_type = "application/json" if parcel is None else "application/octet-stream"
        with span(f"document_axis.{operation}", connection=self._context.name):
            headers = self._headers(parameters, content_type)
            reply = self._http.request("POST", f"/{operation}", headers=headers, body=body, safe=safe)
        try:
            members = json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise self._unreadable(operation, reply.status, Words("not JSON", "không phải JSON"), safe=safe, parcel=parcel) from error
        self._judge(operation, reply.status, members, safe=safe, parcel=parcel)
        return members  # type: ignore[no-any-return]  # judged to be an object

    @contextmanager
    def _streamed(self, operation: str, parameters: Mapping[str, str], *, max_reply_bytes: int) -> Iterator[StreamedReply]:
        headers = self._headers(parameters, "application/json")
        with (
            span(f"document_axis.{operation}", connection=self._context.name),
            self._http.stream("POST", f"/{operation}", headers=headers, body=b"{}", safe=True, max_reply_bytes=max_reply_bytes) as reply,
        ):
            yield reply

    def _headers(self, parameters: Mapping[str, str], content_type: str) -> dict[str, str]:
        signed = {
            "systemid": self._settings.system_id,
            **parameters,
            "timestamp": wire_timestamp(self._context.clock.now()),
            "Content-Type": content_type,
        }
        return {
            "Content-Type": content_type,
            **signed_headers(signed, self._settings.secret.resolve()),
            "User-Agent": self._settings.user_agent,
            "XroadVnpt-version": VERSION,
        }

    def _judge(self, operation: str, http_status: int, members: object, *, safe: bool, parcel: Parcel | None = None) -> None:
        """Raise unless the reply says that it was done; an OK with an error inside is no OK."""
        code = _code(members.get("ErrorCode")) if isinstance(members, dict) else None
        if not isinstance(members, dict) or code is None:
            raise self._unreadable(operation, http_status, Words("no ErrorCode", "thiếu ErrorCode"), safe=safe, parcel=parcel)
        if code != "0":
            text = _text(members.get("ErrorDesc"))
            raise self._refused(Refusal(connection=self._context.name, operation=operation, remote_code=code, text=text, parcel=parcel))
        if members.get("status") not in ("OK", "SUCCESS") or http_status >= 400:  # noqa: PLR2004 - client and server errors
            reason = Words("ErrorCode 0 and a failure together", "vừa có ErrorCode 0 vừa báo lỗi")
            raise self._unclear(operation, reason, safe=safe)

    def _unreadable(self, operation: str, status: int, reason: Words, *, safe: bool, parcel: Parcel | None = None) -> LienthongError:
        name = self._context.name
        return self._refused(refusal_by_status(status, reason, connection=name, operation=operation, safe=safe, parcel=parcel))

    def _unclear(self, operation: str, reason: Words, *, safe: bool) -> LienthongError:
        return not_understood(self._context.name, operation, reason, safe=safe)

    def _refused(self, refusal: Refusal) -> LienthongError:
        code = refusal.remote_code
        log_event(_log, "axis.refused", level=logging.WARNING, connection=self._context.name, operation=refusal.operation, code=code)
        return error_for(refusal, TABLE)


def _code(value: object) -> str | None:
    """Return an ErrorCode, which comes as text or number; zero in any spelling is `0`."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    return "0" if text and not text.strip("0") else text or None


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
