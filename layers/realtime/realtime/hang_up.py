"""Hanging up a call at the upstream.

Source: `POST /realtime/calls/{call_id}/hangup` and `POST /live/sessions/{session_id}/hangup` of the API reference,
https://developers.openai.com/api/reference
"""

import re
from contextlib import suppress

import httpx

from realtime.errors import RealtimeError, UpstreamFailed, UpstreamRefused
from realtime.http_client import CONNECTION_ERRORS
from realtime.upstream_client import UpstreamClient, read_body

CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")

_APIS = {"rtc_": "/realtime/calls", "live_": "/live/sessions"}
"""By what a call's id begins with; translation is `rtc_` too. Other servers have other ids."""


async def hang_up(client: UpstreamClient, call_id: str) -> None:
    """Hang a call up; where its id does not tell which API it is of, at each that may have it.

    Args:
        client: sends the requests.
        call_id: matches CALL_ID.

    Raises:
        RealtimeError: the upstream did not end the call, or does not know it.
    """
    refused: list[UpstreamRefused] = []
    for api in [api for prefix, api in _APIS.items() if call_id.startswith(prefix)] or _APIS.values():
        try:
            await read_body(await client.post(f"{api}/{call_id}/hangup"))
        except UpstreamRefused as error:
            refused.append(error)
            if error.status != httpx.codes.NOT_FOUND:
                break
        else:
            return
    raise refused[0]


async def hang_up_with_retry(client: UpstreamClient, call_id: str) -> None:
    """Hang a call up; once more if the upstream failed, since hanging up twice is harmless.

    Args:
        client: sends the requests.
        call_id: matches CALL_ID.

    Raises:
        RealtimeError: the upstream did not end the call, or does not know it.
    """
    with suppress(UpstreamFailed, *CONNECTION_ERRORS):
        return await hang_up(client, call_id)
    return await hang_up(client, call_id)


def is_over(error: RealtimeError) -> bool:
    """Return whether a hang-up failed because the call had ended by itself.

    A 404 without a code, or Azure's code `404`, does not say so: a proxy gives it, or a server that cannot hang up.

    Args:
        error: what the hang-up raised.
    """
    return error.status == httpx.codes.NOT_FOUND and error.code not in (None, "404")
