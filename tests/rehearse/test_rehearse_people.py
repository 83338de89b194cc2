"""The people of the user pool: how they are invited, and that no change of parameters removes them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.template import ROOT
from tests.rehearse.conftest import ARCHITECTURE
from tests.rehearse.signing_in import PERSON, choose_password, invite, password_in, sign_in
from tests.rehearse.stack import Stack

CHOSEN = "Chosen-by-me-1"
FRONTENDS = ["https://app.example.com/signed-in", "http://localhost:5173"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, built: Path, endpoint: str, upstream: str) -> Iterator[Stack]:
    """What the README's own command deploys, and a frontend of one's own at which people sign in too."""
    folder = tmp_path_factory.mktemp("people") / "repository"
    shutil.copytree(built, folder, symlinks=True)
    stack = Stack(folder, endpoint, {"Architecture": ARCHITECTURE, "OpenAIBaseUrl": upstream})
    stack.parameters |= {"FirstUserEmail": "you@example.com", "CallbackUrls": ",".join(FRONTENDS)}
    stack.deploy()
    yield stack
    stack.delete()


@pytest.fixture(scope="module")
def pool(stack: Stack) -> str:
    return stack.resource("UserPool")


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


def test_the_invitation_has_the_pages_url_and_the_password(stack: Stack, pool: str) -> None:
    mail = invite(stack)

    assert httpx.URL(stack.outputs()["PageUrl"]).scheme == "https"
    assert f'<a href="{stack.outputs()["PageUrl"]}">' in mail
    assert f"Sign in as {PERSON} " in mail
    assert choose_password(stack, password_in(mail), CHOSEN)
    assert people(stack, pool) == {PERSON}


def test_people_may_come_back_from_signing_in_to_the_page_and_to_other_frontends(stack: Stack, pool: str) -> None:
    cognito = stack.client("cognito-idp")
    client = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=stack.resource("UserPoolClient"))

    urls = [client["UserPoolClient"][name] for name in ("CallbackURLs", "LogoutURLs")]
    assert urls == [[stack.outputs()["PageUrl"], *FRONTENDS]] * 2


def test_whom_the_invitation_was_for_is_listed(stack: Stack) -> None:
    done = stack.run(stack.outputs()["ListUsers"])

    assert (done.returncode, done.stdout.split()[:2]) == (0, [PERSON, "CONFIRMED"])


def test_open_and_back_everybody_is_still_there(stack: Stack, pool: str) -> None:
    change(stack, Access="open")
    opened = (status(stack), stack.resource("UserPool"), people(stack, pool))
    change(stack, Access="signed-in")

    assert opened == (404, pool, {PERSON})  # the function answered: it knows no such call
    assert (stack.resource("UserPool"), people(stack, pool)) == (pool, {PERSON})
    assert status(stack) == 401
    assert status(stack, sign_in(stack, {"username": PERSON, "password": CHOSEN})) == 404


def test_an_issuer_of_ones_own_leaves_the_pool_in_the_account(stack: Stack, pool: str) -> None:
    change(stack, Issuer="https://issuer.example/", Audience="me")
    with stack.browser() as browser:
        issuer = browser.get("/config.json").json()["issuer"]

    assert issuer == "https://issuer.example/"
    assert not {"InviteUser", "RemoveUser", "ListUsers"} & stack.outputs().keys()
    assert people(stack, pool) == {PERSON}


def test_a_parameter_that_is_unset_has_its_default_again(stack: Stack, pool: str) -> None:
    """As docs/deploy.md says: `'Issuer=""'`."""
    change(stack, Issuer="", Audience="")

    assert stack.resource("UserPool") != pool
    assert people(stack, pool) == {PERSON}


def documented(stack: Stack) -> list[str]:
    """Return the commands of docs/deploy.md that look or stop, with this stack's names in the place of `<...>`."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "deploy.md").read_text(), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    commands = [line.strip() for line in lines if re.match(r"\s*aws (cloudformation|lambda|cognito-idp list)", line)]
    return [re.sub(r"<(\w+)>", lambda match: stack.resource(match[1]), command) for command in commands]


def test_the_documents_commands_work(stack: Stack) -> None:
    invite(stack)
    done = {command: stack.run(command) for command in documented(stack)}
    done["outputs"] = stack.run("sam list stack-outputs --stack-name realtime-serverless --output json")
    done["resend"] = stack.run(f"{stack.outputs()['InviteUser']} --message-action RESEND")

    assert {command: one.stderr for command, one in done.items() if one.returncode} == {}
    assert len(done) == 7
    [stopped] = {one.stdout for command, one in done.items() if "put-function-concurrency" in command}
    assert '"ReservedConcurrentExecutions": 0' in stopped


def test_somebody_is_removed(stack: Stack) -> None:
    done = stack.run(stack.outputs()["RemoveUser"])

    assert (done.returncode, people(stack, stack.resource("UserPool"))) == (0, set())
