"""Secrets by reference."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from lienthong.core.errors import SecretMissing, Words
from lienthong.core.secrets import SecretRef


class Settings(BaseModel):
    secret: SecretRef


def test_variable_is_read_at_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that changes is the new one at once, and is taken as it is."""
    reference = SecretRef.parse("env:LIENTHONG_TEST_SECRET")
    for value in ("hunter2", " một bí mật \n"):
        monkeypatch.setenv("LIENTHONG_TEST_SECRET", value)
        assert reference.resolve() == value
        assert reference.read() == value.encode()


def test_file_is_read_relative_to_its_folder(tmp_path: Path) -> None:
    """Text loses the white space at its ends, such as an editor's last line end; bytes stay as they are."""
    (tmp_path / "key").write_bytes(b" hunter2 \r\n")
    reference = SecretRef.parse("file:key", tmp_path)
    assert reference.resolve() == "hunter2"
    assert reference.read() == b" hunter2 \r\n"
    assert SecretRef.parse(f"file:{tmp_path / 'key'}").resolve() == "hunter2"
    assert SecretRef.parse(f"file:{tmp_path / 'key'}", Path("elsewhere")).resolve() == "hunter2"


def test_missing_secret_is_named_by_its_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sentences say what is missing, the system's own words marked as such."""
    monkeypatch.delenv("LIENTHONG_TEST_SECRET", raising=False)
    with pytest.raises(SecretMissing) as variable:
        SecretRef("env:LIENTHONG_TEST_SECRET").resolve()
    assert str(variable.value) == "LT-CORE-002 The secret env:LIENTHONG_TEST_SECRET can't be read: the environment variable is not set."
    assert variable.value.sentence("vi") == "Không đọc được bí mật env:LIENTHONG_TEST_SECRET: chưa đặt biến môi trường."
    with pytest.raises(SecretMissing) as file:
        SecretRef("file:none", tmp_path).resolve()
    assert file.value.sentence("en") == "The secret file:none can't be read: No such file or directory."
    assert file.value.sentence("vi") == "Không đọc được bí mật file:none: lỗi đọc tệp (máy báo: No such file or directory)."


def test_file_that_is_no_text_is_refused_without_showing_it(tmp_path: Path) -> None:
    """Python's own error, which holds the bytes, is neither raised nor kept."""
    (tmp_path / "key").write_bytes(b"hunter2\xff")
    with pytest.raises(SecretMissing, match="it is not UTF-8") as caught:
        SecretRef("file:key", tmp_path).resolve()
    assert caught.value.__cause__ is None
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_value_is_never_in_repr_or_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference may be printed, also after use."""
    monkeypatch.setenv("LIENTHONG_TEST_SECRET", "hunter2")
    settings = Settings.model_validate({"secret": "env:LIENTHONG_TEST_SECRET"})
    assert settings.secret.resolve() == "hunter2"
    assert "hunter2" not in f"{settings!r} {settings.secret} {settings.secret!r} {settings.model_dump_json()}"
    assert str(settings.secret) == "env:LIENTHONG_TEST_SECRET"


@pytest.mark.parametrize("text", ["hunter2", "env:", "file:", "https:hunter2", ""])
def test_plain_secret_is_refused_without_being_repeated(text: str) -> None:
    """What stands where a reference should stand may be the secret; the error has our words in both languages."""
    with pytest.raises(ValueError, match="given by reference") as caught:
        SecretRef.parse(text)
    assert isinstance(caught.value.args[0], Words)
    assert "hunter2" not in repr(caught.value)
    with pytest.raises(ValidationError) as invalid:
        Settings.model_validate({"secret": text})
    assert "hunter2" not in str(invalid.value.errors(include_input=False))


@pytest.mark.parametrize("value", [7, None, ["env:A"]])
def test_what_is_no_text_is_no_reference(value: object) -> None:
    """Settings hold references as text."""
    with pytest.raises(ValidationError):
        Settings.model_validate({"secret": value})


def test_model_takes_the_folder_of_files_from_its_context(tmp_path: Path) -> None:
    """Files stand relative to the settings; a reference that is one already stays."""
    reference = Settings.model_validate({"secret": "file:key"}, context={"folder": tmp_path}).secret
    assert reference == SecretRef("file:key", tmp_path)
    assert Settings(secret=reference).secret is reference
