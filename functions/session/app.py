"""POST /session relays an offer to the Realtime API; DELETE /session/{call_id} hangs up."""

import realtime.ahead  # noqa: F401 - the API key is read while the rest is imported
from realtime.app import door
from realtime.caller import safety_identifier
from realtime.errors import InvalidDcid, NotFound, UnsupportedMediaType
from realtime.offer import MEDIA_TYPES, check_offer
from realtime.presets import presets
from realtime.request import Request, Response
from realtime.settings import settings
from realtime.telemetry import count
from realtime.upstream import CALL_ID, upstream

LARGEST_DCID = 65534
"""Stream ids of SCTP run to 65535, which WebRTC keeps (RFC 8831, section 6.4)."""


def relay(request: Request) -> Response:
    """Create a call with the browser's offer and the server's session config.

    WHIP-shaped: SDP in, 201, SDP out, `Location` (https://www.rfc-editor.org/rfc/rfc9725).
    """
    check_media_type(request)
    query = dict(request.query)
    dcid = read_dcid(query.pop("dcid", None))
    chosen = presets().choose(query, model=settings().model)
    offer = request.body
    check_offer(offer, locked=chosen.locked)
    caller = safety_identifier(request.event, settings().api_key_secret_id)
    call = upstream().create_call(offer, chosen, caller=caller, dcid=dcid)
    count("Calls", preset=chosen.preset)
    location = {"Location": f"/session/{call.call_id}"} if call.call_id else {}
    return Response(201, call.answer, "application/sdp", location)


def hang_up(request: Request) -> Response:
    """End a call."""
    call_id = request.places["call_id"]
    if not CALL_ID.fullmatch(call_id):
        raise NotFound("No call has such an id: take the last segment of the `Location` that /session answered.")
    upstream().hang_up(call_id)
    return Response(204)


def check_media_type(request: Request) -> None:
    """Refuse a body that is declared to be something else, whatever parameters the type has."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise UnsupportedMediaType("Post the offer with Content-Type: application/sdp (or text/plain).")


def read_dcid(given: str | None) -> int | None:
    """Read the id of a data channel that was negotiated beforehand."""
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 5 and int(given) <= LARGEST_DCID):
        raise InvalidDcid(f"dcid is the id of a data channel: a whole number from 0 to {LARGEST_DCID}.", param="dcid")
    return int(given)


handler = door(("POST", "/session", relay), ("DELETE", "/session/{call_id}", hang_up))
