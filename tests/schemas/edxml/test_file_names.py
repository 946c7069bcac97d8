"""Names for attached files in a folder."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lienthong.schemas.edxml.file_names import safe_file_name

RESERVED = {"con", "prn", "aux", "nul", "com1", "lpt9", "com²"}
hostile_names = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.text("a/\\. \u202e\u0301", max_size=6),
        st.sampled_from(
            [
                "../",
                "..\\",
                "C:\\",
                "/etc/passwd",
                "CON",
                "nul",
                "com1",
                ".pdf",
                ".tar.gz",
                "\u202egpj.exe",
                "\x00",
                "ế",
                "e\u0302\u0301",
                "a" * 300,
            ]
        ),
        st.sampled_from(["<", "\u0338", "ừ" * 120, "." + "x" * 300, "\ufeff", "\u2028", "\ud800", "~", "\U0001f4c4" * 70]),
    ),
    max_size=5,
).map("".join)


@given(hostile_names, st.lists(hostile_names, max_size=4))
@example("\u202efdp.exe", [])
@example("con .txt", [])
@example("<\u0338.pdf", [])
@settings(deadline=None, max_examples=400)
def test_any_name_becomes_one_that_is_safe_in_any_folder(name: str, others: list[str]) -> None:
    """Whatever a packet calls a file, it stays in its folder, can be seen, and replaces nothing."""
    taken: list[str] = []
    for other in [*others, name, name]:
        safe = safe_file_name(other, taken)
        assert 0 < len(safe.encode()) <= 255
        assert not set(safe) & set('/\\<>:"|?*')
        assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in safe)
        assert unicodedata.is_normalized("NFC", safe)
        assert safe == safe.strip(" .")
        assert safe.partition(".")[0].strip().casefold() not in RESERVED
        assert safe.casefold() not in {earlier.casefold() for earlier in taken}
        assert safe_file_name(safe, ()) == safe
        taken.append(safe)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Tờ trình số 12.pdf", "Tờ trình số 12.pdf"),
        (unicodedata.normalize("NFD", "Tờ trình.pdf"), unicodedata.normalize("NFC", "Tờ trình.pdf")),
        ("C:\\Users\\lan\\Desktop\\công văn.docx", "công văn.docx"),
        ("../../etc/passwd", "passwd"),
        ("/", "attachment"),
        ("", "attachment"),
        ("..", "attachment"),
        (".htaccess", "htaccess"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("  a   b .pdf ", "a b.pdf"),
        ("NUL.txt", "_NUL.txt"),
        ("com².tar.gz", "_com².tar.gz"),
        ("console.txt", "console.txt"),
        ("a: b?.xlsx", "a_ b_.xlsx"),
        ("ừ" * 200 + ".docx", "ừ" * 83 + ".docx"),
        ("x." + "y" * 300, "x." + "y" * 253),
        ("folder/", "folder"),
    ],
)
def test_name_stays_as_near_to_its_own_as_can_be(name: str, safe: str) -> None:
    """A harmless name stays; of a harmful one only the harm goes."""
    assert safe_file_name(name, ()) == safe


def test_names_that_are_taken_are_numbered_also_where_case_differs() -> None:
    """Two files of the same name both get into a folder that doesn't tell capital letters apart."""
    taken = ["Phụ lục.PDF"]
    for expected in ("phụ lục (2).pdf", "phụ lục (3).pdf"):
        taken.append(safe_file_name("phụ lục.pdf", taken))
        assert taken[-1] == expected
    assert safe_file_name("phu-luc", ["phu-luc", "phu-luc (2)"]) == "phu-luc (3)"
    assert safe_file_name("a" * 300 + ".pdf", ["a" * 251 + ".pdf"]) == "a" * 247 + " (2).pdf"


def test_flood_of_one_name_gives_as_many_names() -> None:
    """A thousand files of one name are a thousand files."""
    taken: set[str] = set()
    for _ in range(1000):
        taken.add(safe_file_name("a.pdf", taken))
    assert len(taken) == 1000
