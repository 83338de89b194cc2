"""The API key: read from Secrets Manager in either form, cached for five minutes, and its command named if missing."""

import asyncio
import base64
import json
import time
from typing import Any

import pytest
from realtime.api_key import get_api_key
from realtime.errors import Misconfigured

from tests.conftest import API_KEY, clear_caches, run
from tests.scripted_upstream import Reply, ScriptedUpstream

ROTATED = "sk-test-rotated"


@pytest.fixture(autouse=True)
def _nothing_cached(new_process: None) -> None: ...


@pytest.fixture
def scripted_secrets(environment: pytest.MonkeyPatch, upstream: ScriptedUpstream) -> ScriptedUpstream:
    """A Secrets Manager that counts its requests, and has another key in each response."""
    environment.setenv("AWS_ENDPOINT_URL", upstream.root)
    upstream.says(*(Reply(200, json.dumps({"SecretString": f"sk-test-{number}"})) for number in range(9)))
    return upstream


@pytest.mark.parametrize("stored", [API_KEY, f" {API_KEY}\n", f"\ufeff{API_KEY}", f'{{"OPENAI_API_KEY": "{API_KEY}"}}'])
def test_the_key_is_read_in_either_form(secrets: Any, stored: str) -> None:
    secrets.put_secret_value(SecretId="openai-api-key", SecretString=stored)

    assert run(get_api_key()) == API_KEY


def test_a_binary_secret_is_read_too(secrets: Any) -> None:
    secrets.create_secret(Name="binary", SecretBinary=API_KEY.encode())

    assert api_key_of("binary") == API_KEY


def test_the_key_is_cached_and_read_again_when_it_was_refused(secrets: Any) -> None:
    assert run(get_api_key()) == API_KEY
    secrets.put_secret_value(SecretId="openai-api-key", SecretString=ROTATED)

    assert run(get_api_key()) == API_KEY
    assert run(get_api_key(force_refresh=True)) == ROTATED
    assert run(get_api_key()) == ROTATED


def test_the_key_is_read_again_after_five_minutes_and_when_the_clock_goes_back(
    environment: pytest.MonkeyPatch, scripted_secrets: ScriptedUpstream
) -> None:
    now = time.time()
    keys = []
    for moment in (now, now, now + 299, now + 300, now + 599, now - 60):
        environment.setattr(time, "time", lambda moment=moment: moment)
        keys.append(run(get_api_key()))

    assert keys == ["sk-test-0", "sk-test-0", "sk-test-0", "sk-test-1", "sk-test-1", "sk-test-2"]


def test_two_at_once_read_the_secret_once(scripted_secrets: ScriptedUpstream) -> None:
    async def two() -> tuple[str, str]:
        first, second = await asyncio.gather(get_api_key(), get_api_key())
        return first, second

    assert run(two()) == ("sk-test-0", "sk-test-0")
    assert len(scripted_secrets.asked) == 1


def test_a_refused_key_is_read_again_once_for_all_who_wait(scripted_secrets: ScriptedUpstream) -> None:
    async def refused_at_once() -> set[str]:
        await get_api_key()
        return set(await asyncio.gather(*(get_api_key(force_refresh=True) for _ in range(10))))

    assert run(refused_at_once()) == {"sk-test-1"}
    assert len(scripted_secrets.asked) == 2


JSON_FAULT = ": it is JSON without the text member OPENAI_API_KEY"
ASSIGNMENT = ": it begins with OPENAI_API_KEY=, leave that out"


@pytest.mark.parametrize(
    ("stored", "fault"),
    [
        ("  ", ""),
        (" {}", JSON_FAULT),
        ("{broken", JSON_FAULT),
        ('{"API_KEY": "sk-test-0"}', JSON_FAULT),
        ('{"OPENAI_API_KEY": ""}', JSON_FAULT),
        ("OPENAI_API_KEY=sk-test 0", ASSIGNMENT),
        ("\nOPENAI_API_KEY=sk-test-0", ASSIGNMENT),
        ("s\0k\0", ": it is UTF-16, save it as UTF-8"),
        ("two words", ""),
        ("line\nbreak", ""),
        ("schlüssel", ""),
    ],
)
def test_a_secret_without_a_key_says_what_it_is_and_names_the_command_that_puts_one(
    secrets: Any, stored: str, fault: str
) -> None:
    secrets.put_secret_value(SecretId="openai-api-key", SecretString=stored)

    with pytest.raises(Misconfigured) as error:
        run(get_api_key())

    assert error.value.message == (
        f"The API key's secret holds no key{fault}. Put it: aws secretsmanager put-secret-value"
        " --secret-id openai-api-key --secret-string file://key.txt"
    )


def test_a_key_that_is_put_later_is_used_at_once(secrets: Any) -> None:
    secrets.put_secret_value(SecretId="openai-api-key", SecretString="{}")
    with pytest.raises(Misconfigured):
        run(get_api_key())
    secrets.put_secret_value(SecretId="openai-api-key", SecretString=API_KEY)

    assert run(get_api_key()) == API_KEY


def test_a_missing_secret_is_named_without_the_account(secrets: Any) -> None:
    with pytest.raises(Misconfigured) as error:
        api_key_of("arn:aws:secretsmanager:us-east-1:123456789012:secret:stack/my-own-key-AbCdEf")

    assert error.value.message == (
        "The API key's secret cannot be read. Put it: aws secretsmanager put-secret-value"
        " --secret-id stack/my-own-key --secret-string file://key.txt"
    )


def api_key_of(secret_id: str) -> str:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("API_KEY_SECRET_ID", secret_id)
        clear_caches()
        return run(get_api_key())


def binary(content: bytes) -> Reply:
    return Reply(200, json.dumps({"SecretBinary": base64.b64encode(content).decode()}))


def test_a_binary_secret_is_read_as_text_without_its_byte_order_mark(scripted_secrets: ScriptedUpstream) -> None:
    scripted_secrets.says(binary(b"\xef\xbb\xbfsk-test-binary"))

    assert run(get_api_key()) == "sk-test-binary"


@pytest.mark.parametrize(
    ("reply", "message", "cause"),
    [
        (binary(b"\xff\xfe\xfa"), "The API key's secret holds no key. ", None),
        (
            Reply(200, "{}"),
            "The API key cannot be read from Secrets Manager: ",
            "KeyError: the response of Secrets Manager has no secret in it",
        ),
    ],
)
def test_a_secret_that_is_no_text_and_one_that_is_not_there_have_messages_of_their_own(
    scripted_secrets: ScriptedUpstream, reply: Reply, message: str, cause: str | None
) -> None:
    scripted_secrets.says(reply)

    with pytest.raises(Misconfigured) as error:
        run(get_api_key())

    assert error.value.message.startswith(message)
    assert (str(error.value.__cause__) if error.value.__cause__ else None) == cause
