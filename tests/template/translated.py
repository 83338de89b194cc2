"""The template as CloudFormation gets it: translated by SAM, and resolved for a set of parameters."""

from functools import cache
from typing import Any

from samtranslator.translator.transform import transform

from local.intrinsics import PSEUDO_PARAMETERS, Resolver, parse, to_text
from local.parameters import parameter_values
from local.template import TEMPLATE

STACK_ID = "arn:aws:cloudformation:us-west-2:123456789012:stack/local/0a1b2c3d-0000-4000-8000-000000000000"
PSEUDO = {**PSEUDO_PARAMETERS, "AWS::StackId": STACK_ID}

Resource = dict[str, Any]

CASES = {
    "a pool of its own": {},
    "own issuer": {"Issuer": "https://issuer.example/tenant", "Audience": "me"},
    "open": {"Access": "open"},
    "own secret": {"ApiKeySecretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:mine-AbCdEf"},
    "own domain": {
        "DomainName": "voice.example.com",
        "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    },
    "reserved concurrency": {"ReservedConcurrency": "5"},
    "SnapStart": {"SnapStart": "on"},
    "alarms by e-mail": {"AlarmEmail": "ops@example.com"},
    "first user": {"FirstUserEmail": "first@example.com"},
    "x86_64": {"Architecture": "x86_64"},
    "other origins": {"AllowedOrigins": "https://a.example,https://b.example"},
    "sign-in from other sites": {"CallbackUrls": "https://app.example.com/signed-in, http://localhost:5173"},
    "no limits": {"MaxCallMinutes": "0", "CallsAtOnce": "0", "MinutesPerPersonPerDay": "0", "MinutesPerDay": "0"},
    "one limit only": {"CallsAtOnce": "0", "MinutesPerPersonPerDay": "0", "MinutesPerDay": "0"},
}
"""Sets of parameters that change resources."""


def limited(parameters: dict[str, str]) -> bool:
    """Tell whether these parameters, one of CASES, set a limit."""
    return parameters != CASES["no limits"]


def functions(parameters: dict[str, str]) -> list[str]:
    """Return what the functions' names begin with."""
    return ["Session", "Token", *(["Sweep"] if limited(parameters) else []), "Publish"]


class NoManagedPolicies:
    """An empty list of IAM's managed policies, since the template uses none."""

    def load(self) -> dict[str, str]:
        return {}


def uploaded(document: dict[str, Any]) -> dict[str, Any]:
    """Replace each folder by a URL, as `sam deploy` does after uploading it and before the translation."""
    for resource in document["Resources"].values():
        for folder in {"CodeUri", "ContentUri"} & resource.get("Properties", {}).keys():
            resource["Properties"][folder] = "s3://artifacts/code.zip"
    return document


def defaults(document: dict[str, Any]) -> dict[str, str]:
    """Return the parameters' defaults, as text."""
    return {name: to_text(one["Default"]) for name, one in document["Parameters"].items()}


@cache
def translation() -> dict[str, Any]:
    """The template that `sam deploy` sends: SAM's types are replaced, parameters are not."""
    document = uploaded(parse(TEMPLATE.read_text()))
    translated: dict[str, Any] = transform(document, defaults(document), NoManagedPolicies())
    return translated


class Stack:
    """The resources of a deployment.

    Args:
        parameters: values as on the command line of a deployment; the template's defaults where missing.
        pseudo: pseudo parameters that differ, e.g. `AWS::Region`.
    """

    def __init__(self, parameters: dict[str, str], pseudo: dict[str, str] | None = None) -> None:
        self._pseudo = {**PSEUDO, **(pseudo or {})}
        self._parameters = parameter_values(translation()["Parameters"], parameters)
        self._resolver = Resolver(translation()["Conditions"], self._reference, "{}.{}".format)
        there = {name: one for name, one in translation()["Resources"].items() if self._exists(one)}
        self.resources: dict[str, Resource] = {name: self._resolver.resolve(one) for name, one in there.items()}
        outputs = {name: one for name, one in translation()["Outputs"].items() if self._exists(one)}
        self.outputs: dict[str, str] = {name: self._resolver.resolve(one["Value"]) for name, one in outputs.items()}

    def of(self, kind: str) -> dict[str, Resource]:
        """Return the properties of each resource of a type."""
        return {name: one.get("Properties", {}) for name, one in self.resources.items() if one["Type"] == kind}

    def __getitem__(self, name: str) -> Resource:
        properties: Resource = self.resources[name]["Properties"]
        return properties

    def statements(self) -> dict[str, list[Resource]]:
        """Return the policy statements of each role."""
        return {
            name: [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]
            for name, role in self.of("AWS::IAM::Role").items()
        }

    def _exists(self, resource: Resource) -> bool:
        return "Condition" not in resource or self._resolver.holds(resource["Condition"])

    def _reference(self, name: str) -> Any:
        if name in self._pseudo:
            return self._pseudo[name]
        if translation()["Resources"].get(name, {}).get("Type") == "AWS::Lambda::LayerVersion":
            return f"arn:aws:lambda:us-west-2:123456789012:layer:{name}:7"
        return self._parameters.get(name, name)


def listed(value: Any) -> list[Any]:
    """Return a policy's element as a list, which may be a single value."""
    return value if isinstance(value, list) else [value]
