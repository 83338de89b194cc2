"""GET /token mints an ephemeral key; GET /usage returns the caller's minutes."""

import json

from realtime.app import create_handler
from realtime.caller import identify_caller
from realtime.calls import mint_key
from realtime.day import seconds_until_tomorrow
from realtime.errors import EphemeralKeysOff, PresetLocked, PresetNotMintable
from realtime.ledger import get_ledger
from realtime.presets import resolve_preset
from realtime.settings import settings
from realtime.telemetry import count
from realtime.upstream import calls_url
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def mint(request: Request) -> Response:
    """Mint an ephemeral key that is bound to a preset's session config; never cached, since it is for one call."""
    caller = await identify_caller(request)
    if settings().ephemeral_keys == "off":
        raise EphemeralKeysOff("This deployment gives out no ephemeral keys: connect through POST /session.")
    query = dict(request.query_params)
    preset = resolve_preset(query)
    if preset.type == "live":
        message = f"The Live API has no ephemeral keys: connect to the preset {preset.name} through POST /session."
        raise PresetNotMintable(message, param="preset")
    if preset.locked:
        raise PresetLocked(f"The preset {preset.name} is locked: connect through POST /session.", param="preset")
    secret = await mint_key(preset, caller)
    count("EphemeralKeys", preset=preset.name)
    # The body is the upstream's, byte for byte, and does not say it.
    return Response(secret, 200, {"X-Calls-Url": calls_url(preset)}, media_type="application/json")


async def get_usage(request: Request) -> Response:
    """Return the caller's minutes of today, the limits, and the calls that run."""
    caller, ledger = await identify_caller(request), get_ledger()
    usage = await ledger.get_usage(caller.person) if ledger else None
    limits = {name: value or None for name, value in settings().limits._asdict().items()}
    content = {
        "limits": limits,
        "used_seconds": usage.used if usage else None,
        "left_seconds": usage.left if usage else None,
        "resets_in_seconds": seconds_until_tomorrow(),
        "calls": [
            {"call_id": call.call_id, "preset": call.preset, "started_at": call.started_at, "ends_at": call.ends_at}
            for call in (usage.open_calls if usage else [])
            if call.call_id
        ],
    }
    return Response(json.dumps(content), media_type="application/json")


handler = create_handler([Route("/token", mint, methods=["GET"]), Route("/usage", get_usage, methods=["GET"])])
