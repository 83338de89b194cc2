"""An installed Firefox, driven over WebDriver BiDi: its microphone is a tone that this script interrupts."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright

PREFERENCES: dict[str, str | float | bool] = {
    "media.navigator.streams.fake": True,
    "media.autoplay.default": 0,  # allowed
    "ui.prefersReducedMotion": 1,
}

INTERRUPT = """if (navigator.mediaDevices) {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const [track] = (await open(constraints)).getAudioTracks()
    const context = new AudioContext()
    const gain = context.createGain()
    const gate = context.createBufferSource()
    const played = context.createMediaStreamDestination()
    const period = new AudioBuffer({ length: context.sampleRate * (TONE + SILENCE), sampleRate: context.sampleRate })
    period.getChannelData(0).fill(1, 0, context.sampleRate * TONE)
    gate.buffer = period
    gate.loop = true
    gate.start()
    gain.gain.value = 0
    gate.connect(gain.gain)
    context.createMediaStreamSource(new MediaStream([track])).connect(gain).connect(played)
    const [intermittent] = played.stream.getAudioTracks()
    intermittent.getSettings = () => track.getSettings()
    intermittent.stop = () => {
      MediaStreamTrack.prototype.stop.call(intermittent)
      track.stop()
      if (context.state !== 'closed') context.close()
    }
    return played.stream
  }
}"""


# Not asked: https://searchfox.org/mozilla-central/source/netwerk/base/nsIPermissionManager.idl
ALLOWED, DENIED = 1, 2


def interrupt(tone: float, silence: float) -> str:
    """Make the script that interrupts the tone of Firefox's own fake microphone, so that a turn ends.

    Args:
        tone: for how many seconds the tone is heard each time.
        silence: for how many seconds it is not.
    """
    return INTERRUPT.replace("TONE", str(tone)).replace("SILENCE", str(silence))


@contextmanager
def firefox(playwright: Playwright, *, tone_hz: float, denied: bool = False) -> Iterator[Browser]:
    """Open Firefox; the test is skipped where it cannot make calls.

    Args:
        playwright: what drives it.
        tone_hz: the tone that its microphone plays.
        denied: whether it denies the microphone: for all pages, since it has no command for one of them.
    """
    if missing := os.environ.get("NO_FIREFOX"):
        pytest.skip(f"not tested in Firefox: {missing}")
    microphone = {
        "media.navigator.audio.fake_frequency": tone_hz,
        "permissions.default.microphone": DENIED if denied else ALLOWED,
    }
    opened = playwright.firefox.launch(
        executable_path=shutil.which("firefox-esr") or shutil.which("firefox"),
        channel="moz-firefox",
        firefox_user_prefs={**PREFERENCES, **microphone},
    )
    yield opened
    opened.close()
