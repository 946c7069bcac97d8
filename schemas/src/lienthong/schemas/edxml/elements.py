"""Text, attributes and kept elements as XML, with prefixes as packets have them where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from lxml import etree

from lienthong.core.errors import Words
from lienthong.schemas.edxml.models import Attributes, OtherElement
from lienthong.schemas.edxml.wire import NAMESPACE, OURS, axis_spelling
from lienthong.schemas.errors import FieldUnwritable
from lienthong.schemas.xml import DEFAULT_CAPS

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_PLAIN = re.compile("[^\t\n -%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what text can't hold as it is
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTES = _IN_TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})

# XML 1.0, fifth edition, production 4, and Namespaces in XML 1.0, production 4: a name without a colon.
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(f"(?:{{(.+)}})?([{_START}][{_START}\\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*)", re.DOTALL)
_CONTENTS = (OURS + "ContentTransferEncoded", "ContentTransferEncoded")
_DECLARATIONS = "http://www.w3.org/2000/xmlns/"
_PREFIXES = MappingProxyType(
    {
        NAMESPACE: "edXML",
        "http://www.w3.org/2000/09/xmldsig#": "ds",
        "http://www.w3.org/1999/xlink": "xlink",
        "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    }
)


class Scope(NamedTuple):
    """Which prefixes hold at a place.

    Attributes:
        default: Namespace of elements without a prefix; None where elements of the packet's namespace must bear theirs.
        prefixes: Prefix by namespace.
    """

    default: str | None
    prefixes: Mapping[str, str]


_XML = MappingProxyType({"http://www.w3.org/XML/1998/namespace": "xml"})
IN_ENVELOPE = Scope(None, MappingProxyType({**_XML, NAMESPACE: "edXML"}))
OUTSIDE = Scope(NAMESPACE, _XML)


def escaped(text: str, path: str) -> str:
    """Return a text as it stands between tags.

    Raises:
        FieldUnwritable: data; it has a character that XML can't carry. It names `path`.
    """
    if _NOT_PLAIN.search(text) is None:
        return text
    return _checked(text, path).translate(_IN_TEXT)


def xml_attributes(attributes: Attributes, path: str, scope: Scope) -> str:
    """Return attributes as they stand in a tag, with the declarations that they need.

    Raises:
        FieldUnwritable: data; as `escaped`, or a name is none, or stands twice.
    """
    return _attributes(attributes, path, scope)[0]


def xml_element(element: OtherElement, path: str, scope: Scope) -> str:
    """Return a kept element, without white space of ours.

    Args:
        path: Path of the element that it stands in.

    Raises:
        FieldUnwritable: data; as `xml_attributes`, or elements are nested deeper than a reader takes, a text stands behind it, or a
            file is attached inside.
    """
    out: list[str] = []
    _write(out, element, path, scope)
    if element.tail:
        raise FieldUnwritable(element=path, reason=Words("a text stands behind a kept element", "có văn bản nằm sau phần tử được giữ"))
    return "".join(out)


def is_not_empty(element: OtherElement) -> bool:
    """Tell whether a kept element has text."""
    return bool(element.text) or any(is_not_empty(child) or child.tail for child in element.children)


def has_text(element: OtherElement) -> bool:
    """Tell whether a kept element has text that isn't white space."""
    return _is_said(element.text) or any(has_text(child) or _is_said(child.tail) for child in element.children)


def has_children(element: OtherElement) -> bool:
    """Tell whether a kept element has elements inside."""
    return bool(element.children)


def has_values(element: OtherElement) -> bool:
    """Tell whether a kept element has an element with such text."""
    return any(map(has_text, element.children))


def as_read(name: str) -> str:
    """Return an expanded name as a reader takes it."""
    return OURS + axis_spelling(name.removeprefix(OURS)) if name.startswith(OURS) else name


def _is_said(text: str) -> bool:
    return bool(text) and not text.isspace()


def _write(out: list[str], element: OtherElement, path: str, scope: Scope) -> None:
    namespace, local = _split(
        element.name, path, Words("an element in it has no XML name", "có phần tử con mang tên không hợp lệ trong XML")
    )
    path = f"{path}/{local}"
    if path.count("/") >= DEFAULT_CAPS.depth:
        raise FieldUnwritable(element=path, reason=Words("it is nested too deeply to be read again", "lồng quá sâu, không đọc lại được"))
    if element.name in _CONTENTS:
        reason = Words("a file is attached where no attachment belongs", "có tệp đính kèm ở vị trí không dành cho tệp đính kèm")
        raise FieldUnwritable(element=path, reason=reason)
    declared = ""
    if namespace == scope.default:
        tag = local
    elif namespace in ("", NAMESPACE) and namespace not in scope.prefixes:
        scope = scope._replace(default=namespace)
        tag, declared = local, f' xmlns="{namespace}"'
    else:
        tag, declared, scope = _prefixed(namespace, local, path, scope)
    attributes, scope = _attributes(element.attributes, path, scope)
    out.append(f"<{tag}{declared}{attributes}")
    if element.text or element.children:
        out.append(f">{escaped(element.text, path)}")
        for child in element.children:
            _write(out, child, path, scope)
        out.append(f"</{tag}>")
    else:
        out.append("/>")
    out.append(escaped(element.tail, path))


def _attributes(attributes: Attributes, path: str, scope: Scope) -> tuple[str, Scope]:
    if len({name for name, _ in attributes}) < len(attributes):
        raise FieldUnwritable(element=path, reason=Words("an attribute stands twice", "có thuộc tính lặp lại"))
    parts = []
    for name, value in attributes:
        namespace, local = _split(name, path, Words("an attribute has no XML name", "có thuộc tính mang tên không hợp lệ trong XML"))
        at = f"{path}/@{local}"
        if namespace:
            local, declared, scope = _prefixed(namespace, local, at, scope)
            parts.append(declared)
        elif local == "xmlns":
            raise FieldUnwritable(element=at, reason=Words("it declares a namespace", "đây là khai báo không gian tên"))
        parts.append(f' {local}="{_quoted(value, at)}"')
    return "".join(parts), scope


def _prefixed(namespace: str, local: str, path: str, scope: Scope) -> tuple[str, str, Scope]:
    """Return a name with its prefix, the declaration that this needs, and the scope with it."""
    known = scope.prefixes.get(namespace)
    if known is not None:
        return f"{known}:{local}", "", scope
    if namespace == _DECLARATIONS:
        raise FieldUnwritable(element=path, reason=Words("it declares a namespace", "đây là khai báo không gian tên"))
    quoted = _quoted(namespace, path)
    try:
        etree.Element("x", nsmap={"x": namespace})
    except ValueError:
        raise FieldUnwritable(element=path, reason=Words("its namespace is no URI", "không gian tên không phải là URI")) from None
    prefix = _PREFIXES.get(namespace) or f"ns{sum(known.startswith('ns') for known in scope.prefixes.values()) + 1}"
    declared = f' xmlns:{prefix}="{quoted}"'
    return f"{prefix}:{local}", declared, scope._replace(prefixes={**scope.prefixes, namespace: prefix})


def _split(name: str, path: str, reason: Words) -> tuple[str, str]:
    match = _NAME.fullmatch(name)
    if match is None:
        raise FieldUnwritable(element=path, reason=reason)
    return match[1] or "", match[2]


def _quoted(text: str, path: str) -> str:
    return _checked(text, path).translate(_IN_ATTRIBUTES)


def _checked(text: str, path: str) -> str:
    bad = _NOT_XML.search(text)
    if bad is not None:
        character = f"U+{ord(bad.group()):04X}"
        raise FieldUnwritable(
            element=path, reason=Words(f"XML can't carry the character {character}", f"XML không chứa được ký tự {character}")
        )
    return text
