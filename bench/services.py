"""The services that every subject calls: Secrets Manager and the upstream, both over TLS in separate processes."""

import contextlib
import json
import os
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx

from local.ports import free
from local.template import ROOT
from tests.certificate import Certificate, certificate
from tests.waiting import listens, wait_until

SECRET_ID = "openai-api-key"  # noqa: S105 - its name
API_KEY = "sk-local-bench"
DYNAMODB_MILLISECONDS = 5
"""How long the ledger's table takes for a transaction."""


class Services:
    """The running services.

    Args:
        upstream: port of the upstream.
        secrets: port of Secrets Manager.
        files: the certificate of both.
    """

    def __init__(self, upstream: int, secrets: int, files: Certificate) -> None:
        self._upstream = f"https://127.0.0.1:{upstream}"
        self._secrets = f"https://127.0.0.1:{secrets}"
        self._files = files
        self._trust = ssl.create_default_context(cafile=str(files.certificate))

    def environment(self, name: str, milliseconds: int) -> dict[str, str]:
        """List the environment variables of a subject.

        Args:
            name: a unique name, under which the upstream counts the subject's requests.
            milliseconds: the upstream's delay.
        """
        return {
            "PATH": os.defpath,
            "LANG": "en_US.UTF-8",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_ENDPOINT_URL": self._secrets,
            "AWS_ENDPOINT_URL_DYNAMODB": f"{self._upstream}/dynamodb/{DYNAMODB_MILLISECONDS}/",
            "AWS_CA_BUNDLE": str(self._files.bundle),
            "SSL_CERT_FILE": str(self._files.bundle),
            "SSL_CERT_DIR": str(self._files.folder),
            "NODE_EXTRA_CA_CERTS": str(self._files.certificate),
            "API_KEY_SECRET_ID": SECRET_ID,
            "OPENAI_BASE_URL": f"{self._upstream}/{name}/{milliseconds}/v1",
            "POWERTOOLS_SERVICE_NAME": "bench",
        }

    def seen(self, name: str) -> tuple[int, list[float]]:
        """Ask the upstream about a subject's requests.

        Returns:
            The number of its connections; the seconds that the upstream took for each of its requests.
        """
        with urllib.request.urlopen(f"{self._upstream}/{name}", context=self._trust) as response:  # noqa: S310
            connections, durations = json.load(response)
        return connections, durations

    def create_secret(self) -> None:
        """Create the secret with the API key."""
        client = boto3.client(
            "secretsmanager",
            region_name="us-east-1",
            endpoint_url=self._secrets,
            verify=str(self._files.certificate),
            aws_access_key_id="bench",
            aws_secret_access_key="bench",  # noqa: S106
        )
        client.create_secret(Name=SECRET_ID, SecretString=API_KEY)


@contextlib.contextmanager
def services(folder: Path) -> Iterator[Services]:
    """Run the services until the context ends.

    Args:
        folder: a folder for the certificate.
    """
    files = certificate(folder)
    upstream, secrets = free(0, "PORT"), free(0, "PORT")
    pair = [str(files.certificate), str(files.key)]
    moto = ["-H", "127.0.0.1", "-p", str(secrets), "-s", "-c", pair[0], "-k", pair[1]]
    with (
        run_server([sys.executable, "-m", "bench.upstream", str(upstream), *pair], upstream),
        run_server([sys.executable, "-c", "from moto.server import main; main()", *moto], secrets),
    ):
        running = Services(upstream, secrets, files)
        running.create_secret()
        yield running


@contextlib.contextmanager
def run_local(**variables: str) -> Iterator[tuple[dict[str, int], int]]:
    """Run `python -m local` on free ports until the context ends.

    Args:
        variables: environment variables in addition to those of this process that are not OpenAI's.

    Yields:
        Its ports, by the variables that set them, and its process id.
    """
    ports = {name: free(0, name) for name in ("PORT", "UPSTREAM_PORT", "MOTO_PORT")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    environment = inherited | {name: str(number) for name, number in ports.items()} | variables
    with run_server([sys.executable, "-m", "local"], ports["PORT"], environment) as process:
        # The port listens before it is served, and a connection waits until then.
        httpx.get(f"http://127.0.0.1:{ports['PORT']}", timeout=30, trust_env=False)
        yield ports, process


@contextlib.contextmanager
def run_server(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[int]:
    """Run a server until the context ends.

    Args:
        command: the program and its arguments.
        port: the port that it listens on.
        environment: its environment variables; the default are those of this process.

    Yields:
        Its process id.
    """
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **silent)  # type: ignore[call-overload]  # noqa: S603
    try:
        wait_until(lambda: listens(port), 30)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
