"""edXML packets: reading, writing, checking, their JSON form, and the life of a document that packets tell."""

from lienthong.schemas.edxml.checking import check_reading
from lienthong.schemas.edxml.deadlines import Deadline, Deadlines, Duty, OfficeHours, Practice, Standing, deadlines, standings
from lienthong.schemas.edxml.file_names import safe_file_name
from lienthong.schemas.edxml.identity import DocumentReference, document_id, parse_document_id, same_document
from lienthong.schemas.edxml.json_form import packet_from_json, packet_to_json
from lienthong.schemas.edxml.json_schema import packet_schema
from lienthong.schemas.edxml.json_syntax import parse_json
from lienthong.schemas.edxml.life_cycle import TRANSITIONS, Act, State, Transition, may_send
from lienthong.schemas.edxml.linking import KnownDocument, Link, find_originals, known_document
from lienthong.schemas.edxml.media_types import media_type_of
from lienthong.schemas.edxml.models import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherElement,
    OtherInfo,
    Packet,
    PacketError,
    Party,
    ReceiverChange,
    Reference,
    Replacement,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusPacket,
    TraceHeader,
    Transfer,
    UpdateInfo,
)
from lienthong.schemas.edxml.profiles import PROFILES
from lienthong.schemas.edxml.reader import PACKET_CAPS, Reading, read_packet
from lienthong.schemas.edxml.rules import check_packet
from lienthong.schemas.edxml.timeline import Timeline, check_report, timeline
from lienthong.schemas.edxml.walk import Entry, Request
from lienthong.schemas.edxml.writer import stream_packet, write_packet
from lienthong.schemas.edxml.zip_rule import zip_like_sdk

__all__ = [
    "PACKET_CAPS",
    "PROFILES",
    "TRANSITIONS",
    "Act",
    "Attachment",
    "Business",
    "Deadline",
    "Deadlines",
    "DocumentPacket",
    "DocumentReference",
    "DocumentType",
    "Duty",
    "Entry",
    "KnownDocument",
    "Link",
    "OfficeHours",
    "OtherElement",
    "OtherInfo",
    "Packet",
    "PacketError",
    "Party",
    "Practice",
    "Reading",
    "ReceiverChange",
    "Reference",
    "Replacement",
    "Request",
    "ResponseFor",
    "SignerInfo",
    "StaffInfo",
    "Standing",
    "State",
    "StatusPacket",
    "Timeline",
    "TraceHeader",
    "Transfer",
    "Transition",
    "UpdateInfo",
    "check_packet",
    "check_reading",
    "check_report",
    "deadlines",
    "document_id",
    "find_originals",
    "known_document",
    "may_send",
    "media_type_of",
    "packet_from_json",
    "packet_schema",
    "packet_to_json",
    "parse_document_id",
    "parse_json",
    "read_packet",
    "safe_file_name",
    "same_document",
    "standings",
    "stream_packet",
    "timeline",
    "write_packet",
    "zip_like_sdk",
]
