"""Which document a packet is about."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import (
    Business,
    DocumentPacket,
    Party,
    Replacement,
    ResponseFor,
    StatusPacket,
    document_id,
    linking,
    read_packet,
)
from lienthong.schemas.edxml.identity import parse_document_id, same_document
from lienthong.schemas.edxml.linking import KnownDocument, Link, find_originals, known_document
from lienthong.schemas.organisations import same_organisation

UUID = "1f881896-6e3a-4a5f-87f1-c380878e148e"
ORIGINAL = KnownDocument(
    sender="H42.12", document_id="H42.12,2026/11/20,12/SKHCN-VP", code="12/SKHCN-VP", promulgation_date=date(2026, 11, 20), key="original"
)
BY_UUID = replace(ORIGINAL, document_id=UUID, key="by uuid")
OTHER = replace(ORIGINAL, document_id="H42.12,2026/11/20,13/SKHCN-VP", code="13/SKHCN-VP", key="other")


def about(**values: object) -> ResponseFor:
    return ResponseFor(**{"organisation": "H42.12", "code": "", "promulgation_date": None, "document_id": "", **values})


def only(packet: DocumentPacket | StatusPacket, *known: KnownDocument) -> Link:
    (link,) = find_originals(packet, known)
    return link


def change(document: DocumentPacket, kind: BusinessType, **business: object) -> DocumentPacket:
    return replace(
        document,
        document_id="H42.12,2026/11/21,14/SKHCN-VP",
        number="14",
        promulgation_date=date(2026, 11, 21),
        business=Business(type=kind, **business),
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("000.00.00.G22,2015/09/30,7816/VPCP-TTĐT", ("000.00.00.G22", "2015/09/30", "7816", "VPCP-TTĐT")),
        ("000.00.00.G22,2014/02/30,7806/VPCP-TTĐT", ("000.00.00.G22", "2014/02/30", "7806", "VPCP-TTĐT")),
        (" H37.DN.001 , 2026/1/2 , 5 / BC, phụ lục 1/2 ", ("H37.DN.001", "2026/1/2", "5", "BC, phụ lục 1/2")),
        ("vxp.saas.03,2019/01/16,74fass22/VPCP-TTĐT", ("vxp.saas.03", "2019/01/16", "74fass22", "VPCP-TTĐT")),
    ],
)
def test_triple_is_taken_apart_whatever_its_date(text: str, parts: tuple[str, ...]) -> None:
    """D7: an impossible date, odd numbers, spaces, and a notation with commas and slashes are no hindrance."""
    found = parse_document_id(text)
    assert found.form == "triple"
    assert (found.organisation, found.date_text, found.number, found.notation) == parts
    assert found.code == f"{parts[2]}/{parts[3]}"
    assert found.text == text


def test_date_of_a_triple_is_one_only_where_the_calendar_has_it() -> None:
    """D7: 2014/02/30 stays text."""
    assert parse_document_id("G22,2015/09/30,1/A").promulgated == date(2015, 9, 30)
    assert parse_document_id("G22,2014/02/30,1/A").promulgated is None
    assert parse_document_id(UUID).promulgated is None


@pytest.mark.parametrize(
    "text", ["", " ", "12/SKHCN", "G22,20.11.2026,1/A", "G22,2026/11/20,1", ",2026/11/20,1/A", "G22,2026/11/20,/A", "null", UUID + "0"]
)
def test_any_other_text_is_an_opaque_id(text: str) -> None:
    """No id is refused."""
    assert parse_document_id(text).form == "opaque"


@given(st.text(max_size=60))
def test_every_text_is_an_id_and_keeps_its_text(text: str) -> None:
    """Nothing that comes breaks it."""
    found = parse_document_id(text)
    assert found.text == text
    assert same_document(text, text) is bool(text.strip())


@given(
    st.dates(),
    st.from_regex(r"[1-9][0-9]{0,10}", fullmatch=True),
    st.text(alphabet="ABCĐỦ-/, ", min_size=1).filter(lambda text: text == " ".join(text.split())),
)
def test_what_we_name_is_taken_apart_again(day: date, number: str, notation: str) -> None:
    """Parsing inverts naming."""
    found = parse_document_id(document_id("H42.12", day, number, notation))
    assert (found.organisation, found.promulgated, found.number, found.notation) == ("H42.12", day, number, notation)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("000.00.12.H42,2026/11/20,12/SKHCN-VP", "H42.12,2026/11/20,12/SKHCN-VP"),
        ("H42.12,2026/11/20,12/SKHCN-VP", " H42.12, 2026/11/20 ,12 / SKHCN-VP"),
        ("H42.12,2026/11/02,05/QĐ-SỞ", "H42.12,2026/11/2,5/QĐ-SỞ"),
        ("G22,2014/02/30,7806/VPCP-TTĐT", "000.00.00.G22,2014/02/30,7806/VPCP-TTĐT"),
        ("H42.12,2026/11/20,1/QĐ-Ủ", "H42.12,2026/11/20,1/QĐ-U\u0309"),
        (UUID, UUID.upper()),
        (UUID, "{" + UUID + "}"),
        (" abc ", "abc"),
    ],
)
def test_spellings_of_one_id_are_the_same_document(one: str, other: str) -> None:
    """Form of the organisation's code, spaces, zeros, composition of letters and case of a UUID don't matter."""
    assert same_document(one, other)
    assert same_document(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        (" ", " "),
        (UUID, "H42.12,2026/11/20,12/SKHCN-VP"),
        ("H42.12,2026/11/20,12/SKHCN-VP", "H42.12,2026/11/21,12/SKHCN-VP"),
        ("H42.12,2026/11/20,12/SKHCN-VP", "H42.13,2026/11/20,12/SKHCN-VP"),
        ("H42.12,2026/11/20,12/A/B", "H42.12,2026/11/20,12/A"),
        ("abc", "ABC"),
    ],
)
def test_other_ids_are_other_documents(one: str, other: str) -> None:
    """Two empty ids name nothing, so they aren't the same either."""
    assert not same_document(one, other)


def test_organisations_are_the_same_in_either_form() -> None:
    """By the rule of conversion; no code is no organisation."""
    assert same_organisation("000.00.00.G22", " G22")
    assert not same_organisation("01.02.G22", "G22")
    assert not same_organisation("", "")


@pytest.mark.parametrize("code", list(Status))
def test_status_finds_its_document_in_both_directions(status: StatusPacket, code: Status) -> None:
    """D12: 13 comes from the document's sender and names the receiver, all others the other way round."""
    packet = replace(status, status=code)
    if code is Status.RECALL_REQUESTED:
        packet = replace(packet, sender=Party(code="000.00.12.H42"), response_for=replace(status.response_for, organisation="G22"))
    link = only(packet, OTHER, ORIGINAL)
    assert link.original == ORIGINAL
    assert link.relation == ("recalls" if code is Status.RECALL_REQUESTED else "reports")
    by_code = replace(packet, response_for=replace(packet.response_for, document_id=""))
    assert only(by_code, OTHER, ORIGINAL, BY_UUID).originals == (ORIGINAL, BY_UUID)


@pytest.mark.parametrize(
    ("named", "keys"),
    [
        (about(document_id=UUID), ["by uuid"]),
        (about(document_id=UUID.upper(), code="13/SKHCN-VP"), ["by uuid"]),
        (about(document_id="000.00.12.H42,2026/11/20,12/SKHCN-VP"), ["original"]),
        (about(code="012 / SKHCN-VP", promulgation_date="2026/11/20"), ["original", "by uuid"]),
        (about(code="12/SKHCN-VP"), ["original", "by uuid"]),
        (about(code="12/SKHCN-VP", promulgation_date=date(2025, 11, 20)), []),
        (about(code="12/SKHCN-VP", organisation="H42.13"), []),
        (about(document_id="d0b9c8a7-6e3a-4a5f-87f1-c380878e148e", code="12/SKHCN-VP", promulgation_date=date(2026, 11, 20)), ["original"]),
        (about(document_id="H42.12,2026/11/20,99/SKHCN-VP", code="12/SKHCN-VP"), []),
        (about(), []),
    ],
)
def test_all_candidates_are_returned_and_none_is_guessed(status: StatusPacket, named: ResponseFor, keys: list[str]) -> None:
    """The same id decides; where one is missing or the forms differ, issuer, code and date do; a missing date isn't compared."""
    link = only(replace(status, response_for=named), ORIGINAL, OTHER, BY_UUID)
    assert [document.key for document in link.originals] == keys
    assert (link.original is None) is (len(keys) != 1)


def test_triple_finds_a_document_that_is_known_by_uuid(status: StatusPacket) -> None:
    """The parts of the triple are compared with sender, date and code of the document, and those of its id with what a report says."""
    assert only(status, OTHER, BY_UUID).original == BY_UUID
    mislabelled = replace(ORIGINAL, code="74fass22/VPCP", promulgation_date=date(2019, 1, 16))
    assert only(replace(status, response_for=about(code="12/SKHCN-VP")), mislabelled).original == mislabelled


def test_same_code_in_two_years_gives_both_without_a_date(status: StatusPacket) -> None:
    """Numbers start again each year, so the code alone can't tell."""
    last_year = replace(ORIGINAL, document_id="H42.12,2025/11/20,12/SKHCN-VP", promulgation_date=date(2025, 11, 20))
    packet = replace(status, response_for=about(code="12/SKHCN-VP"))
    assert only(packet, ORIGINAL, last_year).originals == (ORIGINAL, last_year)
    packet = replace(status, response_for=about(code="12/SKHCN-VP", promulgation_date=date(2025, 11, 20)))
    assert only(packet, ORIGINAL, last_year).original == last_year


@pytest.mark.parametrize(("kind", "relation"), [(BusinessType.RECALL, "recalls"), (BusinessType.UPDATE, "updates")])
def test_recall_and_update_find_their_original_by_either_id(document: DocumentPacket, kind: BusinessType, relation: str) -> None:
    """By Bussiness/DocumentId as triple or UUID, by their own DocumentId, or by ResponseFor."""
    for stated, known in (("000.00.12.H42,2026/11/20,12/SKHCN-VP", ORIGINAL), (UUID, BY_UUID)):
        link = only(change(document, kind, document_id=stated), OTHER, known)
        assert (link.relation, link.original) == (relation, known)
    own = replace(change(document, kind, document_id="unknown"), document_id=ORIGINAL.document_id)
    assert only(own, OTHER, ORIGINAL).original == ORIGINAL
    answering = replace(change(document, kind), response_for=(about(), about(organisation="G22", code="12/SKHCN-VP")))
    assert only(answering, OTHER, ORIGINAL).original == ORIGINAL
    assert only(change(document, kind, document_id="unknown"), OTHER, ORIGINAL).originals == ()


def test_update_under_its_originals_id_is_no_candidate_beside_it(document: DocumentPacket, status: StatusPacket) -> None:
    """Vendors' updates carry the original's DocumentId; the document itself is meant."""
    update = replace(known_document(change(document, BusinessType.UPDATE)), document_id=ORIGINAL.document_id, code=ORIGINAL.code)
    assert only(status, update, ORIGINAL).original == ORIGINAL
    assert only(status, update).original == update


def test_replacement_finds_each_document_it_replaces(document: DocumentPacket) -> None:
    """One link per ReplacementInfo, with the organisations that it concerns; without any, Bussiness/DocumentId."""
    rows = (Replacement(document_id=ORIGINAL.document_id, organisations=("G22",)), Replacement(document_id="unknown"))
    links = find_originals(change(document, BusinessType.REPLACE, replacements=rows), (ORIGINAL, OTHER))
    assert [(link.relation, link.original, link.organisations) for link in links] == [
        ("replaces", ORIGINAL, ("G22",)),
        ("replaces", None, ()),
    ]
    assert only(change(document, BusinessType.REPLACE, document_id=OTHER.document_id), ORIGINAL, OTHER).original == OTHER


def test_long_replacement_is_compared_with_each_known_document_but_once(document: DocumentPacket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packet may name tens of thousands of documents: its cost is the sum of what it names and what is known, not the product."""
    parsed = []
    monkeypatch.setattr(linking, "parse_document_id", lambda text: parsed.append(text) or parse_document_id(text))
    known = [replace(ORIGINAL, document_id=f"H42.12,2026/11/20,{number}/X", code=f"{number}/X") for number in range(40)]
    rows = tuple(Replacement(document_id=named) for named in (*(one.document_id for one in reversed(known)), UUID))
    links = find_originals(change(document, BusinessType.REPLACE, replacements=rows), known)
    assert [link.original for link in links] == [*reversed(known), None]
    assert len(parsed) == len(known) + len(rows)


def test_document_that_fits_in_two_ways_or_is_given_twice_is_counted_as_it_was_given(status: StatusPacket) -> None:
    """Its own number and the one inside its id are one document's; two of a kind stay two."""
    packet = replace(status, response_for=about(code="12/SKHCN-VP"))
    two_dates = replace(ORIGINAL, promulgation_date=date(2026, 11, 21))
    assert only(packet, two_dates).originals == (two_dates,)
    assert only(packet, ORIGINAL, OTHER, ORIGINAL).originals == (ORIGINAL, ORIGINAL)


def test_new_document_names_what_it_answers_and_nothing_else(document: DocumentPacket) -> None:
    """Its Bussiness/DocumentId, which samples have, is no link; its ResponseFor is one each; four empty children are none."""
    packet = change(document, BusinessType.NEW, document_id=ORIGINAL.document_id)
    assert find_originals(packet, (ORIGINAL,)) == ()
    packet = replace(packet, response_for=(about(), about(document_id=ORIGINAL.document_id), about(code="13/SKHCN-VP")))
    links = find_originals(packet, (ORIGINAL, OTHER))
    assert [(link.relation, link.original) for link in links] == [("answers", ORIGINAL), ("answers", OTHER)]


def test_vendor_samples_find_their_document(samples: Path) -> None:
    """D7 and D12 on real packets: both statuses and the update, whose original bears the date 2014/02/30."""
    issued = KnownDocument(
        sender="G22", document_id="G22,2015/09/30,7816/VPCP-TTĐT", code="7816/VPCP-TTĐT", promulgation_date=date(2015, 9, 30)
    )
    updated = replace(issued, document_id="000.00.00.G22,2014/02/30,7806/VPCP-TTĐT", code="7806/VPCP-TTĐT", promulgation_date="2014/02/30")
    for name, wanted in (("status-03", issued), ("status-13", issued), ("document-update", updated)):
        packet = read_packet((samples / "edxml" / f"{name}.edxml").read_bytes()).packet
        assert [link.original for link in find_originals(packet, (issued, updated))] == [wanted]
