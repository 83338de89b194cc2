"""The deployed stack, through the same commands that a deployer uses."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import httpx

from tests.rehearse.emulated_aws import CREDENTIALS, REGION, environment_of_a_deployer
from tests.sam import ARCHITECTURE

NAME = "realtime-serverless"
"""The stack's name in samconfig.toml."""


@dataclass
class Stack:
    """A deployer's copy of the repository, and the AWS that it is deployed to."""

    folder: Path
    endpoint: str
    parameters: dict[str, str] = field(default_factory=lambda: {"Architecture": ARCHITECTURE})
    region: str = REGION

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a shell command as a deployer does, without a terminal for questions."""
        environment = environment_of_a_deployer(self.endpoint) | {"AWS_DEFAULT_REGION": self.region}
        return subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def build(self) -> None:
        done = self.run(f"sam build {self.overrides}")
        assert done.returncode == 0, done.stderr

    def deploy(self) -> str:
        """Deploy what was built; return SAM's output."""
        done = self.run(f"sam deploy {self.overrides}")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def delete(self) -> str:
        done = self.run("sam delete --no-prompts")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def overrides(self) -> str:
        given = [f"'{name}=\"{value}\"'" for name, value in self.parameters.items()]
        return f"--parameter-overrides {' '.join(given)}" if given else ""

    def client(self, service: str) -> Any:
        key, secret = CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"]
        make: Any = boto3.Session(key, secret, region_name=self.region).client
        return make(service, endpoint_url=self.endpoint)

    def statuses(self) -> dict[str, str]:
        """Return the status of each stack, except for SAM's stack for its artifacts."""
        stacks = self.client("cloudformation").describe_stacks()["Stacks"]
        return {
            one["StackName"]: one["StackStatus"] for one in stacks if one["StackName"] != "aws-sam-cli-managed-default"
        }

    def outputs(self) -> dict[str, str]:
        [stack] = self.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    def resource(self, logical_id: str) -> str:
        found = self.client("cloudformation").describe_stack_resource(StackName=NAME, LogicalResourceId=logical_id)
        physical_id: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return physical_id

    def browser(self, scheme: str = "https") -> httpx.Client:
        """Make an HTTP client for the page's URL, which tells the emulator its host and scheme by headers."""
        host = httpx.URL(self.outputs()["PageUrl"]).host
        headers = {"host": host, "x-forwarded-proto": scheme}
        return httpx.Client(base_url=self.endpoint, headers=headers, timeout=40)


@contextmanager
def deployed(built: Path, endpoint: str, upstream: str, *, region: str = REGION, **parameters: str) -> Iterator[Stack]:
    """Deploy a copy of what was built; delete the stack when the context ends, unless a test has deleted it."""
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "repository"
        shutil.copytree(built, copied, symlinks=True)
        stack = Stack(copied, endpoint, region=region)
        stack.parameters |= {"OpenAIBaseUrl": upstream, **parameters}
        stack.deploy()
        try:
            yield stack
        finally:
            if stack.statuses():
                stack.delete()
