"""The hidden zip rule: some senders' software wraps one zip around an attached file and says so nowhere.

A zip is read here with the layout that such software writes, and no other: one entry at the start, its data, its line in the directory,
the end record. What lies differently isn't such a wrapping, so that no two programs can see different files in what we unwrap.
`zipfile` would not do: it reads a directory of any length into memory and overlooks gaps and contradictions between a zip's two ends, so
both would have to be read and compared here all the same.
"""

from __future__ import annotations

import re
import stat
import struct
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from lienthong.core.blob import Blob, Spool, SpoolWriter
from lienthong.core.errors import Place, Words
from lienthong.schemas.edxml.media_types import ZIP_FAMILY, extension_of
from lienthong.schemas.edxml.models import Attachment, DocumentPacket, Transfer
from lienthong.schemas.edxml.wire import with_cid
from lienthong.schemas.errors import ArchiveUnsafe, FieldUnwritable

MAX_RATIO = 200
"""How many times its own size a zip may unpack to."""

_RATIO_MATTERS_ABOVE = 4 << 20
_BLOCK = 1 << 18

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_DESCRIPTOR = struct.Struct("<4s3I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MARK, _CENTRAL_MARK, _DESCRIPTOR_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08", b"PK\x05\x06"
_LONGEST_FIELD = 0xFFFF
_LARGE = 0xFFFFFFFF  # stands for a number that the zip64 field holds
_DESCRIPTORS = (12, 16, 20, 24)  # with and without a mark, of 32 and of 64 bits
_SIZES_FOLLOW, _UTF8 = 1 << 3, 1 << 11
_UNREADABLE_FLAGS = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 13  # encrypted, patched, strongly encrypted, masked
_STORED, _DEFLATED = 0, 8
_1980 = 0x21  # the first day that a zip can name
_LEADS_OUT = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MADE_UP = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[^./\\]*)?", re.IGNORECASE)

_NOT_ONE = Words("it does not hold exactly one file", "tệp không chứa đúng một tệp con")
_ODD = Words(
    "its entry is a folder, a link, encrypted or packed in an unusual way",
    "mục bên trong là thư mục, liên kết, bị mã hóa hoặc nén theo cách lạ",
)
_ANOTHER = Words("the file in it doesn't share its extension", "tệp con bên trong không cùng phần mở rộng")
_EMPTY = Words("the file in it has no content", "tệp con bên trong không có nội dung")
_DAMAGED = Words("it is damaged or cut short", "tệp bị hỏng hoặc bị cắt cụt")
_CONTRADICTORY = Words("its parts contradict each other", "các phần của tệp mâu thuẫn với nhau")

_SENT_AS = {
    "pdf": "application/pdf",
    "doc": "application/doc",
    "docx": "application/docx",
    "xsl": "application/xsl",
    "xslx": "application/xslx",  # meant for xlsx, which is wrapped like anything else
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """The only file in a zip, as its directory tells; checked against the header in front of the data."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    start: int
    attributes: int

    @property
    def is_odd(self) -> bool:
        return (
            self.name.endswith(("/", "\\"))
            or stat.S_ISLNK(self.attributes >> 16)
            or bool(self.flags & _UNREADABLE_FLAGS)
            or self.method not in (_STORED, _DEFLATED)
        )


def unwrap(received: Blob, *, name: str, content_id: str, place: Place, spool: Spool, at_most: int) -> tuple[Blob, Words | None]:
    """Return an attachment without the zip that its sender's software wrapped around it, and why a zip was kept.

    A zip is such a wrapping if it holds one file that isn't empty and is either named `<uuid>.<extension>`, as the axis' own SDK names
    it after the file on the sender's disk, or has the attachment's own extension. Any other may be a format of its own, such as a `.kmz`.
    A zip that was sent as `.zip` is never opened, nor is one inside another.

    Args:
        received: The decoded attachment.
        name: Its name in the packet; the entry's name inside the zip is never used.
        content_id: For errors.
        place: For errors.
        spool: Keeps what is unpacked.
        at_most: Bytes that may be unpacked.

    Returns:
        The file (`received` itself where nothing was taken off), and None or the reason why a zip was kept as it came under a name that
        is no zip format's, or though it is a wrapping.

    Raises:
        ArchiveUnsafe: security; unpacking would give too much, or the entry's name leads out of its folder.
        SpoolFailed: retry; what is unpacked can't be kept.

    Source: edxml.md §1.5, the hidden zip rule.
    """
    with received.open() as stream:
        entry = _wrapped(stream, received.size, name)
        if not isinstance(entry, _Entry):
            return received, entry
        writer = spool.writer()
        limit = min(at_most, max(received.size * MAX_RATIO, _RATIO_MATTERS_ABOVE))
        try:
            danger = _danger(entry) or _unpack(stream, entry, into=writer, at_most=limit)
        except zlib.error:
            return received, _DAMAGED
    if danger is not None:
        raise ArchiveUnsafe(content_id=content_id, reason=danger, place=place)
    return (writer.blob(), None) if writer.size else (received, _EMPTY)


def _wrapped(stream: BinaryIO, size: int, name: str) -> _Entry | Words | None:
    """Return the file that is wrapped in a zip, or else the reason to keep it as it came, if it is a zip under a name of another format."""
    extension = extension_of(name)
    if extension == "zip" or stream.read(4) != _LOCAL_MARK:
        return None
    found = _only_entry(stream, size)
    if isinstance(found, _Entry):
        if found.is_odd:
            found = _ODD
        elif not (_MADE_UP.fullmatch(found.name) or (extension and extension_of(found.name) == extension)):
            found = _ANOTHER
    return None if isinstance(found, Words) and extension in ZIP_FAMILY else found


def _danger(entry: _Entry) -> Words | None:
    if _LEADS_OUT.search(entry.name):
        return Words("its entry's name leads out of its folder", "tên mục bên trong dẫn ra ngoài thư mục của nó")
    if _CONTROL.search(entry.name):
        return Words("its entry's name holds control characters", "tên mục bên trong có ký tự điều khiển")
    return None


def _only_entry(stream: BinaryIO, size: int) -> _Entry | Words:
    """Return the entry of a zip that holds one, reading its two ends only."""
    tail_at = max(0, size - _END.size - _LONGEST_FIELD)
    stream.seek(tail_at)
    tail = stream.read(size - tail_at)
    end = tail.rfind(_END_MARK)
    while end >= 0 and (end + _END.size > len(tail) or end + _END.size + _END.unpack_from(tail, end)[-1] != len(tail)):
        end = tail.rfind(_END_MARK, 0, end)
    if end < 0:
        return _DAMAGED
    _, disk, first_disk, entries_here, entries, directory_size, directory_at, _ = _END.unpack_from(tail, end)
    if entries != 1:
        return _NOT_ONE
    if (disk, first_disk, entries_here, directory_at + directory_size) != (0, 0, 1, tail_at + end):
        return _CONTRADICTORY
    if directory_size > _CENTRAL.size + 3 * _LONGEST_FIELD:
        return _CONTRADICTORY
    stream.seek(directory_at)
    return _described(stream, stream.read(directory_size), directory_at)


def _described(stream: BinaryIO, directory: bytes, directory_at: int) -> _Entry | Words:
    """Return the entry that a directory describes and the header in front of the data confirms."""
    if len(directory) < _CENTRAL.size or not directory.startswith(_CENTRAL_MARK):
        return _DAMAGED
    fields = _CENTRAL.unpack_from(directory)
    _, _, _, flags, method, _, _, checksum, packed, size, name_length, extra_length, comment_length, _, _, attributes, at = fields
    extra_at = _CENTRAL.size + name_length
    if extra_at + extra_length + comment_length != len(directory):
        return _CONTRADICTORY
    name = directory[_CENTRAL.size : extra_at]
    stream.seek(0)
    header = stream.read(_LOCAL.size + name_length)
    if len(header) < _LOCAL.size + name_length:
        return _DAMAGED
    _, _, its_flags, its_method, _, _, *its_sizes, its_name_length, its_extra_length = _LOCAL.unpack_from(header)
    start = _LOCAL.size + its_name_length + its_extra_length
    if not flags & _SIZES_FOLLOW and _LARGE not in its_sizes and its_sizes != [checksum, packed, size]:
        return _CONTRADICTORY
    size, packed, at = _large(directory[extra_at : extra_at + extra_length], [size, packed, at])
    same = flags & (_UNREADABLE_FLAGS | _SIZES_FOLLOW) == its_flags & (_UNREADABLE_FLAGS | _SIZES_FOLLOW) and method == its_method
    gap = directory_at - start - packed
    if not same or at or header[_LOCAL.size :] != name or gap not in (_DESCRIPTORS if flags & _SIZES_FOLLOW else (0,)):
        return _CONTRADICTORY
    return _Entry(
        name=name.decode("utf-8" if flags & _UTF8 else "cp437", "replace"),
        flags=flags,
        method=method,
        checksum=checksum,
        packed=packed,
        size=size,
        start=start,
        attributes=attributes,
    )


def _large(extra: bytes, numbers: list[int]) -> list[int]:
    """Put the numbers of a zip64 field in the place of those that stand for them; software of .NET writes it for small files, too."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            held = extra[at + 4 : at + 4 + length]
            values = iter(struct.unpack(f"<{len(held) // 8}Q", held[: len(held) // 8 * 8]))
            return [next(values, number) if number == _LARGE else number for number in numbers]
        at += 4 + length
    return numbers


def _unpack(stream: BinaryIO, entry: _Entry, *, into: SpoolWriter, at_most: int) -> Words | None:
    """Write an entry's bytes, or return why it is dangerous to.

    Raises:
        zlib.error: They are damaged, or other ones than the directory says.
    """
    too_much = Words(f"it unpacks to more than {at_most} bytes", f"giải nén ra hơn {at_most} byte")
    if entry.size > at_most:
        return too_much
    checksum = 0
    stream.seek(entry.start)
    for piece in (_stored if entry.method == _STORED else _inflated)(stream, entry.packed):
        if into.size + len(piece) > at_most:
            return too_much
        checksum = zlib.crc32(piece, checksum)
        into.write(piece)
    if (into.size, checksum) != (entry.size, entry.checksum):
        raise zlib.error
    return None


def _stored(stream: BinaryIO, left: int) -> Iterator[bytes]:
    while block := stream.read(min(_BLOCK, left)):
        left -= len(block)
        yield block


def _inflated(stream: BinaryIO, left: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    packed = b""
    while not inflate.eof:
        if not packed:
            packed = stream.read(min(_BLOCK, left))
            left -= len(packed)
        piece = inflate.decompress(packed, _BLOCK)
        if not packed and not piece:
            raise zlib.error  # cut short
        packed = inflate.unconsumed_tail
        yield piece
    if left or inflate.unused_data:
        raise zlib.error  # more than one stream


def zip_like_sdk(packet: DocumentPacket, *, spool: Spool | None = None) -> DocumentPacket:
    """Return a packet whose attachments travel as the axis' own SDK sends them, for receivers that know no other form.

    A `.pdf`, `.doc`, `.docx` or `.zip` travels as it is, under the SDK's name for its type; anything else in a zip of one entry, which has
    a made-up name. The manifest calls every attachment a zip. The same packet gives the same bytes.

    Two things differ from the SDK, so that a reader always gets the file: one whose own bytes look like such a wrapping is wrapped once
    more, and a `.ZIP` isn't wrapped for its capital letters.

    Args:
        packet: The packet; how its attachments stood in a packet that it was read from is forgotten.
        spool: Keeps the zips; None for one of their own.

    Raises:
        FieldUnwritable: data; an attachment has 4 GiB or more, which such a zip can't hold.
        SpoolFailed: retry; a zip can't be kept.
        OSError: An attachment's content can't be read.

    Source: edxml.md §1.5, the hidden zip rule.
    """
    spool = spool or Spool()
    attachments = tuple(_sent(attachment, spool) for attachment in packet.attachments)
    listed = tuple(attachment.reference for attachment in attachments)
    manifest = tuple(replace(line, media_type="application/zip") for line in listed)
    return replace(packet, attachments=attachments, manifest=None if manifest == listed else manifest)


def _sent(attachment: Attachment, spool: Spool) -> Attachment:
    extension = attachment.name.rpartition(".")[2] if "." in attachment.name else ""
    sent_as = _SENT_AS.get("zip" if extension.lower() == "zip" else extension)  # "PDF" is wrapped, as fetched packets show
    if sent_as is not None:
        with attachment.content.open() as stream:
            if isinstance(_wrapped(stream, attachment.content.size, attachment.name), _Entry):
                sent_as = None
    content_id = with_cid(attachment.content_id)
    if sent_as is None:
        transfer = Transfer(content_id=content_id, media_type="application/zip", content=_wrap(attachment.content, extension, spool))
    else:
        transfer = Transfer(content_id=content_id, media_type=sent_as)
    as_ours = transfer == Transfer(content_id=content_id, media_type=attachment.media_type)
    return replace(attachment, transfer=None if as_ours else transfer)


def _wrap(content: Blob, extension: str, spool: Spool) -> Blob:
    """Return a zip with one entry, stored instead of deflated where it would shrink so far that a reader may take it for a bomb."""
    if content.size >= _LARGE:
        reason = Words("a file of 4 GiB or more can't be put into a zip of this form", "tệp từ 4 GiB trở lên không nén được theo dạng này")
        raise FieldUnwritable(element="Attachment/ContentTransferEncoded", reason=reason)
    if not content.size:  # the writer refuses it, as it would without a zip
        return content
    made_up = str(uuid.uuid5(uuid.NAMESPACE_OID, content.sha256))
    name = f"{made_up}.{extension}" if re.fullmatch(r"[0-9A-Za-z]{1,16}", extension) else made_up
    wrapped = _zip(content, name.encode(), spool.writer(), zlib.Z_DEFAULT_COMPRESSION)
    if content.size > wrapped.size * MAX_RATIO:
        wrapped = _zip(content, name.encode(), spool.writer(), zlib.Z_NO_COMPRESSION)
    return wrapped


def _zip(content: Blob, name: bytes, into: SpoolWriter, level: int) -> Blob:
    """Write a zip in one go, as Java does: sizes and checksum follow the data."""
    version, flags = 20, _SIZES_FOLLOW | _UTF8
    into.write(_LOCAL.pack(_LOCAL_MARK, version, flags, _DEFLATED, 0, _1980, 0, 0, 0, len(name), 0) + name)
    start, checksum = into.size, 0
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    with content.open() as stream:
        while block := stream.read(_BLOCK):
            checksum = zlib.crc32(block, checksum)
            into.write(deflate.compress(block))
    into.write(deflate.flush())
    sizes = (checksum, into.size - start, content.size)
    into.write(_DESCRIPTOR.pack(_DESCRIPTOR_MARK, *sizes))
    directory_at = into.size
    into.write(_CENTRAL.pack(_CENTRAL_MARK, version, version, flags, _DEFLATED, 0, _1980, *sizes, len(name), 0, 0, 0, 0, 0, 0) + name)
    into.write(_END.pack(_END_MARK, 0, 0, 1, 1, into.size - directory_at, directory_at, 0))
    return into.blob()
