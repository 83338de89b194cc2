"""`sam build`, the Python version of the functions, and what Lambda's managed runtime adds to them."""

import io
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import boto3

from local.template import ROOT

BIN = Path(sys.executable).parent
BUILT_PAGE = Path(".aws-sam", "build", "PublishFunction", "web")
"""Where `sam build` puts the page, below the project."""
ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
"""This machine's, as the template's parameter and AWS's emulator name it."""

RUNTIME_PACKAGES = (
    "awslambdaric",
    "boto3",
    "botocore",
    "dateutil",
    "jmespath",
    "runtime_client*",
    "s3transfer",
    "simplejson",
    "six.py",
    "snapshot_restore_py*",
    "urllib3",
)
"""What Lambda's managed runtime has in addition to the bundle: patterns of names in site-packages."""


def sam(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the SAM CLI, with the functions' Python version first on its path."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
    environment |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    return subprocess.run([BIN / "sam", *arguments], cwd=cwd, env=environment, capture_output=True, text=True)


def sam_build(to: Path, cache: Path, tree: Path = ROOT) -> Path:
    """Build a tree for this machine's processor; return the folder of what was built."""
    folders = ["--build-dir", str(to), "--cache-dir", str(cache)]
    override = f"ParameterKey=Architecture,ParameterValue={ARCHITECTURE}"
    done = sam("build", *folders, "--parameter-overrides", override, cwd=tree)
    assert done.returncode == 0, done.stdout + done.stderr
    return to


def python_of_the_functions() -> str:
    """Find the Python version of the managed runtime: the layer's bytecode is for that version alone."""
    base = Path(sys.base_prefix) / "bin" / "python3.13"
    found = str(base) if base.exists() else shutil.which("python3.13")
    assert found, "python3.13 is needed to run what `sam build` makes: install it, remove .venv, run again"
    return found


def runtime_packages() -> list[Path]:
    """List the packages of the managed runtime that are installed here."""
    installed = Path(boto3.__file__).parent.parent
    found = {path for pattern in RUNTIME_PACKAGES for path in installed.glob(pattern)}
    return sorted(path for path in found if path.suffix != ".dist-info")


def zipped(folder: Path, *, leaving_out: str = "\0") -> int:
    """Return the zipped size of a folder in bytes, without the files and folders of one name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if leaving_out not in path.relative_to(folder).parts:
                archive.write(path, path.relative_to(folder))
    return len(packed.getvalue())
