"""Running a route as a task."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, Context, RetryDecision, RetryPolicy
from airflow.sdk.exceptions import AirflowFailException

from lienthong.core.errors import Action, LienthongError, Problem, Transient
from lienthong.core.text import mask_personal
from lienthong.dags.hooks import ExchangeHook

if TYPE_CHECKING:
    from lienthong.sdk import RunReport

_log = logging.getLogger(__name__)

# After an uncertain end the next try opens the ledger, finds what is of unknown fate and asks the remote system about it.
_TRIED_AGAIN: frozenset[Action] = frozenset({"retry", "ask"})


class RetryWhenAsked(RetryPolicy):
    """Waits as long as the remote system asked for before the next try, where it did; else as the task says."""

    def evaluate(self, exception: BaseException, try_number: int, max_tries: int, context: Context | None = None) -> RetryDecision:  # noqa: ARG002 - Airflow's signature
        """Return the decision about one failure."""
        if isinstance(exception, Transient) and exception.retry_after is not None:
            return RetryDecision.retry(timedelta(seconds=exception.retry_after), reason=exception.code)
        return RetryDecision.default()


class RunRouteOperator(BaseOperator):
    """Runs one time box of a route and returns what came of it, in numbers.

    The task is green when the route could work, also if single documents were refused, put off or are of unknown fate: the ledger
    goes on with those, and the task log names each with its code. It is red when the route as a whole could not work: at once if
    somebody must change settings, data or trust; after Airflow's retries if the remote system or the ledger can't be reached.

    Args:
        route: Name of the route in the settings.
        settings: The settings file, as `ExchangeHook` takes it.
        time_box: Seconds after which no further document is begun; None means what the settings say.
    """

    template_fields: Sequence[str] = ("route", "settings", "time_box")

    def __init__(self, *, route: str, settings: str | Path | None = None, time_box: float | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("retry_policy", RetryWhenAsked())
        super().__init__(**kwargs)
        self.route = route
        self.settings = None if settings is None else str(settings)
        self.time_box = time_box

    def execute(self, context: Context) -> dict[str, object]:  # noqa: ARG002 - Airflow's signature
        """Return the report of one run in numbers: counts, and under `problems` how often each code occurred.

        Raises:
            Transient, Uncertain: Airflow tries again.
            AirflowFailException: Trying again would not help; its cause is the error.
        """
        try:
            with ExchangeHook(self.settings).get_conn() as exchange:
                # A templated time box arrives as text.
                report = exchange.run(self.route, time_box=None if self.time_box is None else float(self.time_box))
        except LienthongError as error:
            _log.error("%s", _lines(error.problem(), kind=type(error).__name__))
            if error.action in _TRIED_AGAIN:
                raise
            raise AirflowFailException(str(error)) from error
        self._tell(report)
        # XCom is stored in Airflow's database and shown to everyone who sees the DAG: sentences stay in the task log.
        return {**report.as_json(), "problems": dict(Counter(problem.code for problem in report.problems))}

    def _tell(self, report: RunReport) -> None:
        for problem in report.problems:
            _log.log(logging.ERROR if problem.action == "stop" else logging.WARNING, "%s", _lines(problem))
        counts = (report.done, report.refused, report.later, report.uncertain, report.quarantined, report.seconds)
        more = ("; còn việc đang chờ", "; more is waiting") if report.more else ("", "")
        _log.info(
            "%s\n  %d xong, %d bị từ chối, %d để sau, %d chưa rõ, %d cách ly trong %.1f giây%s"
            "\n  %d done, %d refused, %d later, %d uncertain, %d quarantined in %.1f s%s",
            report.route,
            *counts,
            more[0],
            *counts,
            more[1],
        )


def _lines(problem: Problem, *, kind: str = "") -> str:
    """Return code and both sentences for the task log, with personal data starred out."""
    head = " ".join(part for part in (problem.code, kind, f"[{problem.action}]", problem.office and f"→ {problem.office}") if part)
    return mask_personal(f"{head}\n  {problem.vi}\n  {problem.en}")
