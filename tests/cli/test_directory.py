"""`directory lookup`."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def fields(text: str) -> dict[str, str]:
    """Names and values of the lines that have both."""
    return dict(pair for line in text.splitlines() if len(pair := re.split(r" {2,}", line, maxsplit=1)) == 2)


def test_closed_province_is_shown_with_its_successor(run: Run) -> None:
    """Name, day of closing, successor, the step there with its source, and how sure that is."""
    result = run("directory", "lookup", "H40", "--as-of", "2026-11-01")
    assert result.code == 0
    shown = fields(result.out)
    assert (shown["Code"], shown["Name"]) == ("H40", "Nam Định")
    assert shown["On 2026-11-01"] == "closed since 2025-07-01"
    assert shown["Successor"] == "H42 Ninh Bình"
    assert "H40 → H42: merged, 2025-07-01; NQ 202/2025/QH15" in result.out
    assert "recalled only, unconfirmed" in shown["Source"]


def test_province_is_shown_as_it_was_on_the_day(run: Run) -> None:
    """Before it was closed H40 is Nam Định and has no successor."""
    result = run("directory", "lookup", "H40", "--as-of", "2025-01-01")
    assert result.code == 0
    shown = fields(result.out)
    assert (shown["Name"], shown["On 2025-01-01"]) == ("Nam Định", "in force")
    assert "Successor" not in shown


def test_code_in_the_old_form_gets_the_new_one_suggested(run: Run) -> None:
    """The rule only suggests, and says so; what is listed is the province above."""
    result = run("directory", "lookup", "000.00.12.H42")
    assert result.code == 0
    shown = fields(result.out)
    assert shown["New form"] == "H42.12 (by rule, unconfirmed)"
    assert (shown["Code"], shown["Name"]) == ("H42", "Ninh Bình")


@pytest.mark.parametrize("query", ["nam dinh", "Nam Định", "NAM DINH", "dinh nam"])
def test_name_is_found_without_diacritics(run: Run, query: str) -> None:
    """Anything that is no code is a name; a single organisation is shown as by its code."""
    result = run("directory", "lookup", query)
    assert result.code == 0
    assert result.out == run("directory", "lookup", "H40").out


def test_same_name_before_and_after_is_found_twice(run: Run) -> None:
    """Two units, each with its period and what came after it."""
    result = run("directory", "lookup", "ninh binh", "--as-of", "2026-11-01")
    assert re.search(r"H42 +Ninh Bình +2025-07-01 +over; the code goes on +H42 Ninh Bình\n", result.out)
    assert re.search(r"H42 +Ninh Bình +2025-07-01 +in force\n", result.out)


@pytest.mark.parametrize(
    ("query", "code", "number"),
    [("H63", "H63", "15 → 15 Lào Cai"), ("10", "H38", "10 → 15 Lào Cai"), ("15", "H38", "15 "), ("89", "H01", "89 → 91 An Giang")],
)
def test_statistical_number_has_a_successor_of_its_own(run: Run, query: str, code: str, number: str) -> None:
    """The number follows the seat, the code the name; a number alone finds its holder."""
    result = run("directory", "lookup", query, "--as-of", "2026-11-01")
    assert result.code == 0
    shown = fields(result.out)
    assert shown["Code"] == code
    assert shown["Statistical number"].startswith(number)


@pytest.mark.parametrize("query", ["1.002891.000.00.00.H40", "h40", " H40 ", "000.00.00.H40"])
def test_code_is_found_however_it_is_written(run: Run, query: str) -> None:
    """Inside the code of a procedure, in lower case, with spaces, in the old form."""
    result = run("directory", "lookup", query)
    assert result.code == 0
    assert fields(result.out)["Name"] == "Nam Định"


@pytest.mark.parametrize("query", ["H99", "Atlantis", "khong co ten nay", "000.00.12.H99", "null", "\x1b[31m"])
@pytest.mark.parametrize(
    ("language", "said"), [("en", "no code, number or name '{}'; try"), ("vi", "không có mã, số hay tên '{}'; hãy tra")]
)
def test_what_is_not_listed_is_said(run: Run, query: str, language: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1, nothing on standard output, and a sentence that takes a name for no code, says what to try, and can't steer the terminal."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", language)
    result = run("directory", "lookup", query)
    assert (result.code, result.out) == (1, "")
    assert "LT-CLI-104" in result.err
    assert said.format(query.replace("\x1b", "\\x1b")) in result.err
    assert "--file" in result.err
    assert "\x1b" not in result.err


def test_lookup_as_json_is_one_document(run: Run) -> None:
    """Everything that the text says, and the records behind it."""
    result = run("directory", "lookup", "H40", "--as-of", "2026-11-01", "--json")
    found = json.loads(result.out)
    assert (found["query"], found["as_of"], found["by"], found["suggestion"]) == ("H40", "2026-11-01", "code", None)
    (answer,) = found["answers"]
    assert answer["organisation"]["name"] == "Nam Định"
    assert answer["organisation"]["certainty"] == "R"
    assert answer["state"] == "closed"
    (successor,) = answer["successors"]
    assert (successor["organisation"]["code"], successor["path"][0]["effective"]) == ("H42", "2025-07-01")
    suggested = json.loads(run("directory", "lookup", "000.00.12.H42", "--json").out)
    assert (suggested["by"], suggested["suggestion"]) == ("level-one", {"code": "H42.12", "confirmed": False})
    assert json.loads(run("directory", "lookup", "H99", "--json").out)["problem"]["code"] == "LT-CLI-104"


def test_vietnamese_reads_vietnamese(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels, states, kinds, steps and certainties."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", "vi")
    result = run("directory", "lookup", "H40", "--as-of", "2026-11-01")
    shown = fields(result.out)
    assert shown["Ngày 2026-11-01"] == "đã đóng mã từ ngày 2025-07-01"
    assert shown["Đơn vị kế thừa"] == "H42 Ninh Bình"
    assert "H40 → H42: sáp nhập, 2025-07-01" in result.out
    english = re.compile(r"\b(?:closed|merged|inferred|recalled|province|since|source|code|name|by rule)\b", re.IGNORECASE)
    for query in ("H40", "G14", "G07", "H19", "000.00.12.H42", "H40.12", "ninh binh", "10"):
        assert english.findall(run("directory", "lookup", query, "--as-of", "2026-11-01").out) == []


def test_table_of_ones_own_stands_over_the_shipped_one(run: Run, tmp_path: Path) -> None:
    """Departments and their successions come from files, provinces from what is shipped."""
    units = tmp_path / "units.csv"
    units.write_text(
        "code,name,old_code,valid_to,parent\nH40.12,Sở KH&CN Nam Định,000.00.99.H40,2025-07-01,H40\nH42.12,Sở KH&CN Ninh Bình,,,H42\n",
        encoding="utf-8",
    )
    changes = tmp_path / "changes.csv"
    changes.write_text("code,successor,effective,kind\nH40.12,H42.12,2025-07-01,merge\n", encoding="utf-8")
    result = run("directory", "lookup", "000.00.99.H40", "--file", units, "--file", changes)
    assert result.code == 0
    shown = fields(result.out)
    assert (shown["Code"], shown["Successor"], shown["Parent"]) == ("H40.12", "H42.12 Sở KH&CN Ninh Bình", "H40")
    assert shown["Old form"] == "000.00.99.H40"
    assert run("directory", "lookup", "H40", "--file", units).code == 0


def test_wrong_table_is_named_by_line_and_column(run: Run, tmp_path: Path) -> None:
    """What must be mended is said; a file that isn't there is wrong use."""
    table = tmp_path / "units.csv"
    table.write_text("code,name,valid_to\nH40.12,Sở,1/7/2025\n", encoding="utf-8")
    result = run("directory", "lookup", "H40", "--file", table)
    assert (result.code, result.out) == (1, "")
    assert "LT-CSV-001" in result.err
    assert "units.csv:2, column valid_to" in result.err
    assert run("directory", "lookup", "H40", "--file", tmp_path / "nowhere.csv").code == 2


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "1/7/2025", "01/11/2026", "20261101", "2026-W01-1", "yesterday", ""])
@pytest.mark.parametrize(("language", "said"), [("en", "is no day in the form"), ("vi", "không phải là một ngày theo dạng")])
def test_day_that_is_none_is_wrong_use(run: Run, day: str, language: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that doesn't exist or stands in another form is refused before anything is looked up, and the form is named."""
    monkeypatch.setenv("LIENTHONG_LANGUAGE", language)
    result = run("directory", "lookup", "H40", "--as-of", day)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"LT-CLI-012 --as-of: '{day}' {said} YYYY-MM-DD")


@pytest.mark.parametrize("query", ["", "  "])
def test_lookup_of_nothing_is_wrong_use(run: Run, query: str) -> None:
    """An empty text names no organisation."""
    result = run("directory", "lookup", query)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("LT-CLI-013 ")
