"""Why the upstream refuses credentials is reported, with what to do about it; only a refused key is read again."""

import json

import pytest

from tests.conftest import Invoke, error, event
from tests.scripted_upstream import Reply, ScriptedUpstream


@pytest.mark.parametrize(
    ("status", "sent", "message", "asked"),
    [
        (401, {"code": "invalid_api_key"}, "The upstream does not accept the deployment's API key (status 401).", 2),
        (
            401,
            {"code": "incorrect_hostname"},
            "The API key's project is in another region: set OpenAIBaseUrl to that region's host (status 401).",
            1,
        ),
        (
            403,
            {"code": "unsupported_country_region_territory"},
            "The upstream does not serve the country that the functions run in: deploy in another region (status 403).",
            1,
        ),
        (
            401,
            {"message": "You have insufficient permissions. Missing scopes: api.model.request."},
            "The API key may not use this API: give it write access to Realtime (status 401).",
            1,
        ),
        (
            403,
            {"code": "model_not_found"},
            "The API key's project may not use this model: allow it in the project, or set Model (status 403).",
            1,
        ),
    ],
)
def test_the_true_reason_of_refused_credentials_is_reported(
    session: Invoke, upstream: ScriptedUpstream, status: int, sent: dict[str, str], message: str, asked: int
) -> None:
    upstream.says(Reply(status, json.dumps({"error": sent})))

    response = session(event("session"))

    answered = error(response)
    assert (response["statusCode"], answered["code"], answered["message"]) == (502, "upstream_credentials", message)
    assert len(upstream.asked) == asked
