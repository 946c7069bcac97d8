"""Codes of organisations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.schemas.organisations import OrganisationCode, code_in_procedure, suggest_new_form, suggest_old_form

# Every id that edxml.md §2.1 to §2.3 lists, and what else was seen.
SEEN = (
    *("000.00.00.H54", "000.00.00.H40", "000.00.13.H53", "000.28.31.H53", "001.02.03.H53", "H40", "H53.13", "H53.31.28", "H53.03.02.001"),
    *(".A53", "000.A53.000", ".A44", "00.53.W00", "00.36.W00", "02.44.W00", "00.42.W00", "JB2", "K54", "K36", "01.02.G22", "28.22.H17"),
    *("00.99.H29", "vxp.saas.03", "H37.DN.001", "vxp", "G12", "G12.18", "G12.34", "G11.40", "G09.01", "H37.02.02", "null", "", " H42 "),
)


@pytest.mark.parametrize("text", SEEN)
def test_every_id_that_was_seen_survives(text: str) -> None:
    """Whatever an id looks like, it is kept as it is (defect D28)."""
    assert str(OrganisationCode.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "form", "level_one"),
    [
        ("000.00.13.H53", "old", "H53"),
        ("H53", "new", "H53"),
        ("H53.03.02.001", "new", "H53"),
        ("H37.DN.001", "new", "H37"),
        ("00.42.W00", "centre", "H42"),
        ("02.44.W00", "centre", "H44"),
        ("01.02.G22", "three-group", "G22"),
        ("vxp.saas.03", "opaque", None),
        ("null", "opaque", None),
        ("000.A53.000", "opaque", None),
        ("H53.1234567890123.1234567890123.123", "new", "H53"),
        ("H53.1234567890123.1234567890123.1234", "opaque", None),
        ("H53." + "1" * 40, "opaque", None),
        ("H53\n", "opaque", None),
        ("٠٠٠.00.13.H53", "opaque", None),
        ("", "opaque", None),
    ],
)
def test_any_code_has_a_form_and_stays_as_it_is(text: str, form: str, level_one: str | None) -> None:
    """A code is told by its form, which says who stands at the top; it is never changed."""
    code = OrganisationCode.parse(text)
    assert (str(code), code.form, code.level_one) == (text, form, level_one)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.00.H40", "H40"),
        ("000.00.13.H53", "H53.13"),
        ("000.28.31.H53", "H53.31.28"),
        ("001.02.03.H53", "H53.03.02.001"),
        ("002.00.20.H13", "H13.20.002"),
    ],
)
def test_old_and_new_code_suggest_each_other(old: str, new: str) -> None:
    """Groups are reversed and empty ones dropped, and back."""
    assert suggest_new_form(old) == new
    assert suggest_old_form(new) == old


@pytest.mark.parametrize("text", ["H53.13", "01.02.G22", "000.28.00.H53", "001.28.00.H53", "null"])
def test_code_without_a_safe_new_form_suggests_none(text: str) -> None:
    """Nothing is guessed, and no two codes get the same suggestion."""
    assert suggest_new_form(text) is None


@pytest.mark.parametrize("text", ["H37.DN.001", "H53.00", "H53.13.00", "H53.1.2", "H53.01.02.03", "000.00.00.H40", "null"])
def test_code_that_does_not_fit_the_old_form_suggests_none(text: str) -> None:
    """The old form has two levels of two digits and one of three."""
    assert suggest_old_form(text) is None


@given(st.from_regex(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}", fullmatch=True))
def test_suggestion_leads_back_to_the_old_code(old: str) -> None:
    """Wherever an old code has a suggestion, that one's suggestion is the old code."""
    new = suggest_new_form(old)
    assert new is None or suggest_old_form(new) == old


@given(st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{2,3}){0,3}", fullmatch=True))
def test_suggestion_leads_back_to_the_new_code(new: str) -> None:
    """The same from the new form."""
    old = suggest_old_form(new)
    assert old is None or suggest_new_form(old) == new


@pytest.mark.parametrize(
    ("procedure", "code"),
    [
        ("1.002891.000.00.00.H40", "000.00.00.H40"),
        ("2.000815.000.00.00.H55.02", "000.00.00.H55"),
        ("1.002891", None),
        ("000.00.00.H40", None),
        ("H40", None),
    ],
)
def test_procedure_tells_whose_it_is(procedure: str, code: str | None) -> None:
    """The code of a procedure embeds that of its organisation in the old form."""
    assert code_in_procedure(procedure) == code
