"""What may be sent about a document, by whom and when: one table for code, tests and the page `explanation/life-cycle`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lienthong.core.errors import Words
from lienthong.schemas.codes.edxml import BusinessType, Side, Status
from lienthong.schemas.edxml.findings import Rule

Act = Status | BusinessType
"""What can be sent about a document: a status packet, or a document packet that changes it."""

PROGRESS = (Status.RECEIVED, Status.REJECTED, Status.ACCEPTED, Status.ASSIGNED, Status.PROCESSING, Status.FINISHED)
"""The codes that tell how far a receiver is, from first to last."""

RECALLS: tuple[Act, ...] = (Status.RECALL_REQUESTED, BusinessType.RECALL)
"""The two ways to ask for a document back; both are in use."""

REQUESTS: tuple[Act, ...] = (*RECALLS, BusinessType.UPDATE)
"""What the receiver answers by 15 or 16."""

ANSWERS = (Status.CHANGE_ACCEPTED, Status.CHANGE_REJECTED)

ENDS = (Status.REJECTED, Status.FINISHED)
"""After these the receiver reports no further progress."""


class Asked(StrEnum):
    """What the sender has asked of a receiver and has no answer to."""

    NOTHING = "nothing"
    UPDATE = "update"
    RECALL = "recall"
    RECALLED = "recalled"
    """The receiver agreed to a recall: its copy is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a document stands at one receiver.

    Attributes:
        furthest: The furthest progress reported, None for none.
        asked: What waits for the receiver's answer, a recall before an update.
    """

    furthest: Status | None = None
    asked: Asked = Asked.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What may be sent in which states.

    Attributes:
        by: The side of the document that sends it.
        furthest: The progress after which it may be sent; None stands for none reported.
        asked: What may be waiting for an answer.
        then: What holds after it.
    """

    act: Act
    by: Side
    furthest: tuple[Status | None, ...]
    asked: tuple[Asked, ...]
    then: Words


_ANY = (None, *PROGRESS)
_NOT_REJECTED = tuple(status for status in _ANY if status is not Status.REJECTED)
_WORKING = (Status.ACCEPTED, Status.ASSIGNED, Status.PROCESSING)
_UNASKED = (Asked.NOTHING,)
_UNANSWERED = (Asked.UPDATE, Asked.RECALL)
_NO_RECALL = (Asked.NOTHING, Asked.UPDATE)
_FURTHER = Words("the receiver is further", "bên nhận đi tiếp một bước")
_ENDED = Words("the receiver reports no further progress", "bên nhận không báo tiến độ nữa")
_RECALL = Words("a recall waits for 15 or 16", "yêu cầu lấy lại chờ 15 hoặc 16")

TRANSITIONS: tuple[Transition, ...] = (
    Transition(act=Status.RECEIVED, by="receiver", furthest=(None,), asked=(*_UNASKED, *_UNANSWERED), then=_FURTHER),
    Transition(act=Status.REJECTED, by="receiver", furthest=(Status.RECEIVED,), asked=_UNASKED, then=_ENDED),
    Transition(act=Status.ACCEPTED, by="receiver", furthest=(Status.RECEIVED,), asked=_UNASKED, then=_FURTHER),
    Transition(act=Status.ASSIGNED, by="receiver", furthest=(Status.ACCEPTED,), asked=_UNASKED, then=_FURTHER),
    Transition(act=Status.PROCESSING, by="receiver", furthest=_WORKING, asked=_UNASKED, then=_FURTHER),
    Transition(act=Status.FINISHED, by="receiver", furthest=_WORKING, asked=_UNASKED, then=_ENDED),
    Transition(act=Status.RECALL_REQUESTED, by="sender", furthest=_NOT_REJECTED, asked=_NO_RECALL, then=_RECALL),
    Transition(act=BusinessType.RECALL, by="sender", furthest=_NOT_REJECTED, asked=_NO_RECALL, then=_RECALL),
    Transition(
        act=BusinessType.UPDATE,
        by="sender",
        furthest=_ANY,
        asked=_NO_RECALL,
        then=Words("an update waits for 15 or 16", "yêu cầu cập nhật chờ 15 hoặc 16"),
    ),
    Transition(
        act=Status.CHANGE_ACCEPTED,
        by="receiver",
        furthest=_ANY,
        asked=_UNANSWERED,
        then=Words(
            "after a recall the copy is closed; after an update all goes on",
            "nếu lấy lại thì kết thúc tại bên nhận; nếu cập nhật thì tiếp tục xử lý",
        ),
    ),
    Transition(
        act=Status.CHANGE_REJECTED,
        by="receiver",
        furthest=_ANY,
        asked=_UNANSWERED,
        then=Words("all goes on; the sender may ask again", "tiếp tục xử lý; bên gửi có thể yêu cầu lại"),
    ),
)
"""The default policy for what we send, and what received reports are compared with; none is rejected for it.

Source: edxml.md §1.7.3, inferred from code and meaning. That progress waits while a request is open is part of that inference.
"""


def may_send(state: State, side: Side) -> tuple[Act, ...]:
    """Return what a side of a document may send about it next, in the order of the table.

    Args:
        state: Where the document stands at the receiver, see `Timeline.state`.
        side: Of the document: `sender` for who issued it, `receiver` for who got it.
    """
    return tuple(row.act for row in TRANSITIONS if row.by == side and fits(row, state))


def transition(act: Act) -> Transition | None:
    """Return the row of the table for what is sent; a new document and a replacement are documents of their own and have none."""
    return _BY_ACT.get(act)


def fits(row: Transition, state: State) -> bool:
    """Return whether a row of the table applies in a state."""
    return state.furthest in row.furthest and state.asked in row.asked


def named(act: Act) -> Words:
    """Return how people call what is sent, with its code."""
    if isinstance(act, Status):
        return Words(f"{act.value} ({act.en})", f"{act.value} ({act.vi})")
    return Words(f"packet type {act.value} ({act.en})", f"gói tin loại {act.value} ({act.vi})")


_BY_ACT: dict[Act, Transition] = {row.act: row for row in TRANSITIONS}

_INFERRED = "suy luận / inferred"

NO_STEP = Rule(
    code="LT-EDXML-301",
    en="{organisation} reports {report}, which doesn't follow on {before}.",
    vi="{organisation} báo {report}, trong khi bước này không thể theo sau {before}.",
    certainty="I",
    source=_INFERRED,
)
AFTER_THE_END = Rule(
    code="LT-EDXML-302",
    en="{organisation} reports {report} though the document ended there with {before}.",
    vi="{organisation} báo {report} dù văn bản đã kết thúc tại đó với {before}.",
    certainty="I",
    source=_INFERRED,
)
REPORTED_AGAIN = Rule(
    code="LT-EDXML-303",
    en="{organisation} reports {report} again, at another time or in other words.",
    vi="{organisation} báo lại {report} vào thời điểm khác hoặc với nội dung khác.",
    certainty="C",
    source="BKAV eDoc ESB",
)
WRONG_SIDE = Rule(
    code="LT-EDXML-304",
    en="{reporter} sends {report}, which only the document's {side} may send.",
    vi="{reporter} gửi {report}, trong khi chỉ {side} được gửi.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
UNASKED = Rule(
    code="LT-EDXML-305",
    en="{organisation} answers {report}, and no recall or update waits for its answer.",
    vi="{organisation} trả lời {report} trong khi không có yêu cầu lấy lại hoặc cập nhật nào chờ trả lời.",
    certainty="I",
    source=_INFERRED,
)
UNTIMELY_REQUEST = Rule(
    code="LT-EDXML-306",
    en="{reporter} sends {report} to {organisation}, which stands at {before}.",
    vi="{reporter} gửi {report} tới {organisation} khi văn bản tại đó đang ở {before}.",
    certainty="I",
    source=_INFERRED,
)
BEFORE_THE_ANSWER = Rule(
    code="LT-EDXML-307",
    en="{organisation} reports {report} before it answers {before}.",
    vi="{organisation} báo {report} khi chưa trả lời {before}.",
    certainty="I",
    source=_INFERRED,
)
UNKNOWN_CODE = Rule(
    code="LT-EDXML-308",
    en="{organisation} reports a status that is none of the nine codes.",
    vi="{organisation} báo trạng thái nằm ngoài chín mã đã biết.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
WITHOUT_TIME = Rule(
    code="LT-EDXML-309",
    en="{organisation} reports {report} without a time that can be read; it is placed before all others.",
    vi="{organisation} báo {report} với thời điểm không đọc được; được xếp trước các báo cáo khác.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
NOT_ADDRESSED = Rule(
    code="LT-EDXML-310",
    en="{organisation} reports {report} on a document that wasn't sent to it.",
    vi="{organisation} báo {report} về văn bản không gửi cho cơ quan này.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)
