"""A deployment in each access mode, from the first `sam deploy` to `sam delete`, on an emulated AWS."""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import jwt
import pytest

from tests.conftest import SDP
from tests.first_load import LINKED
from tests.rehearse.signing_in import access_token
from tests.rehearse.stack import Stack
from tests.sam import BUILT_PAGE
from tests.stand_in.caller import an_offer, calling

HEADERS = {
    "cache-control": "max-age=0, must-revalidate, s-maxage=31536000",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@pytest.fixture(scope="module")
def browser(stack: Stack) -> Iterator[httpx.Client]:
    with stack.browser() as client:
        yield client


@pytest.fixture(scope="module")
def token(stack: Stack) -> dict[str, str]:
    """The header of a person who may call; none in an open deployment."""
    return bearer(access_token(stack)) if stack.parameters["Access"] == "signed-in" else {}


class WithoutKey(NamedTuple):
    """The responses of both routes before a key is put."""

    of_a_person_who_may_call: list[httpx.Response]
    without_a_token: list[httpx.Response]
    with_a_forged_token: list[httpx.Response]


@pytest.fixture(scope="module")
def without_key(browser: httpx.Client, token: dict[str, str]) -> WithoutKey:
    forged = jwt.encode({"iss": "https://elsewhere.example"}, "not-the-pools-key-at-all-but-a-long-one", "HS256")
    offer = an_offer()

    def both(header: dict[str, str]) -> list[httpx.Response]:
        return [browser.post("/session", content=offer, headers=SDP | header), browser.get("/token", headers=header)]

    return WithoutKey(both(token), both({}), both(bearer(forged)))


@pytest.fixture(scope="module")
def key(stack: Stack, without_key: WithoutKey, api_key: str) -> None:
    """Put the key by the command in the stack's outputs."""
    (stack.folder / "key.txt").write_text(f"{api_key}\n")
    done = stack.run(stack.outputs()["PutApiKey"])
    assert done.returncode == 0, done.stderr


def built_page(stack: Stack) -> str:
    return (stack.folder / BUILT_PAGE / "index.html").read_text()


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_the_page_is_served(stack: Stack, browser: httpx.Client) -> None:
    page = browser.get("/")

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.text == built_page(stack)


def test_what_the_page_names_is_asked_for_once(stack: Stack, browser: httpx.Client) -> None:
    bundles = [name for name in LINKED.findall(built_page(stack)) if name.startswith("assets/")]

    served = [browser.get(f"/{name}") for name in bundles]

    assert [(one.status_code, one.headers["cache-control"]) for one in served] == [
        (200, "max-age=31536000, immutable")
    ] * 3


def test_its_headers_are_those_of_the_template(stack: Stack, browser: httpx.Client) -> None:
    headers = browser.get("/").headers

    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert f"connect-src 'self' {stack.parameters['OpenAIBaseUrl']}/" in headers["content-security-policy"]
    assert "unsafe-" not in headers["content-security-policy"]


def test_the_pages_configuration_has_the_values_of_this_stack(stack: Stack, browser: httpx.Client) -> None:
    config = browser.get("/config.json")
    pool = stack.parameters["Access"] == "signed-in"
    client = stack.resource("UserPoolClient") if pool else ""
    cognito = "https://cognito-idp.us-east-1.amazonaws.com"

    assert (config.headers["content-type"], config.headers["cache-control"]) == ("application/json", "no-store")
    assert {name: config.json()[name] for name in ("access", "calls_url", "issuer", "client_id", "audience")} == {
        "access": stack.parameters["Access"],
        "calls_url": f"{stack.parameters['OpenAIBaseUrl']}/realtime/calls",
        "issuer": f"{cognito}/{stack.resource('UserPool')}" if pool else "",
        "client_id": client,
        "audience": client,
    }


def test_both_routes_require_a_token_of_the_pool_where_people_sign_in(stack: Stack, without_key: WithoutKey) -> None:
    expected = {"open": [500, 500], "signed-in": [401, 401]}[stack.parameters["Access"]]

    assert [one.status_code for one in without_key.without_a_token] == expected
    assert [one.status_code for one in without_key.with_a_forged_token] == expected


def test_before_a_key_is_put_both_routes_name_the_command_that_puts_it(stack: Stack, without_key: WithoutKey) -> None:
    secret = stack.client("secretsmanager").describe_secret(SecretId=stack.resource("ApiKeySecret"))["Name"]
    command = f"aws secretsmanager put-secret-value --secret-id {secret} --secret-string file://key.txt"

    answers = without_key.of_a_person_who_may_call
    assert [(one.status_code, one.json()["error"]["code"]) for one in answers] == [(500, "misconfigured")] * 2
    assert [one.json()["error"]["message"].rpartition("Put it: ")[2] for one in answers] == [command, command]


@pytest.mark.usefixtures("key")
def test_a_call_is_set_up_and_hung_up(browser: httpx.Client, token: dict[str, str]) -> None:
    async def call() -> tuple[int, int]:
        answers = []

        async def signal(offer: bytes) -> str:
            answers.append(await asyncio.to_thread(browser.post, "/session", content=offer, headers=SDP | token))
            return answers[0].text

        async with calling(signal):
            hung_up = await asyncio.to_thread(browser.delete, answers[0].headers["location"], headers=token)
        return answers[0].status_code, hung_up.status_code

    assert asyncio.run(call()) == (201, 204)


@pytest.mark.usefixtures("key")
def test_an_ephemeral_key_is_minted(browser: httpx.Client, token: dict[str, str]) -> None:
    minted = browser.get("/token?preset=assistant&voice=cedar", headers=token)

    assert (minted.status_code, minted.headers["cache-control"]) == (200, "no-store")
    assert minted.json()["value"].startswith("ek_")
    assert minted.json()["session"]["audio"]["output"]["voice"] == "cedar"


def test_paths_that_do_not_exist_are_not_found(browser: httpx.Client) -> None:
    # For a missing object the emulated bucket always answers 403. On AWS it is 404, since the bucket's policy allows
    # CloudFront to list it.
    assert [browser.get("/session/no-such-route").status_code, browser.get("/nowhere.js").status_code] == [404, 403]


def test_http_redirects_to_https(stack: Stack) -> None:
    with stack.browser("http") as browser:
        page = browser.get("/?preset=private")

    assert (page.status_code, page.headers["location"]) == (301, f"{stack.outputs()['PageUrl']}?preset=private")


def test_the_api_refuses_plain_http(stack: Stack) -> None:
    with stack.browser("http") as browser:
        assert [browser.get("/token").status_code, browser.post("/session").status_code] == [403, 403]


def test_a_changed_page_is_served_after_the_next_deployment_and_an_open_one_still_finds_its_modules(
    stack: Stack, browser: httpx.Client
) -> None:
    web, before = stack.folder / "web", stack.folder / BUILT_PAGE / "assets"
    modules = [f"/assets/{file.name}" for file in before.iterdir()]
    for name, old, new in (
        ("index.html", "<title>", "<title>Changed: "),
        ("main.js", "Not ready", "Not yet ready"),
        ("conversation/markdown.js", "noopener", "noopener nofollow"),
    ):
        (web / name).write_text((web / name).read_text().replace(old, new))
    (web / "added.js").write_text("export const added = true\n")
    (web / "openapi.json").unlink()
    stack.build()
    stack.deploy()

    page = browser.get("/").text
    assert page == built_page(stack)
    assert "<title>Changed: " in page
    assert not {*LINKED.findall(page)} & {name.removeprefix("/") for name in modules if "/main-" in name}
    assert [browser.get(path).status_code for path in ("/added.js", "/openapi.json")] == [200, 403]
    assert {name: browser.get(name).status_code for name in modules} == dict.fromkeys(modules, 200)


def test_deploying_again_without_a_change_does_nothing(stack: Stack) -> None:
    stack.build()

    assert "No changes to deploy" in stack.deploy()


# The last test of this file, since it deletes the stack that the others use.
def test_everything_can_be_removed(stack: Stack) -> None:
    s3, bucket = stack.client("s3"), stack.resource("WebBucket")
    cognito, pool = stack.client("cognito-idp"), stack.resource("UserPool")
    full = s3.list_object_versions(Bucket=bucket)
    stack.delete()
    emptied = s3.list_object_versions(Bucket=bucket)
    s3.delete_bucket(Bucket=bucket)

    assert stack.statuses() == {}
    assert len(full["Versions"]) > 10
    assert {"Versions", "DeleteMarkers"} & emptied.keys() == set()
    # The people stay, until they are removed by hand: docs/deploy.md.
    assert cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["Name"] == "realtime-serverless"
    assert stack.run(f"aws cognito-idp delete-user-pool --user-pool-id {pool}").returncode == 0
