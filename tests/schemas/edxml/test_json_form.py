"""Packets as JSON: complete, stable, described by a schema, and hard to mislead."""

import copy
import json
import types
import typing
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lienthong.core.blob import Blob
from lienthong.core.errors import Place
from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import packet_from_json, packet_schema, packet_to_json, parse_json
from lienthong.schemas.edxml.models import (
    Attachment,
    Attributes,
    Business,
    DocumentPacket,
    DocumentType,
    OtherElement,
    Packet,
    Party,
    Reference,
    ResponseFor,
    SignerInfo,
    StatusPacket,
    Transfer,
    UpdateInfo,
)
from lienthong.schemas.errors import FieldUnwritable, JsonUnusable, NotJson, ReferenceUnsafe
from zips import zipped

VALIDATOR = Draft202012Validator(packet_schema())

# Every field of every model, whatever its type allows

texts = st.text(st.characters(codec="utf-8"), max_size=6)
attributes = st.dictionaries(texts, texts, max_size=2).map(lambda pairs: tuple(sorted(pairs.items())))
elements = st.recursive(
    st.builds(OtherElement, name=texts, text=texts, attributes=attributes, tail=texts, inside=texts),
    lambda inner: st.builds(OtherElement, name=texts, children=st.lists(inner, max_size=2).map(tuple)),
    max_leaves=3,
)
LEAVES: dict[object, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(10**18) + 1, 10**18 - 1),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(max_value=datetime(9999, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    Status: st.sampled_from(Status),
    BusinessType: st.sampled_from(BusinessType),
    Blob: st.binary(max_size=8).map(Blob.of_bytes),
    OtherElement: elements,
    types.NoneType: st.none(),
}


def anything(hint: Any, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    if hint in LEAVES:
        return LEAVES[hint]
    if hint == Attributes:
        return attributes
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return st.one_of(*map(anything, typing.get_args(hint)))
    if typing.get_origin(hint) is tuple:
        return st.lists(anything(typing.get_args(hint)[0]), max_size=2).map(tuple)
    kinds = typing.get_type_hints(hint)
    built = st.builds(hint, **{name: fields[name] if name in fields else anything(kind) for name, kind in kinds.items()})
    return built.map(as_it_travelled) if hint is Attachment else built


MADE_UP = "00000000-0000-0000-0000-000000000000.bin"  # as the axis' own SDK names a file in a zip


def as_it_travelled(attachment: Attachment) -> Attachment:
    """Return an attachment for which nothing travelled but a zip around it."""
    if attachment.transfer is None or attachment.transfer.content is None:
        return attachment
    content = Blob.of_bytes(zipped((MADE_UP, attachment.content.read()))) if attachment.content.size else None
    return replace(attachment, transfer=replace(attachment.transfer, content=content))


codes = texts.map(lambda text: f"H{text}")
coded = anything(Party, code=codes)
documents = anything(DocumentPacket, sender=coded, recipients=st.tuples(coded) | st.tuples(coded, anything(Party)))
statuses = anything(StatusPacket, sender=coded, response_for=anything(ResponseFor, organisation=codes))
packets = documents | statuses


def once_through_json(packet: Packet) -> Packet:
    plain = packet_to_json(packet)
    VALIDATOR.validate(plain)
    return packet_from_json(parse_json(json.dumps(plain, ensure_ascii=False).encode()))


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(packets)
def test_packet_from_its_json_is_the_same_packet(packet: Packet) -> None:
    """Whatever a packet holds in any field comes back as it was, and its JSON satisfies the schema."""
    assert once_through_json(packet) == packet
    assert packet_to_json(once_through_json(packet)) == packet_to_json(packet)


@pytest.fixture
def full(document: DocumentPacket) -> DocumentPacket:
    [attached] = document.attachments
    travelled = Blob.of_bytes(zipped(("7e.pdf", attached.content.read())))
    in_a_zip = Transfer(content_id="a1", media_type="application/zip", content=travelled)
    return replace(
        document,
        due_date="2014/02/30",
        attachments=(replace(attached, transfer=in_a_zip),),
        manifest=(),
        trace_attributes=(("version", "1.0"),),
        business=Business(type=BusinessType.UPDATE, update=UpdateInfo(document=True, recipients="có")),
        others=(OtherElement(name="{urn:x}a", children=(OtherElement(name="b", text="t", tail="u"),)),),
    )


def test_form_is_the_documented_one(full: DocumentPacket) -> None:
    """Names, dates, times, codes, the wire's text and content stand as the page about the form says; what is empty is left out."""
    plain: Any = packet_to_json(full)
    assert (plain["format"], plain["kind"]) == ("lienthong-edxml/1", "document")
    assert plain["recipients"] == [{"code": "H42.13", "name": "Sở Nội vụ"}, {"code": "G22"}]
    assert plain["promulgation_date"] == "2026-11-20"
    assert plain["due_date"] == {"text": "2014/02/30"}
    assert plain["trace"] == [{"organisation": "H42.12", "timestamp": "2026-11-20T08:02:03+07:00"}]
    assert plain["trace_attributes"] == {"version": "1.0"}
    assert plain["business"] == {"type": 2, "paper": False, "update": {"document": True, "recipients": {"text": "có"}}}
    assert plain["manifest"] == []
    assert plain["others"] == [{"name": "{urn:x}a", "children": [{"name": "b", "text": "t", "tail": "u"}]}]
    assert plain["attachments"][0]["content"] == {
        "sha256": full.attachments[0].content.sha256,
        "size": 14,
        "base64": "JVBERi0xLjQKJSVFT0Y=",
    }
    assert "content" not in plain
    assert "application_type" not in plain


def test_status_stands_as_its_code_and_other_text_as_text(status: StatusPacket) -> None:
    """A status is one of nine codes; the wire's text that is none of them can't be taken for one."""
    assert packet_to_json(status)["status"] == "03"
    assert packet_to_json(replace(status, status="14"))["status"] == {"text": "14"}
    assert packet_to_json(status)["timestamp"] == "2026-11-20T10:00:00+07:00"


def test_what_is_left_out_is_empty_not_the_default_of_a_model(document: DocumentPacket) -> None:
    """A packet that doesn't say what it does isn't made to say "new" on its way through JSON."""
    silent = replace(document, business=None, steering_type=None, manifest=None)
    plain = packet_to_json(silent)
    assert not {"business", "steering_type", "manifest"} & plain.keys()
    assert packet_from_json(plain) == silent
    assert packet_from_json({**plain, "business": None, "steering_type": None, "manifest": None}) == silent


def test_time_of_any_offset_is_read(status: StatusPacket) -> None:
    """A time is an instant, whatever offset it is written with."""
    plain = packet_to_json(status)
    for written in ("2026-11-20T03:00:00Z", "2026-11-19T22:00:00-05:00", "2026-11-20T03:00:00.000+00:00"):
        assert packet_from_json({**plain, "timestamp": written}) == status
    elsewhere = replace(status, timestamp=datetime(2026, 11, 19, 22, tzinfo=timezone(-timedelta(hours=5))))
    assert packet_to_json(elsewhere) == plain


def test_content_by_reference_is_kept_and_found_again(full: DocumentPacket) -> None:
    """`refer` gets every blob with its attachment's name, also what travelled around it, and `resolve` finds it."""
    kept: dict[str, Blob] = {}

    def refer(blob: Blob, name: str) -> str:
        kept[f"attachments/{name}"] = blob
        return f"attachments/{name}"

    plain: Any = packet_to_json(full, refer=refer)
    VALIDATOR.validate(plain)
    assert list(kept) == ["attachments/tờ-trình.pdf", "attachments/tờ-trình.pdf.as-sent"]
    assert plain["attachments"][0]["content"]["file"] == "attachments/tờ-trình.pdf"
    assert packet_from_json(plain, resolve=kept.__getitem__) == full


def test_content_that_nobody_keeps_is_shown_by_digest_and_size_and_read_by_nobody(full: DocumentPacket) -> None:
    """Without a reference no byte is read, and reader and schema refuse what has no bytes."""
    unread = Blob.stored("0" * 64, 7, Path("nowhere"))
    packet = replace(full, attachments=(replace(full.attachments[0], content=unread),))
    plain: Any = packet_to_json(packet, refer=lambda _blob, _name: None)
    assert plain["attachments"][0]["content"] == {"sha256": "0" * 64, "size": 7}
    assert not VALIDATOR.is_valid(plain)
    refused(plain, "/attachments/0/content", "either base64 or file")


def test_published_schema_is_the_one_of_the_models() -> None:
    """packet.schema.json is what the models say; after a change of theirs, write `packet_schema()` there, indented by two."""
    published = files("lienthong.schemas.edxml").joinpath("packet.schema.json").read_text(encoding="utf-8")
    assert published == json.dumps(packet_schema(), ensure_ascii=False, indent=2) + "\n"
    Draft202012Validator.check_schema(packet_schema())


# What isn't a packet's JSON

Mutation = tuple[tuple[str | int, ...], object, str, str]

WRONG: list[Mutation] = [
    (("format",), "lienthong-edxml/2", "/format", '"lienthong-edxml/1"'),
    (("kind",), "letter", "/kind", '"document" or "status"'),
    (("kind",), ["document"], "/kind", '"document" or "status"'),
    (("subject",), 7, "/subject", "a text is expected"),
    (("subject",), None, "/subject", "a text is expected"),
    (("subject",), {"text": "x"}, "/subject", "a text is expected"),
    (("sender",), [], "/sender", "an object is expected"),
    (("recipients",), {}, "/recipients", "a list is expected"),
    (("recipients",), [], "/recipients", "at least one organisation with its code"),
    (("recipients",), [{"code": ""}], "/recipients", "at least one organisation with its code"),
    (("sender", "code"), "", "/sender/code", "a code that isn't empty"),
    (("recipients", 0), "H42", "/recipients/0", "an object is expected"),
    (("sender", "cod"), "H42", "/sender/cod", "did you mean code?"),
    (("sender", "a/b~c"), "H42", "/sender/a~1b~0c", "no such member"),
    (("promulgation_date",), "2026/11/20", "/promulgation_date", "2026-11-20"),
    (("promulgation_date",), "20261120", "/promulgation_date", '{"text": …}'),
    (("promulgation_date",), {"text": "x", "more": 1}, "/promulgation_date", '{"text": …}'),
    (("promulgation_date",), {"text": 1}, "/promulgation_date", '{"text": …}'),
    (("promulgation_date",), 20261120, "/promulgation_date", '{"text": …}'),
    (("trace", 0, "timestamp"), "2026-11-20T08:02:03", "/trace/0/timestamp", "a time with its offset"),
    (("trace", 0, "timestamp"), "2026-11-20 08:02:03+07:00", "/trace/0/timestamp", "a time with its offset"),
    (("steering_type",), 10**18, "/steering_type", "at most 18 digits"),
    (("steering_type",), 1.5, "/steering_type", "a whole number"),
    (("steering_type",), "1", "/steering_type", "a whole number"),
    (("steering_type",), True, "/steering_type", "a whole number"),
    (("business", "type"), 4, "/business/type", "one of 0, 1, 2, 3"),
    (("business", "type"), None, "/business/type", "one of 0, 1, 2, 3"),
    (("business", "paper"), 0, "/business/paper", "true or false"),
    (("trace_attributes",), {"a": 1}, "/trace_attributes", "an object of texts"),
    (("trace_attributes",), [["a", "b"]], "/trace_attributes", "an object of texts"),
    (("to_places", 1), 3, "/to_places/1", "a text is expected"),
    (("manifest",), {}, "/manifest", "a list is expected"),
    (("attachments", 0, "content"), "AAAA", "/attachments/0/content", "an object is expected"),
    (("attachments", 0, "content", "file"), "a.pdf", "/attachments/0/content", "either base64 or file"),
    (("attachments", 0, "content", "sha256"), "A" * 64, "/attachments/0/content/sha256", "SHA-256"),
    (("attachments", 0, "content", "size"), "14", "/attachments/0/content/size", "the number of its bytes"),
    (("attachments", 0, "content", "size"), -1, "/attachments/0/content/size", "it has 14 bytes"),
    (("attachments", 0, "content", "base64"), 1, "/attachments/0/content/base64", "base64"),
    (("attachments", 0, "content", "sha-256"), "", "/attachments/0/content/sha-256", "did you mean sha256?"),
]
WRONG_ONLY_TO_US: list[Mutation] = [
    (("promulgation_date",), "2026-02-30", "/promulgation_date", "there is no such day"),
    (("trace", 0, "timestamp"), "2026-11-20T25:02:03+07:00", "/trace/0/timestamp", "there is no such day or time"),
    (("trace", 0, "timestamp"), "9999-12-31T23:59:59-07:00", "/trace/0/timestamp", "there is no such day or time"),
    (("steering_type",), 1.0, "/steering_type", "a whole number"),
    (("subject",), "\ud800", "/subject", "a text is expected"),
    (
        ("attachments", 0, "content", "sha256"),
        "0" * 64,
        "/attachments/0/content/sha256",
        "isn't the one that the JSON describes: its SHA-256",
    ),
    (("attachments", 0, "content", "size"), 15, "/attachments/0/content/size", "isn't the one that the JSON describes: it has 14 bytes"),
    (("attachments", 0, "content", "base64"), "JVBERi0xLjQKJSVFT0Y", "/attachments/0/content/base64", "base64"),
    (("attachments", 0, "content", "base64"), "JVBE\nRi0xLjQKJSVFT0Y=", "/attachments/0/content/base64", "base64"),
]


def mutated(plain: object, path: tuple[str | int, ...], value: object) -> Any:
    copied: Any = copy.deepcopy(plain)
    inner = copied
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return copied


@pytest.mark.parametrize(("path", "value", "pointer", "expected"), WRONG, ids=lambda value: str(value)[:30])
def test_what_the_schema_refuses_is_refused_with_place_and_expectation(
    document: DocumentPacket, path: tuple[str | int, ...], value: object, pointer: str, expected: str
) -> None:
    """A wrong member is named by its JSON pointer with what is expected there, in both languages, and its value isn't shown."""
    plain = mutated(packet_to_json(document), path, value)
    assert not VALIDATOR.is_valid(plain)
    refused(plain, pointer, expected)


@pytest.mark.parametrize(("path", "value", "pointer", "expected"), WRONG_ONLY_TO_US, ids=lambda value: repr(value)[:30])
def test_what_no_schema_can_tell_is_refused_too(
    document: DocumentPacket, path: tuple[str | int, ...], value: object, pointer: str, expected: str
) -> None:
    """Days that don't exist, bytes that aren't those of the digest, and base64 that is cut short are refused in the same way."""
    refused(mutated(packet_to_json(document), path, value), pointer, expected)


def refused(plain: object, pointer: str, expected: str) -> JsonUnusable:
    with pytest.raises(JsonUnusable) as caught:
        packet_from_json(plain, source="gói.json")
    error = caught.value
    assert error.place.path == pointer
    assert error.place.source == "gói.json"
    assert expected in error.sentence("en")
    assert not {"expected", "member", "describes", "such"} & set(error.sentence("vi").split())
    assert error.__cause__ is None
    return error


def test_missing_members_are_named(document: DocumentPacket) -> None:
    """Every member that is always there is missed when it isn't, by schema and reader; every other one may go."""
    plain = packet_to_json(document)
    for name in plain:
        rest = {key: value for key, value in plain.items() if key != name}
        if VALIDATOR.is_valid(rest):
            packet_from_json(rest)
        else:
            refused(rest, f"/{name}", "missing" if name not in ("format", "kind") else "is expected")
    assert {"subject", "promulgation_date", "other"} <= plain.keys()


@pytest.mark.parametrize("plain", [None, 7, "x", [], True, {1: 2}], ids=str)
def test_what_is_no_object_is_no_packet(plain: object) -> None:
    """Any other JSON value is refused at the top."""
    with pytest.raises(JsonUnusable) as caught:
        packet_from_json(plain)
    assert caught.value.sentence("en") == "JSON: an object is expected."


def test_value_is_never_shown(document: DocumentPacket) -> None:
    """Neither sentence nor cause nor context of an error has what stood in the wrong place."""
    for path in (("promulgation_date",), ("subject",), ("business", "type"), ("trace", 0, "timestamp")):
        with pytest.raises(JsonUnusable) as caught:
            packet_from_json(mutated(packet_to_json(document), path, ["012345678901"]))
        assert "012345678901" not in repr(caught.value.problem())


@pytest.mark.parametrize(
    "reference",
    ["../x", "a/../../x", "/etc/passwd", "a//b", "./a", "a/", "", "..", "C:\\x", "c:x", "a\\..\\b", "a\x00b", "a\nb", "\\\\host\\share"],
)
def test_reference_that_leads_out_is_never_followed(document: DocumentPacket, reference: str) -> None:
    """A reference upwards, absolute, or odd on any system is refused before anybody looks for it."""

    def resolve(reference: str) -> Blob:
        raise AssertionError(reference)

    plain = by_reference(document, reference)
    with pytest.raises(ReferenceUnsafe) as caught:
        packet_from_json(plain, resolve=resolve)
    assert caught.value.place.path == "/attachments/0/content/file"


def by_reference(document: DocumentPacket, reference: object) -> Any:
    blob = document.attachments[0].content
    content = {"sha256": blob.sha256, "size": blob.size, "file": reference}
    return mutated(packet_to_json(document), ("attachments", 0, "content"), content)


def test_reference_that_cannot_be_resolved_is_named(document: DocumentPacket) -> None:
    """Without a folder, without the file, or with other bytes in it, the place of the reference is named, not its text."""

    def missing(_reference: str) -> Blob:
        raise FileNotFoundError(2, "No such file or directory", "/secret")

    def elsewhere(_reference: str) -> Blob:
        raise ReferenceUnsafe(place=Place())

    plain = by_reference(document, "a.pdf")
    cases: list[tuple[Callable[[str], Blob] | None, str, str]] = [
        (None, "/attachments/0/content/file", "no folder"),
        (missing, "/attachments/0/content/file", "No such file"),
        (
            lambda _: Blob.of_bytes(b"other"),
            "/attachments/0/content/size",
            "the file isn't the one that the JSON describes: it has 5 bytes",
        ),
        (
            lambda _: Blob.of_bytes(b"%PDF-1.4\n%%EOX"),
            "/attachments/0/content/sha256",
            "the file isn't the one that the JSON describes: its SHA-256 is another one",
        ),
    ]
    for resolve, pointer, expected in cases:
        with pytest.raises(JsonUnusable) as caught:
            packet_from_json(plain, resolve=resolve)
        assert caught.value.place.path == pointer
        assert expected in str(caught.value)
        assert "a.pdf" not in str(caught.value)
    with pytest.raises(ReferenceUnsafe) as unsafe:
        packet_from_json(plain, resolve=elsewhere)
    assert unsafe.value.place.path == "/attachments/0/content/file"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "JSON: it is empty"),
        (b"\xef\xbb\xbf \n", "JSON: it is empty"),
        (b'{"a": 1,}', "JSON:1:"),
        (b'{"a": 1, "a": 2}', "JSON /a: the member a stands twice"),
        (b'[{}, {"a": {"b/c": 1, "x": [{"y": 1, "y": 2}], "b/c": 2}}]', "JSON /1/a/b~1c: the member b/c stands twice"),
        (b'{"a": {"b": 1, "b": 2}, "a": 3}', "JSON /a: the member a stands twice"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b"[-Infinity]", "-Infinity is no JSON number"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b"[" * 200_000, "too deeply"),
        (b'{"a":' * 200_000, "too deeply"),
        (b"1" * 5000, "too long"),
        (b'"\x01"', "control character"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
    ],
    ids=[
        "nothing",
        "blank",
        "comma",
        "twice",
        "twice inside",
        "twice below twice",
        "NaN",
        "Infinity",
        "not UTF-8",
        "lists",
        "objects",
        "digits",
        "control",
        "UTF-16",
    ],
)
def test_what_is_no_single_minded_json_is_refused(content: bytes, expected: str) -> None:
    """Whatever isn't JSON with one meaning is our own error with its place."""
    with pytest.raises(NotJson) as caught:
        parse_json(content)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("content", "en", "vi"),
    [
        (b"<edXML/>", "a value is expected", "cần một giá trị"),
        (b'{"a": 1 "b": 2}', "a comma is expected", "cần dấu phẩy"),
        (b'{"a" 1}', "a colon is expected", "cần dấu hai chấm"),
        (b"{a: 1}", "a name in double quotes is expected", "cần tên trong dấu ngoặc kép"),
        (b'["a', "a text that begins here doesn't end", "chuỗi ký tự bắt đầu từ đây không kết thúc"),
        (b"{} {}", "something follows the end", "còn nội dung sau khi đã kết thúc"),
        (b'"\x01"', "a text holds a control character", "chuỗi ký tự chứa ký tự điều khiển"),
        (b'"\\x"', "a backslash begins no escape", "dấu gạch chéo ngược không mở đầu"),
        (b'"\\u12"', "a backslash begins no escape", "dấu gạch chéo ngược không mở đầu"),
        (b"", "it is empty", "không có nội dung"),
        (b"[NaN]", "NaN is no JSON number", "NaN không phải là số"),
        (b'{"a": 1, "a": 2}', "the member a stands twice", "thành phần a có hai lần"),
    ],
)
def test_what_is_wrong_with_json_is_said_in_both_languages(content: bytes, en: str, vi: str) -> None:
    """No sentence of the decoder stands in ours, in either language."""
    with pytest.raises(NotJson) as caught:
        parse_json(content)
    assert en in caught.value.sentence("en")
    assert vi in caught.value.sentence("vi")
    assert "máy báo" not in caught.value.sentence("vi")


def test_status_to_nobody_is_refused(status: StatusPacket) -> None:
    """A status packet goes to the organisation that it answers; schema and reader want its code."""
    plain = packet_to_json(replace(status, response_for=replace(status.response_for, organisation="")))
    assert not VALIDATOR.is_valid(plain)
    refused(plain, "/response_for/organisation", "a code that isn't empty")


def test_byte_order_mark_is_no_matter(status: StatusPacket) -> None:
    """Some editors put one in front."""
    assert packet_from_json(parse_json(b"\xef\xbb\xbf" + json.dumps(packet_to_json(status)).encode())) == status


def test_elements_as_deep_as_xml_may_be_go_through_and_deeper_ones_are_refused(status: StatusPacket) -> None:
    """A hundred elements inside each other, the parser's cap, are fine; thousands are an error and no crash, in both directions."""

    def nested(depth: int) -> OtherElement:
        element = OtherElement(name="a")
        for _ in range(depth - 1):
            element = OtherElement(name="a", children=(element,))
        return element

    deep = replace(status, others=(nested(100),))
    assert once_through_json(deep) == deep
    with pytest.raises(FieldUnwritable):
        packet_to_json(replace(status, others=(nested(900),)))
    plain: dict[str, object] = {"name": "a"}
    for _ in range(5000):
        plain = {"name": "a", "children": [plain]}
    with pytest.raises(JsonUnusable):
        packet_from_json({**packet_to_json(status), "others": [plain]})


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": datetime(2026, 11, 20)},  # noqa: DTZ001
        {"timestamp": datetime.max.replace(tzinfo=UTC)},
        {"description": "\ud800"},
        {"status": "\ud800"},
    ],
    ids=["no zone", "end of time", "half a character", "half a status"],
)
def test_value_that_could_not_be_read_back_is_refused(status: StatusPacket, changes: dict[str, object]) -> None:
    """A value that JSON can't carry is named by its place instead of being written wrongly."""
    with pytest.raises(FieldUnwritable) as caught:
        packet_to_json(replace(status, **changes))
    assert caught.value.element == f"/{next(iter(changes))}"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(data=st.data(), value=json_values)
def test_nothing_but_our_own_errors_leaves_the_reader(data: st.DataObject, value: object) -> None:
    """A packet's JSON with any value in any place is read or refused by an error of ours; what the schema refuses is refused."""
    plain = copy.deepcopy(EXAMPLE)
    inner: Any = plain
    while True:
        key: Any = data.draw(st.sampled_from(list(inner) if isinstance(inner, dict) else list(range(len(inner)))))
        if not isinstance(inner[key], dict | list) or not inner[key] or data.draw(st.booleans()):
            break
        inner = inner[key]
    inner[key] = value
    try:
        packet_from_json(plain)
    except (JsonUnusable, ReferenceUnsafe):
        return
    VALIDATOR.validate(plain)


EXAMPLE = packet_to_json(
    DocumentPacket(
        sender=Party(code="H42"),
        recipients=(Party(code="G22"),),
        number="1",
        notation="A",
        promulgation_date=date(2026, 11, 20),
        document_type=DocumentType(name="x"),
        subject="y",
        signer=SignerInfo(full_name="z"),
        document_id="d",
        attachments=(Attachment(content_id="a", name="b", media_type="c", content=Blob.of_bytes(b"d")),),
        manifest=(Reference(content_id="a", attributes=(("x", "y"),)),),
    )
)
