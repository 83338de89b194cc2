"""A real Chromium, with a microphone that plays a file, before the whole local stack."""

import math
import shutil
import signal
import struct
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from local.stack import Stack, serve

# On a busy machine, and longer than the microphone's recording takes.
expect.set_options(timeout=12_000)

TONE_HZ = 700
TONE, SILENCE = 1.2, 4.8
PERIOD = TONE + SILENCE
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--use-fake-device-for-media-stream",
    "--disable-gpu",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]

# Reads what a stream sounds like: the loudest frequency, as soon as there is one.
LOUDEST = """async (stream) => {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 8192
  context.createMediaStreamSource(stream).connect(analyser)
  const bins = new Float32Array(analyser.frequencyBinCount)
  for (const end = performance.now() + 15000; performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    analyser.getFloatFrequencyData(bins)
    const loudest = bins.indexOf(Math.max(...bins))
    if (bins[loudest] > -50) return (loudest * context.sampleRate) / analyser.fftSize
  }
  throw new Error('nothing was heard')
}"""


# Not longer than a module: moto is emptied by any test that uses it in this process.
@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with serve(environment={"POWERTOOLS_LOG_LEVEL": "WARNING", "POWERTOOLS_METRICS_DISABLED": "true"}) as running:
        yield running


# Not longer than a module: while it runs, the thread has an event loop that no other test could use.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def speaking(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone hears a tone, and then a silence that is long enough to be answered in."""
    with browser(
        playwright, recording(tmp_path_factory.mktemp("tone") / "tone.wav", tone=TONE, silence=SILENCE)
    ) as opened:
        yield opened


@pytest.fixture(scope="module")
def silent(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone hears nothing."""
    with browser(
        playwright, recording(tmp_path_factory.mktemp("silence") / "silence.wav", tone=0, silence=2)
    ) as opened:
        yield opened


@contextmanager
def browser(playwright: Playwright, microphone: Path) -> Iterator[Browser]:
    arguments = [*CHROMIUM_ARGUMENTS, f"--use-file-for-fake-audio-capture={microphone}"]
    opened = playwright.chromium.launch(executable_path=chromium(), args=arguments)
    yield opened
    opened.close()


def chromium() -> str | None:
    """Find the installed one; without it Playwright takes its own."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def recording(file: Path, *, tone: float, silence: float) -> Path:
    """Write a WAV file: so many seconds of a tone, then so many of silence."""
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
def page_of(stack: Stack) -> Iterator[Callable[..., Page]]:
    """Open the page in a browser; what its console complains about fails the test, unless it is told to expect it."""
    complaints: list[str] = []
    contexts = []

    def open_page(
        opened: Browser, url: str = stack.url, *, expected: str | None = None, script: str = "", **wanted: Any
    ) -> Page:
        # Nothing that moves by itself: it would be painted without a graphics card, at the cost of the other tests.
        defaults = {"permissions": ["microphone"], "reduced_motion": "reduce"}
        context = opened.new_context(**{**defaults, **wanted})
        context.add_init_script(script)
        contexts.append(context)
        page = context.new_page()

        def note(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not (expected and expected in message.text):
                complaints.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def paused(stack: Stack) -> Iterator[Callable[[bool], None]]:
    """Stop the upstream in its tracks, as a network does that is gone; and let it go on."""
    assert stack.stand_in is not None
    process = stack.stand_in.process
    yield lambda pause: process.send_signal(signal.SIGSTOP if pause else signal.SIGCONT)
    process.send_signal(signal.SIGCONT)


def about(stack: Stack) -> dict[str, Any]:
    """What the stand-in says of itself."""
    told: dict[str, Any] = httpx.get(stack.base_url.removesuffix("/v1") + "/_stand_in").json()
    return told


def eventually(true: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something is so; the last look at it is what a failure shows."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    assert true()
