"""What can be wrong with data that travels.

DataError                      correct  the sender must change the data
├── NotWellFormed              LT-XML-001
├── NotAPacket                 LT-EDXML-001
├── SchemaViolation            LT-EDXML-002
├── AttachmentUnreadable       LT-EDXML-003
└── FieldUnwritable            LT-EDXML-004
SecurityError                  stop     nothing of the input is used
├── UnsafeXml
│   ├── DoctypeRefused         LT-XML-002
│   └── CapExceeded            LT-XML-003
└── ArchiveUnsafe              LT-EDXML-005
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import DataError, Place, SecurityError, Words

__all__ = [
    "ArchiveUnsafe",
    "AttachmentUnreadable",
    "CapExceeded",
    "DoctypeRefused",
    "FieldUnwritable",
    "NotAPacket",
    "NotWellFormed",
    "SchemaViolation",
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
