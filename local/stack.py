"""The whole local stack: page, gateway, functions, Secrets Manager, DynamoDB and a stand-in for the Realtime API."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from starlette.middleware.trustedhost import TrustedHostMiddleware

from local.aws import Aws, aws
from local.gateway import Gateway
from local.headers import Headers
from local.intrinsics import REGION
from local.log import Log, RequestLog
from local.page import WEB, catalogue, site
from local.ports import bind, free
from local.server import Server, serving
from local.template import TEMPLATE, Template, parameter_names
from local.upstream import StandIn, stand_in

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names of this machine. A page of another site can make its own name mean 127.0.0.1 (DNS rebinding), and would
then be of the same origin as the routes."""

OPENAI = "https://api.openai.com/v1"
UNLIMITED = dict.fromkeys(["MaxCallMinutes", "CallsAtOnce", "MinutesPerPersonPerDay", "MinutesPerDay"], "0")
OPEN = {"Access": "open", "AllowedOrigins": "*"}
"""The default parameters of the template, locally."""


class Stack(NamedTuple):
    """The running stack's addresses and credentials."""

    url: str
    """The URL of the page, its /config.json and the routes: `http://127.0.0.1:…`, without a slash at the end."""
    route_keys: list[str]
    """The route keys in the template."""
    base_url: str
    """The URL of the Realtime API that the functions call, including `/v1`."""
    api_key: str
    """The standard API key in Secrets Manager, which the stand-in accepts."""
    secret_id: str
    """The ARN of the secret with that key."""
    aws: dict[str, str]
    """Environment variables by which boto3 reaches Secrets Manager: endpoint, region and credentials."""
    stand_in: StandIn | None
    """None where `base_url` was given."""
    server: Server
    """Serves the page and the routes."""
    ledger_table: str = ""
    """The name of the DynamoDB table; empty without limits."""

    def check(self) -> None:
        """Check that everything is running.

        Raises:
            ServerEnded: the server of page and routes has ended.
            StandInEnded: the stand-in has ended.
        """
        self.server.check()
        if self.stand_in:
            self.stand_in.check()


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
    hosts: Sequence[str] = (),
    log: Log = lambda _: None,
) -> Iterator[Stack]:
    """Run the whole stack on 127.0.0.1 until the context ends.

    In a test:

        with serve() as stack:
            answer = httpx.post(f"{stack.url}/session", content=offer, headers={"Content-Type": "application/sdp"})

    Everything is ready when the context begins, and all processes have ended when it ends. Several stacks may run at
    once. The functions' output, including tracebacks, goes to stdout and stderr. Do not use `moto.mock_aws()` in
    the same process meanwhile: it deletes everything in moto's memory, which has the stack's secrets and tables too.

    Args:
        port: the port of page and gateway; 0 chooses a free one, also in the next two.
        upstream_port: the port of the stand-in.
        moto_port: the port of Secrets Manager.
        parameters: parameters of the template; the defaults are `Access=open`, `AllowedOrigins=*` and no limits. A test
            of signing in gives `Access=signed-in`, `Issuer` and `Audience`.
        base_url: the URL of an upstream, including `/v1`; without it the stand-in is started.
        api_key: the standard API key; without it a random one is made.
        environment: variables that every function gets, e.g. `POWERTOOLS_LOG_LEVEL`.
        template: the template; the default is the one that is deployed.
        web: the page's folder.
        headers: response headers of the page's files by path pattern; the default are those of the template.
        hosts: further names, not of this machine, by which the page and the routes may be called.
        log: called with one line for each request.

    Yields:
        The running stack.

    Raises:
        InvalidTemplate: the template or a parameter is not valid.
        Misconfigured: the presets are not valid.
        PortInUse: one of the ports is in use or not allowed, or two of them are the same.
        StandInEnded: the stand-in did not start.
    """
    catalogue((parameters or {}).get("DefaultPreset"))
    key = api_key or f"sk-local-{secrets.token_hex(16)}"
    with ExitStack() as running:
        listener = running.enter_context(bind(port, "PORT"))
        upstream_listener = (
            None if base_url is not None else running.enter_context(bind(upstream_port, "UPSTREAM_PORT"))
        )
        if moto_port:
            # For an error that names the variable. Only after the others listen, since it may be one of their ports.
            free(moto_port, "MOTO_PORT")
        realtime = running.enter_context(stand_in(upstream_listener, key)) if upstream_listener else None
        upstream = realtime.base_url if realtime else str(base_url)
        given = {**_default_parameters(template), "OpenAIBaseUrl": upstream, **(parameters or {})}
        parsed = Template(template, given)
        # A real API key must not be readable for other users of the machine.
        access_key = "local" if realtime else secrets.token_hex(16)
        services = running.enter_context(aws(moto_port, access_key))
        _create_resources(parsed, services, key)
        variables = _aws_variables(services)
        gateway = Gateway(parsed, {**variables, **(environment or {})})
        config = _page_config(given, upstream, takes_dcid=bool(realtime) or upstream == OPENAI)
        if realtime:
            realtime.wait_until_ready()  # before anything is served: a call made at once would fail
        app = RequestLog(site(gateway, web, config, parsed.page_headers if headers is None else headers), log)
        server = running.enter_context(serving(TrustedHostMiddleware(app, [*HOSTS, *hosts]), listener, gateway))
        route_keys, ids = [route.key for route in parsed.routes], parsed.physical_ids
        secret_id, ledger_table = ids.get("ApiKeySecret", ""), ids.get("Ledger", "")
        yield Stack(server.url, route_keys, upstream, key, secret_id, variables, realtime, server, ledger_table)


def _default_parameters(template: Path) -> dict[str, str]:
    return {**OPEN, **{name: UNLIMITED[name] for name in parameter_names(template) & UNLIMITED.keys()}}


def _create_resources(template: Template, services: Aws, key: str) -> None:
    """Create the secrets and tables, to which the template then refers; a secret that is not generated has the key."""
    for name, secret in template.resources("AWS::SecretsManager::Secret").items():
        generated = "GenerateSecretString" in secret["Properties"]
        template.physical_ids[name] = services.create_secret(name, secrets.token_hex(32) if generated else key)
    for name, table in template.tables.items():
        template.physical_ids[name] = services.create_table(name, table)


def _page_config(given: Mapping[str, str], upstream: str, *, takes_dcid: bool) -> dict[str, Any]:
    """Make the members of /config.json that are not about presets; on AWS the template makes them."""
    return {
        "access": given["Access"],
        "calls_url": f"{upstream.rstrip('/')}/realtime/calls",
        "default_preset": given.get("DefaultPreset", ""),
        **_sign_in(given),
        **({"dcid": 0} if takes_dcid else {}),  # other upstreams may not support this parameter
    }


def _sign_in(given: Mapping[str, str]) -> dict[str, str]:
    """Make the members by which the page signs people in."""
    if given["Access"] != "signed-in":
        return {}
    audience = given.get("Audience", "")
    client_id = given.get("ClientId") or audience
    scope = {"scope": given["Scope"]} if given.get("Scope") else {}
    return {"issuer": given.get("Issuer", ""), "client_id": client_id, "audience": audience, **scope}


def _aws_variables(services: Aws) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": services.url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": services.access_key,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
