"""The people of the user pool: how they are invited, and that no change of parameters removes them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.template import ROOT
from tests.rehearse.signing_in import PERSON, choose_password, invite, password_in, sign_in
from tests.rehearse.stack import Stack, deployed

CHOSEN = "Chosen-by-me-1"
FRONTENDS = ["https://app.example.com/signed-in", "http://localhost:5173"]


# Each state of the stack is a fixture that follows from the one before: a test can be run alone.


@pytest.fixture(scope="module")
def stack(built: Path, endpoint: str, upstream: str) -> Iterator[Stack]:
    """What the README's own command deploys, and a frontend of one's own at which people sign in too."""
    parameters = {"FirstUserEmail": "you@example.com", "CallbackUrls": ",".join(FRONTENDS)}
    with deployed(built, endpoint, upstream, **parameters) as stack:
        yield stack


@pytest.fixture(scope="module")
def pool(stack: Stack) -> str:
    return stack.resource("UserPool")


@pytest.fixture(scope="module")
def mail(stack: Stack, pool: str) -> str:
    """The invitation of a person, who has then chosen a password."""
    text = invite(stack)
    assert choose_password(stack, password_in(text), CHOSEN)
    return text


def change(stack: Stack, **parameters: str) -> None:
    """Deploy with these parameters alone: SAM sends the previous value of each of the others."""
    stack.parameters = parameters
    stack.deploy()


def people(stack: Stack, pool: str) -> set[str]:
    users: list[dict[str, Any]] = stack.client("cognito-idp").list_users(UserPoolId=pool)["Users"]
    return {one["Value"] for user in users for one in user["Attributes"] if one["Name"] == "email"}


def status(stack: Stack, token: str = "") -> int:
    with stack.browser() as browser:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return browser.delete("/session/rtc_of_nobody", headers=headers).status_code


def test_the_invitation_has_the_pages_url(stack: Stack, pool: str, mail: str) -> None:
    assert httpx.URL(stack.outputs()["PageUrl"]).scheme == "https"
    assert f'<a href="{stack.outputs()["PageUrl"]}">' in mail
    assert f"Sign in as {PERSON} " in mail
    assert people(stack, pool) == {PERSON}


def test_people_may_come_back_from_signing_in_to_the_page_and_to_other_frontends(stack: Stack, pool: str) -> None:
    cognito = stack.client("cognito-idp")
    client = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=stack.resource("UserPoolClient"))

    urls = [client["UserPoolClient"][name] for name in ("CallbackURLs", "LogoutURLs")]
    assert urls == [[stack.outputs()["PageUrl"], *FRONTENDS]] * 2


@pytest.mark.usefixtures("mail")
def test_whom_the_invitation_was_for_is_listed(stack: Stack) -> None:
    done = stack.run(stack.outputs()["ListUsers"])

    assert (done.returncode, done.stdout.split()[:2]) == (0, [PERSON, "CONFIRMED"])


@pytest.mark.usefixtures("mail")
def test_open_and_back_everybody_is_still_there(stack: Stack, pool: str) -> None:
    change(stack, Access="open")
    opened = (status(stack), stack.resource("UserPool"), people(stack, pool))
    change(stack, Access="signed-in")

    assert opened == (404, pool, {PERSON})  # the function answered: it knows no such call
    assert (stack.resource("UserPool"), people(stack, pool)) == (pool, {PERSON})
    assert status(stack) == 401
    assert status(stack, sign_in(stack, {"username": PERSON, "password": CHOSEN})) == 404


@pytest.fixture(scope="module")
def another_pool(stack: Stack, pool: str, mail: str) -> str:
    """The pool after there was another issuer, and then none again."""
    change(stack, Issuer="https://issuer.example/", Audience="me")
    with stack.browser() as browser:
        issuer = browser.get("/config.json").json()["issuer"]
    assert issuer == "https://issuer.example/"
    assert not {"InviteUser", "RemoveUser", "ListUsers"} & stack.outputs().keys()
    assert people(stack, pool) == {PERSON}

    change(stack, Issuer="", Audience="")
    return stack.resource("UserPool")


def test_an_issuer_of_ones_own_leaves_the_pool_in_the_account_and_there_is_a_new_one_after_it(
    stack: Stack, pool: str, another_pool: str
) -> None:
    """A parameter that is unset has its default again, as docs/deploy.md says: `'Issuer=""'`."""
    assert another_pool != pool
    assert people(stack, pool) == {PERSON}


@pytest.fixture(scope="module")
def invited(stack: Stack, another_pool: str) -> None:
    """A person in the new pool."""
    invite(stack)


def documented(stack: Stack) -> list[str]:
    """Return the commands of docs/deploy.md that look or stop, with this stack's names in the place of `<...>`."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "deploy.md").read_text(), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    commands = [line.strip() for line in lines if re.match(r"\s*aws (cloudformation|lambda|cognito-idp list)", line)]
    return [re.sub(r"<(\w+)>", lambda match: stack.resource(match[1]), command) for command in commands]


@pytest.mark.usefixtures("invited")
def test_the_documents_commands_work(stack: Stack) -> None:
    done = {command: stack.run(command) for command in documented(stack)}
    done["outputs"] = stack.run("sam list stack-outputs --stack-name realtime-serverless --output json")
    done["resend"] = stack.run(f"{stack.outputs()['InviteUser']} --message-action RESEND")

    assert {command: one.stderr for command, one in done.items() if one.returncode} == {}
    assert len(done) == 7
    [stopped] = {one.stdout for command, one in done.items() if "put-function-concurrency" in command}
    assert '"ReservedConcurrentExecutions": 0' in stopped


# The last test of this file, since the others need the person.
@pytest.mark.usefixtures("invited")
def test_somebody_is_removed(stack: Stack, another_pool: str) -> None:
    assert people(stack, another_pool) == {PERSON}

    done = stack.run(stack.outputs()["RemoveUser"])

    assert (done.returncode, people(stack, another_pool)) == (0, set())
