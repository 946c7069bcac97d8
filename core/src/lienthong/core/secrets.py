"""Secrets by reference: resolved where they are used, never printed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from lienthong.core.errors import SecretMissing, Words

_LONGEST = 1 << 20  # bytes; a device never ends, and no key is longer


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret stands: `env:NAME` or `file:PATH`.

    The reference itself is no secret and may be logged; the value is read at use, by `resolve` or `read`.
    """

    reference: str
    base: Path | None = None  # what a relative file path starts from

    @classmethod
    def parse(cls, text: str, base: Path | None = None) -> Self:
        """Return the reference.

        Raises:
            ValueError: It is none; the error holds `Words` and doesn't repeat `text`, which may be the secret itself.
        """
        scheme, _, rest = text.partition(":")
        if scheme not in ("env", "file") or not rest:
            message = "a secret is given by reference, as env:NAME or file:PATH"
            raise ValueError(Words(message, "bí mật phải được nêu bằng tham chiếu, dạng env:TÊN hoặc file:ĐƯỜNG_DẪN"))
        return cls(text, base)

    def resolve(self) -> str:
        """Return the secret as text, for files without white space at its ends.

        Raises:
            SecretMissing: configuration; the variable isn't set, the file can't be read, or it is no text.
        """
        try:
            text = self.read().decode()
        except UnicodeDecodeError:
            # Python's error, as a cause, would carry the secret along.
            raise SecretMissing(reference=self.reference, reason=Words("it is not UTF-8", "không phải UTF-8")) from None
        return text if self.reference.startswith("env:") else text.strip()

    def read(self) -> bytes:
        """Return the bytes of the variable or file as they are, for keys.

        Raises:
            SecretMissing: configuration; the variable isn't set or the file can't be read.
        """
        scheme, _, rest = self.reference.partition(":")
        if scheme == "env":
            value = os.environ.get(rest)
            if value is None:
                reason = Words("the environment variable is not set", "chưa đặt biến môi trường")
                raise SecretMissing(reference=self.reference, reason=reason)
            return os.fsencode(value)
        path = Path(rest) if self.base is None else self.base / rest
        try:
            with path.open("rb") as stream:
                return stream.read(_LONGEST)
        except OSError as error:
            said = error.strerror or type(error).__name__
            raise SecretMissing(reference=self.reference, reason=Words(said, f"lỗi đọc tệp (máy báo: {said})")) from error

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
