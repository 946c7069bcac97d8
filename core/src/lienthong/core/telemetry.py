"""One vocabulary of log events and trace spans; with no OpenTelemetry SDK configured, spans cost almost nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.propagate import inject

from lienthong.core.text import mask_personal

_tracer = trace.get_tracer("lienthong")


def log_event(logger: logging.Logger, event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Log `event` with its fields as `event key=value …`; personal data in text fields is masked."""
    if logger.isEnabledFor(level):
        pairs = " ".join(f"{name}={mask_personal(str(value))}" for name, value in fields.items() if value is not None)
        logger.log(level, "%s %s", event, pairs, extra={"event": event})


@contextmanager
def span(name: str, **attributes: str | float | bool) -> Iterator[None]:
    """Run a block inside a trace span."""
    with _tracer.start_as_current_span(name, attributes=attributes):
        yield


def traceparent() -> str | None:
    """Return the current span as a W3C `traceparent`, or None outside any recorded trace."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent")
