from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import pytest
from airflow.sdk import RetryAction
from airflow.sdk.exceptions import AirflowFailException

from lienthong.connectors.errors import AnswerUnclear, CredentialsRejected, RecipientClosed, RemoteBusy, UnknownRecipient
from lienthong.core.errors import LienthongError, SecurityError, Words
from lienthong.dags.hooks import ExchangeHook
from lienthong.dags.operators import RetryWhenAsked, RunRouteOperator
from lienthong.sdk.errors import NotEntitled, SettingsMissing, StoreBusy
from lienthong.sdk.records import RunReport

BUSY = RemoteBusy(connection="axis", operation="send", remote_code="5", retry_after=90)
UNCLEAR = AnswerUnclear(connection="axis", operation="send", reason=Words("an error page", "một trang báo lỗi"))
REJECTED = CredentialsRejected(connection="axis", remote_code="401", detail="unknown system")
UNKNOWN = UnknownRecipient(connection="axis", recipient="Z99")
CLOSED = RecipientClosed(connection="axis", recipient="G22")
FORGED: SecurityError = NotEntitled(sender="Z99", what=Words("report 03 on", "báo 03 cho"), document="12/BC-SNV")


@dataclass
class ScriptedExchange:
    """Answers as the script says and remembers what it was asked."""

    answer: RunReport | LienthongError
    asked: list[tuple[str, float | None]] = field(default_factory=list)
    closed: bool = False

    def run(self, route: str, *, time_box: float | None = None) -> RunReport:
        self.asked.append((route, time_box))
        if isinstance(self.answer, LienthongError):
            raise self.answer
        return self.answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closed = True


def executed(monkeypatch: pytest.MonkeyPatch, exchange: ScriptedExchange, **arguments: Any) -> dict[str, object]:
    monkeypatch.setattr(ExchangeHook, "get_conn", lambda _: exchange)
    return RunRouteOperator(task_id="run", route="documents-out", settings="lienthong.yaml", **arguments).execute({})


def test_report_with_refused_documents_is_green_and_names_them_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A refused document doesn't make the route red; code and both sentences stand in the task's log."""
    report = RunReport(route="documents-out", done=7, refused=2, later=1, problems=(UNKNOWN.problem(), CLOSED.problem(), BUSY.problem()))
    caplog.set_level("INFO")
    exchange = ScriptedExchange(report)
    assert executed(monkeypatch, exchange)["refused"] == 2
    assert exchange.closed
    for error in (UNKNOWN, CLOSED, BUSY):
        assert error.code in caplog.text
        assert error.sentence("vi") in caplog.text
        assert error.sentence("en") in caplog.text
    assert "7 xong, 2 bị từ chối, 1 để sau" in caplog.text
    assert "7 done, 2 refused, 1 later" in caplog.text


def test_return_value_holds_numbers_and_no_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """XCom gets JSON with counts and codes; what a sentence says stays out of Airflow's database."""
    report = RunReport(route="documents-out", done=1, refused=2, problems=(UNKNOWN.problem(), UNKNOWN.problem()), more=True)
    value = executed(monkeypatch, ScriptedExchange(report))
    assert value["problems"] == {"LT-CONNECT-015": 2}
    assert (value["done"], value["more"]) == (1, True)
    assert "Z99" not in json.dumps(value)


def test_forged_input_is_logged_as_an_error(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A security finding about one packet stands out in the log of a green task."""
    executed(monkeypatch, ScriptedExchange(RunReport(route="documents-in", quarantined=1, problems=(FORGED.problem(),))))
    assert [record.levelname for record in caplog.records if FORGED.code in record.getMessage()] == ["ERROR"]


def test_personal_numbers_in_a_sentence_are_masked(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """An identity number that a remote system put into its answer doesn't reach the task's log whole."""
    error = CredentialsRejected(connection="portal", remote_code="1", detail="holder 042087001234")
    executed(monkeypatch, ScriptedExchange(RunReport(route="dossiers-up", refused=1, problems=(error.problem(),))))
    assert "LT-CONNECT-013" in caplog.text
    assert "042087001234" not in caplog.text


@pytest.mark.parametrize("error", [BUSY, StoreBusy(detail="locked"), UNCLEAR], ids=lambda error: type(error).__name__)
def test_passing_or_uncertain_error_is_left_to_airflows_retry(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: LienthongError
) -> None:
    """Errors that another try may mend reach Airflow as they are, after class, code and sentences were logged."""
    with pytest.raises(type(error)):
        executed(monkeypatch, ScriptedExchange(error))
    for text in (type(error).__name__, error.code, error.sentence("vi"), error.sentence("en")):
        assert text in caplog.text


@pytest.mark.parametrize("error", [REJECTED, UNKNOWN, CLOSED, FORGED], ids=lambda error: type(error).__name__)
def test_lasting_error_fails_at_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: LienthongError) -> None:
    """Where somebody must act first, Airflow doesn't try again; the error is the cause of its exception."""
    with pytest.raises(AirflowFailException, match=error.code) as caught:
        executed(monkeypatch, ScriptedExchange(error))
    assert caught.value.__cause__ is error
    assert type(error).__name__ in caplog.text


def test_missing_settings_file_fails_at_once() -> None:
    """A task whose settings file is gone names the file and isn't tried again."""
    with pytest.raises(AirflowFailException, match=SettingsMissing.code):
        RunRouteOperator(task_id="run", route="documents-out", settings="nowhere/lienthong.yaml").execute({})


@pytest.mark.parametrize(("given", "asked"), [(None, None), (5.0, 5.0), ("7", 7.0)])
def test_time_box_reaches_the_exchange_in_seconds(monkeypatch: pytest.MonkeyPatch, given: Any, asked: float | None) -> None:
    """A time box is passed on, also as the text that a template gives; without one the settings decide."""
    exchange = ScriptedExchange(RunReport(route="documents-out"))
    executed(monkeypatch, exchange, time_box=given)
    assert exchange.asked == [("documents-out", asked)]


def test_next_try_waits_as_long_as_the_remote_system_asked_for() -> None:
    """A remote system's wish for a pause wins over the task's own delay; without a wish the task's delay stays."""
    assert RetryWhenAsked().evaluate(BUSY, 1, 2).retry_delay == timedelta(seconds=90)
    for error in (StoreBusy(detail="locked"), UNCLEAR, RuntimeError("a defect")):
        assert RetryWhenAsked().evaluate(error, 1, 2).action is RetryAction.DEFAULT
