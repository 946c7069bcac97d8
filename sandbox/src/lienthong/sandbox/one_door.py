"""A local one-door system as a SOAP 1.1 service, described by `one_door.wsdl`."""

import hmac
import threading
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from string import Template
from typing import Any, Final, cast

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lienthong.sandbox.dossiers import DossierSet, OneDoorDossier, Unit
from lienthong.sandbox.faults import Faults
from lienthong.sandbox.options import OneDoorAccount
from lienthong.sandbox.packet import PacketRefused, parse
from lienthong.sandbox.times import VIETNAM, now

NAMESPACE: Final = "urn:lienthong:one-door:1"
MAX_PAGE: Final = 500

_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_XSI_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NS: Final = {"s": _SOAP, "t": NAMESPACE}
_WRITTEN_AS_NIL: Final = frozenset({"ngay_nop", "ngay_tiep_nhan", "ngay_hen_tra"})
_MOMENTS: Final = frozenset({"ngay_nop", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_tra", "ngay_ket_thuc_xu_ly"})
_MENDABLE: Final = _MOMENTS | {
    field.name for field in fields(OneDoorDossier) if field.type in {str, str | None} and field.name != "ma_ho_so"
}
_MAY_BE_EMPTY: Final = _MOMENTS | {"so_giay_to", "so_dien_thoai", "email", "trich_yeu"}

_Key = tuple[datetime, str]


class OneDoorState:
    """The dossiers of the one-door system, in the order of their last change. Thread-safe."""

    def __init__(self, start: DossierSet) -> None:
        self._lock = threading.RLock()
        self.defects = start.defects
        """What was wrong on purpose at the start, mended or not."""
        self._dossiers = {dossier.ma_ho_so: dossier for dossier in start.dossiers}
        self._order: list[_Key] = sorted(map(_key, start.dossiers))
        self._calls: Counter[str] = Counter()
        if len(self._dossiers) != len(start.dossiers):
            raise ValueError("a dossier number occurs twice")

    def dossier(self, ma_ho_so: str) -> OneDoorDossier | None:
        """Return the dossier with this number."""
        with self._lock:
            return self._dossiers.get(ma_ho_so)

    def changed(self, since: datetime | None, start: int, size: int) -> tuple[int, tuple[OneDoorDossier, ...]]:
        """Return how many dossiers changed at or after a moment, and `size` of them from position `start`."""
        with self._lock:
            first = bisect_left(self._order, (since, "")) if since else 0
            chosen = self._order[first + start : first + start + size]
            return len(self._order) - first, tuple(self._dossiers[number] for _, number in chosen)

    def mend(self, ma_ho_so: str, changes: Mapping[str, object]) -> OneDoorDossier:
        """Change fields of a dossier as its office would, and return it.

        The moment of its change becomes now, or one second after the latest change of all dossiers if that is later, so
        that whoever asks for changes since then is told.

        Args:
            ma_ho_so: Its number.
            changes: By local field name: text, a date and time in ISO 8601 (Vietnamese time where it names no zone), None
                where the field may be empty, or for `don_vi_xu_ly` an object of `ma` and `ten`. Lists can't be changed.

        Raises:
            KeyError: there is no such dossier.
            ValueError: a field that doesn't exist or can't be changed, or a value that doesn't fit it.
        """
        values = {name: _local_value(name, value) for name, value in changes.items()}
        with self._lock:
            old = self._dossiers[ma_ho_so]
            latest = self._order[-1][0]
            new = replace(old, **cast("Any", values), cap_nhat_luc=max(now(), latest + timedelta(seconds=1)))
            del self._order[bisect_left(self._order, _key(old))]
            insort(self._order, _key(new))
            self._dossiers[ma_ho_so] = new
            return new

    def count(self, operation: str) -> None:
        """Count a call."""
        with self._lock:
            self._calls[operation] += 1

    def calls(self) -> dict[str, int]:
        """Return how often each operation was called."""
        with self._lock:
            return dict(self._calls)

    def __len__(self) -> int:
        return len(self._dossiers)


def _key(dossier: OneDoorDossier) -> _Key:
    return dossier.cap_nhat_luc, dossier.ma_ho_so


def _local_value(name: str, value: object) -> object:
    if name == "don_vi_xu_ly" and isinstance(value, dict) and value.keys() == {"ma", "ten"}:
        return Unit(ma=str(value["ma"]), ten=str(value["ten"]))
    if name not in _MENDABLE:
        raise ValueError(f"{name} is not a field that can be changed")
    if value is None and name in _MAY_BE_EMPTY:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text")  # noqa: TRY004 - one kind of error for a caller of the admin surface
    if name not in _MOMENTS:
        return value
    moment = datetime.fromisoformat(value)
    return moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


class _Fault(Exception):
    pass


class OneDoor:
    """Answers SOAP calls out of a `OneDoorState`."""

    def __init__(self, account: OneDoorAccount, state: OneDoorState, faults: Faults, address: str) -> None:
        self._account = account
        self._state = state
        self._faults = faults
        text = files("lienthong.sandbox").joinpath("one_door.wsdl").read_text(encoding="utf-8")
        self._wsdl = Template(text).substitute(address=address).encode()
        self._operations: dict[str, Callable[[etree._Element], etree._Element]] = {
            "GetListHoSo": self._list,
            "GetInfoHoSo": self._info,
        }

    def routes(self) -> list[Route]:
        """Return the routes of the service; GET answers the WSDL."""
        return [Route("/one-door", self._serve_wsdl, methods=["GET"]), Route("/one-door", self._serve, methods=["POST"])]

    async def _serve_wsdl(self, _request: Request) -> Response:
        return Response(self._wsdl, media_type="text/xml")

    async def _serve(self, request: Request) -> Response:
        body = await request.body()
        try:
            envelope = parse(body)
            call = _call(envelope)
        except (PacketRefused, _Fault) as error:
            return _fault(str(error))
        operation = etree.QName(call).localname
        return await self._faults.serve(operation, lambda: self._answer(operation, envelope, call))

    def _answer(self, operation: str, envelope: etree._Element, call: etree._Element) -> Response:
        self._state.count(operation)
        answer = self._operations.get(operation) if etree.QName(call).namespace == NAMESPACE else None
        if answer is None:
            return _fault(f"Không có thao tác {operation}")
        try:
            self._check_account(envelope)
            return _reply(answer(call))
        except _Fault as fault:
            return _fault(str(fault))

    def _check_account(self, envelope: etree._Element) -> None:
        header = envelope.find("s:Header/t:Header", _NS)
        user = _text(header, "User") if header is not None else ""
        password = _text(header, "Password") if header is not None else ""
        same_user = hmac.compare_digest(user.encode(), self._account.user.encode())
        if not (hmac.compare_digest(password.encode(), self._account.password.encode()) and same_user):
            raise _Fault("Sai tài khoản")

    def _list(self, call: etree._Element) -> etree._Element:
        page, size = _integer(call, "so_trang", 1, 2**31 - 1), _integer(call, "so_ban_ghi_tren_trang", 1, MAX_PAGE)
        since = _text(call, "cap_nhat_tu")
        total, dossiers = self._state.changed(_moment(since) if since else None, (page - 1) * size, size)
        answer = _element("GetListHoSoResponse")
        _append(answer, "tong_so", total)
        for dossier in dossiers:
            _append(answer, "ho_so", dossier)
        return answer

    def _info(self, call: etree._Element) -> etree._Element:
        number = _text(call, "ma_ho_so")
        dossier = self._state.dossier(number)
        if dossier is None:
            raise _Fault(f"Không có hồ sơ {number}")
        answer = _element("GetInfoHoSoResponse")
        _append(answer, "ho_so", dossier)
        return answer


def _call(envelope: etree._Element) -> etree._Element:
    body = envelope.find("s:Body", _NS)
    if envelope.tag != f"{{{_SOAP}}}Envelope" or body is None:
        raise _Fault("Không phải thông điệp SOAP 1.1")
    call = next(body.iterchildren("{*}*"), None)
    if call is None:
        raise _Fault("Thông điệp rỗng")
    return call


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"t:{name}", "", _NS) or "").strip()


def _integer(call: etree._Element, name: str, least: int, most: int) -> int:
    text = _text(call, name)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise _Fault(f"{name} phải là số nguyên từ {least} đến {most}")
    return int(text)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Fault("cap_nhat_tu phải là xsd:dateTime") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _element(name: str) -> etree._Element:
    return etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={"t": NAMESPACE, "xsi": "http://www.w3.org/2001/XMLSchema-instance"})


def _append(parent: etree._Element, name: str, value: object) -> None:
    """Write a value as a child element, a record as its fields in the order of the WSDL, a tuple as repeated elements."""
    if isinstance(value, tuple):
        for entry in value:
            _append(parent, name, entry)
        return
    if value is None and name not in _WRITTEN_AS_NIL:
        return
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if value is None:
        child.set(_XSI_NIL, "true")
    elif is_dataclass(value):
        for field in fields(value):
            _append(child, field.name, getattr(value, field.name))
    elif isinstance(value, datetime):
        child.text = value.isoformat()
    elif isinstance(value, Decimal):
        child.text = f"{value:f}"
    else:
        child.text = str(value)


def _reply(content: etree._Element, status: int = 200) -> Response:
    envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"soap": _SOAP})
    etree.SubElement(envelope, f"{{{_SOAP}}}Body").append(content)
    return Response(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"), status_code=status, media_type="text/xml")


def _fault(text: str) -> Response:
    fault = etree.Element(f"{{{_SOAP}}}Fault", nsmap={"soap": _SOAP})
    etree.SubElement(fault, "faultcode").text = "soap:Client"
    etree.SubElement(fault, "faultstring").text = text
    return _reply(fault, status=500)
