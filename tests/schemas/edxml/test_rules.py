"""Checking packets as values."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lienthong.core.blob import Blob
from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.findings import MOST, RULES, Rule
from lienthong.schemas.edxml.models import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherInfo,
    Packet,
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
from lienthong.schemas.edxml.rules import check_packet

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
UUID = "9fbfbad2-f1f8-4256-a2eb-50fb1061cddb"
PDF = Blob.of_bytes(b"%PDF-1.4\n%%EOF")
FILE = Attachment(content_id="a1", name="a.pdf", media_type="application/pdf", content=PDF)
LINE = Reference(content_id="cid:a1", name="a.pdf", media_type="application/pdf")
ANSWERED = ResponseFor(organisation="G22", code="7816/VPCP-TTĐT", promulgation_date=date(2026, 9, 30), document_id=UUID)
TIME = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
UPDATE = Business(type=BusinessType.UPDATE, document_id=UUID, update=UpdateInfo(document=True))
BUSSINESS = "TraceHeaderList/Bussiness"
NFD = unicodedata.normalize("NFD", "Đã đến")

Row = tuple[Rule, str, dict[str, object]]


def to(field: str) -> Callable[[str], dict[str, object]]:
    return lambda text: {"recipients": (replace(Party(code="G22"), **{field: text}),)}  # type: ignore[arg-type]


def of_size(size: int) -> Attachment:
    return replace(FILE, content=Blob(PDF.sha256, size, PDF.read()))


def travelling(size: int) -> Transfer:
    return Transfer(content_id="cid:a1", media_type="application/pdf", content=of_size(size).content)


DOCUMENTS: list[Row] = [
    (found.REQUIRED, "From/OrganId", {"sender": Party(code="")}),
    (found.REQUIRED, "To", {"recipients": ()}),
    (found.REQUIRED, "To[1]/OrganId", {"recipients": (Party(code=" "),)}),
    (found.REQUIRED, "Code/CodeNumber", {"number": ""}),
    (found.REQUIRED, "Code/CodeNotation", {"notation": ""}),
    (found.REQUIRED, "Subject", {"subject": "\n"}),
    (found.REQUIRED, "DocumentId", {"document_id": ""}),
    (found.REQUIRED, "DocumentType/TypeName", {"document_type": DocumentType(name="")}),
    (found.REQUIRED, "DocumentType/Type", {"document_type": DocumentType(name="Công văn", number=None)}),
    (found.REQUIRED, "OtherInfo/Priority", {"other": OtherInfo(priority=None)}),
    (found.REQUIRED, "SteeringType", {"steering_type": None}),
    (found.REQUIRED, "SignerInfo/FullName", {"signer": SignerInfo(full_name="")}),
    (found.REQUIRED, "PromulgationInfo/PromulgationDate", {"promulgation_date": None}),
    (found.REQUIRED, "TraceHeaderList/TraceHeader", {"trace": ()}),
    (found.REQUIRED, "TraceHeaderList/TraceHeader[1]/Timestamp", {"trace": (TraceHeader(organisation="", timestamp=""),)}),
    (found.REQUIRED, "AttachmentEncoded/Attachment[1]/AttachmentName", {"attachments": (replace(FILE, name=""),)}),
    (found.REQUIRED, "AttachmentEncoded/Attachment[1]/ContentId", {"attachments": (replace(FILE, content_id=""),)}),
    (
        found.REQUIRED,
        f"{BUSSINESS}/BussinessDocumentInfo/ReceiverList/Receiver[1]/OrganId",
        {"business": replace(UPDATE, update=UpdateInfo(recipients=True, receivers=(ReceiverChange(organisation=""),)))},
    ),
    (
        found.REQUIRED,
        f"{BUSSINESS}/ReplacementInfoList/ReplacementInfo[1]/DocumentId",
        {"business": Business(type=BusinessType.REPLACE, replacements=(Replacement(document_id=""),))},
    ),
    (found.DATE_FORM, "PromulgationInfo/PromulgationDate", {"promulgation_date": "2026-11-20"}),
    (found.DATE_FORM, "DueDate", {"due_date": "2026/02/30"}),
    (found.DATE_FORM, "DueDate", {"due_date": TIME}),
    (found.DATE_FORM, "ResponseFor[1]/PromulgationDate", {"response_for": (replace(ANSWERED, promulgation_date="mai"),)}),
    (found.DATE_FORM, "TraceHeaderList/TraceHeader[1]/Timestamp", {"trace": (TraceHeader(organisation="H42", timestamp="mai"),)}),
    (found.FUTURE_DATE, "PromulgationInfo/PromulgationDate", {"promulgation_date": date(2026, 11, 23), "document_id": UUID}),
    (
        found.REPEATED_RECIPIENT,
        "To[3]/OrganId",
        {"recipients": (Party(code="G22"), Party(code="H42"), Party(code="G22"), Party(code="G22"))},
    ),
    (found.REASON_MISSING, f"{BUSSINESS}/BussinessDocReason", {"business": Business(type=BusinessType.RECALL, document_id=UUID)}),
    (found.REPEATED_ATTACHMENT, "AttachmentEncoded/Attachment[2]/ContentId", {"attachments": (FILE, FILE)}),
    (found.MADE_UP, "To[1]/OrganId", {"recipients": (Party(code="null"),)}),
    (found.MADE_UP, "Code/CodeNumber", {"number": "N/A", "document_id": UUID}),
    (found.MADE_UP, "DocumentId", {"document_id": "undefined"}),
    (found.MADE_UP, "SignerInfo/FullName", {"signer": SignerInfo(full_name=" NULL ")}),
    (found.MADE_UP, "ToPlaces/Place[1]", {"to_places": ("n/a",)}),
    (found.MADE_UP, "AttachmentEncoded/Attachment[1]/AttachmentName", {"attachments": (replace(FILE, name="undefined"),)}),
    (found.MADE_UP, f"{BUSSINESS}/StaffInfo/Staff", {"business": Business(staff=StaffInfo(name="null"))}),
    (found.NUMBER_FORM, "DocumentType/Type", {"document_type": DocumentType(name="Công văn", number="một")}),
    (found.NUMBER_FORM, "DocumentType/TypeDetail", {"document_type": DocumentType(name="Công văn", detail="x")}),
    (found.NUMBER_FORM, "OtherInfo/PageAmount", {"other": OtherInfo(pages="hai")}),
    (found.NUMBER_FORM, "SteeringType", {"steering_type": "x"}),
    (found.FLAG_FORM, "OtherInfo/Direction", {"other": OtherInfo(direction="có")}),
    (found.FLAG_FORM, f"{BUSSINESS}/Paper", {"business": Business(paper="2")}),
    (
        found.FLAG_FORM,
        f"{BUSSINESS}/BussinessDocumentInfo/DocumentInfo",
        {"business": replace(UPDATE, update=UpdateInfo(document="x"))},
    ),
    (found.AMOUNT_RANGE, "OtherInfo/PromulgationAmount", {"other": OtherInfo(copies=65536)}),
    (found.AMOUNT_RANGE, "OtherInfo/PageAmount", {"other": OtherInfo(pages=-1)}),
    (found.PRIORITY, "OtherInfo/Priority", {"other": OtherInfo(priority=5)}),
    (found.STEERING, "SteeringType", {"steering_type": 3}),
    (found.CODE_LONG, "To[1]/OrganId", {"recipients": (Party(code="H42" + ".ABCDEFGHIJ" * 3),)}),
    (found.CODE_FORM, "To[1]/OrganId", {"recipients": (Party(code="vxp.saas.03"),)}),
    (found.CODE_FORM, "TraceHeaderList/TraceHeader[1]/OrganId", {"trace": (TraceHeader(organisation="001.00.20.TT2", timestamp=TIME),)}),
    (
        found.CODE_FORM,
        f"{BUSSINESS}/ReplacementInfoList/ReplacementInfo[1]/OrganIdList/OrganId[2]",
        {"business": Business(type=BusinessType.REPLACE, replacements=(Replacement(document_id=UUID, organisations=("H42", "x")),))},
    ),
    (found.DOCUMENT_ID_FORM, "DocumentId", {"document_id": "12/SKHCN-VP"}),
    (found.DOCUMENT_ID_FORM, "ResponseFor[1]/DocumentId", {"response_for": (replace(ANSWERED, document_id="x"),)}),
    (found.DOCUMENT_ID_DIFFERS, "DocumentId", {"document_id": "H42.13,2026/11/20,12/SKHCN-VP"}),
    (found.DOCUMENT_ID_DIFFERS, "DocumentId", {"document_id": "H42.12,2026/02/30,12/SKHCN-VP"}),
    (found.DOCUMENT_ID_DIFFERS, "DocumentId", {"document_id": "H42.12,2026/11/20,13/SKHCN-VP"}),
    (found.CHANGED_UNNAMED, f"{BUSSINESS}/DocumentId", {"business": replace(UPDATE, document_id="")}),
    (found.CHANGED_UNNAMED, f"{BUSSINESS}/ReplacementInfoList", {"business": Business(type=BusinessType.REPLACE)}),
    (found.RECALLED_UNNAMED, f"{BUSSINESS}/DocumentId", {"business": Business(type=BusinessType.RECALL, reason="nhầm")}),
    (found.UPDATE_UNSAID, f"{BUSSINESS}/BussinessDocumentInfo", {"business": replace(UPDATE, update=None)}),
    (
        found.UPDATE_RECEIVERS,
        f"{BUSSINESS}/BussinessDocumentInfo/DocumentReceiver",
        {"business": replace(UPDATE, update=UpdateInfo(document=True, recipients=True))},
    ),
    (
        found.UPDATE_RECEIVERS,
        f"{BUSSINESS}/BussinessDocumentInfo/DocumentReceiver",
        {"business": replace(UPDATE, update=UpdateInfo(recipients=False, receivers=(ReceiverChange(organisation="G22", kind=0),)))},
    ),
    (found.NOT_OF_THIS_KIND, f"{BUSSINESS}/BussinessDocumentInfo", {"business": replace(UPDATE, type=BusinessType.NEW)}),
    (
        found.NOT_OF_THIS_KIND,
        f"{BUSSINESS}/ReplacementInfoList",
        {"business": replace(UPDATE, replacements=(Replacement(document_id=UUID),))},
    ),
    (
        found.RECEIVER_TYPE,
        f"{BUSSINESS}/BussinessDocumentInfo/ReceiverList/Receiver[1]/ReceiverType",
        {"business": replace(UPDATE, update=UpdateInfo(recipients=True, receivers=(ReceiverChange(organisation="G22", kind=2),)))},
    ),
    (found.DUE_BEFORE, "DueDate", {"due_date": date(2026, 11, 19)}),
    (found.RESPONSE_INCOMPLETE, "ResponseFor[2]/Code", {"response_for": (ANSWERED, replace(ANSWERED, code=""))}),
    (found.SUBJECT_FILLED, "Subject", {"subject": "eDoc"}),
    (found.KIND_FORCED, "DocumentType/TypeName", {"notation": "QĐ-SKHCN", "document_id": UUID}),
    (found.TOO_LARGE, "AttachmentEncoded", {"attachments": (of_size(50_000_001),)}),
    (found.TOO_LARGE, "AttachmentEncoded", {"attachments": (of_size(25_000_000), replace(of_size(25_000_001), content_id="a2"))}),
    (found.TOO_LARGE, "AttachmentEncoded", {"attachments": (replace(FILE, transfer=travelling(50_000_001)),)}),
    (found.FILE_NAME, "AttachmentEncoded/Attachment[1]/AttachmentName", {"attachments": (replace(FILE, name="../a.pdf"),)}),
    (found.FILE_NAME, "AttachmentEncoded/Attachment[1]/AttachmentName", {"attachments": (replace(FILE, name="C:\\a.pdf"),)}),
    (found.NUMBER_ODD, "Code/CodeNumber", {"number": "74fass22", "document_id": UUID}),
    (found.MISLABELLED, "AttachmentEncoded/Attachment[1]/ContentType", {"attachments": (replace(FILE, media_type="application/zip"),)}),
    (
        found.MISLABELLED,
        "AttachmentEncoded/Attachment[1]/ContentType",
        {"attachments": (replace(FILE, transfer=Transfer(content_id="cid:a1", media_type="application/zip")),)},
    ),
    (
        found.NO_ATTACHMENT,
        "edXMLBody/edXMLManifest/Reference[2]",
        {"attachments": (FILE,), "manifest": (LINE, replace(LINE, content_id="a2"))},
    ),
    (found.NO_REFERENCE, "AttachmentEncoded/Attachment[1]/ContentId", {"attachments": (FILE,), "manifest": ()}),
    (
        found.NAMES_DIFFER,
        "edXMLBody/edXMLManifest/Reference[1]/AttachmentName",
        {"attachments": (FILE,), "manifest": (replace(LINE, name="b"),)},
    ),
    (
        found.TYPES_DIFFER,
        "edXMLBody/edXMLManifest/Reference[1]/ContentType",
        {"attachments": (FILE,), "manifest": (replace(LINE, media_type="x"),)},
    ),
    (
        found.DESCRIPTIONS_DIFFER,
        "edXMLBody/edXMLManifest/Reference[1]/Description",
        {"attachments": (replace(FILE, description="a"),), "manifest": (replace(LINE, description="b"),)},
    ),
    (
        found.IDS_DIFFER,
        "edXMLBody/edXMLManifest/Reference[1]/ContentId",
        {"attachments": (FILE,), "manifest": (replace(LINE, content_id="a1"),)},
    ),
    (
        found.REPEATED_REFERENCE,
        "edXMLBody/edXMLManifest/Reference[2]/ContentId",
        {"attachments": (FILE, replace(FILE, content_id="a2")), "manifest": (LINE, LINE, replace(LINE, content_id="cid:a2"))},
    ),
]
LENGTHS: list[tuple[Rule, str, int, Callable[[str], dict[str, object]]]] = [  # of a document, and what is accepted of each
    (found.TOO_LONG, "Subject", 500, lambda text: {"subject": text}),
    (found.TOO_LONG, "Content", 500, lambda text: {"content": text}),
    (found.TOO_LONG, "Code/CodeNumber", 11, lambda text: {"number": text, "document_id": UUID}),
    (found.TOO_LONG, "Code/CodeNotation", 30, lambda text: {"notation": text, "document_id": UUID}),
    (found.TOO_LONG, "PromulgationInfo/Place", 50, lambda text: {"promulgation_place": text}),
    (found.TOO_LONG, "ToPlaces/Place[2]", 150, lambda text: {"to_places": ("x", text)}),
    (found.TOO_LONG, "DocumentType/TypeName", 100, lambda text: {"document_type": DocumentType(name=text)}),
    (found.TOO_LONG, "OtherInfo/SphereOfPromulgation", 100, lambda text: {"other": OtherInfo(sphere=text)}),
    (found.TOO_LONG, "OtherInfo/TyperNotation", 10, lambda text: {"other": OtherInfo(typist_notation=text)}),
    (found.TOO_LONG, "From/OrganName", 200, lambda text: {"sender": Party(code="H42.12", name=text)}),
    (found.TOO_LONG, "To[1]/OrganizationInCharge", 500, to("in_charge")),
    (found.TOO_LONG, "To[1]/OrganName", 200, to("name")),
    (found.TOO_LONG, "To[1]/OrganAdd", 500, to("address")),
    (found.TOO_LONG, "To[1]/Email", 100, to("email")),
    (found.TOO_LONG, "To[1]/Telephone", 20, to("telephone")),
    (found.TOO_LONG, "To[1]/Fax", 20, to("fax")),
    (found.WEBSITE_LONG, "From/Website", 20, lambda text: {"sender": Party(code="H42.12", website=text)}),
    (found.WEBSITE_LONG, "To[1]/Website", 20, to("website")),
]
DOCUMENTS += [(rule, path, change("1" * (limit + 1))) for rule, path, limit, change in LENGTHS]
STATUSES: list[Row] = [
    (found.REQUIRED, "StatusCode", {"status": ""}),
    (found.REQUIRED, "Timestamp", {"timestamp": ""}),
    (found.REQUIRED, "ResponseFor/Code", {"response_for": replace(ANSWERED, code="")}),
    (found.REQUIRED, "ResponseFor/DocumentId", {"response_for": replace(ANSWERED, document_id="")}),
    (found.REQUIRED, "ResponseFor/OrganId", {"response_for": replace(ANSWERED, organisation="")}),
    (found.RESPONSE_INCOMPLETE, "ResponseFor/PromulgationDate", {"response_for": replace(ANSWERED, promulgation_date=None)}),
    (found.DATE_FORM, "Timestamp", {"timestamp": "2026-11-20 08:00"}),
    (found.STATUS_UNKNOWN, "StatusCode", {"status": "14"}),
    (found.REASON_MISSING, "Description", {"status": Status.REJECTED, "description": ""}),
    (found.REASON_MISSING, "Description", {"status": Status.CHANGE_REJECTED, "description": " "}),
    (found.REASON_MISSING, "Description", {"status": Status.RECALL_REQUESTED, "sender": Party(code="H42.12"), "description": ""}),
    (found.TOO_LONG, "Description", {"status": Status.REJECTED, "description": "1" * 1001}),
    (found.MADE_UP, "Description", {"description": "undefined"}),
    (found.WEBSITE_LONG, "From/Website", {"sender": Party(code="G22", website="1" * 21)}),
    (found.WRONG_SIDE, "From/OrganId", {"status": Status.RECALL_REQUESTED}),
    (
        found.WRONG_SIDE,
        "From/OrganId",
        {
            "sender": Party(code="000.00.12.H42"),
            "response_for": ResponseFor(
                organisation="G22", code="12/SKHCN-VP", promulgation_date=date(2026, 11, 20), document_id="H42.12,2026/11/20,12/SKHCN-VP"
            ),
        },
    ),
    (found.DOCUMENT_ID_DIFFERS, "ResponseFor/DocumentId", {"response_for": replace(ANSWERED, document_id="G22,2026/09/30,1/VPCP")}),
]
NARROW: list[tuple[str, Row]] = [
    ("send", (found.NOT_NFC, "Content", {"content": NFD})),
    ("axis-bkav", (found.KIND_ACCEPTED, "DocumentType/Type", {"document_type": DocumentType(name="Công văn", number=18)})),
    ("axis-bkav", (found.CODE_OVER_13, "To[1]/OrganId", {"recipients": (Party(code="H42.01.02.0003"),)})),
]
RIGHT: list[dict[str, object]] = [
    {"sender": Party(code="000.00.12.H42")},  # the DocumentId has its new form
    {"document_id": UUID},
    {"document_id": UUID.upper()},
    {"recipients": (Party(code="01.02.G22"), Party(code="00.42.W00"), Party(code="000.00.00.H41"))},
    {"business": None},
    {"business": UPDATE},
    {"business": Business(type=BusinessType.RECALL, reason="Gửi nhầm"), "response_for": (ANSWERED,)},
    {"business": Business(type=BusinessType.REPLACE, replacements=(Replacement(document_id=UUID, organisations=("H42",)),))},
    {"due_date": date(2026, 11, 20)},
    {"trace": (TraceHeader(organisation="", timestamp=TIME),)},  # the smallest packets that were accepted have none
    {"attachments": (replace(FILE, name="Tờ trình số 5.pdf"),), "manifest": (replace(LINE, name="Tờ trình số 5.pdf"),)},
    {"attachments": (of_size(50_000_000),)},
    {"attachments": (replace(of_size(50_000_001), transfer=travelling(50_000_000)),)},  # it counts as it travels
    {"attachments": (replace(FILE, description="a"),), "manifest": (LINE,)},  # what one side leaves out is no difference
    {"attachments": (FILE,), "manifest": (replace(LINE, description="a"),)},
    {"attachments": (FILE,), "manifest": (replace(LINE, name=""),)},
    {"attachments": (FILE,), "manifest": (replace(LINE, media_type=""),)},
    {"attachments": (replace(FILE, transfer=Transfer(content_id="cid:a1", media_type="")),), "manifest": (LINE,)},
    {"attachments": (replace(FILE, transfer=Transfer(content_id="", media_type="application/pdf")),), "manifest": (LINE,)},
    {"other": OtherInfo(priority=4, copies=65535, pages=0), "steering_type": 2},  # the ends of each range
    {"other": OtherInfo(priority=0, copies=0, pages=65535), "steering_type": 0},
    {"business": replace(UPDATE, update=UpdateInfo(recipients=True, receivers=(ReceiverChange(organisation="G22", kind=0),)))},
    {"business": replace(UPDATE, update=UpdateInfo(recipients=True, receivers=(ReceiverChange(organisation="G22", kind=1),)))},
    {"content": NFD},  # only what we author is looked at so closely
]


def check(packet: Packet, profile: str = "send") -> list[tuple[str, str | None, str]]:
    problems = check_packet(packet, profile=profile, now=NOW)
    return [(problem.code, problem.place.path if problem.place else None, problem.level) for problem in problems]


def names(rows: list[Row]) -> list[str]:
    return [f"{rule.code}-{path}" for rule, path, _ in rows]


def test_right_packets_break_nothing(document: DocumentPacket, status: StatusPacket) -> None:
    """A complete document and status pass every profile."""
    for profile in ("read", "send", "axis-national", "axis-langson", "axis-bkav"):
        assert check(document, profile) == check(status, profile) == []


@pytest.mark.parametrize("change", RIGHT, ids=[",".join(change) for change in RIGHT])
def test_what_real_packets_have_breaks_nothing(document: DocumentPacket, change: dict[str, object]) -> None:
    """No rule is stricter than what is known to be right."""
    assert check(replace(document, **change), "read") == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("limit", "change"), [row[2:] for row in LENGTHS], ids=[row[1] for row in LENGTHS])
def test_value_as_long_as_is_accepted_breaks_nothing(
    document: DocumentPacket, limit: int, change: Callable[[str], dict[str, object]]
) -> None:
    """A limit is the last length that passes; one character more is told, as the rows of the next test are."""
    for profile in ("send", "axis-bkav"):
        assert check(replace(document, **change("1" * limit)), profile) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("profile", "code"), [("send", "H42" + ".ABCDEFGH" * 3 + ".ABCD"), ("axis-bkav", "000.00.00.H41")])
def test_code_as_long_as_is_accepted_breaks_nothing(document: DocumentPacket, profile: str, code: str) -> None:
    """It may have 35 characters, and where only the old codes are known 13."""
    assert check(replace(document, recipients=(Party(code=code),)), profile) == []


def test_reason_as_long_as_is_accepted_breaks_nothing(status: StatusPacket) -> None:
    """Who rejects a document has a thousand characters to say why; any other description has no limit."""
    assert check(replace(status, status=Status.REJECTED, description="1" * 1000)) == []
    assert check(replace(status, description="1" * 1001)) == []


@pytest.mark.parametrize(("rule", "path", "change"), DOCUMENTS, ids=names(DOCUMENTS))
def test_document_that_breaks_one_rule_is_told_so(document: DocumentPacket, rule: Rule, path: str, change: dict[str, object]) -> None:
    """One change gives one finding, at its place: an error on sending only where the rule's source is sure, else a warning."""
    broken = replace(document, **change)  # type: ignore[arg-type]
    assert check(broken) == [(rule.code, path, "error" if rule.certainty in ("P", "V") else "warning")]
    assert check(broken, "read") == [(rule.code, path, "warning")]


@pytest.mark.parametrize(("rule", "path", "change"), STATUSES, ids=names(STATUSES))
def test_status_that_breaks_one_rule_is_told_so(status: StatusPacket, rule: Rule, path: str, change: dict[str, object]) -> None:
    """The same for status packets."""
    broken = replace(status, **change)  # type: ignore[arg-type]
    assert check(broken) == [(rule.code, path, "error" if rule.certainty in ("P", "V") else "warning")]


@pytest.mark.parametrize(("profile", "row"), NARROW, ids=[row[0].code for _, row in NARROW])
def test_narrow_rule_speaks_only_where_a_profile_names_it(document: DocumentPacket, profile: str, row: Row) -> None:
    """What only one axis or only our own text is held to, nobody else is bothered with."""
    rule, path, change = row
    broken = replace(document, **change)  # type: ignore[arg-type]
    assert (rule.code, path) in [found[:2] for found in check(broken, profile)]
    assert check(broken, "read") == []


def test_every_rule_of_values_is_broken_by_a_test() -> None:
    """No rule stands there without a packet that breaks it; what the schema and the reader find has tests of its own."""
    elsewhere = {rule.code for rule in RULES if rule.code.startswith(("LT-EDXML-1", "LT-EDXML-22"))}
    tested = {rule.code for rule, _, _ in (*DOCUMENTS, *STATUSES, *(row for _, row in NARROW))}
    assert tested | elsewhere == {rule.code for rule in RULES}


def test_rules_are_told_apart_and_say_the_same_in_both_languages() -> None:
    """Codes are unique; both sentences have the same fields, in normal form C, and each rule names its source."""
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        fields = [{part.partition("}")[0] for part in sentence.split("{")[1:]} for sentence in (rule.en, rule.vi)]
        assert fields[0] == fields[1], rule.code
        assert unicodedata.is_normalized("NFC", rule.vi)
        assert rule.source


def test_finding_names_source_and_certainty_of_its_rule(document: DocumentPacket) -> None:
    """Whoever doubts a finding sees how sure its rule is and where it stands."""
    [problem] = check_packet(replace(document, subject=""), profile="send", now=NOW)
    assert (problem.certainty, problem.source) == ("V", found.REQUIRED.source)
    assert problem.as_json()["certainty"] == "V"


def test_errors_come_first(document: DocumentPacket) -> None:
    """What stops a packet stands above what doesn't."""
    broken = replace(document, recipients=(Party(code="G22"), Party(code="G22")), number="")
    assert [level for _, _, level in check(broken)] == ["error", "warning"]


def test_packet_made_of_mistakes_gives_few_findings_and_its_errors(document: DocumentPacket) -> None:
    """Of thousands of findings of a kind a hundred are told, and no crowd of warnings hides an error."""
    places = ("null",) * 3000
    found_here = check(replace(document, to_places=places, subject=""))
    assert len(found_here) == MOST + 2
    assert found_here[0] == ("LT-EDXML-201", "Subject", "error")
    assert found_here[-1][0] == "LT-EDXML-111"


def test_long_value_of_a_packet_does_not_fill_a_sentence(document: DocumentPacket) -> None:
    """A sentence stays one, whatever stands in the packet."""
    broken = replace(document, recipients=(Party(code="x" * 100_000), Party(code="x" * 100_000)))
    assert all(len(problem.en) < 300 for problem in check_packet(broken, now=NOW))


def test_today_is_told_in_viet_nam(document: DocumentPacket) -> None:
    """A document of the new day isn't from the future while it is still yesterday in UTC."""
    packet = replace(document, promulgation_date=date(2026, 11, 23), document_id=UUID)
    assert check_packet(packet, now=datetime(2026, 11, 22, 18, 0, tzinfo=UTC)) == ()
