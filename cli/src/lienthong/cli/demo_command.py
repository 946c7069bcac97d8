"""`lienthong demo`: the main job against the sandbox, in this process or through Airflow, and what became of everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from lienthong.cli.airflow_demo import USER, AirflowRun
from lienthong.cli.demo import MOST_RUNS, Row, Step, run_main_job
from lienthong.cli.demo_packets import read_files, run_packets
from lienthong.cli.demo_settings import main_job
from lienthong.cli.errors import NoPackets, OptionsClash
from lienthong.cli.output import Output
from lienthong.cli.signals import told_to_end
from lienthong.cli.vocabulary import RUNS, words
from lienthong.sdk import Exchange


def run_demo(out: Output, folder: Path, *, packets: Path | None, airflow: bool, stay: bool) -> int:
    """Run the demo, print its outcomes, and return 0 if each is the expected one, else 1.

    Args:
        folder: Where the demo keeps its files.
        packets: A folder whose packets are sent instead of the main job's.
        airflow: Whether DAGs of a private Airflow run the routes.
        stay: With `airflow`, leave its pages up until this process is told to end.

    Raises:
        NotOurs: configuration; the folder has files of somebody else where the demo writes.
        NoPackets, OptionsClash: configuration; there is nothing to send, or no one way to do it.
        FolderBusy: configuration; another demo uses the folder.
        OSError: A folder can't be read or written.
    """
    if packets is not None and airflow:
        raise OptionsClash(first="--packets", second="--airflow")
    if packets is not None:
        found = read_files(packets)
        if not found:
            raise NoPackets(folder=str(packets))
        return _show(out, run_packets(folder, found, out.say))
    if airflow:
        return _through_airflow(out, folder, stay=stay)
    return _here(out, folder)


def _here(out: Output, folder: Path) -> int:
    with main_job(folder) as demo, ExitStack() as stack:
        exchanges = {name: stack.enter_context(Exchange.from_settings(path)) for name, path in demo.settings.items()}

        def run(steps: Sequence[Step]) -> None:
            for centre, route in steps:
                for _ in range(MOST_RUNS):
                    if not exchanges[centre].run(route).more:
                        break

        return _show(out, run_main_job(demo, run, out.say))


def _through_airflow(out: Output, folder: Path, *, stay: bool) -> int:
    states: Counter[str] = Counter()
    with main_job(folder) as demo, AirflowRun(folder / "airflow", demo.settings, progress=out.say) as airflow:

        def run(steps: Sequence[Step]) -> None:
            waiting = [f"{centre}.{route}" for centre, route in steps]
            for _ in range(MOST_RUNS):
                results = airflow.run(*waiting)
                for result in results:
                    states[result.state] += 1
                    state = words(result.state, of=RUNS)
                    out.say(
                        f"DAG {result.dag_id}: {state.en}, {result.seconds:.0f} s",
                        f"DAG {result.dag_id}: {state.vi}, {result.seconds:.0f} giây",
                    )
                    for line in result.log:
                        out.say(line, line)
                waiting = [result.dag_id for result in results if result.report.get("more")]
                if not waiting:
                    break

        rows = run_main_job(demo, run, out.say)
        count = states.total()
        expected, found = words("{} success", count), words("{} success", states["success"])
        rows.append(Row(what=words("DAG runs"), way=words("Airflow"), expected=expected, found=found))
        code = _show(out, rows)
        if stay:
            with told_to_end() as told:
                out.say(
                    f"Airflow stays up until Ctrl-C: {airflow.address}, login {USER}, password {airflow.password}",
                    f"Airflow chạy tới khi nhấn Ctrl-C: {airflow.address}, tài khoản {USER}, mật khẩu {airflow.password}",
                )
                told.wait()
        return code


def _show(out: Output, rows: Sequence[Row]) -> int:
    wrong = sum(not row.as_expected for row in rows)
    if out.as_json:
        outcomes = [{"as_expected": row.as_expected, **{name: getattr(row, name) for name in Row.__slots__}} for row in rows]
        out.document({"outcomes": outcomes})
        return min(wrong, 1)
    out.table(
        ["", out.text("What", "Đối tượng"), out.text("Way", "Đường đi"), out.text("Outcome", "Kết quả")],
        [
            ("✓", row.what, row.way, row.found)
            if row.as_expected
            else ("✗", row.what, row.way, words("{} (should be: {})", row.found, row.expected))
            for row in rows
        ],
    )
    for row in rows:
        if row.problem is not None:
            sentence = out.sentence(row.problem)
            what = out.words(row.what)
            out.line(sentence if what in sentence else f"{what} ({out.words(row.way)}): {sentence}")
    out.line(out.text(f"{len(rows) - wrong} as expected, {wrong} not", f"{len(rows) - wrong} kết quả như mong đợi, {wrong} kết quả khác"))
    return min(wrong, 1)
