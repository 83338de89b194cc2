"""Lets faults happen before the real gateway and functions; in lanes beside each other, for most of it is waiting."""

import json
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, get_args

import boto3
import httpx

from bench.certificate import certificate
from local.stack import Stack, serve
from local.template import TEMPLATE
from tests.faults.fault import KEY, PATIENCE, ROTATED, Fault, Place, holding
from tests.scripted_upstream import Reply, ScriptedUpstream, scripted_upstream

AT_ONCE = 5
"""Lanes beside each other: more of them would want more processor than there is."""

SLAMS = {"slams": 99, "TLS, reset once": 1}
"""How many connections are reset."""

NOWHERE = "http://127.0.0.1:9/v1"
QUIET = {"POWERTOOLS_LOG_LEVEL": "CRITICAL", "POWERTOOLS_METRICS_DISABLED": "true"}
TRANSPORT = ("date", "server", "content-length", "x-request-id", "apigw-requestid", "connection")

NAME_SERVER = """
import socket, time
found = socket.getaddrinfo
def look_up(host, *rest, **more):
    time.sleep(9 if str(host).rstrip("'").endswith(".example") else 0)  # anyio passes bytes
    return found(host, *rest, **more)
socket.getaddrinfo = look_up
"""


class Outcome(NamedTuple):
    """What a fault came to."""

    answer: Any
    """Status, headers and body; None where nobody was there to get it."""
    request_id: str
    secret: str
    asked: int
    asked_for_key: int
    left: int
    seconds: float


class Lane(NamedTuple):
    """A stack, and what it talks to."""

    stack: Stack
    upstream: ScriptedUpstream
    secrets: ScriptedUpstream
    client: httpx.Client

    def meet(self, fault: Fault) -> Outcome:
        """Let one fault happen, and see what is left of it."""
        self.prepare(fault)
        self.upstream.asked.clear()
        self.upstream.open_calls.clear()
        self.secrets.asked.clear()
        began = time.monotonic()
        answer, request_id = self.happen(fault)
        seconds = time.monotonic() - began
        secret = self.stack.secret_id.rpartition(":")[2].rpartition("-")[0]
        asked, asked_for_key = len(self.upstream.asked), len(self.secrets.asked)
        return Outcome(answer, request_id, secret, asked, asked_for_key, len(self.upstream.open_calls), seconds)

    def prepare(self, fault: Fault) -> None:
        if fault.rotated:
            rotate(self.stack)
        if fault.place == "slams":  # the connection that is there must be gone before
            self.upstream.says(Reply(raw=[]))
            self.answer(fault)
        self.upstream.slams = SLAMS.get(fault.place, 0)
        self.upstream.says(*(fault.upstream or [Reply()]))
        self.secrets.says(*(fault.secrets or [holding(KEY)]))

    def happen(self, fault: Fault) -> tuple[Any, str]:
        if fault.place == "client":
            return self.leave(fault)
        if fault.place == "process":
            threading.Thread(target=self.kill, daemon=True).start()
        return self.answer(fault)

    def kill(self) -> None:
        """Kill the function's process while the upstream thinks."""
        while not self.upstream.asked:
            time.sleep(0.01)
        mine = f"OPENAI_BASE_URL={self.upstream.url}".encode()
        for process in [int(one.name) for one in Path("/proc").glob("[0-9]*") if mine in environment_in(one)]:
            os.kill(process, signal.SIGKILL)

    def answer(self, fault: Fault) -> tuple[Any, str]:
        method, path = fault.request.split()
        response = self.client.request(method, path, **fault.sent)
        headers = {name: value for name, value in response.headers.items() if name not in TRANSPORT}
        is_json = headers["content-type"] == "application/json"
        body = response.json() if is_json else response.text
        return (response.status_code, headers, body), response.headers.get("x-request-id", "")

    def leave(self, fault: Fault) -> tuple[None, str]:
        with suppress(httpx.ReadTimeout):
            httpx.post(self.stack.url + "/session", timeout=0.4, **fault.sent)
        while not self.upstream.open_calls:
            time.sleep(0.05)
        return None, ""


def measure(faults: Sequence[Fault]) -> dict[str, Outcome]:
    """Let every fault happen; the outcomes by the faults' ids."""
    usual = at(faults, "upstream", "slams")
    lanes = [usual[::2], usual[1::2] + at(faults, "client")]
    lanes += [at(faults, place) for place in get_args(Place) if place not in ("upstream", "slams", "secrets", "client")]
    lanes.append([fault for fault in at(faults, "secrets") if fault.status != 201])
    # A function that has the key would not ask for it again.
    lanes += [[fault] for fault in at(faults, "secrets") if fault.status == 201]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return {named: outcome for outcomes in pool.map(drive, lanes) for named, outcome in outcomes.items()}


def at(faults: Sequence[Fault], *places: Place) -> list[Fault]:
    return [fault for fault in faults if fault.place in places]


def drive(faults: Sequence[Fault]) -> dict[str, Outcome]:
    """Let faults happen one after the other; where time is short, in functions that are warm."""
    with lane(faults[0].place) as one:
        if faults[0].place in ("upstream", "slams", "TLS", "function", "process"):
            for path in {fault.request.partition("?")[0]: fault for fault in faults}.values():
                one.client.request(*path.request.split(), **path.sent)
        return {fault.id: one.meet(fault) for fault in faults}


@contextmanager
def lane(place: Place) -> Iterator[Lane]:
    """Run a stack before what is broken."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        tls = certificate(folder) if place in ("TLS", "TLS, reset once", "TLS, untrusted") else None
        upstream = running.enter_context(scripted_upstream(tls=tls))
        silent = running.enter_context(socket.create_server(("127.0.0.1", 0)))
        secrets = running.enter_context(scripted_upstream())
        environment = environment_of(place, secrets.url.removesuffix("/v1"))
        if tls and place != "TLS, untrusted":
            environment["SSL_CERT_DIR"] = str(tls.folder)
        stack = running.enter_context(
            serve(
                base_url=address_of(place, upstream.url, silent.getsockname()[1]),
                api_key=KEY,
                environment=QUIET | environment,
                template=altered(folder, place),
            )
        )
        client = running.enter_context(httpx.Client(base_url=stack.url, timeout=30))
        yield Lane(stack, upstream, secrets, client)


def address_of(place: Place, upstream: str, silent: int) -> str:
    elsewhere = {
        "nothing listens": NOWHERE,
        "upstream's name": upstream.replace("127.0.0.1", "upstream.example"),
        "TLS, spoken by nobody": upstream.replace("http:", "https:"),
        "TLS, never spoken": f"https://127.0.0.1:{silent}/v1",
    }
    return elsewhere.get(place, upstream)


def environment_in(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:  # it is gone, or not ours
        return []


def environment_of(place: Place, secrets: str) -> dict[str, str]:
    if place == "secrets":
        return {"AWS_ENDPOINT_URL": secrets}
    if place == "secrets' name":
        return {"AWS_ENDPOINT_URL": secrets.replace("127.0.0.1", "secretsmanager.example")}
    return {} if place == "function" else {"UPSTREAM_TIMEOUT_SECONDS": str(PATIENCE)}


def altered(folder: Path, place: Place) -> Path:
    """Write the template anew, for a function that has less time, or a name server of our own."""
    (folder / "layers").symlink_to(TEMPLATE.parent / "layers")
    for function in ("session", "token"):
        (folder / "functions" / function).mkdir(parents=True)
        (folder / "functions" / function / "app.py").symlink_to(TEMPLATE.parent / "functions" / function / "app.py")
    if place.endswith(" name"):
        (folder / "functions" / "session" / "sitecustomize.py").write_text(NAME_SERVER)
    text = TEMPLATE.read_text()
    if place == "function":
        text = text.replace("    Timeout: 28\n", "    Timeout: 3\n")
    (folder / "template.yaml").write_text(text)
    return folder / "template.yaml"


def rotate(stack: Stack) -> None:
    session = boto3.Session(stack.aws["AWS_ACCESS_KEY_ID"], "local", region_name=stack.aws["AWS_DEFAULT_REGION"])
    client = session.client("secretsmanager", endpoint_url=stack.aws["AWS_ENDPOINT_URL"])
    client.put_secret_value(SecretId=stack.secret_id, SecretString=json.dumps({"OPENAI_API_KEY": ROTATED}))
