"""The one httpx client of the process: TLS, time limits, and connections that are surely alive."""

import time
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from realtime.timeouts import CONNECT_SECONDS, IDLE_SECONDS
from realtime.tls import ssl_context


class HttpClient:
    """Keeps one `httpx.AsyncClient`, and with it its connections, for the life of the process."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._last_used = 0.0

    async def get(self) -> httpx.AsyncClient:
        """Return the client, a new one if its connections were idle for too long.

        A connection may have died while Lambda had frozen the function, and would break with a call already paid for.
        Measured by the wall clock, since the monotonic clock may have been frozen too.
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
        # Retries are for connecting alone: nothing has been sent yet.
        transport=httpx.AsyncHTTPTransport(verify=ssl_context(), retries=1),
        # Reading and writing are limited as a whole, by asyncio.timeout: httpx limits each read by itself.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        # identity: a compressed body can be a thousand times as large as what was counted.
        headers={"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "realtime-serverless"},
        trust_env=False,
    )


http_client = HttpClient()
