"""The upstream's API key, read from Secrets Manager and cached for five minutes."""

import asyncio
import json
import time
from typing import NamedTuple

from realtime.errors import Misconfigured
from realtime.secret import read_secret
from realtime.settings import settings
from realtime.timeouts import KEY_MAX_AGE_SECONDS


class CachedKey(NamedTuple):
    """A key, and when it was read, in seconds by the wall clock: Lambda may freeze the monotonic one."""

    key: str
    secret_id: str
    read_at: float

    def is_fresh(self) -> bool:
        """Return whether it may be used; not if the clock has been set back since."""
        same = self.secret_id == settings().api_key_secret_id
        return same and 0 <= time.time() - self.read_at < KEY_MAX_AGE_SECONDS


_lock = asyncio.Lock()
_cached: CachedKey | None = None


async def get_api_key(*, force_refresh: bool = False) -> str:
    """Return the upstream's API key.

    Args:
        force_refresh: read it again although one is cached, because the upstream refused that one.

    Returns:
        The key. The secret is the key itself, or JSON with the member `OPENAI_API_KEY`.

    Raises:
        Misconfigured: the secret is missing, empty, not readable in time, or not a key.
    """
    global _cached
    before = _cached
    async with _lock:
        if not _cached or not _cached.is_fresh() or (force_refresh and _cached is before):  # nobody else has, meanwhile
            secret_id = settings().api_key_secret_id
            _cached = CachedKey(await _read_key(secret_id), secret_id, time.time())
        return _cached.key


def clear_api_key() -> None:
    """Forget the cached key."""
    global _cached
    _cached = None


def is_header_value(text: str) -> bool:
    """Return whether a key can be sent in a header; the HTTP library's error would contain it."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


async def _read_key(secret_id: str) -> str:
    text = await read_secret(secret_id, name="API key", remedy=_remedy(secret_id))
    key = _parse_secret(text)
    if not is_header_value(key) or key.startswith("OPENAI_API_KEY="):
        raise Misconfigured(f"The API key's secret holds no key{_describe_fault(text)}. {_remedy(secret_id)}")
    return key


def _parse_secret(text: str) -> str:
    if not text.lstrip().startswith("{"):
        return text.strip()
    try:
        key = json.loads(text).get("OPENAI_API_KEY")
    except ValueError:
        return ""
    return key.strip() if isinstance(key, str) else ""


def _describe_fault(text: str) -> str:
    """Say what the secret holds instead, without any of its values."""
    if text.count("\0") * 3 > len(text):  # every other byte, of text that is mostly ASCII
        return ": it is UTF-16, save it as UTF-8"
    if text.lstrip().startswith("OPENAI_API_KEY="):
        return ": it begins with OPENAI_API_KEY=, leave that out"
    if text.lstrip().startswith("{"):
        return ": it is JSON without the text member OPENAI_API_KEY"
    return ""


def _remedy(secret_id: str) -> str:
    name = _secret_name(secret_id)
    return f"Put it: aws secretsmanager put-secret-value --secret-id {name} --secret-string file://key.txt"


def _secret_name(secret_id: str) -> str:
    """Leave the account out of an ARN: `arn:aws:secretsmanager:region:account:secret:name-AbCdEf`."""
    if not secret_id.startswith("arn:"):
        return secret_id
    return secret_id.rsplit(":", 1)[-1].rpartition("-")[0]
