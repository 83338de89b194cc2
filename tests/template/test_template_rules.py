"""The template's rules and patterns reject invalid parameters before anything is created."""

from typing import Any

import pytest

from local.intrinsics import InvalidTemplate, Resolver
from local.parameters import parameter_values
from tests.template.translated import CASES, translation

ISSUER = {"Issuer": "https://issuer.example", "Audience": "me"}
GOOGLE = {"Issuer": "https://accounts.google.com", "Audience": "me"}
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


@pytest.mark.parametrize("before", [{"FirstUserEmail": "a@example.com"}, {**ISSUER, "Scope": "openid voice"}])
def test_open_and_back_needs_no_other_parameter_to_be_unset(before: dict[str, str]) -> None:
    """SAM sends the previous value of whatever is not named."""
    assert broken({**before, "Access": "open"}) == []


def test_an_own_provider_takes_the_place_of_the_pool_without_the_first_user_being_unset() -> None:
    assert broken({"FirstUserEmail": "a@example.com", **ISSUER}) == []


@pytest.mark.parametrize("limit", [{"RequiredScope": "call"}, {"AllowedEmails": "ann@example.com"}])
def test_a_provider_at_which_anybody_gets_an_account_is_taken_with_a_list_or_a_scope(limit: dict[str, str]) -> None:
    assert broken({**GOOGLE, **limit}) == []


INVALID: list[tuple[dict[str, str], list[str]]] = [
    ({"Issuer": ISSUER["Issuer"]}, ["IssuerNeedsAudience"]),
    ({"Audience": "me"}, ["AudienceNeedsIssuer"]),
    ({"Scope": "openid"}, ["ScopeNeedsIssuer"]),
    ({"SignInOrigins": "https://tokens.example"}, ["ScopeNeedsIssuer"]),
    ({"ClientId": "page"}, ["ScopeNeedsIssuer"]),
    ({"RequiredScope": "call"}, ["ScopeNeedsIssuer"]),
    ({"AllowedEmails": "@example.com"}, ["ScopeNeedsIssuer"]),
    (GOOGLE, ["PublicIssuerNeedsList"]),
    ({**GOOGLE, "Issuer": "https://token.actions.githubusercontent.com"}, ["PublicIssuerNeedsList"]),
    ({"DomainName": "voice.example.com"}, ["DomainNeedsCertificate"]),
    ({"CertificateArn": CERTIFICATE}, ["CertificateNeedsDomain"]),
    ({"OpenAIAuth": "api-key"}, ["AzureNeedsItsUrl"]),
]
"""Combinations of parameters, and the rules that each breaks."""


@pytest.mark.parametrize(("given", "rules"), INVALID)
def test_an_invalid_combination_breaks_a_rule(given: dict[str, str], rules: list[str]) -> None:
    assert broken(given) == rules


def test_every_rule_can_be_broken() -> None:
    assert {rule for _, rules in INVALID for rule in rules} == set(translation()["Rules"])


@pytest.mark.parametrize(
    "given",
    [
        {"Access": "closed"},
        {"FirstUserEmail": "nobody"},
        {"Issuer": "issuer.example"},
        {"Issuer": "http://issuer.example"},
        {"Issuer": "http://127.0.0.1@issuer.example"},
        {"Issuer": "https://issuer.example/?tenant=1"},
        {"SignInOrigins": "https://tokens.example/path"},
        {"SignInOrigins": "https://tokens.example;"},
        {"SignInOrigins": "http://tokens.example"},
        {"SignInOrigins": "https://a.example https://b.example "},
        {"RequiredScope": "openid call"},
        {"AllowedEmails": "ann"},
        {"AllowedEmails": "ann@example.com,example.com"},
        {"AllowedOrigins": "https://app.example.com/"},
        {"AllowedOrigins": "https://app.example.com/page"},
        {"AllowedOrigins": "https://*.example.com"},
        {"AllowedOrigins": "https://App.example.com"},
        {"AllowedOrigins": "https://app.example.com:443"},
        {"AllowedOrigins": "http://localhost:80"},
        {"AllowedOrigins": "app.example.com"},
        {"AllowedOrigins": "https://a.example, https://b.example/"},
        {"ApiKeySecretArn": "my-secret"},
        {"OpenAIBaseUrl": "https://api.openai.com/v1/"},
        {"OpenAIBaseUrl": "http://api.openai.com/v1"},
        {"OpenAIBaseUrl": "http://localhost.example/v1"},
        {"OpenAIBaseUrl": "http://127.0.0.1:8001@api.example/v1"},
        {"OpenAIBaseUrl": "https://user:password@upstream.example/v1"},
        {"OpenAIBaseUrl": "https://x.example; script-src *"},
        {"CallbackUrls": "app.example.com"},
        {"CallbackUrls": "http://app.example.com/"},
        {"CallbackUrls": "http://localhost.example/"},
        {"CallbackUrls": "http://127.0.0.1:5173/"},
        {"CallbackUrls": "https://app.example.com/#signed-in"},
        {"CallbackUrls": "https://app.example.com@elsewhere.example/"},
        {"CallbackUrls": "https://app.example.com/, myapp://signed-in"},
        {"OpenAIOrganization": "org abc"},
        {"OpenAIProject": "proj_örg"},
        {"UpstreamTimeoutSeconds": "0"},
        {"UpstreamTimeoutSeconds": "21"},
        {"AlarmEmail": "a@b"},
        {"LogRetentionDays": "2"},
        {"DomainName": "https://voice.example.com"},
        {"CertificateArn": CERTIFICATE.replace("us-east-1", "eu-west-1")},
        {"Architecture": "riscv"},
        {"SnapStart": "yes"},
        {"Totp": "on"},
    ],
)
def test_an_invalid_value_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(InvalidTemplate, match=f"the parameter {next(iter(given))} "):
        broken(given)


@pytest.mark.parametrize(
    "given",
    [
        {"Issuer": "https://issuer.example/", "Audience": "me"},
        {"Issuer": "https://sts.example/0a1b2c3d/", "Audience": "me"},
        {"Issuer": "http://127.0.0.1:9000", "Audience": "me"},
        {"Issuer": "http://localhost:9000/tenant/", "Audience": "me"},
        {**ISSUER, "SignInOrigins": "https://a.example https://b.example:8443"},
        {**ISSUER, "SignInOrigins": "http://127.0.0.1:9000"},
        {**ISSUER, "AllowedEmails": "ann@example.com, @example.org"},
        {"AllowedOrigins": "*"},
        {"AllowedOrigins": "https://*"},
        {"AllowedOrigins": "https://app.example.com, http://localhost:5173,https://[::1]:8443,http://127.0.0.1:443"},
        {"AllowedOrigins": "capacitor://localhost,chrome-extension://abcdefghijklmnop"},
        {"CallbackUrls": "https://app.example.com"},
        {"CallbackUrls": "https://app.example.com:8443/signed-in?from=voice, http://localhost:5173/,http://localhost"},
        {"OpenAIBaseUrl": "http://127.0.0.1:8001/v1"},
        {"OpenAIBaseUrl": "http://[::1]:8001/v1"},
        {"OpenAIBaseUrl": "https://resource.openai.azure.com/openai/v1"},
    ],
)
def test_what_can_be_a_value_is_taken(given: dict[str, str]) -> None:
    assert broken(given) == []


LIMITS = {"MaxCallMinutes": 120, "CallsAtOnce": 100, "MinutesPerPersonPerDay": 99_999, "MinutesPerDay": 999_999}


@pytest.mark.parametrize(("name", "most"), LIMITS.items())
def test_limits_are_whole_numbers_up_to_their_greatest(name: str, most: int) -> None:
    assert [broken({name: str(value)}) for value in (0, 1, 10, 99, most)] == [[]] * 5
    for value in ("", "-1", "1.5", "0.0", "1e1", "00", "07", str(most + 1), str(10 * most)):
        with pytest.raises(InvalidTemplate, match=f"the parameter {name} must be a whole number from 0 to {most}"):
            broken({name: value})


def test_an_origin_that_no_browser_sends_is_refused_with_the_right_spelling() -> None:
    with pytest.raises(InvalidTemplate, match=r"must be origins as browsers send them, for example https://app\."):
        broken({"AllowedOrigins": "https://app.example.com/"})


def test_every_pattern_says_in_words_what_it_asks_for() -> None:
    parameters = translation()["Parameters"]

    assert [
        name
        for name, one in parameters.items()
        if "AllowedPattern" in one and not one.get("ConstraintDescription", "").startswith("must ")
    ] == []
