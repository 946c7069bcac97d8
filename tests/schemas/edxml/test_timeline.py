"""The timeline of a document."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import (
    Business,
    DocumentPacket,
    Packet,
    Party,
    Replacement,
    ResponseFor,
    SignerInfo,
    StatusPacket,
    TraceHeader,
    linking,
    timeline,
    walk,
)
from lienthong.schemas.edxml.identity import parse_document_id
from lienthong.schemas.edxml.life_cycle import PROGRESS, Asked, State
from lienthong.schemas.edxml.models import DocumentType
from lienthong.schemas.edxml.timeline import Timeline, check_report
from lienthong.schemas.edxml.walk import Entry

START = datetime(2026, 11, 20, 3, tzinfo=UTC)
ID = "H42.12,2026/11/20,12/SKHCN-VP"
UUID = "1f881896-6e3a-4a5f-87f1-c380878e148e"


def report(status: StatusPacket, code: str, minute: int, organisation: str = "G22") -> StatusPacket:
    """Return what an organisation says, or for 13 what is said to it."""
    at = START + timedelta(minutes=minute)
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


def packet(kind: BusinessType, minute: int | None, *recipients: str, own: str = ID, **business: object) -> DocumentPacket:
    """Return a document packet of H42.12, by default one that says it is about document 12."""
    if kind in {BusinessType.RECALL, BusinessType.UPDATE}:
        business = {"document_id": ID, **business}
    if kind is BusinessType.REPLACE:
        own = "H42.12,2026/11/21,15/SKHCN-VP"
        business = {"replacements": (Replacement(document_id=ID),), **business}
    return DocumentPacket(
        sender=Party(code="H42.12"),
        recipients=tuple(Party(code=code) for code in recipients or ("G22", "H42.13")),
        number="12",
        notation="SKHCN-VP",
        promulgation_date=None,
        document_type=DocumentType(name="Công văn"),
        subject="V/v kết nối",
        signer=SignerInfo(full_name="Trần Thị B"),
        document_id=own,
        trace=() if minute is None else (TraceHeader(organisation="H42.12", timestamp=START + timedelta(minutes=minute)),),
        business=Business(type=kind, **business),
    )


def said(code: str, minute: int | None, organisation: str = "G22", *, sender: str = "H42.12", about: str = ID) -> StatusPacket:
    """Return a status packet about document 12."""
    by, to = (sender, organisation) if code == "13" else (organisation, sender)
    return StatusPacket(
        sender=Party(code=by),
        response_for=ResponseFor(organisation=to, code="12/SKHCN-VP", document_id=about),
        status=Status(code) if code in list(Status) else code,
        timestamp="mai" if minute is None else START + timedelta(minutes=minute),
    )


NEW = packet(BusinessType.NEW, 0)


def codes(told: Timeline, organisation: str | None = None) -> list[str]:
    return [problem.code.removeprefix("LT-EDXML-") for problem in told.findings(organisation)]


times = st.none() | st.integers(0, 6)
statuses = st.builds(
    said,
    st.sampled_from([*Status, "14"]),
    times,
    st.sampled_from(["G22", "000.00.00.G22", "H42.13", "H53"]),
    sender=st.sampled_from(["H42.12", "000.00.12.H42", "G01"]),
    about=st.sampled_from([ID, UUID, "", "H42.12,2026/11/20,99/X"]),
)
documents = st.builds(
    packet, st.sampled_from(BusinessType), times, st.sampled_from(["G22", "H42.13"]), own=st.sampled_from([ID, UUID, "x"])
)
arrivals = st.lists(statuses | documents, max_size=12)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data(), arrivals, st.booleans())
def test_any_order_and_repetition_of_packets_gives_the_same_timeline(
    data: st.DataObject, packets: list[Packet], with_original: bool
) -> None:
    """D13: the timeline is a set ordered by the packets' own times: entries, states, requests and findings don't depend on arrival."""
    original = NEW if with_original else None
    again = data.draw(st.permutations(packets + data.draw(st.lists(st.sampled_from(packets), max_size=5) if packets else st.just([]))))
    one, other = timeline(packets, original=original), timeline(again, original=original)
    assert one == other
    assert one.findings() == other.findings()
    assert timeline(one.entries).entries == one.entries
    for organisation in one.organisations():
        assert one.state(organisation) == other.state(organisation)
        assert one.requests(organisation) == other.requests(organisation)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(arrivals, st.sampled_from(PROGRESS), times)
def test_no_report_takes_progress_back(packets: list[Packet], code: Status, minute: int | None) -> None:
    """Late reports and those of slow clocks leave a document as far as it was, or further."""
    before = timeline(packets).state("G22").furthest
    after = timeline([*packets, said(code, minute)]).state("G22").furthest
    assert after is not None
    assert before is None or PROGRESS.index(after) >= PROGRESS.index(before)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(arrivals)
def test_everything_that_came_is_in_the_timeline(packets: list[Packet]) -> None:
    """What doesn't fit the table is reported, not dropped."""
    told = timeline(packets)
    for one in packets:
        assert {*timeline([one]).entries} <= {*told.entries}
    for one in packets:
        assert {problem.level for problem in check_report(told, one)} <= {"warning"}


def test_flow_without_a_fault_has_no_findings() -> None:
    """03 and 05 in one second, 05 twice, a refused and an answered request: all of it is in order."""
    steps = [said("01", 1), said("03", 2), said("05", 2), said("05", 3), said("13", 4), said("16", 5), said("05", 6)]
    told = timeline([*steps, packet(BusinessType.UPDATE, 7), said("01", 8), said("15", 9), said("06", 10)], original=NEW)
    assert told.findings() == ()
    assert told.current("G22") is Status.FINISHED
    assert (told.sender, told.recipients) == ("H42.12", ("G22", "H42.13"))
    assert told.current("H42.13") is None
    assert told.state("H42.13") == State(asked=Asked.UPDATE)


def test_repeated_05_is_in_order_and_exact_repeats_are_one_entry() -> None:
    """D13: only 05 may come again; the same packet twice is no second report; another code again is noted and kept."""
    told = timeline([said("01", 1), said("03", 2), said("05", 3), said("05", 4), said("05", 4)])
    assert len(told.entries) == 4
    assert told.findings() == ()
    told = timeline([said("01", 1), said("03", 2), said("03", 3), said("03", 3)])
    assert len(told.entries) == 3
    assert codes(told) == ["303"]


@pytest.mark.parametrize(
    ("reports", "found", "current"),
    [
        ("03@1", "301", "03"),
        ("01@1 04@2", "301", "04"),
        ("03@1 01@2", "301 301", "03"),
        ("01@1 03@2 02@3", "301", "03"),
        ("01@1 02@2 03@3", "302", "03"),
        ("01@1 03@2 06@3 05@4", "302", "06"),
        ("01@1 13@2 15@3 03@4", "302", "15"),
        ("01@1 01@2", "303", "01"),
        ("01@1 15@2", "305", "01"),
        ("01@1 13@2 16@3 15@4", "305", "01"),
        ("01@1 15@2 13@3", "305", "13"),
        ("01@1 02@2 13@3", "306", "02"),
        ("01@1 13@2 13@3 15@4", "306", "15"),
        ("01@1 13@2 15@3 13@4", "306", "15"),
        ("01@1 13@2 03@3", "307", "13"),
        ("01@1 14@2", "308", "01"),
        ("01@1 03@?", "309 301 301", "03"),
    ],
)
def test_what_does_not_fit_the_table_is_named_and_kept(reports: str, found: str, current: str) -> None:
    """A warning each in both languages, with the certainty of the table; the report stays and the state is told."""
    packets = [said(code, None if minute == "?" else int(minute)) for code, minute in (one.split("@") for one in reports.split())]
    told = timeline(packets)
    assert len(told.entries) == len(packets)
    assert " ".join(codes(told)) == found
    assert told.current("G22") == current
    for problem in told.findings():
        assert (problem.level, problem.certainty in {"I", "C", "V"}) == ("warning", True)
        assert "G22" in problem.en
        assert "G22" in problem.vi


@pytest.mark.parametrize("ask", [said("13", 3), packet(BusinessType.RECALL, 3, "G22")])
def test_both_ways_of_recall_wait_for_an_answer_and_close(ask: Packet) -> None:
    """Status 13 and a packet of type 1 stand as 13 until answered; 15 closes the copy, 16 gives the flow back."""
    told = timeline([said("01", 1), ask], original=NEW)
    assert told.current("G22") is Status.RECALL_REQUESTED
    (request,) = told.requests("G22")
    assert (request.recalls, request.answer, request.agreed) == (True, None, False)
    told = timeline([said("01", 1), ask, said("15", 4)], original=NEW)
    assert told.current("G22") is Status.CHANGE_ACCEPTED
    assert told.requests("G22")[0].agreed
    told = timeline([said("01", 1), ask, said("16", 4)], original=NEW)
    assert told.current("G22") is Status.RECEIVED
    assert told.findings() == ()


def test_update_that_was_agreed_to_leaves_the_document_where_it_was() -> None:
    """15 to an update closes nothing."""
    told = timeline([said("01", 1), said("03", 2), packet(BusinessType.UPDATE, 3), said("15", 4)], original=NEW)
    assert told.current("G22") is Status.ACCEPTED
    (request,) = told.requests("G22")
    assert (request.recalls, request.agreed) == (False, True)
    assert [one.answer for one in told.requests("H42.13")] == [None]


def test_answers_belong_to_requests_of_the_same_organisation() -> None:
    """One receiver's agreement closes its own copy only."""
    told = timeline([said("01", 1), said("01", 1, "H42.13"), packet(BusinessType.RECALL, 2), said("15", 3, "H42.13")], original=NEW)
    assert (told.current("G22"), told.current("H42.13")) == (Status.RECALL_REQUESTED, Status.CHANGE_ACCEPTED)


def test_answer_goes_to_the_request_it_names_else_to_the_recall() -> None:
    """With an update and a recall waiting, an answer that names the update's own DocumentId isn't taken for the recall's."""
    waiting = [said("01", 1), packet(BusinessType.UPDATE, 2, own=UUID), said("13", 3)]
    told = timeline([*waiting, said("15", 4, about=UUID)], original=NEW)
    assert [request.agreed for request in told.requests("G22")] == [True, False]
    assert told.current("G22") is Status.RECALL_REQUESTED
    told = timeline([*waiting, said("15", 4)], original=NEW)
    assert told.current("G22") is Status.CHANGE_ACCEPTED


def test_each_of_many_answers_goes_to_the_update_it_names_and_the_others_to_the_oldest() -> None:
    """Answers in another order than the updates find theirs; those that name none take what has waited longest."""
    asked = [packet(BusinessType.UPDATE, minute, "G22", own=f"u{minute}") for minute in range(1, 6)]
    answers = [said("15", 11, about="u4"), said("16", 12, about="u2"), said("15", 13), said("16", 14), said("15", 15, about="u2")]
    told = timeline([*asked, *answers], original=replace(NEW, recipients=(Party(code="G22"),)))
    minutes = [(one.answer.at - START).seconds // 60 if one.answer and one.answer.at else None for one in told.requests("G22")]
    assert minutes == [13, 12, 14, 11, 15]
    assert told.state("G22").asked is Asked.NOTHING


def test_long_correspondence_costs_no_more_than_its_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many updates with as many answers are each taken apart a few times, not once for every other."""
    asked = [packet(BusinessType.UPDATE, minute, "G22", own=f"u{minute}") for minute in range(1, 61)]
    answers = [said("15", 100 + minute, about=f"u{minute}") for minute in range(1, 61)]
    parsed = []
    for module in (linking, walk):
        monkeypatch.setattr(module, "parse_document_id", lambda text: parsed.append(text) or parse_document_id(text))
    told = timeline([*asked, *answers], original=NEW)
    assert all(request.agreed for request in told.requests("G22"))
    assert len(parsed) < 10 * len(asked + answers)


def test_agreement_older_than_the_recall_is_not_taken_for_it() -> None:
    """An answer to something that isn't known here must not close the document."""
    told = timeline([said("01", 1), said("15", 2), said("13", 3)])
    assert told.current("G22") is Status.RECALL_REQUESTED


def test_old_and_new_form_of_a_code_are_one_organisation() -> None:
    """A receiver addressed in one form may report in the other."""
    told = timeline([said("01", 1, "000.00.00.G22"), said("03", 2, "G22"), said("13", 3, "000.00.00.G22")], original=NEW)
    assert told.organisations() == ("G22", "H42.13")
    assert told.current("000.00.00.G22") is told.current("G22") is Status.RECALL_REQUESTED
    assert len(told.of("G22")) == 4
    assert told.findings() == ()


def test_only_the_sender_asks_and_only_receivers_report() -> None:
    """Where sender and recipients are known, what another says stays in the timeline and changes nothing."""
    told = timeline([said("01", 1), said("13", 2, sender="G01"), said("03", 3, "H53"), said("03", 4, "H42.12")], original=NEW)
    assert told.current("G22") is Status.RECEIVED
    assert told.current("H53") is told.current("H42.12") is None
    assert len(told.entries) == 6
    assert sorted(codes(told)) == ["304", "304", "310"]
    assert codes(told, "H53") == ["310"]


def test_original_passes_over_packets_about_other_documents() -> None:
    """Of a heap of packets only those about the document make its timeline, by either form of DocumentId."""
    other = "H42.12,2026/11/20,99/X"
    heap = [
        said("01", 1),
        said("03", 2, about=other),
        said("02", 2, about="H42.12,2025/11/20,12/SKHCN-VP"),
        packet(BusinessType.RECALL, 3, own="r", document_id=other),
        packet(BusinessType.NEW, 3, "H53", own=other),
        packet(BusinessType.NEW, 4, "H37.DN.001"),
    ]
    told = timeline([*heap, said("01", 5, about="000.00.12.H42,2026/11/20,12/SKHCN-VP")], original=NEW)
    assert [(one.act, one.organisation) for one in told.entries] == [
        (BusinessType.NEW, "G22"),
        (BusinessType.NEW, "H42.13"),
        (Status.RECEIVED, "G22"),
        (BusinessType.NEW, "H37.DN.001"),
        (Status.RECEIVED, "G22"),
    ]


def test_replacement_shows_in_the_timeline_of_what_it_replaces() -> None:
    """At the organisations for which it replaces the document, and the state is as before."""
    rows = (Replacement(document_id=ID, organisations=("G22",)), Replacement(document_id="another", organisations=("H42.13",)))
    replacing = packet(BusinessType.REPLACE, 5, replacements=rows)
    told = timeline([said("01", 1), said("03", 2), replacing], original=NEW)
    assert [one.organisation for one in told.entries if one.does is BusinessType.REPLACE] == ["G22"]
    assert told.current("G22") is Status.ACCEPTED
    assert told.findings() == ()
    own = timeline([said("01", 6, about=replacing.document_id)], original=replacing)
    assert own.organisations() == ("G22", "H42.13")
    assert own.current("G22") is Status.RECEIVED


def test_without_the_original_the_caller_vouches_for_the_packets() -> None:
    """All of them count, whoever sent them, and sender and recipients stay unknown."""
    told = timeline([NEW, said("01", 1, "H53"), said("13", 2, "H53", sender="G01")])
    assert (told.sender, told.recipients) == ("", ())
    assert told.current("H53") is Status.RECALL_REQUESTED
    assert timeline([]) == Timeline()


def test_report_is_checked_against_what_is_known() -> None:
    """Only what speaks against that report is said, whether the timeline holds it already or not."""
    told = timeline([said("03", 1)], original=NEW)
    late = said("06", 2)
    assert check_report(told, late) == ()
    assert [problem.code for problem in check_report(told, said("13", 0, sender="G01"))] == ["LT-EDXML-304"]
    assert [problem.code for problem in check_report(told, told.entries[-1])] == ["LT-EDXML-301"]
    assert check_report(told, packet(BusinessType.UPDATE, 3)) == ()


def test_document_packet_is_an_entry_per_recipient() -> None:
    """With its reason, its time and its id; a report's entry is as it ever was."""
    told = timeline([packet(BusinessType.UPDATE, 3, "G22", reason="Cập nhật", own=UUID)])
    assert told.entries == (
        Entry(
            organisation="G22",
            reporter="H42.12",
            at=START + timedelta(minutes=3),
            description="Cập nhật",
            does=BusinessType.UPDATE,
            document_id=UUID,
        ),
    )
    (untimed,) = timeline([packet(BusinessType.UPDATE, None, "G22")]).entries
    assert untimed.at is None
