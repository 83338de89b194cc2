"""A copy of the template without what MiniStack does not support. All changes are in this file, with their reasons."""

import json
import shutil
from pathlib import Path
from typing import Any

from local.intrinsics import parse
from local.ports import HOST
from local.template import ROOT

DEPLOYED = ("samconfig.toml", "functions", "layers", "web")

UNSUPPORTED = {
    "AWS::Cognito::ManagedLoginBranding": "it has the pages of the classic hosted UI alone",
    "AWS::Cognito::UserPoolUser": "it invites users through Cognito's own API alone",
    "AWS::Logs::QueryDefinition": "it creates no saved queries by CloudFormation",
}
"""Types of resources for which MiniStack rejects the whole stack, and why."""


def copy(folder: Path, port: int) -> Path:
    """Copy the files that a deployer needs.

    Args:
        folder: the destination.
        port: MiniStack's port.

    Returns:
        The folder.
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
        template: the template; changed in place.
        port: MiniStack's port.

    Returns:
        The template that is deployed.
    """
    resources = template["Resources"]
    for name in [name for name, one in resources.items() if is_unsupported(one)]:
        del resources[name]
    use_emulated_api(resources["Distribution"]["Properties"]["DistributionConfig"], port)
    allow_plain_http(resources["WebBucketPolicy"]["Properties"]["PolicyDocument"])
    retain_bucket(resources["WebBucket"])
    return with_arns_of_secrets(template)


def is_unsupported(resource: dict[str, Any]) -> bool:
    """Tell whether MiniStack rejects a resource: because of its type, or because it is an alarm on metric math."""
    return resource["Type"] in UNSUPPORTED or "Metrics" in resource.get("Properties", {})


def use_emulated_api(distribution: dict[str, Any], port: int) -> None:
    """Set the emulated API Gateway as CloudFront's origin, since it has neither a DNS name nor a certificate."""
    [origin] = [one for one in distribution["Origins"] if one["Id"] == "api"]
    origin["DomainName"] = HOST
    origin["OriginPath"] = {"Fn::Sub": "/_aws/execute-api/${RealtimeApi}/$default"}
    origin["CustomOriginConfig"] = {"OriginProtocolPolicy": "http-only", "HTTPPort": port}


def allow_plain_http(policy: dict[str, Any]) -> None:
    """Remove the denial of plain HTTP, since the emulated CloudFront reads the bucket by it."""
    policy["Statement"] = [one for one in policy["Statement"] if one["Effect"] == "Allow"]


def retain_bucket(bucket: dict[str, Any]) -> None:
    """Retain the bucket when the stack is deleted, since the emulator deletes full buckets and AWS does not."""
    bucket["DeletionPolicy"] = "Retain"


def with_arns_of_secrets(part: Any) -> Any:
    """Replace `Ref` of a secret by its ARN, its value on AWS; in the emulator it is the name, which no policy has."""
    if part in ({"Ref": "ApiKeySecret"}, {"Ref": "SafetyKey"}):
        return {"Fn::GetAtt": [part["Ref"], "Id"]}
    if isinstance(part, dict):
        return {name: with_arns_of_secrets(member) for name, member in part.items()}
    return [with_arns_of_secrets(member) for member in part] if isinstance(part, list) else part
