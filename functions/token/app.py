"""GET /token mints an ephemeral key."""

import realtime.ahead  # noqa: F401 - the API key is read while the rest is imported
from realtime.app import door
from realtime.caller import safety_identifier
from realtime.errors import PresetLocked
from realtime.presets import presets
from realtime.request import Request, Response
from realtime.settings import settings
from realtime.telemetry import count
from realtime.upstream import upstream


def mint(request: Request) -> Response:
    """Mint an ephemeral key that is bound to a preset's session config; never stored, for it serves one call."""
    chosen = presets().choose(dict(request.query), model=settings().model)
    if chosen.locked:
        raise PresetLocked(f"The preset {chosen.preset} is locked: connect through POST /session.", param="preset")
    caller = safety_identifier(request.event, settings().api_key_secret_id)
    secret = upstream().create_client_secret(chosen, caller=caller)
    count("EphemeralKeys", preset=chosen.preset)
    return Response(200, secret, "application/json")


handler = door(("GET", "/token", mint))
