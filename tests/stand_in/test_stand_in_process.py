"""The process that `make run` starts."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import openai

from local.ports import bind
from tests.stand_in.conftest import API_KEY

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


def wait_until_served(url: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{url}/_stand_in")
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


def sockets_of(process: int) -> set[str]:
    """The local addresses of a process's sockets, read from /proc."""
    inodes = {re.sub(r"\D", "", str(fd.readlink())) for fd in Path(f"/proc/{process}/fd").iterdir() if fd.is_symlink()}
    lines = [
        line for kind in ("tcp", "tcp6", "udp", "udp6") for line in Path(f"/proc/net/{kind}").read_text().splitlines()
    ]
    return {line.split()[1].partition(":")[0] for line in lines[1:] if line.split()[9] in inodes}


def test_it_serves_on_loopback_only_and_ends_quickly_without_output(offer: bytes) -> None:
    with bind(0, "PORT") as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = start(listener)
    try:
        wait_until_served(url)
        with openai.OpenAI(api_key=API_KEY, base_url=f"{url}/v1") as sdk:
            sdk.realtime.calls.create(sdp=offer.decode(), session={"type": "realtime"})
        if sys.platform == "linux":
            assert sockets_of(process.pid) == {"0100007F"}
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=5)
        assert time.monotonic() - began < 2
        assert output == ("", "")
    finally:
        process.kill()
        process.wait()
