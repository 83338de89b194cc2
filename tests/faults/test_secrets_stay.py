"""No key, token, offer or subject is in any log line, metric, header or refusal, however loud the log."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from local.stack import serve
from local.template import TEMPLATE
from tests.faults.planted import (
    ABOUT_KEYS,
    ABOUT_OFFERS,
    MINTED,
    SECRETS,
    SUBJECT,
    UFRAG,
    refused_requests,
    requests,
    upstreams,
    vaults,
)
from tests.issuer import Issuer, running
from tests.scripted_upstream import Reply, ScriptedUpstream, scripted_upstream

# What Lambda's runtime does where the function's log level is DEBUG.
LOUD = "import logging; logging.basicConfig(level=logging.DEBUG)\n"
ENVIRONMENT = {
    "UPSTREAM_TIMEOUT_SECONDS": "1",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
    "POWERTOOLS_DEBUG": "true",
}

STATUSES = {200, 201, 204, 400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 504}
"""All that there are; so every kind of answer was looked at."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running() as provider:
        yield provider


@contextmanager
def everything(issuer: Issuer, folder: Path) -> Iterator[tuple[httpx.Client, ScriptedUpstream, ScriptedUpstream]]:
    """Run the stack for people who have signed in, its log as loud as a deployer can make it."""
    with ExitStack() as stacked:
        upstream, vault = (stacked.enter_context(scripted_upstream()) for _ in range(2))
        environment = ENVIRONMENT | {"AWS_ENDPOINT_URL": vault.url.removesuffix("/v1")}
        parameters = {"Access": "signed-in", "Issuer": issuer.url, "Audience": "audience"}
        serving = serve(base_url=upstream.url, parameters=parameters, environment=environment, template=loud(folder))
        stack = stacked.enter_context(serving)
        yield stacked.enter_context(httpx.Client(base_url=stack.url, timeout=30)), upstream, vault


def loud(folder: Path) -> Path:
    """Write the template anew, with functions whose root logger lets everything through."""
    (folder / "layers").symlink_to(TEMPLATE.parent / "layers")
    for function in ("session", "token", "sweep"):
        (folder / "functions" / function).mkdir(parents=True)
        (folder / "functions" / function / "app.py").symlink_to(TEMPLATE.parent / "functions" / function / "app.py")
        (folder / "functions" / function / "sitecustomize.py").write_text(LOUD)
    (folder / "template.yaml").write_text(TEMPLATE.read_text())
    return folder / "template.yaml"


def traffic(
    client: httpx.Client, upstream: ScriptedUpstream, vault: ScriptedUpstream, token: str
) -> list[httpx.Response]:
    """Ask everything of everybody."""
    asked = []
    for replies in vaults():
        vault.says(*replies)
        asked += [client.request(**one) for one in [*requests(token)][-2:-1] + [*requests(token)][:1]]
    for one in requests(token):
        # What it is not told, it cannot tell.
        first = [Reply(200, MINTED)] if "transcriber" in one["url"] else []
        for replies in upstreams(ABOUT_OFFERS if one["method"] == "POST" else ABOUT_KEYS):
            upstream.says(*first, *replies)
            asked.append(client.request(**one))
    upstream.says(Reply(after_seconds=3))
    asked.append(client.request(**one))
    return asked + [client.request(**one) for one in refused_requests(token)]


def leaked(text: str, secrets: tuple[str, ...]) -> list[str]:
    """List which secrets are in a text, in any of the ways in which they could be spelt there."""
    spelt = text + text.replace("\\/", "/").replace("\\u00", "%")
    words = [UFRAG] if re.search(rf"\b{UFRAG}\b", spelt) else []
    return words + [one for one in secrets if one in spelt]


def test_no_secret_is_in_any_response_log_or_metric(
    issuer: Issuer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    token = issuer.token(sub=SUBJECT, exp=4_000_000_000)
    with everything(issuer, tmp_path) as (client, upstream, vault):
        answers = traffic(client, upstream, vault, token)
    out, err = capfd.readouterr()
    secrets = (*SECRETS, token, token.rpartition(".")[2])

    assert all(written in out for written in ("Answered", "upstream_status", '"_aws"'))
    assert [line for line in (out + err).splitlines() if leaked(line, secrets)] == []
    assert [answer.headers for answer in answers if leaked(str(answer.headers), secrets)] == []
    refused = [answer for answer in answers if answer.status_code >= 400]
    assert [answer.text for answer in refused if leaked(answer.text, secrets)] == []
    assert {answer.status_code for answer in answers} == STATUSES
