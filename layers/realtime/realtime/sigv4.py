"""AWS Signature Version 4, as an authentication of httpx.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import time
from collections.abc import Generator
from typing import NamedTuple

import httpx


class Credentials(NamedTuple):
    """The credentials of the function's role."""

    access_key: str
    secret_key: str
    session_token: str


class SigV4(httpx.Auth):
    """Signs a request.

    Args:
        credentials: of whoever sends it.
        service: name of the service, such as `secretsmanager`.
        region: its region.
    """

    requires_request_body = True

    def __init__(self, credentials: Credentials, service: str, region: str) -> None:
        self._credentials = credentials
        self._service, self._region = service, region

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Add the headers `X-Amz-Date`, `X-Amz-Security-Token` and `Authorization`."""
        now = request.headers.setdefault("X-Amz-Date", time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))
        if self._credentials.session_token:
            request.headers["X-Amz-Security-Token"] = self._credentials.session_token
        signed = sorted((name, " ".join(value.split())) for name, value in request.headers.items() if _is_signed(name))
        names = ";".join(name for name, _ in signed)
        lines = [request.method, request.url.path, "", *(f"{name}:{value}" for name, value in signed), "", names]
        canonical = "\n".join([*lines, _sha256(request.content)])
        scope = f"{now[:8]}/{self._region}/{self._service}/aws4_request"
        key = f"AWS4{self._credentials.secret_key}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{_sha256(canonical.encode())}"
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        credential = f"{self._credentials.access_key}/{scope}"
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
        )
        yield request


def _is_signed(header: str) -> bool:
    return header in ("host", "content-type") or header.startswith("x-amz-")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
