"""Code lists of edXML packets."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Status(StrEnum):
    """What a status packet reports; there are exactly nine codes.

    Source: edxml.md §1.7.2 [V][C], five code bases agree; `vi` is the vendor's text, shortened, `en` our translation.
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
        return _STATUS_TEXT[self][0]

    @property
    def en(self) -> str:
        """The meaning in English."""
        return _STATUS_TEXT[self][1]


_STATUS_TEXT = {
    Status.RECEIVED: ("Đã đến", "Received by the software"),
    Status.REJECTED: ("Từ chối tiếp nhận", "Rejected"),
    Status.ACCEPTED: ("Đã tiếp nhận", "Accepted"),
    Status.ASSIGNED: ("Phân công xử lý", "Assigned"),
    Status.PROCESSING: ("Đang xử lý", "Processing"),
    Status.FINISHED: ("Hoàn thành", "Finished"),
    Status.RECALL_REQUESTED: ("Yêu cầu lấy lại", "Recall requested"),
    Status.CHANGE_ACCEPTED: ("Đồng ý cập nhật hoặc lấy lại", "Change or recall accepted"),
    Status.CHANGE_REJECTED: ("Từ chối cập nhật hoặc lấy lại", "Change or recall rejected"),
}


class BusinessType(IntEnum):
    """What a document packet does, `BussinessDocType`.

    Source: edxml.md §1.4.2 [V], three code bases agree.
    """

    NEW = 0
    RECALL = 1
    UPDATE = 2
    REPLACE = 3
