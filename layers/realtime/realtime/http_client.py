"""The one httpx client of the process: TLS, proxies, time limits, and connections that were used a moment ago."""

import time
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from realtime.timeouts import CONNECT_SECONDS, IDLE_SECONDS
from realtime.tls import ssl_context

LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")


class HttpClient:
    """Keeps one `httpx.AsyncClient`, and with it its connections, for the life of the process."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._last_used = 0.0

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
            httpx.TransportError: there is no connection, or it broke.
        """
        client = await self._get()
        built = client.build_request(method, url, **request)
        built.read()  # or httpx would write each part of a form separately
        try:
            return await client.send(built, auth=auth, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return await client.send(built, auth=auth, stream=True)

    async def _get(self) -> httpx.AsyncClient:
        """Return the client, a new one if its connections were idle for too long.

        A connection may have died while Lambda had frozen the function. A request on it might fail after the upstream
        has created a call, which costs money. Measured by the wall clock, since Lambda may freeze the monotonic one.
        """
        now = time.time()
        if self._client and not 0 <= now - self._last_used < IDLE_SECONDS:
            await self.close()
        self._last_used = now
        self._client = self._client or _new_client()
        return self._client

    async def close(self) -> None:
        """Close all connections; the next request opens new ones."""
        if self._client:
            await self._client.aclose()
            self._client = None


def _new_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=ssl_context(),
        mounts=dict.fromkeys(LOOPBACK),  # where SnapStart has the role's credentials; never through a proxy
        # Reading and writing are limited as a whole, by asyncio.timeout: httpx limits each read by itself.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        # identity: a small compressed body can expand a thousandfold.
        headers={"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "realtime-serverless"},
        trust_env=True,  # HTTPS_PROXY and NO_PROXY; httpx reads no .netrc by itself
    )


http_client = HttpClient()
