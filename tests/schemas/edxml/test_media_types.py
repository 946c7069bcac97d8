"""What files are, by their bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from lienthong.schemas.edxml.media_types import media_type_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODT = "application/vnd.oasis.opendocument.text"
SIGNED = bytes.fromhex("3082070c06092a864886f70d010702a08206fd")


def zip_of(name: str, content: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "head", "media_type"),
    [
        ("a.docx", b"%PDF-1.7", "application/pdf"),
        ("a.pdf", b"\n\xef\xbb\xbf%PDF-1.4", "application/pdf"),
        ("a.txt", b"see %PDF-1.4", "text/plain"),
        ("a.docx", zip_of("[Content_Types].xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.docm", zip_of("[Content_Types].xml"), "application/vnd.ms-word.document.macroEnabled.12"),
        ("a.XLSX", zip_of("[Content_Types].xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.pdf", zip_of("[Content_Types].xml"), "application/zip"),
        ("a.kmz", zip_of("doc.kml"), "application/vnd.google-earth.kmz"),
        ("a.JAR", zip_of("META-INF/MANIFEST.MF"), "application/java-archive"),
        ("a", zip_of("mimetype", b"application/epub+zip"), "application/epub+zip"),
        ("a.zip", zip_of("a.txt"), "application/zip"),
        ("a.zip", b"PK\x05\x06" + bytes(18), "application/zip"),
        ("a.docx", zip_of("mimetype", ODT.encode()), ODT),
        ("a", zip_of("mimetype", b"application/vnd.etsi.asic-e+zip"), "application/vnd.etsi.asic-e+zip"),
        ("a.docx", zip_of("mimetype", b"text/evil"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.doc", OLE, "application/msword"),
        ("a.xls", OLE, "application/vnd.ms-excel"),
        ("a.msg", OLE, "application/vnd.ms-outlook"),
        ("a.docx", OLE, "application/x-ole-storage"),
        ("a.doc", b"{\\rtf1\\ansi", "application/rtf"),
        ("a.xls", b"\xef\xbb\xbf\r\n<HTML><body>", "text/html"),
        ("a.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "application/xml"),
        ("a.edxml", b'<?xml version="1.0"?><edXML/>', "application/xml"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a.png", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.gif", b"GIF89a", "image/gif"),
        ("a.tif", b"II*\x00", "image/tiff"),
        ("a.tif", b"MM\x00*", "image/tiff"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("a.bmp", b"BM\x00\x00", "image/bmp"),
        ("a.txt", b"BM la gi", "text/plain"),
        ("a.dwg", b"AC1032\x00", "image/vnd.dwg"),
        ("a.mp4", b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        ("a.mov", b"\x00\x00\x00\x14ftypqt  ", "video/quicktime"),
        ("a.rar", b"Rar!\x1a\x07\x01", "application/vnd.rar"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        ("a.p7m", SIGNED, "application/pkcs7-mime"),
        ("a.p7s", SIGNED, "application/pkcs7-signature"),
        ("a.p7s", b"0\x82\x01\x01", "application/octet-stream"),
        ("a.txt", "Tờ trình".encode(), "text/plain"),
        ("a.txt", "Tờ trình".encode("utf-16"), "text/plain"),
        ("a.txt", b"\xff\xfe\x00\x00\x00\xd8", "application/octet-stream"),
        ("a.txt", "V\xa8n b\u0333".encode("latin-1", "ignore"), "text/plain"),  # TCVN3, as old offices have it
        ("a.csv", b"a;b\r\n", "text/csv"),
        ("a.json", b"{}", "application/json"),
        ("a.xml", b"<a/>", "application/xml"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00", "application/octet-stream"),
        ("a.exe", b"MZ\x90\x00", "application/octet-stream"),
        ("a.pdf", b"chua co", "application/octet-stream"),
        ("", b"", "application/octet-stream"),
    ],
)
def test_bytes_tell_the_type_and_the_name_only_decides_within_a_family(name: str, head: bytes, media_type: str) -> None:
    """Formats of offices are told by their marks; a name alone makes nothing of what it isn't."""
    assert media_type_of(name, head) == media_type


def test_text_cut_inside_a_character_is_text_still() -> None:
    """The first 4,096 bytes may end anywhere."""
    text = "ờ".encode() * 2000
    wide = "ờ\U0001f4c4".encode("utf-16") * 900
    for cut in range(4090, 4100):
        assert media_type_of("a.txt", text[:cut]) == media_type_of("a.txt", wide[:cut]) == "text/plain"


def test_sources_of_the_axis_vectors_are_told(vectors: Path) -> None:
    """The files that the axis' own software was given."""
    folder = vectors / "axis-a" / "packets" / "attachment-sources"
    assert {path.name: media_type_of(path.name, path.read_bytes()).rpartition(".")[2] for path in folder.iterdir()} == {
        "binary.bin": "application/octet-stream",
        "thu.doc": "application/msword",
        "thu.docx": "document",
        "thu.pdf": "application/pdf",
        "thu.txt": "text/plain",
        "thu.xlsx": "sheet",
        "thu.zip": "application/zip",
    }
