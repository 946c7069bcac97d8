"""Checks the signed headers of axis family A: which centre calls, with which parameters.

The HMAC is computed over the bytes of `XroadVnpt-sign-header` as they came, never over JSON parsed and written again.
It covers neither the operation nor the body; the body is covered by the parameter `hash-file`.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_PREFIX = "xroadvnpt-"


class CallRefused(Exception):
    """The call isn't signed, or not by the centre that it names; the text says which."""


@dataclass(frozen=True, slots=True)
class SignedCall:
    """A call whose signature holds. `parameters` holds the signed ones only, by lower-case name without prefix."""

    system_id: str
    parameters: Mapping[str, str]


def verify_call(headers: Iterable[tuple[bytes, bytes]], secret_of: Callable[[str], str | None]) -> SignedCall:
    """Return the signed parameters of a call.

    Args:
        headers: As received: lower-case names, value bytes without surrounding white space.
        secret_of: Gives a centre's secret, or None for an unknown centre.

    Raises:
        CallRefused: nothing of the call may be used.
    """
    plain: dict[str, bytes] = {}
    for raw_name, value in headers:
        name = raw_name.decode("ascii", "replace").lower()
        if not name.startswith(_PREFIX):
            continue
        if name in plain:
            raise CallRefused(f"tham số {name} xuất hiện hai lần")
        plain[name] = value
    if not {"xroadvnpt-sign-header", "xroadvnpt-sign-header-key", "xroadvnpt-hash-header"} <= plain.keys():
        raise CallRefused("yêu cầu không được ký")
    system_id = _text(plain.get("xroadvnpt-systemid", b""))
    secret = secret_of(system_id)
    if secret is None:
        raise CallRefused("SystemId không tồn tại")
    signed = plain["xroadvnpt-sign-header"]
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), plain["xroadvnpt-hash-header"].strip()):
        raise CallRefused("chữ ký HMAC không khớp")
    parameters = _signed_parameters(signed, _text(plain["xroadvnpt-sign-header-key"]), plain)
    if parameters.get("systemid") != system_id:
        raise CallRefused("SystemId không nằm trong phần được ký")
    return SignedCall(system_id, parameters)


def _signed_parameters(signed: bytes, keys: str, plain: Mapping[str, bytes]) -> dict[str, str]:
    try:
        loaded = json.loads(signed)
    except ValueError:
        loaded = None
    if not isinstance(loaded, dict):
        raise CallRefused("XroadVnpt-sign-header không phải JSON")
    members = {str(name).lower(): value if isinstance(value, str) else json.dumps(value) for name, value in loaded.items()}
    names = [_PREFIX + key.strip().lower() for key in keys.split(";")]
    if set(names) != members.keys():
        raise CallRefused("XroadVnpt-sign-header-key không khớp với XroadVnpt-sign-header")
    parameters: dict[str, str] = {}
    for name in names:
        # HTTP libraries strip and fold white space, and the SDK turns CR and LF in a value into spaces.
        value = _text(plain.get(name, b""))
        if value.split() != members[name].split():
            raise CallRefused(f"{name} khác với giá trị được ký")
        parameters[name.removeprefix(_PREFIX)] = value.strip()
    return parameters


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def cut_to_hash(body: bytes, hash_file: str) -> bytes | None:
    """Return the bytes that `hash-file` covers: the body without one trailing CRLF, or all of it; None if neither matches.

    The Java SDK always appends CRLF after the file, and writes the hash without leading zeros; both forms count.
    """
    told = hash_file.strip().lower()
    if body.endswith(b"\r\n"):
        shorter = hashlib.sha256(memoryview(body)[:-2])
        if told in _forms(shorter.digest()):
            return body[:-2]
        shorter.update(b"\r\n")
        return body if told in _forms(shorter.digest()) else None
    return body if told in _forms(hashlib.sha256(body).digest()) else None


def _forms(digest: bytes) -> tuple[str, str]:
    return digest.hex(), "".join(f"{byte:x}" for byte in digest)
