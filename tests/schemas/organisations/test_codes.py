"""Codes of organisations and the directory."""

import pytest

from lienthong.schemas.organisations import Directory, Organisation, OrganisationCode, suggest_new_form


@pytest.mark.parametrize(
    ("text", "form", "top"),
    [
        ("000.00.13.H53", "old", "H53"),
        ("H53", "new", "H53"),
        ("H53.03.02.001", "new", "H53"),
        ("H37.DN.001", "new", "H37"),
        ("01.02.G22", "opaque", None),
        ("vxp.saas.03", "opaque", None),
        ("H53." + "1" * 40, "opaque", None),
        ("", "opaque", None),
    ],
)
def test_any_code_has_a_form_and_stays_as_it_is(text: str, form: str, top: str | None) -> None:
    """A code is told by its form and never changed."""
    code = OrganisationCode.parse(text)
    assert (str(code), code.form, code.top) == (text, form, top)


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


def test_directory_finds_an_organisation_by_either_form() -> None:
    """What the directory lists goes before what the rule suggests."""
    listed = Organisation(code="H42.12", name="Sở Khoa học và Công nghệ", old_code="000.00.99.H42")
    by_rule = Organisation(code="G22", name="Văn phòng Chính phủ")
    old_only = Organisation(code="000.00.13.H53", name="Sở Nội vụ")
    directory = Directory([listed, by_rule, old_only])
    assert directory.find("H42.12") is directory.find("000.00.99.H42") is listed
    assert directory.find("000.00.00.G22") is by_rule
    assert directory.find("H53.13") is old_only
    assert directory.find("H99") is None
    assert list(directory) == [listed, by_rule, old_only]
    assert len(directory) == 3
