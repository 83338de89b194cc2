"""The sockets to the upstream: each wait on one ends with the deadline, however slowly something trickles in.

httpx limits single reads. These limit all of them together, name look-up included.
Source: https://www.encode.io/httpcore/network-backends/
"""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from realtime.deadline import left, waited_for
from realtime.trust import TLS

CONNECT_SECONDS = 5
"""For each of two: the connection, name look-up included; what TLS has to say over it."""


class Transport(httpx.HTTPTransport):
    """How httpx speaks to the upstream: over one connection, that is kept."""

    def __init__(self) -> None:
        # httpx itself has no place for a network backend; all that its class does is to make this pool. It tries once
        # more to connect, never to send: no call can exist yet.
        self._pool = httpcore.ConnectionPool(ssl_context=TLS, retries=1, network_backend=_Network())


class _Network(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = min(CONNECT_SECONDS, _patience(httpcore.ConnectTimeout))
        connect = super().connect_tcp
        try:
            return _Stream(waited_for(lambda: connect(host, port, seconds, local_address, socket_options), seconds))
        except TimeoutError as silent:
            raise httpcore.ConnectTimeout("no name server answers") from silent


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _patience(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _patience(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        seconds = min(CONNECT_SECONDS, _patience(httpcore.ConnectTimeout))
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _patience(late: type[httpcore.TimeoutException]) -> float:
    # Asked each time: who sends without a pause would never be waited for, and so never be too late.
    if not (seconds := left()):
        raise late("the deadline has passed")
    return seconds
