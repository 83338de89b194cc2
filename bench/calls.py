"""WebRTC calls: `python -m bench.calls URL COUNT SECONDS` makes them, and prints the result of each as JSON."""

import asyncio
import json
import sys
import time
from fractions import Fraction
from typing import Any

import av
import httpx
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SILENCE = bytes.fromhex("f8fffe")
"""20 ms of Opus (RFC 6716)."""
PACKET_SECONDS = 0.02


class Microphone(MediaStreamTrack):
    """Sends silence that is encoded already, so that this process needs little processor time."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._start, self._count = time.monotonic(), 0

    async def recv(self) -> Any:
        """Wait until the next packet is due, and return it."""
        await asyncio.sleep(max(0, self._start + self._count * PACKET_SECONDS - time.monotonic()))
        packet = av.Packet(SILENCE)
        packet.pts, packet.time_base = self._count * 960, Fraction(1, 48000)
        self._count += 1
        return packet


async def call(client: httpx.AsyncClient, seconds: float) -> dict[str, Any]:
    """Make one call.

    Args:
        client: a client whose base URL is the gateway's.
        seconds: duration of the call.

    Returns:
        The connection's state before the hang-up; the number of audio packets received and lost; the type of the first
        server event; the status of the hang-up.
    """
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    events: list[str] = []
    channel = peer.createDataChannel("oai-events")
    channel.on("message", lambda message: events.append(json.loads(message)["type"]))
    peer.addTrack(Microphone())
    await peer.setLocalDescription(await peer.createOffer())
    headers = {"Content-Type": "application/sdp"}
    response = await client.post("/session", content=peer.localDescription.sdp.encode(), headers=headers)
    response.raise_for_status()
    await peer.setRemoteDescription(RTCSessionDescription(response.text, "answer"))
    await asyncio.sleep(seconds)
    state = peer.connectionState
    stats = (await peer.getReceivers()[0].getStats()).values()
    audio = next(one for one in stats if one.type == "inbound-rtp")
    hangup = await client.delete(response.headers["Location"])
    await peer.close()
    return {
        "state": state,
        "received": audio.packetsReceived,
        "lost": audio.packetsLost,
        "events": events[:1],
        "hung_up": hangup.status_code,
    }


async def main(url: str, count: int, seconds: float) -> None:
    """Make the calls at the same time."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        results = await asyncio.gather(*(call(client, seconds) for _ in range(count)))
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
