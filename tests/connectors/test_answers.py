"""What wires judge alike."""

from __future__ import annotations

import pytest

from lienthong.connectors.answers import Refusal, refusal_by_status, refused
from lienthong.connectors.errors import AnswerUnclear, AnswerUnusable, CredentialsRejected, RemoteRefused
from lienthong.connectors.service_portal.errors import DossierExists, DossierUnknown, ProgressIncomplete
from lienthong.core.errors import LienthongError, Words

REASON = Words("not JSON", "không phải JSON")


@pytest.mark.parametrize("status", [400, 404, 413, 499])
def test_status_of_the_400s_says_no_whatever_the_call(status: int) -> None:
    """Nothing was done, so that even a send isn't uncertain."""
    for safe in (True, False):
        refusal = refusal_by_status(status, REASON, connection="c", operation="do", safe=safe)
        assert refusal.remote_code == f"HTTP {status}"


@pytest.mark.parametrize("status", [200, 408, 500, 502])
@pytest.mark.parametrize(("safe", "expected"), [(True, AnswerUnusable), (False, AnswerUnclear)])
def test_other_status_tells_nothing(status: int, safe: bool, expected: type[LienthongError]) -> None:
    """A question may be asked again; what may have been done is uncertain. Each language has only its own words."""
    with pytest.raises(expected) as caught:
        refusal_by_status(status, REASON, connection="c", operation="do", safe=safe)
    assert f"HTTP {status}, không phải JSON" in caught.value.sentence("vi")
    assert "not JSON" in caught.value.sentence("en")
    assert "not JSON" not in caught.value.sentence("vi")


@pytest.mark.parametrize(
    ("kind", "more"), [(RemoteRefused, {}), (DossierExists, {}), (DossierUnknown, {}), (ProgressIncomplete, {"taken": 10})]
)
def test_refusal_can_t_leave_out_the_code_that_it_shows(kind: type[LienthongError], more: dict[str, int]) -> None:
    """No sentence says "code None"."""
    with pytest.raises(TypeError, match="remote_code"):
        kind(connection="c", operation="do", detail="-", **more)


def test_text_of_a_refusal_is_cut_and_masked_and_marked_as_the_systems_own() -> None:
    """A remote sentence may repeat what we sent."""
    error = refused(Refusal(connection="c", operation="do", remote_code="7", text=f"CCCD 079099001234 {'x' * 500}"))
    assert isinstance(error, RemoteRefused)
    assert "079099001234" not in str(error)
    assert len(error.detail) == 300
    assert f"(mã 7, máy báo: {error.detail})" in error.sentence("vi")


def test_silent_refusal_has_a_mark_for_its_text() -> None:
    """A sentence with nothing behind its colon looks cut off."""
    error = refused(Refusal(connection="c", operation="do", remote_code="HTTP 400"))
    assert error.sentence("vi") == "c: do bị từ chối (mã HTTP 400, máy báo: -)."
    assert not isinstance(error, CredentialsRejected)
