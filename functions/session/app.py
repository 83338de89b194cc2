"""POST /session relays an offer to the Realtime API; DELETE /session/{call_id} hangs up."""

from realtime.app import create_handler
from realtime.caller import identify_caller
from realtime.calls import start_call
from realtime.ending import UNKNOWN_CALL, hang_up
from realtime.errors import InvalidDcid, NotFound, UnsupportedMediaType
from realtime.hang_up import CALL_ID
from realtime.presets import resolve_preset
from realtime.sdp import MEDIA_TYPES, check_offer
from realtime.telemetry import count
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MAX_DCID = 65534
"""SCTP has stream ids up to 65535, and WebRTC reserves that one (RFC 8831, section 6.4)."""


async def relay(request: Request) -> Response:
    """Create a call with the browser's offer and the server's session config.

    WHIP-shaped: SDP in, 201, SDP out, `Location` (https://www.rfc-editor.org/rfc/rfc9725).
    """
    caller = await identify_caller(request)
    check_media_type(request)
    query = dict(request.query_params)
    dcid = parse_dcid(query.pop("dcid", None))
    preset = resolve_preset(query)
    if dcid is not None and preset.type in ("live", "translation"):
        raise InvalidDcid(
            f"The preset {preset.name} takes no dcid: leave it out, and open the data channel.", param="dcid"
        )
    offer = await request.body()
    check_offer(offer, media=preset.media)
    call, seconds = await start_call(offer, preset, caller, dcid=dcid)
    count("Calls", preset=preset.name)
    headers = {"Location": f"{request.scope['root_path']}/session/{call.call_id}"} if call.call_id else {}
    if seconds is not None:
        headers["X-Call-Seconds"] = str(seconds)  # relative, since the client's clock may differ
    return Response(call.answer, 201, headers, media_type="application/sdp")


async def end(request: Request) -> Response:
    """End a call."""
    caller, call_id = await identify_caller(request), request.path_params["call_id"]
    if not CALL_ID.fullmatch(call_id):
        raise NotFound(UNKNOWN_CALL)
    await hang_up(call_id, caller)
    return Response(status_code=204)


def check_media_type(request: Request) -> None:
    """Refuse a body that is declared to be something else, whatever parameters the type has."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise UnsupportedMediaType("Post the offer with Content-Type: application/sdp (or text/plain).")


def parse_dcid(text: str | None) -> int | None:
    """Read the id of a data channel that the browser has negotiated."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= MAX_DCID):
        raise InvalidDcid(f"dcid is the id of a data channel: a whole number from 0 to {MAX_DCID}.", param="dcid")
    return int(text)


handler = create_handler(
    [Route("/session", relay, methods=["POST"]), Route("/session/{call_id}", end, methods=["DELETE"])]
)
