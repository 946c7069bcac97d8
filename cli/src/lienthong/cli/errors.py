"""Errors of the command line's own: files, ports, what it will not overwrite, and nothing to do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import ClassVar

from lienthong.core.errors import ConfigurationError, DataError, ExtraMissing, LienthongError, Transient, Words

_SANDBOX = ("signxml", "starlette", "uvicorn")


@dataclass(eq=False, kw_only=True)
class FileUnusable(ConfigurationError):
    """A file or folder that was named can't be read or written."""

    code: ClassVar[str] = "LT-CLI-001"
    en: ClassVar[str] = "{path} can't be used: {reason}."
    vi: ClassVar[str] = "Không dùng được {path} (máy báo: {reason})."
    path: str
    reason: str


@dataclass(eq=False, kw_only=True)
class PortUnusable(ConfigurationError):
    """The port that was asked for is taken or not allowed."""

    code: ClassVar[str] = "LT-CLI-002"
    en: ClassVar[str] = "Port {port} can't be used: {reason}; choose another one with --port, or 0 for any free one."
    vi: ClassVar[str] = "Không dùng được cổng {port} (máy báo: {reason}); hãy chọn cổng khác bằng --port, hoặc 0 để lấy cổng trống bất kỳ."
    port: int
    reason: str


@dataclass(eq=False, kw_only=True)
class NotOurs(ConfigurationError):
    """A settings file stands where one should be written, and somebody else wrote it."""

    code: ClassVar[str] = "LT-CLI-003"
    en: ClassVar[str] = "{path} is there already and was not written by lienthong sandbox; choose another folder."
    vi: ClassVar[str] = "Đã có {path} và tệp này không do lienthong sandbox ghi; hãy chọn thư mục khác."
    path: str


@dataclass(eq=False, kw_only=True)
class NoRoutes(ConfigurationError):
    """A worker was started by settings without any route."""

    code: ClassVar[str] = "LT-CLI-004"
    en: ClassVar[str] = "The settings have no routes, so that there is nothing to run."
    vi: ClassVar[str] = "Cấu hình không có tuyến nào nên không có gì để chạy."


@dataclass(eq=False, kw_only=True)
class NoPackets(ConfigurationError):
    """The folder that was named for a demo has no packets."""

    code: ClassVar[str] = "LT-CLI-005"
    en: ClassVar[str] = "{folder} has no *.edxml or *.xml file."
    vi: ClassVar[str] = "{folder} không có tệp *.edxml hay *.xml nào."
    folder: str


@dataclass(eq=False, kw_only=True)
class WrongUse(ConfigurationError):
    """The arguments of a command make no sense to it; told this way only with `--json`."""

    code: ClassVar[str] = "LT-CLI-006"
    en: ClassVar[str] = "The command can't be understood: {reason}"
    vi: ClassVar[str] = "Dùng lệnh chưa đúng (máy báo: {reason})"
    reason: str


@dataclass(eq=False, kw_only=True)
class ConnectionNotReady(Transient):
    """A connection's check says that it can't be used, and names no problem of its own."""

    code: ClassVar[str] = "LT-CLI-102"
    en: ClassVar[str] = "{connection} can't be used just now: {detail}."
    vi: ClassVar[str] = "Tạm thời không dùng được kết nối {connection}: {detail}."
    connection: str
    detail: Words


@dataclass(eq=False, kw_only=True)
class FolderBusy(ConfigurationError):
    """Another demo uses the folder."""

    code: ClassVar[str] = "LT-CLI-007"
    en: ClassVar[str] = "Another demo uses {folder}; end it first, or name another folder with --folder."
    vi: ClassVar[str] = "Một bản chạy thử khác đang dùng {folder}; hãy kết thúc nó, hoặc chọn thư mục khác bằng --folder."
    folder: str


@dataclass(eq=False, kw_only=True)
class OptionsClash(ConfigurationError):
    """Two options were given that exclude each other."""

    code: ClassVar[str] = "LT-CLI-008"
    en: ClassVar[str] = "{first} and {second} can't stand together."
    vi: ClassVar[str] = "Không dùng {first} cùng với {second}."
    first: str
    second: str


@dataclass(eq=False, kw_only=True)
class NotOverwritten(ConfigurationError):
    """Something stands where a file should be written, and it isn't a regular file, or is the one that is read."""

    code: ClassVar[str] = "LT-CLI-009"
    en: ClassVar[str] = "{path} is not overwritten: {reason}."
    vi: ClassVar[str] = "Không ghi đè {path}: {reason}."
    path: str
    reason: Words


@dataclass(eq=False, kw_only=True)
class TooLargeInline(ConfigurationError):
    """The attachments are too large for standing inside one JSON text."""

    code: ClassVar[str] = "LT-CLI-010"
    en: ClassVar[str] = "The attachments have {size} bytes, more than the {limit} that fit into a JSON text; use --attachments DIR."
    vi: ClassVar[str] = "Các tệp đính kèm có {size} byte, vượt quá {limit} byte có thể đặt trong JSON; hãy dùng --attachments DIR."
    size: int
    limit: int


@dataclass(eq=False, kw_only=True)
class AttachmentsElsewhere(ConfigurationError):
    """Attachments should go into a folder to which the JSON can't refer by a path that leads downwards."""

    code: ClassVar[str] = "LT-CLI-011"
    en: ClassVar[str] = "The folder {folder} must lie in {base}, for the JSON refers to its files from there."
    vi: ClassVar[str] = "Thư mục {folder} phải nằm trong {base}, vì JSON tham chiếu các tệp từ thư mục đó."
    folder: str
    base: str


@dataclass(eq=False, kw_only=True)
class DayUnusable(ConfigurationError):
    """An option for a day was given another text, or a day that the calendar hasn't got."""

    code: ClassVar[str] = "LT-CLI-012"
    en: ClassVar[str] = "{option}: '{given}' is no day in the form YYYY-MM-DD, such as 2026-11-20."
    vi: ClassVar[str] = "{option}: '{given}' không phải là một ngày theo dạng YYYY-MM-DD (năm-tháng-ngày), ví dụ 2026-11-20."
    option: str
    given: str


@dataclass(eq=False, kw_only=True)
class NothingAsked(ConfigurationError):
    """An organisation was to be looked up by an empty text."""

    code: ClassVar[str] = "LT-CLI-013"
    en: ClassVar[str] = "There is nothing to look up; give a code, a number or a name."
    vi: ClassVar[str] = "Chưa cho biết cần tra cứu gì; hãy nhập mã, số hoặc tên."


@dataclass(eq=False, kw_only=True)
class JsonTooLarge(DataError):
    """A JSON text has more bytes than are read into memory."""

    code: ClassVar[str] = "LT-CLI-103"
    en: ClassVar[str] = "{path} has more than {limit} bytes; a packet of that size has its attachments in files beside the JSON."
    vi: ClassVar[str] = "{path} có hơn {limit} byte; gói tin cỡ đó phải để tệp đính kèm trong các tệp bên cạnh JSON."
    path: str
    limit: int


@dataclass(eq=False, kw_only=True)
class NothingListed(DataError):
    """No organisation in the directory has what was asked for as its code, its number or the beginning of words in its name."""

    code: ClassVar[str] = "LT-CLI-104"
    en: ClassVar[str] = (
        "The directory has no code, number or name '{asked}'; try fewer words of the name, with or without diacritics,"
        " or give a table of your own with --file."
    )
    vi: ClassVar[str] = (
        "Danh bạ không có mã, số hay tên '{asked}'; hãy tra ít từ hơn trong tên, có dấu hay không dấu đều được,"
        " hoặc đưa thêm bảng riêng bằng --file."
    )
    asked: str


@dataclass(eq=False, kw_only=True)
class OtherForm(DataError):
    """A packet stands where its JSON should, or the other way round."""

    code: ClassVar[str] = "LT-CLI-105"
    en: ClassVar[str] = "{path} holds {found}, not {wanted}; lienthong edxml {command} reads it."
    vi: ClassVar[str] = "{path} chứa {found}, không phải {wanted}; hãy dùng lienthong edxml {command}."
    path: str
    found: str
    wanted: str
    command: str


def as_our_error(error: BaseException | None) -> LienthongError | None:
    """Return an error that has a sentence and a code, or None for whatever must not be told in one sentence."""
    if isinstance(error, LienthongError):
        return error
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        path = "?" if error.filename is None else os.fsdecode(error.filename)
        return FileUnusable(path=path, reason=error.strerror or type(error).__name__)
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in _SANDBOX:
        return ExtraMissing(extra="sandbox", purpose=Words("The sandbox", "Hệ thống mô phỏng"))
    return None
