"""Looking at everything that must be right before documents travel, without sending any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from lienthong.cli.errors import ConnectionNotReady, as_our_error
from lienthong.cli.output import Output
from lienthong.connectors.port import Health
from lienthong.core.errors import LienthongError, Problem, Words
from lienthong.schemas.dossier import Dossier
from lienthong.schemas.mapping import load_mapping
from lienthong.sdk import Exchange, Settings, find_settings, load_settings
from lienthong.sdk.settings import SynchroniseRoute
from lienthong.signing.keys import load_signer

Check = Literal["settings", "signing-key", "mapping", "store", "connection", "route", "transport"]

_LABELS: dict[Check, tuple[str, str]] = {
    "settings": ("settings", "cấu hình"),
    "signing-key": ("signing key", "khóa ký"),
    "mapping": ("mapping", "ánh xạ"),
    "store": ("ledger and blobs", "sổ cái và kho tệp"),
    "connection": ("connection", "kết nối"),
    "route": ("route", "tuyến"),
    "transport": ("transport", "đường truyền"),
}

_TRUSTED_NETWORK = Problem(
    code="LT-CLI-101",
    action="configure",
    level="warning",
    en="trusted-network is neither encrypted nor proven; it is only for a network that nobody else can reach.",
    vi="trusted-network không mã hóa và không xác thực máy chủ; chỉ dùng trong mạng riêng khép kín.",
)

_NO_REASON = Words("it does not say why", "không nêu lý do")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor's table.

    Attributes:
        name: Of what was checked, where there may be several.
        problem: What is wrong or worth a warning; None if all is well.
    """

    check: Check
    name: str = ""
    detail: str | Words | None = None
    problem: Problem | None = None

    @property
    def state(self) -> Literal["ok", "warning", "failed"]:
        """Whether it is well."""
        if self.problem is None:
            return "ok"
        return "warning" if self.problem.level == "warning" else "failed"


def examine(out: Output, settings: Path | None) -> int:
    """Print what is well and what isn't, and return 0, 1 if something can't be reached, or 2 if settings must change.

    Raises:
        SettingsMissing, YamlInvalid, SettingsInvalid: configuration; without settings there is nothing to examine.
    """
    path = find_settings(settings)
    with out.progress("Checking settings, store and connections", "Đang kiểm tra cấu hình, kho và các kết nối"):
        findings = list(_examine(path, load_settings(path)))
    if out.as_json:
        plain = [{"check": found.check, "name": found.name, "state": found.state, "detail": found.detail or ""} for found in findings]
        out.document(
            {"checks": [{**line, "problem": found.problem} if found.problem else line for line, found in zip(plain, findings, strict=True)]}
        )
    else:
        columns = (out.text("Check", "Kiểm tra"), out.text("State", "Kết quả"), out.text("Detail", "Chi tiết"))
        out.table(columns, [_row(out, found) for found in findings])
    actions = {found.problem.action for found in findings if found.problem and found.state == "failed"}
    if "configure" in actions:
        return 2
    return 1 if actions else 0


def _examine(path: Path, settings: Settings) -> Iterator[Finding]:
    yield Finding(check="settings", detail=str(path))
    for code, organisation in settings.organisations.items():
        if (signer := organisation.signer) is not None:
            yield _tried("signing-key", code, str(signer.key), partial(load_signer, signer.key, signer.password))
    for name, route in settings.routes.items():
        if isinstance(route, SynchroniseRoute):
            yield _tried("mapping", name, str(route.mapping), partial(load_mapping, settings.path(route.mapping), target=Dossier))
    yield from _store_and_connections(settings)
    for name, connection in settings.connections.items():
        if getattr(connection, "transport", "tls") == "trusted-network":
            yield Finding(check="transport", name=name, problem=_TRUSTED_NETWORK)


def _store_and_connections(settings: Settings) -> Iterator[Finding]:
    what = str(settings.store.blobs)
    try:
        with Exchange(settings) as exchange:
            exchange.blobs.put(b"")
            yield Finding(check="store", detail=what)
            for name, health in exchange.check().items():
                yield _connection(name, health)
            for name, problem in exchange.check_routes().items():
                yield Finding(check="route", name=name, problem=problem)
    except (LienthongError, OSError) as error:
        yield _failed("store", "", error)


def _connection(name: str, health: Health) -> Finding:
    problem = health.problem
    if problem is None and not health.reachable:
        problem = ConnectionNotReady(connection=name, detail=health.detail or _NO_REASON).problem()
    return Finding(check="connection", name=name, detail=health.detail, problem=problem)


def _tried(check: Check, name: str, detail: str, attempt: Callable[[], object]) -> Finding:
    try:
        attempt()
    except (LienthongError, OSError) as error:
        return _failed(check, name, error)
    return Finding(check=check, name=name, detail=detail)


def _failed(check: Check, name: str, error: LienthongError | OSError) -> Finding:
    if (ours := as_our_error(error)) is None:
        raise error
    return Finding(check=check, name=name, problem=ours.problem())


def _row(out: Output, found: Finding) -> tuple[str, str, str | Words | None]:
    what = f"{out.text(*_LABELS[found.check])} {found.name}".strip()
    state = {"ok": out.text("ok", "tốt"), "warning": out.text("warning", "cảnh báo"), "failed": out.text("failed", "lỗi")}[found.state]
    return what, state, out.sentence(found.problem) if found.problem else found.detail
