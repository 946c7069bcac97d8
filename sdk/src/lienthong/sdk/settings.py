"""The settings file: organisations, store, connections and routes; a mistake is named with file, line and column.

Loading it opens nothing and reads no secret. No environment variable overrides what stands in the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from lienthong.connectors.registry import ConnectionSettings, connector_types
from lienthong.core.errors import Words
from lienthong.core.secrets import SecretRef
from lienthong.core.text import hint, nearest
from lienthong.core.yaml import KeyPath, MarkedYaml, load_yaml, parse_yaml
from lienthong.sdk.errors import SettingsInvalid, SettingsMissing, UnknownName

Model = TypeVar("Model", bound=BaseModel)

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _duration(value: object) -> object:
    if isinstance(value, str) and (match := re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])", value)):
        value = timedelta(seconds=float(match[1]) * _UNITS[match[2]])
    if isinstance(value, timedelta) and value > timedelta(0):
        return value
    raise PydanticCustomError("duration", "a duration above zero is expected, such as 20s, 1m or 2h")


Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SignerSettings(_Model):
    """With which key an organisation signs what it sends."""

    key: SecretRef = Field(
        description="PKCS#12 or PEM file, as file:PATH", json_schema_extra={"vi": "Tệp PKCS#12 hoặc PEM, dạng file:ĐƯỜNG_DẪN"}
    )
    password: SecretRef | None = Field(default=None, description="The file's password", json_schema_extra={"vi": "Mật khẩu của tệp"})
    format: Literal["xmldsig"] = Field(default="xmldsig", description="Kind of signature", json_schema_extra={"vi": "Loại chữ ký"})


class OrganisationSettings(_Model):
    """One of our own organisations."""

    name: str = Field(description="Its name as packets carry it", json_schema_extra={"vi": "Tên đơn vị ghi trong gói tin"})
    signer: SignerSettings | None = Field(default=None, description="Sign what it sends", json_schema_extra={"vi": "Ký số gói tin gửi đi"})


class StoreSettings(_Model):
    """Where the ledger and the blobs stand."""

    ledger: str = Field(
        default="sqlite:///var/ledger.sqlite",
        description="SQLAlchemy address (sqlite:///… or postgresql+psycopg://…), or env:NAME or file:PATH that holds it",
        json_schema_extra={"vi": "Địa chỉ SQLAlchemy, hoặc env:TÊN hay file:ĐƯỜNG_DẪN chứa địa chỉ đó"},
    )
    blobs: Path = Field(
        default=Path("var/blobs"),
        description="Folder of packets and attachments",
        json_schema_extra={"vi": "Thư mục gói tin và tệp đính kèm"},
    )


class _Route(_Model):
    every: Duration = Field(default=timedelta(minutes=1), description="Idle polling period", json_schema_extra={"vi": "Chu kỳ khi rỗi"})
    time_box: Duration = Field(
        default=timedelta(seconds=20),
        description="How long one task works at most",
        json_schema_extra={"vi": "Thời gian tối đa của một lượt chạy"},
    )


class SendRoute(_Route):
    """Sends what organisations have accepted for sending."""

    does: Literal["send"]
    organisations: tuple[str, ...] = Field(min_length=1, description="Whose packets", json_schema_extra={"vi": "Của các đơn vị nào"})
    through: str = Field(description="Connection", json_schema_extra={"vi": "Kết nối"})
    when_uncertain: Literal["hold"] = Field(
        default="hold", description="What becomes of a packet of unknown fate", json_schema_extra={"vi": "Xử lý gói tin chưa rõ kết quả"}
    )


class ReceiveRoute(_Route):
    """Takes in what waits at a connection, for all organisations of these settings."""

    does: Literal["receive"]
    through: str = Field(description="Connection", json_schema_extra={"vi": "Kết nối"})
    hand_to: Literal["application"] = Field(
        default="application", description="Who takes received documents over", json_schema_extra={"vi": "Nơi nhận bàn giao văn bản đến"}
    )


class SynchroniseRoute(_Route):
    """Carries dossiers from a source to a sink."""

    does: Literal["synchronise"]
    source: str = Field(description="Connection that gives records", json_schema_extra={"vi": "Kết nối nguồn"})
    mapping: Path = Field(description="Mapping file", json_schema_extra={"vi": "Tệp ánh xạ"})
    sink: str = Field(description="Connection that takes dossiers", json_schema_extra={"vi": "Kết nối đích"})
    batch: int = Field(default=10, ge=1, le=1000, description="Dossiers per call", json_schema_extra={"vi": "Số hồ sơ mỗi lần gửi"})


Route = Annotated[SendRoute | ReceiveRoute | SynchroniseRoute, Discriminator("does")]


class _Sections(_Model):
    version: Literal[1]
    organisations: dict[Name, OrganisationSettings] = Field(default_factory=dict)
    store: StoreSettings = StoreSettings()
    connections: dict[Name, dict[str, Any]] = Field(default_factory=dict)
    routes: dict[Name, Route] = Field(default_factory=dict)


class Settings(_Model):
    """A checked settings file.

    Attributes:
        folder: What relative paths in it start from.
    """

    organisations: Mapping[str, OrganisationSettings]
    store: StoreSettings
    connections: Mapping[str, ConnectionSettings]
    routes: Mapping[str, Route]
    folder: Path

    def route(self, name: str) -> SendRoute | ReceiveRoute | SynchroniseRoute:
        """Return a route by name, or raise UnknownName (configuration) with the nearest right one."""
        if name not in self.routes:
            raise UnknownName(section="routes", name=name, hint=hint(name, self.routes))
        return self.routes[name]

    def connection(self, name: str) -> ConnectionSettings:
        """Return a connection's settings by name, or raise UnknownName (configuration)."""
        if name not in self.connections:
            raise UnknownName(section="connections", name=name, hint=hint(name, self.connections))
        return self.connections[name]

    def path(self, relative: Path) -> Path:
        """Return a path of the settings as it stands from the present folder."""
        return self.folder / relative


def find_settings(given: Path | None = None) -> Path:
    """Return the settings file: `given`, else `LIENTHONG_SETTINGS`, else `./lienthong.yaml`.

    Raises:
        SettingsMissing: configuration; there is no such file.
    """
    path = given or Path(os.environ.get("LIENTHONG_SETTINGS") or "lienthong.yaml")
    if not path.is_file():
        raise SettingsMissing(path=str(path))
    return path


def load_settings(path: Path) -> Settings:
    """Return the checked settings of a YAML file.

    Raises:
        SettingsMissing: configuration; there is no such file.
        YamlInvalid, SettingsInvalid: configuration; names file, line, column and key, and the nearest right key.
    """
    return _check(load_yaml(find_settings(path)), folder=path.resolve().parent)


def parse_settings(text: str, *, folder: Path, source: str = "settings") -> Settings:
    """Return the checked settings of YAML text; relative paths start from `folder`. Raises as `load_settings` does."""
    return _check(parse_yaml(text, source=source), folder=folder)


def _check(marked: MarkedYaml, *, folder: Path) -> Settings:
    sections = _validate(_Sections, marked.values, marked, (), folder)
    types = connector_types()
    connections: dict[str, ConnectionSettings] = {}
    for name, values in sections.connections.items():
        kind = str(values.get("kind", ""))
        path = ("connections", name, "kind")
        if kind not in types:
            reason = (
                Words(f"there is no connector {kind}", f"không có bộ kết nối {kind}")
                if kind
                else Words("the kind of connection is missing", "thiếu loại kết nối (kind)")
            )
            near = hint(kind, types)
            if not kind and (misspelt := nearest("kind", values)):
                path, reason, near = ("connections", name, misspelt), _REASONS["extra_forbidden"], hint(misspelt, ["kind"])
            raise SettingsInvalid(place=marked.place(path), reason=reason, hint=near)
        connections[name] = _validate(types[kind].settings, values, marked, ("connections", name), folder)
    _check_names(sections, marked)
    return Settings(
        organisations=sections.organisations, store=sections.store, connections=connections, routes=sections.routes, folder=folder
    )


def _check_names(sections: _Sections, marked: MarkedYaml) -> None:
    for route_name, route in sections.routes.items():
        for key, name, kind, known in _references(route, sections):
            if name not in known:
                place = marked.place(("routes", route_name, *key))
                reason = Words(f"there is no {kind.en} {name}", f"không có {kind.vi} {name}")
                raise SettingsInvalid(place=place, reason=reason, hint=hint(name, known))


def _references(
    route: SendRoute | ReceiveRoute | SynchroniseRoute, sections: _Sections
) -> Iterator[tuple[KeyPath, str, Words, Mapping[str, object]]]:
    connection, organisation = Words("connection", "kết nối"), Words("organisation", "đơn vị")
    if isinstance(route, SynchroniseRoute):
        yield ("source",), route.source, connection, sections.connections
        yield ("sink",), route.sink, connection, sections.connections
        return
    yield ("through",), route.through, connection, sections.connections
    if isinstance(route, SendRoute):
        for index, code in enumerate(route.organisations):
            yield ("organisations", index), code, organisation, sections.organisations


def _validate(model: type[Model], values: Mapping[str, object], marked: MarkedYaml, at: KeyPath, folder: Path) -> Model:
    try:
        return model.model_validate(values, context={"folder": folder})
    except ValidationError as error:
        # A misspelt key is an unknown one and a missing one; the former says more.
        first = min(error.errors(include_input=False, include_url=False), key=lambda found: found["type"] != "extra_forbidden")
        # The name of a union's member stands in pydantic's path and not in the file.
        path = at + tuple(part for part in first["loc"] if part not in ("send", "receive", "synchronise") or first["loc"][0] != "routes")
        reason, near = _explain(first, model)
        if first["type"] == "union_tag_invalid":
            path = (*path, "does")
        elif first["type"] == "union_tag_not_found" and (misspelt := nearest("does", _keys_at(values, first["loc"]))):
            path, reason, near = (*path, misspelt), _REASONS["extra_forbidden"], hint(misspelt, ["does"])
        raise SettingsInvalid(place=marked.place(path), reason=reason, hint=near) from None


_REASONS: Mapping[str, Words] = MappingProxyType(
    {
        "extra_forbidden": Words("there is no such key", "không có khóa này"),
        "missing": Words("this key is missing", "thiếu khóa này"),
        "union_tag_not_found": Words("the key does is missing", "thiếu khóa does"),
        "union_tag_invalid": Words("there is no such kind of route", "không có loại tuyến này"),
        "duration": Words(
            "a duration above zero is expected, such as 20s, 1m or 2h", "cần một khoảng thời gian lớn hơn 0, ví dụ 20s, 1m hoặc 2h"
        ),
        "string_type": Words("a text is expected", "cần một chuỗi ký tự"),
        "int_type": Words("a whole number is expected", "cần một số nguyên"),
        "int_parsing": Words("a whole number is expected", "cần một số nguyên"),
        "int_from_float": Words("a whole number is expected", "cần một số nguyên"),
        "float_type": Words("a number is expected", "cần một số"),
        "float_parsing": Words("a number is expected", "cần một số"),
        "bool_type": Words("true or false is expected", "cần true hoặc false"),
        "bool_parsing": Words("true or false is expected", "cần true hoặc false"),
        "tuple_type": Words("a list is expected", "cần một danh sách"),
        "dict_type": Words("keys and values are expected", "cần các khóa và giá trị"),
        "model_type": Words("keys and values are expected", "cần các khóa và giá trị"),
        "model_attributes_type": Words("keys and values are expected", "cần các khóa và giá trị"),
        "path_type": Words("a path is expected", "cần một đường dẫn"),
        "too_short": Words("at least one is expected", "cần ít nhất một mục"),
        "string_too_short": Words("it is empty", "đang để trống"),
        "string_too_long": Words("it is too long", "quá dài"),
        "string_pattern_mismatch": Words("it has characters that can't stand here", "có ký tự không dùng được ở đây"),
    }
)


def _explain(error: ErrorDetails, model: type[BaseModel]) -> tuple[Words, Words | str]:
    """Return why a value is wrong, without the value, and the nearest right name."""
    kind, context = error["type"], error.get("ctx", {})
    near: Words | str = ""
    if kind == "extra_forbidden":
        near = hint(str(error["loc"][-1]), _known_keys(model, error["loc"]))
    elif kind == "union_tag_invalid":
        near = hint(str(context["tag"]), iter(("send", "receive", "synchronise")))
    elif kind == "literal_error":
        expected = str(context["expected"]).replace(" or ", ", ")
        return Words(f"one of these is expected: {expected}", f"cần một trong các giá trị: {expected}"), ""
    elif kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        sign, bound = (
            {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}[kind],
            next(iter(context.values())),
        )
        return Words(f"a number {sign} {bound} is expected", f"cần một số {sign} {bound}"), ""
    if kind == "value_error" and isinstance(said := context["error"].args[0], Words):
        return said, ""
    message = error["msg"].removeprefix("Value error, ")
    return _REASONS.get(kind) or Words(message, f"giá trị không hợp lệ (máy báo: {message})"), near


def _keys_at(values: Mapping[str, object], location: tuple[int | str, ...]) -> list[str]:
    node: object = values
    for part in location:
        node = node.get(str(part), {}) if isinstance(node, Mapping) else {}
    return list(node) if isinstance(node, Mapping) else []


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> Iterator[str]:
    """Yield the keys that may stand where `location` points."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    node: dict[str, Any] = schema
    for part in location[:-1]:
        node = _resolve(node, definitions)
        if part in node.get("properties", {}):
            node = node["properties"][part]
        elif "mapping" in node.get("discriminator", {}) and part in node["discriminator"]["mapping"]:
            node = {"$ref": node["discriminator"]["mapping"][part]}
        else:
            inner = node.get("additionalProperties") or node.get("items") or {}
            node = inner if isinstance(inner, dict) else {}
    yield from _resolve(node, definitions).get("properties", {})


def _resolve(node: dict[str, Any], definitions: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    if "anyOf" in node:
        node = next((choice for choice in node["anyOf"] if "$ref" in choice), node)
    if "$ref" in node:
        return definitions[node["$ref"].rpartition("/")[2]]
    return node
