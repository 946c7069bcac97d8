"""JSON texts from anywhere: values, or an error that says in both languages what is wrong and where."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial

from lienthong.core.errors import Place, Words
from lienthong.schemas.errors import NotJson

SHOWN = 40
"""Characters of an unexpected member's name that a sentence shows: it may be anything."""

_MESSAGES: Mapping[str, Words] = {
    "Expecting value": Words("a value is expected", "cần một giá trị"),
    "Expecting ',' delimiter": Words("a comma is expected", "cần dấu phẩy"),
    "Expecting ':' delimiter": Words("a colon is expected", "cần dấu hai chấm"),
    "Expecting property name": Words("a name in double quotes is expected", "cần tên trong dấu ngoặc kép"),
    "Illegal trailing comma": Words("a comma stands before the end", "thừa dấu phẩy ở cuối"),
    "Unterminated string": Words("a text that begins here doesn't end", "chuỗi ký tự bắt đầu từ đây không kết thúc"),
    "Extra data": Words("something follows the end", "còn nội dung sau khi đã kết thúc"),
    "Invalid control character": Words("a text holds a control character", "chuỗi ký tự chứa ký tự điều khiển"),
    "Invalid \\": Words("a backslash begins no escape of JSON", "dấu gạch chéo ngược không mở đầu một cách viết hợp lệ của JSON"),
}
"""What the decoder says, by how its messages begin."""


class _Twice(dict[str, object]):
    """An object of which a member stands twice.

    Attributes:
        name: Name of that member.
    """

    name = ""


def parse_json(content: bytes, *, source: str | None = None) -> object:
    """Return the values of a JSON text in UTF-8 in which no member stands twice.

    Raises:
        NotJson: data; carries line and column, or the JSON pointer of a member that stands twice.
    """
    anywhere = Place(source=source or "JSON")
    twice: list[_Twice] = []

    def refused(words: Words, place: Place = anywhere) -> NotJson:
        return NotJson(place=place, reason=words)

    def constant(name: str) -> object:
        raise refused(Words(f"{name} is no JSON number", f"{name} không phải là số trong JSON"))

    try:
        text = content.decode("utf-8-sig")
        if not text.strip():
            raise refused(Words("it is empty", "không có nội dung"))
        plain = json.loads(text, object_pairs_hook=partial(_members, twice=twice), parse_constant=constant)
    except UnicodeDecodeError as error:
        raise refused(Words("it isn't UTF-8", "không phải UTF-8"), dataclasses.replace(anywhere, offset=error.start)) from None
    except json.JSONDecodeError as error:
        place = dataclasses.replace(anywhere, line=error.lineno, column=error.colno)
        raise refused(_said(error.msg), place) from None
    except RecursionError:
        raise refused(Words("it is nested too deeply", "lồng nhau quá sâu")) from None
    except ValueError:  # Python reads no number of thousands of digits
        raise refused(Words("a number is too long", "có số quá dài")) from None
    if twice:
        path = _path_of_twice(plain)
        name = path[-1]
        words = Words(f"the member {name} stands twice in one object", f"thành phần {name} có hai lần trong cùng một đối tượng")
        raise refused(words, dataclasses.replace(anywhere, path=json_pointer(path)))
    return plain


def _members(pairs: list[tuple[str, object]], twice: list[_Twice]) -> dict[str, object]:
    """Return the members of an object; where one stands twice, mark the object and note that."""
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    marked = _Twice(members)
    marked.name = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
    twice.append(marked)
    return marked


def json_pointer(path: Iterable[str | int]) -> str:
    """Return names and numbers from the top as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _said(message: str) -> Words:
    for beginning, words in _MESSAGES.items():
        if message.startswith(beginning):
            return words
    return Words(message, f"sai cú pháp (máy báo: {message})")


def _path_of_twice(plain: object) -> tuple[str | int, ...]:
    """Return the way to a member that stands twice, which is there."""
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), plain)]
    while True:
        path, value = waiting.pop()
        if isinstance(value, _Twice):
            return (*path, value.name[:SHOWN])
        if isinstance(value, dict):
            waiting.extend(((*path, name[:SHOWN]), inner) for name, inner in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, number), inner) for number, inner in enumerate(value))
