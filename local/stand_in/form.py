"""The multipart body of `POST /v1/realtime/calls`: a field `sdp` and a field `session`."""

import json

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from local.stand_in.errors import ApiError

FIELDS = ("sdp", "session")


async def read_form(request: Request) -> tuple[bytes, object]:
    """Read the form in whatever way its client writes it: with or without file names and part types.

    Args:
        request: the request, its media type multipart/form-data.

    Returns:
        The offer byte for byte, and the session config's JSON, None where the form has none.

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
    return offer, None if session is None else read_json(session, "session")


def read_json(body: bytes, param: str | None = None) -> object:
    """Read JSON; raises ApiError where it is none."""
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
