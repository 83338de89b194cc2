"""The API key, out of Secrets Manager."""

import contextlib
import json
import threading
import time

from realtime.deadline import waited_for
from realtime.errors import Misconfigured
from realtime.secret import SecretUnreadable, read_secret
from realtime.settings import settings

WITHHELD = "Secrets Manager does not hand out the API key: the function's log says why."

MAX_AGE = 300
"""Seconds for which a key is used without asking again."""

SECONDS = 6
"""How long Secrets Manager may take: it, the upstream and a hang-up fit into the function's time together."""

_kept: dict[str, tuple[str, float]] = {}
"""The key by its secret, and until when: by the clock on the wall, since a frozen function's own may stand still."""

_asking = threading.Lock()


def api_key_in_time(*, afresh: bool = False) -> str:
    """Read the upstream's API key, and give up after SECONDS however silent the network is.

    Args:
        afresh: as `api_key`.

    Returns:
        The key.

    Raises:
        Misconfigured: as `api_key`, and where Secrets Manager is too slow.
    """
    if not afresh and (key := _at_hand()):
        return key
    try:
        return waited_for(lambda: api_key(afresh=afresh), SECONDS)
    except TimeoutError as silent:
        raise Misconfigured(WITHHELD) from silent


def api_key(*, afresh: bool = False) -> str:
    """Read the upstream's API key.

    Args:
        afresh: ask Secrets Manager even though a key is at hand, since that one was refused.

    Returns:
        The key. The secret is either the key itself or JSON with the member `OPENAI_API_KEY`.

    Raises:
        Misconfigured: the secret is missing, empty, not readable or not a key.
    """
    # One at a time: what was asked for ahead is waited for, and not asked for again, unless it hangs.
    mine = _asking.acquire(timeout=SECONDS / 2)
    try:
        key = None if afresh else _at_hand()
        return key or _asked_for(settings().api_key_secret_id)
    finally:
        if mine:
            _asking.release()


def is_a_key(text: str) -> bool:
    """Tell whether it can stand in a header, as keys do; an error about one that cannot would have it in its text."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def read_the_key() -> None:
    """Read the key before it is needed; what is wrong with it, whoever needs it is told."""
    with contextlib.suppress(Misconfigured):
        api_key()


def _at_hand() -> str | None:
    key, until = _kept.get(settings().api_key_secret_id, ("", 0))
    return key if time.time() < until else None


def _asked_for(secret_id: str) -> str:
    try:
        key = _key_in(read_secret(secret_id))
    except SecretUnreadable as unreadable:
        if "ResourceNotFoundException" in str(unreadable):
            raise Misconfigured(f"The API key's secret cannot be read. {_remedy(secret_id)}") from unreadable
        raise Misconfigured(WITHHELD) from unreadable
    if not is_a_key(key):
        raise Misconfigured(f"The API key's secret holds no key. {_remedy(secret_id)}")
    _kept[secret_id] = key, time.time() + MAX_AGE
    return key


def _key_in(secret: str | bytes) -> str:
    text = secret.decode(errors="replace") if isinstance(secret, bytes) else secret
    if not text.lstrip().startswith("{"):
        return text.strip()
    try:
        key = json.loads(text).get("OPENAI_API_KEY")
    except ValueError:
        return ""
    return key.strip() if isinstance(key, str) else ""


def _remedy(secret_id: str) -> str:
    name = _name(secret_id)
    return f"Put it: aws secretsmanager put-secret-value --secret-id {name} --secret-string file://key.txt"


def _name(secret_id: str) -> str:
    """Take the account out of an ARN: `arn:aws:secretsmanager:region:account:secret:name-AbCdEf`."""
    if not secret_id.startswith("arn:"):
        return secret_id
    return secret_id.rsplit(":", 1)[-1].rpartition("-")[0]
