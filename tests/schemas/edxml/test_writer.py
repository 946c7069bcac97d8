"""Writing packets in the layout that the axes accept."""

from dataclasses import replace
from datetime import datetime

import pytest
from lxml import etree

from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import DocumentPacket, StatusPacket, TraceHeader, write_packet
from lienthong.schemas.errors import FieldUnwritable
from lienthong.schemas.xml import parse

STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
    <edXML:edXMLHeader>
      <edXML:MessageHeader>
        <edXML:From>
          <edXML:OrganId>G22</edXML:OrganId>
          <edXML:OrganName>Văn phòng Chính phủ</edXML:OrganName>
        </edXML:From>
        <edXML:ResponseFor>
          <edXML:OrganId>H42.12</edXML:OrganId>
          <edXML:Code>12/SKHCN-VP</edXML:Code>
          <edXML:PromulgationDate>2026/11/20</edXML:PromulgationDate>
          <edXML:DocumentId>H42.12,2026/11/20,12/SKHCN-VP</edXML:DocumentId>
        </edXML:ResponseFor>
        <edXML:StaffInfo>
          <edXML:Department>Văn thư</edXML:Department>
          <edXML:Staff>Nguyễn Văn A</edXML:Staff>
        </edXML:StaffInfo>
        <edXML:StatusCode>03</edXML:StatusCode>
        <edXML:Description>Đã vào sổ văn bản đến</edXML:Description>
        <edXML:Timestamp>2026/11/20 10:00:00</edXML:Timestamp>
      </edXML:MessageHeader>
    </edXML:edXMLHeader>
  </edXML:edXMLEnvelope>
</edXML>
"""


def test_status_packet_is_written_to_the_letter(status: StatusPacket) -> None:
    """A status packet has exactly these bytes: prefixes, order, two digits, local time, no body."""
    assert write_packet(status).decode() == STATUS


def test_prefixes_are_those_of_the_national_axis(document: DocumentPacket) -> None:
    """The root and the attachments are unprefixed, everything from the envelope down bears `edXML:`."""
    root = parse(write_packet(document)).root
    envelope, attachments = root
    assert [element.prefix for element in (root, envelope, attachments)] == [None, "edXML", None]
    assert {element.prefix for element in envelope.iter()} == {"edXML"}
    assert {element.prefix for element in attachments.iter()} == {None}
    assert envelope.nsmap == {None: root.nsmap[None], "edXML": root.nsmap[None]}


def test_elements_stand_in_the_order_of_the_guide(document: DocumentPacket) -> None:
    """DocumentId comes last in the header, and the business after the trace."""
    root = parse(write_packet(document)).root
    names = [[etree.QName(child).localname for child in element] for element in (root[0][0][0], root[0][0][1])]
    assert names == [
        [
            "From",
            "To",
            "To",
            "Code",
            "PromulgationInfo",
            "DocumentType",
            "Subject",
            "SignerInfo",
            "ToPlaces",
            "OtherInfo",
            "SteeringType",
            "DocumentId",
        ],
        ["TraceHeader", "Bussiness"],
    ]


def test_absent_values_are_left_out_not_invented(document: DocumentPacket) -> None:
    """No due date, type detail or website appears that nobody gave."""
    raw = write_packet(document)
    for name in (b"DueDate", b"TypeDetail", b"Website", b"Competence", b"Content>", b"ResponseFor"):
        assert b"edXML:" + name not in raw
    assert b"AttachmentEncoded" not in write_packet(replace(document, attachments=()))


@pytest.mark.parametrize(("bad", "named"), [("a\x00b", "U+0000"), ("\x1f", "U+001F"), ("\ud800", "U+D800"), ("\uffff", "U+FFFF")])
def test_character_that_xml_lacks_is_refused_by_element(document: DocumentPacket, bad: str, named: str) -> None:
    """The error names element and character, never the text."""
    with pytest.raises(FieldUnwritable) as caught:
        write_packet(replace(document, subject="secret" + bad))
    assert caught.value.element == "edXML/edXMLEnvelope/edXMLHeader/MessageHeader/Subject"
    assert named in str(caught.value)
    assert f"XML không chứa được ký tự {named}." in caught.value.sentence("vi")
    assert "secret" not in str(caught.value)


def test_time_without_zone_is_refused(document: DocumentPacket) -> None:
    """A time of unknown zone is never guessed."""
    trace = TraceHeader(organisation="H42.12", timestamp=datetime(2026, 1, 1))  # noqa: DTZ001  that is the point
    with pytest.raises(FieldUnwritable):
        write_packet(replace(document, trace=(trace,)))


def test_unknown_status_is_written_as_it_came(status: StatusPacket) -> None:
    """A code outside the list travels unchanged, a known one as two digits."""
    assert b"<edXML:StatusCode>14<" in write_packet(replace(status, status="14"))
    assert b"<edXML:StatusCode>01<" in write_packet(replace(status, status=Status.RECEIVED))
