"""The bodies of the Live API's `POST /live/sessions`: JSON in, JSON out.

Source: openai/types/live/live_create_params.py and live_create_response.py of the openai package.
"""

import json
import re
from typing import Any

from realtime.errors import InvalidAnswer
from realtime.presets import ResolvedPreset

_SESSION_ID = re.compile(rb'"session"\s*:\s*\{[^{}]*?"id"\s*:\s*"([A-Za-z0-9_-]{1,128})"')


def session_request(offer: bytes, preset: ResolvedPreset, caller: str | None) -> dict[str, Any]:
    """Make the request that creates a session.

    Args:
        offer: the browser's SDP offer.
        preset: the session config.
        caller: the person's safety identifier, if known.
    """
    named = {"safety_identifier": caller} if caller else {}
    return {"session": preset.session | named, "transport": {"type": "webrtc", "sdp": offer.decode()}}


def parse_answer(body: bytes) -> bytes:
    """Return the SDP answer in a response.

    Args:
        body: the response's body.

    Raises:
        InvalidAnswer: there is none.
    """
    try:
        match json.loads(body.decode()):
            case {"transport": {"sdp": str(answer)}}:
                return answer.encode()
    except (RecursionError, ValueError):  # UnicodeEncodeError too: JSON can contain surrogates
        pass
    raise InvalidAnswer("The upstream accepted the offer, but what it sent is not a Live session with an SDP answer.")


def parse_session_id(body: bytes) -> str | None:
    """Find the id of the created session, also in a body that broke off: what has begun must be ended.

    Args:
        body: what has arrived of the response's body.
    """
    try:
        match json.loads(body.decode()):
            case {"session": {"id": str(session_id)}}:
                return session_id
    except (RecursionError, ValueError):
        if found := _SESSION_ID.search(body):
            return found[1].decode()
    return None
