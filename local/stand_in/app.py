"""The routes of the stand-in."""

import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_in.call import MakeSession
from local.stand_in.call_request import (
    CLIENT_SECRET,
    EXPIRES_AFTER,
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
from local.stand_in.errors import ApiError, InvalidKey, error_response
from local.stand_in.form import parse_json
from local.stand_in.keys import EphemeralKey, Keys
from local.stand_in.live_request import parse_live_request
from local.stand_in.live_session import LiveSession
from local.stand_in.middleware import HeadersMiddleware
from local.stand_in.offer import check_offer
from local.stand_in.parameters import parse
from local.stand_in.session import Session, effective
from local.stand_in.session_config import Session as Config
from local.stand_in.session_config import parse_session
from local.stand_in.translation_session import CLIENT_SECRET as CLIENT_SECRET_OF_TRANSLATION
from local.stand_in.translation_session import TranslationSession, effective_translation

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
            Route("/v1/realtime/translations/client_secrets", stand_in.mint_translation, methods=["POST"]),
            Route("/v1/realtime/translations/calls", stand_in.create_translation, methods=["POST"]),
            Route("/v1/live/sessions", stand_in.create_live, methods=["POST"]),
            Route("/v1/live/sessions/{call_id}/hangup", stand_in.hang_up, methods=["POST"]),
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
        if isinstance(session, dict):
            raise InvalidKey("This key is for /v1/realtime/translations/calls.", code="invalid_api_key")
        sdp = check_offer(offer)
        identifier = safety_identifier(request)
        if ephemeral:
            identifier = self._use(ephemeral)
        return await self._answer(sdp, partial(_realtime_session, session), identifier, dcid)

    async def mint_translation(self, request: Request) -> Response:
        """`POST /v1/realtime/translations/client_secrets`."""
        self._keys.require_standard(self._key(request))
        body = CLIENT_SECRET_OF_TRANSLATION.parse(parse_json(await request.body()))
        lifetime = parse(EXPIRES_AFTER, body.get("expires_after", {}), "expires_after")
        key = self._keys.mint(body["session"], lifetime.seconds, safety_identifier(request))
        shown = effective_translation(body["session"], new_id("sess"), expires_at=0)
        return JSONResponse({"value": key.value, "expires_at": key.expires_at, "session": shown})

    async def create_translation(self, request: Request) -> Response:
        """`POST /v1/realtime/translations/calls`, with an ephemeral key."""
        ephemeral = self._keys.find(self._key(request))
        dcid = parse_dcid(request)
        offer, config = await parse_body(request)
        if config is not None or not isinstance(ephemeral.session, dict):
            raise ApiError("The session is bound to a translation's key.", code="invalid_value", param="session")
        sdp = check_offer(offer)
        identifier = self._use(ephemeral)
        return await self._answer(sdp, partial(TranslationSession, ephemeral.session), identifier, dcid)

    async def create_live(self, request: Request) -> Response:
        """`POST /v1/live/sessions`."""
        self._keys.require_standard(self._key(request))
        offer, session = parse_live_request(parse_json(await request.body()))
        session_id, identifier = f"live_{secrets.token_hex(16)}", session.get("safety_identifier")
        make_session = partial(LiveSession, session_id, session)
        answer = await self._calls.create(session_id, check_offer(offer), make_session, identifier, None)
        return JSONResponse(
            {"session": {"id": session_id}, "transport": {"type": "webrtc", "sdp": answer}}, status_code=201
        )

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

    def _use(self, ephemeral: EphemeralKey) -> str | None:
        """Use a key; return the safety identifier that it was minted for."""
        self._keys.find(ephemeral.value)  # another request may have used it while this one's body was received
        self._keys.mark_used(ephemeral)
        return ephemeral.safety_identifier

    async def _answer(
        self, offer: str, make_session: MakeSession, identifier: str | None, dcid: int | None
    ) -> Response:
        call_id = f"rtc_u1_{secrets.token_hex(16)}"
        answer = await self._calls.create(call_id, offer, make_session, identifier, dcid)
        return Response(answer, 201, {"location": f"/v1/realtime/calls/{call_id}"}, media_type="application/sdp")

    def _key(self, request: Request) -> str:
        """Return the request's key from OpenAI's header or Azure's; count the connections of the standard key."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        key = key.strip() if scheme.lower() == "bearer" else request.headers.get("api-key", "")
        if request.client and self._keys.is_standard(key):
            self._connections.add((request.client.host, request.client.port))
        return key


def _realtime_session(
    config: Config, expires_at: int, transmit: Callable[[str], None], end_call: Callable[[], None]
) -> Session:
    """Make the session of a call that never ends by itself."""
    return Session(config, expires_at, transmit)
