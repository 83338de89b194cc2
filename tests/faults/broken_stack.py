"""Runs the real gateway and functions with one broken component, and makes each fault of it happen.

Groups of faults run at the same time, since they spend most of it waiting.
"""

import json
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, get_args

import httpx

from local.stack import Stack, serve
from tests.certificate import certificate
from tests.conftest import CLOSED_PORT, QUIET
from tests.faults.fault import KEY, ROTATED, UPSTREAM_SECONDS, Component, Fault, secret_reply
from tests.local_stack import client, function_headers, kill_functions, write_template
from tests.scripted_upstream import Reply, ScriptedUpstream, scripted_upstream
from tests.waiting import wait_until

CONCURRENT_STACKS = 5
"""Groups of faults that run at the same time: more would need more processor than two cores have."""

RESETS = {"TCP, reset": 99, "TLS, reset once": 1}
"""How many connections are reset as soon as they are made."""


SLOW_NAME_LOOKUP = """
import socket, time
found = socket.getaddrinfo
def look_up(host, *rest, **more):
    time.sleep(9 if str(host).rstrip("'").endswith(".example") else 0)  # anyio passes bytes
    return found(host, *rest, **more)
socket.getaddrinfo = look_up
"""


class Outcome(NamedTuple):
    """What was seen of a fault."""

    answer: Any
    """Status, headers and body; None if the client had disconnected."""
    request_id: str
    secret: str
    asked: int
    asked_for_key: int
    left: int
    seconds: float


class BrokenStack(NamedTuple):
    """A running stack with a broken component, and the servers that it uses."""

    stack: Stack
    upstream: ScriptedUpstream
    secrets: ScriptedUpstream
    client: httpx.Client

    def run(self, fault: Fault) -> Outcome:
        """Make one fault happen, and count requests and open calls."""
        self.prepare(fault)
        self.upstream.asked.clear()
        self.upstream.open_calls.clear()
        self.secrets.asked.clear()
        began = time.monotonic()
        answer, request_id = self.send(fault)
        seconds = time.monotonic() - began
        secret = self.stack.secret_id.rpartition(":")[2].rpartition("-")[0]
        asked, asked_for_key = len(self.upstream.asked), len(self.secrets.asked)
        return Outcome(answer, request_id, secret, asked, asked_for_key, len(self.upstream.open_calls), seconds)

    def prepare(self, fault: Fault) -> None:
        if fault.rotated:
            rotate_key(self.stack)
        if fault.component == "TCP, reset":  # an open connection would be used without connecting again
            self.upstream.says(Reply(raw=[]))
            self.request(fault)
        self.upstream.connections_to_reset = RESETS.get(fault.component, 0)
        self.upstream.says(*(fault.upstream or [Reply()]))
        self.secrets.says(*(fault.secrets or [secret_reply(KEY)]))

    def send(self, fault: Fault) -> tuple[Any, str]:
        if fault.component == "client":
            return self.disconnect(fault)
        if fault.component == "process":
            threading.Thread(target=self.kill, daemon=True).start()
        return self.request(fault)

    def kill(self) -> None:
        """Kill the function's process while it waits for the upstream."""
        wait_until(lambda: self.upstream.asked, interval=0.01)
        kill_functions(self.upstream.url)

    def request(self, fault: Fault) -> tuple[Any, str]:
        method, path = fault.request.split()
        response = self.client.request(method, path, **fault.sent)
        headers = function_headers(response.headers, "x-request-id")
        is_json = headers.get("content-type") == "application/json"
        body = response.json() if is_json else response.text
        return (response.status_code, headers, body), response.headers.get("x-request-id", "")

    def disconnect(self, fault: Fault) -> tuple[None, str]:
        with suppress(httpx.ReadTimeout):
            httpx.post(self.stack.url + "/session", timeout=0.4, **fault.sent)
        wait_until(lambda: self.upstream.open_calls)
        return None, ""


def measure(faults: Sequence[Fault]) -> dict[str, Outcome]:
    """Make every fault happen.

    Returns:
        The outcomes by the faults' ids.
    """
    most = with_component(faults, "upstream", "TCP, reset")
    groups = [most[::2], most[1::2] + with_component(faults, "client")]
    groups += [
        with_component(faults, component)
        for component in get_args(Component)
        if component not in ("upstream", "TCP, reset", "secrets", "client")
    ]
    groups.append([fault for fault in with_component(faults, "secrets") if fault.status != 201])
    # Each in a new stack: a function that has the key does not read it again.
    groups += [[fault] for fault in with_component(faults, "secrets") if fault.status == 201]
    with ThreadPoolExecutor(CONCURRENT_STACKS) as pool:
        return {named: outcome for outcomes in pool.map(run_group, groups) for named, outcome in outcomes.items()}


def with_component(faults: Sequence[Fault], *components: Component) -> list[Fault]:
    return [fault for fault in faults if fault.component in components]


def run_group(faults: Sequence[Fault]) -> dict[str, Outcome]:
    """Make faults happen one after the other; where time limits are short, after a request that is not counted."""
    with broken_stack(faults[0].component) as one:
        if faults[0].component in ("upstream", "TCP, reset", "TLS", "function", "process"):
            for path in {fault.request.partition("?")[0]: fault for fault in faults}.values():
                one.client.request(*path.request.split(), **path.sent)
        return {fault.id: one.run(fault) for fault in faults}


@contextmanager
def broken_stack(component: Component) -> Iterator[BrokenStack]:
    """Run a stack of which one component is broken."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        tls = certificate(folder) if component in ("TLS", "TLS, reset once", "TLS, untrusted") else None
        upstream = running.enter_context(scripted_upstream(tls=tls))
        unanswered = running.enter_context(socket.create_server(("127.0.0.1", 0)))
        secrets = running.enter_context(scripted_upstream())
        environment = environment_of(component, secrets.root)
        if tls and component != "TLS, untrusted":
            environment["SSL_CERT_DIR"] = str(tls.folder)
        stack = running.enter_context(
            serve(
                base_url=address_of(component, upstream.url, unanswered.getsockname()[1]),
                api_key=KEY,
                environment=QUIET | environment,
                parameters={"MaxCallMinutes": "15"} if component.startswith("ledger") else {},
                template=template_for(component, folder),
            )
        )
        client = running.enter_context(httpx.Client(base_url=stack.url, timeout=30))
        yield BrokenStack(stack, upstream, secrets, client)


def address_of(component: Component, upstream: str, unanswered: int) -> str:
    addresses = {
        "TCP, refused": f"{CLOSED_PORT}/v1",
        "upstream's name": upstream.replace("http://127.0.0.1", "https://upstream.example"),
        "TLS, answered with HTTP": upstream.replace("http:", "https:"),
        "TLS, no answer": f"https://127.0.0.1:{unanswered}/v1",
    }
    return addresses.get(component, upstream)


def environment_of(component: Component, secrets: str) -> dict[str, str]:
    if component == "secrets":
        return {"AWS_ENDPOINT_URL": secrets}
    if component == "ledger":
        return {"AWS_ENDPOINT_URL_DYNAMODB": secrets, "UPSTREAM_TIMEOUT_SECONDS": str(UPSTREAM_SECONDS)}
    if component == "ledger's name":
        return {"AWS_ENDPOINT_URL_DYNAMODB": secrets.replace("127.0.0.1", "dynamodb.example")}
    if component == "secrets' name":
        return {"AWS_ENDPOINT_URL": secrets.replace("127.0.0.1", "secretsmanager.example")}
    return {} if component == "function" else {"UPSTREAM_TIMEOUT_SECONDS": str(UPSTREAM_SECONDS)}


def template_for(component: Component, folder: Path) -> Path:
    """Write a template for functions that have less time, or whose name look-up is slow."""
    first = {"session": SLOW_NAME_LOOKUP} if component.endswith(" name") else {}
    timeout = 3 if component == "function" else 28
    return write_template(
        folder, lambda text: text.replace("    Timeout: 28\n", f"    Timeout: {timeout}\n"), first=first
    )


def rotate_key(stack: Stack) -> None:
    secret = json.dumps({"OPENAI_API_KEY": ROTATED})
    client(stack, "secretsmanager").put_secret_value(SecretId=stack.secret_id, SecretString=secret)
