"""Zips for tests."""

import io
import zipfile


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, into: io.BytesIO | None = None, comment: bytes = b"") -> bytes:
    stream = into or io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.comment = comment
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()
