"""The Live API: sessions created by the official SDK, spoken to over WebRTC."""

import asyncio
import time
from typing import Any

import httpx
import openai
import pytest

from local.stand_in.app import create_app
from tests.stand_in.caller import calling
from tests.stand_in.conftest import API_KEY, LIVE_SESSION, Live, serving


def test_a_session_starts_with_its_config(live: Live) -> None:
    async def scenario() -> None:
        async with live(instructions="Be brief.", safety_identifier="person") as caller:
            session = (await caller.event("session.started"))["session"]
            expires_at = session.pop("expires_at")
            assert session == {
                **LIVE_SESSION,
                "id": caller.call_id,
                "status": "active",
                "store": False,
                "instructions": "Be brief.",
                "safety_identifier": "person",
                "delegation": {"type": "client"},
            }
            assert expires_at == pytest.approx(time.time() + 7_200, abs=60)
            assert caller.call_id.startswith("live_")

    asyncio.run(scenario())


def test_both_sides_are_written_down_while_they_speak_and_the_parrot_repeats_the_tone(live: Live) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            speaking = asyncio.create_task(caller.microphone.play_tone(440, 1.0))
            first = await caller.event("session.input_transcript.delta")
            assert not speaking.done()
            assert (first["delta"], first["end_ms"] - first["start_ms"]) == ("Bla", 300)
            await speaking
            await caller.event("session.output_transcript.delta")
            await caller.until(caller.is_hearing)
            await caller.until(lambda: not caller.is_hearing())
            assert caller.transcript("input") == caller.transcript("output") == "Bla bla bla bla"
            assert caller.heard_hz() == pytest.approx(440, abs=5)

    asyncio.run(scenario())


def test_the_model_stops_when_the_person_speaks(live: Live) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            long = " ".join(["word"] * 50)
            caller.send("session.commentary.append", content=long, delegation_id=None)
            await caller.until(caller.is_hearing)
            await caller.microphone.play_tone(440, 0.4)
            said = caller.transcript("output")
            assert 0 < len(said) < len(long)

    asyncio.run(scenario())


def test_a_muted_person_is_not_heard(live: Live) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            caller.send("session.input_audio.mute", event_id="mine")
            assert (await caller.event("session.input_audio.muted"))["client_event_id"] == "mine"
            await caller.microphone.play_tone(440, 0.5)
            assert caller.transcript("input") == ""
            caller.send("session.input_audio.unmute")
            await caller.event("session.input_audio.unmuted")
            await caller.microphone.play_tone(440, 0.5)
            assert caller.transcript("input") == "Bla bla"

    asyncio.run(scenario())


def test_usage_is_reported_and_a_close_ends_the_call_with_it(live: Live) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            updated = await caller.event("session.usage.updated")
            assert updated["usage"] == {"seconds": 2}
            assert updated["context_window"] == {"usage_ratio": pytest.approx(0.0003)}
            caller.send("session.close", event_id="bye")
            closed = await caller.event("session.closed")
            assert (closed["reason"], closed["client_event_id"]) == ("close_requested", "bye")
            assert closed["usage"]["seconds"] >= 2
            await caller.until(lambda: caller.peer.connectionState == "closed")

    asyncio.run(scenario())


def test_inference_pauses_when_nobody_speaks_where_the_session_says_so(live: Live) -> None:
    async def scenario() -> None:
        async with live(idle_timeout_s=1, wake_policy={"type": "speech"}) as caller:
            await caller.event("session.started")
            await caller.event("session.usage.updated")
            paused = (await caller.event("session.usage.updated"))["usage"]
            assert (paused["seconds"], paused["active_seconds"] + paused["paused_seconds"]) == (4, 4)
            assert paused["paused_seconds"] >= 2

    asyncio.run(scenario())


def test_a_hang_up_ends_the_session(live: Live, http: httpx.Client) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            url = f"/v1/live/sessions/{caller.call_id}/hangup"
            of_realtime = await asyncio.to_thread(http.post, f"/v1/realtime/calls/{caller.call_id}/hangup")
            assert of_realtime.status_code == 404
            assert (await asyncio.to_thread(http.post, url)).status_code == 200
            assert (await caller.event("session.closed"))["reason"] == "close_requested"
            await caller.until(lambda: caller.peer.connectionState == "closed")
            again = await asyncio.to_thread(http.post, url)
            assert (again.status_code, again.json()["error"]["code"]) == (404, "call_id_not_found")

    asyncio.run(scenario())


def test_a_session_expires() -> None:
    async def scenario(url: str) -> None:
        sdk = openai.OpenAI(api_key=API_KEY, base_url=f"{url}/v1")

        def signal(offer: bytes) -> str:
            transport: Any = {"type": "webrtc", "sdp": offer.decode()}
            return sdk.live.create(session={"model": "gpt-live-1"}, transport=transport).transport.sdp

        async with calling(lambda offer: asyncio.to_thread(signal, offer), kind="live") as caller:
            assert (await caller.event("session.closed"))["reason"] == "expired"
            await caller.until(lambda: caller.peer.connectionState == "closed")

    with serving(create_app(API_KEY, max_call_seconds=0.5)) as url:
        asyncio.run(scenario(url))
