"""Written as an application would: never run, only type-checked, so that what callers see keeps its types."""

from datetime import date
from pathlib import Path
from typing import assert_type

from sqlalchemy import Connection

from lienthong.connectors import Health, Lookup, Parcel, Receipt, Sender
from lienthong.core import LienthongError, Problem
from lienthong.schemas.codes import Status
from lienthong.schemas.edxml import DocumentPacket, SignerInfo, Timeline
from lienthong.schemas.organisations import Organisation
from lienthong.sdk import Delivery, Document, Exchange, RunReport, Sent, Settings, load_settings


def send(exchange: Exchange, transaction: Connection) -> None:
    document = Document(
        number="12",
        notation="TTr-SKHCN",
        subject="Về việc kết nối, liên thông",
        signer=SignerInfo(full_name="Nguyễn Văn Mẫu"),
        promulgation_date=date(2026, 11, 2),
    )
    sent = exchange.send(document, to=["H42.13", "G22"], attachments=[Path("tờ-trình.pdf")], connection=transaction)
    assert_type(sent, Sent)
    assert_type(sent.deliveries, tuple[Delivery, ...])
    assert_type(exchange.timeline(sent.id), Timeline)
    assert_type(exchange.wait(sent.id, until=Status.ACCEPTED, timeout=60), Timeline)


def receive(exchange: Exchange) -> None:
    for received in exchange.receive(organisation="H42.13", limit=10):
        with received:
            assert_type(received.document, DocumentPacket)
            assert_type(received.key, str)
            received.answer(Status.REJECTED, reason="Gửi nhầm nơi nhận")


def operate(exchange: Exchange) -> None:
    assert_type(exchange.settings, Settings)
    assert_type(exchange.run("documents-out", time_box=5.0), RunReport)
    assert_type(exchange.check(), dict[str, Health])


def connect(exchange: Exchange, parcel: Parcel) -> None:
    assert_type(exchange.connection("axis", Sender).send(parcel), Receipt)
    directory: Lookup[Organisation] = exchange.connection("axis", Lookup)
    assert_type(directory.look_up(["G22"]).get("G22"), Organisation | None)


def explain() -> Problem | None:
    try:
        load_settings(Path("lienthong.yaml"))
    except LienthongError as error:
        assert_type(error.sentence("vi"), str)
        return error.problem()
    return None
