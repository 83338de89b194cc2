"""Parses the requests that mint keys and create calls."""

import re
from typing import Literal

from pydantic import Field, TypeAdapter
from starlette.requests import Request

from local.stand_in.errors import ApiError
from local.stand_in.form import parse_form
from local.stand_in.parameters import Parameters
from local.stand_in.session_config import RealtimeSession, Session, parse_session

MAX_DCID = 65534


class ExpiresAfter(Parameters):
    """The lifetime of an ephemeral key."""

    anchor: Literal["created_at"] = "created_at"
    seconds: int = Field(600, ge=10, le=7200)


class ClientSecretRequest(Parameters):
    """The body of `POST /v1/realtime/client_secrets`; `session_config.parse_session` parses its session."""

    expires_after: ExpiresAfter = ExpiresAfter()
    session: object = {"type": "realtime"}


CLIENT_SECRET = TypeAdapter(ClientSecretRequest)
EXPIRES_AFTER = TypeAdapter(ExpiresAfter)


async def parse_body(request: Request) -> tuple[bytes, object]:
    """Parse the body of `POST /v1/realtime/calls`.

    Args:
        request: a request whose body is a form or the offer alone.

    Returns:
        The offer byte for byte, and the session config's JSON or None.

    Raises:
        ApiError: the body is neither, or a field of the form is wrong.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return await parse_form(request)
    if media_type == "application/sdp":
        return await request.body(), None
    raise ApiError(
        f"Unsupported content type: '{media_type}'. Send 'multipart/form-data' or 'application/sdp'.",
        code="unsupported_content_type",
    )


def parse_unified_session(config: object) -> Session:
    """Parse the session config of the unified interface; raises ApiError unless its type is `realtime`."""
    session = parse_session({"type": "realtime"} if config is None else config)
    if not isinstance(session, RealtimeSession):
        raise ApiError(
            "A transcription session needs an ephemeral key: mint one, and post the offer as application/sdp.",
            code="invalid_value",
            param="session.type",
        )
    return session


def check_not_beta(request: Request) -> None:
    """Raise ApiError if the request has the beta's header or query."""
    if "openai-beta" in request.headers:
        raise beta_disabled()
    if "model" in request.query_params:
        raise ApiError("Unknown parameter: 'model'.", code="unknown_parameter", param="model")


def beta_disabled() -> ApiError:
    """Make the error that clients of the beta get."""
    return ApiError(
        "The Realtime Beta API is no longer supported. Please use /v1/realtime/calls and no OpenAI-Beta header.",
        code="beta_api_shape_disabled",
    )


def parse_dcid(request: Request) -> int | None:
    """Parse the id of a negotiated data channel (WARP); raises ApiError if it is not a valid id."""
    dcid = request.query_params.get("dcid")
    if dcid is None:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", dcid) or int(dcid) > MAX_DCID:
        raise ApiError(f"dcid is an integer from 0 to {MAX_DCID}.", code="invalid_value", param="dcid")
    return int(dcid)


def safety_identifier(request: Request) -> str | None:
    """Return the hashed end user that the request names, or None."""
    return request.headers.get("openai-safety-identifier")
