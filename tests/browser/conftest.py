"""A real Chromium, whose microphone plays a file, and the whole local stack."""

import math
import signal
import struct
import wave
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from local.stack import Stack, serve
from tests.browser.chromium import chromium
from tests.browser.firefox import firefox, interrupt
from tests.browser.locked import SHORT, Locked, locked_stack
from tests.conftest import QUIET

# Enough for a busy machine, and longer than the microphone's recording.
expect.set_options(timeout=12_000)

TONE_HZ = 700
UNHEARD_HZ = 20
"""Firefox's fake microphone knows no silence; the stand-in does not hear this."""
TONE, SILENCE = 1.2, 4.8
PERIOD = TONE + SILENCE
Opening = Callable[..., AbstractContextManager[Browser]]
Open = Callable[..., Page]
CHROMIUM_ARGUMENTS = [
    "--use-fake-device-for-media-stream",
    "--disable-gpu",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]


# For a module, not for the session, since any test in this process that uses moto empties it.
@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with serve(environment=QUIET) as running:
        yield running


# For a module, not for the session, since no other test in this thread can run an event loop meanwhile.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def opening(playwright: Playwright, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Opening:
    """Open a browser whose microphone plays a tone and then a silence, again and again."""

    def in_chromium(*, tone: float, silence: float) -> AbstractContextManager[Browser]:
        return browser(playwright, recording(tmp_path_factory.mktemp("microphone") / "tone.wav", tone, silence))

    def in_firefox(*, tone: float, silence: float) -> AbstractContextManager[Browser]:
        return firefox(playwright, tone_hz=TONE_HZ if tone else UNHEARD_HZ)

    return in_firefox if pytestconfig.getoption("--firefox") else in_chromium


@pytest.fixture(scope="module")
def speaking(opening: Opening) -> Iterator[Browser]:
    """A browser whose microphone plays a tone, and then a silence that is longer than an answer."""
    with opening(tone=TONE, silence=SILENCE) as opened:
        yield opened


@pytest.fixture(scope="module")
def talking(opening: Opening) -> Iterator[Browser]:
    """A browser whose microphone plays short turns: a tone, and a silence that is as long as an answer."""
    with opening(tone=0.7, silence=2.4) as opened:
        yield opened


@pytest.fixture(scope="module")
def silent(opening: Opening) -> Iterator[Browser]:
    """A browser whose microphone plays silence."""
    with opening(tone=0, silence=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def denying(playwright: Playwright, pytestconfig: pytest.Config, silent: Browser) -> Iterator[Browser]:
    """A browser in which a new context may not use the microphone."""
    if pytestconfig.getoption("--firefox"):
        with firefox(playwright, tone_hz=UNHEARD_HZ, denied=True) as opened:
            yield opened
    else:
        yield silent


@pytest.fixture
def page_without_microphone(playwright: Playwright, stack: Stack) -> Iterator[Page]:
    """The page in a Chromium that has no microphone."""
    arguments = [argument for argument in CHROMIUM_ARGUMENTS if "fake-device" not in argument]
    opened = playwright.chromium.launch(executable_path=chromium(), args=arguments)
    page = opened.new_context(permissions=["microphone"]).new_page()
    page.goto(stack.url)
    yield page
    opened.close()


@contextmanager
def browser(playwright: Playwright, microphone: Path) -> Iterator[Browser]:
    arguments = [*CHROMIUM_ARGUMENTS, f"--use-file-for-fake-audio-capture={microphone}"]
    opened = playwright.chromium.launch(executable_path=chromium(), args=arguments)
    yield opened
    opened.close()


def allowing(opened: Browser, **wanted: Any) -> BrowserContext:
    """Make a context that may use the microphone."""
    if opened.browser_type.name == "firefox":
        context = opened.new_context(**wanted)
        context.add_init_script(interrupt(TONE, SILENCE))
        return context
    return opened.new_context(**{"permissions": ["microphone"], **wanted})


def recording(file: Path, tone: float, silence: float) -> Path:
    """Write a WAV file with so many seconds of a tone, and then of silence."""
    rate = 48_000
    samples = [round(9000 * math.sin(2 * math.pi * TONE_HZ * n / rate)) for n in range(int(tone * rate))]
    samples += [0] * int(silence * rate)
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file


@pytest.fixture
def page_of(stack: Stack) -> Iterator[Open]:
    """Open the page in a browser; the test fails if its console has an error or a warning that is not expected."""
    complaints: list[str] = []
    contexts = []

    def open_page(
        opened: Browser, url: str = stack.url, *, expected: str | None = None, script: str = "", **wanted: Any
    ) -> Page:
        # Animations are off, since without a graphics card they would slow the other tests down.
        context = allowing(opened, **{"reduced_motion": "reduce", **wanted})
        context.add_init_script(script)
        contexts.append(context)
        page = context.new_page()

        def note(text: str) -> None:
            if not (expected and expected in text):
                complaints.append(text)

        def note_message(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                note(message.text)

        page.on("console", note_message)
        page.on("pageerror", lambda error: note(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def locked() -> Iterator[Locked]:
    """An API that requires a token, and its provider."""
    with locked_stack(life=3600) as running:
        yield running


@pytest.fixture(scope="module")
def short_lived() -> Iterator[Locked]:
    """An API whose access tokens expire while a test runs."""
    with locked_stack(life=SHORT, api="https://api.example") as running:
        yield running


@pytest.fixture
def paused(stack: Stack) -> Iterator[Callable[[bool], None]]:
    """Stop the upstream's process, which looks like a lost network to the page, and continue it."""
    assert stack.stand_in is not None
    process = stack.stand_in.process
    yield lambda pause: process.send_signal(signal.SIGSTOP if pause else signal.SIGCONT)
    process.send_signal(signal.SIGCONT)


@contextmanager
def static_site(folder: Path) -> Iterator[str]:
    """Serve a folder under another origin until the context ends; yield its URL."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def about(stack: Stack) -> dict[str, Any]:
    """The state of the stand-in."""
    state: dict[str, Any] = httpx.get(stack.base_url.removesuffix("/v1") + "/_stand_in").json()
    return state
