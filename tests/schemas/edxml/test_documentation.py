"""The pages on packets: their Python runs, and they know every source that a finding names."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from lienthong.schemas.edxml import DocumentPacket, StatusPacket, life_cycle, read_packet, write_packet
from lienthong.schemas.edxml.deadlines import NO_DAY, PERIODS
from lienthong.schemas.edxml.findings import RULES, Rule
from lienthong.schemas.edxml.profiles import PROFILES

PAGES = Path(__file__).parents[3] / "docs" / "explanation"
LIFE_CYCLE_RULES = tuple(row for row in vars(life_cycle).values() if isinstance(row, Rule))


def test_python_on_the_page_about_packets_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: DocumentPacket, capsys: pytest.CaptureFixture[str]
) -> None:
    """It reads a packet, takes its files out, changes and writes it, and reports its arrival."""
    monkeypatch.chdir(tmp_path)
    Path("to-trinh.edxml").write_bytes(write_packet(document))
    Path("phu-luc.pdf").write_bytes(b"%PDF-1.4\n%%EOF")
    page = PAGES / "packets-in-python.md"
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
    exec(compile(code, page.name, "exec"), {})
    written = read_packet(tmp_path / "to-trinh-2.edxml").packet
    assert isinstance(written, DocumentPacket)
    assert [attachment.name for attachment in written.attachments] == ["tờ-trình.pdf", "phụ-lục.pdf"]
    assert isinstance(read_packet(tmp_path / "status.edxml").packet, StatusPacket)
    assert [file.name for file in (tmp_path / "attachments").iterdir()] == ["tờ-trình.pdf"]
    assert capsys.readouterr().out.splitlines()[0] == "12/SKHCN-VP V/v kết nối <liên thông> & chia sẻ ['H42.13', 'G22']"


def names() -> tuple[str, ...]:
    """Return the sources that the page on the rules explains."""
    page = (PAGES / "edxml-rules.md").read_text(encoding="utf-8")
    table = page.partition("| Source | What it is | Letter |")[2].partition("\n\n")[0]
    return tuple(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE))


@pytest.mark.parametrize(
    "source",
    sorted(
        {rule.source for rule in (*RULES, *LIFE_CYCLE_RULES, NO_DAY)}
        | {source for profile in PROFILES.values() for source in profile.refused.values()}
        | {period.source for period in PERIODS}
    ),
)
def test_source_of_a_finding_is_explained_on_the_page_about_the_rules(source: str) -> None:
    """Whoever reads a finding can look up what its source is; no file is cited that comes to nobody."""
    known = names()
    assert [part for part in source.split("; ") if not part.startswith(known)] == []


def test_inference_is_called_so_in_both_languages() -> None:
    """A rule of certainty I says that it is inferred or our own, and no other does."""
    for rule in (*RULES, *LIFE_CYCLE_RULES):
        assert (rule.source.endswith("suy luận / inferred") or rule.source == "lienthong") == (rule.certainty == "I"), rule.code


def test_schema_names_sources_that_the_page_explains() -> None:
    """Each annotation begins with how sure it is and one of the sources of the page."""
    text = files("lienthong.schemas.edxml").joinpath("packet.xsd").read_text(encoding="utf-8")
    annotations = re.findall(r"<xs:appinfo>([PVCSI]?) ?(.*?)</xs:appinfo>", text)
    assert annotations
    for certainty, source in annotations:
        assert certainty, source
        assert source.startswith(names()), source


def test_every_source_on_the_page_is_used() -> None:
    """The page explains nothing that no finding and no annotation names."""
    named = "\n".join(rule.source for rule in (*RULES, *LIFE_CYCLE_RULES, NO_DAY))
    assert [name for name in names() if name not in named] == []
