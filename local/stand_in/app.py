"""The routes of the stand-in."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_in.call_request import (
    CLIENT_SECRET,
    beta,
    check_shape,
    read_body,
    read_dcid,
    safety_identifier,
    unified_session,
)
from local.stand_in.calls import Calls
from local.stand_in.connection import keep_to_loopback
from local.stand_in.conversation import new_id
from local.stand_in.door import Door, refuse
from local.stand_in.errors import ApiError
from local.stand_in.form import read_json
from local.stand_in.keys import Keys
from local.stand_in.offer import check_offer
from local.stand_in.parameters import read
from local.stand_in.session import effective
from local.stand_in.session_config import read_session

CONNECT_WITHIN_SECONDS = 30.0
LONGEST_SECONDS = 3600.0


def create_app(
    api_key: str,
    *,
    clock: Callable[[], float] = time.time,
    connect_within: float = CONNECT_WITHIN_SECONDS,
    longest: float = LONGEST_SECONDS,
) -> Starlette:
    """Make the stand-in.

    Args:
        api_key: the standard key that it accepts.
        clock: tells the time by which ephemeral keys expire, in seconds since the epoch.
        connect_within: seconds in which the client of a new call must connect.
        longest: seconds after which a call ends.

    Returns:
        The app; its calls run in the event loop that serves it, and end with it.
    """
    keep_to_loopback()
    stand_in = StandIn(Keys(api_key, clock), Calls(connect_within, longest))
    return Starlette(
        routes=[
            Route("/v1/realtime/client_secrets", stand_in.mint, methods=["POST"]),
            Route("/v1/realtime/calls", stand_in.create_call, methods=["POST"]),
            Route("/v1/realtime/calls/{call_id}/hangup", stand_in.hang_up, methods=["POST"]),
            Route("/v1/realtime", stand_in.refuse_beta, methods=["GET", "POST"]),
            Route("/_stand_in", stand_in.describe),
        ],
        middleware=[Middleware(Door)],
        exception_handlers={ApiError: refuse, HTTPException: refuse},
        lifespan=stand_in.lifespan,
    )


class StandIn:
    """What the routes do."""

    def __init__(self, keys: Keys, calls: Calls) -> None:
        self._keys = keys
        self._calls = calls
        self._connections: set[tuple[str, int]] = set()

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """End all calls when the server stops."""
        yield
        await self._calls.close()

    async def mint(self, request: Request) -> Response:
        """`POST /v1/realtime/client_secrets`."""
        self._keys.require_standard(self._key(request))
        check_shape(request)
        body = read(CLIENT_SECRET, read_json(await request.body()))
        session = read_session(body.session)
        key = self._keys.mint(session, body.expires_after.seconds, safety_identifier(request))
        shown = effective(session, new_id("sess"), expires_at=0)
        return JSONResponse({"value": key.value, "expires_at": key.expires_at, "session": shown})

    async def create_call(self, request: Request) -> Response:
        """`POST /v1/realtime/calls`."""
        key = self._key(request)
        ephemeral = None if self._keys.is_standard(key) else self._keys.find(key)
        check_shape(request)
        dcid = read_dcid(request)
        offer, given = await read_body(request)
        if ephemeral and given is not None:
            raise ApiError("The session is bound to the ephemeral key.", code="unknown_parameter", param="session")
        session = ephemeral.session if ephemeral else unified_session(given)
        sdp = check_offer(offer)
        if ephemeral:
            self._keys.find(key)  # another request may have used it while this one's body arrived
            self._keys.use_up(ephemeral)
        identifier = ephemeral.safety_identifier if ephemeral else safety_identifier(request)
        call_id, answer = await self._calls.create(sdp, session, identifier, dcid)
        location = f"/v1/realtime/calls/{call_id}"
        return Response(answer, 201, {"location": location}, media_type="application/sdp")

    async def hang_up(self, request: Request) -> Response:
        """`POST /v1/realtime/calls/{call_id}/hangup`."""
        self._keys.require_standard(self._key(request))
        await self._calls.hang_up(request.path_params["call_id"])
        return Response()

    async def refuse_beta(self, request: Request) -> Response:
        """`/v1/realtime`, where the beta's calls were created."""
        raise beta()

    async def describe(self, request: Request) -> Response:
        """`GET /_stand_in`: what tests want to know; the real API has nothing like it."""
        return JSONResponse(
            {
                "open_calls": self._calls.describe(),
                "calls_created": self._calls.created,
                "connections": len(self._connections),
            }
        )

    def _key(self, request: Request) -> str:
        """Return the key that came along, OpenAI's way or Azure's; count the connections of the standard one."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        key = key.strip() if scheme.lower() == "bearer" else request.headers.get("api-key", "")
        if request.client and self._keys.is_standard(key):
            self._connections.add((request.client.host, request.client.port))
        return key
