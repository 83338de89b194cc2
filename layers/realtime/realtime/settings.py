"""The functions' environment variables, read once and validated.

Not by pydantic, which validates the presets at build time: importing it would add about a quarter to a cold start.
"""

import os
import re
from functools import cache
from typing import Any, NamedTuple

import httpx

from realtime.errors import Misconfigured
from realtime.timeouts import MAX_UPSTREAM_SECONDS, UPSTREAM_SECONDS


class Limits(NamedTuple):
    """What people may use at most; 0 is no limit."""

    max_call_minutes: int = 0
    """The server hangs a call up after that."""
    calls_at_once: int = 0
    """Of one person."""
    minutes_per_person_per_day: int = 0
    minutes_per_day: int = 0
    """Of all people together."""


class Settings(NamedTuple):
    """What the deployer decides; each field is an environment variable of the same name in capitals."""

    api_key_secret_id: str
    """Name or ARN of the secret in Secrets Manager that holds the API key."""
    openai_base_url: str = "https://api.openai.com/v1"
    """The upstream, its version prefix included."""
    openai_auth: str = "bearer"
    """How the API key is sent: `Authorization: Bearer`, or Azure's `api-key` header."""
    openai_organization: str | None = None
    openai_project: str | None = None
    upstream_timeout_seconds: float = UPSTREAM_SECONDS
    """How long the upstream may take for one request of a client, a retry included."""
    model: str | None = None
    """Replaces the model of every preset of type `realtime`."""
    default_preset: str | None = None
    """Replaces the default that presets.toml names."""
    safety_key_secret_id: str = ""
    """Name or ARN of the secret that keys the safety identifiers; needed only where people sign in."""
    allowed_emails: frozenset[str] = frozenset()
    """E-mail addresses, or `@domain`, of the people who may call; in the variable, separated by commas. Empty: all."""
    allowed_origins: frozenset[str] = frozenset()
    """Origins of other sites that may call; in the variable, separated by commas. `*` allows all."""
    ephemeral_keys: str = "on"
    """Whether `/token` mints keys: `on` or `off`."""
    ledger_table: str | None = None
    """Name of the DynamoDB table that the limits need; without it there are none."""
    limits: Limits = Limits()
    """Each is a variable."""


@cache
def settings() -> Settings:
    """Read the environment.

    Returns:
        The validated settings; the same object for the life of the process.

    Raises:
        Misconfigured: a variable is missing or not valid; the message names it and says why.
    """
    # CloudFormation cannot leave a variable out: for "not set" it sends an empty one.
    given: dict[str, Any] = {field: value for field in Settings._fields if (value := os.environ.get(field.upper()))}
    given.pop("limits", None)
    if "api_key_secret_id" not in given:
        raise _invalid("API_KEY_SECRET_ID", "the name or ARN of the API key's secret is missing")
    if "upstream_timeout_seconds" in given:
        given["upstream_timeout_seconds"] = _parse_seconds(given["upstream_timeout_seconds"])
    given["allowed_origins"] = _parse_list(given.get("allowed_origins", ""))
    given["allowed_emails"] = _parse_list(given.get("allowed_emails", "").lower())
    limits = {name: _parse_limit(name, os.environ.get(name.upper()) or "0") for name in Limits._fields}
    read = Settings(**given, limits=Limits(**limits))
    _check_base_url(read.openai_base_url)
    for name in ("openai_organization", "openai_project"):
        value = getattr(read, name) or ""
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            raise _invalid(name.upper(), "it has characters that cannot be sent in a header")
    if read.ephemeral_keys not in ("on", "off"):
        raise _invalid("EPHEMERAL_KEYS", "it is either on or off")
    if read.openai_auth not in ("bearer", "api-key"):
        raise _invalid("OPENAI_AUTH", "it is either bearer or api-key")
    return read


def _check_base_url(url: str) -> None:
    try:
        parsed = httpx.URL(url)
        usable = bool(parsed.host) and not parsed.userinfo
    except (httpx.InvalidURL, UnicodeError):  # the second is of a host name that IDNA does not allow
        usable = False
    if not usable or not re.fullmatch(r"https?://[^\s?#]+", url):
        raise _invalid("OPENAI_BASE_URL", "a URL with http:// or https:// is needed, without ?, #, and a user name")


def _parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= MAX_UPSTREAM_SECONDS:
        raise _invalid("UPSTREAM_TIMEOUT_SECONDS", f"a number is needed, above 0 and at most {MAX_UPSTREAM_SECONDS}")
    return seconds


def _parse_list(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",")) - {""}


def _parse_limit(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise _invalid(name.upper(), "a whole number is needed; 0 is no limit")
    return int(text)


def _invalid(name: str, reason: str) -> Misconfigured:
    return Misconfigured(f"environment of the function: {name}: {reason}.")
