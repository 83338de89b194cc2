"""The answering peer connection. No other module uses aiortc, so that another library can replace it."""

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
MAX_DELAY_SECONDS = 1.0
RECEIVE_TIMEOUT_SECONDS = 0.5

INVALID_OFFER_ERRORS = (
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
"""The exceptions by which aiortc rejects an SDP; it has no exception class for that."""


def listen_only_at(address: str) -> None:
    """Open sockets at one address only, and notice a client that has gone within 10 instead of 30 seconds.

    Args:
        address: an IPv4 address of this machine. Firefox makes no calls to 127.0.0.1.
    """
    # aioice never offers 127.0.0.1 and has no setting for it: https://github.com/aiortc/aioice/issues/2
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [address]
    # Not less than 10: on a busy machine a browser may not respond for three seconds.
    aioice.ice.CONSENT_INTERVAL, aioice.ice.CONSENT_FAILURES = 1, 10


@dataclass(frozen=True)
class Callbacks:
    """The functions that a connection calls."""

    state_changed: Callable[[str], None]
    audio_received: Callable[[bytes], None]
    next_packet: Callable[[], bytes]
    channel_opened: Callable[[], None]
    message_received: Callable[[str | bytes], None]


class Connection:
    """Answers one offer; receives one audio track, sends one, and has at most one data channel."""

    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks
        # Without an empty list, aiortc would ask a public STUN server.
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._channel: RTCDataChannel | None = None
        self._receiving: asyncio.Task[None] | None = None
        self._peer.on("connectionstatechange", self._state_changed)
        self._peer.on("datachannel", self._use_channel)
        self._peer.on("track", self._start_receiving)

    async def answer(self, offer: str, dcid: int | None) -> str:
        """Answer an offer.

        Args:
            offer: SDP without candidates.
            dcid: the id of a negotiated data channel (WARP), or None.

        Returns:
            The answer, including all candidates.

        Raises:
            ApiError: the offer cannot be answered.
        """
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
            self._add_track()
            if dcid is not None and self._peer.sctp is not None:
                self._use_channel(self._peer.createDataChannel(CHANNEL, negotiated=True, id=dcid))
            await self._peer.setLocalDescription(await self._peer.createAnswer())
        except INVALID_OFFER_ERRORS as error:
            raise ApiError(f"Invalid offer: it cannot be answered ({error}).", code="invalid_offer") from error
        return self._peer.localDescription.sdp

    def send(self, message: str) -> None:
        """Send a message on the data channel, if there is one."""
        if self._channel and self._channel.readyState == "open":
            self._channel.send(message)

    async def close(self) -> None:
        """Close the connection; the client is notified."""
        if self._receiving:
            self._receiving.cancel()
        await self._peer.close()

    def _state_changed(self) -> None:
        self._callbacks.state_changed(self._peer.connectionState)

    def _add_track(self) -> None:
        self._peer.addTrack(VoiceTrack(self._callbacks.next_packet))
        for transceiver in self._peer.getTransceivers():
            if transceiver.sender.track is None:
                transceiver.direction = "inactive"

    def _use_channel(self, channel: RTCDataChannel) -> None:
        if self._channel or channel.label != CHANNEL:
            return
        self._channel = channel
        channel.on("message", self._callbacks.message_received)
        if channel.readyState == "open":
            self._callbacks.channel_opened()
        else:
            channel.on("open", self._callbacks.channel_opened)

    def _start_receiving(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._receiving is None:
            self._receiving = asyncio.create_task(self._receive(track))

    async def _receive(self, track: MediaStreamTrack) -> None:
        """Pass on the audio in frames of 20 ms; while no packets arrive, pass on silence."""
        resampler = av.AudioResampler("s16", "mono", RATE, frame_size=FRAME_SAMPLES)
        while track.readyState == "live":
            try:
                async with asyncio.timeout(RECEIVE_TIMEOUT_SECONDS):
                    frame = await track.recv()
            except TimeoutError:
                for _ in range(round(RECEIVE_TIMEOUT_SECONDS / FRAME_SECONDS)):
                    self._callbacks.audio_received(bytes(FRAME))
                continue
            except MediaStreamError:
                return
            frame.pts = None
            for part in resampler.resample(cast(av.AudioFrame, frame)):
                self._callbacks.audio_received(bytes(part.planes[0])[:FRAME])


class VoiceTrack(MediaStreamTrack):
    """The track that is sent to the client: an Opus packet every 20 ms, which aiortc does not encode again."""

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
        if wait < -MAX_DELAY_SECONDS:
            # The machine was asleep: skip the packets that were missed instead of sending all of them at once.
            self._count += int(-wait / FRAME_SECONDS)
        await asyncio.sleep(max(wait, 0))
        packet = av.Packet(self._next_packet())
        packet.pts, packet.time_base = self._count * 960, Fraction(1, 48000)
        self._count += 1
        return packet
