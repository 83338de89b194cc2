"""A copy of the template with what MiniStack cannot do taken out, each with its reason: here and nowhere else."""

import json
import shutil
from pathlib import Path
from typing import Any

from local.intrinsics import parse
from local.ports import HOST
from local.template import ROOT

DEPLOYED = ("samconfig.toml", "functions", "layers", "web")

NOT_KNOWN = {
    "AWS::Cognito::ManagedLoginBranding": "it has the pages of the classic hosted UI alone",
    "AWS::Cognito::UserPoolUser": "it invites users through Cognito's own API alone",
    "AWS::Logs::QueryDefinition": "it keeps no saved queries by CloudFormation",
}
"""Types of resources that MiniStack refuses a whole stack for, and why that loses little."""


def copy(folder: Path, port: int) -> Path:
    """Copy what is deployed.

    Args:
        folder: where to.
        port: MiniStack's.

    Returns:
        The folder, as a deployer has it in front of them.
    """
    for name in DEPLOYED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    (folder / "template.yaml").write_text(json.dumps(patched(parse((ROOT / "template.yaml").read_text()), port)))
    return folder


def patched(template: dict[str, Any], port: int) -> Any:
    """Patch the template.

    Args:
        template: the template; it is changed.
        port: MiniStack's.

    Returns:
        The template that is deployed.
    """
    resources = template["Resources"]
    for name in [name for name, one in resources.items() if not_known(one)]:
        del resources[name]
    reach_the_api(resources["Distribution"]["Properties"]["DistributionConfig"], port)
    take_plain_http(resources["WebBucketPolicy"]["Properties"]["PolicyDocument"])
    keep_the_bucket(resources["WebBucket"])
    return arn_of_the_secret(template)


def not_known(resource: dict[str, Any]) -> bool:
    """Tell whether MiniStack refuses a whole stack for a resource: for its type, or for an alarm that computes."""
    return resource["Type"] in NOT_KNOWN or "Metrics" in resource.get("Properties", {})


def reach_the_api(distribution: dict[str, Any], port: int) -> None:
    """Let CloudFront go to the emulated API Gateway: no DNS knows a name of it, and it has no certificate."""
    [origin] = [one for one in distribution["Origins"] if one["Id"] == "api"]
    origin["DomainName"] = HOST
    origin["OriginPath"] = {"Fn::Sub": "/_aws/execute-api/${RealtimeApi}/$default"}
    origin["CustomOriginConfig"] = {"OriginProtocolPolicy": "http-only", "HTTPPort": port}


def take_plain_http(policy: dict[str, Any]) -> None:
    """Let CloudFront read the bucket: inside the emulator it does so by plain HTTP, which the policy denies."""
    policy["Statement"] = [one for one in policy["Statement"] if one["Effect"] == "Allow"]


def keep_the_bucket(bucket: dict[str, Any]) -> None:
    """Leave the bucket behind: the emulator removes a full one too, and AWS does not."""
    bucket["DeletionPolicy"] = "Retain"


def arn_of_the_secret(part: Any) -> Any:
    """Name the secret by its ARN, as `Ref` does on AWS: in the emulator it is the name, and no policy matches it."""
    if part == {"Ref": "ApiKeySecret"}:
        return {"Fn::GetAtt": ["ApiKeySecret", "Id"]}
    if isinstance(part, dict):
        return {name: arn_of_the_secret(member) for name, member in part.items()}
    return [arn_of_the_secret(member) for member in part] if isinstance(part, list) else part
