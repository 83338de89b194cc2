"""What a request says, before there is a call."""

import re
from typing import Literal

from pydantic import Field, TypeAdapter
from starlette.requests import Request

from local.stand_in.errors import ApiError
from local.stand_in.form import read_form
from local.stand_in.parameters import Parameters
from local.stand_in.session_config import RealtimeSession, Session, read_session

LARGEST_DCID = 65534


class ExpiresAfter(Parameters):
    """How long an ephemeral key may open a call."""

    anchor: Literal["created_at"] = "created_at"
    seconds: int = Field(600, ge=10, le=7200)


class ClientSecretRequest(Parameters):
    """The body of `POST /v1/realtime/client_secrets`; its session is read by `session_config.read_session`."""

    expires_after: ExpiresAfter = ExpiresAfter()
    session: object = {"type": "realtime"}


CLIENT_SECRET = TypeAdapter(ClientSecretRequest)


async def read_body(request: Request) -> tuple[bytes, object]:
    """Read the body of `POST /v1/realtime/calls`.

    Args:
        request: a form, or the offer alone.

    Returns:
        The offer byte for byte, and the session config's JSON or None.

    Raises:
        ApiError: it is neither, or a field of the form is wrong.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return await read_form(request)
    if media_type == "application/sdp":
        return await request.body(), None
    raise ApiError(
        f"Unsupported content type: '{media_type}'. Send 'multipart/form-data' or 'application/sdp'.",
        code="unsupported_content_type",
    )


def unified_session(given: object) -> Session:
    """Read the session config that came with the standard key; raises ApiError unless it is one that answers."""
    session = read_session({"type": "realtime"} if given is None else given)
    if not isinstance(session, RealtimeSession):
        raise ApiError(
            "A transcription session needs an ephemeral key: mint one, and post the offer as application/sdp.",
            code="invalid_value",
            param="session.type",
        )
    return session


def check_shape(request: Request) -> None:
    """Refuse, by ApiError, what only the beta had."""
    if "openai-beta" in request.headers:
        raise beta()
    if "model" in request.query_params:
        raise ApiError("Unknown parameter: 'model'.", code="unknown_parameter", param="model")


def beta() -> ApiError:
    """Return the refusal of the beta's clients."""
    return ApiError(
        "The Realtime Beta API is no longer supported. Please use /v1/realtime/calls and no OpenAI-Beta header.",
        code="beta_api_shape_disabled",
    )


def read_dcid(request: Request) -> int | None:
    """Read the id of a data channel that both sides make by themselves (WARP); raises ApiError where it is none."""
    dcid = request.query_params.get("dcid")
    if dcid is None:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", dcid) or int(dcid) > LARGEST_DCID:
        raise ApiError(f"dcid is an integer from 0 to {LARGEST_DCID}.", code="invalid_value", param="dcid")
    return int(dcid)


def safety_identifier(request: Request) -> str | None:
    """Return the hashed end user that the call is for, if one is named."""
    return request.headers.get("openai-safety-identifier")
