"""An emulated AWS on this machine: MiniStack, in an environment and a process of its own."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

from local.ports import HOST
from local.template import ROOT

BIN = ROOT / ".venv-rehearse" / "bin"
REGION = "us-east-1"
START_SECONDS = 20

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}

# Left to itself it listens on every interface, looks for Docker to run the functions in, and asks no policy.
SETTINGS = {
    "AUTH": "true",
    "BIND_HOST": HOST,
    "IOT_MTLS_ENABLED": "0",
    "SFTP_ENABLED": "0",
    "LAMBDA_EXECUTOR": "local",
    "DOCKER_HOST": "unix:///nonexistent",
}


@contextmanager
def ministack(port: int, folder: Path) -> Iterator[str]:
    """Run it while the context lasts.

    Args:
        port: where it listens.
        folder: for its log and whatever else it writes.

    Yields:
        The endpoint of every service.
    """
    url = f"http://{HOST}:{port}"
    # Nothing of this environment: what is in it, the functions would find.
    environment = {
        "PATH": f"{BIN}:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_PORT": str(port),
    }
    with (folder / "ministack.log").open("wb") as log:
        process = start({**environment, **SETTINGS, **CREDENTIALS, "AWS_ENDPOINT_URL": url}, folder, log)
        try:
            wait_until_ready(process, url, log.name)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def start(environment: dict[str, str], folder: Path, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([BIN / "ministack"], env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT)


def wait_until_ready(process: "subprocess.Popen[bytes]", url: str, log: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"MiniStack ended by itself: {Path(log).read_text()}"
        try:
            httpx.get(f"{url}/_ministack/health")
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"MiniStack did not start within {START_SECONDS} s: {Path(log).read_text()}")


def environment_of_a_deployer(endpoint: str) -> dict[str, str]:
    """Return what SAM and the AWS CLI need to take the emulator for AWS."""
    path = f"{ROOT / '.venv' / 'bin'}:{BIN}:{os.environ['PATH']}"
    return {**os.environ, **CREDENTIALS, "AWS_ENDPOINT_URL": endpoint, "PATH": path, "SAM_CLI_TELEMETRY": "0"}
