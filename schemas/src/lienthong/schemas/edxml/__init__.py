"""edXML packets: reading, writing, checking, and the order of the statuses that come back for a document."""

from lienthong.schemas.edxml.attachments import media_type_of
from lienthong.schemas.edxml.identity import document_id
from lienthong.schemas.edxml.models import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherInfo,
    Packet,
    Party,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusPacket,
    TraceHeader,
)
from lienthong.schemas.edxml.reader import Reading, read_packet
from lienthong.schemas.edxml.rules import check_packet
from lienthong.schemas.edxml.timeline import Entry, Timeline, timeline
from lienthong.schemas.edxml.writer import write_packet

__all__ = [
    "Attachment",
    "Business",
    "DocumentPacket",
    "DocumentType",
    "Entry",
    "OtherInfo",
    "Packet",
    "Party",
    "Reading",
    "ResponseFor",
    "SignerInfo",
    "StaffInfo",
    "StatusPacket",
    "Timeline",
    "TraceHeader",
    "check_packet",
    "document_id",
    "media_type_of",
    "read_packet",
    "timeline",
    "write_packet",
]
