"""No key, token, offer or subject is in a log line, metric, header or error, even with the log level DEBUG."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from local.stack import serve
from tests.faults.marked_secrets import (
    ABOUT_KEYS,
    ABOUT_OFFERS,
    MINTED,
    SECRETS,
    SUBJECT,
    UFRAG,
    invalid_requests,
    requests,
    secrets_manager_replies,
    upstream_replies,
)
from tests.issuer import Issuer, running
from tests.local_stack import write_template
from tests.scripted_upstream import Reply, ScriptedUpstream, scripted_upstream

# What Lambda's runtime does where the function's log level is DEBUG.
DEBUG_LOGGING = "import logging; logging.basicConfig(level=logging.DEBUG)\n"
ENVIRONMENT = {
    "UPSTREAM_TIMEOUT_SECONDS": "1",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
    "POWERTOOLS_DEBUG": "true",
}

STATUSES = {200, 201, 204, 400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 504}
"""All that the API has: so every kind of response was searched."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running() as provider:
        yield provider


@contextmanager
def running_stack(issuer: Issuer, folder: Path) -> Iterator[tuple[httpx.Client, ScriptedUpstream, ScriptedUpstream]]:
    """Run the stack for people who have signed in, with everything logged that a deployer can switch on."""
    with ExitStack() as stacked:
        upstream, secrets_manager = (stacked.enter_context(scripted_upstream()) for _ in range(2))
        environment = ENVIRONMENT | {"AWS_ENDPOINT_URL": secrets_manager.root}
        parameters = {"Access": "signed-in", "Issuer": issuer.url, "Audience": "audience"}
        template = write_template(folder, first=dict.fromkeys(("session", "token", "sweep"), DEBUG_LOGGING))
        serving = serve(base_url=upstream.url, parameters=parameters, environment=environment, template=template)
        stack = stacked.enter_context(serving)
        yield stacked.enter_context(httpx.Client(base_url=stack.url, timeout=30)), upstream, secrets_manager


def send_all(
    client: httpx.Client, upstream: ScriptedUpstream, secrets_manager: ScriptedUpstream, token: str
) -> list[httpx.Response]:
    """Send every request with every reply."""
    asked = []
    for replies in secrets_manager_replies():
        secrets_manager.says(*replies)
        asked += [client.request(**one) for one in [*requests(token)][-2:-1] + [*requests(token)][:1]]
    for one in requests(token):
        # A reply cannot repeat what its request did not contain.
        first = [MINTED] if "transcriber" in one["url"] else []
        for replies in upstream_replies(ABOUT_OFFERS if one["method"] == "POST" else ABOUT_KEYS):
            upstream.says(*first, *replies)
            asked.append(client.request(**one))
    upstream.says(Reply(after_seconds=3))
    asked.append(client.request(**one))
    return asked + [client.request(**one) for one in invalid_requests(token)]


def leaked(text: str, secrets: tuple[str, ...]) -> list[str]:
    """List which secrets are in a text, in any way in which JSON or a URL may write them."""
    written = text + text.replace("\\/", "/").replace("\\u00", "%")
    words = [UFRAG] if re.search(rf"\b{UFRAG}\b", written) else []
    return words + [one for one in secrets if one in written]


def test_no_secret_is_in_any_response_log_or_metric(
    issuer: Issuer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    token = issuer.token(sub=SUBJECT, exp=4_000_000_000)
    with running_stack(issuer, tmp_path) as (client, upstream, secrets_manager):
        answers = send_all(client, upstream, secrets_manager, token)
    out, err = capfd.readouterr()
    secrets = (*SECRETS, token, token.rpartition(".")[2])

    assert all(written in out for written in ("Answered", "upstream_status", '"_aws"'))
    assert [line for line in (out + err).splitlines() if leaked(line, secrets)] == []
    assert [answer.headers for answer in answers if leaked(str(answer.headers), secrets)] == []
    refused = [answer for answer in answers if answer.status_code >= 400]
    assert [answer.text for answer in refused if leaked(answer.text, secrets)] == []
    assert {answer.status_code for answer in answers} == STATUSES
