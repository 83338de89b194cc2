"""Fixtures: the handlers, called with events, and an upstream over a real socket that gives a test's replies."""

import asyncio
import base64
import importlib.util
import io
import json
import os
import re
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import boto3
import certifi
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.secretsmanager.models import secretsmanager_backends
from moto.server import ThreadedMotoServer
from realtime.api_key import clear_api_key
from realtime.caller import clear_safety_key
from realtime.event_loop import event_loop
from realtime.http_client import http_client
from realtime.ledger import get_ledger
from realtime.presets import presets
from realtime.settings import Limits, Settings, settings
from realtime.telemetry import logger
from realtime.tls import ssl_context
from realtime.upstream import upstream as cached_upstream

from tests.certificate import Certificate, certificate
from tests.scripted_upstream import ScriptedUpstream, scripted_upstream

ROOT = Path(__file__).parent.parent
API_KEY = "sk-test-not-a-key"
SAFETY_KEY = "test-safety-key"
CLOSED_PORT = "http://127.0.0.1:9"
REGION = "eu-west-1"
"""Not that of the local stack: moto has one memory for all of a process."""

SDP = {"Content-Type": "application/sdp"}
QUIET = {"POWERTOOLS_LOG_LEVEL": "CRITICAL", "POWERTOOLS_METRICS_DISABLED": "true"}
"""For functions whose log and metrics a test does not read."""

Event = dict[str, Any]
Response = dict[str, Any]
Invoke = Callable[[Event], Response]
Result = TypeVar("Result")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--firefox", action="store_true", help="run the browser tests in Firefox instead of Chromium")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--firefox"):
        only = [item for item in items if item.get_closest_marker("firefox")]
        config.hook.pytest_deselected(items=only)
        items[:] = [item for item in items if item not in only]


@dataclass
class Context:
    aws_request_id: str = "11111111-2222-3333-4444-555555555555"
    function_name: str = "function-under-test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function-under-test"

    def get_remaining_time_in_millis(self) -> int:
        return 28_000


SETTINGS = {name.upper() for name in (*Settings._fields, *Limits._fields)}
PROXIES = {"ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_developer() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for name in list(os.environ):
            if name in SETTINGS or name.startswith(("AWS_", "OPENAI_", "POWERTOOLS_", "SSL_CERT")):
                patched.delenv(name)
        patched.setenv("no_proxy", "127.0.0.1")  # the fixtures' servers; what builds for all tests may need a proxy
        yield


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Remove the developer's proxies, and set test credentials."""
    for name in [name for name in os.environ if name.upper() in PROXIES]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return monkeypatch


@pytest.fixture(scope="session")
def secrets_manager() -> Iterator[Any]:
    """A client of Secrets Manager, with the keys in it."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    session = boto3.Session("test", "test", region_name=REGION)
    client = session.client("secretsmanager", endpoint_url=f"http://{host}:{port}")
    put_keys(client)
    yield client
    server.stop()


@pytest.fixture
def secrets(environment: pytest.MonkeyPatch, secrets_manager: Any) -> Iterator[Any]:
    """Secrets Manager, with the API key in it."""
    environment.setenv("API_KEY_SECRET_ID", "openai-api-key")
    environment.setenv("AWS_ENDPOINT_URL", secrets_manager.meta.endpoint_url)
    environment.setenv("SAFETY_KEY_SECRET_ID", "safety-key")
    if "openai-api-key" not in secretsmanager_backends[DEFAULT_ACCOUNT_ID][REGION].secrets:
        put_keys(secrets_manager)  # a test that used moto in this process has emptied it
    used: list[str] = []
    events = secrets_manager.meta.events
    events.register("before-call", lambda model, **_: used.append(model.name), unique_id="used")
    yield secrets_manager
    events.unregister("before-call", unique_id="used")
    if used:  # five requests would be a third of the time of most tests
        put_keys(secrets_manager)


def put_keys(client: Any) -> None:
    """Leave Secrets Manager with the API key and the safety key, and nothing else."""
    for secret in client.list_secrets()["SecretList"]:
        client.delete_secret(SecretId=secret["Name"], ForceDeleteWithoutRecovery=True)
    client.create_secret(Name="openai-api-key", SecretString=API_KEY)
    client.create_secret(Name="safety-key", SecretString=SAFETY_KEY)


@pytest.fixture
def upstream(environment: pytest.MonkeyPatch) -> Iterator[ScriptedUpstream]:
    with scripted_upstream() as scripted:
        environment.setenv("OPENAI_BASE_URL", scripted.url)
        yield scripted


@pytest.fixture(scope="session")
def certificate_files(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A self-signed certificate for 127.0.0.1, and four public authorities: splitting all of them takes seconds."""
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "public.pem").write_text(
        "".join(re.findall("-----BEGIN.+?END CERTIFICATE-----\n", certifi.contents(), re.DOTALL)[:4])
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(certifi, "where", lambda: str(folder / "public.pem"))
        return certificate(folder)


@pytest.fixture
def new_process(secrets: Any, upstream: ScriptedUpstream) -> Iterator[None]:
    """A process that has served nothing yet."""
    clear_caches()
    yield
    clear_caches()


@pytest.fixture
def unexpected_error(environment: pytest.MonkeyPatch) -> type[Exception]:
    """After a call was created, an exception that is not in the error tree is raised."""

    def check_answer(*_: object, **__: object) -> None:
        raise ZeroDivisionError("unexpected")

    environment.setattr("realtime.upstream.check_answer", check_answer)
    return ZeroDivisionError


def clear_caches() -> None:
    for cached in (settings, presets, cached_upstream, get_ledger, ssl_context):
        cached.cache_clear()
    clear_api_key()
    clear_safety_key()
    run(http_client.close())


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine on the event loop that the functions use."""
    return event_loop().run_until_complete(coroutine)


def function(name: str) -> Invoke:
    spec = importlib.util.spec_from_file_location(f"{name}_app", ROOT / "functions" / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def invoke(made: Event) -> Response:
        asyncio.set_event_loop(event_loop())  # Playwright, in the same process, leaves another one behind
        response: Response = module.handler(made, Context())
        return response

    return invoke


@pytest.fixture
def session(new_process: None) -> Invoke:
    return function("session")


@pytest.fixture
def token(new_process: None) -> Invoke:
    return function("token")


@pytest.fixture
def logged(environment: pytest.MonkeyPatch) -> io.StringIO:
    """What the functions write into their log."""
    log = io.StringIO()
    environment.setattr(logger.registered_handler, "stream", log)
    return log


def event(
    name: str,
    *,
    path: str = "",
    query: str = "",
    body: bytes | None = None,
    claims: dict[str, str] | None = None,
    **changes: Any,
) -> Event:
    """The event of that name in events/, with another path, query, body, or member of the top level.

    Args:
        name: of the file, without `.json`.
        path: as the client sent it.
        query: as the client sent it; of payload format 2.0 only.
        body: the body, which the event has in base64.
        claims: those of a verified token; without, nobody has signed in.
        changes: members of the top level.
    """
    made: Event = json.loads((ROOT / "events" / f"{name}.json").read_text())
    is_format_1 = made["version"] == "1.0"
    if path and is_format_1:
        made["path"] = path
    elif path:
        made["rawPath"] = made["requestContext"]["http"]["path"] = path
    if claims is not None:
        verified = {"claims": claims, "scopes": None}
        made["requestContext"]["authorizer"] = verified if is_format_1 else {"jwt": verified}
    if query:
        made["rawQueryString"] = query
    if body is not None:
        made |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return made | changes


REQUEST_ID: str = event("session")["requestContext"]["requestId"]
CLAIMS = {"sub": "person@example.com", "iss": "https://issuer.example"}
"""Of somebody who has signed in."""


def offer_of(made: Event) -> bytes:
    return base64.b64decode(made["body"])


def error(response: Response) -> dict[str, Any]:
    """Return the error in the body of a response."""
    body: dict[str, Any] = json.loads(response["body"])["error"]
    return body
