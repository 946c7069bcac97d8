"""The last values that can be written, and the first that can't."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone, tzinfo

import pytest

from lienthong.schemas.edxml import DocumentPacket, StatusPacket, read_packet, write_packet
from lienthong.schemas.errors import FieldUnwritable

LAST_BEFORE_A_GAP = "\t\n\r \ud7ff\ue000\ufffd\U00010000\U0010ffff"  # the ends of the ranges of XML 1.0, production 2


class Nowhere(tzinfo):
    """A zone that doesn't tell how far it is from UTC."""

    def utcoffset(self, _: datetime | None) -> timedelta | None:
        return None

    def dst(self, _: datetime | None) -> timedelta | None:
        return None

    def tzname(self, _: datetime | None) -> str | None:
        return None


def test_every_character_that_xml_has_is_written(document: DocumentPacket) -> None:
    """Also those beside a gap come back as they were."""
    packet = replace(document, subject=f"a{LAST_BEFORE_A_GAP}b", trace_attributes=(("id", LAST_BEFORE_A_GAP),))
    assert read_packet(write_packet(packet)).packet == packet


@pytest.mark.parametrize("code", [0x0, 0x8, 0xB, 0xC, 0xE, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_characters_beside_those_that_xml_has_are_refused(document: DocumentPacket, code: int) -> None:
    """In an element and in an attribute; what XML lacks is never left out in silence."""
    for packet in (replace(document, subject=f"a{chr(code)}"), replace(document, trace_attributes=(("id", chr(code)),))):
        with pytest.raises(FieldUnwritable) as refused:
            write_packet(packet)
        assert f"U+{code:04X}" in refused.value.sentence("en")


def test_time_in_a_zone_that_tells_no_offset_is_refused(status: StatusPacket) -> None:
    """It would be taken for a time of the machine's own zone."""
    moment = datetime(2026, 11, 20, 10, tzinfo=Nowhere())
    with pytest.raises(FieldUnwritable) as refused:
        write_packet(replace(status, timestamp=moment))
    assert refused.value.element.endswith("Timestamp")


def test_time_of_any_zone_is_written_in_that_of_viet_nam(status: StatusPacket) -> None:
    """Up to the last second before the calendar ends there."""
    moment = datetime(9999, 12, 31, 22, 59, 59, tzinfo=timezone(timedelta(hours=6)))
    raw = write_packet(replace(status, timestamp=moment))
    assert b"<edXML:Timestamp>9999/12/31 23:59:59<" in raw
    with pytest.raises(FieldUnwritable):
        write_packet(replace(status, timestamp=moment + timedelta(seconds=1)))
