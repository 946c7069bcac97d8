"""Codes of organisations."""

import pytest

from lienthong.schemas.organisations import OrganisationCode, suggest_new_form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("000.00.13.H53", "old"),
        ("H53", "new"),
        ("H53.03.02.001", "new"),
        ("H37.DN.001", "new"),
        ("01.02.G22", "opaque"),
        ("vxp.saas.03", "opaque"),
        ("H53." + "1" * 40, "opaque"),
        ("", "opaque"),
    ],
)
def test_any_code_has_a_form_and_stays_as_it_is(text: str, form: str) -> None:
    """A code is told by its form and never changed."""
    code = OrganisationCode.parse(text)
    assert (str(code), code.form) == (text, form)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.00.H40", "H40"),
        ("000.00.13.H53", "H53.13"),
        ("000.28.31.H53", "H53.31.28"),
        ("001.02.03.H53", "H53.03.02.001"),
        ("H53.13", None),
        ("01.02.G22", None),
    ],
)
def test_old_code_suggests_its_new_form(old: str, new: str | None) -> None:
    """Groups are reversed and empty ones dropped; nothing else is guessed."""
    assert suggest_new_form(old) == new
