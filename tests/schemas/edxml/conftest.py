"""Packets that are right: a document and a status packet, and of each one with a value in every field."""

from datetime import UTC, date, datetime

import pytest

from lienthong.core.blob import Blob
from lienthong.schemas.codes import BusinessType, Status
from lienthong.schemas.edxml import (
    Attachment,
    Business,
    DocumentPacket,
    DocumentType,
    OtherInfo,
    PacketError,
    Party,
    ReceiverChange,
    Replacement,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusPacket,
    TraceHeader,
    UpdateInfo,
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


@pytest.fixture(scope="session")
def full_document() -> DocumentPacket:
    """A document with a right value in every field; its manifest is just the list of its attachments."""
    uuid = "9fbfbad2-f1f8-4256-a2eb-50fb1061cddb"
    time = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
    party = Party(
        code="H42.13",
        name="Sở Nội vụ",
        in_charge="UBND tỉnh",
        address="Số 1 <đường> Lê Hồng Phong",
        email="a@example.gov.vn",
        telephone="0240000000",
        fax="0240000001",
        website="example.gov.vn",
    )
    return DocumentPacket(
        sender=party,
        recipients=(party, Party(code="G22")),
        number="12",
        notation="SKHCN-VP",
        promulgation_place="Ninh Bình",
        promulgation_date=date(2026, 11, 20),
        document_type=DocumentType(name="Công văn", number=1, detail=0),
        subject="V/v kết nối <liên thông>",
        content="Nội dung",
        signer=SignerInfo(full_name="Trần Thị B", position="Giám đốc", competence="KT. CHỦ TỊCH"),
        due_date=date(2026, 12, 1),
        to_places=("Như trên", "Lưu: VT"),
        other=OtherInfo(
            priority=1,
            sphere="Nội bộ",
            typist_notation="TVC",
            copies=65535,
            pages=3,
            direction=False,
            appendixes=("Phụ lục 1", "Phụ lục 2"),
        ),
        response_for=(ResponseFor(organisation="G22", code="1/VPCP", promulgation_date=date(2026, 9, 30), document_id=uuid),) * 2,
        steering_type=2,
        document_id=uuid,
        tasks=("T1", "T2"),
        application_type="MCDT_DT",
        trace=(TraceHeader(organisation="H42.12", timestamp=time), TraceHeader(organisation="", timestamp=time)),
        trace_attributes=(("actor", "x"), ("id", "1"), ("mustUnderstand", "1"), ("version", "1.0")),
        business=Business(
            type=BusinessType.UPDATE,
            reason="Cập nhật",
            document_id=uuid,
            paper=True,
            update=UpdateInfo(document=True, recipients=False, receivers=(ReceiverChange(organisation="G22", kind=1),)),
            replacements=(Replacement(document_id=uuid, organisations=("G22", "H42")),),
            staff=StaffInfo(
                name="Nguyễn Văn A",
                department="Văn thư",
                email="a@example.gov.vn",
                mobile="0900000000",
                staff_id="7",
                department_id="3",
            ),
        ),
        errors=(PacketError(code="N.From", description="Lỗi"),),
        attachments=tuple(
            Attachment(
                content_id=content_id,
                name=name,
                media_type="application/pdf",
                content=Blob.of_bytes(b"%PDF-1.4"),
                description="Tờ trình",
                field_name="f1",
                mime_type="application/pdf",
            )
            for content_id, name in (("a1", "tờ-trình.pdf"), ("a2", "bảng.pdf"))
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


@pytest.fixture(scope="session")
def full_status(full_document: DocumentPacket) -> StatusPacket:
    """A status packet with a right value in every field."""
    assert full_document.business is not None
    return StatusPacket(
        sender=full_document.sender,
        response_for=full_document.response_for[0],
        status=Status.ACCEPTED,
        timestamp=datetime(2026, 11, 20, 3, 0, 0, tzinfo=UTC),
        description="Đã vào sổ văn bản đến",
        staff=full_document.business.staff,
        errors=full_document.errors,
    )
