"""The functions' environment variables, read once and validated.

Not by pydantic, which validates the presets at build time: importing it would add about a quarter to a cold start.
"""

import os
import re
from collections.abc import Callable, Iterable
from functools import cache, partial
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
    if not os.environ.get("API_KEY_SECRET_ID"):
        raise _invalid("api_key_secret_id", "the name or ARN of the API key's secret is missing")
    fields = [name for name in Settings._fields if name != "limits"]
    return Settings(**_read(fields), limits=Limits(**_read(Limits._fields)))


def _read(fields: Iterable[str]) -> dict[str, Any]:
    # CloudFormation cannot leave a variable out: for "not set" it sends an empty one.
    return {name: _parse(name, text) for name in fields if (text := os.environ.get(name.upper()))}


def _parse(name: str, text: str) -> Any:
    try:
        return _PARSERS.get(name, str)(text)
    except ValueError as error:
        raise _invalid(name, str(error)) from None


def _parse_url(text: str) -> str:
    try:
        parsed = httpx.URL(text)
        usable = bool(parsed.host) and not parsed.userinfo
    except (httpx.InvalidURL, UnicodeError):  # the second is of a host name that IDNA does not allow
        usable = False
    if not usable or not re.fullmatch(r"https?://[^\s?#]+", text):
        raise ValueError("a URL with http:// or https:// is needed, without ?, #, and a user name")
    return text


def _parse_header_value(text: str) -> str:
    if not (text.isascii() and text.isprintable() and text == text.strip()):
        raise ValueError("it has characters that cannot be sent in a header")
    return text


def _parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= MAX_UPSTREAM_SECONDS:
        raise ValueError(f"a number is needed, above 0 and at most {MAX_UPSTREAM_SECONDS}")
    return seconds


def _parse_emails(text: str) -> frozenset[str]:
    return _parse_list(text.lower())


def _parse_list(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",")) - {""}


def _parse_limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise ValueError("a whole number is needed; 0 is no limit")
    return int(text)


def _parse_either(first: str, second: str, text: str) -> str:
    if text not in (first, second):
        raise ValueError(f"it is either {first} or {second}")
    return text


_PARSERS: dict[str, Callable[[str], Any]] = {
    "openai_base_url": _parse_url,
    "openai_auth": partial(_parse_either, "bearer", "api-key"),
    "openai_organization": _parse_header_value,
    "openai_project": _parse_header_value,
    "upstream_timeout_seconds": _parse_seconds,
    "allowed_emails": _parse_emails,
    "allowed_origins": _parse_list,
    "ephemeral_keys": partial(_parse_either, "on", "off"),
    **dict.fromkeys(Limits._fields, _parse_limit),
}
"""By field; any other is its text."""


def _invalid(field: str, reason: str) -> Misconfigured:
    return Misconfigured(f"environment of the function: {field.upper()}: {reason}.")
