"""Putting bytes into a document in front of an end tag, every other byte untouched."""

from __future__ import annotations

import re

from lienthong.core.errors import Words
from lienthong.schemas.xml import Element, XmlDocument
from lienthong.signing.errors import NotSignable

# Enough for a document that the parser has accepted: well-formed, no DOCTYPE.
_TOKEN = re.compile(
    rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|(?P<end></[^>]*>)|<(?P<start>[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*)>""", re.DOTALL
)
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")


def insert_last(document: XmlDocument, parent: Element, content: bytes) -> bytes:
    """Return a document's bytes with `content` in front of the end tag of `parent`, an element of the document.

    Raises:
        NotSignable: data; the document isn't in UTF-8, or the element has no end tag.
    """
    raw = document.raw.read()
    offset = _end_tag(document, raw, parent)
    return b"".join((raw[:offset], content, raw[offset:]))


def _end_tag(document: XmlDocument, raw: bytes, parent: Element) -> int:
    declared = _DECLARED.match(raw)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or (declared is not None and declared.group(1).lower() not in (b"utf-8", b"us-ascii")):
        raise NotSignable(reason=Words("it is not encoded in UTF-8", "văn bản không được mã hóa UTF-8"))
    wanted = next(number for number, element in enumerate(document.root.iter("*")) if element is parent)
    opened: list[int] = []
    count = 0
    for token in _TOKEN.finditer(raw):
        if token["end"] is not None:
            if opened.pop() == wanted:
                return token.start()
        elif token["start"] is not None:
            if not token["start"].endswith(b"/"):
                opened.append(count)
            count += 1
    raise NotSignable(reason=Words("the element that the signature belongs into is empty", "phần tử chứa chữ ký là phần tử rỗng"))
