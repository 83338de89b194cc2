"""A caller for the tests: an aiortc client whose microphone can play a tone, and which measures what it receives."""

import asyncio
import json
import re
import time
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from fractions import Fraction
from itertools import pairwise
from math import pi, sin
from statistics import mean, median
from typing import Any, cast

import av
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from tests.stand_in.event_types import problems

Event = dict[str, Any]

RATE = 48000
FRAME = 960
IN_FLIGHT_SECONDS = 0.15
"""Longer than audio waits in the other side's jitter buffer."""


def typed(text: str) -> Event:
    """Return the item for a typed text."""
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def vad(**turn_detection: Any) -> Event:
    """Return a session config with server VAD that ends turns quickly."""
    quick = {"type": "server_vad", "silence_duration_ms": 200}
    return {"audio": {"input": {"turn_detection": {**quick, **turn_detection}}}}


def seconds_of_speech(transcript: str) -> float:
    """Parse the duration in a transcript of the stand-in; 0 if there is none."""
    found = re.fullmatch(r".*\((\d+\.\d) s of speech\)\.?", transcript)
    return float(found[1]) if found else 0.0


class Microphone(MediaStreamTrack):
    """Sends silence, or a tone while one is played."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._origin = time.monotonic()
        self._count = 0
        self._hz = 0.0
        self._frames_left = 0
        self._tone_ends: list[asyncio.Future[None]] = []

    async def play_tone(self, hz: float, seconds: float) -> None:
        """Play a tone, and return when the other side has received it."""
        self._hz, self._frames_left = hz, round(seconds * 50)
        finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tone_ends.append(finished)
        await finished
        await asyncio.sleep(IN_FLIGHT_SECONDS)

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(max(0, self._origin + self._count * 0.02 - time.monotonic()))
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(self._sound())
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._count * FRAME, Fraction(1, RATE)
        self._count += 1
        return frame

    def _sound(self) -> bytes:
        if not self._frames_left:
            while self._tone_ends:
                self._tone_ends.pop().set_result(None)
            return bytes(2 * FRAME)
        self._frames_left -= 1
        first = self._count * FRAME
        return array(
            "h", (int(9000 * sin(2 * pi * self._hz * n / RATE)) for n in range(first, first + FRAME))
        ).tobytes()


class Caller:
    """The client's side of a call: its microphone, the audio that it receives, and its data channel."""

    def __init__(self, kind: str = "realtime") -> None:
        self.kind = kind
        self.call_id = ""
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.microphone = Microphone()
        self.events: list[Event] = []
        self.problems: list[str] = []
        self.loudness: list[int] = []
        self.channel: RTCDataChannel | None = None
        self._sound: array[int] = array("h")
        self._read = 0
        self._event_received = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self.peer.addTrack(self.microphone)
        self.peer.on("track", lambda track: self._start(self._receive_audio(track)))

    async def offer(self, *, channel: bool = True, dcid: int | None = None) -> bytes:
        """Make an offer; with `dcid`, the data channel is a negotiated one."""
        if dcid is not None:
            self.channel = self.peer.createDataChannel("oai-events", negotiated=True, id=dcid)
        elif channel:
            self.channel = self.peer.createDataChannel("oai-events")
        if self.channel:
            self.channel.on("message", lambda message: self._start(self._receive_event(message)))
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return self.peer.localDescription.sdp.encode()

    async def accept(self, answer: str) -> None:
        """Set the answer, and wait until the call is connected."""
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        await self.until(lambda: self.peer.connectionState == "connected")

    def send(self, event: str, /, **members: Any) -> None:
        """Send a client event."""
        self.send_text(json.dumps({"type": event, **members}))

    def ask(self, text: str) -> None:
        """Type a text, and ask for a response."""
        self.send("conversation.item.create", item=typed(text))
        self.send("response.create")

    def send_text(self, text: str | bytes) -> None:
        """Send a message that may be no valid event."""
        cast(RTCDataChannel, self.channel).send(text)

    async def event(self, kind: str, *, within: float = 5) -> Event:
        """Wait for the next event of this type; events before it are skipped, and stay in `events`."""
        async with asyncio.timeout(within), self._event_received:
            while True:
                while self._read < len(self.events):
                    event = self.events[self._read]
                    self._read += 1
                    if event["type"] == kind:
                        return event
                await self._event_received.wait()

    async def until(self, condition: Callable[[], bool], *, within: float = 5) -> None:
        """Wait until a condition is true."""
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110 - any condition, of any library
                await asyncio.sleep(0.01)

    def types(self) -> list[str]:
        """Return the types of all events so far."""
        return [event["type"] for event in self.events]

    def transcript(self, side: str) -> str:
        """Return the transcript so far of the `input` or the `output` of a Live or translation session."""
        kind = f"session.{side}_transcript.delta"
        return "".join(event["delta"] for event in self.events if event["type"] == kind)

    def forget(self) -> None:
        """Discard the events and the audio so far."""
        self.events.clear()
        self.loudness.clear()
        self._sound = array("h")
        self._read = 0

    def heard_hz(self) -> float:
        """Measure the frequency of the loud part of the received audio by its zero crossings.

        On a busy machine packets come late, and the decoder fills the gaps: periods with a gap in them do not count.
        """
        loud = [n for n, peak in enumerate(self.loudness) if peak > 2000]
        middle = self._sound[(loud[0] + 3) * FRAME : (loud[-1] - 2) * FRAME]
        ups = [n for n in range(1, len(middle)) if middle[n - 1] < 0 <= middle[n]]
        periods = [after - before for before, after in pairwise(ups)]
        usual = median(periods)
        return RATE / mean(period for period in periods if abs(period - usual) < usual / 4)

    def is_hearing(self) -> bool:
        """Whether the audio that is received now is loud."""
        return any(peak > 500 for peak in self.loudness[-5:])

    async def until_quiet(self) -> None:
        """Wait until audio was received, and no more comes: what the other side has sent is on its way for a while."""
        await self.until(lambda: any(peak > 500 for peak in self.loudness))
        await self.until(lambda: not self.is_hearing())

    async def close(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await self.peer.close()

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _receive_event(self, message: str) -> None:
        async with self._event_received:
            self.events.append(json.loads(message))
            self.problems += problems(self.events[-1], self.kind)
            self._event_received.notify_all()

    async def _receive_audio(self, track: MediaStreamTrack) -> None:
        resampler = av.AudioResampler("s16", "mono", RATE, frame_size=FRAME)
        while True:
            try:
                frame = cast(av.AudioFrame, await track.recv())
            except MediaStreamError:
                return
            frame.pts = None
            for part in resampler.resample(frame):
                samples = array("h", bytes(part.planes[0])[: 2 * FRAME])
                self._sound += samples
                self.loudness.append(max(samples))


def an_offer() -> bytes:
    """Make an offer with audio and a data channel, for a call that nobody connects to."""

    async def make() -> bytes:
        caller = Caller()
        try:
            return await caller.offer()
        finally:
            await caller.close()

    return asyncio.run(make())


Signal = Callable[[bytes], Awaitable[str]]


@asynccontextmanager
async def calling(
    signal: Signal, *, channel: bool = True, dcid: int | None = None, kind: str = "realtime"
) -> AsyncIterator[Caller]:
    """Make a call, whose offer and answer are exchanged by `signal`, and close it when the context ends.

    Every server event must be valid by the types of the openai SDK.
    """
    caller = Caller(kind)
    try:
        answer = await signal(await caller.offer(channel=channel, dcid=dcid))
        await caller.accept(answer)
        yield caller
        assert caller.problems == [], caller.problems
    finally:
        await caller.close()
