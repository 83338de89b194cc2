"""Live calls: `python -m bench.calls URL COUNT SECONDS` holds them, and prints what became of each, as JSON."""

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
    """Sends silence that is encoded already: what is measured is not this process."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._began, self._count = time.monotonic(), 0

    async def recv(self) -> Any:
        """Wait until the next packet is due."""
        await asyncio.sleep(max(0, self._began + self._count * PACKET_SECONDS - time.monotonic()))
        packet = av.Packet(SILENCE)
        packet.pts, packet.time_base = self._count * 960, Fraction(1, 48000)
        self._count += 1
        return packet


async def call(client: httpx.AsyncClient, seconds: float) -> dict[str, Any]:
    """Hold one call.

    Args:
        client: the way to the gateway.
        seconds: how long.

    Returns:
        How the connection was before it was hung up; the packets of sound that came, and that were lost; whether the
        upstream's first event came.
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
    sound = next(one for one in stats if one.type == "inbound-rtp")
    ended = await client.delete(response.headers["Location"])
    await peer.close()
    return {
        "state": state,
        "received": sound.packetsReceived,
        "lost": sound.packetsLost,
        "events": events[:1],
        "hung_up": ended.status_code,
    }


async def main(url: str, count: int, seconds: float) -> None:
    """Hold the calls, all at once."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        results = await asyncio.gather(*(call(client, seconds) for _ in range(count)))
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
