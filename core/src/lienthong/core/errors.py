"""The error tree, by what the caller can do.

    LienthongError
    ├── Transient            retry      surely not done; the same call may succeed later
    ├── Uncertain            ask        perhaps done; ask the remote system before doing it again
    ├── ConfigurationError   configure  settings, credentials or the installation must change
    ├── DataError            correct    the data must change; the same data gives the same error
    ├── Refused              accept     the remote system said no for good
    └── SecurityError        stop       unsafe or forged input; nothing of it is used

A concrete error is a keyword-only dataclass: `code` is stable and documented, `en` and `vi` are sentences with its fields in
braces. Every package keeps its own errors in its `errors.py`; a remote system's codes become these errors in one table per connector.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

__all__ = [
    "Action",
    "Certainty",
    "ConfigurationError",
    "DataError",
    "ExtraMissing",
    "Language",
    "Level",
    "LienthongError",
    "Place",
    "Problem",
    "Refused",
    "SecretMissing",
    "SecurityError",
    "SpoolFailed",
    "Transient",
    "Uncertain",
    "Words",
    "YamlInvalid",
    "say",
]

Action = Literal["retry", "ask", "configure", "correct", "accept", "stop"]
Language = Literal["en", "vi"]
Level = Literal["error", "warning"]
Certainty = Literal["P", "V", "C", "S", "I", "R"]
"""How a rule or a fact is known.

P primary text, V vendor artefact, C code of third parties or live data, S what others say, I our inference or calculation, R recollection.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a sentence in both languages, for the field of an error."""

    en: str
    vi: str

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in an input something stands; whatever isn't known is None.

    Attributes:
        source: Name of the file, packet or service; never its content.
        line: Line, from 1.
        column: Column, from 1.
        path: Path of an element, a settings key or a JSON pointer.
        record: Number of the record in a stream, from 1.
        offset: Byte offset from the start of the input.
    """

    source: str | None = None
    line: int | None = None
    column: int | None = None
    path: str | None = None
    record: int | None = None
    offset: int | None = None

    @property
    def en(self) -> str:
        """The place in English."""
        return self._said("record")

    @property
    def vi(self) -> str:
        """The place in Vietnamese."""
        return self._said("bản ghi")

    def __str__(self) -> str:
        return self.en

    def _said(self, record: str) -> str:
        position = ":".join(str(part) for part in (self.source, self.line, self.column) if part is not None)
        extras = [self.path] if self.path else []
        if self.record is not None:
            extras.append(f"{record} {self.record}")
        if self.offset is not None:
            extras.append(f"byte {self.offset}")
        return " ".join(part for part in (position, *extras) if part)


def say(sentence: str, language: Language, values: Mapping[str, object]) -> str:
    """Return a sentence with values in the place of its braces, each value in the sentence's own language."""
    return sentence.format(
        **{name: getattr(value, language) if isinstance(value, Words | Place) else value for name, value in values.items()}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, in the one shape that findings, outcomes, dead letters and `--json` share.

    Attributes:
        code: Stable code such as `LT-EDXML-031`.
        action: What can be done about it, see the error tree.
        en: The sentence in English.
        vi: The sentence in Vietnamese.
        level: A warning doesn't stop anything.
        place: Where it was found.
        fields: The values in the sentences, as text.
        office: Name or code of the office that must act; None where it is the operator.
        source: Where the rule behind a finding stands; None where there is no rule.
        certainty: How sure that rule is.
    """

    code: str
    action: Action
    en: str
    vi: str
    level: Level = "error"
    place: Place | None = None
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    office: str | None = None
    source: str | None = None
    certainty: Certainty | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.en}"

    def as_json(self) -> dict[str, object]:
        """Return the problem as JSON-ready values; empty members are left out."""
        plain = dataclasses.asdict(self)
        if self.place is not None:
            plain["place"] = {key: value for key, value in dataclasses.asdict(self.place).items() if value is not None}
        return {key: value for key, value in plain.items() if value not in (None, {})}

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> Self:
        """Return the problem that `as_json` wrote."""
        values = dict(plain)
        if isinstance(values.get("place"), Mapping):
            values["place"] = Place(**values["place"])  # type: ignore[arg-type]
        return cls(**values)  # type: ignore[arg-type]


@dataclass(eq=False, kw_only=True)
class LienthongError(Exception):
    """Any error of this library; catch one of the categories below it."""

    code: ClassVar[str] = "LT-000"
    action: ClassVar[Action] = "correct"
    exit_code: ClassVar[int] = 1
    en: ClassVar[str] = ""
    vi: ClassVar[str] = ""

    def _values(self) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def sentence(self, language: Language) -> str:
        """Return the error's sentence in a language, without its code."""
        return say(self.vi if language == "vi" else self.en, language, self._values())

    def __str__(self) -> str:
        return f"{self.code} {self.sentence('en')}"

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are rebuilt from positional arguments by default, of which there are none here.
        return _rebuild, (type(self), self._values())

    def problem(self, *, office: str | None = None) -> Problem:
        """Return this error as a `Problem`."""
        values = self._values()
        place = values.pop("place", None)
        return Problem(
            code=self.code,
            action=self.action,
            en=self.sentence("en"),
            vi=self.sentence("vi"),
            place=place if isinstance(place, Place) else None,
            fields={name: str(value) for name, value in values.items() if value is not None and not isinstance(value, tuple)},
            office=office,
        )


def _rebuild(kind: type[LienthongError], values: dict[str, object]) -> LienthongError:
    return kind(**values)


@dataclass(eq=False, kw_only=True)
class Transient(LienthongError):
    """Surely not done; the same call may succeed later, at the earliest after `retry_after` seconds where that is known."""

    action: ClassVar[Action] = "retry"
    retry_after: float | None = None


@dataclass(eq=False, kw_only=True)
class Uncertain(LienthongError):
    """Perhaps done: bytes left and no usable answer came. Doing it again may do it twice."""

    action: ClassVar[Action] = "ask"
    exit_code: ClassVar[int] = 3


@dataclass(eq=False, kw_only=True)
class ConfigurationError(LienthongError):
    """Settings, credentials or the installation must change."""

    action: ClassVar[Action] = "configure"
    exit_code: ClassVar[int] = 2


@dataclass(eq=False, kw_only=True)
class DataError(LienthongError):
    """The data must change; the same data gives the same error."""


@dataclass(eq=False, kw_only=True)
class Refused(LienthongError):
    """The remote system said no for good; `remote_code` is its own code."""

    action: ClassVar[Action] = "accept"
    remote_code: str | None = None


@dataclass(eq=False, kw_only=True)
class SecurityError(LienthongError):
    """Unsafe or forged input; nothing of it is used."""

    action: ClassVar[Action] = "stop"


@dataclass(eq=False, kw_only=True)
class ExtraMissing(ConfigurationError):
    """An optional dependency is needed and not installed."""

    code: ClassVar[str] = "LT-CORE-001"
    en: ClassVar[str] = "{purpose} needs an optional package; install it with: pip install 'lienthong[{extra}]'"
    vi: ClassVar[str] = "{purpose} cần một gói tùy chọn; hãy cài bằng lệnh: pip install 'lienthong[{extra}]'"
    extra: str
    purpose: Words


@dataclass(eq=False, kw_only=True)
class SecretMissing(ConfigurationError):
    """A reference names a variable or file that isn't there or holds no text."""

    code: ClassVar[str] = "LT-CORE-002"
    en: ClassVar[str] = "The secret {reference} can't be read: {reason}."
    vi: ClassVar[str] = "Không đọc được bí mật {reference}: {reason}."
    reference: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class YamlInvalid(ConfigurationError):
    """A file isn't the YAML that this project reads: one document, a mapping at the top, plain values, no key twice."""

    code: ClassVar[str] = "LT-CORE-003"
    en: ClassVar[str] = "{place}: {reason}."
    vi: ClassVar[str] = "{place}: tệp YAML sai: {reason}."
    place: Place
    reason: Words


@dataclass(eq=False, kw_only=True)
class SpoolFailed(Transient):
    """The temporary file for what is too large for memory can't be made or written, for want of room as a rule."""

    code: ClassVar[str] = "LT-CORE-004"
    en: ClassVar[str] = "The temporary file for large content can't be written: {detail}."
    vi: ClassVar[str] = "Không ghi được tệp tạm cho nội dung lớn (máy báo: {detail})."
    detail: str
