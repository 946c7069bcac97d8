"""The admin surface `/_sandbox`: another process sees and changes what a test sees and changes in this one."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lienthong.sandbox.axis_state import AxisPacket, AxisState
from lienthong.sandbox.dossiers import OneDoorDossier
from lienthong.sandbox.faults import Fault, FaultKind, Faults
from lienthong.sandbox.one_door import OneDoorState
from lienthong.sandbox.options import SandboxOrganisation
from lienthong.sandbox.portal import PortalState


class Admin:
    """Shows and changes the states of a sandbox. Without login: it listens on loopback and holds nothing real."""

    def __init__(self, axis: AxisState, portal: PortalState, one_door: OneDoorState, faults: Faults) -> None:
        self._axis = axis
        self._portal = portal
        self._one_door = one_door
        self._faults = faults

    def routes(self) -> list[Route]:
        """Return the routes to mount under `/_sandbox`."""
        return [
            Route("/state", self._state, methods=["GET"]),
            Route("/axis/packets/{doc_id}", self._packet, methods=["GET"]),
            Route("/axis/organisations", self._register, methods=["POST"]),
            Route("/portal/dossiers/{ma_ho_so}", self._portal_dossier, methods=["GET"]),
            Route("/one-door/dossiers/{ma_ho_so}", self._one_door_dossier, methods=["GET"]),
            Route("/one-door/dossiers/{ma_ho_so}", self._mend, methods=["POST"]),
            Route("/faults", self._add_fault, methods=["POST"]),
        ]

    # Plain functions run in a worker thread, so that working out signature verdicts doesn't hold up the wire.
    def _state(self, _request: Request) -> Response:
        dossiers = self._portal.dossiers()
        return JSONResponse(
            {
                "axis": {
                    "centres": {
                        centre.system_id: [e.organisation.code for e in self._axis.directory() if e.system_id == centre.system_id]
                        for centre in self._axis.centres()
                    },
                    "packets": [self._packet_row(packet) for packet in self._axis.packets()],
                    "calls": self._axis.calls(),
                    "refusals": self._axis.refusals(),
                },
                "portal": {
                    "dossier_count": len(dossiers),
                    "progress_count": sum(len(dossier.progress) for dossier in dossiers.values()),
                    "dossiers": [
                        {
                            "MaHoSo": number,
                            "TrangThaiHoSo": dossier.fields["TrangThaiHoSo"],
                            "updates": dossier.updates,
                            "progress": len(dossier.progress),
                        }
                        for number, dossier in dossiers.items()
                    ],
                    "calls": self._portal.calls(),
                },
                "one_door": {
                    "dossier_count": len(self._one_door),
                    "defects": [asdict(defect) for defect in self._one_door.defects],
                    "calls": self._one_door.calls(),
                },
                "faults": [asdict(fault) for fault in self._faults.pending()],
            }
        )

    def _packet_row(self, packet: AxisPacket) -> dict[str, object]:
        return {
            "docId": packet.doc_id,
            "messageType": packet.message_type,
            "systemId": packet.system_id,
            "from": packet.sender,
            "to": [recipient.code for recipient in packet.recipients],
            "title": packet.title,
            "notation": packet.notation,
            "sha256": packet.sha256,
            "size": len(packet.content),
            "uploads": packet.uploads,
            "signature": asdict(self._axis.signature(packet.doc_id)),
            "centres": {
                system_id: {"status": delivery.status, "fetched": delivery.fetched, "confirmed": delivery.confirmed}
                for system_id, delivery in packet.centres.items()
            },
        }

    async def _packet(self, request: Request) -> Response:
        packet = self._axis.packet(request.path_params["doc_id"])
        return Response(packet.content, media_type="application/xml") if packet else _problem(404, "there is no such packet")

    async def _portal_dossier(self, request: Request) -> Response:
        dossier = self._portal.dossier(request.path_params["ma_ho_so"])
        return JSONResponse(asdict(dossier)) if dossier else _problem(404, "the portal has no such dossier")

    async def _one_door_dossier(self, request: Request) -> Response:
        dossier = self._one_door.dossier(request.path_params["ma_ho_so"])
        return JSONResponse(_local_json(dossier)) if dossier else _problem(404, "the one-door system has no such dossier")

    async def _register(self, request: Request) -> Response:
        try:
            data = await _object(request)
            organisation = SandboxOrganisation(
                code=_required(data, "code"), name=_required(data, "name"), old_code=data.get("oldCode") or None
            )
            self._axis.register(_required(data, "systemId"), organisation)
        except ValueError as error:
            return _problem(400, str(error))
        return JSONResponse({"code": organisation.code}, status_code=201)

    async def _mend(self, request: Request) -> Response:
        try:
            dossier = self._one_door.mend(request.path_params["ma_ho_so"], await _object(request))
        except KeyError:
            return _problem(404, "the one-door system has no such dossier")
        except ValueError as error:
            return _problem(400, str(error))
        return JSONResponse(_local_json(dossier))

    async def _add_fault(self, request: Request) -> Response:
        try:
            data = await _object(request)
            fault = _fault(data)
            self._faults.add(fault)
        except (TypeError, ValueError) as error:
            return _problem(400, str(error))
        return JSONResponse(asdict(fault), status_code=201)


async def _object(request: Request) -> dict[str, Any]:
    data = await request.json()
    if not isinstance(data, dict):
        raise ValueError("a JSON object is expected")  # noqa: TRY004 - one kind of error for all bad requests
    return data


def _fault(data: dict[str, Any]) -> Fault:
    if data.get("fault") not in get_args(FaultKind):
        raise ValueError(f"fault must be one of {', '.join(get_args(FaultKind))}")
    return Fault(
        operation=_required(data, "operation"),
        fault=data["fault"],
        times=int(data.get("times", 1)),
        seconds=float(data.get("seconds", 0.5)),
    )


def _required(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is required")
    return value


def _local_json(value: object) -> Any:
    if isinstance(value, OneDoorDossier):
        value = asdict(value)
    if isinstance(value, dict):
        return {name: _local_json(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_local_json(entry) for entry in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _problem(status: int, text: str) -> Response:
    return JSONResponse({"problem": text}, status_code=status)
