"""The sockets to the upstream: each wait on one ends with the deadline, however slowly something trickles in.

httpx limits single reads. These limit all of them together, name look-up included.
Source: https://www.encode.io/httpcore/network-backends/
"""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from realtime.deadline import left, waited_for
from realtime.trust import TLS

CONNECT_SECONDS = 5
"""For each of two: the connection, name look-up included; what TLS has to say over it."""


IDLE_SECONDS = 5
"""How long a connection may have been idle; servers close theirs after five seconds and more."""


class Transport(httpx.HTTPTransport):
    """How httpx speaks to the upstream: over one connection, that is kept for as long as it surely lives."""

    def __init__(self) -> None:
        # httpx itself has no place for a network backend; all that its class does is to make this pool. It tries once
        # more to connect, never to send: no call can exist yet.
        self._pool = httpcore.ConnectionPool(ssl_context=TLS, retries=1, network_backend=_Network())
        self._used = time.time()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: the request.

        Returns:
            The response, its body unread.

        Raises:
            httpx.TransportError: it could not be sent, or nothing usable came back in time.
        """
        self._leave_if_idle()
        return super().handle_request(request)

    def _leave_if_idle(self) -> None:
        """Leave a connection that may have died while the function was frozen: it could break only once it is used.

        By the clock on the wall, since the function's own may have stood still.
        """
        slept, self._used = time.time() - self._used, time.time()
        if not 0 <= slept < IDLE_SECONDS:
            self.close()


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
