"""The one way out: HTTP with checked certificates, one real deadline per call, and the knowledge whether bytes had left."""

from lienthong.core.http.client import Endpoint, HttpClient, Reply, StreamedReply
from lienthong.core.http.errors import (
    AddressForbidden,
    ConnectFailed,
    ConnectionCut,
    ConnectionLost,
    EndpointInvalid,
    FateUnknown,
    GatewayFailed,
    PlainHttpForbidden,
    RateLimited,
    RedirectRefused,
    ReplyTooLarge,
    ReplyUnreadable,
    TimedOut,
    TimedOutAfterSending,
    TlsFilesUnusable,
    TlsRejected,
)

__all__ = [
    "AddressForbidden",
    "ConnectFailed",
    "ConnectionCut",
    "ConnectionLost",
    "Endpoint",
    "EndpointInvalid",
    "FateUnknown",
    "GatewayFailed",
    "HttpClient",
    "PlainHttpForbidden",
    "RateLimited",
    "RedirectRefused",
    "Reply",
    "ReplyTooLarge",
    "ReplyUnreadable",
    "StreamedReply",
    "TimedOut",
    "TimedOutAfterSending",
    "TlsFilesUnusable",
    "TlsRejected",
]
