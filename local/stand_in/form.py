"""The multipart body of `POST /v1/realtime/calls`: a field `sdp` and a field `session`."""

import json

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from local.stand_in.errors import ApiError

FIELDS = ("sdp", "session")


async def parse_form(request: Request) -> tuple[bytes, object]:
    """Parse the form of any client: with or without file names and content types of its parts.

    Args:
        request: a request with the media type multipart/form-data.

    Returns:
        The offer byte for byte, and the session config's JSON, or None if the form has no session.

    Raises:
        ApiError: a field is missing or unknown, or the session is not JSON.
    """
    async with request.form(max_files=8, max_fields=8) as form:
        for name in form:
            if name not in FIELDS:
                raise ApiError(f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name)
        offer, session = await _field(form, "sdp"), await _field(form, "session")
    if offer is None:
        raise ApiError("Missing required parameter: 'sdp'.", code="missing_required_parameter", param="sdp")
    return offer, None if session is None else parse_json(session, "session")


def parse_json(body: bytes, param: str | None = None) -> object:
    """Parse JSON; raises ApiError if it is not valid."""
    try:
        value: object = json.loads(body)
    except ValueError:
        raise ApiError("We could not parse the JSON of your request.", code="invalid_json", param=param) from None
    return value


async def _field(form: FormData, name: str) -> bytes | None:
    value = form.get(name)
    if isinstance(value, UploadFile):
        return await value.read()
    return value.encode() if value is not None else None
