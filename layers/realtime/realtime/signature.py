"""AWS Signature Version 4, for the one request that we sign ourselves.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import time
from typing import NamedTuple


class Credentials(NamedTuple):
    """Temporary credentials of the function's role."""

    access_key: str
    secret_key: str
    token: str | None
    """The session token; long-lived keys have none."""


def signed(
    credentials: Credentials,
    *,
    service: str,
    region: str,
    headers: dict[str, str],
    body: bytes,
    now: float | None = None,
) -> dict[str, str]:
    """Sign a POST to `/`.

    Args:
        credentials: by whom.
        service: the service's name in the signature's scope, e.g. `secretsmanager`.
        region: its region.
        headers: `Host` and all the others that are to be signed.
        body: the body.
        now: seconds since the epoch.

    Returns:
        All headers of the request.
    """
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    headers = {**headers, "X-Amz-Date": moment}
    if credentials.token:
        headers["X-Amz-Security-Token"] = credentials.token
    lines = sorted((name.lower(), value) for name, value in headers.items())
    names = ";".join(name for name, _ in lines)
    canonical = "\n".join(["POST", "/", "", *(f"{name}:{value}" for name, value in lines), "", names, _sha256(body)])
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    key = f"AWS4{credentials.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{_sha256(canonical.encode())}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return headers


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
