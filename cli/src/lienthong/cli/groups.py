"""The groups `edxml` and `directory`, whose commands need no settings. What a command does is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.options import Json, JsonAboutFile, chosen_day, command_help
from lienthong.cli.output import Output

edxml = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Check, show and convert edXML packets.\n\nKiểm tra, xem và chuyển đổi gói tin edXML.",
)
directory = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look up organisations.\n\nTra cứu cơ quan, đơn vị.")

PacketFile = Annotated[str, typer.Argument(metavar="FILE", help="edXML packet; - reads standard input.", show_default=False)]
OutputFile = Annotated[
    str,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is standard output. A regular file that is there is replaced."),
]


@edxml.command(
    "check",
    help=command_help(
        "Check an edXML packet against the rules",
        "lienthong edxml check --profile send to-trinh.edxml",
        "lienthong edxml check - --json < to-trinh.edxml",
        exits="0 no error found; 1 errors found or not a packet; 2 wrong use",
        more="Each finding has its level, place, and the source of its rule with a letter that tells how sure it is: P primary text,"
        " V vendor artefact, C code of others, S secondary, I inferred.",
    ),
)
def _check(
    file: PacketFile,
    profile: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="read: as one that came, where everything warns; send: as before sending; axis-national, axis-langson, axis-bkav:"
            " what that axis is known to refuse.",
        ),
    ] = "read",
    json: Json = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.edxml_commands import check_file  # noqa: PLC0415

        raise typer.Exit(check_file(out, file, profile))


@edxml.command(
    "show",
    help=command_help(
        "Show what an edXML packet says",
        "lienthong edxml show to-trinh.edxml",
        "lienthong edxml show status-03.edxml --json",
        more="Header, recipients, attachments with their SHA-256 and how they travelled, state of the signature, and every other value."
        " --json prints the packet as to-json writes it, with digest and size alone of each attachment, and the signature beside it.",
        exits="0 shown; 1 not a packet; 2 wrong use",
    ),
)
def _show(file: PacketFile, json: Json = False) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.edxml_commands import show_file  # noqa: PLC0415

        raise typer.Exit(show_file(out, file))


@edxml.command(
    "to-json",
    help=command_help(
        "Write an edXML packet as JSON",
        "lienthong edxml to-json to-trinh.edxml -o to-trinh.json",
        "lienthong edxml to-json to-trinh.edxml -o to-trinh.json --attachments to-trinh",
        more="The form is stable, and packet.schema.json in lienthong.schemas.edxml describes it. Attachments stand in it as base64, or as"
        " files beside it.",
        exits="0 written; 1 not a packet; 2 wrong use, or a file is in the way",
    ),
)
def _to_json(
    file: PacketFile,
    output: OutputFile = "-",
    attachments: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the attachments into this folder, to which the JSON refers.", show_default=False),
    ] = None,
    json: JsonAboutFile = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.edxml_commands import to_json  # noqa: PLC0415

        raise typer.Exit(to_json(out, file, output, attachments))


@edxml.command(
    "from-json",
    help=command_help(
        "Write the edXML packet that stands in JSON",
        "lienthong edxml from-json to-trinh.json -o to-trinh.edxml",
        "lienthong edxml to-json to-trinh.edxml | lienthong edxml from-json - | lienthong edxml check -",
        more="Files that the JSON refers to are looked for in its own folder only; with - in the present one.",
        exits="0 written; 1 not the JSON of a packet; 2 wrong use, or a file is in the way",
    ),
)
def _from_json(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON of a packet; - reads standard input.", show_default=False)],
    output: OutputFile = "-",
    json: JsonAboutFile = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.edxml_commands import from_json  # noqa: PLC0415

        raise typer.Exit(from_json(out, file, output))


@edxml.command(
    "extract",
    help=command_help(
        "Write the attachments of an edXML packet into a folder",
        "lienthong edxml extract to-trinh.edxml -o to-trinh",
        "lienthong edxml extract - -o to-trinh --json < to-trinh.edxml",
        more="Under names that are safe anywhere. A file that is there is left alone: the same content is fine, another is never replaced.",
        exits="0 written, also when it was there before or there are none; 1 not a packet; 2 wrong use, or a file is in the way",
    ),
)
def _extract(
    file: PacketFile,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder; made where it isn't there.", show_default=False)],
    json: Json = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.edxml_commands import extract  # noqa: PLC0415

        raise typer.Exit(extract(out, file, output))


@directory.command(
    "lookup",
    help=command_help(
        "Look up an organisation by code, number or name",
        "lienthong directory lookup H40 --as-of 2026-11-01",
        "lienthong directory lookup 000.00.12.H42",
        "lienthong directory lookup 'nam dinh' --json",
        more="Ministries and provinces are shipped, closed ones and their successors among them; each fact with its source.",
        exits="0 found; 1 not found, or a table is wrong; 2 wrong use",
    ),
)
def _lookup(
    query: Annotated[
        str,
        typer.Argument(metavar="CODE|NAME", help="A code, a statistical number, or a name without diacritics.", show_default=False),
    ],
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day that is meant; today unless given.", show_default=False)
    ] = None,
    file: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A CSV table of one's own over the shipped ones; may be given more than once.")
    ] = None,
    json: Json = False,
) -> None:
    with Output(as_json=json) as out:
        from lienthong.cli.directory_commands import look_up  # noqa: PLC0415

        raise typer.Exit(look_up(out, query, chosen_day(as_of, "--as-of"), file or []))
