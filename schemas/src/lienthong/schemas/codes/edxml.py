"""Code lists of edXML packets."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple

Side = Literal["sender", "receiver"]
"""Of a document, not of a packet: who issued it, or who got it."""


class _StatusRow(NamedTuple):
    vi: str
    en: str
    sent_by: Side = "receiver"
    automatic: bool = False


class Status(StrEnum):
    """What a status packet reports; there are exactly nine codes.

    Source: edxml.md §1.7.2 [V][C], five code bases agree; `vi` is the vendor's text, shortened, `en` our translation. Who sends
    which is [V]; that only 01 comes by itself is [V] too.
    """

    RECEIVED = "01"
    REJECTED = "02"
    ACCEPTED = "03"
    ASSIGNED = "04"
    PROCESSING = "05"
    FINISHED = "06"
    RECALL_REQUESTED = "13"
    CHANGE_ACCEPTED = "15"
    CHANGE_REJECTED = "16"

    @property
    def vi(self) -> str:
        """The meaning in Vietnamese."""
        return _STATUSES[self].vi

    @property
    def en(self) -> str:
        """The meaning in English."""
        return _STATUSES[self].en

    @property
    def sent_by(self) -> Side:
        """The side that reports it: the document's receiver, and for 13 its sender."""
        return _STATUSES[self].sent_by

    @property
    def automatic(self) -> bool:
        """Whether the software reports it by itself; all others are a clerk's or an official's act."""
        return _STATUSES[self].automatic


_STATUSES = {
    Status.RECEIVED: _StatusRow("Đã đến", "Received by the software", automatic=True),
    Status.REJECTED: _StatusRow("Từ chối tiếp nhận", "Rejected"),
    Status.ACCEPTED: _StatusRow("Đã tiếp nhận", "Accepted"),
    Status.ASSIGNED: _StatusRow("Phân công xử lý", "Assigned"),
    Status.PROCESSING: _StatusRow("Đang xử lý", "Processing"),
    Status.FINISHED: _StatusRow("Hoàn thành", "Finished"),
    Status.RECALL_REQUESTED: _StatusRow("Yêu cầu lấy lại", "Recall requested", sent_by="sender"),
    Status.CHANGE_ACCEPTED: _StatusRow("Đồng ý cập nhật hoặc lấy lại", "Change or recall accepted"),
    Status.CHANGE_REJECTED: _StatusRow("Từ chối cập nhật hoặc lấy lại", "Change or recall rejected"),
}


class BusinessType(IntEnum):
    """What a document packet does, `BussinessDocType`; the document's sender sends all four.

    Source: edxml.md §1.4.2 [V], three code bases agree.
    """

    NEW = 0
    RECALL = 1
    UPDATE = 2
    REPLACE = 3

    @property
    def vi(self) -> str:
        """The meaning in Vietnamese."""
        return _BUSINESS_TEXT[self][0]

    @property
    def en(self) -> str:
        """The meaning in English."""
        return _BUSINESS_TEXT[self][1]


_BUSINESS_TEXT = {
    BusinessType.NEW: ("Văn bản mới", "New document"),
    BusinessType.RECALL: ("Thu hồi văn bản", "Recall of a document"),
    BusinessType.UPDATE: ("Cập nhật văn bản", "Update of a document"),
    BusinessType.REPLACE: ("Thay thế văn bản", "Replacement of a document"),
}


class Priority(IntEnum):
    """How urgent a document is, `Priority`.

    Source: edxml.md §1.4.2 [C]; that 0 is normal is [I]. One database also has a 5 for normal.
    """

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2
    EXPRESS = 3
    EXPRESS_TIMED = 4

    @property
    def vi(self) -> str:
        """The meaning in Vietnamese."""
        return _PRIORITY_TEXT[self][0]

    @property
    def en(self) -> str:
        """The meaning in English."""
        return _PRIORITY_TEXT[self][1]


_PRIORITY_TEXT = {
    Priority.NORMAL: ("Thường", "Normal"),
    Priority.URGENT: ("Khẩn", "Urgent"),
    Priority.VERY_URGENT: ("Thượng khẩn", "Very urgent"),
    Priority.EXPRESS: ("Hỏa tốc", "Express"),
    Priority.EXPRESS_TIMED: ("Hỏa tốc hẹn giờ", "Express at a set time"),
}
