"""The API key: out of Secrets Manager, in either form, cached for five minutes, and named by its command if missing."""

from typing import Any

import pytest
from realtime.api_key import api_key
from realtime.errors import Misconfigured

from tests.conftest import API_KEY, forget


@pytest.fixture(autouse=True)
def _nothing_cached(secrets: Any) -> None:
    forget()


@pytest.mark.parametrize("stored", [API_KEY, f" {API_KEY}\n", f'{{"OPENAI_API_KEY": "{API_KEY}"}}'])
def test_the_key_is_read_in_either_form(secrets: Any, stored: str) -> None:
    secrets.put_secret_value(SecretId="openai-api-key", SecretString=stored)

    assert api_key() == API_KEY


def test_a_binary_secret_is_read_too(secrets: Any) -> None:
    secrets.create_secret(Name="binary", SecretBinary=API_KEY.encode())

    assert api_key_of("binary") == API_KEY


def test_the_key_is_cached_and_read_afresh_when_asked(secrets: Any) -> None:
    assert api_key() == API_KEY
    secrets.put_secret_value(SecretId="openai-api-key", SecretString="sk-test-rotated")

    assert api_key() == API_KEY
    assert api_key(afresh=True) == "sk-test-rotated"
    assert api_key() == "sk-test-rotated"


@pytest.mark.parametrize(
    "stored", ["  ", "{}", "{broken", '{"OPENAI_API_KEY": ""}', "two words", "line\nbreak", "schlüssel"]
)
def test_a_secret_without_a_key_names_the_command_that_puts_one(secrets: Any, stored: str) -> None:
    secrets.put_secret_value(SecretId="openai-api-key", SecretString=stored)

    with pytest.raises(Misconfigured) as refused:
        api_key()

    assert refused.value.message == (
        "The API key's secret holds no key. Put it: aws secretsmanager put-secret-value"
        " --secret-id openai-api-key --secret-string file://key.txt"
    )


def test_a_key_that_is_put_later_is_seen_at_once(secrets: Any) -> None:
    secrets.put_secret_value(SecretId="openai-api-key", SecretString="{}")
    with pytest.raises(Misconfigured):
        api_key()
    secrets.put_secret_value(SecretId="openai-api-key", SecretString=API_KEY)

    assert api_key() == API_KEY


def test_a_secret_that_is_not_there_is_named_without_the_account(secrets: Any) -> None:
    with pytest.raises(Misconfigured) as refused:
        api_key_of("arn:aws:secretsmanager:us-east-1:123456789012:secret:stack/key-AbCdEf")

    assert refused.value.message == (
        "The API key's secret cannot be read. Put it: aws secretsmanager put-secret-value"
        " --secret-id stack/key --secret-string file://key.txt"
    )


def api_key_of(secret_id: str) -> str:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("API_KEY_SECRET_ID", secret_id)
        forget()
        return api_key()
