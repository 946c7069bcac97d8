"""The hardened parser."""

import contextlib
import pickle
import tracemalloc
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.core.blob import Blob
from lienthong.schemas.errors import CapExceeded, DoctypeRefused, NotWellFormed
from lienthong.schemas.xml import KEEP_WHOLE, Caps, Divert, parse, parser, text_of

LAUGHS = b'<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'


def test_same_bytes_stay_with_the_document(tmp_path: Path) -> None:
    """A document keeps the exact bytes it was parsed from, and a blob as the blob it is."""
    raw = b"\xef\xbb\xbf<a>\r\n <b/></a>\n"
    assert parse(raw).raw.read() == raw
    (tmp_path / "a.xml").write_bytes(raw)
    blob = Blob.of_file(tmp_path / "a.xml")
    document = parse(blob)
    assert document.raw is blob
    assert document.complete
    assert document.root.tag == "a"


def test_file_that_cannot_be_read_is_an_error_of_the_system(tmp_path: Path) -> None:
    """A blob whose file has gone isn't taken for bad XML."""
    with pytest.raises(FileNotFoundError):
        parse(Blob.stored("0" * 64, 4, tmp_path / "gone"))


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [
        (b"", 1, 1),
        (b"1212<a/>", 1, 1),
        (b"<a>\n<b></a>", 2, 8),
        (b"<a>\n  &x;</a>", 2, 6),
        (b"<a>\n<b x:y='1'/></a>", 2, 11),
        (b"<a/>rest", 1, 5),
        (b"<a>\xff</a>", 1, 4),
        (b"<a>\x00</a>", 1, 4),
    ],
)
def test_broken_xml_is_refused_with_line_and_column(raw: bytes, line: int, column: int) -> None:
    """Whatever isn't well-formed, unbound prefixes included, is named by line and column."""
    with pytest.raises(NotWellFormed) as caught:
        parse(raw, source="broken.xml")
    assert f"(máy báo: {caught.value.reason})" in caught.value.sentence("vi")
    assert (caught.value.place.source, caught.value.place.line, caught.value.place.column) == ("broken.xml", line, column)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        LAUGHS,
        OUTSIDE,
        b"<!DOCTYPE a><a/>",
        b"\xef\xbb\xbf \n<!DOCTYPE a><a/>",
        "<!DOCTYPE a><a/>".encode("utf-16"),
    ],
)
def test_doctype_is_refused_in_any_encoding(raw: bytes) -> None:
    """No document type declaration gets in, and nothing it names is looked at."""
    with pytest.raises(DoctypeRefused):
        parse(raw)
    for block in (4, 64):
        with mock.patch.object(parser, "_BLOCK", block), pytest.raises(DoctypeRefused):
            parse(Blob.of_bytes(raw))


def test_doctype_is_refused_anywhere_before_the_root(tmp_path: Path) -> None:
    """However far behind comments it stands in a file, and whatever the encoding; its place is told by line and column."""
    file = tmp_path / "a.xml"
    text = "<!-- " + "x" * 100_000 + " -->\n<!-- á -->  <!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    for encoding in ("utf-8", "utf-16"):
        file.write_bytes(text.encode(encoding))
        with pytest.raises(DoctypeRefused) as caught:
            parse(
                Blob.of_file(file),
                source="a.xml",
                caps=Caps(prolog=1 << 20),
                divert=Divert(("a",), lambda element: pytest.fail(str(element.tag))),
            )
        if encoding == "utf-8":
            place = caught.value.place
            assert (place.source, place.line, place.column) == ("a.xml", 2, 13)
            assert file.read_bytes()[place.offset :].startswith(b"<!DOCTYPE")
        with pytest.raises(CapExceeded):
            parse(Blob.of_file(file))


def test_doctype_in_a_comment_is_only_a_comment() -> None:
    """A harmless document isn't refused for what its comments say."""
    assert parse(b"<!-- <!DOCTYPE a> --><a><!-- <!DOCTYPE a> --></a>").root.tag == "a"


@pytest.mark.parametrize(
    ("cap", "raw"),
    [
        ("bytes", b"<a>" + b" " * 1000 + b"</a>"),
        ("tree", b"<a>" + b" " * 800 + b"</a>"),
        ("depth", b"<a>" * 9 + b"</a>" * 9),
        ("attributes", b"<a " + b" ".join(b'x%d="1"' % n for n in range(9)) + b"/>"),
        (
            "namespaces",
            b"<a "
            + b" ".join(b'xmlns:x%d="urn:1"' % n for n in range(5))
            + b"><b "
            + b" ".join(b'xmlns:y%d="urn:1"' % n for n in range(4))
            + b"/></a>",
        ),
        ("namespace_length", b"<a xmlns='urn:" + b"x" * 17 + b"'/>"),
        ("namespace_length", b"<a xmlns:" + b"x" * 16 + b"='urn:1'/>"),
        ("nodes", b"<a>" + b"<b/><!-- --><?c?>" * 5 + b"</a>"),
        ("nodes", b"<a>" + b"<b c='1' d='2'/>" * 4 + b"</a>"),
        ("nodes", b"<a>" + b"<b xmlns:c='urn:1' xmlns:d='urn:2'/>" * 4 + b"</a>"),
    ],
)
def test_each_cap_stops_what_exceeds_it_and_nothing_below(cap: str, raw: bytes) -> None:
    """An error names the cap and its limit; the default caps let the same document in."""
    caps = Caps(bytes=900, tree=800, depth=8, attributes=8, namespaces=8, namespace_length=20, nodes=12)
    with pytest.raises(CapExceeded) as caught:
        parse(raw, caps=caps)
    assert caught.value.cap.en == cap
    assert cap not in caught.value.sentence("vi").replace("byte", "")
    assert str(caught.value.limit) in caught.value.sentence("vi")
    parse(raw)


@pytest.mark.parametrize("raw", [b"<a/>", b"<a></a>", b"<a/>\n", b" <a/>"])
def test_tiny_document_is_read(raw: bytes) -> None:
    """The smallest documents are documents."""
    assert parse(raw).root.tag == "a"


def test_root_that_never_comes_is_given_up() -> None:
    """A flood before the root element ends at the cap, not in memory."""
    with pytest.raises(CapExceeded) as caught:
        parse(b"<!--" + b"x" * 200_000 + b"--><a/>")
    assert caught.value.cap.en == "prolog"


def test_namespaces_out_of_scope_do_not_count() -> None:
    """A thousand siblings may each declare a namespace."""
    root = parse(b"<a>" + b'<b xmlns="urn:1"/>' * 1000 + b"</a>", caps=Caps(namespaces=1)).root
    assert len(root) == 1000
    with pytest.raises(CapExceeded):
        parse(b'<a><b xmlns="urn:1"><b xmlns="urn:2"/></b></a>', caps=Caps(namespaces=1))


def test_long_namespace_is_refused_before_it_is_multiplied() -> None:
    """Its name would be in the name of everything that it qualifies: some kilobytes of XML would take gigabytes."""
    long = b'xmlns:n="urn:' + b"x" * 50_000 + b'"'
    attributes = b" ".join(b'n:x%d=""' % number for number in range(256))
    for raw in (b"<a>\n<b " + long + b">" + b"<n:c/>" * 2000 + b"</b></a>", b"<a>\n<b " + long + b" " + attributes + b"/></a>"):
        tracemalloc.start()
        try:
            with pytest.raises(CapExceeded) as caught:
                parse(raw, source="a.xml", divert=Divert(("c",), lambda _element: None))
            assert tracemalloc.get_traced_memory()[1] < 2 << 20
        finally:
            tracemalloc.stop()
        assert (caught.value.cap.en, caught.value.limit) == ("namespace_length", 256)
        assert (caught.value.place.source, caught.value.place.line) == ("a.xml", 2)
    assert len(parse(b'<a xmlns="" xmlns:n="urn:' + b"x" * 251 + b'"/>').root) == 0


def test_large_text_is_read() -> None:
    """Text above libxml2's default of ten million bytes is read, for attachments are text."""
    assert len(text_of(parse(b"<a>" + b"QUJD" * 3_000_000 + b"</a>").root)) == 12_000_000


def test_line_end_in_utf_16_is_one_wherever_it_is_cut() -> None:
    """A line end that two blocks share isn't doubled."""
    for encoding in ("utf-16-le", "utf-16-be"):
        raw = ("\ufeff<a>" + "x" * 32763 + "\r\n</a>\r\n").encode(encoding)
        assert raw[(1 << 16) - 2 :].decode(encoding).startswith("\r\n")
        assert text_of(parse(raw).root) == "x" * 32763 + "\n"
        assert parse("\ufeff<a/>\r".encode(encoding)).root.tag == "a"


def test_text_that_stays_is_bounded_by_a_cap_of_its_own() -> None:
    """A text that nobody diverts stays in memory, and counts."""
    raw = b"<a><b>" + b"QUJD" * (KEEP_WHOLE // 4) + b"</b></a>"
    with pytest.raises(CapExceeded) as caught:
        parse(raw, caps=Caps(tree=1 << 20), divert=Divert(("b",), lambda _element: None))
    assert (caught.value.cap.en, caught.value.limit) == ("tree", 1 << 20)


def test_comment_inside_text_hides_nothing() -> None:
    """Text is the whole text of an element, whatever stands in between."""
    root = parse(b"<a>user<!-- -->.evil<?x?><b>!</b></a>").root
    assert text_of(root) == "user.evil!"
    assert text_of(None) == ""


@given(st.binary(max_size=300))
def test_any_bytes_give_a_document_or_one_of_our_errors(raw: bytes) -> None:
    """No input makes the parser fail in a way that its callers don't know."""
    with contextlib.suppress(NotWellFormed, DoctypeRefused, CapExceeded):
        parse(b"<a>" + raw)
