"""GET /token mints an ephemeral key."""

from realtime.app import create_handler
from realtime.caller import safety_identifier
from realtime.errors import PresetLocked
from realtime.presets import presets
from realtime.settings import settings
from realtime.telemetry import count
from realtime.upstream import upstream
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def mint(request: Request) -> Response:
    """Mint an ephemeral key that is bound to a preset's session config; never cached, since it is for one call."""
    preset = presets().resolve(dict(request.query_params), model=settings().model)
    if preset.locked:
        raise PresetLocked(f"The preset {preset.name} is locked: connect through POST /session.", param="preset")
    caller = safety_identifier(request.scope["aws.event"], settings().api_key_secret_id)
    secret = await upstream().create_client_secret(preset, caller=caller)
    count("EphemeralKeys", preset=preset.name)
    return Response(secret, 200, media_type="application/json")


handler = create_handler([Route("/token", mint, methods=["GET"])])
