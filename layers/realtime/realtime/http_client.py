"""The one httpx client of the process: TLS, proxies, time limits, and no connections that were idle for long."""

import ssl
import time
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from realtime.timeouts import CONNECT_SECONDS, IDLE_SECONDS
from realtime.tls import ssl_context

LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")

MAX_CONNECTIONS = 20
"""At once; twice as many as the sweep hangs up at once. Further requests wait for one."""

CONNECTION_ERRORS = (httpx.RequestError, ssl.SSLError)
"""There is no connection, or it broke. An error of TLS after the handshake is not translated by httpx."""


class HttpClient:
    """Keeps one `httpx.AsyncClient`, and with it its connections, for the life of the process."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._used_at: float | None = None
        self._upstream_used_at: float | None = None

    async def send(self, method: str, url: str, *, auth: httpx.Auth | None = None, **request: Any) -> httpx.Response:
        """Send a request; once more if no connection could be made, since nothing has been sent then.

        Args:
            method: HTTP method.
            url: absolute URL.
            auth: signs the request.
            request: further arguments of `httpx.Request`.

        Returns:
            The response, its body not yet read; the caller closes it.

        Raises:
            httpx.RequestError, ssl.SSLError: there is no connection, or it broke.
        """
        client = self._client = self._client or _new_client()
        built = client.build_request(method, url, **request)
        built.read()  # or httpx would write each part of a form separately
        try:
            response = await client.send(built, auth=auth, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            response = await client.send(built, auth=auth, stream=True)
        self._used_at = time.time()
        return response

    def mark_upstream_used(self) -> None:
        """Remember that the upstream has just answered."""
        self._upstream_used_at = time.time()

    async def close_if_idle(self) -> None:
        """Close all connections at the start of an invocation, if they, or the upstream's, were idle for too long.

        A connection may have died while Lambda had frozen the function. A request on it might fail after the upstream
        has created a call, which costs money. Measured by the wall clock, since Lambda may freeze the monotonic one,
        by which httpx itself closes idle connections. Nothing is in flight at the start of an invocation.
        """
        now = time.time()
        if any(
            used_at and not 0 <= now - used_at < IDLE_SECONDS for used_at in (self._used_at, self._upstream_used_at)
        ):
            await self.close()

    async def close(self) -> None:
        """Close all connections; the next request opens new ones."""
        client, self._client = self._client, None
        self._used_at = self._upstream_used_at = None
        if client:
            await client.aclose()


def without_content(error: Exception) -> Exception:
    """Return an error that may be logged: httpx quotes what is not HTTP, and a server may send a key back.

    Args:
        error: one of CONNECTION_ERRORS.
    """
    if isinstance(error, httpx.ProtocolError):
        return type(error)("the response is not HTTP, or ended too soon")
    return error


def _new_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=ssl_context(),
        mounts=dict.fromkeys(LOOPBACK),  # where SnapStart has the role's credentials; never through a proxy
        # Reading and writing are limited as a whole, by asyncio.timeout: httpx limits each read by itself.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=IDLE_SECONDS),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        # identity: a small compressed body can expand a thousandfold.
        headers={"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "realtime-serverless"},
        trust_env=True,  # HTTPS_PROXY and NO_PROXY; httpx reads no .netrc by itself
    )


http_client = HttpClient()
