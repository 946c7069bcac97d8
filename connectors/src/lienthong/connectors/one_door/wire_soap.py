"""The SOAP wire: dossiers that changed, by `GetListHoSo`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from lienthong.connectors.context import Context
from lienthong.connectors.errors import AnswerUnusable
from lienthong.connectors.one_door.position import Change, Position, after, in_order
from lienthong.connectors.one_door.settings import OneDoorSettings
from lienthong.connectors.port import Capabilities, Cursor, Health, Page, Record
from lienthong.connectors.soap import SoapClient
from lienthong.connectors.soap.wsdl import is_url
from lienthong.core.errors import LienthongError, Problem, Words
from lienthong.core.telemetry import log_event, span
from lienthong.schemas.conversion import ConvertedRecord, JsonObject
from lienthong.schemas.dossier import Unit
from lienthong.schemas.xml import Element, text_of

_log = logging.getLogger(__name__)
_LIST = "GetListHoSo"
_ATTEMPTS = 5
_PAGES = 1000

OneDoorRecord = JsonObject | Problem
"""A dossier as the system has it, JSON-ready; or why it isn't what the WSDL says, with the office that handles it."""


@dataclass(frozen=True, slots=True)
class _Listed:
    change: Change
    converted: ConvertedRecord


class OneDoorSoap:
    """Reads the dossiers of a one-door system in the order of their last change. Thread-safe; keeps no state but its transport."""

    def __init__(self, settings: OneDoorSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        wsdl = settings.wsdl if is_url(settings.wsdl) else context.folder / settings.wsdl
        self._soap = SoapClient(settings, context, wsdl=wsdl, operations=(_LIST,))

    @property
    def capabilities(self) -> Capabilities:
        """What this wire keeps and bears."""
        return Capabilities(preserves="content", concurrency=self._settings.concurrency, operations=(_LIST,))

    def changes(self, cursor: Cursor | None, *, limit: int) -> Page[Record[OneDoorRecord]]:
        """Return dossiers that changed since `cursor`, oldest change first.

        `next` of a page with items is the position after its last item, also where nothing more follows, so that a caller can
        store it and go on from there another day. A page without items has no `next` and means that there is nothing for now:
        keep the last cursor. Asking until an empty page comes ends, for every page advances. A record whose content isn't what
        the WSDL says comes as a `Problem`, with its number as key where it can be read, and doesn't hold up the others.

        A cursor that this wire didn't write is logged, and reading starts again from the beginning: what is known comes again.

        Raises:
            AnswerUnusable: retry; the list isn't in the order of changes, or moves too fast to be read.
            LienthongError: As of `SoapClient.call`.
        """
        position = None if cursor is None else Position.of(cursor)
        if cursor is not None and position is None:
            log_event(_log, "one_door.cursor_unreadable", level=logging.WARNING, connection=self._context.name)
        with span("one_door.changes", connection=self._context.name):
            read = self._after(position, limit)
        if not read:
            return Page(items=())
        then = after(position, [listed.change for listed in read])
        failed = sum(1 for listed in read if listed.converted.error is not None)
        log_event(_log, "one_door.listed", connection=self._context.name, count=len(read), failed=failed)
        if then is None:
            raise self._unusable(Words("no record says when it changed", "không bản ghi nào cho biết thời điểm thay đổi"))
        return Page(items=tuple(_record(listed.converted) for listed in read), next=then.cursor)

    def check(self) -> Health:
        """Ask for one dossier."""
        try:
            _, total = self._page(None, 1, 1)
        except LienthongError as error:
            return Health(reachable=False, problem=error.problem())
        return Health(reachable=True, detail=Words(f"{total} dossiers are listed", f"có {total} hồ sơ trong danh sách"))

    def close(self) -> None:
        """Let go of connections."""
        self._soap.close()

    def _after(self, position: Position | None, limit: int) -> Sequence[_Listed]:
        """Return up to `limit` records that follow a position.

        A page of a list that moves proves nothing about its neighbours: a record that leaves an earlier page lets an unread one
        slip over the border. So new records are taken from the first page, or from one that begins with records already read,
        which were their neighbours at the same moment. Where old and new meet at a border, the borders are moved.
        """
        if position is None:
            return self._page(None, 1, min(limit, self._settings.page_size))[0][:limit]
        size = min(max(limit + 1, 20), self._settings.page_size)
        for smaller in range(_ATTEMPTS):
            new = self._first_new(position, size - smaller)
            if new is not None:
                return new[:limit]
        raise self._unusable(Words("the list changes faster than it can be read", "danh sách thay đổi nhanh hơn tốc độ đọc"))

    def _first_new(self, position: Position, size: int) -> Sequence[_Listed] | None:
        """Return the first new records there are, or None if the border between old and new is a border of pages of this size."""
        passed = 0
        for number in range(1, _PAGES + 1):
            listed, total = self._page(position.written, number, size)
            new = [item for item in listed if position.is_new(item.change)]
            if new:
                return new if number == 1 or not position.is_new(listed[0].change) else None
            passed += len(listed)
            if not listed or passed >= total:
                return ()
        reason = Words(
            f"more than {_PAGES} pages of records that changed at the same time", f"hơn {_PAGES} trang bản ghi thay đổi cùng một thời điểm"
        )
        raise self._unusable(reason)

    def _page(self, since: str | None, number: int, size: int) -> tuple[Sequence[_Listed], int]:
        header = None
        if self._settings.username is not None:
            password = self._settings.password.resolve() if self._settings.password else ""
            header = {"Header": {"User": self._settings.username, "Password": password}}
        reply = self._soap.call_for_records(_LIST, "ho_so", header=header, cap_nhat_tu=since, so_trang=number, so_ban_ghi_tren_trang=size)
        listed = [_Listed(Change.of(record.element, _text(record.element, "cap_nhat_luc")), record) for record in reply.records]
        if not in_order([item.change for item in listed]):
            raise self._unusable(Words("the records are not in the order of cap_nhat_luc", "các bản ghi không theo thứ tự cap_nhat_luc"))
        total = reply.rest.get("tong_so")
        return listed, total if isinstance(total, int) else 0

    def _unusable(self, reason: Words) -> AnswerUnusable:
        return AnswerUnusable(connection=self._context.name, operation=_LIST, reason=reason)


def _record(converted: ConvertedRecord) -> Record[OneDoorRecord]:
    element = converted.element
    key = _text(element, "ma_ho_so") or f"#{converted.number}"
    if converted.error is not None:
        return Record(key=key, value=converted.error.problem(office=_office(element)))
    return Record(key=key, value=dict(converted.value) if isinstance(converted.value, dict) else {})


def _office(element: Element) -> str | None:
    unit = element.find("{*}don_vi_xu_ly")
    if unit is None:
        return None
    return Unit(code=_text(unit, "ma"), name=_text(unit, "ten")).label or None


def _text(element: Element, name: str) -> str:
    return text_of(element.find(f"{{*}}{name}")).strip()
