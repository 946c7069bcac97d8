"""What a packet should satisfy before it leaves, and what is worth a word when it arrives.

A handful of rules whose source is known. In profile `send` a rule is an error only where its source is a primary text or a vendor
artefact; everything else warns, and everything warns in profile `read`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Literal

from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Place, Problem
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml.findings import Rule
from lienthong.schemas.edxml.models import DocumentPacket, Packet, StatusPacket

REQUIRED = Rule(
    code="LT-EDXML-201",
    en="{element} is required and empty.",
    vi="{element} là bắt buộc nhưng để trống.",
    certainty="V",
    source="edxml.md §1.3, present in all vendor samples; the smallest accepted packets have it",
)
DATE_FORM = Rule(
    code="LT-EDXML-202",
    en="{element} is not a date or time in the form {expected}.",
    vi="{element} không phải là ngày giờ theo dạng {expected}.",
    certainty="V",
    source="edxml.md §1.4.1",
)
FUTURE_DATE = Rule(
    code="LT-EDXML-203",
    en="{element} lies in the future: {value}.",
    vi="{element} ở tương lai: {value}.",
    certainty="C",
    source="edxml.md §1.4.1, §5.3",
)
REPEATED_RECIPIENT = Rule(
    code="LT-EDXML-204",
    en="Recipient {value} occurs {count} times.",
    vi="Nơi nhận {value} xuất hiện {count} lần.",
    certainty="C",
    source="edxml.md §5.3",
)
TOO_LONG = Rule(
    code="LT-EDXML-205",
    en="{element} has {length} characters; others accept {limit}.",
    vi="{element} dài {length} ký tự; hệ thống khác chỉ nhận {limit}.",
    certainty="C",
    source="edxml.md §1.4.1",
)
STATUS_UNKNOWN = Rule(
    code="LT-EDXML-206",
    en="Status code {value} is none of 01–06, 13, 15, 16.",
    vi="Mã trạng thái {value} không thuộc 01–06, 13, 15, 16.",
    certainty="V",
    source="edxml.md §1.7.2",
)
REASON_MISSING = Rule(
    code="LT-EDXML-207",
    en="A rejection needs its reason in Description.",
    vi="Từ chối phải nêu lý do tại Description.",
    certainty="C",
    source="edxml.md §5.3",
)
REPEATED_ATTACHMENT = Rule(
    code="LT-EDXML-208",
    en="Attachment id {value} occurs {count} times.",
    vi="Mã tệp đính kèm {value} xuất hiện {count} lần.",
    certainty="V",
    source="edxml.md §1.5: the manifest and the attachments are matched by it",
)
MADE_UP = Rule(
    code="LT-EDXML-209",
    en="{element} holds the filler '{value}' instead of a value.",
    vi="{element} chứa giá trị giả '{value}' thay cho giá trị thật.",
    certainty="C",
    source="edxml.md §7.3 D9",
)

RULES = (
    REQUIRED,
    DATE_FORM,
    FUTURE_DATE,
    REPEATED_RECIPIENT,
    TOO_LONG,
    STATUS_UNKNOWN,
    REASON_MISSING,
    REPEATED_ATTACHMENT,
    MADE_UP,
)

_FILLERS = ("null", "n/a", "undefined")
_Found = tuple[Rule, str, dict[str, object]]  # rule, path of the element, values of the sentence


def check_packet(packet: Packet, *, profile: Literal["read", "send"] = "read", now: datetime | None = None) -> tuple[Problem, ...]:
    """Return what a packet breaks, errors first.

    Args:
        packet: The packet as a value.
        profile: `send` before a packet leaves, `read` for one that came.
        now: The present, with time zone; None asks the machine's clock.

    Source: each rule names its own; edxml.md §1.3–1.4, §5.3.
    """
    today = (now or datetime.now(UTC)).astimezone(HO_CHI_MINH).date()
    broken = _status(packet) if isinstance(packet, StatusPacket) else _document(packet, today)
    problems = [
        rule.problem(fields, place=Place(path=path), level="error" if profile == "send" and rule.certainty in ("P", "V") else "warning")
        for rule, path, fields in broken
    ]
    return tuple(sorted(problems, key=lambda problem: problem.level))


def _document(packet: DocumentPacket, today: date) -> Iterator[_Found]:
    yield from _codes({"From/OrganId": packet.sender.code} | {f"To[{n}]/OrganId": to.code for n, to in enumerate(packet.recipients, 1)})
    if not packet.recipients:
        yield REQUIRED, "To", {"element": "To"}
    yield from _codes({"Code/CodeNumber": packet.number, "Code/CodeNotation": packet.notation, "DocumentId": packet.document_id})
    yield from _required({"Subject": packet.subject, "DocumentType/TypeName": packet.document_type.name})
    yield from _required({"SignerInfo/FullName": packet.signer.full_name})
    yield from _date("PromulgationInfo/PromulgationDate", packet.promulgation_date, required=True)
    yield from _date("DueDate", packet.due_date)
    if isinstance(packet.promulgation_date, date) and packet.promulgation_date > today:
        path = "PromulgationInfo/PromulgationDate"
        yield FUTURE_DATE, path, {"element": path, "value": packet.promulgation_date.isoformat()}
    if not packet.trace:
        yield REQUIRED, "TraceHeaderList/TraceHeader", {"element": "TraceHeaderList/TraceHeader"}
    for number, trace in enumerate(packet.trace, 1):
        yield from _time(f"TraceHeader[{number}]/Timestamp", trace.timestamp)
    for code, count in Counter(recipient.code for recipient in packet.recipients).items():
        if count > 1:
            yield REPEATED_RECIPIENT, "To/OrganId", {"value": code, "count": count}
    for number, attachment in enumerate(packet.attachments, 1):
        yield from _required(
            {f"Attachment[{number}]/ContentId": attachment.content_id, f"Attachment[{number}]/AttachmentName": attachment.name}
        )
    for content_id, count in Counter(attachment.content_id for attachment in packet.attachments).items():
        if count > 1:
            yield REPEATED_ATTACHMENT, "Attachment/ContentId", {"value": content_id, "count": count}
    yield from _lengths(packet)


def _lengths(packet: DocumentPacket) -> Iterator[_Found]:
    rows: list[tuple[str, str, int]] = [
        ("Code/CodeNumber", packet.number, 11),
        ("Code/CodeNotation", packet.notation, 30),
        ("PromulgationInfo/Place", packet.promulgation_place, 50),
        ("DocumentType/TypeName", packet.document_type.name, 100),
        ("Subject", packet.subject, 500),
        ("Content", packet.content, 500),
        ("OtherInfo/SphereOfPromulgation", packet.other.sphere, 100),
        ("OtherInfo/TyperNotation", packet.other.typist_notation, 10),
    ]
    rows += ((f"ToPlaces/Place[{number}]", place, 150) for number, place in enumerate(packet.to_places, 1))
    for path, party in (("From", packet.sender), *((f"To[{number}]", to) for number, to in enumerate(packet.recipients, 1))):
        rows += (
            (f"{path}/OrganId", party.code, 35),
            (f"{path}/OrganizationInCharge", party.in_charge, 500),
            (f"{path}/OrganName", party.name, 200),
            (f"{path}/OrganAdd", party.address, 500),
            (f"{path}/Email", party.email, 100),
            (f"{path}/Telephone", party.telephone, 20),
            (f"{path}/Fax", party.fax, 20),
        )
    for path, text, limit in rows:
        if len(text) > limit:
            yield TOO_LONG, path, {"element": path, "length": len(text), "limit": limit}


def _status(packet: StatusPacket) -> Iterator[_Found]:
    yield from _codes({"From/OrganId": packet.sender.code, "ResponseFor/OrganId": packet.response_for.organisation})
    yield from _codes({"ResponseFor/Code": packet.response_for.code, "ResponseFor/DocumentId": packet.response_for.document_id})
    yield from _date("ResponseFor/PromulgationDate", packet.response_for.promulgation_date)
    yield from _time("Timestamp", packet.timestamp)
    if not isinstance(packet.status, Status):
        yield STATUS_UNKNOWN, "StatusCode", {"value": packet.status}
    if packet.status == Status.REJECTED and not packet.description.strip():
        yield REASON_MISSING, "Description", {"element": "Description"}


def _required(values: dict[str, str]) -> Iterator[_Found]:
    for path, value in values.items():
        if not value.strip():
            yield REQUIRED, path, {"element": path}


def _codes(values: dict[str, str]) -> Iterator[_Found]:
    yield from _required(values)
    for path, value in values.items():
        if value.strip().lower() in _FILLERS:
            yield MADE_UP, path, {"element": path, "value": value}


def _date(path: str, value: date | str | None, *, required: bool = False) -> Iterator[_Found]:
    if isinstance(value, str):
        yield DATE_FORM, path, {"element": path, "expected": "yyyy/MM/dd"}
    elif value is None and required:
        yield REQUIRED, path, {"element": path}


def _time(path: str, value: datetime | str) -> Iterator[_Found]:
    if isinstance(value, str):
        yield DATE_FORM, path, {"element": path, "expected": "yyyy/MM/dd HH:mm:ss"}
