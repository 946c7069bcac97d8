"""Findings about packets, a row each: code, both sentences, and how sure we are of the rule behind it.

Codes from 101 are what the reader notes, from 201 and 230 what a value breaks, from 220 what the schema doesn't allow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lienthong.core.errors import Certainty, Level, Place, Problem, say

MOST = 100
"""Findings of one rule that are told at once: a crowd of them hides nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a packet should satisfy.

    Attributes:
        code: Stable code of the finding.
        en: Sentence in English, with fields in braces.
        vi: Sentence in Vietnamese, with the same fields.
        certainty: P primary text, V vendor artefact, C code of third parties, S what others say, I our inference.
        source: Where the rule is from, by the names of the page `explanation/edxml-rules`; the same in both languages.
        narrow: Whether it says nothing but to those profiles that name it.
    """

    code: str
    en: str
    vi: str
    certainty: Certainty
    source: str
    narrow: bool = False

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
            source=self.source,
            certainty=self.certainty,
        )


class Notes:
    """What was found so far, of each rule no more than anybody reads.

    Attributes:
        source: Name of the packet for places.
    """

    def __init__(self, source: str | None = None) -> None:
        self.source = source
        self._found: list[Problem] = []
        self._counts: Counter[str] = Counter()

    def add(self, rule: Rule, place: Place, fields: Mapping[str, object]) -> None:
        """Note what was found at a place."""
        self._counts[rule.code] += 1
        if self._counts[rule.code] <= MOST:
            self._found.append(rule.problem(fields, place=place))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The findings; the last one says so where there are more."""
        cut = any(count > MOST for count in self._counts.values())
        return (*self._found, *([TOO_MANY.problem({"limit": MOST})] if cut else []))


# What the reader notes

REPEATED = Rule(
    code="LT-EDXML-101",
    en="{element} occurs {count} times; the first one counts, the others are only kept.",
    vi="{element} xuất hiện {count} lần; chỉ lấy phần tử đầu tiên, các phần tử sau được giữ nguyên.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
NOT_TAKEN_OVER = Rule(
    code="LT-EDXML-102",
    en="{element} is not taken over; it stays in the packet's bytes only.",
    vi="{element} không được đưa vào dữ liệu đã đọc; chỉ còn trong nội dung gốc của gói tin.",
    certainty="I",
    source="suy luận / inferred",
)
MISSING = Rule(
    code="LT-EDXML-103",
    en="{element} is missing or empty.",
    vi="{element} bị thiếu hoặc để trống.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
KEPT_AS_TEXT = Rule(
    code="LT-EDXML-104",
    en="{element} is not {expected}; its text is kept as it came.",
    vi="{element} không đúng dạng {expected}; giữ nguyên chuỗi ký tự gốc.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
NO_ATTACHMENT = Rule(
    code="LT-EDXML-106",
    en="The manifest lists attachment {content_id}, which the packet doesn't contain.",
    vi="Danh mục có tệp đính kèm {content_id} nhưng gói tin không chứa tệp này.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
NO_REFERENCE = Rule(
    code="LT-EDXML-107",
    en="The packet contains attachment {content_id}, which the manifest doesn't list.",
    vi="Gói tin chứa tệp đính kèm {content_id} nhưng danh mục không liệt kê.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
MISLABELLED = Rule(
    code="LT-EDXML-108",
    en="Attachment {content_id} is labelled {declared} and is {actual}.",
    vi="Tệp đính kèm {content_id} khai là {declared} nhưng thực tế là {actual}.",
    certainty="I",
    source="VNPT VXP SDK: bytecode; suy luận / inferred",
)
ZIP_KEPT = Rule(
    code="LT-EDXML-109",
    en="Attachment {content_id} is a zip under another name and is kept as it came: {reason}.",
    vi="Tệp đính kèm {content_id} là tệp zip dưới tên của loại tệp khác và được giữ nguyên: {reason}.",
    certainty="I",
    source="VNPT VXP SDK: bytecode; suy luận / inferred",
)
NAMES_DIFFER = Rule(
    code="LT-EDXML-110",
    en="Attachment {content_id} has another name in the manifest; the attachment's own name counts.",
    vi="Tệp đính kèm {content_id} mang tên khác trong danh mục; lấy tên ghi tại tệp đính kèm.",
    certainty="I",
    source="suy luận / inferred",
)
TOO_MANY = Rule(
    code="LT-EDXML-111",
    en="There are more findings; of each kind {limit} are listed.",
    vi="Còn nhiều điểm cần lưu ý khác; mỗi loại chỉ liệt kê {limit} điểm.",
    certainty="I",
    source="lienthong",
)
UNKNOWN_KEPT = Rule(
    code="LT-EDXML-112",
    en="{element} is not known here; it is kept and written back.",
    vi="Không nhận biết {element} tại vị trí này; phần tử được giữ nguyên và ghi trở lại khi tạo gói tin.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)
TYPES_DIFFER = Rule(
    code="LT-EDXML-113",
    en="Attachment {content_id} is {manifest} in the manifest and {attachment} at the attachment.",
    vi="Tệp đính kèm {content_id} khai là {manifest} trong danh mục nhưng là {attachment} tại tệp đính kèm.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)
DESCRIPTIONS_DIFFER = Rule(
    code="LT-EDXML-114",
    en="Attachment {content_id} has another description in the manifest; the attachment's own one counts.",
    vi="Tệp đính kèm {content_id} có mô tả khác trong danh mục; lấy mô tả ghi tại tệp đính kèm.",
    certainty="I",
    source="suy luận / inferred",
)
IDS_DIFFER = Rule(
    code="LT-EDXML-115",
    en="Attachment {content_id} is called {manifest} in the manifest and {attachment} at the attachment.",
    vi="Tệp đính kèm {content_id} mang mã {manifest} trong danh mục nhưng mang mã {attachment} tại tệp đính kèm.",
    certainty="I",
    source=".NET; suy luận / inferred",
)
SPELLING = Rule(
    code="LT-EDXML-116",
    en="The element {written} is spelt {expected} on the axis.",
    vi="Phần tử {written} phải viết là {expected} trên trục.",
    certainty="C",
    source="VNPT VXP SDK: samples; BKAV eDoc ESB",
)

# What the schema doesn't allow

UNEXPECTED = Rule(
    code="LT-EDXML-221",
    en="{element} has no place here in the schema.",
    vi="Lược đồ không có {element} tại vị trí này.",
    certainty="I",
    source="packet.xsd; VNPT VXP SDK: samples; suy luận / inferred",
)
ABSENT = Rule(
    code="LT-EDXML-222",
    en="{element} is missing.",
    vi="Thiếu {element}.",
    certainty="V",
    source="packet.xsd; VNPT VXP SDK: samples",
)
SURPLUS = Rule(
    code="LT-EDXML-223",
    en="{element} occurs {count} times where the schema has it {limit} times at most.",
    vi="{element} xuất hiện {count} lần trong khi lược đồ chỉ cho phép nhiều nhất {limit} lần.",
    certainty="V",
    source="packet.xsd; VNPT VXP SDK: samples",
)
WRONG_TYPE = Rule(
    code="LT-EDXML-224",
    en="{element} is not {expected}.",
    vi="{element} không phải là {expected}.",
    certainty="V",
    source="packet.xsd; VNPT VXP SDK: samples",
)
ATTRIBUTE = Rule(
    code="LT-EDXML-225",
    en="{element} has the attribute {attribute}, which the schema doesn't know.",
    vi="{element} có thuộc tính {attribute} không có trong lược đồ.",
    certainty="I",
    source="packet.xsd; VNPT VXP SDK: samples; suy luận / inferred",
)
STRAY_TEXT = Rule(
    code="LT-EDXML-226",
    en="Text stands in {element} between its elements.",
    vi="Có chuỗi ký tự nằm xen giữa các phần tử con của {element}.",
    certainty="I",
    source="packet.xsd; VNPT VXP SDK: samples; suy luận / inferred",
)
ORDER = Rule(
    code="LT-EDXML-227",
    en="{element} stands after {before}; the guide has it in front.",
    vi="{element} đứng sau {before}; theo hướng dẫn phải đứng trước.",
    certainty="C",
    source="VPCP HDKT (LSon, PTIT)",
)
PREFIXES = Rule(
    code="LT-EDXML-228",
    en="{element} has {found}; the national axis insists on {expected} ({count} elements in all).",
    vi="{element} mang {found}; trục quốc gia yêu cầu {expected} (tổng cộng {count} phần tử).",
    certainty="S",
    source="LSon",
)
EMPTY = Rule(
    code="LT-EDXML-229",
    en="{element} is empty; leave it out.",
    vi="{element} để trống; nên bỏ phần tử này.",
    certainty="I",
    source="packet.xsd; VNPT VXP SDK: samples; suy luận / inferred",
)

# What a value breaks

REQUIRED = Rule(
    code="LT-EDXML-201",
    en="{element} is required and empty.",
    vi="{element} là bắt buộc nhưng để trống.",
    certainty="V",
    source="VNPT VXP SDK: samples; PVN",
)
DATE_FORM = Rule(
    code="LT-EDXML-202",
    en="{element} is not a date or time in the form {expected}.",
    vi="{element} không phải là ngày giờ theo dạng {expected}.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
FUTURE_DATE = Rule(
    code="LT-EDXML-203",
    en="{element} lies in the future: {value}.",
    vi="{element} là ngày trong tương lai: {value}.",
    certainty="C",
    source="BKAV eDoc ESB: checker",
)
REPEATED_RECIPIENT = Rule(
    code="LT-EDXML-204",
    en="Recipient {value} occurs {count} times.",
    vi="Nơi nhận {value} xuất hiện {count} lần.",
    certainty="C",
    source="BKAV eDoc ESB: checker",
)
TOO_LONG = Rule(
    code="LT-EDXML-205",
    en="{element} has {length} characters; others accept {limit}.",
    vi="{element} dài {length} ký tự; hệ thống khác chỉ nhận {limit}.",
    certainty="C",
    source="BKAV eDoc ESB: checker; VOF",
)
STATUS_UNKNOWN = Rule(
    code="LT-EDXML-206",
    en="Status code {value} is none of 01–06, 13, 15, 16.",
    vi="Mã trạng thái {value} không thuộc 01–06, 13, 15, 16.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
REASON_MISSING = Rule(
    code="LT-EDXML-207",
    en="A rejection or recall needs its reason in {element}.",
    vi="Từ chối hoặc thu hồi phải nêu lý do tại {element}.",
    certainty="C",
    source="VNPT VXP SDK: samples; VOF",
)
REPEATED_ATTACHMENT = Rule(
    code="LT-EDXML-208",
    en="Attachment id {content_id} occurs {count} times.",
    vi="Mã tệp đính kèm {content_id} xuất hiện {count} lần.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
MADE_UP = Rule(
    code="LT-EDXML-209",
    en="{element} holds the filler '{value}' instead of a value.",
    vi="{element} chứa giá trị giả '{value}' thay cho giá trị thật.",
    certainty="C",
    source="PVN; LSon",
)
NUMBER_FORM = Rule(
    code="LT-EDXML-210",
    en="{element} is not a whole number.",
    vi="{element} không phải là số nguyên.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
FLAG_FORM = Rule(
    code="LT-EDXML-211",
    en="{element} is not {expected}.",
    vi="{element} không phải là {expected}.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
AMOUNT_RANGE = Rule(
    code="LT-EDXML-212",
    en="{element} is {value} and not in 0…65535.",
    vi="{element} là {value}, ngoài khoảng 0…65535.",
    certainty="V",
    source="VNPT VXP SDK; BKAV eDoc ESB",
)
PRIORITY = Rule(
    code="LT-EDXML-213",
    en="{element} is {value} and not in 0…4.",
    vi="{element} là {value}, ngoài khoảng 0…4.",
    certainty="C",
    source="BKAV eDoc ESB: checker",
)
STEERING = Rule(
    code="LT-EDXML-214",
    en="{element} is {value} and not in 0…2.",
    vi="{element} là {value}, ngoài khoảng 0…2.",
    certainty="C",
    source="BKAV eDoc ESB",
)
KIND_ACCEPTED = Rule(
    code="LT-EDXML-215",
    en="{element} is {value}; only 1 and 2 are accepted.",
    vi="{element} là {value}; chỉ chấp nhận 1 và 2.",
    certainty="C",
    source="BKAV eDoc ESB: checker",
    narrow=True,
)
CODE_LONG = Rule(
    code="LT-EDXML-216",
    en="{element} has {length} characters; an organisation code has {limit} at most.",
    vi="{element} dài {length} ký tự; mã định danh có nhiều nhất {limit} ký tự.",
    certainty="P",
    source="QĐ 20/2020/QĐ-TTg Điều 4.1",
)
CODE_FORM = Rule(
    code="LT-EDXML-217",
    en="{element} has no known form of an organisation code.",
    vi="{element} không theo dạng mã định danh nào đã biết.",
    certainty="I",
    source="QCVN 102:2016; QĐ 20/2020/QĐ-TTg Điều 4.1; suy luận / inferred",
)
CODE_OVER_13 = Rule(
    code="LT-EDXML-218",
    en="{element} has {length} characters; old systems accept {limit}.",
    vi="{element} dài {length} ký tự; hệ thống cũ chỉ nhận {limit}.",
    certainty="C",
    source="QCVN 102:2016; BKAV eDoc ESB",
    narrow=True,
)
WEBSITE_LONG = Rule(
    code="LT-EDXML-219",
    en="{element} has {length} characters; some systems accept only {limit}.",
    vi="{element} dài {length} ký tự; một số hệ thống chỉ nhận {limit}.",
    certainty="C",
    source="BKAV eDoc ESB: checker",
)
DOCUMENT_ID_FORM = Rule(
    code="LT-EDXML-230",
    en="{element} is neither <OrganId>,<yyyy/MM/dd>,<number>/<notation> nor a UUID.",
    vi="{element} không theo dạng <OrganId>,<yyyy/MM/dd>,<số>/<ký hiệu> và cũng không phải UUID.",
    certainty="C",
    source="VNPT VXP SDK: samples; .NET",
)
DOCUMENT_ID_DIFFERS = Rule(
    code="LT-EDXML-231",
    en="{element} and {other} don't name the same document.",
    vi="{element} và {other} không trỏ đến cùng một văn bản.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)
CHANGED_UNNAMED = Rule(
    code="LT-EDXML-232",
    en="{element} must name the document that is updated or replaced.",
    vi="{element} phải nêu văn bản được cập nhật hoặc thay thế.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
RECALLED_UNNAMED = Rule(
    code="LT-EDXML-233",
    en="Neither {element} nor ResponseFor names the document that is recalled.",
    vi="Cả {element} lẫn ResponseFor đều không nêu văn bản cần thu hồi.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)
UPDATE_UNSAID = Rule(
    code="LT-EDXML-234",
    en="{element} doesn't say what the update changes.",
    vi="{element} không nêu nội dung được cập nhật.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)
UPDATE_RECEIVERS = Rule(
    code="LT-EDXML-235",
    en="{element} says that the receivers change or not, and the list of receivers says otherwise.",
    vi="{element} và danh sách nơi nhận thay đổi không khớp nhau.",
    certainty="S",
    source="VNPT VXP SDK: example code",
)
NOT_OF_THIS_KIND = Rule(
    code="LT-EDXML-236",
    en="{element} belongs to another kind of packet than {kind}.",
    vi="{element} thuộc loại gói tin khác, không phải loại {kind}.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)
RECEIVER_TYPE = Rule(
    code="LT-EDXML-237",
    en="{element} is {value} and neither 0 nor 1.",
    vi="{element} là {value}, không phải 0 hoặc 1.",
    certainty="V",
    source="VNPT VXP SDK: samples",
)
DUE_BEFORE = Rule(
    code="LT-EDXML-238",
    en="{element} lies before PromulgationDate.",
    vi="{element} sớm hơn PromulgationDate.",
    certainty="I",
    source="suy luận / inferred",
)
RESPONSE_INCOMPLETE = Rule(
    code="LT-EDXML-239",
    en="{element} is empty, so the document that is answered isn't fully named.",
    vi="{element} để trống nên chưa xác định đủ văn bản được trả lời.",
    certainty="C",
    source="BKAV eDoc ESB",
)
SUBJECT_FILLED = Rule(
    code="LT-EDXML-240",
    en="{element} is the message type '{value}' instead of a subject.",
    vi="{element} là loại thông điệp '{value}' thay cho trích yếu.",
    certainty="C",
    source=".NET",
)
KIND_FORCED = Rule(
    code="LT-EDXML-241",
    en="{element} is '{value}' and the notation names another kind.",
    vi="{element} là '{value}' nhưng ký hiệu cho thấy văn bản thuộc loại khác.",
    certainty="I",
    source=".NET; suy luận / inferred",
)
WRONG_SIDE = Rule(
    code="LT-EDXML-242",
    en="Status {value} is reported by {expected}, which {element} isn't.",
    vi="Trạng thái {value} phải do {expected} báo, nhưng {element} không phải bên đó.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)
TOO_LARGE = Rule(
    code="LT-EDXML-243",
    en="The attachments have {size} bytes together; the guide's limit is said to be {limit}.",
    vi="Các tệp đính kèm có tổng dung lượng {size} byte; giới hạn theo hướng dẫn được cho là {limit} byte.",
    certainty="S",
    source="VPCP HDKT (LSon)",
)
FILE_NAME = Rule(
    code="LT-EDXML-244",
    en="{element} is no plain file name.",
    vi="{element} không phải là tên tệp thông thường.",
    certainty="I",
    source="lienthong",
)
NOT_NFC = Rule(
    code="LT-EDXML-245",
    en="{element} is not in Unicode normal form C.",
    vi="{element} không ở dạng chuẩn Unicode NFC (dựng sẵn).",
    certainty="I",
    source="lienthong",
    narrow=True,
)
NUMBER_ODD = Rule(
    code="LT-EDXML-246",
    en="{element} is no number.",
    vi="{element} không phải là số.",
    certainty="I",
    source="suy luận / inferred",
)
REPEATED_REFERENCE = Rule(
    code="LT-EDXML-247",
    en="The manifest lists attachment {content_id} {count} times.",
    vi="Danh mục liệt kê tệp đính kèm {content_id} {count} lần.",
    certainty="I",
    source="VNPT VXP SDK: samples; suy luận / inferred",
)

RULES = tuple(row for row in tuple(globals().values()) if isinstance(row, Rule))
"""All rows of this file."""
