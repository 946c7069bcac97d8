"""What a packet needs, and may have at most, so that what is written can be read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lienthong.core.blob import Blob, Spool
from lienthong.core.errors import Place, Words
from lienthong.schemas.edxml.layout import Foreign, Out
from lienthong.schemas.edxml.models import Attachment, DocumentPacket, Packet
from lienthong.schemas.edxml.reader import MAX_UNPACKED, MOST_ATTACHMENTS, PACKET_CAPS
from lienthong.schemas.edxml.wire import OURS, without_cid
from lienthong.schemas.edxml.zip_rule import unwrap
from lienthong.schemas.errors import ArchiveUnsafe, CapExceeded, FieldUnwritable, NotWellFormed
from lienthong.schemas.xml import parse

_MESSAGE = "edXMLEnvelope/edXMLHeader/MessageHeader"
_FRAME_CAPS = replace(PACKET_CAPS, tree=PACKET_CAPS.tree - (1 << 17))  # a reader counts blocks that an attachment begins or ends in

_ANOTHER_FILE = Words(
    "these bytes hold another file than content; leave transfer out to send the new one",
    "các byte này chứa một tệp khác với content; hãy bỏ transfer để gửi tệp mới",
)
_NOT_WRAPPED = Words(
    "transfer holds the same bytes as content; leave them out there",
    "transfer chứa đúng các byte của content; hãy bỏ chúng ở đó",
)


def check_readable(packet: Packet, pieces: Out) -> None:
    """Refuse a packet that no reader would take, or would take for another.

    Args:
        packet: The packet.
        pieces: What is written of it.

    Raises:
        FieldUnwritable: data; it lacks what a reader can't do without, exceeds a cap, or has an attachment that would come back another.
        SpoolFailed: retry; there is no room to unpack what travels in place of an attachment.
        OSError: An attachment can't be read.
    """
    for element, is_given in _needed(packet).items():
        if not is_given:
            raise FieldUnwritable(element=f"edXML/{_MESSAGE}/{element}", reason=Words("it has to be given", "bắt buộc phải có"))
    _check_caps(pieces)
    if isinstance(packet, DocumentPacket):
        _check_attachments(packet.attachments)


def exchanged(attachment: Attachment, spool: Spool) -> Words | None:
    """Return why an attachment's `transfer.content` doesn't travel for its content; None where it does, or isn't given.

    Args:
        attachment: The attachment.
        spool: Takes what is unpacked; shared by the attachments of a packet.

    Raises:
        SpoolFailed: retry; there is no room for it.
        OSError: The attachment can't be read.
    """
    if attachment.transfer is None or attachment.transfer.content is None:
        return None
    sent, name, left = attachment.transfer.content, attachment.name, MAX_UNPACKED - spool.written
    if sent == attachment.content:
        return _NOT_WRAPPED
    try:
        content, _ = unwrap(sent, name=name, content_id=attachment.content_id, place=Place(), spool=spool, at_most=left)
    except ArchiveUnsafe as error:
        return error.reason
    return None if content == attachment.content else _ANOTHER_FILE


def _needed(packet: Packet) -> dict[str, bool]:
    needed = {"From/OrganId": bool(packet.sender.code)}
    if isinstance(packet, DocumentPacket):
        return needed | {"To/OrganId": any(recipient.code for recipient in packet.recipients)}
    kept = any(other.inside == _MESSAGE and other.name == f"{OURS}StatusCode" for other in packet.others)  # it came without a text
    return needed | {"ResponseFor/OrganId": bool(packet.response_for.organisation), "StatusCode": bool(packet.status) or kept}


def _check_caps(pieces: Out) -> None:
    frame = "".join([piece for piece in pieces if isinstance(piece, str)]).encode()
    encoded = sum([(piece.size + 2) // 3 * 4 for piece in pieces if isinstance(piece, Blob)])
    if len(frame) + encoded > PACKET_CAPS.bytes:
        raise _too_much(Words("bytes", "dung lượng (byte)"), PACKET_CAPS.bytes)
    if len(frame) < PACKET_CAPS.nodes and Foreign not in map(type, pieces):
        return  # what is so short, and all our own, exceeds no cap
    try:
        parse(frame, caps=_FRAME_CAPS)
    except CapExceeded as error:
        raise _too_much(error.cap, error.limit) from None
    except NotWellFormed:
        reason = Words("a name or attribute in it is none that can be read", "có tên hoặc thuộc tính không đọc lại được")
        raise FieldUnwritable(element="edXML", reason=reason) from None


def _check_attachments(attachments: Sequence[Attachment]) -> None:
    if len(attachments) > MOST_ATTACHMENTS:
        raise _too_much(Words("attachments", "số tệp đính kèm"), MOST_ATTACHMENTS)
    spool = Spool()
    for number, attachment in enumerate(attachments, 1):
        path = f"edXML/AttachmentEncoded/Attachment[{number}]" if len(attachments) > 1 else "edXML/AttachmentEncoded/Attachment"
        if without_cid(attachment.reference.content_id) != attachment.content_id:
            reason = Words("it would be read as another id than content_id", "sẽ bị đọc thành mã khác với content_id")
            raise FieldUnwritable(element=f"{path}/ContentId", reason=reason)
        unlike = exchanged(attachment, spool)
        if unlike is not None:
            raise FieldUnwritable(element=f"{path}/ContentTransferEncoded", reason=unlike)


def _too_much(cap: Words, limit: int) -> FieldUnwritable:
    reason = Words(f"it exceeds the cap '{cap.en}' of {limit}", f"vượt quá giới hạn về {cap.vi}: tối đa {limit}")
    return FieldUnwritable(element="edXML", reason=reason)
