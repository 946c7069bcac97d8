"""The commands and their options. What a command does is imported when it runs, so that every help text comes at once."""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, TypeGuard

import typer

from lienthong.cli.groups import directory, edxml
from lienthong.cli.options import Json, chosen_day, command_help
from lienthong.cli.output import Output

_ACCEPTED = "0 accepted, also when it was accepted before; 1 refused or invalid; 2 wrong use or configuration"
_SHOWN = "0 shown; 1 not found; 2 wrong use or configuration"

app = typer.Typer(
    name="lienthong",
    help=(
        "Connect the systems of Vietnamese departments to each other, to the document axis and to the service portal.\n\n"
        "Kết nối hệ thống của các cơ quan với nhau, với trục liên thông văn bản và với Cổng dịch vụ công.\n\n"
        "Exit: 0 good; 1 not done (refused, invalid, unreachable); 2 wrong use or configuration; 3 can't tell.\n\n"
        "Sentences and labels are in Vietnamese where LIENTHONG_LANGUAGE or the locale begins with vi, else in English."
    ),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # they print local variables, which hold documents
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(edxml, name="edxml")
app.add_typer(directory, name="directory")


def _inherit(context: typer.Context, value: Path | None) -> Path | None:
    """Take what stands before the command where nothing stands after it."""
    return value or context.find_root().params.get("settings")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - reads files

        typer.echo(version("lienthong"))
        raise typer.Exit


SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        metavar="FILE",
        callback=_inherit,
        help="Settings file; else LIENTHONG_SETTINGS, else ./lienthong.yaml.",
        show_default=False,
    ),
]


@app.callback()
def _root(
    settings: Annotated[
        Path | None, typer.Option("--settings", metavar="FILE", help="Settings file, for any command.", show_default=False)
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command(
    "demo",
    help=command_help(
        "Run the main job against simulated remote systems",
        "lienthong demo",
        "lienthong demo --packets DIR",
        "lienthong demo --ui",
        exits="0 every outcome is the expected one; 1 one is not; 2 wrong use or configuration",
        more="Documents between two departments and a ministry, 200 dossiers from a one-door system to the portal; with --packets instead"
        " every *.edxml and *.xml of a folder.",
    ),
)
def _demo(
    packets: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Send the packets of this folder instead.", show_default=False)
    ] = None,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Where the demo keeps its files.")] = Path("var/demo"),
    airflow: Annotated[bool, typer.Option("--airflow", help="Run the routes as DAGs of a private Airflow.")] = False,
    ui: Annotated[bool, typer.Option("--ui", help="Through Airflow, and leave its pages up until Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.demo_command import run_demo  # noqa: PLC0415

        raise typer.Exit(run_demo(out, folder, packets=packets, airflow=airflow or ui, stay=ui))


@app.command(
    "send",
    help=command_help(
        "Accept a document for sending",
        "lienthong send --from H42.12 --to H42.13 --to G22 --number 12 --notation TTr-SKHCN \\",
        '    --subject "Về việc kết nối, liên thông" --signer "Nguyễn Văn Mẫu" --attach to-trinh.pdf',
        "lienthong send --packet to-trinh.edxml",
        more="What was accepted is durable; a worker or the route's DAG sends it.",
        exits=_ACCEPTED,
    ),
)
def _send(
    to: Annotated[list[str] | None, typer.Option("--to", metavar="CODE", help="Recipient; may be given more than once.")] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="CODE", help="Sender; may be left out if only one can send.")] = None,
    number: Annotated[str | None, typer.Option(help="Number in the year's register.")] = None,
    notation: Annotated[str | None, typer.Option(help="The rest of the code, such as TTr-SKHCN.")] = None,
    subject: Annotated[str | None, typer.Option(help="Trích yếu.")] = None,
    signer: Annotated[str | None, typer.Option(help="Full name of who signed.")] = None,
    position: Annotated[str, typer.Option(help="The signer's position.")] = "",
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Date of issue; today unless given.", show_default=False)] = None,
    place: Annotated[str, typer.Option(help="Place of issue.")] = "",
    type_name: Annotated[str, typer.Option(help="Kind of document.")] = "Công văn",
    attach: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="File to attach; may be given more than once.")] = None,
    packet: Annotated[
        str | None, typer.Option(metavar="FILE", help="A packet that is ready, instead of all the above; - reads standard input.")
    ] = None,
    revision: Annotated[int, typer.Option(min=0, help="Tells apart documents that rightly share number, notation and year.")] = 0,
    settings: SettingsFile = None,
    json: Json = False,
) -> None:
    described = {"--number": number, "--notation": notation, "--subject": subject, "--signer": signer}
    if packet is not None and (to or sender or attach or any(described.values())):
        raise typer.BadParameter("the packet says itself what is sent to whom; leave the other options out", param_hint="--packet")
    if packet is None and not to:
        raise typer.BadParameter("say to whom (--to), or give a packet that is ready (--packet)", param_hint="--to")
    missing = [name for name, value in described.items() if not value]
    if packet is None and missing:
        raise typer.BadParameter("a document needs it", param_hint=", ".join(missing))
    with Output(as_json=json) as out:
        from lienthong.cli.messages import send_document, send_packet  # noqa: PLC0415
        from lienthong.schemas.edxml import DocumentType, SignerInfo  # noqa: PLC0415
        from lienthong.sdk import Document  # noqa: PLC0415

        if packet is not None:
            raise typer.Exit(send_packet(out, settings, packet, revision=revision))
        document = Document(
            number=number or "",
            notation=notation or "",
            subject=subject or "",
            signer=SignerInfo(full_name=signer or "", position=position),
            promulgation_date=chosen_day(date, "--date"),
            promulgation_place=place,
            type=DocumentType(name=type_name),
        )
        raise typer.Exit(send_document(out, settings, document, sender=sender, to=to or [], files=attach or [], revision=revision))


@app.command(
    "inbox",
    help=command_help(
        "List received documents, newest first",
        "lienthong inbox --organisation H42.13 --limit 20",
        "lienthong inbox --quarantine --json",
        exits="0 listed; 2 wrong use or configuration",
    ),
)
def _inbox(
    organisation: Annotated[str | None, typer.Option(metavar="CODE", help="Only those for one of our organisations.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 100,
    quarantine: Annotated[bool, typer.Option("--quarantine", help="Instead, packets that belong to no inbox, and why.")] = False,
    settings: SettingsFile = None,
    json: Json = False,
) -> None:
    if quarantine and organisation:
        raise typer.BadParameter("a packet in quarantine belongs to no organisation", param_hint="--organisation")
    with Output(as_json=json) as out:
        from lienthong.cli.messages import list_inbox, list_quarantine  # noqa: PLC0415

        if quarantine:
            raise typer.Exit(list_quarantine(out, settings, limit=limit))
        raise typer.Exit(list_inbox(out, settings, organisation=organisation, limit=limit))


@app.command(
    "message",
    help=command_help(
        "Show what became of one message",
        "lienthong message 0d6c5e0e-5a0c-4f6e-9a5b-6f2f0f1c9d11",
        "lienthong message 0d6c5e0e-5a0c-4f6e-9a5b-6f2f0f1c9d11 --json",
        more="Deliveries, what the recipients reported, and what happened here.",
        exits=_SHOWN,
    ),
)
def _message(
    message: Annotated[str, typer.Argument(metavar="ID", help="As send and inbox print it.", show_default=False)],
    settings: SettingsFile = None,
    json: Json = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.messages import show_message  # noqa: PLC0415

        raise typer.Exit(show_message(out, settings, message))


@app.command(
    "worker",
    help=command_help(
        "Run routes without Airflow",
        "lienthong worker",
        "lienthong worker --route documents-out --route documents-in",
        "lienthong worker --once --json",
        more="Each route runs when it is due, until Ctrl-C or SIGTERM; --json then prints a document per run that did something.",
        exits="0 all good; with --once: 1 something refused, waiting or unreachable, 2 configuration, 3 something uncertain",
    ),
)
def _worker(
    route: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Which route; may be given more than once. All unless given.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Run each route once and exit.")] = False,
    settings: SettingsFile = None,
    json: Json = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.worker import run_once, run_until_told  # noqa: PLC0415

        raise typer.Exit((run_once if once else run_until_told)(out, settings, route or []))


@app.command(
    "doctor",
    help=command_help(
        "Check settings, store and connections",
        "lienthong doctor",
        "lienthong --settings /etc/lienthong/lienthong.yaml doctor --json",
        more="Nothing is sent; remote systems are only asked whether they answer and know us.",
        exits="0 all good, warnings included; 1 something unreachable; 2 configuration",
    ),
)
def _doctor(settings: SettingsFile = None, json: Json = False) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.doctor import examine  # noqa: PLC0415

        raise typer.Exit(examine(out, settings))


@app.command(
    "sandbox",
    help=command_help(
        "Simulate the remote systems on loopback",
        "lienthong sandbox --write try-it",
        "lienthong --settings try-it/lienthong.yaml doctor",
        more="The document axis, the service portal and a one-door system answer until Ctrl-C; settings for them are printed or written.",
        exits="0 ended by Ctrl-C or SIGTERM; 2 wrong use or configuration",
    ),
)
def _sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = 8042,
    write: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write settings, secrets and mapping into a folder instead of printing the settings."),
    ] = None,
    json: Json = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.sandbox_command import serve  # noqa: PLC0415

        raise typer.Exit(serve(out, port=port, folder=write))


def main() -> None:
    """Run the command line of this process, and exit."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.getLogger().addHandler(logging.NullHandler())  # what matters is said in sentences
    try:
        sys.exit(app(prog_name="lienthong", standalone_mode=False))
    except KeyboardInterrupt:  # before a command began
        sys.exit(130)
    except Exception as error:
        if not _is_wrong_use(error):
            raise
        if "--json" not in sys.argv:
            error.show()
            sys.exit(error.exit_code)
        from lienthong.cli.errors import WrongUse  # noqa: PLC0415 - help texts need no error classes

        sys.exit(Output(as_json=True).fail(WrongUse(reason=error.format_message())))


def _open_closed_streams() -> None:
    """Let a standard stream that was closed (`>&-`) read and write nothing, so that no ledger is opened under its number."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _is_wrong_use(error: Exception) -> TypeGuard[typer.BadParameter]:
    """Return whether arguments make no sense: all such errors share a base, which typer doesn't export."""
    return isinstance(error, typer.BadParameter.mro()[1])
