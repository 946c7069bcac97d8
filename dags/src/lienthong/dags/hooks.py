"""The way from an Airflow task to the exchange."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lienthong.sdk.settings import find_settings

if TYPE_CHECKING:
    from lienthong.sdk import Exchange


class ExchangeHook:
    """Opens the exchange of a settings file inside a task; making the hook opens nothing.

    It is no `BaseHook`, because what connections need stands in the settings file and not in Airflow.

    Args:
        settings: The settings file; None means `LIENTHONG_SETTINGS`, else `./lienthong.yaml` in the worker's folder.
    """

    def __init__(self, settings: str | Path | None = None) -> None:
        self.settings = None if settings is None else Path(settings)

    def get_conn(self) -> Exchange:
        """Return the exchange, to be closed by a `with` block.

        Raises:
            SettingsMissing, SettingsInvalid: configuration.
            StoreBusy: retry; the ledger can't be reached just now.
        """
        path = find_settings(self.settings)
        from lienthong.sdk import Exchange  # noqa: PLC0415 - loads SQLAlchemy, which parsing a DAG file doesn't need

        return Exchange.from_settings(path)
