"""The template's parameters as variables of `make run`: `MaxCallMinutes` is `MAX_CALL_MINUTES`."""

import re
from collections.abc import Mapping

WITH_KEY = ("OpenAIAuth", "OpenAIOrganization", "OpenAIProject")
"""Read only together with a key: many people have such variables for other programs, and the stand-in takes a bearer
token. `OPENAI_BASE_URL`, which chooses the upstream, is read where it is chosen."""

PARAMETERS = (
    "Access",
    "AllowedEmails",
    "AllowedOrigins",
    "Audience",
    "CallsAtOnce",
    "ClientId",
    "DefaultPreset",
    "EphemeralKeys",
    "Issuer",
    "MaxCallMinutes",
    "MinutesPerDay",
    "MinutesPerPersonPerDay",
    "Model",
    "RequiredScope",
    "Scope",
    "SignInOrigins",
    "UpstreamTimeoutSeconds",
    *WITH_KEY,
)
"""Those that have an effect on this machine."""


def variable(parameter: str) -> str:
    """Return the name of a parameter's variable."""
    return re.sub("(?<!^)(?=[A-Z])", "_", parameter.replace("OpenAI", "Openai")).upper()


def given_parameters(environment: Mapping[str, str], *, with_key: bool) -> dict[str, str]:
    """Read the parameters that are set.

    Args:
        environment: the variables; an empty one is not set.
        with_key: whether there is an API key.

    Returns:
        Parameters of the template.
    """
    names = [name for name in PARAMETERS if with_key or name not in WITH_KEY]
    return {name: environment[variable(name)] for name in names if environment.get(variable(name))}
