"""The routes of translation."""

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_in.authentication import Authentication
from local.stand_in.call_request import parse_body, parse_dcid, parse_lifetime, safety_identifier
from local.stand_in.calls import Calls
from local.stand_in.errors import ApiError, InvalidKey
from local.stand_in.form import parse_json
from local.stand_in.ids import new_id
from local.stand_in.keys import Keys
from local.stand_in.offer import check_offer
from local.stand_in.translation.session import TranslationSession
from local.stand_in.translation.session_config import effective
from local.stand_in.typed import Typed

_CLIENT_SECRET = Typed("openai.types.realtime.translations.client_secret_create_params:ClientSecretCreateParams")


class TranslationRoutes:
    """The endpoints of translation sessions."""

    def __init__(self, authentication: Authentication, keys: Keys, calls: Calls) -> None:
        self._authentication = authentication
        self._keys = keys
        self._calls = calls
        self.routes = [
            Route("/v1/realtime/translations/client_secrets", self.mint, methods=["POST"]),
            Route("/v1/realtime/translations/calls", self.create, methods=["POST"]),
        ]

    async def mint(self, request: Request) -> Response:
        """`POST /v1/realtime/translations/client_secrets`."""
        self._authentication.require_standard(request)
        body = _CLIENT_SECRET.parse(parse_json(await request.body()))
        session, seconds = body["session"], parse_lifetime(body)
        key = self._keys.mint("translation", session, seconds, safety_identifier(request))
        shown = effective(session, new_id("sess"), expires_at=0)
        return JSONResponse({"value": key.value, "expires_at": key.expires_at, "session": shown})

    async def create(self, request: Request) -> Response:
        """`POST /v1/realtime/translations/calls`, with an ephemeral key."""
        key = self._authentication.ephemeral(request)
        dcid = parse_dcid(request)
        offer, config = await parse_body(request)
        if key is None or key.kind != "translation":
            raise InvalidKey("Mint a key at /v1/realtime/translations/client_secrets.", code="invalid_api_key")
        if config is not None:
            raise ApiError("The session is bound to the ephemeral key.", code="unknown_parameter", param="session")
        sdp = check_offer(offer)
        self._keys.use(key)
        make_session = partial(TranslationSession, key.session)
        call_id, answer = await self._calls.create("rtc_u1_", sdp, make_session, key.safety_identifier, dcid)
        return Response(answer, 201, {"location": f"/v1/realtime/calls/{call_id}"}, media_type="application/sdp")
