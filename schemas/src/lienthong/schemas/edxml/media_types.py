"""What an attached file really is, told from its bytes."""

from __future__ import annotations

import codecs

HEAD = 4096
"""Bytes that are looked at to tell a media type."""

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_ASIC_E, _ASIC_S = "application/vnd.etsi.asic-e+zip", "application/vnd.etsi.asic-s+zip"
ZIP_FAMILY = {
    "docx": _OOXML + "wordprocessingml.document",
    "dotx": _OOXML + "wordprocessingml.template",
    "docm": "application/vnd.ms-word.document.macroEnabled.12",
    "xlsx": _OOXML + "spreadsheetml.sheet",
    "xltx": _OOXML + "spreadsheetml.template",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "pptx": _OOXML + "presentationml.presentation",
    "ppsx": _OOXML + "presentationml.slideshow",
    "pptm": "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    "odt": _ODF + "text",
    "ods": _ODF + "spreadsheet",
    "odp": _ODF + "presentation",
    "odg": _ODF + "graphics",
    "vsdx": "application/vnd.ms-visio.drawing",
    "kmz": "application/vnd.google-earth.kmz",
    "epub": "application/epub+zip",
    "jar": "application/java-archive",
    "war": "application/java-archive",
    "apk": "application/vnd.android.package-archive",
    "asice": _ASIC_E,
    "sce": _ASIC_E,
    "asics": _ASIC_S,
    "scs": _ASIC_S,
    "zip": "application/zip",
}
"""Formats that are zip files, by extension."""

_OLE_FAMILY = {
    "doc": "application/msword",
    "dot": "application/msword",
    "xls": "application/vnd.ms-excel",
    "xlt": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "pps": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "mpp": "application/vnd.ms-project",
    "vsd": "application/vnd.visio",
}
_TEXT_FAMILY = {
    "txt": "text/plain",
    "csv": "text/csv",
    "xml": "application/xml",
    "json": "application/json",
    "htm": "text/html",
    "html": "text/html",
    "eml": "message/rfc822",
}
_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"AC10", "image/vnd.dwg"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"ID3", "audio/mpeg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {b"qt  ": "video/quicktime", b"heic": "image/heic", b"mif1": "image/heif", b"M4A ": "audio/mp4"}
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # the type of content that a CMS message begins with
_MARKUP = ((b"<?xml", "application/xml"), (b"<!doctype html", "text/html"), (b"<html", "text/html"))
_PDF_WITHIN = 1024
_NOT_TEXT = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f")
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def extension_of(name: str) -> str:
    """Return a file name's extension in lower case, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def media_type_of(name: str, head: bytes) -> str:
    """Return the media type that a file's first bytes show; its name only decides within a family.

    Args:
        name: The file's name.
        head: The file's first 4,096 bytes, or all of it.
    """
    extension, head = extension_of(name), head[:HEAD]
    if head.startswith(_ZIP):
        return _named_inside(head) or ZIP_FAMILY.get(extension, "application/zip")
    if head.startswith(_EMPTY_ZIP):
        return "application/zip"
    if head.startswith(_OLE):
        return _OLE_FAMILY.get(extension, "application/x-ole-storage")
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    return _media(head) or _lenient(extension, head) or _text(extension, head) or "application/octet-stream"


def _named_inside(head: bytes) -> str | None:
    """What an OpenDocument file or signature container says of itself: it begins with an uncompressed entry that holds its type."""
    if head[26:38] != b"\x08\x00\x00\x00mimetype":
        return None
    return next((known for known in ZIP_FAMILY.values() if head[38:].startswith(known.encode() + b"PK")), None)


def _media(head: bytes) -> str | None:
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    return None


def _lenient(extension: str, head: bytes) -> str | None:
    """Formats whose mark is too short or too far in to count under any name."""
    if extension == "pdf" and b"%PDF-" in head[:_PDF_WITHIN]:  # readers of PDF forgive junk in front
        return "application/pdf"
    if extension == "bmp" and head.startswith(b"BM"):
        return "image/bmp"
    if head.startswith(b"0") and _SIGNED_DATA in head[:32]:
        return "application/pkcs7-signature" if extension == "p7s" else "application/pkcs7-mime"
    return None


def _text(extension: str, head: bytes) -> str | None:
    if not _is_text(head):
        return None
    if extension in _TEXT_FAMILY:
        return _TEXT_FAMILY[extension]
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:16].lower()  # old exports are web pages that are called .xls or .doc
    return next((media_type for mark, media_type in _MARKUP if start.startswith(mark)), None)


def _is_text(head: bytes) -> bool:
    """Tell whether bytes may be text: in UTF-16 if marked so, else in UTF-8 or one of the older Vietnamese encodings."""
    wide = _WIDE.get(head[:2])
    if wide is None:
        return len(head.translate(None, _NOT_TEXT)) == len(head)
    try:
        return "\x00" not in codecs.getincrementaldecoder(wide)().decode(head)
    except UnicodeDecodeError:
        return False
