"""One document and one status packet that are right."""

from datetime import UTC, date, datetime

import pytest

from lienthong.core.blob import Blob
from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherInfo,
    Party,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusPacket,
    TraceHeader,
    document_id,
)


@pytest.fixture
def document() -> DocumentPacket:
    return DocumentPacket(
        sender=Party(code="H42.12", name="Sở Khoa học và Công nghệ", in_charge="UBND tỉnh Ninh Bình"),
        recipients=(Party(code="H42.13", name="Sở Nội vụ"), Party(code="G22")),
        number="12",
        notation="SKHCN-VP",
        promulgation_place="Ninh Bình",
        promulgation_date=date(2026, 11, 20),
        document_type=DocumentType(name="Công văn", number=1),
        subject="V/v kết nối <liên thông> & chia sẻ",
        signer=SignerInfo(full_name="Trần Thị B", position="Giám đốc"),
        to_places=("Như trên", "Lưu: VT"),
        other=OtherInfo(priority=1, copies=2, pages=3, direction=False, appendixes=("Phụ lục 1",)),
        document_id=document_id("H42.12", date(2026, 11, 20), "12", "SKHCN-VP"),
        trace=(TraceHeader(organisation="H42.12", timestamp=datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)),),
        business=Business(reason="Văn bản điện tử mới", staff=StaffInfo(name="Nguyễn Văn A")),
        attachments=(
            Attachment(content_id="a1", name="tờ-trình.pdf", media_type="application/pdf", content=Blob.of_bytes(b"%PDF-1.4\n%%EOF")),
        ),
    )


@pytest.fixture
def status() -> StatusPacket:
    return StatusPacket(
        sender=Party(code="G22", name="Văn phòng Chính phủ"),
        response_for=ResponseFor(
            organisation="H42.12", code="12/SKHCN-VP", promulgation_date=date(2026, 11, 20), document_id="H42.12,2026/11/20,12/SKHCN-VP"
        ),
        status=Status.ACCEPTED,
        timestamp=datetime(2026, 11, 20, 3, 0, 0, tzinfo=UTC),
        description="Đã vào sổ văn bản đến",
        staff=StaffInfo(name="Nguyễn Văn A", department="Văn thư"),
    )
