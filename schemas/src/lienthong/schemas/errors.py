"""What can be wrong with data that travels.

DataError                      correct  the sender must change the data
├── NotWellFormed              LT-XML-001
├── NotAPacket                 LT-EDXML-001
├── SchemaViolation            LT-EDXML-002
├── AttachmentUnreadable       LT-EDXML-003
├── FieldUnwritable            LT-EDXML-004
├── NotJson                    LT-EDXML-006
├── JsonUnusable               LT-EDXML-007
├── PacketContradictory        LT-EDXML-010
├── TableInvalid               LT-CSV-001
├── NotATable                  LT-CSV-002
├── DirectoryInvalid
│   ├── EntryInvalid           LT-ORG-002
│   ├── CodeReused             LT-ORG-003
│   ├── SuccessionInvalid      LT-ORG-004
│   └── SuccessionCycle        LT-ORG-005
├── OrganisationUnlisted       LT-ORG-101
├── OrganisationClosed         LT-ORG-102
├── SuccessorUnclear           LT-ORG-103
├── OrganisationToCome         LT-ORG-104
└── ClosedSenderRefused        LT-ORG-106
ConfigurationError             configure what was asked for doesn't exist
└── ProfileUnknown             LT-EDXML-009
SecurityError                  stop     nothing of the input is used
├── UnsafeXml
│   ├── DoctypeRefused         LT-XML-002
│   └── CapExceeded            LT-XML-003
├── ArchiveUnsafe              LT-EDXML-005
└── ReferenceUnsafe            LT-EDXML-008
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lienthong.core.errors import Action, ConfigurationError, DataError, Language, Level, Place, Problem, SecurityError, Words, say

__all__ = [
    "ArchiveUnsafe",
    "AttachmentUnreadable",
    "CapExceeded",
    "ClosedSenderRefused",
    "CodeReused",
    "DirectoryInvalid",
    "DoctypeRefused",
    "EntryInvalid",
    "FieldUnwritable",
    "JsonUnusable",
    "NotAPacket",
    "NotATable",
    "NotJson",
    "NotWellFormed",
    "OrganisationClosed",
    "OrganisationToCome",
    "OrganisationUnlisted",
    "PacketContradictory",
    "ProfileUnknown",
    "ReferenceUnsafe",
    "SchemaViolation",
    "SuccessionCycle",
    "SuccessionInvalid",
    "SuccessorUnclear",
    "TableInvalid",
    "UnsafeXml",
    "finding",
]


@dataclass(eq=False, kw_only=True)
class NotWellFormed(DataError):
    """The bytes are no well-formed XML; `place` has line and column, `reason` is the parser's own sentence."""

    code: ClassVar[str] = "LT-XML-001"
    en: ClassVar[str] = "Not well-formed XML at {place}: {reason}."
    vi: ClassVar[str] = "XML không đúng cú pháp tại {place} (máy báo: {reason})."
    place: Place
    reason: str


@dataclass(eq=False, kw_only=True)
class UnsafeXml(SecurityError):
    """XML that could harm its reader."""


@dataclass(eq=False, kw_only=True)
class DoctypeRefused(UnsafeXml):
    """The XML has a document type declaration, which nothing that travels here needs and attacks begin with."""

    code: ClassVar[str] = "LT-XML-002"
    en: ClassVar[str] = "XML with a DOCTYPE is refused ({place})."
    vi: ClassVar[str] = "Từ chối XML có khai báo DOCTYPE ({place})."
    place: Place


@dataclass(eq=False, kw_only=True)
class CapExceeded(UnsafeXml):
    """The XML is larger, deeper or denser than its reader allows; `cap` is in English the name of a field of `Caps`."""

    code: ClassVar[str] = "LT-XML-003"
    en: ClassVar[str] = "The XML exceeds the cap '{cap}' of {limit} ({place})."
    vi: ClassVar[str] = "XML vượt quá giới hạn về {cap}: tối đa {limit} ({place})."
    cap: Words
    limit: int
    place: Place


@dataclass(eq=False, kw_only=True)
class NotAPacket(DataError):
    """Well-formed XML that is no edXML packet: the root's name or namespace is another one."""

    code: ClassVar[str] = "LT-EDXML-001"
    en: ClassVar[str] = "Not an edXML packet: the root is {found}, not {expected} ({place})."
    vi: ClassVar[str] = "Không phải gói tin edXML: phần tử gốc là {found}, không phải {expected} ({place})."
    found: str
    expected: str
    place: Place


@dataclass(eq=False, kw_only=True)
class SchemaViolation(DataError):
    """An element without which the packet can't be understood is missing or has a value that can't be read."""

    code: ClassVar[str] = "LT-EDXML-002"
    en: ClassVar[str] = "The packet can't be read: {element} is missing or has no usable value ({place})."
    vi: ClassVar[str] = "Không đọc được gói tin: {element} bị thiếu hoặc có giá trị không dùng được ({place})."
    element: str
    place: Place


@dataclass(eq=False, kw_only=True)
class PacketContradictory(DataError):
    """The packet says two things at once, of which only one can hold; which one is never guessed."""

    code: ClassVar[str] = "LT-EDXML-010"
    en: ClassVar[str] = "The packet contradicts itself: {reason} ({place})."
    vi: ClassVar[str] = "Gói tin tự mâu thuẫn: {reason} ({place})."
    reason: Words
    place: Place


@dataclass(eq=False, kw_only=True)
class AttachmentUnreadable(DataError):
    """The base64 text of an attachment is missing, damaged or cut short; `content_id` stands without `cid:`."""

    code: ClassVar[str] = "LT-EDXML-003"
    en: ClassVar[str] = "Attachment {content_id} can't be decoded: {reason} ({place})."
    vi: ClassVar[str] = "Không giải mã được tệp đính kèm {content_id}: {reason} ({place})."
    content_id: str
    reason: Words
    place: Place


@dataclass(eq=False, kw_only=True)
class FieldUnwritable(DataError):
    """A value can't be carried by the packet; the value itself isn't shown, for it may be personal."""

    code: ClassVar[str] = "LT-EDXML-004"
    en: ClassVar[str] = "{element} can't be written: {reason}."
    vi: ClassVar[str] = "Không ghi được {element}: {reason}."
    element: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class ArchiveUnsafe(SecurityError):
    """A zip around an attachment would unpack to far more than it is worth, or its entry is named to leave its folder."""

    code: ClassVar[str] = "LT-EDXML-005"
    en: ClassVar[str] = "The zip around attachment {content_id} is unsafe: {reason} ({place})."
    vi: ClassVar[str] = "Tệp zip bọc tệp đính kèm {content_id} không an toàn: {reason} ({place})."
    content_id: str
    reason: Words
    place: Place


@dataclass(eq=False, kw_only=True)
class NotJson(DataError):
    """The bytes are no JSON text that has one meaning; `place` has line and column where they are known."""

    code: ClassVar[str] = "LT-EDXML-006"
    en: ClassVar[str] = "Not usable JSON at {place}: {reason}."
    vi: ClassVar[str] = "JSON không dùng được tại {place}: {reason}."
    place: Place
    reason: Words


@dataclass(eq=False, kw_only=True)
class JsonUnusable(DataError):
    """JSON that isn't the JSON form of a packet; the path of `place` is a JSON pointer, and the value itself isn't shown."""

    code: ClassVar[str] = "LT-EDXML-007"
    en: ClassVar[str] = "{place}: {reason}."
    vi: ClassVar[str] = "{place}: {reason}."
    place: Place
    reason: Words


@dataclass(eq=False, kw_only=True)
class ReferenceUnsafe(SecurityError):
    """The JSON form of a packet refers to a file outside its own folder."""

    code: ClassVar[str] = "LT-EDXML-008"
    en: ClassVar[str] = "{place}: a file outside the folder of the JSON is never read."
    vi: ClassVar[str] = "{place}: không bao giờ đọc tệp nằm ngoài thư mục của tệp JSON."
    place: Place


@dataclass(eq=False, kw_only=True)
class TableInvalid(DataError):
    """A column or a cell of a table can't be read; `place` has file and line, `column` is the name in the header."""

    code: ClassVar[str] = "LT-CSV-001"
    en: ClassVar[str] = "{place}, column {column}: {reason}."
    vi: ClassVar[str] = "{place}, cột {column}: {reason}."
    place: Place
    column: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class NotATable(DataError):
    """A file is no table, or would be none: not UTF-8, not CSV, parted by another sign than a comma, or a row is too long or too short."""

    code: ClassVar[str] = "LT-CSV-002"
    en: ClassVar[str] = "{place}: {reason}."
    vi: ClassVar[str] = "{place}: {reason}."
    place: Place
    reason: Words


@dataclass(eq=False, kw_only=True)
class DirectoryInvalid(DataError):
    """Records that can't be a directory together; `place` says where the one at fault stands, if it came from a table."""

    place: Place | None = None

    def sentence(self, language: Language) -> str:
        """Return the error's sentence in a language, the place first."""
        said = super().sentence(language)
        return f"{getattr(self.place, language)}: {said}" if self.place else said


@dataclass(eq=False, kw_only=True)
class EntryInvalid(DirectoryInvalid):
    """An entry contradicts itself or another one; `entry` is its code or number."""

    code: ClassVar[str] = "LT-ORG-002"
    en: ClassVar[str] = "The directory's entry {entry} is wrong: {reason}."
    vi: ClassVar[str] = "Mục {entry} của danh bạ bị sai: {reason}."
    entry: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class CodeReused(DirectoryInvalid):
    """A code or number that was closed begins again; closed ones are never given to anybody else."""

    code: ClassVar[str] = "LT-ORG-003"
    en: ClassVar[str] = "{entry} was closed on {closed} and can't begin again on {again}: a closed code is never used again."
    vi: ClassVar[str] = "{entry} đã đóng ngày {closed} nên không thể dùng lại từ ngày {again}: mã đã đóng không được cấp lại."
    entry: str
    closed: date
    again: date


@dataclass(eq=False, kw_only=True)
class SuccessionInvalid(DirectoryInvalid):
    """A succession doesn't fit the periods at its ends."""

    code: ClassVar[str] = "LT-ORG-004"
    en: ClassVar[str] = "The succession {predecessor} → {successor} of {effective} is wrong: {reason}."
    vi: ClassVar[str] = "Quan hệ kế thừa {predecessor} → {successor} ngày {effective} bị sai: {reason}."
    predecessor: str
    successor: str
    effective: date
    reason: Words


@dataclass(eq=False, kw_only=True)
class SuccessionCycle(DirectoryInvalid):
    """Successions lead back to where they began."""

    code: ClassVar[str] = "LT-ORG-005"
    en: ClassVar[str] = "The successions go round in a circle: {chain}."
    vi: ClassVar[str] = "Các quan hệ kế thừa đi thành vòng: {chain}."
    chain: str


@dataclass(eq=False, kw_only=True)
class OrganisationUnlisted(DataError):
    """A directory doesn't list a code; whether it exists elsewhere is not said."""

    code: ClassVar[str] = "LT-ORG-101"
    en: ClassVar[str] = "The directory doesn't list {organisation}."
    vi: ClassVar[str] = "Danh bạ không có mã {organisation}."
    organisation: str


@dataclass(eq=False, kw_only=True)
class OrganisationClosed(DataError):
    """Something is for an organisation whose code was closed."""

    code: ClassVar[str] = "LT-ORG-102"
    en: ClassVar[str] = "{organisation} was closed on {closed}; {instead}."
    vi: ClassVar[str] = "{organisation} đã đóng mã ngày {closed}; {instead}."
    organisation: str
    closed: date
    instead: Words


@dataclass(eq=False, kw_only=True)
class SuccessorUnclear(DataError):
    """Something is for an organisation that several have succeeded, and it isn't clear whom it concerns now."""

    code: ClassVar[str] = "LT-ORG-103"
    en: ClassVar[str] = "{organisation} was closed on {closed}, and it is not clear which of its successors is meant: {candidates}."
    vi: ClassVar[str] = "{organisation} đã đóng mã ngày {closed}, chưa rõ phải gửi đơn vị kế thừa nào: {candidates}."
    organisation: str
    closed: date
    candidates: str


@dataclass(eq=False, kw_only=True)
class OrganisationToCome(DataError):
    """A code isn't in force yet."""

    code: ClassVar[str] = "LT-ORG-104"
    en: ClassVar[str] = "{organisation} is not in force before {begins}."
    vi: ClassVar[str] = "{organisation} chưa có hiệu lực trước ngày {begins}."
    organisation: str
    begins: date


@dataclass(eq=False, kw_only=True)
class ClosedSenderRefused(DataError):
    """Something came from a closed code after the time in which that is let pass."""

    code: ClassVar[str] = "LT-ORG-106"
    en: ClassVar[str] = "The sender's code {organisation} was closed on {closed}; what comes from it was accepted until {until}."
    vi: ClassVar[str] = "Mã nơi gửi {organisation} đã đóng ngày {closed}; chỉ tiếp nhận đến hết ngày {until}."
    organisation: str
    closed: date
    until: date


@dataclass(eq=False, kw_only=True)
class ProfileUnknown(ConfigurationError):
    """A packet is to be checked by a profile that doesn't exist; `known` lists those that do."""

    code: ClassVar[str] = "LT-EDXML-009"
    en: ClassVar[str] = "There is no profile {profile}; there are: {known}."
    vi: ClassVar[str] = "Không có bộ quy tắc kiểm tra {profile}; hiện có: {known}."
    profile: str
    known: str


def finding(code: str, fields: Mapping[str, object], *, place: Place | None = None, action: Action = "correct") -> Problem:
    """Return what is to be noted about a directory or a calendar; nothing raises it.

    Args:
        code: Of the table below.
        fields: What stands in the braces of its sentences, but for `{place}`.
        place: Where it was found.
        action: What can be done about it.
    """
    level, en, vi = _FINDINGS[code]
    values = {"place": place, **fields}
    return Problem(
        code=code,
        action=action,
        en=say(en, "en", values),
        vi=say(vi, "vi", values),
        level=level,
        place=place,
        fields={name: str(value) for name, value in fields.items()},
    )


_FINDINGS: Mapping[str, tuple[Level, str, str]] = {
    "LT-CAL-101": (
        "warning",
        "The calendar lists no day of {year}; its working days are counted by weekday only.",
        "Lịch không có dữ liệu năm {year}; ngày làm việc chỉ được tính theo thứ trong tuần.",
    ),
    "LT-CAL-102": (
        "warning",
        "Some days off of {year} are calculated; the calendar has no announcement of them.",
        "Một số ngày nghỉ năm {year} là ngày tính trước; lịch chưa có thông báo chính thức.",
    ),
    "LT-ORG-105": (
        "warning",
        "The sender's code {organisation} was closed on {closed}; what comes from it is accepted until {until}.",
        "Mã nơi gửi {organisation} đã đóng ngày {closed}; vẫn tiếp nhận đến hết ngày {until}.",
    ),
    "LT-ORG-201": (
        "warning",
        "{place}, {field}: {reason}.",
        "{place}, trường {field}: {reason}.",
    ),
}
