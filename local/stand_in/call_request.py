"""Parses the requests that mint keys and create calls of the Realtime API."""

import re

from starlette.requests import Request

from local.stand_in.errors import ApiError
from local.stand_in.form import parse_form
from local.stand_in.ranges import check_ranges
from local.stand_in.typed import Json

MAX_DCID = 65534

KEY_SECONDS = 600
"""The lifetime of an ephemeral key that was minted without one."""


def parse_lifetime(body: Json) -> int:
    """Return the lifetime of a key in seconds, from the body of the request; raises ApiError if it is out of range."""
    check_ranges(body, {"expires_after.seconds": (10, 7_200)}, "")
    seconds: int = body.get("expires_after", {}).get("seconds", KEY_SECONDS)
    return seconds


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
