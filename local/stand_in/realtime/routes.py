"""The routes of the Realtime API."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_in.authentication import Authentication
from local.stand_in.call_request import (
    beta_disabled,
    check_not_beta,
    parse_body,
    parse_dcid,
    parse_lifetime,
    safety_identifier,
)
from local.stand_in.calls import Calls
from local.stand_in.errors import ApiError, InvalidKey
from local.stand_in.form import parse_json
from local.stand_in.ids import new_id
from local.stand_in.keys import Keys
from local.stand_in.offer import check_offer
from local.stand_in.realtime.session import Session, effective
from local.stand_in.realtime.session_config import parse_session, without_nulls
from local.stand_in.typed import Json, Typed

_CLIENT_SECRET = Typed("openai.types.realtime.client_secret_create_params:ClientSecretCreateParams")


class RealtimeRoutes:
    """The endpoints of realtime and transcription sessions."""

    def __init__(self, authentication: Authentication, keys: Keys, calls: Calls) -> None:
        self._authentication = authentication
        self._keys = keys
        self._calls = calls
        self.routes = [
            Route("/v1/realtime/client_secrets", self.mint, methods=["POST"]),
            Route("/v1/realtime/calls", self.create, methods=["POST"]),
            Route("/v1/realtime/calls/{call_id}/hangup", self.hang_up, methods=["POST"]),
            Route("/v1/realtime", self.beta, methods=["GET", "POST"]),
        ]

    async def mint(self, request: Request) -> Response:
        """`POST /v1/realtime/client_secrets`."""
        self._authentication.require_standard(request)
        check_not_beta(request)
        session, seconds = _parse_client_secret(parse_json(await request.body()))
        key = self._keys.mint("realtime", session, seconds, safety_identifier(request))
        shown = effective(session, new_id("sess"), expires_at=0)
        return JSONResponse({"value": key.value, "expires_at": key.expires_at, "session": shown})

    async def create(self, request: Request) -> Response:
        """`POST /v1/realtime/calls`."""
        key = self._authentication.ephemeral(request)
        check_not_beta(request)
        dcid = parse_dcid(request)
        offer, config = await parse_body(request)
        if key and key.kind != "realtime":
            raise InvalidKey("This key is for /v1/realtime/translations/calls.", code="invalid_api_key")
        if key and config is not None:
            raise ApiError("The session is bound to the ephemeral key.", code="unknown_parameter", param="session")
        session = key.session if key else _parse_unified_session(config)
        sdp, identifier = check_offer(offer), safety_identifier(request)
        if key:
            self._keys.use(key)
            identifier = key.safety_identifier
        call_id, answer = await self._calls.create("rtc_u1_", sdp, partial(Session, session), identifier, dcid)
        return Response(answer, 201, {"location": f"/v1/realtime/calls/{call_id}"}, media_type="application/sdp")

    async def hang_up(self, request: Request) -> Response:
        """`POST /v1/realtime/calls/{call_id}/hangup`, also of a translation."""
        self._authentication.require_standard(request)
        await self._calls.hang_up(request.path_params["call_id"], "rtc_")
        return Response()

    async def beta(self, request: Request) -> Response:
        """`/v1/realtime`, where calls were created in the beta."""
        raise beta_disabled()


def _parse_client_secret(body: Any) -> tuple[Json, int]:
    """Parse the session config and the lifetime of a key."""
    with_session = isinstance(body, dict) and "session" in body
    given = _CLIENT_SECRET.parse({**body, "session": without_nulls(body["session"])} if with_session else body)
    session = parse_session(body["session"] if with_session else {"type": "realtime"})
    return session, parse_lifetime(given)


def _parse_unified_session(config: object) -> Json:
    session = parse_session({"type": "realtime"} if config is None else config)
    if session["type"] != "realtime":
        raise ApiError(
            "A transcription session needs an ephemeral key: mint one, and post the offer as application/sdp.",
            code="invalid_value",
            param="session.type",
        )
    return session
