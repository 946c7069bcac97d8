"""The hidden zip rule in both directions."""

from __future__ import annotations

import binascii
import io
import re
import struct
import tracemalloc
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lienthong.core.blob import Blob, Spool
from lienthong.core.errors import Place, Words
from lienthong.schemas.edxml.media_types import HEAD, media_type_of
from lienthong.schemas.edxml.models import Attachment, DocumentPacket, Reference, Transfer
from lienthong.schemas.edxml.writer import write_packet
from lienthong.schemas.edxml.zip_rule import MAX_RATIO, unwrap, zip_like_sdk
from lienthong.schemas.errors import ArchiveUnsafe, FieldUnwritable
from zips import zipped

END = struct.Struct("<4s4H2IH")
MADE_UP = "3ed3cc90-1dcb-4382-9725-1de9cd899790"
TEXT = b"Ki\xcc\x81nh gu\xcc\x9b\xcc\x89i, " * 40


class Pipe(io.BytesIO):
    """A stream that can't seek, so that sizes follow the data."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError


def taken_off(content: bytes, name: str, *, at_most: int = 1 << 30, spool: Spool | None = None) -> tuple[Blob, Words | None]:
    return unwrap(Blob.of_bytes(content), name=name, content_id="a1", place=Place(line=7), spool=spool or Spool(), at_most=at_most)


def patched(content: bytes, **fields: int) -> bytes:
    """A zip of one entry with numbers in its directory, its header or its end changed."""
    layout = {
        "flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<I"), "packed": (20, "<I"), "size": (24, "<I"),
        "name_length": (28, "<H"), "extra_length": (30, "<H"), "attributes": (38, "<I"), "offset": (42, "<I"),
    }  # fmt: skip
    header = {
        "flags": (6, "<H"),
        "method": (8, "<H"),
        "crc": (14, "<I"),
        "packed": (18, "<I"),
        "size": (22, "<I"),
        "name_length": (26, "<H"),
    }
    end = {"disk": 4, "first_disk": 6, "here": 8, "entries": 10, "directory_size": 12, "directory_at": 16}
    raw = bytearray(content)
    directory_at, end_at = raw.rfind(b"PK\x01\x02"), raw.rfind(b"PK\x05\x06")
    for field, value in fields.items():
        where, _, name = field.partition("__")
        if where == "end":
            struct.pack_into("<I" if name.startswith("directory") else "<H", raw, end_at + end[name], value)
        if where in ("directory", "both"):
            place, form = layout[name]
            struct.pack_into(form, raw, directory_at + place, value)
        if where in ("header", "both"):
            place, form = header[name]
            struct.pack_into(form, raw, place, value)
    return bytes(raw)


WRAPPED = zipped(("0c.txt", TEXT))


def with_zip64_field() -> bytes:
    """What software of .NET writes for sizes that it didn't know beforehand, whatever they come to."""
    name, packed = b"0c.txt", zlib.compress(TEXT, wbits=-15)
    crc, large = zlib.crc32(TEXT), 0xFFFFFFFF
    field = struct.pack("<2H2Q", 1, 16, len(TEXT), len(packed))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 45, 0, 8, 0, 33, crc, large, large, len(name), len(field)) + name + field
    extra = struct.pack("<2H", 0x7075, 0) + field
    directory = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 45, 45, 0, 8, 0, 33, crc, large, large, len(name), len(extra), 0, 0, 0, 0, 0)
    directory += name + extra
    return local + packed + directory + END.pack(b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(local) + len(packed), 0)


SHEET = zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"))


@pytest.mark.parametrize(
    ("name", "content", "file"),
    [
        ("a.txt", WRAPPED, TEXT),
        ("a.doc", zipped((f"{MADE_UP}.edxml", TEXT)), TEXT),
        ("a.xlsx", zipped((f"{MADE_UP}.xls", TEXT)), TEXT),
        ("no-extension", zipped((MADE_UP.upper(), TEXT)), TEXT),
        ("a.PDF", zipped(("5c70.pdf", b"%PDF-1.7")), b"%PDF-1.7"),
        ("a.xlsx", zipped(("0-1.xlsx", SHEET)), SHEET),
        ("a.XLSM", zipped(("0-1.xlsm", SHEET)), SHEET),
        ("a.txt", zipped(("0c.txt", TEXT), method=zipfile.ZIP_STORED), TEXT),
        ("a.txt", zipped(("0c.txt", TEXT), into=Pipe()), TEXT),
        ("a.txt", zipped(("tờ trình.txt", TEXT), comment="ghi chú".encode()), TEXT),
        ("a.kmz", zipped(("0c.kmz", SHEET)), SHEET),
        ("a.txt", zipped(("0c.txt", WRAPPED)), WRAPPED),
        ("a.txt", with_zip64_field(), TEXT),
    ],
    ids=[
        "text",
        "other file",
        "other sheet",
        "no extension",
        "capitals",
        "sheet",
        "macros",
        "stored",
        "streamed",
        "comment",
        "map",
        "twice",
        "zip64",
    ],
)
def test_file_in_a_wrapping_comes_out_as_it_was(name: str, content: bytes, file: bytes) -> None:
    """One file with a made-up name or the attachment's extension is that file, whatever software wrote the zip; one layer is taken off."""
    assert taken_off(content, name) == (Blob.of_bytes(file), None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", zipped(("0-1.zip", SHEET))),
        ("a.ZIP", zipped(("../0-1.txt", bytes(20 << 20)))),
        ("a.xlsx", SHEET),
        ("a.docx", zipped(("word/document.xml", b"<w/>"))),
        ("a.kmz", zipped(("doc.kml", b"<kml/>"))),
        ("a.JAR", zipped(("A.class", b"x"))),
        ("a.asice", zipped(("mimetype", b"application/vnd.etsi.asic-e+zip"))),
        ("a.docx", WRAPPED[:-30]),
        ("a.pdf", b"%PDF-1.7"),
        ("a.txt", b"PK\x03"),
        ("a.txt", b""),
        ("a.txt", b"PK\x05\x06" + bytes(18)),
    ],
)
def test_file_without_a_wrapping_is_itself(name: str, content: bytes) -> None:
    """What is a zip by its name, or no zip at all, isn't touched and isn't remarkable."""
    received = Blob.of_bytes(content)
    assert unwrap(received, name=name, content_id="a1", place=Place(), spool=Spool(), at_most=0)[0] is received
    assert taken_off(content, name)[1] is None


NOT_ONE = ("does not hold exactly one file", "không chứa đúng một tệp con")
ODD = ("its entry is a folder, a link, encrypted", "mục bên trong là thư mục, liên kết, bị mã hóa")
EMPTY = ("the file in it has no content", "tệp con bên trong không có nội dung")
DAMAGED = ("it is damaged or cut short", "tệp bị hỏng hoặc bị cắt cụt")
CONTRADICTORY = ("its parts contradict each other", "các phần của tệp mâu thuẫn với nhau")
FLIPPED = WRAPPED[:45] + bytes([WRAPPED[45] ^ 0x55]) + WRAPPED[46:]
STREAMED = zipped(("0c.txt", TEXT), into=Pipe())
STORED = zipped(("0c.txt", TEXT), method=zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped(("a.txt", b"1"), ("b.txt", b"2")), NOT_ONE),
        (patched(WRAPPED, end__entries=0xFFFF, end__here=0xFFFF), NOT_ONE),
        (patched(WRAPPED, end__entries=0), NOT_ONE),
        (zipped(("folder/", b"")), ODD),
        (patched(WRAPPED, directory__attributes=0o120777 << 16), ODD),
        (patched(WRAPPED, both__flags=1), ODD),
        (patched(WRAPPED, both__flags=1 << 6 | 1), ODD),
        (zipped(("0c.txt", TEXT), method=zipfile.ZIP_BZIP2), ODD),
        (zipped(("0c.txt", TEXT), method=zipfile.ZIP_LZMA), ODD),
        (patched(WRAPPED, both__method=9), ODD),
        (WRAPPED[:-30], DAMAGED),
        (WRAPPED[: len(WRAPPED) // 2], DAMAGED),
        (WRAPPED + b"\n", DAMAGED),
        (b"PK\x03\x04", DAMAGED),
        (b"PK\x03\x04" + END.pack(b"PK\x05\x06", 0, 0, 1, 1, 0, 4, 0), DAMAGED),
        (FLIPPED, DAMAGED),
        (patched(WRAPPED, both__crc=1), DAMAGED),
        (patched(WRAPPED, both__size=len(TEXT) - 1), DAMAGED),
        (patched(WRAPPED, both__size=len(TEXT) + 1), DAMAGED),
        (patched(STREAMED, directory__size=3), DAMAGED),
        (patched(STORED, both__size=3), DAMAGED),
        (zipped(("0c.txt", b"")), EMPTY),
        (zipped(("0c.txt", b""), method=zipfile.ZIP_STORED), EMPTY),
        (patched(STORED, both__method=8), DAMAGED),
        (patched(WRAPPED, both__method=0), DAMAGED),
        (patched(WRAPPED, directory__method=0), CONTRADICTORY),
        (patched(WRAPPED, header__flags=1), CONTRADICTORY),
        (patched(WRAPPED, header__size=1), CONTRADICTORY),
        (patched(WRAPPED, header__crc=1), CONTRADICTORY),
        (patched(WRAPPED, both__packed=3), CONTRADICTORY),
        (patched(STREAMED, directory__packed=3), CONTRADICTORY),
        (patched(WRAPPED, directory__size=0xFFFFFFFF, header__size=0xFFFFFFFF, both__packed=0xFFFFFFFF), CONTRADICTORY),
        (patched(WRAPPED, directory__offset=1), CONTRADICTORY),
        (patched(WRAPPED, directory__name_length=2), CONTRADICTORY),
        (patched(WRAPPED, directory__extra_length=9), CONTRADICTORY),
        (patched(WRAPPED, header__name_length=5), CONTRADICTORY),
        (patched(WRAPPED, end__disk=1), CONTRADICTORY),
        (patched(WRAPPED, end__here=2), CONTRADICTORY),
        (patched(WRAPPED, end__directory_at=0), CONTRADICTORY),
        (patched(WRAPPED, end__directory_size=1 << 31), CONTRADICTORY),
        (WRAPPED.replace(b"0c.txt", b"0d.txt", 1), CONTRADICTORY),
        (WRAPPED[:-22] + WRAPPED[WRAPPED.rfind(b"PK\x01\x02") :], CONTRADICTORY),
        (b"PK\x03\x04" + bytes(200_000) + END.pack(b"PK\x05\x06", 0, 0, 1, 1, 200_000, 4, 0), CONTRADICTORY),
    ],
)
def test_zip_of_another_shape_stays_as_it_came(content: bytes, reason: tuple[str, str]) -> None:
    """A zip that isn't one wrapped file is kept, with the reason in both languages where its name is no zip's."""
    received = Blob.of_bytes(content)
    kept, why = taken_off(content, "a.txt")
    assert kept == received
    assert why is not None
    assert (reason[0] in why.en, reason[1] in why.vi) == (True, True), why
    assert taken_off(content, "a.docx") == (received, None)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("a.pdf", "hoso.docx"),
        ("a.txt", "evil.exe"),
        ("ban do.kmy", "doc.kml"),
        ("ho so", "ho so.docx"),
        ("ho so", "ho so"),
        ("a.doc", f"{MADE_UP}.edxml.exe"),
        ("a.doc", f"x/{MADE_UP}.edxml"),
        ("a.doc", f"{MADE_UP}0.edxml"),
    ],
)
def test_zip_of_one_file_of_another_format_stays_as_it_came(name: str, entry: str) -> None:
    """Formats that are zips of one file are many; only what senders' software is known to write is opened without being asked."""
    content = zipped((entry, TEXT))
    kept, why = taken_off(content, name)
    assert kept == Blob.of_bytes(content)
    assert why == Words("the file in it doesn't share its extension", "tệp con bên trong không cùng phần mở rộng")


@pytest.mark.parametrize(("file", "reason"), [(b"", EMPTY), (bytes(9), DAMAGED)])
def test_wrapping_that_gives_nothing_is_told_under_the_name_of_a_zip_format_too(file: bytes, reason: tuple[str, str]) -> None:
    """What is surely a wrapping, and is kept because nothing comes out of it, isn't passed over as a sheet."""
    content = patched(zipped(("0-1.xlsx", file)), both__crc=0)
    kept, why = taken_off(content, "a.xlsx")
    assert kept == Blob.of_bytes(content)
    assert why == Words(*reason)


def test_two_views_of_one_zip_are_neither_of_them_unwrapped() -> None:
    """A comment that holds a whole zip of its own lets two programs see two files; we see neither."""
    hidden = zipped(("b.txt", b"other"))
    assert taken_off(zipped(("a.txt", TEXT), comment=hidden), "a.txt")[1] is not None


@pytest.mark.parametrize(
    "name", ["../a.txt", "x/../../a.txt", "/etc/a.txt", "\\\\host\\a.txt", "C:\\a.txt", "c:a.txt", "x\\..\\a.txt", "..\\.txt"]
)
def test_entry_whose_name_leads_out_is_refused(name: str) -> None:
    """A name that is made to leave its folder shows what the zip is for, though we never use it."""
    with pytest.raises(ArchiveUnsafe) as caught:
        taken_off(zipped((name, TEXT)), "a.txt")
    assert caught.value.content_id == "a1"
    assert caught.value.place == Place(line=7)
    assert "leads out of its folder" in caught.value.sentence("en")
    assert "dẫn ra ngoài thư mục" in caught.value.sentence("vi")


def test_entry_whose_name_holds_control_characters_is_refused() -> None:
    """A NUL or an escape in a name is aimed at whoever handles or shows it."""
    for control in (b"\x00", b"\x1b", b"\n"):
        with pytest.raises(ArchiveUnsafe, match="control characters"):
            taken_off(WRAPPED.replace(b"0c.txt", b"0" + control + b".txt"), "a.txt")


@pytest.mark.parametrize("size", [20 << 20, 5000, 0, None], ids=["honest", "says less", "says nothing", "says 4 GiB"])
def test_bomb_is_refused_whatever_size_it_claims(size: int | None, tmp_path: Path) -> None:
    """Unpacking stops at two hundred times the zip's size."""
    bomb = zipped(("0c.txt", bytes(20 << 20)))
    content = patched(bomb, both__size=0xFFFFFFFE if size is None else size)
    with pytest.raises(ArchiveUnsafe, match=r"unpacks to more than 4194304 bytes"):
        taken_off(content, "a.txt", spool=Spool(tmp_path))
    with pytest.raises(ArchiveUnsafe):
        taken_off(patched(zipped(("0.docx", bytes(20 << 20))), both__size=0 if size is None else size), "a.docx")


def test_what_may_be_unpacked_is_bounded_to_the_byte() -> None:
    """The limit that a reader gives is never passed, and may be met."""
    assert taken_off(WRAPPED, "a.txt", at_most=len(TEXT))[0].size == len(TEXT)
    with pytest.raises(ArchiveUnsafe, match=f"more than {len(TEXT) - 1} bytes"):
        taken_off(WRAPPED, "a.txt", at_most=len(TEXT) - 1)
    with pytest.raises(ArchiveUnsafe):
        taken_off(patched(WRAPPED, both__size=1), "a.txt", at_most=len(TEXT) - 1)


def test_large_wrapping_is_taken_off_and_put_on_in_little_memory(document: DocumentPacket, tmp_path: Path) -> None:
    """Forty megabytes go in and out of a zip block by block."""
    path = tmp_path / "content"
    with path.open("wb") as stream:
        for number in range(40):
            stream.write(bytes(range(256)) * 4095 + number.to_bytes(256, "big"))
    content = Blob.of_file(path)
    spool = Spool(tmp_path)
    tracemalloc.start()
    try:
        packet = zip_like_sdk(replace(document, attachments=(attached("a.txt", content),)), spool=spool)
        transfer = packet.attachments[0].transfer
        assert transfer is not None
        assert transfer.content is not None
        file, _ = unwrap(transfer.content, name="a.txt", content_id="a1", place=Place(), spool=spool, at_most=1 << 30)
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()
    assert file == content


def test_zip_that_is_kept_is_not_read_through(tmp_path: Path) -> None:
    """Whether a zip is a wrapping is told from its two ends."""
    path = tmp_path / "zip"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(1 << 40)
        stream.seek(0, io.SEEK_END)
        stream.write(END.pack(b"PK\x05\x06", 0, 0, 7, 7, 0, 0, 0))
    received = Blob.stored("0" * 64, (1 << 40) + END.size, path)
    kept, why = unwrap(received, name="a.txt", content_id="a1", place=Place(), spool=Spool(), at_most=1)
    assert kept is received
    assert why is not None
    assert NOT_ONE[0] in why.en


def attached(name: str, content: bytes | Blob) -> Attachment:
    blob = Blob.of_bytes(content) if isinstance(content, bytes) else content
    with blob.open() as stream:
        media_type = media_type_of(name, stream.read(HEAD))
    return Attachment(content_id="a1", name=name, media_type=media_type, content=blob, description="Phụ lục")


def travelling(document: DocumentPacket, name: str, content: bytes) -> tuple[str, bytes]:
    """The media type and the bytes under which a file travels."""
    attachment = zip_like_sdk(replace(document, attachments=(attached(name, content),))).attachments[0]
    assert (attachment.name, attachment.content) == (name, Blob.of_bytes(content))
    if attachment.transfer is None:
        return attachment.media_type, content
    assert attachment.transfer.content_id == "cid:a1"
    travels = attachment.transfer.content
    return attachment.transfer.media_type, content if travels is None else travels.read()


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.pdf", "application/pdf"),
        ("a.doc", "application/doc"),
        ("a.docx", "application/docx"),
        ("a.xsl", "application/xsl"),
        ("a.xslx", "application/xslx"),
        ("a.zip", "application/zip"),
        ("a.ZIP", "application/zip"),
    ],
)
def test_listed_formats_travel_as_they_are_under_the_names_of_the_sdk(document: DocumentPacket, name: str, media_type: str) -> None:
    """Bytes aren't wrapped, whatever they are; the type is the SDK's own name for the extension."""
    for content in (TEXT, b"%PDF-1.7", SHEET, b""):
        assert travelling(document, name, content) == (media_type, content)


@pytest.mark.parametrize("name", ["a.txt", "a.xlsx", "a.xls", "a.PDF", "a", "a.", "a.7z", "a.tệp lạ", "a.asice"])
def test_anything_else_travels_in_a_zip_of_one_made_up_name(document: DocumentPacket, name: str) -> None:
    """The entry is `<uuid>.<extension>`, its date is fixed, and another program reads it."""
    media_type, content = travelling(document, name, TEXT)
    assert media_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        (entry,) = archive.infolist()
        assert archive.read(entry) == TEXT
    extension = name.rpartition(".")[2] if name.isascii() and "." in name else ""
    assert re.fullmatch(
        rf"[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}{re.escape('.' + extension if extension else '')}", entry.filename
    )
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert (entry.flag_bits, entry.compress_type) == (0x808, zipfile.ZIP_DEFLATED)


def test_manifest_calls_every_attachment_a_zip(document: DocumentPacket) -> None:
    """As the SDK's does; where all of them are zips that is just the list of the attachments."""
    files = (attached("a.pdf", b"%PDF-1.7"), replace(attached("b.txt", TEXT), content_id="b2"))
    packet = zip_like_sdk(replace(document, attachments=files, manifest=()))
    assert packet.manifest == (
        Reference(content_id="cid:a1", name="a.pdf", media_type="application/zip", description="Phụ lục"),
        Reference(content_id="cid:b2", name="b.txt", media_type="application/zip", description="Phụ lục"),
    )
    assert zip_like_sdk(replace(document, attachments=files[1:])).manifest is None
    assert replace(packet, attachments=document.attachments, manifest=None) == document


def test_same_packet_is_wrapped_in_the_same_bytes(document: DocumentPacket) -> None:
    """Two runs agree, so that what was sent can be made again; how a file came before makes no difference."""
    once = replace(document, attachments=(attached("a.txt", TEXT), attached("b.pdf", b"%PDF-1.7")))
    assert zip_like_sdk(once) == zip_like_sdk(once) == zip_like_sdk(zip_like_sdk(once))
    came = Transfer(content_id="a1", media_type="text/plain", content=Blob.of_bytes(b"x"))
    assert zip_like_sdk(replace(once, attachments=tuple(replace(file, transfer=came) for file in once.attachments))) == zip_like_sdk(once)


def test_no_wrapping_unpacks_to_more_than_a_reader_allows_for_all_of_them(document: DocumentPacket) -> None:
    """A reader that adds up what a packet unpacks to takes none of ours for a bomb, however many and however empty they are."""
    for size in (1, 50_000, 1 << 20):
        assert len(travelling(document, "a.txt", bytes(size))[1]) * MAX_RATIO >= size


def test_empty_file_is_not_hidden_in_a_zip(document: DocumentPacket) -> None:
    """A zip around nothing would be written, and no receiver could read it."""
    packet = zip_like_sdk(replace(document, attachments=(attached("a.txt", b""),)))
    with pytest.raises(FieldUnwritable, match="no content"):
        write_packet(packet)


def test_file_too_large_for_such_a_zip_is_refused(document: DocumentPacket, tmp_path: Path) -> None:
    """Nothing is written that a receiver could not read."""
    huge = replace(attached("a.txt", b""), content=Blob.stored("0" * 64, 1 << 32, tmp_path / "huge"))
    with pytest.raises(FieldUnwritable, match="4 GiB"):
        zip_like_sdk(replace(document, attachments=(huge,)))


any_file = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(
        [
            TEXT,
            SHEET,
            WRAPPED,
            STREAMED,
            zipped(("a.pdf", b"%PDF-1.7")),
            zipped(("0-1.docx", SHEET)),
            zipped(("../a.docx", SHEET)),
            bytes(5 << 20),
        ]
    ),
)
any_name = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["pdf", "PDF", "doc", "docx", "DOCX", "xsl", "xslx", "xls", "xlsx", "zip", "ZIP", "txt", "7z", "asice", "tờ", ""]).map(
        "tờ trình.{}".format
    ),
)


@given(name=any_name, content=any_file)
@example(name="a.pdf", content=zipped(("0c.pdf", b"%PDF-1.7")))
@example(name="a.docx", content=zipped(("0c.docx", SHEET)))
@example(name="a.txt", content=bytes(5 << 20))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_sent_like_the_sdk_is_read_as_it_was(document: DocumentPacket, name: str, content: bytes) -> None:
    """Any file under any name comes out of the hidden zip rule as it went in, also one that looks like a wrapping itself."""
    assert taken_off(travelling(document, name, content)[1], name)[0] == Blob.of_bytes(content)


def test_vectors_of_the_sdk_are_taken_off_and_put_on(vectors: Path, document: DocumentPacket) -> None:
    """Its own zips differ from ours in the made-up name, the date and the compression only."""
    source = (vectors / "axis-a" / "packets" / "attachment-sources" / "thu.xlsx").read_bytes()
    packet = (vectors / "axis-a" / "packets" / "sdk-built" / "edoc-new-six-attachments.edxml").read_bytes()
    theirs = [zlib.crc32(source).to_bytes(4, "little") in content for content in decoded_texts(packet)]
    assert theirs.count(True) == 1
    content = decoded_texts(packet)[theirs.index(True)]
    assert taken_off(content, "bảng số liệu.xlsx") == (Blob.of_bytes(source), None)
    ours = travelling(document, "bảng số liệu.xlsx", source)[1]
    local = struct.Struct("<4s3H")
    assert local.unpack_from(ours) == local.unpack_from(content)
    assert [ours.count(mark) for mark in (b"PK\x07\x08", b"PK\x01\x02", b"PK\x05\x06")] == [1, 1, 1]
    assert len(ours) - ours.index(b"PK\x07\x08") == len(content) - content.index(b"PK\x07\x08")


def decoded_texts(packet: bytes) -> list[bytes]:
    return [binascii.a2b_base64(text) for text in re.findall(rb"ContentTransferEncoded[^>]*>([^<]+)<", packet)]


def outcome(content: bytes, name: str) -> None:
    """Unwrap something; whatever comes of it is one of ours and within its bounds."""
    limit = 3000
    try:
        file, why = taken_off(content, name, at_most=limit)
    except ArchiveUnsafe:
        return
    assert file == Blob.of_bytes(content) or (file.size <= limit and why is None)


seeds = [
    WRAPPED,
    STREAMED,
    STORED,
    SHEET,
    with_zip64_field(),
    zipped(("a.txt", bytes(9000))),
    zipped(("0.xlsx", SHEET), comment=b"PK\x05\x06"),
]
names = st.sampled_from(["a.txt", "a.xlsx", "a.zip", ""])
splice = st.tuples(st.integers(0, 700), st.integers(0, 6), st.binary(max_size=6))


@given(st.sampled_from(seeds), st.lists(splice, max_size=5), names)
@settings(deadline=None, max_examples=600)
def test_mutated_zip_gives_a_file_a_reason_or_our_own_error(content: bytes, splices: list[tuple[int, int, bytes]], name: str) -> None:
    """Nothing but `ArchiveUnsafe` leaves the hidden zip rule, and nothing larger than allowed."""
    for place, length, put in splices:
        content = content[:place] + put + content[place + length :]
    outcome(content, name)


@pytest.mark.parametrize("seed", range(len(seeds)))
def test_every_damaged_byte_and_every_length_of_a_zip_is_survived(seed: int) -> None:
    """Each byte turned over and each place cut off, one after the other."""
    content = seeds[seed]
    for place in range(len(content)):
        for value in (0x00, 0xFF, content[place] ^ 1, content[place] ^ 0x80):
            outcome(content[:place] + bytes([value]) + content[place + 1 :], "a.txt")
        outcome(content[:place], "a.txt")


NUMBERS = st.sampled_from([0, 1, 2, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]) | st.integers(0, 600)


@given(st.tuples(*[NUMBERS] * 7), st.tuples(*[NUMBERS] * 5), names)
@settings(deadline=None, max_examples=300)
def test_any_numbers_in_directory_and_end_are_survived(directory: tuple[int, ...], end: tuple[int, ...], name: str) -> None:
    """Offsets, sizes and counts of any value lead nowhere else."""
    fields = ("size", "packed", "offset", "flags", "method", "name_length", "extra_length")
    narrow = ("flags", "method", "name_length", "extra_length")
    changes = {f"directory__{field}": value & 0xFFFF if field in narrow else value for field, value in zip(fields, directory, strict=True)}
    for field, value in zip(("disk", "here", "entries", "directory_size", "directory_at"), end, strict=True):
        changes[f"end__{field}"] = value if field.startswith("directory") else value & 0xFFFF
    outcome(patched(WRAPPED, **changes), name)
    outcome(patched(WRAPPED, **{field: value for field, value in changes.items() if field.startswith("directory__")}), name)


def test_bomb_costs_no_more_room_than_is_allowed() -> None:
    """What is refused hasn't filled the disk first."""
    spool = Spool()
    with pytest.raises(ArchiveUnsafe):
        taken_off(patched(zipped(("0c.txt", bytes(40 << 20))), both__size=7), "a.txt", at_most=1 << 20, spool=spool)
    assert 0 < spool.written <= 1 << 20
