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
    beta_disabled,
    check_not_beta,
    parse_body,
    parse_dcid,
    parse_unified_session,
    safety_identifier,
)
from local.stand_in.calls import Calls
from local.stand_in.connection import restrict_to_loopback
from local.stand_in.conversation import new_id
from local.stand_in.errors import ApiError, error_response
from local.stand_in.form import parse_json
from local.stand_in.keys import Keys
from local.stand_in.middleware import HeadersMiddleware
from local.stand_in.offer import check_offer
from local.stand_in.parameters import parse
from local.stand_in.session import effective
from local.stand_in.session_config import parse_session

CONNECT_TIMEOUT_SECONDS = 30.0
MAX_CALL_SECONDS = 3600.0


def create_app(
    api_key: str,
    *,
    clock: Callable[[], float] = time.time,
    connect_timeout: float = CONNECT_TIMEOUT_SECONDS,
    max_call_seconds: float = MAX_CALL_SECONDS,
) -> Starlette:
    """Make the stand-in.

    Args:
        api_key: the standard API key that it accepts.
        clock: returns the time by which ephemeral keys expire, in seconds since the epoch.
        connect_timeout: seconds within which the client of a new call must connect.
        max_call_seconds: seconds after which a call ends.

    Returns:
        The app; its calls run in the event loop that serves it, and end with it.
    """
    restrict_to_loopback()
    stand_in = StandIn(Keys(api_key, clock), Calls(connect_timeout, max_call_seconds))
    return Starlette(
        routes=[
            Route("/v1/realtime/client_secrets", stand_in.mint, methods=["POST"]),
            Route("/v1/realtime/calls", stand_in.create_call, methods=["POST"]),
            Route("/v1/realtime/calls/{call_id}/hangup", stand_in.hang_up, methods=["POST"]),
            Route("/v1/realtime", stand_in.beta, methods=["GET", "POST"]),
            Route("/_stand_in", stand_in.describe),
        ],
        middleware=[Middleware(HeadersMiddleware)],
        exception_handlers={ApiError: error_response, HTTPException: error_response},
        lifespan=stand_in.lifespan,
    )


class StandIn:
    """The endpoints of the routes."""

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
        check_not_beta(request)
        body = parse(CLIENT_SECRET, parse_json(await request.body()))
        session = parse_session(body.session)
        key = self._keys.mint(session, body.expires_after.seconds, safety_identifier(request))
        shown = effective(session, new_id("sess"), expires_at=0)
        return JSONResponse({"value": key.value, "expires_at": key.expires_at, "session": shown})

    async def create_call(self, request: Request) -> Response:
        """`POST /v1/realtime/calls`."""
        key = self._key(request)
        ephemeral = None if self._keys.is_standard(key) else self._keys.find(key)
        check_not_beta(request)
        dcid = parse_dcid(request)
        offer, config = await parse_body(request)
        if ephemeral and config is not None:
            raise ApiError("The session is bound to the ephemeral key.", code="unknown_parameter", param="session")
        session = ephemeral.session if ephemeral else parse_unified_session(config)
        sdp = check_offer(offer)
        if ephemeral:
            self._keys.find(key)  # another request may have used it while this one's body was received
            self._keys.mark_used(ephemeral)
        identifier = ephemeral.safety_identifier if ephemeral else safety_identifier(request)
        call_id, answer = await self._calls.create(sdp, session, identifier, dcid)
        location = f"/v1/realtime/calls/{call_id}"
        return Response(answer, 201, {"location": location}, media_type="application/sdp")

    async def hang_up(self, request: Request) -> Response:
        """`POST /v1/realtime/calls/{call_id}/hangup`."""
        self._keys.require_standard(self._key(request))
        await self._calls.hang_up(request.path_params["call_id"])
        return Response()

    async def beta(self, request: Request) -> Response:
        """`/v1/realtime`, where calls were created in the beta."""
        raise beta_disabled()

    async def describe(self, request: Request) -> Response:
        """`GET /_stand_in`: the state of the stand-in, for tests. The real API has no such route."""
        return JSONResponse(
            {
                "open_calls": self._calls.describe(),
                "calls_created": self._calls.created,
                "connections": len(self._connections),
            }
        )

    def _key(self, request: Request) -> str:
        """Return the request's key from OpenAI's header or Azure's; count the connections of the standard key."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        key = key.strip() if scheme.lower() == "bearer" else request.headers.get("api-key", "")
        if request.client and self._keys.is_standard(key):
            self._connections.add((request.client.host, request.client.port))
        return key
