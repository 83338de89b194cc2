"""The template's rules and patterns reject invalid parameters before anything is created."""

from typing import Any

import pytest

from local.intrinsics import InvalidTemplate, Resolver
from local.parameters import parameter_values
from tests.template.translated import CASES, translation

ISSUER = {"Issuer": "https://issuer.example", "Audience": "me"}
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"


def broken(given: dict[str, str]) -> list[str]:
    """List the rules that these parameters break."""
    template = translation()
    parameters = parameter_values(template["Parameters"], given)
    checks = {f"{name} {part}": rule for name, rule in template["Rules"].items() for part, rule in parts(rule)}
    rules = Resolver(checks, parameters.__getitem__, "{}.{}".format)
    return [name for name in template["Rules"] if rules.holds(f"{name} if") and not rules.holds(f"{name} then")]


def parts(rule: dict[str, Any]) -> list[tuple[str, Any]]:
    [assertion] = rule["Assertions"]
    return [("if", rule["RuleCondition"]), ("then", assertion["Assert"])]


@pytest.mark.parametrize("case", CASES)
def test_no_rule_rejects_a_valid_set_of_parameters(case: str) -> None:
    assert broken(CASES[case]) == []


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({"Issuer": ISSUER["Issuer"]}, ["IssuerNeedsAudience"]),
        ({"Audience": "me"}, ["AudienceNeedsIssuer"]),
        ({"Scope": "openid"}, ["ScopeNeedsIssuer"]),
        ({"SignInOrigins": "https://tokens.example"}, ["ScopeNeedsIssuer"]),
        ({"ClientId": "page"}, ["ScopeNeedsIssuer"]),
        ({"Access": "open", **ISSUER}, ["OpenHasNoIssuer"]),
        ({"Access": "open", "FirstUserEmail": "a@example.com"}, ["OpenHasNoIssuer"]),
        ({"FirstUserEmail": "a@example.com", **ISSUER}, ["PoolOrIssuer"]),
        ({"DomainName": "voice.example.com"}, ["DomainNeedsCertificate"]),
        ({"CertificateArn": CERTIFICATE}, ["CertificateNeedsDomain"]),
        ({"OpenAIAuth": "api-key"}, ["AzureNeedsItsUrl"]),
    ],
)
def test_an_invalid_combination_breaks_a_rule(given: dict[str, str], rules: list[str]) -> None:
    assert broken(given) == rules


def test_every_rule_can_be_broken() -> None:
    cases = test_an_invalid_combination_breaks_a_rule.pytestmark[0].args[1]  # type: ignore[attr-defined]

    assert {rule for _, rules in cases for rule in rules} == set(translation()["Rules"])


@pytest.mark.parametrize(
    "given",
    [
        {"Access": "closed"},
        {"FirstUserEmail": "nobody"},
        {"Issuer": "issuer.example"},
        {"Issuer": "https://issuer.example/"},
        {"SignInOrigins": "https://tokens.example/path"},
        {"SignInOrigins": "https://tokens.example;"},
        {"ApiKeySecretArn": "my-secret"},
        {"ApiKeySecretArn": f"{SECRET}{'x' * 90}"},
        {"Model": "x" * 65},
        {"OpenAIBaseUrl": "https://api.openai.com/v1/"},
        {"OpenAIBaseUrl": "https://x.example; script-src *"},
        {"AlarmEmail": "a@b"},
        {"LogRetentionDays": "2"},
        {"DomainName": "https://voice.example.com"},
        {"CertificateArn": CERTIFICATE.replace("us-east-1", "eu-west-1")},
        {"Architecture": "riscv"},
        {"SnapStart": "yes"},
    ],
)
def test_an_invalid_value_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(InvalidTemplate, match=f"the parameter {next(iter(given))} "):
        broken(given)
