"""Sending to and receiving from codes, closed ones above all."""

from datetime import date, timedelta

import pytest

from lienthong.core.errors import LienthongError
from lienthong.schemas import errors
from lienthong.schemas.organisations import (
    Directory,
    Organisation,
    Succession,
    decide_receiving,
    decide_sending,
    level_one,
    read_agencies,
)
from lienthong.schemas.organisations.decisions import GRACE, ClosedPolicy

END = date(2025, 7, 1)
NOW = date(2026, 11, 1)
DAY = timedelta(days=1)


@pytest.mark.parametrize("closed", ["refuse", "redirect"])
def test_code_in_force_is_accepted_by_any_policy(closed: ClosedPolicy) -> None:
    """What is open needs no policy; the trace still says why."""
    decision = decide_sending(level_one(), "H42", on=NOW, closed=closed)
    assert (decision.verdict, decision.problem) == ("accept", None)
    assert decision.organisation == level_one().find("H42", on=NOW)
    assert decision.steps[0].en == "H42 Ninh Bình is in force on 2026-11-01"
    assert "có hiệu lực" in decision.steps[0].vi
    assert decide_sending(level_one(), "H40", on=END - DAY, closed=closed).verdict == "accept"


def test_closed_code_is_refused_with_its_successor_named() -> None:
    """Refusing names the day, who took over, and every step."""
    decision = decide_sending(level_one(), "H40", on=NOW)
    assert decision.verdict == "refuse"
    assert [row.code for row in decision.candidates] == ["H42"]
    assert decision.problem is not None
    assert (decision.problem.code, decision.problem.level) == ("LT-ORG-102", "error")
    assert decision.problem.en == "H40 Nam Định was closed on 2025-07-01; its place was taken by H42 Ninh Bình."
    assert "đơn vị kế thừa: H42 Ninh Bình" in decision.problem.vi
    assert [step.en for step in decision.steps] == [
        "H40 Nam Định was closed on 2025-07-01",
        "H40 → H42 on 2025-07-01 (merged)",
        decision.problem.en,
    ]


def test_closed_code_is_redirected_step_by_step() -> None:
    """Redirecting leads to who is in office on the day, over every change since."""
    decision = decide_sending(level_one(), "H10", on=NOW, closed="redirect")
    assert decision.verdict == "redirect"
    assert decision.organisation is not None
    assert (decision.organisation.code, decision.organisation.kind) == ("H19", "city")
    assert [step.vi for step in decision.steps[1:]] == [
        "H10 → H19 ngày 2025-07-01 (sáp nhập)",
        "H19 → H19 ngày 2026-04-30 (đổi tên hoặc loại hình)",
    ]
    assert decision.problem is None


def test_split_without_a_key_is_refused_with_its_candidates() -> None:
    """Nobody guesses which of several ministries is meant; a key decides, also one that only the rest covers."""
    refused = decide_sending(level_one(), "G14", on=NOW, closed="redirect")
    assert refused.verdict == "refuse"
    assert {row.code for row in refused.candidates} == {"G06", "G16", "G01"}
    assert refused.problem is not None
    assert refused.problem.code == "LT-ORG-103"
    assert "G16 Bộ Văn hóa, Thể thao và Du lịch" in refused.problem.vi
    for function, code in (("press", "G16"), ("network-security", "G01"), ("post", "G06")):
        decision = decide_sending(level_one(), "G14", on=NOW, closed="redirect", function=function)
        assert decision.verdict == "redirect"
        assert decision.organisation is not None
        assert decision.organisation.code == code
    assert decide_sending(level_one(), "G07", on=NOW, closed="redirect", function="labour").verdict == "refuse"


def test_key_that_no_successor_has_is_refused_with_all_candidates() -> None:
    """Where every succession has a key and none is the one given, all are named."""
    rows = [Organisation(code="A01", name="A", valid_to=END), Organisation(code="B01", name="B"), Organisation(code="C01", name="C")]
    steps = [Succession(code="A01", successor=code, effective=END, kind="split", function=code) for code in ("B01", "C01")]
    decision = decide_sending(Directory(rows, steps), "A01", on=NOW, closed="redirect", function="z")
    assert decision.verdict == "refuse"
    assert len(decision.candidates) == 2


@pytest.mark.parametrize("closed", ["refuse", "redirect"])
def test_closed_code_without_successor_is_refused_by_any_policy(closed: ClosedPolicy) -> None:
    """Where nobody is known to have taken over, nothing is sent."""
    decision = decide_sending(level_one(), "K54", on=NOW, closed=closed)
    assert (decision.verdict, decision.candidates) == ("refuse", ())
    assert decision.problem is not None
    assert "no successor is listed" in decision.problem.en


@pytest.mark.parametrize("code", ["H40.12", "000.00.12.H40", "01.02.H40"])
@pytest.mark.parametrize("closed", ["refuse", "redirect"])
def test_unlisted_code_below_a_closed_province_is_refused(code: str, closed: ClosedPolicy) -> None:
    """A department of a closed province is closed as well; which one took over is not guessed."""
    decision = decide_sending(level_one(), code, on=NOW, closed=closed)
    assert decision.verdict == "refuse"
    assert decision.problem is not None
    assert decision.problem.fields["organisation"] == "H40 Nam Định"
    assert decision.steps[0].en == f"The directory doesn't list {code}."


@pytest.mark.parametrize("code", ["H42.12", "000.00.12.H42", "vxp.saas.03", "null", ""])
def test_unlisted_code_is_unknown_and_not_refused(code: str) -> None:
    """A directory judges only what it knows; the axis may know more."""
    for decision in (decide_sending(level_one(), code, on=NOW), decide_receiving(level_one(), code, on=NOW)):
        assert decision.verdict == "unknown"
        assert decision.problem is not None
        assert decision.problem.code == "LT-ORG-101"


def test_code_to_come_is_refused() -> None:
    """Before its first day a code is nobody's."""
    directory = Directory([Organisation(code="A01", name="A", valid_from=END)])
    for decision in (decide_sending(directory, "A01", on=END - DAY), decide_receiving(directory, "A01", on=END - DAY)):
        assert decision.verdict == "refuse"
        assert decision.problem is not None
        assert decision.problem.code == "LT-ORG-104"


def test_closed_sender_is_accepted_with_a_warning_during_the_grace_period() -> None:
    """Until its last day the grace period warns, after it the same code is refused."""
    for on, grace, verdict, code in (
        (END - DAY, GRACE, "accept", None),
        (END, GRACE, "accept", "LT-ORG-105"),
        (END + GRACE, GRACE, "accept", "LT-ORG-105"),
        (END + GRACE + DAY, GRACE, "refuse", "LT-ORG-106"),
        (END + DAY, timedelta(0), "refuse", "LT-ORG-106"),
        (NOW, timedelta.max, "accept", "LT-ORG-105"),
    ):
        decision = decide_receiving(level_one(), "H40", on=on, grace=grace)
        assert (decision.verdict, decision.problem and decision.problem.code) == (verdict, code)
        if decision.problem:
            assert decision.problem.fields["closed"] == "2025-07-01"
            assert decision.problem.level == ("warning" if verdict == "accept" else "error")
            assert [row.code for row in decision.candidates] == ["H42"]


def test_what_only_warns_is_no_error() -> None:
    """Nothing can raise a finding, so that the reference doesn't list it among the errors."""
    raised = {kind.code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, LienthongError)}
    accepted = decide_receiving(level_one(), "H40", on=END).problem
    (odd,) = read_agencies([{"id": 1, "name": "no code"}]).findings
    assert accepted is not None
    for problem in (accepted, odd):
        assert problem.level == "warning"
        assert problem.code not in raised


def test_unlisted_sender_below_a_closed_province_has_the_same_grace() -> None:
    """What comes from a department of a closed province is judged as from the province."""
    assert decide_receiving(level_one(), "H40.12", on=END).verdict == "accept"
    assert decide_receiving(level_one(), "H40.12", on=NOW).verdict == "refuse"


@pytest.mark.parametrize(
    ("code", "closed", "verdict"),
    [("000.00.00.H42", "refuse", "accept"), ("000.00.00.H40", "refuse", "refuse"), ("000.00.00.H40", "redirect", "redirect")],
)
def test_code_in_the_old_form_is_taken_by_rule_and_says_so(code: str, closed: ClosedPolicy, verdict: str) -> None:
    """Both forms are decided alike; that only the rule joins them is the first step."""
    by_rule, listed = (decide_sending(level_one(), one, on=NOW, closed=closed) for one in (code, code[-3:]))
    assert by_rule.verdict == listed.verdict == verdict
    assert (by_rule.organisation, by_rule.candidates, by_rule.problem) == (listed.organisation, listed.candidates, listed.problem)
    assert by_rule.steps[0].en == f"{code} is {code[-3:]} (by rule, unconfirmed)"
    assert by_rule.steps[0].vi == f"{code} là {code[-3:]} (theo quy tắc, chưa xác nhận)"
    assert by_rule.steps[1:] == listed.steps
    assert decide_receiving(level_one(), code, on=NOW).steps[0] == by_rule.steps[0]


def test_either_form_leads_to_what_is_listed_in_the_other() -> None:
    """What lies under a province too, to come or closed, whichever form the directory has."""
    directory = Directory(
        [
            Organisation(code="H42.12", name="A"),
            Organisation(code="000.00.13.H42", name="B"),
            Organisation(code="H42.14", name="C", valid_from=NOW),
        ]
    )
    assert decide_sending(directory, "000.00.12.H42", on=END).organisation == directory.find("H42.12", on=END)
    assert decide_sending(directory, "H42.13", on=END).organisation == directory.find("000.00.13.H42", on=END)
    to_come = decide_sending(directory, "000.00.14.H42", on=END)
    assert (to_come.verdict, to_come.problem and to_come.problem.code) == ("refuse", "LT-ORG-104")
    assert "by rule, unconfirmed" in to_come.steps[0].en


def test_rule_that_an_entry_contradicts_is_not_followed() -> None:
    """A pair that is or was listed counts more than the rule, closed ones as well."""
    directory = Directory(
        [
            Organisation(code="H42.12", name="A", old_code="000.00.99.H42", valid_to=END),
            Organisation(code="H42.98", name="B", old_code="000.00.13.H42", valid_to=END),
        ]
    )
    for code in ("000.00.12.H42", "H42.13"):
        assert decide_sending(directory, code, on=NOW).verdict == "unknown"
    assert decide_sending(directory, "000.00.99.H42", on=NOW).organisation == directory.latest("H42.12", on=NOW)


def test_old_form_of_a_closed_code_is_redirected_too() -> None:
    """A listed old code is the organisation's own code."""
    rows = [Organisation(code="A01", name="A", old_code="000.00.00.A01", valid_to=END), Organisation(code="B01", name="B")]
    directory = Directory(rows, [Succession(code="A01", successor="B01", effective=END, kind="merge")])
    assert decide_sending(directory, "000.00.00.A01", on=NOW, closed="redirect").verdict == "redirect"
