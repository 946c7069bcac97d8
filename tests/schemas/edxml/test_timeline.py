"""The timeline of a document."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import Party, StatusPacket, timeline


def report(status: StatusPacket, code: str, minute: int, organisation: str = "G22") -> StatusPacket:
    """Return what an organisation says, or for 13 what is said to it."""
    at = datetime(2026, 11, 20, 3, minute, tzinfo=UTC)
    if code == "13":
        return replace(
            status,
            status=Status(code),
            timestamp=at,
            sender=Party(code="H42.12"),
            response_for=replace(status.response_for, organisation=organisation),
        )
    return replace(status, status=Status(code), timestamp=at, sender=Party(code=organisation))


@pytest.mark.parametrize(
    ("codes", "current"),
    [
        ("01", "01"),
        ("01 03", "03"),
        ("01 02", "02"),
        ("01 03 05 05 06", "06"),
        ("03 01", "03"),
        ("01 03 13", "13"),
        ("01 03 13 15", "15"),
        ("01 03 13 16", "03"),
        ("13 16 13", "13"),
        ("16", "16"),
        ("01 15 03", "03"),
    ],
)
def test_current_state_follows_from_all_reports_in_any_order_of_arrival(status: StatusPacket, codes: str, current: str) -> None:
    """The same reports tell the same story however they arrive, and twice as well as once."""
    reports = [report(status, code, minute) for minute, code in enumerate(codes.split())]
    for arrival in itertools.permutations(reports):
        told = timeline((*arrival, arrival[0]))
        assert told.current("G22") is Status(current)
        assert [entry.at for entry in told.entries] == [packet.timestamp for packet in reports]


def test_each_organisation_has_its_own_state(status: StatusPacket) -> None:
    """One recipient's answer says nothing about another's, and nothing known is None."""
    told = timeline([report(status, "01", 1), report(status, "03", 2), report(status, "02", 3, "H42.13")])
    assert told.organisations() == ("G22", "H42.13")
    assert (told.current("G22"), told.current("H42.13"), told.current("H53")) == (Status.ACCEPTED, Status.REJECTED, None)


def test_request_of_the_sender_stands_at_the_receiver(status: StatusPacket) -> None:
    """A recall request has the opposite direction: it is about the copy of whom it is sent to."""
    (entry,) = timeline([report(status, "13", 1, "H42.13")]).entries
    assert (entry.organisation, entry.reporter, entry.staff) == ("H42.13", "H42.12", "Nguyễn Văn A")


def test_unreadable_time_and_code_are_kept(status: StatusPacket) -> None:
    """Reports that can't be placed are shown first and decide nothing."""
    told = timeline([report(status, "01", 1), replace(status, status="14", timestamp="mai")])
    assert [(entry.status, entry.at is None) for entry in told.entries] == [("14", True), (Status.RECEIVED, False)]
    assert told.current("G22") is Status.RECEIVED
