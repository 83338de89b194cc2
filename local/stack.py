"""Everything that a developer's machine runs in place of AWS and of the Realtime API."""

import asyncio
import secrets
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from starlette.types import ASGIApp

from local.gateway import Gateway
from local.intrinsics import REGION
from local.log import RequestLog
from local.page import WEB, Headers, catalogue, site
from local.ports import HOST, bound, free
from local.secrets import Secrets, secrets_manager
from local.template import TEMPLATE, Template
from local.upstream import StandIn, stand_in

OPENAI = "https://api.openai.com/v1"
OPEN = {"Access": "open", "AllowedOrigins": "*"}
"""The template's parameters, unless told otherwise."""


class Stack(NamedTuple):
    """What is running, and where."""

    url: str
    """The page, its /config.json and the routes: `http://127.0.0.1:…`, without a slash at the end."""
    route_keys: list[str]
    """The routes, as the template has them."""
    base_url: str
    """The Realtime API that the functions use, `/v1` included."""
    api_key: str
    """The standard key in Secrets Manager, which a stand-in accepts."""
    secret_id: str
    """The ARN of the secret that holds it."""
    aws: dict[str, str]
    """The variables by which a boto3 client reaches Secrets Manager: endpoint, region and credentials."""
    stand_in: StandIn | None
    """None where `base_url` was given."""


@contextmanager
def serve(
    *,
    port: int = 0,
    upstream_port: int = 0,
    moto_port: int = 0,
    parameters: Mapping[str, str] | None = None,
    base_url: str | None = None,
    api_key: str | None = None,
    environment: Mapping[str, str] | None = None,
    template: Path = TEMPLATE,
    web: Path = WEB,
    headers: Headers | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Stack]:
    """Run the whole stack on 127.0.0.1 while the context lasts: page, gateway, functions, secret and stand-in.

    In a test:

        with serve() as stack:
            answer = httpx.post(f"{stack.url}/session", content=offer, headers={"Content-Type": "application/sdp"})

    Everything is ready when the context begins, and all processes have ended when it ends. Several stacks may run at
    once. The functions' own output, tracebacks too, goes to stdout and stderr. A `moto.mock_aws()` that begins in the
    same process meanwhile empties Secrets Manager.

    Args:
        port: of page and gateway; 0 takes a free one, here as in the next two.
        upstream_port: of the stand-in.
        moto_port: of Secrets Manager.
        parameters: of the template, over `Access=open` and `AllowedOrigins=*`, e.g. `Access=signed-in` with an
            `Issuer` and an `Audience` of the test's own.
        base_url: an upstream of the caller's own, `/v1` included; without it the stand-in is started.
        api_key: the standard key; without it a new one is made.
        environment: variables that every function is given, e.g. `POWERTOOLS_LOG_LEVEL`.
        template: another template than the one that is deployed.
        web: another folder than that of the page.
        headers: of the page's responses, instead of the template's.
        say: takes one line for each request.

    Yields:
        What is running, and where.

    Raises:
        InvalidTemplate: the template or a parameter is not valid.
        Misconfigured: the presets are not valid.
        PortInUse: somebody else listens there.
        StandInEnded: the stand-in did not start.
    """
    catalogue()
    key = api_key or f"sk-local-{secrets.token_hex(16)}"
    with ExitStack() as running:
        listener = running.enter_context(bound(port, "PORT"))
        moto_port = free(moto_port, "MOTO_PORT")
        realtime = None
        if base_url is None:
            realtime = running.enter_context(stand_in(free(upstream_port, "UPSTREAM_PORT"), key))
        upstream = realtime.base_url if realtime else str(base_url)
        given = {**OPEN, "OpenAIBaseUrl": upstream, **(parameters or {})}
        read = Template(template, given)
        # A key that is somebody's own is kept from everybody else on the machine.
        access_key = "local" if realtime else secrets.token_hex(16)
        vault = running.enter_context(secrets_manager(moto_port, access_key))
        for name in read.resources("AWS::SecretsManager::Secret"):
            read.physical_ids[name] = vault.put(name, key)
        aws = _credentials(vault)
        gateway = Gateway(read, {**aws, **(environment or {})})
        config: dict[str, Any] = {
            "access": given["Access"],
            "calls_url": f"{upstream.rstrip('/')}/realtime/calls",
            **_sign_in(given),
        }
        if realtime or upstream == OPENAI:  # others may not know what it is
            config["dcid"] = 0
        app = RequestLog(site(gateway, web, config, read.page_headers if headers is None else headers), say)
        url = running.enter_context(_listening(app, listener, gateway))
        if realtime:
            realtime.wait_until_ready()
        route_keys = [route.key for route in read.routes]
        yield Stack(url, route_keys, upstream, key, next(iter(read.physical_ids.values()), ""), aws, realtime)


def _sign_in(given: Mapping[str, str]) -> dict[str, str]:
    """Say what the page needs to sign people in, as the template's page does on AWS."""
    if given["Access"] != "signed-in":
        return {}
    audience = given.get("Audience", "")
    client_id = given.get("ClientId") or audience
    return {"issuer": given.get("Issuer", ""), "client_id": client_id, "audience": audience}


def _credentials(vault: Secrets) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": vault.url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": vault.access_key,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def _listening(app: ASGIApp, listener: socket.socket, gateway: Gateway) -> Iterator[str]:
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}
    config = uvicorn.Config(app, lifespan="off", timeout_graceful_shutdown=1, **quiet)
    server, loop = uvicorn.Server(config), asyncio.new_event_loop()

    async def run() -> None:
        await server.serve([listener])
        gateway.close()

    def end() -> None:
        gateway.close()  # first, since the server would wait for the requests that are being answered
        server.should_exit = True

    thread = threading.Thread(target=_run, args=[loop, run()], daemon=True)
    port = listener.getsockname()[1]
    thread.start()
    while thread.is_alive() and not server.started:
        time.sleep(0.01)
    try:
        yield f"http://{HOST}:{port}"
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(end)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, main: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main)
