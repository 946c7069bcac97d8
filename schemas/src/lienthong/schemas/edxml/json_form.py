"""Packets as JSON and back: the names of the models, and one rule for what is empty.

A member that may be empty and has a default in its model is left out where it is empty: no text, no value, an empty list. Every other
member is always there, and nothing is filled in for what is left out. For people: docs/explanation/packet-json.md.
"""

from __future__ import annotations

import binascii
import dataclasses
import re
import typing
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lienthong.core.blob import Blob, Spool
from lienthong.core.errors import Place, Words
from lienthong.core.text import hint
from lienthong.schemas.codes.edxml import Status
from lienthong.schemas.edxml.json_syntax import SHOWN, json_pointer
from lienthong.schemas.edxml.json_table import FORMAT, KINDS, LEAVES, SHA256, TEXT, Nonexistent, Shape, number, shapes, text
from lienthong.schemas.edxml.models import Attachment, DocumentPacket, Packet, Transfer
from lienthong.schemas.edxml.readable import exchanged
from lienthong.schemas.errors import FieldUnwritable, JsonUnusable, ReferenceUnsafe

AS_SENT = ".as-sent"
"""What follows an attachment's name in the name of the bytes that travelled for it, where they aren't the file itself."""

_DEEPEST = 256  # members and numbers of a JSON pointer
_NO_REFERENCE = re.compile(r"^[A-Za-z]:|(?:^|/)\.{0,2}(?:/|$)|[\\\x00-\x1f\x7f\ud800-\udfff]")  # also by the rules of other systems
_BYTES = ("sha256", "size", "base64", "file")


@dataclass(frozen=True, slots=True)
class _Context:
    """Where in the JSON we are, and what connects it with files.

    Attributes:
        path: Names and numbers from the top.
        source: Name of the input.
        name: Name of the attachment that we are in.
        refer: As `packet_to_json` has it.
        resolve: As `packet_from_json` has it.
    """

    path: tuple[str | int, ...] = ()
    source: str | None = None
    name: str = ""
    refer: Callable[[Blob, str], str | None] | None = None
    resolve: Callable[[str], Blob] | None = None

    @property
    def pointer(self) -> str:
        return json_pointer(self.path)

    @property
    def place(self) -> Place:
        return Place(source=self.source or "JSON", path=self.pointer or None)

    def into(self, part: str | int) -> _Context:
        return dataclasses.replace(self, path=(*self.path, part))

    def unusable(self, en: str, vi: str) -> JsonUnusable:
        return JsonUnusable(place=self.place, reason=Words(en, vi))

    def expected(self, en: str, vi: str) -> JsonUnusable:
        return self.unusable(f"{en} is expected", f"cần {vi}")

    def unwritable(self, en: str, vi: str) -> FieldUnwritable:
        return FieldUnwritable(element=self.pointer, reason=Words(en, vi))


def packet_to_json(packet: Packet, *, refer: Callable[[Blob, str], str | None] | None = None) -> dict[str, object]:
    """Return a packet as JSON-ready values, in the form that `packet_schema` describes.

    Args:
        packet: The packet.
        refer: Keeps a blob, given the attachment's name, and returns the reference to it: a relative path with `/` between its parts.
            The name of bytes that travelled in place of a file ends in `AS_SENT`. Where it returns None, digest and size stand alone,
            for looking at: such JSON is read by nobody. None puts all bytes into the JSON, as base64.

    Raises:
        FieldUnwritable: data; a time has no zone, a number more than 18 digits, a text half a character, or elements are nested too deeply.
        OSError: The bytes of an attachment can't be read.
    """
    kind = next(name for name, model in KINDS.items() if isinstance(packet, model))
    return {"format": FORMAT, "kind": kind, **_write_members(packet, _Context(refer=refer))}


def packet_from_json(plain: object, *, resolve: Callable[[str], Blob] | None = None, source: str | None = None) -> Packet:
    """Return the packet that `packet_to_json` wrote.

    Args:
        plain: What `parse_json` returns.
        resolve: Returns the bytes for a reference, which is a relative path that doesn't lead upwards. It may raise OSError where they
            can't be read, and ReferenceUnsafe where they lie elsewhere after all. None refuses references.
        source: Name of the input for error places.

    Raises:
        JsonUnusable: data; names the place by a JSON pointer, and what is expected there.
        ReferenceUnsafe: security; a reference leads out of its folder.
        SpoolFailed: retry; there is no room to unpack what travels in place of an attachment.
    """
    context = _Context(source=source, resolve=resolve)
    members = dict(_object(plain, context))
    if members.pop("format", None) != FORMAT:
        raise context.into("format").expected(f'"{FORMAT}"', f'"{FORMAT}"')
    kind = members.pop("kind", None)
    if not isinstance(kind, str) or kind not in KINDS:
        raise context.into("kind").expected('"document" or "status"', '"document" hoặc "status"')
    packet = typing.cast("Packet", _read_members(KINDS[kind], members, context))
    _needed(packet, context)
    return packet


def is_reference(path: str) -> bool:
    """Tell whether a text is a path that can't lead out of the folder that it starts in, on any system; links are another matter."""
    return _NO_REFERENCE.search(path) is None


# Writing


def _write_members(model: typing.Any, context: _Context) -> dict[str, object]:
    if isinstance(model, Attachment):
        context = dataclasses.replace(context, name=model.name)
    elif isinstance(model, Transfer):
        context = dataclasses.replace(context, name=context.name + AS_SENT)
    members = {}
    for name, shape in shapes(model.__class__).items():
        value = getattr(model, name)
        if shape.required or value != shape.empty:
            members[name] = _write(value, shape, context.into(name))
    return members


def _write(value: typing.Any, shape: Shape, context: _Context) -> object:
    if shape.many and value is not None:
        return [_write_one(item, shape, context.into(position)) for position, item in enumerate(value)]
    return None if value is None else _write_one(value, shape, context)


def _write_one(value: typing.Any, shape: Shape, context: _Context) -> object:
    if len(context.path) > _DEEPEST:
        raise context.unwritable("it is nested too deeply", "lồng nhau quá sâu")
    leaf = LEAVES.get(shape.kind)
    if leaf is not None:
        try:
            as_text = shape.text and isinstance(value, str) and not isinstance(value, Status)
            return {"text": text(value)} if as_text else leaf.write(value)
        except ValueError:
            raise context.unwritable(f"{leaf.expected.en} is expected", f"cần {leaf.expected.vi}") from None
    if isinstance(value, Blob):
        return {"sha256": value.sha256, "size": value.size, **_whereabouts(value, context)}
    return _write_members(value, context)


def _whereabouts(blob: Blob, context: _Context) -> dict[str, object]:
    if context.refer is None:
        return {"base64": b64encode(blob.read()).decode()}
    reference = context.refer(blob, context.name)
    return {} if reference is None else {"file": reference}


# Reading; no error keeps its cause, whose sentence may show the value


def _object(plain: object, context: _Context) -> dict[str, object]:
    if isinstance(plain, dict) and all(isinstance(name, str) for name in plain):
        return plain
    raise context.expected("an object", "một đối tượng")


def _needed(packet: Packet, context: _Context) -> None:
    """Refuse a packet that says not from whom to whom it goes, which no reader of packets takes."""
    code = Words("a code that isn't empty", "mã định danh, không để trống")
    if not packet.sender.code:
        raise context.into("sender").into("code").expected(code.en, code.vi)
    if isinstance(packet, DocumentPacket):
        if not any(recipient.code for recipient in packet.recipients):
            raise context.into("recipients").expected("at least one organisation with its code", "ít nhất một đơn vị có mã định danh")
    elif not packet.response_for.organisation:
        raise context.into("response_for").into("organisation").expected(code.en, code.vi)


def _known_only(members: dict[str, object], known: Iterable[str], context: _Context) -> None:
    for name in members:
        if name not in known:
            near = hint(name[:SHOWN], known)
            en, vi = (near.en, near.vi) if isinstance(near, Words) else ("", "")
            raise context.into(name[:SHOWN]).unusable(f"there is no such member{en}", f"không có thành phần này{vi}")


def _read_members(model: type, plain: object, context: _Context) -> object:
    members, known = _object(plain, context), shapes(model)
    _known_only(members, known, context)
    values = {}
    for name, shape in known.items():
        if name in members:
            values[name] = _read(members[name], shape, context.into(name))
        elif shape.required:
            raise context.into(name).unusable("this member is missing", "thiếu thành phần này")
        else:
            values[name] = shape.empty
    value = model(**values)
    unlike = exchanged(value, Spool()) if isinstance(value, Attachment) else None
    if unlike is not None:
        raise context.into("transfer").into("content").unusable(unlike.en, unlike.vi)
    return value


def _read(plain: object, shape: Shape, context: _Context) -> object:
    if plain is None and shape.nullable:
        return None
    if not shape.many:
        return _read_one(plain, shape, context)
    if not isinstance(plain, list):
        raise context.expected("a list", "một danh sách")
    return tuple(_read_one(item, shape, context.into(position)) for position, item in enumerate(plain))


def _read_one(plain: object, shape: Shape, context: _Context) -> object:
    if len(context.path) > _DEEPEST:
        raise context.unusable("it is nested too deeply", "lồng nhau quá sâu")
    if shape.kind is Blob:
        return _read_blob(plain, context)
    leaf = LEAVES.get(shape.kind)
    if leaf is None:
        return _read_members(typing.cast("type", shape.kind), plain, context)
    try:
        as_text = shape.text and isinstance(plain, dict) and plain.keys() == {"text"}
        return text(plain["text"]) if as_text else leaf.read(plain)  # type: ignore[index]
    except Nonexistent:
        raise context.unusable("there is no such day or time", "không có ngày hoặc giờ này") from None
    except ValueError:
        more = Words(', or {"text": …} with the text of the packet', ', hoặc {"text": …} với nguyên văn trong gói tin')
        also = more if shape.text else Words("", "")
        raise context.expected(leaf.expected.en + also.en, leaf.expected.vi + also.vi) from None


def _read_blob(plain: object, context: _Context) -> Blob:
    members = _object(plain, context)
    _known_only(members, _BYTES, context)
    if ("base64" in members) == ("file" in members):
        raise context.unusable("either base64 or file is expected", "cần base64 hoặc file, và chỉ một trong hai")
    try:
        size = number(members.get("size"))
    except ValueError:
        raise context.into("size").expected("the number of its bytes", "đúng số byte của nội dung") from None
    sha256 = members.get("sha256")
    if not isinstance(sha256, str) or re.fullmatch(SHA256, sha256) is None:
        raise context.into("sha256").expected("the SHA-256 of its bytes in lower-case hex", "SHA-256 của nội dung, dạng hex chữ thường")
    blob = _referred(members["file"], context.into("file")) if "file" in members else _decoded(members["base64"], context.into("base64"))
    what = Words("file", "tệp") if "file" in members else Words("content", "nội dung")
    en, vi = f"the {what.en} isn't the one that the JSON describes", f"{what.vi} không phải là {what.vi} mà JSON mô tả"
    if size != blob.size:
        raise context.into("size").unusable(f"{en}: it has {blob.size} bytes", f"{vi}: có {blob.size} byte")
    if sha256 != blob.sha256:
        raise context.into("sha256").unusable(f"{en}: its SHA-256 is another one", f"{vi}: SHA-256 khác")
    return blob


def _decoded(plain: object, context: _Context) -> Blob:
    try:
        return Blob.of_bytes(binascii.a2b_base64(text(plain), strict_mode=True))
    except ValueError:
        raise context.expected("base64 without line breaks", "base64 không ngắt dòng") from None


def _referred(plain: object, context: _Context) -> Blob:
    try:
        reference = text(plain)
    except ValueError:
        raise context.expected(TEXT.en, TEXT.vi) from None
    if not is_reference(reference):
        raise ReferenceUnsafe(place=context.place)
    if context.resolve is None:
        raise context.unusable("there is no folder to look for the file in", "không có thư mục để tìm tệp")
    try:
        return context.resolve(reference)
    except ReferenceUnsafe:
        raise ReferenceUnsafe(place=context.place) from None
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise context.unusable(f"the file can't be read: {detail}", f"không đọc được tệp (máy báo: {detail})") from error
