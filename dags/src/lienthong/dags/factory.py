"""One route of the settings, one DAG."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from airflow.sdk import DAG

from lienthong.core.errors import LienthongError
from lienthong.dags.operators import RunRouteOperator
from lienthong.sdk.settings import ReceiveRoute, Route, SendRoute, find_settings, load_settings

TASK_ID = "run"
"""The one task of each DAG; its return value is the route's report."""

_LONGEST_RETRY_DELAY = timedelta(minutes=5)
_GRACE = timedelta(minutes=10)  # a large packet on a slow line may outlive the time box in which it was begun

_DOC = """\
**{name}**

{vi} Cứ {every_vi} chạy một lượt, mỗi lượt tối đa {box_vi} hoặc đến khi hết việc.
Xanh: tuyến hoạt động; văn bản bị từ chối, hoãn lại hoặc chưa rõ kết quả được nêu trong nhật ký của tác vụ cùng mã lỗi.
Đỏ: cả tuyến không hoạt động được; nhật ký nêu nguyên nhân và việc cần làm.

{en} It runs every {every_en}, each time for {box_en} at most or until nothing is left to do.
Green: the route works; documents that were refused, put off or are of unknown fate stand in the task's log with their codes.
Red: the route as a whole can't work; the log says why and what to do.
"""


def build_dags(settings_path: str | Path | None = None, *, prefix: str = "") -> dict[str, DAG]:
    """Return the DAGs of a settings file by their ids, for `globals().update(…)` in a file of Airflow's DAG folder.

    Only the settings are read: no connection, secret or ledger is needed.

    Args:
        settings_path: The settings file; None means `LIENTHONG_SETTINGS`, else `./lienthong.yaml`.
        prefix: Put before the routes' names, with a dot, where several settings files share an Airflow.

    Raises:
        SettingsMissing, YamlInvalid, SettingsInvalid: configuration; Airflow shows it as the file's import error, in both languages.
    """
    try:
        path = find_settings(None if settings_path is None else Path(settings_path)).resolve()
        settings = load_settings(path)
    except LienthongError as error:
        error.add_note(error.sentence("vi"))
        # The operator sees the text of this exception: the way through our YAML reader would only hide the sentence.
        raise error.with_traceback(None) from None
    dags = (_dag(name, route, path, prefix) for name, route in settings.routes.items())
    return {dag.dag_id: dag for dag in dags}


def _dag(name: str, route: Route, settings: Path, prefix: str) -> DAG:
    vi, en = _purpose(route)
    every_vi, every_en = _duration(route.every)
    box_vi, box_en = _duration(route.time_box)
    doc = _DOC.format(name=name, vi=vi, en=en, every_vi=every_vi, every_en=every_en, box_vi=box_vi, box_en=box_en)
    dag = DAG(
        dag_id=f"{prefix}.{name}" if prefix else name,
        description=f"{vi} {en}",
        doc_md=doc,
        schedule=route.every,
        catchup=False,
        max_active_runs=1,
        tags=["lienthong", route.does],
        default_args={
            "owner": "lienthong",
            "retries": 2,
            "retry_delay": min(route.every, _LONGEST_RETRY_DELAY),
            "execution_timeout": route.time_box + _GRACE,
        },
    )
    RunRouteOperator(task_id=TASK_ID, dag=dag, route=name, settings=settings)
    return dag


def _purpose(route: Route) -> tuple[str, str]:
    if isinstance(route, SendRoute):
        offices = ", ".join(route.organisations)
        return f"Gửi văn bản của {offices} qua {route.through}.", f"Sends the documents of {offices} through {route.through}."
    if isinstance(route, ReceiveRoute):
        return f"Nhận văn bản đến qua {route.through}.", f"Receives documents through {route.through}."
    return f"Đồng bộ hồ sơ từ {route.source} lên {route.sink}.", f"Synchronises dossiers from {route.source} to {route.sink}."


def _duration(span: timedelta) -> tuple[str, str]:
    seconds = span.total_seconds()
    for size, vi, en in ((86400, "ngày", "d"), (3600, "giờ", "h"), (60, "phút", "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {vi}", f"{seconds / size:g} {en}"
    return f"{seconds:g} giây", f"{seconds:g} s"
