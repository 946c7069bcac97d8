"""Secrets by reference: resolved where they are used, never printed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from lienthong.core.errors import ConfigurationError


@dataclass(eq=False, kw_only=True)
class SecretMissing(ConfigurationError):
    """A reference names a variable or file that isn't there."""

    code: ClassVar[str] = "LT-CORE-002"
    en: ClassVar[str] = "The secret {reference} can't be read: {reason}."
    vi: ClassVar[str] = "Không đọc được bí mật {reference}: {reason}."
    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret stands: `env:NAME` or `file:PATH`.

    The reference itself is no secret and may be logged; the value is read by `resolve`, at use.
    """

    reference: str
    base: Path | None = None  # what a relative file path starts from

    @classmethod
    def parse(cls, text: str, base: Path | None = None) -> Self:
        """Return the reference, or raise ValueError without repeating `text`, which may be the secret itself."""
        scheme, _, rest = text.partition(":")
        if scheme not in ("env", "file") or not rest:
            message = "a secret is given by reference, as env:NAME or file:PATH"
            raise ValueError(message)
        return cls(text, base)

    def resolve(self) -> str:
        """Return the secret, for files without white space at its ends.

        Raises:
            SecretMissing: configuration; the variable isn't set or the file can't be read.
        """
        scheme, _, rest = self.reference.partition(":")
        if scheme == "env":
            value = os.environ.get(rest)
            if value is None:
                raise SecretMissing(reference=self.reference, reason="the environment variable is not set")
            return value
        path = Path(rest) if self.base is None else self.base / rest
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SecretMissing(reference=self.reference, reason=error.strerror or "unreadable") from error

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic models have fields of this type, written as text; the validation context may give the `folder` of files."""

        def from_text(value: object, info: core_schema.ValidationInfo) -> SecretRef:
            if isinstance(value, SecretRef):
                return value
            return cls.parse(value if isinstance(value, str) else "", (info.context or {}).get("folder"))

        return core_schema.with_info_plain_validator_function(
            from_text,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )
