"""Every parameter of the template is a variable of `make run`, or can have no effect on one machine."""

import re

import pytest

from local.command import run
from local.ports import free
from local.template import ROOT, TEMPLATE, parameter_names
from local.variables import PARAMETERS, given_parameters, variable

POOL = "there is no user pool: people sign in at a provider of one's own"
CLOUDWATCH = "there is no CloudWatch"
CLOUDFRONT = "there is no CloudFront; HOSTS names further hosts"
THROTTLE = "the local gateway does not throttle"
NOT_VARIABLES = {
    "AlarmEmail": CLOUDWATCH,
    "ApiKeySecretArn": "a secret is made, with the key of OPENAI_API_KEY",
    "Architecture": "the functions run on this machine's processor",
    "CallbackUrls": POOL,
    "CertificateArn": CLOUDFRONT,
    "DomainName": CLOUDFRONT,
    "FirstUserEmail": POOL,
    "LogRetentionDays": CLOUDWATCH,
    "OpenAIBaseUrl": "OPENAI_BASE_URL chooses the upstream, and is the parameter then",
    "ReservedConcurrency": "as many processes are started as there are requests",
    "SnapStart": "processes stay warm",
    "ThrottleBurst": THROTTLE,
    "ThrottleRate": THROTTLE,
    "Totp": POOL,
}
"""Why these parameters are not passed on."""

OTHERS = {
    "PORT",
    "UPSTREAM_PORT",
    "MOTO_PORT",
    "MEDIA_ADDRESS",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "HOSTS",
    "POWERTOOLS_*",
    "HTTPS_PROXY",
    "NO_PROXY",
}
"""Variables that are no parameters."""


def test_every_parameter_is_a_variable_or_there_is_a_reason() -> None:
    assert sorted([*PARAMETERS, *NOT_VARIABLES]) == sorted(parameter_names(TEMPLATE))


def test_the_guide_lists_every_variable_and_no_other() -> None:
    section = (ROOT / "CONTRIBUTING.md").read_text().partition("## Running it locally\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]

    assert {name for row in rows for name in re.findall(r"`([A-Z_*]+)`", row)} == {*map(variable, PARAMETERS)} | OTHERS


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_is_given_by_the_variable_of_its_name_in_capitals(name: str) -> None:
    in_capitals = "_".join(re.findall("OpenAI|[A-Z][a-z]+", name)).upper()

    assert given_parameters({in_capitals: "value"}, with_key=True) == {name: "value"}
    assert given_parameters({in_capitals: ""}, with_key=True) == {}


def test_variables_for_openai_that_other_programs_use_too_have_no_effect_on_the_stand_in() -> None:
    environment = {"OPENAI_AUTH": "api-key", "OPENAI_PROJECT": "proj_abc", "OPENAI_ORGANIZATION": "org-abc"}

    assert given_parameters({**environment, "MODEL": "m"}, with_key=False) == {"Model": "m"}


def test_signing_in_needs_a_provider(environment: pytest.MonkeyPatch) -> None:
    for name, value in {"PORT": str(free(0, "PORT")), "ACCESS": "signed-in"}.items():
        environment.setenv(name, value)

    with pytest.raises(SystemExit, match="ACCESS=signed-in needs an ISSUER and an AUDIENCE: there is no user pool"):
        run()
