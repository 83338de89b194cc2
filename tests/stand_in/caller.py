"""A caller for the tests: an aiortc client with a microphone that can whistle, and ears that know the pitch."""

import asyncio
import json
import re
import time
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from fractions import Fraction
from math import pi, sin
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
"""What waits in the other side's jitter buffer, and some."""


def typed(text: str) -> Event:
    """Return the item of a text that was typed."""
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def vad(**turn_detection: Any) -> Event:
    """Return a session config that takes turns quickly."""
    quick = {"type": "server_vad", "silence_duration_ms": 200}
    return {"audio": {"input": {"turn_detection": {**quick, **turn_detection}}}}


def seconds_of_speech(transcript: str) -> float:
    """Read what the stand-in says that it heard."""
    found = re.fullmatch(r".*\((\d+\.\d) s of speech\)\.?", transcript)
    return float(found[1]) if found else 0.0


class Microphone(MediaStreamTrack):
    """Silent, until it is told to whistle."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._origin = time.monotonic()
        self._count = 0
        self._hz = 0.0
        self._frames_left = 0
        self._whistlers: list[asyncio.Future[None]] = []

    async def whistle(self, hz: float, seconds: float) -> None:
        """Whistle, and return when the other side has heard it."""
        self._hz, self._frames_left = hz, round(seconds * 50)
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._whistlers.append(over)
        await over
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
            while self._whistlers:
                self._whistlers.pop().set_result(None)
            return bytes(2 * FRAME)
        self._frames_left -= 1
        first = self._count * FRAME
        return array(
            "h", (int(9000 * sin(2 * pi * self._hz * n / RATE)) for n in range(first, first + FRAME))
        ).tobytes()


class Caller:
    """One side of a call: its microphone, its loudspeaker and its data channel."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.microphone = Microphone()
        self.events: list[Event] = []
        self.problems: list[str] = []
        self.loudness: list[int] = []
        self.channel: RTCDataChannel | None = None
        self._sound: array[int] = array("h")
        self._read = 0
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self.peer.addTrack(self.microphone)
        self.peer.on("track", lambda track: self._start(self._hear(track)))

    async def offer(self, *, channel: bool = True, dcid: int | None = None) -> bytes:
        """Make an offer; with `dcid`, the data channel is one that both sides make by themselves."""
        if dcid is not None:
            self.channel = self.peer.createDataChannel("oai-events", negotiated=True, id=dcid)
        elif channel:
            self.channel = self.peer.createDataChannel("oai-events")
        if self.channel:
            self.channel.on("message", lambda message: self._start(self._receive(message)))
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return self.peer.localDescription.sdp.encode()

    async def take(self, answer: str) -> None:
        """Take the answer, and wait until the call is connected."""
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        await self.until(lambda: self.peer.connectionState == "connected")

    def send(self, event: str, /, **members: Any) -> None:
        """Send a client event."""
        self.send_text(json.dumps({"type": event, **members}))

    def send_text(self, text: str | bytes) -> None:
        """Send anything."""
        cast(RTCDataChannel, self.channel).send(text)

    async def event(self, kind: str, *, within: float = 5) -> Event:
        """Wait for the next event of this type; events before it are passed over, and stay in `events`."""
        async with asyncio.timeout(within), self._news:
            while True:
                while self._read < len(self.events):
                    event = self.events[self._read]
                    self._read += 1
                    if event["type"] == kind:
                        return event
                await self._news.wait()

    async def until(self, condition: Callable[[], bool], *, within: float = 5) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110 - any condition, of any library
                await asyncio.sleep(0.01)

    def types(self) -> list[str]:
        """Return the types of all events so far."""
        return [event["type"] for event in self.events]

    def forget(self) -> None:
        """Forget the events and the sound so far."""
        self.events.clear()
        self.loudness.clear()
        self._sound = array("h")
        self._read = 0

    def heard_hz(self) -> float:
        """Count the zero crossings of what was heard and loud."""
        loud = [n for n, peak in enumerate(self.loudness) if peak > 2000]
        middle = self._sound[(loud[0] + 3) * FRAME : (loud[-1] - 2) * FRAME]
        ups = [n for n in range(1, len(middle)) if middle[n - 1] < 0 <= middle[n]]
        return (len(ups) - 1) * RATE / (ups[-1] - ups[0])

    def is_hearing(self) -> bool:
        """Whether there is sound right now."""
        return any(peak > 500 for peak in self.loudness[-5:])

    async def close(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await self.peer.close()

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _receive(self, message: str) -> None:
        async with self._news:
            self.events.append(json.loads(message))
            self.problems += problems(self.events[-1])
            self._news.notify_all()

    async def _hear(self, track: MediaStreamTrack) -> None:
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


Signal = Callable[[bytes], Awaitable[str]]


@asynccontextmanager
async def calling(signal: Signal, *, channel: bool = True, dcid: int | None = None) -> AsyncIterator[Caller]:
    """Call: carry the offer out and the answer back by `signal`, and hang up in the end.

    Every server event that came must be as the openai SDK knows it.
    """
    caller = Caller()
    try:
        answer = await signal(await caller.offer(channel=channel, dcid=dcid))
        await caller.take(answer)
        yield caller
        assert caller.problems == []
    finally:
        await caller.close()
