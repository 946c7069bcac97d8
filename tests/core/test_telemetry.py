"""Log events and spans."""

from __future__ import annotations

import logging

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from lienthong.core.telemetry import log_event, span, traceparent

logger = logging.getLogger("lienthong.test")


def test_event_has_its_fields_in_order_and_personal_data_starred_out(caplog: pytest.LogCaptureFixture) -> None:
    """A log can be read and searched, and tells nobody's number or address; unknown fields are left out."""
    caplog.set_level(logging.INFO)
    log_event(logger, "sent", connection="axis", owner="079099001234", mail="an@so.example", count=3, remote_id=None)
    (record,) = caplog.records
    assert record.getMessage() == "sent connection=axis owner=07********34 mail=a***@so.example count=3"
    assert vars(record)["event"] == "sent"


def test_event_below_the_level_costs_no_text(caplog: pytest.LogCaptureFixture) -> None:
    """Fields of an event that nobody wants aren't even made into text."""

    class Costly:
        def __str__(self) -> str:
            msg = "made into text"
            raise AssertionError(msg)

    caplog.set_level(logging.WARNING)
    log_event(logger, "sent", field=Costly())
    log_event(logger, "late", level=logging.WARNING, field=1)
    assert [record.getMessage() for record in caplog.records] == ["late field=1"]


def test_without_an_sdk_a_span_runs_its_block_and_has_no_traceparent() -> None:
    """Nobody needs OpenTelemetry's SDK; errors pass through."""
    with span("send", connection="axis"):
        assert traceparent() is None
    with pytest.raises(ZeroDivisionError), span("send"):
        _ = 1 / 0


def test_traceparent_names_the_present_trace() -> None:
    """What runs inside a caller's trace can be joined to it."""
    context = SpanContext(trace_id=0xABC, span_id=0xDEF, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    with trace.use_span(NonRecordingSpan(context)), span("send"):
        assert traceparent() == f"00-{0xABC:032x}-{0xDEF:016x}-01"
    assert traceparent() is None
