"""The bodies of `POST /realtime/client_secrets`, which mints an ephemeral key.

Source: https://developers.openai.com/api/docs/guides/realtime-webrtc
"""

import json
from typing import Any

from realtime.api_key import is_header_value
from realtime.errors import InvalidAnswer
from realtime.presets import ResolvedPreset


def key_request(preset: ResolvedPreset) -> dict[str, Any]:
    """Return the request that mints a key.

    Args:
        preset: the session config that the key is bound to.

    Returns:
        The members of the body.
    """
    expires_after = {"anchor": "created_at", "seconds": preset.key_lifetime_seconds}
    return {"expires_after": expires_after, "session": preset.session}


def parse_key(body: bytes) -> str:
    """Return the key in a response, after checking that the response is a client secret.

    Args:
        body: the response's body.

    Raises:
        InvalidAnswer: it is not.
    """
    try:
        match json.loads(body.decode()):
            case {"value": str(key), "expires_at": int(), "session": dict()} if is_header_value(key):
                return key
    except (RecursionError, ValueError):
        pass
    # Without the body: the key may be in it.
    raise InvalidAnswer("The upstream accepted, but what it sent is not an ephemeral key.")
