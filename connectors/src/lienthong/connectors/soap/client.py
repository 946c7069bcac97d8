"""Calls to a SOAP service, from a WSDL to JSON-ready values."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import zeep.exceptions

from lienthong.connectors.answers import not_understood, words_of
from lienthong.connectors.context import Context
from lienthong.connectors.http_settings import HttpSettings, open_http
from lienthong.connectors.soap.errors import AddressForeign, RequestUnfit, WsdlForeign, WsdlUnusable
from lienthong.connectors.soap.faults import body_of
from lienthong.connectors.soap.wsdl import Service, host_of, is_url, read_wsdl
from lienthong.core.errors import Words
from lienthong.core.http import HttpClient
from lienthong.schemas.conversion import ConversionFailed, ConvertedRecords, JsonObject
from lienthong.schemas.xml import Element


@dataclass(frozen=True, slots=True)
class _Ready:
    http: HttpClient
    service: Service


class SoapClient:
    """Calls operations of one service; may be shared between threads. The WSDL is read at the first call.

    Args:
        settings: How the service is reached. An empty `endpoint` means the WSDL's `soap:address`, which is only used if its host is
            that of the WSDL's own address.
        context: The connection's surroundings.
        wsdl: A file, or the address of one on the endpoint's own host.
        operations: Those that will be called.
    """

    def __init__(self, settings: HttpSettings, context: Context, *, wsdl: Path | str, operations: Sequence[str]) -> None:
        self._settings = settings
        self._context = context
        self._connection = context.name
        self._wsdl = wsdl
        self._operations = tuple(operations)
        self._ready: _Ready | None = None
        self._opening = threading.Lock()
        # zeep promises nothing about threads, and writing a request is short; the network isn't waited for under this lock.
        self._writing = threading.Lock()

    def call(self, operation: str, *, header: Mapping[str, object] | None = None, safe: bool, **arguments: object) -> JsonObject:
        """Return what an operation answers, converted by the WSDL's schema.

        Args:
            operation: One of `operations`.
            header: SOAP header parts by name, as the WSDL declares them.
            safe: The call changes nothing, so that it may be repeated.
            arguments: The operation's arguments by name; None is left out.

        Raises:
            WsdlUnusable, WsdlReachesOut, WsdlForeign, AddressForeign: configuration.
            RequestUnfit: data; nothing was sent.
            ConversionFailed: data; of a safe call, whose answer isn't what the WSDL says.
            RemoteBusy, RemoteRefused, CredentialsRejected, AnswerUnusable, AnswerUnclear: see `faults`.
            Transient, Uncertain, ConfigurationError, SecurityError: whatever `HttpClient.request` raises.
        """
        service, answer = self._answer(operation, header, arguments, safe=safe)
        try:
            value = service.plan.convert(answer, source=operation)
        except ConversionFailed as error:
            if safe:
                raise
            raise not_understood(self._connection, operation, words_of(error), safe=False) from error
        # A reply's type is complex: `read_wsdl` has seen to it.
        return dict(value) if isinstance(value, dict) else {}

    def call_for_records(
        self, operation: str, records: str, *, header: Mapping[str, object] | None = None, **arguments: object
    ) -> ConvertedRecords:
        """Return what an operation that changes nothing answers, with each record in it converted by itself.

        Args:
            operation: One of `operations`.
            records: Name of the repeated element that holds one record.
            header: As of `call`.
            arguments: As of `call`.

        Raises:
            WsdlUnusable: configuration; also if the reply has no repeated element `records`.
            LienthongError: As of `call`; a record that isn't what the WSDL says comes back with its error instead.
        """
        service, answer = self._answer(operation, header, arguments, safe=True)
        try:
            return service.plan.convert_records(answer, records, source=operation)
        except KeyError as error:
            reason = Words(
                f"the reply of {operation} has no repeated element {records}", f"trả lời của {operation} không có phần tử lặp {records}"
            )
            raise self._unusable(reason) from error

    def close(self) -> None:
        """Close the connections."""
        with self._opening:
            if self._ready is not None:
                self._ready.http.close()
                self._ready = None

    def _answer(
        self, operation: str, header: Mapping[str, object] | None, arguments: Mapping[str, object], *, safe: bool
    ) -> tuple[Service, Element]:
        ready = self._opened()
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            with self._writing:
                request = ready.service.requests[operation](**given, _soapheaders=dict(header) if header else None)
        except (zeep.exceptions.Error, TypeError, ValueError, KeyError):
            # zeep's own sentence, or its cause, may show an argument's value or the header's password.
            raise RequestUnfit(connection=self._connection, operation=operation) from None
        reply = ready.http.request("POST", "", headers=request.headers, body=request.body, safe=safe)
        answer = body_of(reply, connection=self._connection, operation=operation, safe=safe)
        if answer.tag != ready.service.replies[operation]:
            reason = Words("another element than the WSDL promises", "phần tử khác với WSDL quy định")
            raise not_understood(self._connection, operation, reason, safe=safe)
        return ready.service, answer

    def _opened(self) -> _Ready:
        with self._opening:
            if self._ready is None:
                service = read_wsdl(self._load(), connection=self._connection, name=self._name, operations=self._operations)
                self._ready = _Ready(open_http(self._settings, self._context, url=self._address(service)), service)
            return self._ready

    @property
    def _name(self) -> str:
        return self._wsdl.name if isinstance(self._wsdl, Path) else self._wsdl.partition("?")[0]

    def _load(self) -> bytes:
        if not is_url(self._wsdl):
            try:
                return Path(self._wsdl).read_bytes()
            except OSError as error:
                said = error.strerror or type(error).__name__
                raise self._unusable(Words(f"it can't be read ({said})", f"không đọc được tệp (máy báo: {said})")) from error
        url = str(self._wsdl)
        endpoint = self._settings.endpoint
        if endpoint and host_of(endpoint) != host_of(url):
            raise WsdlForeign(connection=self._connection, host=host_of(url), expected=host_of(endpoint))
        with open_http(self._settings, self._context, url=url) as http:
            reply = http.request("GET", "", safe=True)
        if reply.status != 200:  # noqa: PLR2004 - OK
            raise self._unusable(Words(f"HTTP {reply.status}", f"HTTP {reply.status}"))
        return reply.body

    def _address(self, service: Service) -> str:
        if self._settings.endpoint:
            return self._settings.endpoint
        if not service.address:
            raise self._unusable(Words("it has no soap:address, and no endpoint is set", "không có soap:address và cũng chưa đặt endpoint"))
        if not is_url(self._wsdl) or host_of(service.address) != host_of(str(self._wsdl)):
            raise AddressForeign(connection=self._connection, host=host_of(service.address) or service.address)
        return service.address

    def _unusable(self, reason: Words) -> WsdlUnusable:
        return WsdlUnusable(connection=self._connection, wsdl=self._name, reason=reason)
