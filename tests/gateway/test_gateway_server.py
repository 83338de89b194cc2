"""The stack's servers: two cannot have the same port, and one that has ended is noticed."""

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from local.gateway import Gateway
from local.ports import PortInUse, free
from local.server import ServerEnded, serving
from local.stack import serve
from local.template import Template
from local.upstream import StandInEnded
from tests.conftest import QUIET
from tests.gateway.conftest import NOWHERE, write_api
from tests.waiting import wait_until


@pytest.mark.parametrize(
    ("first", "second", "variable"),
    [
        ("port", "upstream_port", "UPSTREAM_PORT"),
        ("port", "moto_port", "MOTO_PORT"),
        ("upstream_port", "moto_port", "MOTO_PORT"),
    ],
)
def test_two_servers_cannot_have_the_same_port(first: str, second: str, variable: str) -> None:
    port = free(0, "PORT")
    same = {first: port, second: port}

    with (
        pytest.raises(PortInUse, match=f"port {port} is in use or not allowed: set {variable} to another one"),
        serve(port=same.get("port", 0), upstream_port=same.get("upstream_port", 0), moto_port=same.get("moto_port", 0)),
    ):
        pass


def test_a_server_that_cannot_start_is_an_error(tmp_path: Path) -> None:
    gateway = Gateway(Template(write_api(tmp_path, "")), {})

    with socket.socket(type=socket.SOCK_DGRAM) as no_listener, pytest.raises(ServerEnded) as ended:  # noqa: SIM117
        with serving(gateway, no_listener, gateway):
            pass

    assert "A Stream Socket was expected" in str(ended.value.__cause__)


def test_a_server_that_ends_by_itself_is_noticed() -> None:
    def end_server(_: str) -> None:
        asyncio.get_running_loop().stop()

    with serve(base_url=NOWHERE, environment=QUIET, log=end_server) as stack:
        stack.check()
        with suppress(httpx.TransportError):
            httpx.get(f"{stack.url}/nowhere", headers={"Connection": "close"})

        with pytest.raises(ServerEnded) as ended:
            wait_until(stack.check)

    assert "Event loop stopped" in str(ended.value.__cause__)


def test_a_stand_in_that_cannot_start_is_an_error(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PYTHONHOME", "/nowhere")

    with pytest.raises(StandInEnded, match=r"ended by itself \(exit status 1\)"), serve(environment=QUIET):
        pass
