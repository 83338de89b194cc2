"""A page of another site does not spend the key: refused where nobody is signed in, before anything goes upstream."""

import pytest

from tests.conftest import Event, Invoke, error, event
from tests.scripted_upstream import ScriptedUpstream

OWN, FOREIGN = "https://page.example", "https://evil.example"


def sent_with(name: str, headers: dict[str, str], claims: dict[str, str] | None = None) -> Event:
    made = event(name, claims=claims)
    made["headers"] |= headers
    return made


REFUSED = [
    {"origin": FOREIGN, "sec-fetch-site": "cross-site"},
    {"origin": FOREIGN},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},  # what a request of the mode no-cors by GET has
    {"origin": "https://sub.page.example", "sec-fetch-site": "same-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", REFUSED)
@pytest.mark.parametrize("name", ["session", "hang-up", "token"])
def test_a_request_of_a_page_that_is_not_allowed_is_refused(
    session: Invoke, token: Invoke, upstream: ScriptedUpstream, name: str, headers: dict[str, str]
) -> None:
    response = (token if name == "token" else session)(sent_with(name, headers))

    assert (response["statusCode"], error(response)) == (
        403,
        {
            "message": "Pages of this origin may not call: add it to AllowedOrigins, or let people sign in.",
            "type": "invalid_request_error",
            "code": "origin_not_allowed",
            "param": None,
            "request_id": response["headers"]["x-request-id"],
        },
    )
    assert upstream.asked == []


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, ""),  # not a browser
        ({"sec-fetch-site": "none"}, ""),  # typed into the address bar
        ({"origin": OWN, "sec-fetch-site": "same-origin"}, ""),
        ({"origin": FOREIGN, "sec-fetch-site": "cross-site"}, f"{OWN},{FOREIGN}"),
        ({"origin": FOREIGN, "sec-fetch-site": "cross-site"}, "*"),
        ({"origin": FOREIGN, "sec-fetch-site": "cross-site"}, "https://*"),
        ({"sec-fetch-site": "cross-site"}, "*"),
    ],
)
def test_other_requests_are_answered(
    session: Invoke, environment: pytest.MonkeyPatch, headers: dict[str, str], allowed: str
) -> None:
    environment.setenv("ALLOWED_ORIGINS", allowed)

    assert session(sent_with("session", headers))["statusCode"] == 201


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_every_host_is_not_every_scheme(
    session: Invoke, environment: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    environment.setenv("ALLOWED_ORIGINS", "https://*")

    assert error(session(sent_with("session", headers)))["code"] == "origin_not_allowed"


def test_a_person_who_is_signed_in_may_call_from_anywhere(session: Invoke) -> None:
    assert session(sent_with("session", REFUSED[0], claims={"sub": "somebody"}))["statusCode"] == 201
