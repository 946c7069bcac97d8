"""What verifying a signature found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lienthong.core.errors import Action, Level, Problem, say

State = Literal["none", "placeholder", "invalid", "unsupported", "valid"]

_REASONS: dict[str, tuple[Level, str, str]] = {
    "LT-SIGN-101": ("error", "The document was changed after it was signed.", "Văn bản đã bị sửa đổi sau khi ký."),
    "LT-SIGN-102": (
        "error",
        "The signature value doesn't belong to the certificate in the signature.",
        "Giá trị chữ ký không khớp với chứng thư trong chữ ký.",
    ),
    "LT-SIGN-103": ("error", "There are {count} signatures where one is expected.", "Có {count} chữ ký trong khi chỉ chấp nhận một."),
    "LT-SIGN-104": (
        "error",
        "The signature does not stand at the end of {expected}.",
        "Chữ ký không nằm ở cuối phần tử {expected}.",
    ),
    "LT-SIGN-105": (
        "warning",
        "The signature is of a kind that isn't verified here: {element} is not as expected.",
        "Chưa hỗ trợ kiểm tra loại chữ ký này: {element} không đúng dạng.",
    ),
    "LT-SIGN-106": (
        "warning",
        "The certificate in the signature can't be used: {detail}.",
        "Không dùng được chứng thư trong chữ ký: {detail}.",
    ),
    "LT-SIGN-107": (
        "warning",
        "The signature is a placeholder that can't verify: {detail}.",
        "Chữ ký chỉ là phần giữ chỗ, không thể kiểm tra: {detail}.",
    ),
    "LT-SIGN-108": (
        "warning",
        "The document is as it was signed; who holds the certificate was not checked.",
        "Văn bản nguyên vẹn như khi ký; chưa kiểm tra chủ thể của chứng thư.",
    ),
    "LT-SIGN-109": (
        "warning",
        "The document is too large for its signature to be verified here: {cap} above {limit}.",
        "Văn bản quá lớn nên không kiểm tra được chữ ký tại đây: {cap} vượt quá {limit}.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """The verdict on one document.

    Attributes:
        state: `none`: no signature. `placeholder`: something in the place of a signature that never was one. `invalid`: changed,
            moved or forged. `unsupported`: of a kind or size about which nothing can be said here. `valid`: the document is the one that
            was signed with the certificate, and no more than that.
        signer: Subject of the certificate as RFC 4514 text; as claimed, unless the state is `valid`.
        fingerprint: SHA-256 of the certificate in lower-case hex.
        covers: What the signature covers; `document` for all of it but comments and the signature itself.
        trust: Whether the certificate leads to an anchor; there is no such check yet.
        reason: Why the state is what it is; None only for `none`.
    """

    state: State
    signer: str | None = None
    fingerprint: str | None = None
    covers: Literal["document"] | None = None
    trust: Literal["not checked"] = "not checked"
    reason: Problem | None = None


def reason(code: str, **fields: object) -> Problem:
    """Return the reason of a report by its code."""
    level, en, vi = _REASONS[code]
    action: Action = "stop" if level == "error" else "accept"
    values = {name: str(value) for name, value in fields.items()}
    return Problem(code=code, action=action, en=say(en, "en", fields), vi=say(vi, "vi", fields), level=level, fields=values)
