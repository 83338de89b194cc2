"""What `sam build` made, run by AWS's runtime interface client and emulator."""

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
import samcli
from moto.server import ThreadedMotoServer

from local.ports import free
from tests.browser.conftest import opening, page_of, playwright, silent, speaking, stack
from tests.conftest import API_KEY, ROOT
from tests.sam import ARCHITECTURE, python_of_the_functions, runtime_packages, sam_build
from tests.scripted_upstream import ScriptedUpstream, scripted_upstream
from tests.waiting import listens, wait_until

__all__ = ["opening", "page_of", "playwright", "silent", "speaking", "stack"]  # fixtures

Invoke = Callable[[str, dict[str, Any]], dict[str, Any]]


def copy_tree(folder: Path) -> None:
    """Copy what `sam build` reads, without bytecode."""
    shutil.copy(ROOT / "template.yaml", folder)
    for name in ("functions", "layers", "web"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=ignored)


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built: other tests, in other processes, write bytecode into the original meanwhile."""
    folder = tmp_path_factory.mktemp("tree")
    copy_tree(folder)
    return folder


@pytest.fixture(scope="session")
def before_the_build(tree: Path) -> set[Path]:
    """All files and folders of the tree."""
    return {*tree.rglob("*")}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, tree: Path, before_the_build: set[Path]) -> Path:
    """The bundle for this machine's processor."""
    folder = tmp_path_factory.mktemp("sam")
    return sam_build(folder / "build", folder / "cache", tree)


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the managed runtime, without the others of this environment."""
    folder = tmp_path_factory.mktemp("runtime")
    for package in runtime_packages():
        (folder / package.name).symlink_to(package)
    return folder


@pytest.fixture(scope="session")
def aws_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    session = boto3.Session("test", "test", region_name="us-east-1")
    client = session.client("secretsmanager", endpoint_url=f"http://{host}:{port}")
    client.create_secret(Name="openai-api-key", SecretString=API_KEY)
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def upstream() -> Iterator[ScriptedUpstream]:
    with scripted_upstream() as scripted:
        yield scripted


@pytest.fixture
def emulated(built: Path, runtime: Path, aws_endpoint: str, upstream: ScriptedUpstream) -> Iterator[Invoke]:
    """Invoke a built function by name; each function is run by a separate emulator during the test."""
    with contextlib.ExitStack() as running:
        addresses: dict[str, str] = {}

        def invoke(function: str, event: dict[str, Any]) -> dict[str, Any]:
            if function not in addresses:
                started = emulator(built, runtime, function, aws_endpoint, upstream.url)
                addresses[function] = running.enter_context(started)
            url = f"{addresses[function]}/2015-03-31/functions/function/invocations"
            result: dict[str, Any] = httpx.post(url, json=event, timeout=30).json()
            return result

        yield invoke


@contextlib.contextmanager
def emulator(built: Path, runtime: Path, function: str, aws_endpoint: str, upstream_url: str) -> Iterator[str]:
    # The emulator takes no port 0, nor does it say which port it has chosen.
    port, runtime_port, task = free(0, "PORT"), free(0, "PORT"), built / function
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{task}:{built / 'RealtimeLayer' / 'python'}:{runtime}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LAMBDA_TASK_ROOT": str(task),
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "28",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": aws_endpoint,
        "API_KEY_SECRET_ID": "openai-api-key",
        "OPENAI_BASE_URL": upstream_url,
    }
    rie = Path(samcli.__file__).parent / "local" / "rapid" / f"aws-lambda-rie-{ARCHITECTURE}"
    # Both addresses, or it listens on all interfaces; -S keeps this environment's packages out.
    listen = [
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{port}",
        "--runtime-api-address",
        f"127.0.0.1:{runtime_port}",
    ]
    command = [str(rie), *listen, python_of_the_functions(), "-S", "-m", "awslambdaric", "app.handler"]
    process = subprocess.Popen(command, cwd=task, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), interval=0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
