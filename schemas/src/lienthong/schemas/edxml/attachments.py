"""Attached files: what their bytes are, and taking off the zip that some senders' software wraps around them."""

from __future__ import annotations

import binascii
import codecs
import io
import re
import zipfile
import zlib

from lienthong.core.errors import Place, Words
from lienthong.schemas.errors import ArchiveUnsafe

HEAD = 4096  # bytes that are looked at to tell a media type
MAX_UNPACKED = 128 << 20  # of all attachments of a packet together
MAX_RATIO = 200
_RATIO_MATTERS_ABOVE = 4 << 20

_OOXML = "application/vnd.openxmlformats-officedocument."
_ZIP_FAMILY = {
    "docx": _OOXML + "wordprocessingml.document",
    "xlsx": _OOXML + "spreadsheetml.sheet",
    "pptx": _OOXML + "presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "asice": "application/vnd.etsi.asic-e+zip",
    "asics": "application/vnd.etsi.asic-s+zip",
    "zip": "application/zip",
}
_OLE_FAMILY = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
_TEXT_FAMILY = {"txt": "text/plain", "csv": "text/csv", "xml": "application/xml", "json": "application/json"}
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
)
_ZIP = b"PK\x03\x04"
_ENCRYPTED = 1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA may claim gigabytes for its dictionary
_LEADS_OUT = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extension_of(name: str) -> str:
    """Return a file name's extension in lower case, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def media_type_of(name: str, head: bytes) -> str:
    """Return the media type that a file's first bytes show; its name only decides within a family.

    Args:
        name: The file's name.
        head: The file's first 4,096 bytes, or all of it.
    """
    extension = extension_of(name)
    if head.startswith(_ZIP):
        return _ZIP_FAMILY.get(extension, "application/zip")
    if head.startswith(_OLE):
        return _OLE_FAMILY.get(extension, "application/x-ole-storage")
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if extension in _TEXT_FAMILY and _is_text(head[:HEAD]):
        return _TEXT_FAMILY[extension]
    return "application/octet-stream"


def _is_text(head: bytes) -> bool:
    try:
        return "\x00" not in codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False


def decode(text: str) -> bytes:
    """Return the bytes of base64 text, which may be broken into lines.

    Raises:
        ValueError: The text is damaged or cut short.
    """
    return binascii.a2b_base64(b"".join(text.encode("ascii").split()), strict_mode=True)


def unwrap(content: bytes, *, name: str, content_id: str, place: Place, at_most: int = MAX_UNPACKED) -> tuple[bytes, Words | None]:
    """Return an attachment without the zip that its sender's software wrapped around it, and why a zip was kept.

    A zip is such a wrapping if it holds one file, and the attachment's name either isn't one of a zip format or has that file's
    extension: a real `.xlsx` or `.docx` holds several. A zip that was sent as `.zip` is never opened.

    Args:
        content: The decoded attachment.
        name: Its name in the packet; the entry's name inside the zip is never used.
        content_id: For errors.
        place: For errors.
        at_most: Bytes that may be unpacked.

    Returns:
        The file, and None or the reason why a zip under another name was kept as it came.

    Raises:
        ArchiveUnsafe: security; unpacking would give too much, or the entry's name leads out of its folder.

    Source: edxml.md §1.5, the hidden zip rule.
    """
    extension = extension_of(name)
    if not content.startswith(_ZIP) or extension == "zip":
        return content, None
    foreign = extension not in _ZIP_FAMILY
    if not _has_one_entry(content):
        return content, Words("it does not hold exactly one file", "tệp không chứa đúng một tệp con") if foreign else None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (entry,) = archive.infolist()
            if not foreign and extension_of(entry.filename) != extension:
                return content, None
            if entry.is_dir() or entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
                odd = Words(
                    "its entry is a folder, encrypted or packed in an unusual way",
                    "mục bên trong là thư mục, bị mã hóa hoặc nén theo cách lạ",
                )
                return content, odd if foreign else None
            if _LEADS_OUT.search(entry.filename):
                reason = Words("its entry's name leads out of its folder", "tên mục bên trong dẫn ra ngoài thư mục của nó")
                raise ArchiveUnsafe(content_id=content_id, reason=reason, place=place)
            limit = min(at_most, max(len(content) * MAX_RATIO, _RATIO_MATTERS_ABOVE))
            with archive.open(entry) as stream:
                unpacked = stream.read(limit + 1)
            if len(unpacked) > limit:
                reason = Words(f"it unpacks to more than {limit} bytes", f"giải nén ra hơn {limit} byte")
                raise ArchiveUnsafe(content_id=content_id, reason=reason, place=place)
            return unpacked, None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        return content, Words("it is damaged", "tệp bị hỏng") if foreign else None


def _has_one_entry(content: bytes) -> bool:
    """Tell whether a zip's end record announces one entry in a small directory, before anything parses that directory."""
    end = content.rfind(b"PK\x05\x06")
    if end < 0 or len(content) < end + 22 or content[end - 20 : end - 16] == b"PK\x06\x07":
        return False
    return content[end + 10 : end + 12] == b"\x01\x00" and int.from_bytes(content[end + 12 : end + 16], "little") <= HEAD
