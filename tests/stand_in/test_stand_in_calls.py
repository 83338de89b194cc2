"""How calls begin and end."""

import asyncio
import gc
from typing import Any

import httpx
import openai
import pytest

from local.stand_in.app import create_app
from local.stand_in.call import Call
from tests.stand_in.caller import Caller, calling, typed, vad
from tests.stand_in.conftest import API_KEY, Calling, serving
from tests.waiting import wait_until


def open_calls(url: str) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = httpx.get(f"{url}/_stand_in").json()["open_calls"]
    return calls


def calls_ended(url: str) -> dict[str, int]:
    ended: dict[str, int] = httpx.get(f"{url}/_stand_in").json()["calls_ended"]
    return ended


def heard_hz(url: str) -> list[float | None]:
    """The frequency that is heard in each connected call."""
    return [entry["heard_hz"] for entry in open_calls(url) if entry["state"] == "connected"]


async def until_none_is_open(url: str, within: float = 5) -> None:
    await asyncio.to_thread(wait_until, lambda: open_calls(url) == [], within)


def unified(url: str, offer: bytes) -> str:
    with openai.OpenAI(api_key=API_KEY, base_url=f"{url}/v1") as sdk:
        return sdk.realtime.calls.create(sdp=offer.decode(), session={"type": "realtime"}).text


def test_a_negotiated_data_channel_carries_the_events(call: Calling, stand_in: str) -> None:
    async def scenario() -> None:
        async with call(dcid=7) as caller:
            await caller.event("session.created")
            assert [entry["dcid"] for entry in open_calls(stand_in) if entry["state"] == "connected"] == [7]
            caller.send("conversation.item.create", item=typed("hello"))
            await caller.event("conversation.item.done")

    asyncio.run(scenario())


def test_a_call_without_a_data_channel_has_audio_only(call: Calling, stand_in: str) -> None:
    async def scenario() -> None:
        async with call(vad(), channel=False) as caller:
            assert "m=application" not in caller.peer.remoteDescription.sdp
            await caller.microphone.play_tone(440, 0.6)
            await asyncio.to_thread(wait_until, lambda: heard_hz(stand_in) == [pytest.approx(440, abs=5)])
            await caller.until_quiet()
            assert caller.heard_hz() == pytest.approx(440, abs=5)
            assert caller.events == []

    asyncio.run(scenario())


def test_a_hang_up_ends_the_call_on_both_sides(stand_in: str, http: httpx.Client) -> None:
    async def scenario() -> None:
        call_ids: list[str] = []

        def signal(offer: bytes) -> str:
            with openai.OpenAI(api_key=API_KEY, base_url=f"{stand_in}/v1") as sdk:
                created = sdk.realtime.calls.create(sdp=offer.decode(), session={"type": "realtime"})
                call_ids.append(created.response.headers["location"].rpartition("/")[2])
                return created.text

        async with calling(lambda offer: asyncio.to_thread(signal, offer)) as caller:
            await caller.event("session.created")
            [call_id] = call_ids
            assert call_id in [entry["call_id"] for entry in open_calls(stand_in)]
            before = calls_ended(stand_in).get("close_requested", 0)
            response = await asyncio.to_thread(http.post, f"/v1/realtime/calls/{call_id}/hangup")
            assert (response.status_code, response.content) == (200, b"")
            assert calls_ended(stand_in)["close_requested"] == before + 1
            await caller.until(lambda: caller.peer.connectionState == "closed")
            response = await asyncio.to_thread(http.post, f"/v1/realtime/calls/{call_id}/hangup")
            assert (response.status_code, response.json()["error"]["code"]) == (404, "call_id_not_found")

    asyncio.run(scenario())


def calls_in_memory() -> set[int]:
    gc.collect()
    return {id(thing) for thing in gc.get_objects() if type(thing) is Call}


def test_ended_calls_are_removed_from_memory() -> None:
    async def talk(url: str) -> None:
        async with calling(lambda offer: asyncio.to_thread(unified, url, offer)) as caller:
            await caller.event("session.created")

    async def scenario(url: str) -> None:
        for _ in range(3):
            await talk(url)
        await asyncio.gather(*(talk(url) for _ in range(4)))
        await until_none_is_open(url)

    before = calls_in_memory()
    with serving(create_app(API_KEY)) as url:
        asyncio.run(scenario(url))
        assert httpx.get(f"{url}/_stand_in").json()["calls_created"] == 7
        assert calls_ended(url) == {"connection_lost": 7}
        wait_until(lambda: calls_in_memory() <= before)


def test_a_call_ends_if_its_client_does_not_connect(offer: bytes) -> None:
    with serving(create_app(API_KEY, connect_timeout=2)) as url:
        unified(url, offer)
        assert [call["state"] for call in open_calls(url)] == ["connecting"]
        asyncio.run(until_none_is_open(url))
        assert calls_ended(url) == {"connection_lost": 1}


def test_a_call_ends_at_its_maximum_duration() -> None:
    async def scenario(url: str) -> None:
        async with calling(lambda offer: asyncio.to_thread(unified, url, offer)) as caller:
            await caller.event("session.created")
            assert (await caller.event("error"))["error"]["code"] == "session_expired"
            await caller.until(lambda: caller.peer.connectionState == "closed")

    with serving(create_app(API_KEY, max_call_seconds=0.5)) as url:
        asyncio.run(scenario(url))
        assert calls_ended(url) == {"expired": 1}


def test_idle_timeouts_and_vanished_clients_are_noticed() -> None:
    """Two behaviours in one test, since each takes several seconds in any case."""

    async def vanish(url: str) -> None:
        caller = Caller()
        await caller.accept(await asyncio.to_thread(unified, url, await caller.offer()))
        for sender in caller.peer.getSenders():
            # The sockets are closed without a DTLS alert, as if the machine had lost its network.
            await sender.transport.transport.stop()
        await until_none_is_open(url, within=25)
        await caller.close()

    async def fall_silent(url: str) -> None:
        async with calling(lambda offer: asyncio.to_thread(unified, url, offer)) as caller:
            await caller.event("session.created")
            session = {"type": "realtime", **vad(idle_timeout_ms=5000), "output_modalities": ["text"]}
            caller.send("session.update", session=session)
            caller.send("response.create")
            await caller.event("response.done")
            caller.forget()
            triggered = await caller.event("input_audio_buffer.timeout_triggered", within=8)
            done = await caller.event("response.done")
            assert triggered["audio_end_ms"] - triggered["audio_start_ms"] == pytest.approx(5000, abs=1000)
            assert caller.types()[:4] == [
                "input_audio_buffer.timeout_triggered",
                "input_audio_buffer.committed",
                "conversation.item.added",
                "conversation.item.done",
            ]
            assert "still there?" in done["response"]["output"][0]["content"][0]["text"]

    async def scenario(url: str, other_url: str) -> None:
        await asyncio.gather(vanish(url), fall_silent(other_url))

    with serving(create_app(API_KEY)) as url, serving(create_app(API_KEY)) as other_url:
        asyncio.run(scenario(url, other_url))
        assert calls_ended(url) == {"connection_lost": 1}
