"""Findings about packets, a row each: code, both sentences, and how sure we are of the rule behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lienthong.core.errors import Level, Place, Problem, say

Certainty = Literal["P", "V", "C", "I"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a packet should satisfy.

    Attributes:
        code: Stable code of the finding.
        en: Sentence in English, with fields in braces.
        vi: Sentence in Vietnamese, with the same fields.
        certainty: P primary text, V vendor artefact, C code of third parties, I our inference.
        source: Where the rule stands.
    """

    code: str
    en: str
    vi: str
    certainty: Certainty
    source: str

    def problem(self, fields: Mapping[str, object], *, place: Place | None = None, level: Level = "warning") -> Problem:
        """Return the finding for one packet."""
        return Problem(
            code=self.code,
            action="correct",
            en=say(self.en, "en", fields),
            vi=say(self.vi, "vi", fields),
            level=level,
            place=place,
            fields={name: str(value) for name, value in fields.items()},
        )


REPEATED = Rule(
    code="LT-EDXML-101",
    en="{element} occurs {count} times; only the first one is read.",
    vi="{element} xuất hiện {count} lần; chỉ đọc phần tử đầu tiên.",
    certainty="V",
    source="element tree of the vendor samples",
)
NOT_TAKEN_OVER = Rule(
    code="LT-EDXML-102",
    en="{element} is not taken over; it stays in the packet's bytes only.",
    vi="{element} không được đưa vào mô hình; chỉ còn trong nội dung gốc của gói tin.",
    certainty="I",
    source="no part reads it yet",
)
MISSING = Rule(
    code="LT-EDXML-103",
    en="{element} is missing or empty.",
    vi="{element} bị thiếu hoặc để trống.",
    certainty="V",
    source="present in all vendor samples",
)
KEPT_AS_TEXT = Rule(
    code="LT-EDXML-104",
    en="{element} is not {expected}; its text is kept as it came.",
    vi="{element} không đúng dạng {expected}; giữ nguyên văn bản gốc.",
    certainty="V",
    source="formats of the vendor samples",
)
NOT_USABLE = Rule(
    code="LT-EDXML-105",
    en="{element} is not {expected} and is not taken over.",
    vi="{element} không đúng dạng {expected} nên không được đưa vào.",
    certainty="V",
    source="formats of the vendor samples",
)
NO_ATTACHMENT = Rule(
    code="LT-EDXML-106",
    en="The manifest lists attachment {content_id}, which the packet doesn't contain.",
    vi="Danh mục có tệp đính kèm {content_id} nhưng gói tin không chứa tệp này.",
    certainty="V",
    source="Reference and Attachment are matched by ContentId",
)
NO_REFERENCE = Rule(
    code="LT-EDXML-107",
    en="The packet contains attachment {content_id}, which the manifest doesn't list.",
    vi="Gói tin chứa tệp đính kèm {content_id} nhưng danh mục không liệt kê.",
    certainty="V",
    source="Reference and Attachment are matched by ContentId",
)
MISLABELLED = Rule(
    code="LT-EDXML-108",
    en="Attachment {content_id} is labelled {declared} and is {actual}.",
    vi="Tệp đính kèm {content_id} khai là {declared} nhưng thực tế là {actual}.",
    certainty="V",
    source="senders' software labels all attachments as zip",
)
ZIP_KEPT = Rule(
    code="LT-EDXML-109",
    en="Attachment {content_id} is a zip under another name and is kept as it came: {reason}.",
    vi="Tệp đính kèm {content_id} là tệp zip mang tên khác và được giữ nguyên: {reason}.",
    certainty="V",
    source="senders' software wraps one file in one zip",
)
NAMES_DIFFER = Rule(
    code="LT-EDXML-110",
    en="Attachment {content_id} has another name in the manifest; the attachment's own name counts.",
    vi="Tệp đính kèm {content_id} mang tên khác trong danh mục; lấy tên ghi tại tệp đính kèm.",
    certainty="V",
    source="Reference and Attachment are matched by ContentId",
)
TOO_MANY = Rule(
    code="LT-EDXML-111",
    en="There are more than {limit} findings; the rest is not listed.",
    vi="Có hơn {limit} điểm cần lưu ý; phần còn lại không được liệt kê.",
    certainty="I",
    source="protects whoever reads a packet that is made of mistakes",
)
