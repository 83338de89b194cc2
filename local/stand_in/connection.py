"""One peer connection, answering: everything that knows aiortc, so that another library can take its place."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import aioice.ice
import av
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError
from aiortc.mediastreams import MediaStreamError

from local.stand_in.errors import ApiError
from local.stand_in.pcm import FRAME, FRAME_SAMPLES, RATE

CHANNEL = "oai-events"
FRAME_SECONDS = 0.02
LATE_SECONDS = 1.0
QUIET_SECONDS = 0.5

NOT_UNDERSTOOD = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    InternalError,
    InvalidAccessError,
    InvalidStateError,
    LookupError,
    OperationError,
    TypeError,
    ValueError,
)
"""What aiortc raises for SDP that it cannot follow; it has no error of its own for this."""


def keep_to_loopback() -> None:
    """Have sockets on 127.0.0.1 alone, and a vanished browser noticed in ten seconds instead of thirty."""
    # aioice never offers 127.0.0.1 and has no setting for it: https://github.com/aiortc/aioice/issues/2
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    # Not sooner: on a busy machine a browser can be silent for three seconds.
    aioice.ice.CONSENT_INTERVAL, aioice.ice.CONSENT_FAILURES = 1, 10


@dataclass(frozen=True)
class Events:
    """What a connection reports, and what it asks for."""

    state: Callable[[str], None]
    heard: Callable[[bytes], None]
    next_packet: Callable[[], bytes]
    opened: Callable[[], None]
    message: Callable[[str | bytes], None]


class Connection:
    """Answers one offer; hears one microphone, speaks on one track, has at most one data channel."""

    def __init__(self, events: Events) -> None:
        self._events = events
        # Without this, aiortc asks a public STUN server.
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._channel: RTCDataChannel | None = None
        self._listening: asyncio.Task[None] | None = None
        self._peer.on("connectionstatechange", self._state_changed)
        self._peer.on("datachannel", self._use_channel)
        self._peer.on("track", self._listen)

    async def answer(self, offer: str, dcid: int | None) -> str:
        """Answer an offer.

        Args:
            offer: SDP without candidates.
            dcid: the id of a data channel that both sides make by themselves (WARP), or None.

        Returns:
            The answer, all candidates in it.

        Raises:
            ApiError: the offer cannot be answered.
        """
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
            self._speak()
            if dcid is not None and self._peer.sctp is not None:
                self._use_channel(self._peer.createDataChannel(CHANNEL, negotiated=True, id=dcid))
            await self._peer.setLocalDescription(await self._peer.createAnswer())
        except NOT_UNDERSTOOD as error:
            raise ApiError(f"Invalid offer: it cannot be answered ({error}).", code="invalid_offer") from error
        return self._peer.localDescription.sdp

    def send(self, message: str) -> None:
        """Send a message on the data channel, if there is one."""
        if self._channel and self._channel.readyState == "open":
            self._channel.send(message)

    async def close(self) -> None:
        """End the connection; the other side is told."""
        if self._listening:
            self._listening.cancel()
        await self._peer.close()

    def _state_changed(self) -> None:
        self._events.state(self._peer.connectionState)

    def _speak(self) -> None:
        self._peer.addTrack(VoiceTrack(self._events.next_packet))
        for transceiver in self._peer.getTransceivers():
            if transceiver.sender.track is None:
                transceiver.direction = "inactive"

    def _use_channel(self, channel: RTCDataChannel) -> None:
        if self._channel or channel.label != CHANNEL:
            return
        self._channel = channel
        channel.on("message", self._events.message)
        if channel.readyState == "open":
            self._events.opened()
        else:
            channel.on("open", self._events.opened)

    def _listen(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._listening is None:
            self._listening = asyncio.create_task(self._hear(track))

    async def _hear(self, track: MediaStreamTrack) -> None:
        """Pass on what comes in frames of 20 ms; a line that falls quiet counts as silence."""
        resampler = av.AudioResampler("s16", "mono", RATE, frame_size=FRAME_SAMPLES)
        while track.readyState == "live":
            try:
                async with asyncio.timeout(QUIET_SECONDS):
                    frame = await track.recv()
            except TimeoutError:
                for _ in range(round(QUIET_SECONDS / FRAME_SECONDS)):
                    self._events.heard(bytes(FRAME))
                continue
            except MediaStreamError:
                return
            frame.pts = None
            for part in resampler.resample(cast(av.AudioFrame, frame)):
                self._events.heard(bytes(part.planes[0])[:FRAME])


class VoiceTrack(MediaStreamTrack):
    """The track that the client hears: ready Opus packets, one every 20 ms."""

    kind = "audio"

    def __init__(self, next_packet: Callable[[], bytes]) -> None:
        super().__init__()
        self._next_packet = next_packet
        self._origin = time.monotonic()
        self._count = 0

    async def recv(self) -> "av.Packet[Any]":
        """Wait until the next packet is due, and return it."""
        if self.readyState != "live":
            raise MediaStreamError
        wait = self._origin + self._count * FRAME_SECONDS - time.monotonic()
        if wait < -LATE_SECONDS:
            # The machine slept: go on from now instead of sending all that was missed at once.
            self._count += int(-wait / FRAME_SECONDS)
        await asyncio.sleep(max(wait, 0))
        packet = av.Packet(self._next_packet())
        packet.pts, packet.time_base = self._count * 960, Fraction(1, 48000)
        self._count += 1
        return packet
