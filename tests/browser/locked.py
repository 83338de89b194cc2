"""An OpenID provider on this machine, and the local stack that requires its tokens."""

import base64
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import jwt

from local.page import WEB
from local.ports import free
from local.stack import Stack, serve
from tests.conftest import QUIET
from tests.waiting import wait_until

CLIENT_ID = "the-page"
ANN = "ann@example.com"
NODE = str(Path(sys.executable).with_name("node"))
PROVIDER = str(Path(__file__).with_name("openid-provider.js"))
SHORT = 12
"""Seconds: enough for a busy machine to sign in, and to use the token once."""


class Locked(NamedTuple):
    stack: Stack
    issuer: str

    @property
    def url(self) -> str:
        return self.stack.url


@contextmanager
def locked_stack(life: int, api: str = "", slash: str = "", web: Path = WEB) -> Iterator[Locked]:
    """Run a provider, and an API that requires its tokens, until the context ends.

    Args:
        life: lifetime of the tokens in seconds.
        api: the API's audience, for which the provider issues access tokens as JWTs; without one the API accepts the
            page's id tokens.
        slash: the end of the issuer's name, "/" or nothing.
        web: the page's folder.
    """
    page, port, upstream = (free(0, "") for _ in range(3))
    url = f"http://127.0.0.1:{port}"
    issuer = f"{url}{slash}"
    command = [NODE, PROVIDER, issuer, f"http://127.0.0.1:{page}/", str(life), api]
    provider = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: answers(url))
        with serve(
            port=page,
            upstream_port=upstream,
            parameters={"Access": "signed-in", "Issuer": issuer, "Audience": api or CLIENT_ID, "ClientId": CLIENT_ID},
            environment=QUIET,
            web=web,
        ) as stack:
            yield Locked(stack, url)
    finally:
        os.killpg(provider.pid, signal.SIGTERM)  # node and the wrapper of its wheel
        provider.wait()


def answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration").status_code == 200
    except httpx.ConnectError:
        return False


def tokens(locked: Locked, client_id: str = CLIENT_ID) -> dict[str, str]:
    """Sign in without a browser."""
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    redirect = {"client_id": client_id, "redirect_uri": f"{locked.url}/"}
    asked = {"response_type": "code", "scope": "openid email", "code_challenge": challenge}
    with httpx.Client(follow_redirects=True) as client:
        form = client.get(f"{locked.issuer}/auth", params={**redirect, **asked, "code_challenge_method": "S256"})
        back = client.post(form.url, data={"prompt": "login", "login": ANN, "password": "any"})
    grant = {"grant_type": "authorization_code", "code": back.url.params["code"], "code_verifier": verifier}
    answer: dict[str, str] = httpx.post(f"{locked.issuer}/token", data={**redirect, **grant}).json()
    return answer


def wait_for_expiry(token: str) -> None:
    wait_until(lambda: time.time() > claims(token)["exp"] + 0.5, 2 * SHORT)


def claims(token: str) -> dict[str, Any]:
    decoded: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return decoded
