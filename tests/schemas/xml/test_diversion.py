"""Text that leaves the tree while it is parsed."""

import contextlib
import gc
import io
import os
import subprocess
import sys
import weakref
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from lienthong.core.blob import Blob
from lienthong.schemas.errors import CapExceeded, DoctypeRefused, NotWellFormed
from lienthong.schemas.xml import KEEP_WHOLE, Caps, Divert, Element, TextSink, XmlDocument, parse, parser, text_of, whole

LINE = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0"
PIECES = [
    *("&amp;", "&#13;", "&lt;", "&#x1F600;", "\r\n", "\r", "\n", " ", "]] >", "đ", "😀", "QUJD", "A" * 80, "B" * 400, "C" * 5000),
    *("<![CDATA[]]>", "<![CDATA[a<b&c]]>", "<![CDATA[]]]]>", "<!---->", "<!-- c -->", "<?p i?>"),
    *("<x/>", "<x y='&lt;1'>t</x>", "<x>u<x/>v<!-- w --></x>", "<D>nested</D>", "<n:x xmlns:n='urn:n'>&amp;</n:x>"),
]


class Diverted:
    """Takes the text of each D apart."""

    def __init__(self) -> None:
        self.sinks: list[io.StringIO] = []

    def divert(self) -> Divert:
        return Divert(("D",), self.sink)

    def sink(self, element: Element) -> TextSink:
        assert element.tag == "D"
        self.sinks.append(io.StringIO(newline=""))
        return self.sinks[-1]

    @property
    def texts(self) -> list[str]:
        return [sink.getvalue() for sink in self.sinks]


def canonical(root: Element) -> bytes:
    return etree.tostring(root, method="c14n", with_comments=True)


def parse_in_blocks(raw: bytes, block: int, *, keep: int, caps: Caps = parser.DEFAULT_CAPS) -> tuple[XmlDocument, list[str]]:
    diverted = Diverted()
    with mock.patch.multiple(parser, _BLOCK=block, KEEP_WHOLE=keep):
        document = parse(Blob.of_bytes(raw), divert=diverted.divert(), caps=caps)
    return document, diverted.texts


@given(
    texts=st.lists(st.lists(st.sampled_from(PIECES) | st.text("aá<&>\r\n\u0301", max_size=8), max_size=12), min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16"]),
    block=st.one_of(st.integers(1, 8), st.sampled_from([13, 64, 301, 1000, 1 << 16])),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_sink_gets_the_text_of_the_element_however_it_comes(texts: list[list[str]], encoding: str, block: int) -> None:
    """References, CDATA, comments, line ends, elements inside and the cut of the blocks change nothing, and the rest of the tree is whole."""
    markup = [[piece if piece in PIECES else piece.replace("&", "&amp;").replace("<", "&lt;") for piece in text] for text in texts]
    raw = ("<r>" + "".join(f"<D>{''.join(text)}</D>đ<e>f</e>" for text in markup) + "</r>\n").replace("]]&", "]] &").encode(encoding)
    block = block if encoding.startswith("utf-8") else max(4, block & ~1)
    plain = etree.fromstring(raw, etree.XMLParser(resolve_entities=False))
    diverted = [element for element in plain.iter("D") if element.getparent() is plain]
    expected = [text_of(element) for element in diverted]

    kept, got = parse_in_blocks(raw, block, keep=KEEP_WHOLE)
    assert got == expected
    assert kept.complete
    assert canonical(kept.root) == canonical(plain)

    taken_out, got = parse_in_blocks(raw, block, keep=0)
    assert got == expected
    assert taken_out.complete == (not any(expected))
    assert canonical(whole(taken_out).root) == canonical(plain)
    for element in diverted:
        for node in element.iter():
            if isinstance(node.tag, str):
                node.text = None
            if node is not element:
                node.tail = None
    assert canonical(taken_out.root) == canonical(plain)


def test_small_document_keeps_what_it_hands_over() -> None:
    """Up to 8 MiB the text goes both ways; above, only to the sink, and the document can be had whole again."""
    small = b"<r><D>QUJD</D></r>"
    diverted = Diverted()
    document = parse(small, divert=diverted.divert())
    assert (diverted.texts, text_of(document.root), document.complete) == (["QUJD"], "QUJD", True)
    assert whole(document) is document

    diverted = Diverted()
    large = b"<r><D>" + b"QUJD" * (KEEP_WHOLE // 4) + b"</D><e>f</e></r>"
    document = parse(large, divert=diverted.divert(), source="large.xml")
    assert diverted.texts == ["QUJD" * (KEEP_WHOLE // 4)]
    assert (text_of(document.root), document.complete) == ("f", False)
    again = whole(document)
    assert (len(text_of(again.root)), again.complete, again.source, again.raw) == (KEEP_WHOLE + 1, True, "large.xml", document.raw)
    with pytest.raises(CapExceeded):
        whole(document, caps=Caps(bytes=KEEP_WHOLE))
    assert parse(large, divert=Divert(("D",), lambda _element: None)).complete


def test_elements_inside_are_not_asked_about() -> None:
    """Text goes to one place."""
    for keep in (0, KEEP_WHOLE):
        assert parse_in_blocks(b"<r><D>a<D>b<D/></D>c</D><D>d</D></r>", 5, keep=keep)[1] == ["abc", "d"]


@pytest.mark.parametrize("keep", [0, KEEP_WHOLE])
def test_only_elements_with_the_tags_are_asked_about_and_may_be_left_alone(keep: int) -> None:
    """They are asked about in the order of the document; below one that is left alone, the others still are."""
    asked: list[str] = []
    taken = io.StringIO()

    def sink(element: Element) -> TextSink | None:
        asked.append(f"{element.tag}{element.get('n')}")
        return None if element.get("n") == "1" else taken

    raw = b"<D n='1' xmlns:x='urn:x'>a<x:D n='2'/><x:E n='3'>b<D n='4'/></x:E><D n='5'>c</D><!-- --><E n='6'/></D>"
    with mock.patch.object(parser, "KEEP_WHOLE", keep):
        parse(raw, divert=Divert(("{urn:x}E", "D"), sink))
    assert asked == ["D1", "{urn:x}E3", "D5"]
    assert taken.getvalue() == "bc"


@pytest.mark.parametrize("line", [LINE, LINE + b"\n", LINE + b"\r\n", LINE + b"&#13;\n", b"\xc4\x91" * 30])
def test_diverted_text_does_not_count_for_the_tree(line: bytes, tmp_path: Path) -> None:
    """Nor do its line ends, references and the bytes that a letter has in excess; what comes beside it does."""
    file = tmp_path / "a.xml"
    count = 4 * KEEP_WHOLE // 3 // len(line)
    file.write_bytes(b"<r><D>" + line * count + b"</D><D>" + line * count + b"</D></r>")
    caps = Caps(tree=300_000)
    assert not parse(Blob.of_file(file), divert=Diverted().divert(), caps=caps).complete
    file.write_bytes(b"<r><D>" + line * count + b"</D><e>" + LINE * 4000 + b"</e></r>")
    with pytest.raises(CapExceeded) as caught:
        parse(Blob.of_file(file), divert=Diverted().divert(), caps=caps)
    assert (caught.value.cap.en, caught.value.limit) == ("tree", 300_000)
    assert "dung lượng giữ trong bộ nhớ (byte)" in caught.value.sentence("vi")


@pytest.mark.parametrize("stays", [b"<!--" + b"x" * 990 + b"-->", b"<?p " + b"x" * 990 + b"?>", b"<x y='" + b"z" * 990 + b"'/>"])
@pytest.mark.parametrize("block", [100, 500, 600, 1000, 1500, 64_000])
def test_what_stays_inside_a_diverted_element_counts(stays: bytes, block: int) -> None:
    """Text between comments doesn't hide them from the cap, wherever the blocks are cut."""
    raw = b"<r><D>" + (b"t" * 10 + stays) * 100 + b"</D></r>"
    with pytest.raises(CapExceeded) as caught:
        parse_in_blocks(raw, block, keep=0, caps=Caps(tree=80_000))
    assert caught.value.cap.en == "tree"


def test_document_within_a_small_cap_is_kept_and_above_it_taken_out() -> None:
    """A cap on the tree below 8 MiB decides what is large."""
    raw = b"<r><D>" + LINE * 2000 + b"</D></r>"
    assert parse(raw, divert=Diverted().divert(), caps=Caps(tree=len(raw))).complete
    assert not parse(raw, divert=Diverted().divert(), caps=Caps(tree=len(raw) - 1)).complete


@pytest.mark.parametrize("raw", [b"<r><D>abc", b"<r><D>abc</r>", b"<r><D>abc&x;</D></r>", b"<r><D>abc\x00</D></r>"])
def test_broken_document_is_refused_though_text_was_handed_over(raw: bytes) -> None:
    """What a sink has by then is no document."""
    for keep in (0, KEEP_WHOLE):
        with pytest.raises(NotWellFormed):
            parse_in_blocks(raw, 3, keep=keep)


def test_nobody_is_asked_about_a_document_with_a_doctype() -> None:
    """No text leaves it, in no encoding."""
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(DoctypeRefused):
            parse("<!DOCTYPE r><r/>".encode(encoding), divert=Divert(("r",), lambda element: pytest.fail(str(element.tag))))


def test_error_of_a_sink_reaches_the_caller() -> None:
    """A full disk isn't taken for bad XML."""

    class Full:
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    for keep in (0, KEEP_WHOLE):
        with mock.patch.object(parser, "KEEP_WHOLE", keep), pytest.raises(OSError, match="No space"):
            parse(b"<r>abc</r>", divert=Divert(("r",), lambda _element: Full()))


@pytest.mark.parametrize("raw", [b"<r><D>abc", b"<r><D>abc</D>" + b"<r>" * 300, b"<r><D>abc</D>" + b"<r>" * 101])
def test_sinks_of_a_refused_document_are_freed_at_once(raw: bytes) -> None:
    """Their files don't wait for the garbage collector."""
    alive: list[weakref.ref[io.StringIO]] = []

    def sink(_element: Element) -> TextSink:
        sink = io.StringIO()
        alive.append(weakref.ref(sink))
        return sink

    gc.disable()
    try:
        for _ in range(3):
            with mock.patch.multiple(parser, _BLOCK=5, KEEP_WHOLE=0), contextlib.suppress(NotWellFormed, CapExceeded):
                parse(Blob.of_bytes(raw), divert=Divert(("D",), sink))
        assert [reference() for reference in alive] == [None] * 3
    finally:
        gc.enable()


MEASURE = """
import sys
from pathlib import Path
from lienthong.core.blob import Blob
from lienthong.schemas.xml import Caps, Divert, parse

class Count:
    size = 0
    def write(self, text): self.size += len(text)

def peak():  # of this program; what getrusage tells begins with the peak of the one that started it
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))

file, count = Path(sys.argv[1]), Count()
before = peak()
document = parse(Blob.stored("0" * 64, file.stat().st_size, file), caps=Caps(bytes=1 << 30, tree=1 << 20),
                 divert=Divert(("D",), lambda _element: count))
assert not document.complete
assert count.size == int(sys.argv[2]), count.size
print(peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc/self/status")
def test_two_hundred_megabytes_take_little_memory(tmp_path: Path) -> None:
    """Memory doesn't grow with the text that is diverted."""
    file, many = tmp_path / "large.xml", (LINE + b"\n") * (1 << 14)
    with file.open("wb") as stream:
        stream.write(b"<r><e>f</e><D>")
        for _ in range(160):
            stream.write(many)
        stream.write(b"</D></r>")
    assert file.stat().st_size > 190 << 20
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file), str(160 * len(many))], capture_output=True, text=True, check=True, env=os.environ
    )
    assert int(run.stdout) <= 64 << 10
