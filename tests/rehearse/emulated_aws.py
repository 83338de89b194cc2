"""An emulated AWS on this machine: MiniStack, in its own virtual environment and process."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import httpx

from local.ports import HOST
from local.template import ROOT
from tests.waiting import wait_until

BIN = ROOT / ".venv-rehearse" / "bin"
REGION = "us-east-1"
START_SECONDS = 20

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}

# By default MiniStack listens on every interface, runs functions in Docker, and checks no policies.
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
    """Run MiniStack until the context ends.

    Args:
        port: its port.
        folder: a folder for its log and its other files.

    Yields:
        The endpoint of every service.
    """
    url = f"http://{HOST}:{port}"
    # It inherits no variables, since the functions would see them.
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
    def is_ready() -> bool:
        assert process.poll() is None, f"MiniStack ended by itself: {Path(log).read_text()}"
        with suppress(httpx.ConnectError):
            return httpx.get(f"{url}/_ministack/health").is_success
        return False

    wait_until(is_ready, START_SECONDS)


def environment_of_a_deployer(endpoint: str) -> dict[str, str]:
    """Return the environment in which SAM and the AWS CLI use the emulator."""
    path = f"{ROOT / '.venv' / 'bin'}:{BIN}:{os.environ['PATH']}"
    return {**os.environ, **CREDENTIALS, "AWS_ENDPOINT_URL": endpoint, "PATH": path, "SAM_CLI_TELEMETRY": "0"}
