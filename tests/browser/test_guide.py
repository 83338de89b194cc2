"""The snippets of the guide, on pages of another origin, in a real browser."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

import httpx
import pytest
from playwright.sync_api import Browser, Request, expect

from local.stack import Stack, serve
from tests import issuer
from tests.browser.conftest import about, allowing, static_site
from tests.browser.guide import snippets
from tests.browser.page import THE_TONE
from tests.browser.scripts import LOUDEST
from tests.conftest import QUIET, ROOT
from tests.waiting import wait_until

ESBUILD = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"

PAGE = """<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Another site</title>
<div id="root"></div><button id="call">Call</button><audio id="voice" autoplay></audio>
<script type="module" src="{name}.js"></script></html>"""
# Mounts the React component of the snippet.
MOUNT = """
import { createRoot } from 'react-dom/client'
createRoot(document.getElementById('root')).render(<Talk />)
"""

PLAYED_BY_THE_PAGE = [
    "session",
    "token",
    "module",
    "package",
    "usage",
    "live",
    "locked",
    "conversation",
    "transcript",
    "reconnection",
]
"""Snippets that connect at once, and play the answer in the page's audio element."""
NOT_PLAYED_BY_THE_PAGE = ["agents-token", "agents-session", "tools"]
"""Snippets that connect at once: OpenAI's SDK plays the answer, or nothing does."""


class Site(NamedTuple):
    """Another site, which serves frontends."""

    url: str
    folder: Path

    def put(self, name: str, deployment: str) -> str:
        """Bundle every snippet as a frontend does, and give each a page: the URL of their folder."""
        folder, sources = self.folder / name, self.folder / f"{name}-sources"
        folder.mkdir()
        sources.mkdir()
        for snippet, code in snippets(deployment).items():
            (folder / f"{snippet}.html").write_text(PAGE.format(name=snippet))
            (sources / f"{snippet}.jsx").write_text(code + (MOUNT if snippet == "react" else ""))
        bundle(sources, folder)
        return f"{self.url}/{name}"


def bundle(sources: Path, folder: Path) -> None:
    installed = folder / "node_modules"
    installed.mkdir()
    (installed / "realtime-serverless").symlink_to(ROOT / "web" / "realtime")
    options = ["--bundle", "--format=esm", "--jsx=automatic", "--define:process.env.NODE_ENV='production'"]
    command = [str(ESBUILD), *map(str, sorted(sources.iterdir())), *options, "--log-level=warning"]
    environment = os.environ | {"NODE_PATH": os.pathsep.join([str(installed), str(ROOT / "node_modules")])}
    subprocess.run([*command, f"--outdir={folder}"], env=environment, check=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with static_site(folder) as url:
        yield Site(url, folder)


@pytest.fixture(scope="module")
def frontend(stack: Stack, site: Site) -> str:
    """The URL of the snippets that call the open deployment."""
    return site.put("open", stack.url)


class Visit:
    """A page that runs one snippet."""

    def __init__(self, browser: Browser, page: str, token: str = "", *, script: str = "") -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context = allowing(browser)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note)
        self.page.add_init_script(f"globalThis.accessToken = async () => '{token}'\n{script}")
        self.page.goto(page)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def _note(self, request: Request) -> None:
        self.requests.append(f"{request.method} {request.url}")

    def wait_until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition is true; other than with `wait_until`, routed requests are handled meanwhile."""

        def check() -> object:
            self.page.wait_for_timeout(20)
            return condition()

        wait_until(check)

    def wait_for_call(self, stack: Stack, before: list[str]) -> str:
        """Wait until the page has created a call, and return its id."""
        self.wait_until(lambda: set(call_ids(stack)) - set(before))
        [call_id] = set(call_ids(stack)) - set(before)
        return call_id

    def hears(self) -> float:
        """Wait until the page plays audio, and return its frequency in Hz."""
        heard: float = self.page.evaluate(f"({LOUDEST})(document.getElementById('voice').srcObject)")
        return heard


def call_ids(stack: Stack) -> list[str]:
    return [call["call_id"] for call in about(stack)["open_calls"]]


def is_heard(stack: Stack, call_id: str) -> bool:
    return any(
        call["state"] == "connected" and call["heard_hz"] == THE_TONE
        for call in about(stack)["open_calls"]
        if call["call_id"] == call_id
    )


@pytest.mark.parametrize("name", NOT_PLAYED_BY_THE_PAGE)
def test_who_speaks_to_a_snippet_is_heard(stack: Stack, talking: Browser, frontend: str, name: str) -> None:
    before = call_ids(stack)
    with Visit(talking, f"{frontend}/{name}.html") as visit:
        call_id = visit.wait_for_call(stack, before)

        visit.wait_until(lambda: is_heard(stack, call_id))
        assert visit.complaints == []


@pytest.mark.parametrize("name", PLAYED_BY_THE_PAGE)
def test_who_speaks_to_a_snippet_is_heard_and_hears_the_answer(
    stack: Stack, talking: Browser, frontend: str, name: str
) -> None:
    before = call_ids(stack)
    with Visit(talking, f"{frontend}/{name}.html") as visit:
        call_id = visit.wait_for_call(stack, before)

        visit.wait_until(lambda: is_heard(stack, call_id))
        visit.wait_until(lambda: visit.hears() == THE_TONE)  # the stand-in may say a word before it repeats the tone
        assert visit.complaints == []


def test_the_key_is_minted_before_the_click_and_used_for_the_call(
    stack: Stack, talking: Browser, frontend: str
) -> None:
    minted = f"GET {stack.url}/token?preset=assistant"
    with Visit(talking, f"{frontend}/module-token.html") as visit:
        before, created = call_ids(stack), about(stack)["calls_created"]
        visit.page.hover("#call")
        visit.wait_until(lambda: minted in visit.requests)
        assert about(stack)["calls_created"] == created

        visit.page.click("#call")

        call_id = visit.wait_for_call(stack, before)
        visit.wait_until(lambda: is_heard(stack, call_id))
        assert [asked for asked in visit.requests if "/token" in asked] == [minted]
        assert visit.complaints == []


def test_the_react_component_calls_and_hangs_up(stack: Stack, talking: Browser, frontend: str) -> None:
    with Visit(talking, f"{frontend}/react.html") as visit:
        before = call_ids(stack)
        component = visit.page.locator("#root")
        expect(component.get_by_role("status")).to_have_text("idle")

        component.get_by_role("button", name="Call").click()
        call_id = visit.wait_for_call(stack, before)
        visit.wait_until(lambda: is_heard(stack, call_id))
        expect(component.get_by_role("status")).to_have_text(re.compile("listening|thinking|speaking"))
        component.get_by_role("button", name="Hang up").click()

        expect(component.get_by_role("status")).to_have_text("ended")
        visit.wait_until(lambda: call_id not in call_ids(stack))
        assert visit.complaints == []


def test_the_functions_of_the_page_are_called(silent: Browser, frontend: str) -> None:
    with Visit(silent, f"{frontend}/tools.html") as visit:
        expect(visit.page.locator("body")).to_have_css("background-color", "rgb(0, 128, 128)")
        assert visit.complaints == []


def test_who_pushes_to_talk_is_heard_until_they_let_go(stack: Stack, talking: Browser, frontend: str) -> None:
    before = call_ids(stack)
    with Visit(talking, f"{frontend}/push-to-talk.html") as visit:
        call_id = visit.wait_for_call(stack, before)
        button = visit.page.locator("#call")
        expect(button).to_have_text("listening")
        visit.page.wait_for_timeout(3500)  # longer than the microphone's recording
        assert not is_heard(stack, call_id)

        button.hover()
        visit.page.mouse.down()
        expect(button).to_have_text("Let go to send")
        visit.page.wait_for_timeout(3500)
        visit.page.mouse.up()

        expect(button).to_have_text("speaking")
        visit.wait_until(lambda: is_heard(stack, call_id))
        assert visit.complaints == []


def test_who_pushes_to_talk_is_not_heard_any_more_where_they_let_go_elsewhere(
    stack: Stack, talking: Browser, frontend: str
) -> None:
    with Visit(talking, f"{frontend}/push-to-talk.html") as visit:
        button = visit.page.locator("#call")
        expect(button).to_have_text("listening")
        button.hover()
        visit.page.mouse.down()
        expect(button).to_have_text("Let go to send")
        visit.page.mouse.move(500, 500)
        visit.page.mouse.up()
        expect(button).not_to_have_text("Let go to send")

        button.focus()
        visit.page.keyboard.down("Space")
        expect(button).to_have_text("Let go to send")
        visit.page.keyboard.up("Space")

        expect(button).not_to_have_text("Let go to send")
        assert visit.complaints == []


def test_what_is_said_is_listed(talking: Browser, frontend: str) -> None:
    with Visit(talking, f"{frontend}/transcript.html") as visit:
        expect(visit.page.locator("li").filter(has_text=re.compile("^model: .+"))).not_to_have_count(0)
        assert visit.complaints == []


def test_an_answer_is_asked_for_in_writing_and_stopped(stack: Stack, talking: Browser, frontend: str) -> None:
    before = call_ids(stack)
    with Visit(talking, f"{frontend}/text.html") as visit:
        visit.wait_for_call(stack, before)
        button = visit.page.locator("#call")

        def asked() -> bool:
            if button.inner_text() == "Ask":  # before the call is up, nothing is sent
                button.click()
            return button.inner_text() == "Stop"

        visit.wait_until(asked)
        button.click()

        expect(button).to_have_text("Ask")
        assert visit.complaints == []


LOSE = """
window.connections = []
const Real = RTCPeerConnection
window.RTCPeerConnection = class extends Real {
  constructor(...options) {
    super(...options)
    connections.push(this)
  }
}
window.lose = () => {
  const lost = connections.at(-1)
  Object.defineProperty(lost, 'connectionState', { value: 'failed' })
  lost.dispatchEvent(new Event('connectionstatechange'))
}
"""
"""What the browser says of a lost network, which takes it half a minute."""


def test_a_lost_call_can_be_made_again_at_once_and_be_hung_up(stack: Stack, talking: Browser, frontend: str) -> None:
    before = call_ids(stack)
    with Visit(talking, f"{frontend}/reconnection.html", script=LOSE) as visit:
        button = visit.page.locator("#call")
        visit.wait_for_call(stack, before)
        visit.page.wait_for_function("connections[0].connectionState === 'connected'")

        before = call_ids(stack)
        visit.page.evaluate("lose()")
        expect(button).to_have_text(re.compile(r"Call now \(\d\)"))
        button.click()
        again = visit.wait_for_call(stack, before)
        expect(button).to_have_text("Hang up")
        button.click()

        expect(button).to_have_text("Call")
        visit.wait_until(lambda: again not in call_ids(stack))
        assert visit.complaints == []


class Locked(NamedTuple):
    """A deployment where people sign in, with one allowed origin."""

    stack: Stack
    token: str
    """A valid token."""
    frontend: str


@pytest.fixture(scope="module")
def locked(site: Site) -> Iterator[Locked]:
    with issuer.running() as provider:
        parameters = {"Access": "signed-in", "Issuer": provider.url, "Audience": "audience", "AllowedOrigins": site.url}
        with serve(parameters=parameters, environment=QUIET) as stack:
            yield Locked(stack, provider.token(exp=4_000_000_000), site.put("locked", stack.url))


@pytest.mark.parametrize("name", ["signed-in", "agents-signed-in"])
def test_a_signed_in_person_can_call_from_the_allowed_origin(locked: Locked, talking: Browser, name: str) -> None:
    before = call_ids(locked.stack)
    with Visit(talking, f"{locked.frontend}/{name}.html", locked.token) as visit:
        call_id = visit.wait_for_call(locked.stack, before)

        visit.wait_until(lambda: is_heard(locked.stack, call_id))
        assert visit.complaints == []


def test_an_invalid_token_gets_the_error_of_api_gateway(locked: Locked, talking: Browser) -> None:
    with Visit(talking, f"{locked.frontend}/signed-in.html", "nonsense") as visit:
        visit.wait_until(lambda: visit.complaints)

        assert visit.complaints == ["Unauthorized"]


def test_every_snippet_is_run_by_a_test() -> None:
    elsewhere = {"module-token", "react", "signed-in", "agents-signed-in", "push-to-talk", "text"}

    assert {*snippets("")} == {*PLAYED_BY_THE_PAGE, *NOT_PLAYED_BY_THE_PAGE} | elsewhere


def test_the_guide_links_to_the_document_that_the_deployment_serves(stack: Stack) -> None:
    assert "[`/openapi.json`](../web/openapi.json)" in (ROOT / "docs" / "frontend.md").read_text()
    assert httpx.get(f"{stack.url}/openapi.json").json()["openapi"] == "3.1.0"
