"""What states, kinds, events and the demo's outcomes are called for people; their English is also the id that `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping

from lienthong.core.errors import Words

WORDS: Mapping[str, str] = {
    # what goes out, and what comes in
    "queued": "đang chờ gửi",
    "sent": "đã gửi",
    "refused": "bị từ chối",
    "uncertain": "chưa rõ",
    "mixed": "nhiều trạng thái",
    "waiting": "chờ nhận",
    "leased": "đang nhận",
    "handed-over": "đã bàn giao",
    # kinds of message
    "document": "văn bản",
    "status": "trạng thái",
    # signatures
    "none": "không có",
    "placeholder": "chỉ là phần giữ chỗ",
    "invalid": "không hợp lệ",
    "unsupported": "chưa hỗ trợ kiểm tra",
    "valid": "hợp lệ",
    "not checked": "chưa kiểm tra",
    # the demo
    "packet on the axis": "gói tin trên trục",
    "signature": "chữ ký số",
    "attachments": "tệp đính kèm",
    "progress reports": "báo cáo tiến độ",
    "DAG runs": "lượt chạy DAG",
    "{} packet → {} centres": "{} gói tin → {} trung tâm",
    "content": "nội dung hồ sơ",
    "one-door = portal": "một cửa = Cổng",
    "{} → axis": "{} → trục",
    "as they were attached": "nguyên vẹn như khi gửi",
    "one-door → portal": "một cửa → Cổng",
    "mended → portal": "đã sửa → Cổng",
    "not sent": "không gửi",
    "fetched {}, confirmed {}": "đã lấy {}, đã xác nhận {}",
    "not there": "không có",
    "{} dossiers": "{} hồ sơ",
    "{} accepted": "{} được tiếp nhận",
    "accepted": "được tiếp nhận",
    "refused for {}": "bị từ chối, trả về {}",
    "stored, same SHA-256": "đã lưu, đúng SHA-256",
    "{} success": "{} thành công",
    "{} (should be: {})": "{} (đáng lẽ: {})",
}

EVENTS: Mapping[str, str] = {
    "accepted": "nhận gửi",
    "conflict": "trùng khóa, khác nội dung",
    "handed-over": "đã bàn giao",
    "not-acknowledged": "chưa báo được đã đến",
    "proven": "rõ là đã đến",
    "put-off": "hoãn lại",
    "quarantined": "bị cách ly",
    "received": "nhận về",
    "refused": "bị từ chối",
    "released": "trả lại hàng đợi",
    "sent": "đã gửi",
    "status": "nhận trạng thái",
    "uncertain": "chưa rõ",
}

RUNS: Mapping[str, str] = {"queued": "đang chờ", "running": "đang chạy", "success": "thành công", "failed": "thất bại"}
"""What Airflow calls the states of a run."""


def words(english: str, *values: object, of: Mapping[str, str] = WORDS) -> Words:
    """Return a word or phrase in both languages, with values in its braces; what is in no table stands for itself."""
    en, vi = ([getattr(value, language) if isinstance(value, Words) else value for value in values] for language in ("en", "vi"))
    return Words(english.format(*en), of.get(english, english).format(*vi))
