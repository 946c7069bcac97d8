"""YAML with marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from lienthong.core.errors import Place, YamlInvalid
from lienthong.core.yaml import MarkedYaml, load_yaml, parse_yaml

TEXT = """\
version: 1
000.00.13.H53: {on: yes}
routes:
  - every: 1m
    through: [axis, portal]
"""


def refused(text: str) -> YamlInvalid:
    with pytest.raises(YamlInvalid) as caught:
        parse_yaml(text, source="s.yaml")
    return caught.value


def test_values_are_plain_and_keys_are_as_they_are_written() -> None:
    """A code or the word "on" as a key is text."""
    assert parse_yaml(TEXT, source="s.yaml").values == {
        "version": 1,
        "000.00.13.H53": {"on": True},
        "routes": [{"every": "1m", "through": ["axis", "portal"]}],
    }


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 1, 1),
        (("version",), 1, 1),
        (("000.00.13.H53", "on"), 2, 17),
        (("routes",), 3, 1),
        (("routes", 0), 4, 5),
        (("routes", 0, "through"), 5, 5),
        (("routes", 0, "through", 1), 5, 21),
        (("routes", 0, "missing"), 4, 5),
        (("routes", 7, "every"), 3, 1),
        (("nowhere", "at", "all"), 1, 1),
    ],
)
def test_place_is_that_of_the_key_or_of_its_nearest_parent(path: tuple[str | int, ...], line: int, column: int) -> None:
    """What is missing is looked for where it should stand, and named in full."""
    place = parse_yaml(TEXT, source="s.yaml").place(path)
    assert place == Place(source="s.yaml", line=line, column=column, path=".".join(map(str, path)))


def test_place_without_marks_is_the_path_alone() -> None:
    """Values that come from no file have places as well."""
    assert MarkedYaml({}, {}).place(("a", 0)) == Place(path="a.0")


@pytest.mark.parametrize(
    ("text", "line", "column", "en", "vi"),
    [
        ("a: 1\na: 2", 2, 1, "the key a stands twice", "khóa a xuất hiện hai lần"),
        ("b: {a: 1, a: 2}", 1, 11, "the key a stands twice", "khóa a xuất hiện hai lần"),
        ("a: &x {b: 1}\nc: *x", 2, 4, "aliases (*name) are not read here", "không dùng được bí danh (*tên)"),
        ("a: &x {b: *x}", 1, 11, "aliases (*name) are not read here", "không dùng được bí danh (*tên)"),
        ("- a", 1, 1, "a mapping is expected at the top", "cấp cao nhất phải là bảng khóa và giá trị"),
        ("", 1, 1, "a mapping is expected at the top", "cấp cao nhất phải là bảng khóa và giá trị"),
        ("? [a]\n: 1", 1, 3, "a key is expected here", "ở đây cần một khóa"),
        ("<<: {a: 1}", 1, 1, "a key is expected here", "ở đây cần một khóa"),
        ("a: \x00", None, None, "characters or numbers that YAML doesn't allow", "có ký tự hoặc số mà YAML không cho phép"),
        ("a: 2026-02-30", None, None, "characters or numbers that YAML doesn't allow", "có ký tự hoặc số mà YAML không cho phép"),
    ],
)
def test_file_that_is_not_plain_is_refused_in_both_languages(text: str, line: int | None, column: int | None, en: str, vi: str) -> None:
    """With line and column, where the parser knows them."""
    error = refused(text)
    assert (error.place.source, error.place.line, error.place.column) == ("s.yaml", line, column)
    assert error.sentence("en").endswith(f": {en}.")
    assert error.sentence("vi").endswith(f": tệp YAML sai: {vi}.")


@pytest.mark.parametrize(("text", "line"), [("a: [", 1), ("a: 1\nb: c: d", 2), ("a: !!python/name:os.system x", 1), ("a: 1\n---\nb: 2", 2)])
def test_words_of_the_parser_are_marked_as_its_own(text: str, line: int) -> None:
    """Its sentences exist in one language only."""
    error = refused(text)
    assert error.place.line == line
    assert error.sentence("vi").endswith(f"tệp YAML sai: lỗi cú pháp (máy báo: {error.reason.en}).")


def test_file_in_another_encoding_is_refused_with_its_first_wrong_byte(tmp_path: Path) -> None:
    """A file of an old editor is named as what it is."""
    path = tmp_path / "s.yaml"
    path.write_bytes("tên: ổ".encode("utf-16"))
    with pytest.raises(YamlInvalid) as caught:
        load_yaml(path)
    assert str(caught.value) == "LT-CORE-003 s.yaml byte 0: it is not UTF-8."
    assert caught.value.sentence("vi") == "s.yaml byte 0: tệp YAML sai: không phải UTF-8."


def test_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    """Windows editors write one."""
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbfversion: 1\n")
    loaded = load_yaml(path)
    assert loaded.values == {"version": 1}
    assert loaded.place(("version",)) == Place(source="s.yaml", line=1, column=1, path="version")


def test_missing_file_is_the_callers_to_explain(tmp_path: Path) -> None:
    """Only the caller knows how a file is named."""
    with pytest.raises(FileNotFoundError):
        load_yaml(tmp_path / "none.yaml")
