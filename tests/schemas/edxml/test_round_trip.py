"""What is written is read back as it was."""

import unicodedata
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from lienthong.core.blob import Blob
from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import (
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
    media_type_of,
    read_packet,
    write_packet,
)

words = st.sampled_from(
    ["Văn bản", "thu hồi", "KT. BỘ TRƯỞNG", "<b>", "&amp;", "]]>", '"', "'", "\n", "\r\n", "\t", "<!-- -->", "\U0001f4c4"]
)
text = st.one_of(
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=12),
    st.lists(words, max_size=4).map(" ".join),
).flatmap(lambda value: st.sampled_from([unicodedata.normalize(form, value) for form in ("NFC", "NFD")]))
some_text = text.filter(bool)
code = st.text("0123456789ABCDEFGHabcđĐ.,/-<&", min_size=1, max_size=12)
day = st.dates(min_value=date(1945, 9, 2)) | st.sampled_from(["2014/02/30", "2026-11-20", "hôm nay"])
moment = st.integers(min_value=170_000_000, max_value=4_100_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
count = st.integers(min_value=-99, max_value=99999)

parties = st.builds(Party, code=code, name=text, in_charge=text, address=text, email=text, telephone=text, fax=text, website=text)
staff = st.none() | st.builds(StaffInfo, name=text, department=text, email=text, mobile=text)
responses = st.builds(ResponseFor, organisation=code, code=code, promulgation_date=st.none() | day, document_id=code | st.just(""))


@st.composite
def attached(draw: st.DrawFn) -> tuple[Attachment, ...]:
    contents = draw(st.lists(st.binary(max_size=40).map(lambda rest: b"%PDF-" + rest) | st.binary(max_size=40), max_size=3))
    names = [draw(some_text.filter(str.strip)) for _ in contents]
    return tuple(
        Attachment(
            content_id=f"a{number}",
            name=name,
            media_type=media_type_of(name, content),
            content=Blob.of_bytes(content),
            description=draw(text),
        )
        for number, (name, content) in enumerate(zip(names, contents, strict=True))
    )


documents = st.builds(
    DocumentPacket,
    sender=parties,
    recipients=st.lists(parties, min_size=1, max_size=3).map(tuple),
    number=code,
    notation=code,
    promulgation_place=text,
    promulgation_date=st.none() | day,
    document_type=st.builds(DocumentType, name=text, number=count, detail=st.none() | count),
    subject=text,
    content=text,
    signer=st.builds(SignerInfo, full_name=text, position=text, competence=text),
    due_date=st.none() | day,
    to_places=st.lists(some_text, max_size=3).map(tuple),
    other=st.builds(
        OtherInfo,
        priority=st.integers(0, 4),
        sphere=text,
        typist_notation=text,
        copies=st.none() | count,
        pages=st.none() | count,
        direction=st.none() | st.booleans(),
        appendixes=st.lists(some_text, max_size=2).map(tuple),
    ),
    response_for=st.lists(responses, max_size=2).map(tuple),
    steering_type=st.integers(0, 2),
    document_id=code,
    trace=st.lists(st.builds(TraceHeader, organisation=code, timestamp=moment | st.just("hôm qua")), max_size=2).map(tuple),
    business=st.builds(
        Business, type=st.sampled_from(BusinessType), reason=text, document_id=code | st.just(""), paper=st.booleans(), staff=staff
    ),
    attachments=attached(),
)
statuses = st.builds(
    StatusPacket,
    sender=parties,
    response_for=responses,
    status=st.sampled_from(Status) | st.sampled_from(["14", "3", "x"]),
    timestamp=moment | st.sampled_from(["2015/13/01 00:00:00", "20/11/2026"]),
    description=text,
    staff=staff,
)


@given(documents | statuses)
def test_packet_written_and_read_is_the_same_packet(packet: Packet) -> None:
    """Text in any normal form, markup characters, line ends, absent values and bytes survive, and writing is deterministic."""
    written = write_packet(packet)
    assert read_packet(written).packet == packet
    assert write_packet(packet) == written
