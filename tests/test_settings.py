"""The settings: read from the environment, with defaults, and an error that names a wrong variable."""

from typing import Any

import pytest
from realtime.errors import Misconfigured
from realtime.settings import Limits, Settings, settings


@pytest.fixture(autouse=True)
def _nothing_cached(environment: pytest.MonkeyPatch) -> None:
    settings.cache_clear()
    environment.setenv("API_KEY_SECRET_ID", "openai-api-key")


def test_the_secret_alone_is_enough() -> None:
    assert settings() == Settings(
        api_key_secret_id="openai-api-key",
        openai_base_url="https://api.openai.com/v1",
        openai_auth="bearer",
        openai_organization=None,
        openai_project=None,
        upstream_timeout_seconds=15,
        model=None,
        default_preset=None,
    )


def test_an_empty_variable_is_one_that_is_not_set(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MODEL", "")

    assert settings().model is None


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("UPSTREAM_TIMEOUT_SECONDS", "20", 20),
        ("UPSTREAM_TIMEOUT_SECONDS", "0.5", 0.5),
        ("OPENAI_AUTH", "bearer", "bearer"),
        ("OPENAI_AUTH", "api-key", "api-key"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:8001/v1", "http://127.0.0.1:8001/v1"),
        ("OPENAI_BASE_URL", "https://gateway.example/v1/@team", "https://gateway.example/v1/@team"),
        ("OPENAI_ORGANIZATION", "org-test", "org-test"),
        ("OPENAI_PROJECT", "proj_test", "proj_test"),
        ("DEFAULT_PRESET", "live", "live"),
        ("EPHEMERAL_KEYS", "off", "off"),
        ("ALLOWED_ORIGINS", "https://a.example, https://b.example,", {"https://a.example", "https://b.example"}),
        ("ALLOWED_EMAILS", "Somebody@A.example,@b.example", {"somebody@a.example", "@b.example"}),
        ("LIMITS", "no field of the environment", Limits()),
    ],
)
def test_a_variable_replaces_the_default(environment: pytest.MonkeyPatch, name: str, value: str, read: Any) -> None:
    environment.setenv(name, value)

    assert settings() == Settings("openai-api-key")._replace(**{name.lower(): read})


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("API_KEY_SECRET_ID", "", "API_KEY_SECRET_ID: the name or ARN of the API key's secret is missing."),
        ("OPENAI_AUTH", "basic", "OPENAI_AUTH: it is either bearer or api-key."),
        ("EPHEMERAL_KEYS", "maybe", "EPHEMERAL_KEYS: it is either on or off."),
        *(
            ("MAX_CALL_MINUTES", wrong, "MAX_CALL_MINUTES: a whole number is needed; 0 is no limit.")
            for wrong in ("1.5", "-1", "12345678", "\u0663")
        ),
        ("OPENAI_ORGANIZATION", "örg", "OPENAI_ORGANIZATION: it has characters that cannot be sent in a header."),
        ("OPENAI_PROJECT", "proj_1 ", "OPENAI_PROJECT: it has characters that cannot be sent in a header."),
        ("OPENAI_PROJECT", "a\nb", "OPENAI_PROJECT: it has characters that cannot be sent in a header."),
        *(
            (
                "OPENAI_BASE_URL",
                wrong,
                "OPENAI_BASE_URL: a URL with http:// or https:// is needed, without ?, #, and a user name.",
            )
            for wrong in (
                "api.openai.com",
                "https://",
                "ftp://api.openai.com",
                "https://a?b",
                "https://a#b",
                "https://a b",
                "https://a:port/v1",
                "https://user:password@a/v1",
                "https://[::1/v1",
                "https://xn--/v1",
            )
        ),
        *(
            ("UPSTREAM_TIMEOUT_SECONDS", wrong, "UPSTREAM_TIMEOUT_SECONDS: a number is needed, above 0 and at most 20.")
            for wrong in ("20.1", "0", "-1", "nan", "soon")
        ),
    ],
)
def test_a_wrong_variable_is_named_with_the_reason(
    environment: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    environment.setenv(name, value)

    with pytest.raises(Misconfigured) as refused:
        settings()

    assert refused.value.message == f"environment of the function: {named}"


def test_each_limit_is_a_variable(environment: pytest.MonkeyPatch) -> None:
    for number, name in zip((1, 2, 3, 9_999_999), Limits._fields, strict=True):
        environment.setenv(name.upper(), str(number))

    assert settings().limits == Limits(1, 2, 3, 9_999_999)
