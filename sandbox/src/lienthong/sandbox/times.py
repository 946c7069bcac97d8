"""The clock of the simulated systems: Vietnamese time, to the second."""

from datetime import UTC, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return the present in Vietnamese time, cut to the second."""
    return datetime.now(UTC).astimezone(VIETNAM).replace(microsecond=0)


def axis_text(moment: datetime) -> str:
    """Return a moment the way the axis writes it: `yyyy/MM/dd HH:mm:ss`, without a zone."""
    return f"{moment:%Y/%m/%d %H:%M:%S}"
