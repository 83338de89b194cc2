"""The process that `make run` starts."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import openai
import pytest

from local.ports import bind
from tests.stand_in.conftest import API_KEY
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]


def start(listener: socket.socket) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "local.stand_in"],
        cwd=ROOT,
        env={**os.environ, "UPSTREAM_SOCKET": str(listener.fileno()), "OPENAI_API_KEY": API_KEY},
        pass_fds=[listener.fileno()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving() -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run the process until the context ends; yield its URL and itself."""
    with bind(0, "PORT") as listener:
        port = listener.getsockname()[1]
        started = start(listener)
    with started as process:
        try:
            wait_until(lambda: is_served(f"http://127.0.0.1:{port}"))
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.kill()


def is_served(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_stand_in", timeout=15).is_success  # the socket listens before the process has started
    except httpx.ConnectError:
        return False


def create_call(url: str, offer: bytes) -> None:
    with openai.OpenAI(api_key=API_KEY, base_url=f"{url}/v1") as sdk:
        sdk.realtime.calls.create(sdp=offer.decode(), session={"type": "realtime"})


def sockets_of(process: int) -> set[str]:
    """The local addresses of a process's sockets, read from /proc."""
    inodes = {re.sub(r"\D", "", str(fd.readlink())) for fd in Path(f"/proc/{process}/fd").iterdir() if fd.is_symlink()}
    lines = [
        line for kind in ("tcp", "tcp6", "udp", "udp6") for line in Path(f"/proc/net/{kind}").read_text().splitlines()
    ]
    return {line.split()[1].partition(":")[0] for line in lines[1:] if line.split()[9] in inodes}


@pytest.mark.skipif(sys.platform != "linux", reason="a process's sockets are read from /proc")
def test_it_has_sockets_on_loopback_only(offer: bytes) -> None:
    with serving() as (url, process):
        create_call(url, offer)

        assert sockets_of(process.pid) == {"0100007F"}


def test_it_ends_during_a_call_and_prints_nothing(offer: bytes) -> None:
    with serving() as (url, process):
        create_call(url, offer)

        process.send_signal(signal.SIGTERM)

        assert process.communicate(timeout=10) == ("", "")
