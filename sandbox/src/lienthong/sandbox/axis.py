"""The wire of axis family A: `POST {base}/{operation}`, parameters in `XroadVnpt-*` headers, replies in JSON.

Assumed where no source says how the real axis behaves: a docId that isn't the caller's is answered with code 21, a parameter
with an impossible value with code 10, pages are counted from 1, and a repeated upload is a new packet unless an option says
otherwise. Parameters that an operation doesn't know are ignored, as the SDK sends stale ones.
"""

import base64
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lienthong.sandbox.axis_signature import CallRefused, SignedCall, cut_to_hash, verify_call
from lienthong.sandbox.axis_state import AxisPacket, AxisRecipient, AxisState, MessageType, TransportStatus
from lienthong.sandbox.faults import Faults
from lienthong.sandbox.options import SandboxOptions, SandboxOrganisation
from lienthong.sandbox.packet import PacketRefused, ReadPacket, read_packet
from lienthong.sandbox.times import axis_text

ERRORS: Final = {
    "10": "File không hợp lệ",
    "15": "Sai SystemId/SecretKey",
    "18": "Đơn vị nhận không tồn tại",
    "19": "Đơn vị gửi không đăng ký",
    "20": "Lỗi hệ thống",
    "21": "Lỗi xử lý file",
    "22": "edXML sai chuẩn",
    "23": "Đơn vị nhận đã khóa",
}
_STATUS_TEXT: Final = {"initial": "Khởi tạo", "processing": "Đang xử lý", "done": "Hoàn thành", "fail": "Lỗi"}
_ALSO_ON_FAILURE: Final[dict[str, dict[str, object]]] = {
    "sendEdoc": {"DocId": ""},
    "getEdoc": {"data": ""},
    "getReceivedEdocList": {"data": []},
    "getSentEdocList": {"data": []},
    "getAgenciesList": {"data": []},
    "getAgenciesListQD20": {"data": []},
}

_log = logging.getLogger(__name__)


class _Refused(Exception):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.text = f"{ERRORS[code]}: {detail}" if detail else ERRORS[code]


class Axis:
    """Answers the operations of family A out of an `AxisState`."""

    def __init__(self, options: SandboxOptions, state: AxisState, faults: Faults) -> None:
        self._options = options
        self._state = state
        self._faults = faults
        self._operations: dict[str, Callable[[SignedCall, bytes], dict[str, object]]] = {
            "getAgenciesList": self._agencies,
            "getAgenciesListQD20": self._agencies_qd20,
            "registerAgency": self._register_agency,
            "sendEdoc": self._send,
            "getReceivedEdocList": self._received,
            "getSentEdocList": self._sent,
            "getEdoc": self._get,
            "updateStatus": self._update_status,
            "countReceiveEdoc": lambda call, _: {"count": self._count(call, "edoc")},
            "countReceiveStatus": lambda call, _: {"count": self._count(call, "status")},
        }

    def routes(self) -> list[Route]:
        """Return the routes to mount under the axis's address."""
        return [Route("/{operation}", self._serve, methods=["POST"])]

    async def _serve(self, request: Request) -> Response:
        operation = request.path_params["operation"]
        if operation not in self._operations:
            return _json({"status": "FAIL", "ErrorCode": "10", "ErrorDesc": f"Không có thao tác {operation}"}, status=404)
        body = await request.body()
        headers = request.headers.raw
        return await self._faults.serve(operation, lambda: self._answer(operation, headers, body))

    def _answer(self, operation: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Response:
        try:
            call = verify_call(headers, self._state.secret_of)
            result = self._operations[operation](call, body)
        except CallRefused as refused:
            return self._refuse(operation, _Refused("15", str(refused)))
        except _Refused as refused:
            return self._refuse(operation, refused)
        except Exception:  # noqa: BLE001 - the real axis answers its own mishaps with code 20, too
            _log.exception("%s failed", operation)
            return self._refuse(operation, _Refused("20"))
        self._state.count(operation)
        return _json({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thành công", **result})

    def _refuse(self, operation: str, refused: _Refused) -> Response:
        self._state.count(operation, refused.code)
        failure = {"status": "FAIL", "ErrorCode": refused.code, "ErrorDesc": refused.text}
        return _json(failure | _ALSO_ON_FAILURE.get(operation, {}))

    def _agencies(self, _call: SignedCall, _body: bytes) -> dict[str, object]:
        rows = []
        for entry in self._state.directory():
            parent = self._state.find(entry.organisation.code.rpartition(".")[0])
            row = {
                "id": str(entry.number),
                "pid": str(parent.number) if parent else "0",
                "code": entry.organisation.code,
                "name": entry.organisation.name,
                "mail": _mail(entry.organisation),
            }
            rows.append(row | ({"oldCode": entry.organisation.old_code} if entry.organisation.old_code else {}))
        return {"data": rows}

    def _agencies_qd20(self, call: SignedCall, _body: bytes) -> dict[str, object]:
        level = call.parameters.get("level", "")
        rows = []
        for entry in self._state.directory():
            if level.isdigit() and entry.organisation.code.count(".") + 1 != int(level):
                continue
            row = {
                "id": str(entry.number),
                "code": entry.organisation.code,
                "name": entry.organisation.name,
                "mail": _mail(entry.organisation),
            }
            rows.append(row | ({"code102": entry.organisation.old_code} if entry.organisation.old_code else {}))
        return {"data": rows}

    def _register_agency(self, call: SignedCall, body: bytes) -> dict[str, object]:
        try:
            data = json.loads(body)
            organisation = SandboxOrganisation(code=str(data["code"]), name=str(data["name"]))
            self._state.register(call.system_id, organisation)
        except (ValueError, TypeError, KeyError) as error:
            raise _Refused("10", str(error)) from error
        return {}

    def _send(self, call: SignedCall, body: bytes) -> dict[str, object]:
        content = self._content(call, body)
        try:
            read = read_packet(content, strict_prefix=self._options.strict_prefix)
        except PacketRefused as refused:
            raise _Refused("22", str(refused)) from refused
        if call.parameters.get("messagetype", "edoc") != read.kind:
            raise _Refused("10", f"messagetype không khớp với gói tin loại {read.kind}")
        sender = self._state.find(read.sender)
        if sender is None or sender.system_id != call.system_id:
            raise _Refused("19", read.sender)
        packet = self._state.store(call.system_id, call.parameters.get("servicetype", "eDoc"), read, self._recipients(read), content)
        return {"DocId": packet.doc_id}

    def _content(self, call: SignedCall, body: bytes) -> bytes:
        if len(body) > self._options.max_packet_bytes:
            raise _Refused("10", f"dài hơn {self._options.max_packet_bytes} byte")
        content: bytes | None = body
        if hash_file := call.parameters.get("hash-file"):
            content = cut_to_hash(body, hash_file)
        if content is None:
            raise _Refused("10", "hash-file không khớp với nội dung")
        if not content.strip():
            raise _Refused("10", "tệp rỗng")
        return content

    def _recipients(self, read: ReadPacket) -> tuple[AxisRecipient, ...]:
        if not read.addressees:
            raise _Refused("18", "gói tin không có đơn vị nhận")
        recipients: dict[str, AxisRecipient] = {}
        for code in read.addressees:
            entry = self._state.find(code)
            if entry is None:
                raise _Refused("18", code)
            if entry.organisation.locked:
                raise _Refused("23", code)
            recipients.setdefault(entry.organisation.code, AxisRecipient(code=code, system_id=entry.system_id))
        return tuple(recipients.values())

    def _received(self, call: SignedCall, _body: bytes) -> dict[str, object]:
        waiting = self._state.pending(call.system_id, _message_type(call))
        return {"data": _page(call, _received_rows(call.system_id, _within(call, waiting)))}

    def _sent(self, call: SignedCall, _body: bytes) -> dict[str, object]:
        if doc_id := call.parameters.get("docid"):
            packet = self._state.packet(doc_id)
            own = [packet] if packet and packet.system_id == call.system_id else []
            return {"data": _page(call, _sent_rows(own))}
        return {"data": _page(call, _sent_rows(_within(call, self._state.sent(call.system_id, _message_type(call)))))}

    def _count(self, call: SignedCall, message_type: MessageType) -> int:
        return sum(1 for _ in _received_rows(call.system_id, self._state.pending(call.system_id, message_type)))

    def _get(self, call: SignedCall, _body: bytes) -> dict[str, object]:
        packet = self._state.fetch(call.system_id, call.parameters.get("docid", ""))
        if packet is None:
            raise _Refused("21", "không có văn bản này cho đơn vị")
        return {"data": base64.b64encode(packet.content).decode("ascii")}

    def _update_status(self, call: SignedCall, _body: bytes) -> dict[str, object]:
        status = call.parameters.get("status", "")
        if status not in {"done", "fail", "processing"}:
            raise _Refused("10", "status phải là done, fail hoặc processing")
        if not self._state.confirm(call.system_id, call.parameters.get("docid", ""), cast("TransportStatus", status)):
            raise _Refused("21", "không có văn bản này cho đơn vị")
        return {}


def _message_type(call: SignedCall) -> MessageType:
    match call.parameters.get("messagetype", "edoc"):
        case "edoc":
            return "edoc"
        case "status":
            return "status"
        case _:
            raise _Refused("10", "messagetype phải là edoc hoặc status")


def _within(call: SignedCall, packets: Iterator[AxisPacket]) -> Iterator[AxisPacket]:
    """Leave out what was created outside `fromDate` … `toDate`; a date in another form than `yyyy/MM/dd` is ignored."""
    first, last = _date(call.parameters.get("fromdate")), _date(call.parameters.get("todate"))
    for packet in packets:
        day = f"{packet.created:%Y/%m/%d}" if first or last else ""
        if (not first or day >= first) and (not last or day <= last):
            yield packet


def _date(text: str | None) -> str | None:
    try:
        return f"{datetime.strptime(text or '', '%Y/%m/%d'):%Y/%m/%d}"  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None


def _page(call: SignedCall, rows: Iterator[dict[str, str]]) -> list[dict[str, str]]:
    size, index = call.parameters.get("pagesize", ""), call.parameters.get("pageindex", "1")
    if not (size.isdecimal() and int(size) > 0 and index.isdecimal()):
        return list(rows)
    start = (max(int(index), 1) - 1) * int(size)
    return list(islice(rows, start, start + int(size)))


def _received_rows(system_id: str, packets: Iterable[AxisPacket]) -> Iterator[dict[str, str]]:
    """Yield one row per recipient of this centre, so that a docId may come more than once."""
    for packet in packets:
        delivery = packet.centres[system_id]
        for recipient in packet.recipients:
            if recipient.system_id == system_id:
                yield {
                    "docId": packet.doc_id,
                    "serviceType": packet.service_type,
                    "messageType": packet.message_type,
                    "created_time": axis_text(packet.created),
                    "updated_time": axis_text(delivery.updated),
                    "from": packet.sender,
                    "to": recipient.code,
                    "status": delivery.status,
                    "status_desc": _STATUS_TEXT[delivery.status],
                }


def _sent_rows(packets: Iterable[AxisPacket]) -> Iterator[dict[str, str]]:
    for packet in packets:
        for recipient in packet.recipients:
            delivery = packet.centres[recipient.system_id]
            row = {
                "serviceType": packet.service_type,
                "messageType": packet.message_type,
                "senderDocId": packet.doc_id,
                "receiverDocId": packet.doc_id,
                "fromCode": packet.sender,
                "toCode": recipient.code,
                "title": packet.title,
                "notation": packet.notation,
                "sentTime": axis_text(packet.created),
                "sendStatus": "done",
                "sendStatusDesc": "Đã gửi",
                "receiveStatus": delivery.status,
                "receiveStatusDesc": _STATUS_TEXT[delivery.status],
            }
            # The SDK throws a whole list away over one null: what isn't known is left out.
            yield row | ({"receivedTime": axis_text(delivery.updated)} if delivery.status in {"done", "fail"} else {})


def _mail(organisation: SandboxOrganisation) -> str:
    return f"vanthu@{organisation.code.lower()}.example.invalid"


def _json(content: dict[str, Any], *, status: int = 200) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode(), status_code=status, media_type="application/json;charset=UTF-8")
