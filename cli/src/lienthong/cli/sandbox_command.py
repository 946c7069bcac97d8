"""The sandbox as a command: the remote systems on loopback, and a settings file that works with them."""

from __future__ import annotations

import os
import shlex
from importlib.resources import as_file
from pathlib import Path

from lienthong.cli.errors import PortUnusable
from lienthong.cli.output import Output
from lienthong.cli.sandbox_settings import MARK, as_yaml, mapping_file, settings_values, write_settings
from lienthong.cli.signals import told_to_end
from lienthong.sandbox import Sandbox


def serve(out: Output, *, port: int, folder: Path | None) -> int:
    """Run the sandbox until this process is told to end, and return the exit code 0.

    Args:
        port: On 127.0.0.1; 0 takes a free one.
        folder: Where the settings file, secrets and mapping are written; None prints the settings.

    Raises:
        PortUnusable, NotOurs: configuration.
        OSError: The folder can't be written.
    """
    sandbox = Sandbox(port=port)
    try:
        sandbox.start()
    except OSError as error:
        raise PortUnusable(port=port, reason=os.strerror(error.errno or 0)) from error
    try:
        with told_to_end() as told:
            if folder is None:
                _print(out, sandbox)
            else:
                path = write_settings(folder, sandbox)
                if out.as_json:
                    out.document({"address": sandbox.base_url, "settings": str(path)})
                else:
                    out.line(str(path))
            out.say(
                f"The sandbox answers at {sandbox.base_url} until Ctrl-C.",
                f"Hệ thống mô phỏng chạy tại {sandbox.base_url}; nhấn Ctrl-C để dừng.",
            )
            told.wait()
    finally:
        sandbox.stop()
    return 0


def _print(out: Output, sandbox: Sandbox) -> None:
    """Print the settings, with the secrets as the environment variables that they refer to."""
    variables: dict[str, str] = {}

    def keep(name: str, value: str) -> str:
        variable = "SANDBOX_" + name.upper().replace("-", "_")
        variables[variable] = value
        return f"env:{variable}"

    with as_file(mapping_file()) as mapping:
        values = settings_values(sandbox, sandbox.options.centres[0], keep, mapping=str(mapping))
    if out.as_json:
        out.document({"address": sandbox.base_url, "environment": variables, "settings": values})
        return
    exports = [f"#   export {name}={shlex.quote(value)}" for name, value in variables.items()]
    head = [f"{MARK}. {out.text('Set these variables where lienthong runs:', 'Đặt các biến này nơi lienthong chạy:')}", *exports]
    for line in (*head, *as_yaml(values).splitlines()):
        out.line(line)
