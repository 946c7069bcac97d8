"""What can be wrong with data that travels.

DataError                      correct  the sender must change the data
├── NotWellFormed              LT-XML-001
├── NotAPacket                 LT-EDXML-001
├── SchemaViolation            LT-EDXML-002
├── AttachmentUnreadable       LT-EDXML-003
├── FieldUnwritable            LT-EDXML-004
├── NotJson                    LT-EDXML-006
├── JsonUnusable               LT-EDXML-007
├── TableInvalid               LT-ORG-001
├── EntryInvalid               LT-ORG-002
├── CodeReused                 LT-ORG-003
├── SuccessionInvalid          LT-ORG-004
├── SuccessionCycle            LT-ORG-005
├── OrganisationUnlisted       LT-ORG-101
├── OrganisationClosed         LT-ORG-102
├── SuccessorUnclear           LT-ORG-103
├── OrganisationToCome         LT-ORG-104
├── ClosedSenderAccepted       LT-ORG-105
├── ClosedSenderRefused        LT-ORG-106
└── AxisRowOdd                 LT-ORG-201
ConfigurationError             configure what was asked for doesn't exist
├── ProfileUnknown             LT-EDXML-009
└── CalendarInvalid            LT-CAL-001
SecurityError                  stop     nothing of the input is used
├── UnsafeXml
│   ├── DoctypeRefused         LT-XML-002
│   └── CapExceeded            LT-XML-003
├── ArchiveUnsafe              LT-EDXML-005
└── ReferenceUnsafe            LT-EDXML-008
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, DataError, Place, SecurityError, Words

__all__ = [
    "ArchiveUnsafe",
    "AttachmentUnreadable",
    "AxisRowOdd",
    "CalendarInvalid",
    "CapExceeded",
    "ClosedSenderAccepted",
    "ClosedSenderRefused",
    "CodeReused",
    "DoctypeRefused",
    "EntryInvalid",
    "FieldUnwritable",
    "JsonUnusable",
    "NotAPacket",
    "NotJson",
    "NotWellFormed",
    "OrganisationClosed",
    "OrganisationToCome",
    "OrganisationUnlisted",
    "ProfileUnknown",
    "ReferenceUnsafe",
    "SchemaViolation",
    "SuccessionCycle",
    "SuccessionInvalid",
    "SuccessorUnclear",
    "TableInvalid",
    "UnsafeXml",
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
    """A table of a directory can't be read; `place` has file and line, `column` is the name in the header."""

    code: ClassVar[str] = "LT-ORG-001"
    en: ClassVar[str] = "{place}, column {column}: {reason}."
    vi: ClassVar[str] = "{place}, cột {column}: {reason}."
    place: Place
    column: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class EntryInvalid(DataError):
    """An entry contradicts itself or another one; `entry` is its code or number."""

    code: ClassVar[str] = "LT-ORG-002"
    en: ClassVar[str] = "The directory's entry {entry} is wrong: {reason}."
    vi: ClassVar[str] = "Mục {entry} của danh bạ bị sai: {reason}."
    entry: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class CodeReused(DataError):
    """A code or number that was closed begins again; closed ones are never given to anybody else."""

    code: ClassVar[str] = "LT-ORG-003"
    en: ClassVar[str] = "{entry} was closed on {closed} and can't begin again on {again}: a closed code is never used again."
    vi: ClassVar[str] = "{entry} đã đóng ngày {closed} nên không thể dùng lại từ ngày {again}: mã đã đóng không được cấp lại."
    entry: str
    closed: date
    again: date


@dataclass(eq=False, kw_only=True)
class SuccessionInvalid(DataError):
    """One end of a succession isn't in office on its day."""

    code: ClassVar[str] = "LT-ORG-004"
    en: ClassVar[str] = "The succession {predecessor} → {successor} of {effective} is wrong: {reason}."
    vi: ClassVar[str] = "Quan hệ kế thừa {predecessor} → {successor} ngày {effective} bị sai: {reason}."
    predecessor: str
    successor: str
    effective: date
    reason: Words


@dataclass(eq=False, kw_only=True)
class SuccessionCycle(DataError):
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
class ClosedSenderAccepted(DataError):
    """Something came from a closed code in the time in which that is let pass: a warning."""

    code: ClassVar[str] = "LT-ORG-105"
    en: ClassVar[str] = "The sender's code {organisation} was closed on {closed}; what comes from it is accepted until {until}."
    vi: ClassVar[str] = "Mã nơi gửi {organisation} đã đóng ngày {closed}; vẫn tiếp nhận đến hết ngày {until}."
    organisation: str
    closed: date
    until: date


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
class AxisRowOdd(DataError):
    """A row of a list that the axis gave can't be taken as it stands; `place` has the list and the number of the row."""

    code: ClassVar[str] = "LT-ORG-201"
    en: ClassVar[str] = "{place}, {field}: {reason}."
    vi: ClassVar[str] = "{place}, trường {field}: {reason}."
    place: Place
    field: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class ProfileUnknown(ConfigurationError):
    """A packet is to be checked by a profile that doesn't exist; `known` lists those that do."""

    code: ClassVar[str] = "LT-EDXML-009"
    en: ClassVar[str] = "There is no profile {profile}; there are: {known}."
    vi: ClassVar[str] = "Không có bộ quy tắc kiểm tra {profile}; hiện có: {known}."
    profile: str
    known: str


@dataclass(eq=False, kw_only=True)
class CalendarInvalid(ConfigurationError):
    """A file of working days can't be read; `place` has file, line and number of the column."""

    code: ClassVar[str] = "LT-CAL-001"
    en: ClassVar[str] = "The working-day calendar can't be used at {place}: {reason}."
    vi: ClassVar[str] = "Không dùng được lịch ngày làm việc tại {place}: {reason}."
    place: Place
    reason: Words
