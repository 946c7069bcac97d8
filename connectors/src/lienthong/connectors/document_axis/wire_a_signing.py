"""Signed headers of axis family A: parameters as `XroadVnpt-*` headers under an HMAC.

Standard: what the public VXP SDK sends (reference: edXML wire, family A, request shape). The HMAC covers the headers only.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime

from lienthong.connectors.document_axis.errors import ParameterUnfit
from lienthong.core.clock import HO_CHI_MINH

VERSION = "3.0.201608"
_PREFIX = "XroadVnpt-"
_UNFIT = re.compile(r"[^\t\x20-\x7e]")


def signed_headers(parameters: Mapping[str, str], secret: str) -> dict[str, str]:
    """Return the headers that carry `parameters`, in their order, and the signature over them.

    Args:
        parameters: By bare name, `systemid`, `timestamp` and `Content-Type` included; printable ASCII and tabs.
        secret: Used as the text that it is; what looks like base64 isn't decoded.

    Raises:
        ParameterUnfit: data; a value that would reach the axis changed.
    """
    for name, value in parameters.items():
        if found := _UNFIT.search(value):
            raise ParameterUnfit(parameter=name, position=found.start() + 1)
    headers = {_PREFIX + name: value for name, value in parameters.items()}
    signed = json.dumps(headers, ensure_ascii=False, separators=(",", ":"))
    return {
        **headers,
        f"{_PREFIX}sign-header-key": ";".join(parameters),
        f"{_PREFIX}sign-header": signed,
        f"{_PREFIX}hash-header": hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest(),
    }


def wire_timestamp(moment: datetime) -> str:
    """Return a moment as `ddMMyyyy'T'HHmmss+SSSS`, Vietnamese time; after the plus stand milliseconds, not an offset."""
    local = moment.astimezone(HO_CHI_MINH)
    return f"{local:%d%m%YT%H%M%S}+{local.microsecond // 1000:04d}"


def unpadded(sha256: str) -> str:
    """Return a hex digest the way the Java SDK writes it: a byte below 0x10 has one digit."""
    return "".join(f"{byte:x}" for byte in bytes.fromhex(sha256))
