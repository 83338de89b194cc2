"""The API key, out of Secrets Manager."""

import json
from functools import cache

from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from aws_lambda_powertools.utilities.parameters.secrets import SecretsProvider
from botocore.config import Config

from realtime.errors import Misconfigured
from realtime.settings import settings

MAX_AGE = 300
"""Seconds for which a key is used without asking again."""

# Two tries of at most 3 s: Secrets Manager, the upstream and a hang-up fit into the function's time together.
_PATIENCE = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2})


@cache
def _secrets() -> SecretsProvider:
    return SecretsProvider(boto_config=_PATIENCE)


def api_key(*, afresh: bool = False) -> str:
    """Read the upstream's API key.

    Args:
        afresh: ask Secrets Manager even though a key is at hand, since that one was refused.

    Returns:
        The key. The secret is either the key itself or JSON with the member `OPENAI_API_KEY`.

    Raises:
        Misconfigured: the secret is missing, empty, not readable or not a key.
    """
    secret_id = settings().api_key_secret_id
    try:
        secret = _secrets().get(secret_id, max_age=MAX_AGE, force_fetch=afresh)
    except GetParameterError as unreadable:
        raise Misconfigured(f"The API key's secret cannot be read. {_remedy(secret_id)}") from unreadable
    key = _key_in(secret)
    if _usable(key):
        return key
    if not afresh:  # it may have been put since
        return api_key(afresh=True)
    raise Misconfigured(f"The API key's secret holds no key. {_remedy(secret_id)}")


def _usable(key: str) -> bool:
    """Refuse what cannot stand in a header: the error about it would have the key in its text."""
    return bool(key) and key.isascii() and key.isprintable() and " " not in key


def _key_in(secret: object) -> str:
    text = secret.decode(errors="replace") if isinstance(secret, bytes) else str(secret)
    if not text.lstrip().startswith("{"):
        return text.strip()
    try:
        return str(json.loads(text).get("OPENAI_API_KEY", "")).strip()
    except ValueError:
        return ""


def _remedy(secret_id: str) -> str:
    name = _name(secret_id)
    return f"Put it: aws secretsmanager put-secret-value --secret-id {name} --secret-string file://key.txt"


def _name(secret_id: str) -> str:
    """Take the account out of an ARN: `arn:aws:secretsmanager:region:account:secret:name-AbCdEf`."""
    if not secret_id.startswith("arn:"):
        return secret_id
    return secret_id.rsplit(":", 1)[-1].rpartition("-")[0]
