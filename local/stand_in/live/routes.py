"""The routes of the Live API."""

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_in.authentication import Authentication
from local.stand_in.calls import Calls
from local.stand_in.form import parse_json
from local.stand_in.live.session import LiveSession
from local.stand_in.live.session_rules import check_session
from local.stand_in.offer import check_offer
from local.stand_in.typed import Typed

MAX_SESSION_SECONDS = 7_200.0

_BODY = Typed("openai.types.live.live_create_params:LiveCreateParams")


class LiveRoutes:
    """The endpoints of Live sessions, which need the standard key: this API has no ephemeral ones."""

    def __init__(self, authentication: Authentication, calls: Calls) -> None:
        self._authentication = authentication
        self._calls = calls
        self.routes = [
            Route("/v1/live/sessions", self.create, methods=["POST"]),
            Route("/v1/live/sessions/{session_id}/hangup", self.hang_up, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        """`POST /v1/live/sessions`."""
        self._authentication.require_standard(request)
        body = _BODY.parse(parse_json(await request.body()))
        session = body["session"]
        check_session(session)
        offer, make_session = check_offer(body["transport"]["sdp"].encode()), partial(LiveSession, session)
        session_id, answer = await self._calls.create(
            "live_", offer, make_session, session.get("safety_identifier"), max_seconds=MAX_SESSION_SECONDS
        )
        transport = {"type": "webrtc", "sdp": answer}
        return JSONResponse({"session": {"id": session_id}, "transport": transport}, 201)

    async def hang_up(self, request: Request) -> Response:
        """`POST /v1/live/sessions/{session_id}/hangup`."""
        self._authentication.require_standard(request)
        await self._calls.hang_up(request.path_params["session_id"], "live_")
        return Response()
