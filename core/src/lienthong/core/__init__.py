"""What two or more parts need and nothing else: errors, blobs, text, time, secrets, HTTP, telemetry and YAML with marks."""

from lienthong.core.blob import Blob
from lienthong.core.clock import HO_CHI_MINH, Clock, SystemClock
from lienthong.core.errors import (
    ConfigurationError,
    DataError,
    ExtraMissing,
    LienthongError,
    Place,
    Problem,
    Refused,
    SecretMissing,
    SecurityError,
    Transient,
    Uncertain,
    Words,
    YamlInvalid,
)
from lienthong.core.secrets import SecretRef

__all__ = [
    "HO_CHI_MINH",
    "Blob",
    "Clock",
    "ConfigurationError",
    "DataError",
    "ExtraMissing",
    "LienthongError",
    "Place",
    "Problem",
    "Refused",
    "SecretMissing",
    "SecretRef",
    "SecurityError",
    "SystemClock",
    "Transient",
    "Uncertain",
    "Words",
    "YamlInvalid",
]
