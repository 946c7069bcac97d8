"""The main job from end to end: documents between two departments and a ministry, dossiers from a one-door system to the portal.

The remote systems are the sandbox's, over real HTTP on loopback. Who runs the routes is the caller's choice: this process, or
Airflow. Every outcome is compared with the one that is expected.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.cli.demo_settings import Demo
from lienthong.cli.vocabulary import words
from lienthong.core.blob import Blob
from lienthong.core.clock import HO_CHI_MINH
from lienthong.core.errors import Problem, Words
from lienthong.core.text import nfc
from lienthong.sandbox import CentreDelivery, OneDoorDossier, PortalDossier
from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import OtherInfo, SignerInfo, StaffInfo, Timeline
from lienthong.sdk import Document, Exchange

Step = tuple[str, str]
"""A centre's name and one of its routes."""

RunSteps = Callable[[Sequence[Step]], None]
"""Runs routes, in any order or at once, each until its work is done."""

MOST_RUNS = 30
"""How often a route is run at most until its work is done; a product that never ends its work shall not hang the demo."""

Say = Callable[[str, str], None]
"""Tells in English and Vietnamese what is being done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the closing table; its English is stable, and what `--json` prints.

    Attributes:
        what: What travelled.
        way: From where to where.
        expected: The outcome that there should be.
        found: The outcome that there was.
        problem: Why something was refused or is uncertain.
    """

    what: Words
    way: Words
    expected: Words
    found: Words
    problem: Problem | None = None

    @property
    def as_expected(self) -> bool:
        """Whether the outcome is the expected one."""
        return self.expected == self.found


def run_main_job(demo: Demo, run: RunSteps, say: Say) -> list[Row]:
    """Run the main job and return its outcomes."""
    with Exchange.from_settings(demo.settings["h42"]) as province, Exchange.from_settings(demo.settings["g22"]) as ministry:
        return [*_documents(demo, province, ministry, run, say), *_dossiers(demo, province, run, say)]


def _documents(demo: Demo, province: Exchange, ministry: Exchange, run: RunSteps, say: Say) -> list[Row]:
    folder = demo.folder
    letter, table = folder / nfc("Tờ trình.pdf"), folder / nfc("Phụ lục.xlsx")
    letter.write_bytes(_pdf("To trinh ket noi lien thong"))
    table.write_bytes(_workbook([["Đơn vị", "Số hồ sơ"], ["Sở Khoa học và Công nghệ", "100"], ["Sở Xây dựng", "100"]]))
    now = datetime.now(HO_CHI_MINH)
    document = Document(
        number=now.strftime("%H%M%S"),
        notation="TTr-SKHCN",
        subject="Về việc kết nối, liên thông phần mềm quản lý văn bản và hệ thống một cửa",
        signer=SignerInfo(full_name="Nguyễn Văn Mẫu", position="Giám đốc"),
        promulgation_date=now.date(),
        promulgation_place="Ninh Bình",
        other=OtherInfo(pages=1, copies=2),
    )
    say("H42.12 sends a document to H42.13 and G22", "H42.12 gửi một văn bản tới H42.13 và G22")
    sent = province.send(document, sender="H42.12", to=["H42.13", "G22"], attachments=[letter, table])
    run([("h42", "documents-out")])
    say("Both centres receive it and report 01", "Hai trung tâm nhận và báo đã đến (01)")
    run([("h42", "documents-in"), ("g22", "documents-in")])
    run([("h42", "documents-out"), ("g22", "documents-out")])
    say("The clerks accept it (03)", "Văn thư tiếp nhận (03)")
    originals = {path.name: Blob.of_file(path) for path in (letter, table)}
    received = _accept(province, "H42.13", originals) + _accept(ministry, "G22", originals)
    run([("h42", "documents-out"), ("g22", "documents-out")])
    run([("h42", "documents-in"), ("g22", "documents-in")])
    detail = province.message(sent.id)
    timeline = province.timeline(sent.id)
    code = f"{document.number}/{document.notation}"
    on_axis = [packet for packet in demo.sandbox.axis.packets() if packet.message_type == "edoc" and packet.notation == code]
    rows = [
        Row(
            what=words("{}/{}", document.number, document.notation),
            way=words("H42.12 → {}", delivery.recipient),
            expected=words("{}, {}", words("sent"), "01 03"),
            found=words("{}, {}", words(delivery.state), _codes(timeline, delivery.recipient)),
            problem=delivery.problem,
        )
        for delivery in detail.deliveries
    ]
    centres = [centre for packet in on_axis for centre in packet.centres.values()]
    way = words("{} packet → {} centres", len(on_axis), len(centres))
    fetched = words("fetched {}, confirmed {}", *(" ".join(str(count) for count in counts) for counts in _handled(centres)))
    verdict = words(demo.sandbox.axis.signature(on_axis[0].doc_id).result if on_axis else "not there")
    whole = words(" ".join(str(count) for count in received))
    return [
        *rows,
        Row(what=words("packet on the axis"), way=way, expected=words("fetched {}, confirmed {}", "1 1", "1 1"), found=fetched),
        Row(what=words("signature"), way=words("{} → axis", "H42.12"), expected=words("valid"), found=verdict),
        Row(what=words("attachments"), way=words("as they were attached"), expected=words("2 2"), found=whole),
    ]


def _handled(centres: Sequence[CentreDelivery]) -> tuple[list[int], list[int]]:
    """Return how often each centre fetched a packet and said that it has it."""
    return [centre.fetched for centre in centres], [centre.confirmed for centre in centres if centre.status == "done"]


def _accept(exchange: Exchange, organisation: str, originals: Mapping[str, Blob]) -> list[int]:
    """Do what a department's application does: take documents over and answer; return how many attachments came as they were sent."""
    whole = []
    for received in exchange.receive(organisation=organisation):
        with received:
            whole.append(sum(originals.get(attachment.name) == attachment.content for attachment in received.document.attachments))
            received.answer(Status.ACCEPTED, reason="Đã vào sổ văn bản đến", staff=StaffInfo(name="Trần Thị Mẫu", department="Văn thư"))
    return whole


def _codes(timeline: Timeline, organisation: str) -> str:
    return " ".join(entry.status for entry in timeline.entries if entry.organisation == organisation)


def _dossiers(demo: Demo, province: Exchange, run: RunSteps, say: Say) -> list[Row]:
    say("200 dossiers go from the one-door system to the portal", "200 hồ sơ đi từ hệ thống một cửa lên Cổng dịch vụ công quốc gia")
    run([("h42", "dossiers-up")])
    portal, defects = demo.sandbox.portal, demo.sandbox.one_door.defects
    bad = {defect.ma_ho_so: defect for defect in defects}
    first = len(portal.dossiers())
    refusals = {line.number: line for line in province.dossiers("dossiers-up", state="invalid")}
    way = words("one-door → portal")
    rows = [Row(what=words("{} dossiers", 200), way=way, expected=words("{} accepted", 198), found=words("{} accepted", first))]
    for number in sorted({*bad, *refusals}):
        line, defect = refusals.get(number), bad.get(number)
        rows.append(
            Row(
                what=words("{}", number),
                way=way,
                expected=words("refused for {}", defect.don_vi_xu_ly.ten) if defect else words("accepted"),
                found=words("refused for {}", line.office) if line else words("accepted"),
                problem=line.problems[0] if line and line.problems else None,
            )
        )
    mended = min(bad)
    say(f"The office mends dossier {mended}", f"Cơ quan sửa hồ sơ {mended}")
    demo.sandbox.one_door.mend(mended, {bad[mended].field: _RIGHT_VALUES[bad[mended].field]})
    run([("h42", "dossiers-up")])
    rows.append(
        Row(
            what=words("{}", mended),
            way=words("mended → portal"),
            expected=words("accepted"),
            found=words("accepted" if portal.dossier(mended) else "not there"),
        )
    )
    pairs = [(demo.sandbox.one_door.dossier(number), dossier) for number, dossier in portal.dossiers().items()]
    same = sum(local is not None and _says_the_same(local, dossier) for local, dossier in pairs)
    told = sum(local is not None and len(dossier.progress) == len(local.qua_trinh) for local, dossier in pairs)
    rows.append(
        Row(what=words("content"), way=words("one-door = portal"), expected=words("{} dossiers", 199), found=words("{} dossiers", same))
    )
    rows.append(Row(what=words("progress reports"), way=way, expected=words("{} dossiers", 199), found=words("{} dossiers", told)))
    return rows


def _says_the_same(local: OneDoorDossier, dossier: PortalDossier) -> bool:
    """Compare what the portal has with what the one-door system has, by the portal's own names."""

    def wire(moment: datetime | None) -> str:
        return moment.astimezone(HO_CHI_MINH).strftime("%Y%m%d%H%M%S") if moment else ""

    expected = {
        "MaTTHC": local.ma_tthc,
        "TenTTHC": local.ten_tthc,
        "MaLinhVuc": local.ma_linh_vuc,
        "KenhThucHien": local.kenh_thuc_hien,
        "ChuHoSo": local.chu_ho_so,
        "LoaiDoiTuong": local.loai_doi_tuong,
        "NgayTiepNhan": wire(local.ngay_tiep_nhan),
        "NgayHenTra": wire(local.ngay_hen_tra),
        "TrangThaiHoSo": local.trang_thai,
        "HinhThuc": local.hinh_thuc,
        "DonViXuLy": local.don_vi_xu_ly.ten,
    }
    fees = [(fee["TenPhiLePhi"], fee["Gia"]) for fee in dossier.fields.get("DanhSachLePhi", [])]
    return all(dossier.fields.get(name, "") == text for name, text in expected.items()) and fees == [
        (fee.ten, str(fee.gia)) for fee in local.le_phi
    ]


_RIGHT_VALUES = {"ngay_tiep_nhan": "2026-11-05T08:00:00+07:00", "loai_doi_tuong": "1"}
"""What the office finds in its papers."""


def _pdf(text: str) -> bytes:
    """Return a PDF of one page with a line of ASCII text."""
    content = f"BT /F1 18 Tf 72 760 Td ({text}) Tj ET".encode("ascii")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(body + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))


def _workbook(lines: Sequence[Sequence[str]]) -> bytes:
    """Return an .xlsx of one sheet with text cells."""
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in line) + "</row>" for line in lines)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
        f'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/book.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/sheet.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{office}/officeDocument" '
        'Target="book.xml"/></Relationships>',
        "book.xml": f'<workbook xmlns="{sheet}" xmlns:r="{office}"><sheets><sheet name="1" sheetId="1" r:id="b"/></sheets></workbook>',
        "_rels/book.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="b" Type="{office}/worksheet" '
        'Target="sheet.xml"/></Relationships>',
        "sheet.xml": f'<worksheet xmlns="{sheet}"><sheetData>{cells}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
