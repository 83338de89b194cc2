"""The environment of the functions, read once and validated."""

import os
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from realtime.errors import Misconfigured


class Settings(BaseModel):
    """What the deployer decides; each field is an environment variable of the same name in capitals."""

    model_config = ConfigDict(frozen=True, alias_generator=str.upper)

    api_key_secret_id: str = Field(min_length=1)
    """Name or ARN of the secret in Secrets Manager that holds the API key."""
    openai_base_url: str = Field(default="https://api.openai.com/v1", pattern=r"^https?://[^\s?#]+$")
    """The upstream, its version prefix included."""
    openai_auth: Literal["bearer", "api-key"] = "bearer"
    """How the API key is sent: `Authorization: Bearer`, or Azure's `api-key` header."""
    openai_organization: str | None = None
    openai_project: str | None = None
    upstream_timeout_seconds: float = Field(default=15, gt=0, le=20)
    """How long the upstream may take for one request of a client, a second try included."""
    model: str | None = None
    """Takes the place of every preset's own model."""


@cache
def settings() -> Settings:
    """Read the environment.

    Returns:
        The validated settings; the same object for the life of the process.

    Raises:
        Misconfigured: a variable is missing or not valid; the message names it and says why.
    """
    # CloudFormation cannot leave a variable out: for "not set" it sends an empty one.
    given = {name: value for name, value in os.environ.items() if value}
    try:
        return Settings.model_validate(given)
    except ValidationError as invalid:
        raise Misconfigured.at("environment of the function", invalid) from invalid
