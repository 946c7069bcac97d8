"""What is written is read back as it was."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from lienthong.core.blob import Blob
from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import media_type_of, read_packet, write_packet
from lienthong.schemas.edxml.models import (
    Attachment,
    Attributes,
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
from zips import zipped

OURS = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
HEADER = "edXMLEnvelope/edXMLHeader"
MESSAGE = f"{HEADER}/MessageHeader"
T = TypeVar("T")


def ours(name: str) -> str:
    return f"{{{OURS}}}{name}"


def tuples(of: st.SearchStrategy[T], most: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(of, max_size=most).map(tuple)


# Texts

words = st.sampled_from(
    [
        "Văn bản",
        "thu hồi",
        "KT. BỘ TRƯỞNG",
        "<b>",
        "&amp;",
        "]]>",
        '"',
        "'",
        "\n",
        "\r\n",
        "\t",
        "<!-- -->",
        "<![CDATA[",
        "\u2028",
        "\U0001f4c4",
    ]
)
any_form = st.one_of(
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=12),
    st.lists(words, max_size=4).map(" ".join),
)
text = any_form.map(partial(unicodedata.normalize, "NFC")) | any_form.map(partial(unicodedata.normalize, "NFD"))
some_text = text.map(lambda value: value if value.strip() else f"{value}v")  # an element of white space alone says nothing
code = st.text("0123456789ABCDEFGHabcđĐ.,/-<&", min_size=1, max_size=12)
maybe_code = st.just("") | code
day = st.none() | st.dates(min_value=date(1945, 9, 2)) | st.sampled_from(["2014/02/30", "2026-11-20", "hôm nay"])
moment = st.integers(min_value=170_000_000, max_value=4_100_000_000).map(
    lambda second: datetime.fromtimestamp(second, UTC)
) | st.sampled_from(["2015/13/01 00:00:00", "20/11/2026", ""])
odd = st.sampled_from(["1.5", "hai", "5x", "<1>"])  # no number, no flag
number = st.integers(min_value=-99, max_value=99999) | odd
maybe_number = st.none() | number
flag = st.none() | st.booleans() | odd


# Kept elements

attribute = st.tuples(
    st.sampled_from(["a", "b", "{urn:x}a", ours("a"), "{http://www.w3.org/1999/xlink}href", "{http://www.w3.org/XML/1998/namespace}lang"]),
    text,
)
attributes: st.SearchStrategy[Attributes] = st.lists(attribute, max_size=3, unique_by=lambda pair: pair[0]).map(sorted).map(tuple)
strange_name = st.sampled_from(
    [ours("Lạ"), ours("Stamp"), "Plain", "{urn:x}Foreign", "{urn:y}Foreign", "{http://www.w3.org/2000/09/xmldsig#}Object"]
)


def without_layout(element: OtherElement) -> OtherElement:
    """White space alone between children is layout."""
    if element.children and not any(part.strip() for part in (element.text, *(child.tail for child in element.children))):
        return replace(element, text="", children=tuple(replace(child, tail="") for child in element.children))
    return element


def elements(names: st.SearchStrategy[str]) -> st.SearchStrategy[OtherElement]:
    """Kept elements with some text inside."""
    inner = st.recursive(
        st.builds(OtherElement, name=strange_name, text=text, attributes=attributes, tail=text),
        lambda deeper: st.builds(OtherElement, name=strange_name, text=text, attributes=attributes, tail=text, children=tuples(deeper)).map(
            without_layout
        ),
        max_leaves=4,
    )
    return st.builds(OtherElement, name=names, text=some_text, attributes=attributes, children=tuples(inner)).map(without_layout)


def in_order(others: Iterable[OtherElement]) -> tuple[OtherElement, ...]:
    """The order in which a reading gives them."""
    return tuple(sorted(others, key=lambda element: (element.inside, element.name)))


def kept(*containers: str, twice: Iterable[str] = ()) -> st.SearchStrategy[tuple[OtherElement, ...]]:
    """What a model keeps: strange elements in some of its containers, and repeated ones of those that it surely has."""
    places = st.sampled_from(["", *containers])
    strange = st.builds(lambda element, place: replace(element, inside=place), elements(strange_name), places)
    repeated = [elements(st.just(ours(name))) for name in twice]
    return st.just(()) | st.lists(st.one_of(strange, *repeated), max_size=3).map(in_order)


# Models

parties = st.builds(
    Party,
    code=code,
    name=text,
    in_charge=text,
    address=text,
    email=text,
    telephone=text,
    fax=text,
    website=text,
    others=kept(twice=["OrganId"]),
)
document_types = st.just(DocumentType(name="", number=None)) | st.builds(
    DocumentType, name=some_text, number=maybe_number, detail=maybe_number, others=kept(twice=["TypeName"])
)
signers = st.just(SignerInfo(full_name="")) | st.builds(
    SignerInfo, full_name=some_text, position=text, competence=text, others=kept(twice=["FullName"])
)
other_infos = st.just(OtherInfo(priority=None)) | st.builds(
    OtherInfo,
    priority=number,
    sphere=text,
    typist_notation=text,
    copies=maybe_number,
    pages=maybe_number,
    direction=flag,
    appendixes=tuples(some_text),
    reply_fors=st.none() | elements(st.just(ours("ReplyFors"))),
    reference_codes=st.none() | elements(st.just(ours("ReferenceCodes"))),
    others=kept("Appendixes", twice=["Priority"]),
)
responses = st.builds(
    ResponseFor,
    organisation=code,
    code=maybe_code,
    promulgation_date=day,
    document_id=maybe_code,
    others=kept(twice=["OrganId"]),
)
staff = st.none() | st.builds(
    StaffInfo,
    name=some_text,
    department=text,
    email=text,
    mobile=text,
    staff_id=maybe_code,
    department_id=maybe_code,
    others=kept(twice=["Staff"]),
)
traces = st.builds(TraceHeader, organisation=code, timestamp=moment, others=kept(twice=["OrganId"]))
receivers = st.builds(ReceiverChange, organisation=code, kind=maybe_number, others=kept(twice=["OrganId"]))
updates = st.builds(UpdateInfo, document=flag, recipients=flag, receivers=tuples(receivers), others=kept("ReceiverList")).filter(
    lambda update: update != UpdateInfo()
)
replacements = st.builds(Replacement, document_id=code, organisations=tuples(code), others=kept("OrganIdList", twice=["DocumentId"]))
businesses = st.builds(
    Business,
    type=st.sampled_from(BusinessType),
    reason=text,
    document_id=maybe_code,
    paper=flag,
    update=st.none() | updates,
    replacements=tuples(replacements),
    staff=staff,
    others=kept("ReplacementInfoList", twice=["BussinessDocType"]),
)
errors = tuples(st.builds(PacketError, code=code, description=text, others=kept(twice=["Code"])))
references = st.builds(
    Reference, content_id=code, name=text, media_type=maybe_code, description=text, attributes=attributes, others=kept(twice=["ContentId"])
)


@st.composite
def attached(draw: st.DrawFn, number: int) -> Attachment:
    content = draw(st.binary(max_size=40).map(lambda rest: b"%PDF-" + rest) | st.binary(min_size=1, max_size=40))
    name = draw(some_text).replace(".", "_") + ".pdf"
    content_id, media_type = f"a{number}", media_type_of(name, content)
    as_ours = Transfer(content_id=f"cid:{content_id}", media_type=media_type)
    transfer = Transfer(
        content_id=draw(st.sampled_from([f"cid:{content_id}", content_id, f"cid:cid:{content_id}"])),
        media_type=draw(st.just(media_type) | maybe_code),
        content=draw(st.none() | st.just(Blob.of_bytes(zipped(("7f.pdf", content))))),
    )
    return Attachment(
        content_id=content_id,
        name=name,
        media_type=media_type,
        content=Blob.of_bytes(content),
        description=draw(text),
        transfer=None if transfer == as_ours else transfer,
        field_name=draw(text),
        mime_type=draw(text),
        others=draw(kept(twice=["AttachmentName"])),
    )


attachments = st.integers(0, 3).flatmap(lambda count: st.tuples(*(attached(number) for number in range(count))))


def only_if_its_own(packet: DocumentPacket) -> DocumentPacket:
    """A manifest that just lists the attachments isn't one of its own; attributes of an element without content are kept with it."""
    if packet.manifest == tuple(attachment.reference for attachment in packet.attachments):
        packet = replace(packet, manifest=None)
    if not packet.trace and packet.business is None:
        packet = replace(packet, trace_attributes=())
    return packet


@st.composite
def with_namesakes(draw: st.DrawFn, packets: st.SearchStrategy[DocumentPacket]) -> DocumentPacket:
    """Add elements of known names to the header: anything where the packet has a value, empty ones where it has none."""
    packet = draw(packets)
    message = etree.fromstring(write_packet(replace(packet, others=())))[0][0][0]
    there = {str(child.tag).rpartition("}")[2] for child in message}
    single = (
        "Code",
        "PromulgationInfo",
        "DocumentType",
        "Subject",
        "Content",
        "SignerInfo",
        "DueDate",
        "ToPlaces",
        "OtherInfo",
        "DocumentId",
    )
    names = draw(
        st.lists(st.sampled_from([*single, "To", "ResponseFor", "ResponseForTask", "ApplicationType", "SteeringType"]), max_size=3)
    )
    more = [
        replace(draw(elements(st.just(ours(name)))) if name in single and name in there else OtherElement(name=ours(name)), inside=MESSAGE)
        for name in names
    ]
    return replace(packet, others=in_order((*packet.others, *more)))


documents = with_namesakes(
    st.builds(
        DocumentPacket,
        sender=parties,
        recipients=st.lists(parties, min_size=1, max_size=3).map(tuple),
        number=maybe_code,
        notation=maybe_code,
        promulgation_place=st.just("") | some_text,
        promulgation_date=day,
        document_type=document_types,
        subject=text,
        content=text,
        signer=signers,
        due_date=day,
        to_places=tuples(some_text),
        other=other_infos,
        response_for=tuples(responses),
        steering_type=maybe_number,
        document_id=maybe_code,
        tasks=tuples(code),
        application_type=maybe_code,
        trace=tuples(traces),
        trace_attributes=attributes,
        business=st.none() | businesses,
        errors=errors,
        attachments=attachments,
        manifest=st.none() | tuples(references),
        others=kept(
            "edXMLEnvelope",
            HEADER,
            MESSAGE,
            f"{MESSAGE}/Code",
            f"{MESSAGE}/PromulgationInfo",
            f"{MESSAGE}/ToPlaces",
            f"{MESSAGE}/ResponseForTask",
            f"{HEADER}/TraceHeaderList",
            f"{HEADER}/ErrorList",
            "edXMLEnvelope/edXMLBody",
            "edXMLEnvelope/edXMLBody/edXMLManifest",
            "AttachmentEncoded",
        ).flatmap(lambda others: st.just(others) | signed(others)),
    ).map(only_if_its_own)
)


def signed(others: tuple[OtherElement, ...]) -> st.SearchStrategy[tuple[OtherElement, ...]]:
    names = st.sampled_from([ours("Signature"), ours("DigitalSignature"), "{http://www.w3.org/2000/09/xmldsig#}Signature"])
    return elements(names).map(lambda signature: in_order((*others, replace(signature, inside=HEADER))))


statuses = st.builds(
    StatusPacket,
    sender=parties,
    response_for=responses,
    status=st.sampled_from(Status) | st.sampled_from(["14", "3", "x"]),
    timestamp=moment,
    description=text,
    staff=staff,
    errors=errors,
    others=kept("edXMLEnvelope", HEADER, MESSAGE, f"{HEADER}/ErrorList").flatmap(lambda others: st.just(others) | signed(others)),
)


calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure


@calmly
@given(documents)
def test_document_written_and_read_is_the_same_packet(packet: DocumentPacket) -> None:
    """Every field survives: text in any normal form, markup, line ends, absent values, odd values, kept elements and bytes."""
    assert_round_trip(packet)


@calmly
@given(statuses)
def test_status_written_and_read_is_the_same_packet(packet: StatusPacket) -> None:
    """Every field survives, as a document's do."""
    assert_round_trip(packet)


def assert_round_trip(packet: Packet) -> None:
    written = write_packet(packet)
    assert read_packet(written).packet == packet
    assert write_packet(packet) == written
