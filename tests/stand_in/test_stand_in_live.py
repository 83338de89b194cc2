"""The Live API: created by the official SDK, spoken to over WebRTC."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import openai
import pytest

from local.stand_in.app import create_app
from tests.stand_in.caller import Caller, calling
from tests.stand_in.conftest import API_KEY, serving

SESSION: dict[str, Any] = {"model": "gpt-live-1.1", "audio": {"output": {"voice": "cedar"}}}
FUNCTION = {"type": "function", "name": "get_time", "description": "Tell the local time.", "parameters": {}}
RESPONSES = {"type": "responses", "responses": {"model": "gpt-5.5", "tools": [FUNCTION]}}
LOCKED = {
    "allowed_client_events": ["session.close", "session.input_audio.mute"],
    "allowed_server_events": [{"type": "session.input_transcript.delta"}, {"type": "error"}],
}

Live = Callable[..., AbstractAsyncContextManager[Caller]]


@pytest.fixture(scope="module")
def live(sdk: openai.OpenAI) -> Live:
    """Makes a Live call, whose id is `caller.call_id`."""

    @asynccontextmanager
    async def open_call(**session: Any) -> AsyncIterator[Caller]:
        created: list[str] = []

        def signal(offer: bytes) -> str:
            transport: Any = {"type": "webrtc", "sdp": offer.decode()}
            answer = sdk.live.create(session={**SESSION, **session}, transport=transport)  # type: ignore[typeddict-item]
            created.append(answer.session.id)
            return answer.transport.sdp

        async with calling(lambda offer: asyncio.to_thread(signal, offer), kind="live") as caller:
            caller.call_id = created[0]
            yield caller

    return open_call


def text(caller: Caller, side: str) -> str:
    kind = f"session.{side}_transcript.delta"
    return "".join(event["delta"] for event in caller.events if event["type"] == kind)


def test_a_session_starts_with_its_config(live: Live) -> None:
    async def scenario() -> None:
        async with live(instructions="Be brief.", safety_identifier="person") as caller:
            session = (await caller.event("session.started"))["session"]
            expires_at = session.pop("expires_at")
            assert session == {
                **SESSION,
                "id": caller.call_id,
                "status": "active",
                "store": False,
                "instructions": "Be brief.",
                "safety_identifier": "person",
                "delegation": {"type": "client"},
            }
            assert expires_at > 1_700_000_000
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
            assert text(caller, "input") == text(caller, "output") == "Bla bla bla bla"
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
            said = text(caller, "output")
            assert 0 < len(said) < len(long)

    asyncio.run(scenario())


def test_a_muted_person_is_not_heard(live: Live) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            caller.send("session.input_audio.mute", event_id="mine")
            assert (await caller.event("session.input_audio.muted"))["client_event_id"] == "mine"
            await caller.microphone.play_tone(440, 0.5)
            assert text(caller, "input") == ""
            caller.send("session.input_audio.unmute")
            await caller.event("session.input_audio.unmuted")
            await caller.microphone.play_tone(440, 0.5)
            assert text(caller, "input") == "Bla bla"

    asyncio.run(scenario())


def test_usage_is_told_and_a_close_ends_the_call_with_it(live: Live) -> None:
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


def test_what_is_not_allowed_is_neither_done_nor_told(live: Live) -> None:
    async def scenario() -> None:
        async with live(instructions="Confidential.", client={"data_channel": LOCKED}) as caller:
            await caller.until(lambda: caller.channel is not None and caller.channel.readyState == "open")
            refused: tuple[dict[str, object], ...] = (
                {"type": "session.instructions.append", "content": "Say all.", "delegation_id": None},
                {"type": "session.update", "session": {}},
                {"type": "session.input_audio.unmute"},
                {"type": "nonsense"},
                {},
            )
            for event in refused:
                caller.send_text(json.dumps(event))
                error = (await caller.event("error"))["error"]
                assert error["code"] == "event_not_allowed"
            other = caller.peer.createDataChannel("another")
            received: list[object] = []
            other.on("message", received.append)
            await caller.microphone.play_tone(440, 0.5)
            await caller.event("session.input_transcript.delta")
            await asyncio.sleep(1)
            assert set(caller.types()) == {"error", "session.input_transcript.delta"}
            assert received == []
            assert "Confidential" not in str(caller.events)

    asyncio.run(scenario())


def test_limits_of_the_data_channel_are_announced(live: Live) -> None:
    async def scenario() -> None:
        async with live(client={"data_channel": {"allowed_client_events": []}}) as caller:
            await caller.event("session.started")
            assert (await caller.event("info"))["code"] == "data_channel_permissions"

    asyncio.run(scenario())


def test_a_long_turn_is_a_task_for_the_application_which_tells_its_result(live: Live) -> None:
    async def scenario() -> None:
        async with live(delegation={"type": "client"}) as caller:
            await caller.event("session.started")
            await caller.microphone.play_tone(440, 2.4)
            created = await caller.event("session.delegation.created")
            assert created["delegation"]["target"] == "client"
            await caller.until(lambda: text(caller, "output") == "One moment.")
            caller.send("session.commentary.append", content="It rains.", delegation_id=created["delegation"]["id"])
            appended = await caller.event("session.commentary.appended")
            assert appended["start_ms"] == appended["end_ms"] > created["offset_ms"]
            await caller.until(lambda: text(caller, "output") == "One moment.It rains.")
            caller.send("session.thinking.append", content="x", delegation_id="delegation_of_nobody")
            assert (await caller.event("error"))["error"]["param"] == "delegation_id"

    asyncio.run(scenario())


def test_the_responses_backend_calls_the_functions_of_the_page(live: Live) -> None:
    async def scenario() -> None:
        async with live(delegation=RESPONSES) as caller:
            await caller.event("session.started")
            content = [{"type": "input_text", "text": "Tell me the local time"}]
            caller.send("response.item.create", item={"type": "message", "role": "user", "content": content})
            caller.send("response.create")
            await caller.until(lambda: nested(caller)[-1:] == ["response.completed"])
            call = next(e["event"]["item"] for e in caller.events if is_nested(e, "response.output_item.done"))
            assert (call["type"], call["name"], call["arguments"]) == ("function_call", "get_time", "{}")
            output = {"type": "function_call_output", "call_id": call["call_id"], "output": "noon"}
            caller.send("response.item.create", item=output)
            caller.send("response.create")
            await caller.until(lambda: text(caller, "output") == "get_time says: noon")

    asyncio.run(scenario())


def is_nested(event: dict[str, Any], kind: str) -> bool:
    return bool(event["type"] == "response.event" and event["event"]["type"] == kind)


def nested(caller: Caller) -> list[str]:
    return [event["event"]["type"] for event in caller.events if event["type"] == "response.event"]


def test_speech_is_delegated_to_the_backend(live: Live) -> None:
    async def scenario() -> None:
        async with live(delegation=RESPONSES) as caller:
            await caller.event("session.started")
            await caller.microphone.play_tone(440, 2.4)
            created = await caller.event("session.delegation.created")
            response = await caller.event("response.event")
            assert created["delegation"]["target"] == "responses"
            assert response["delegation_id"] == created["delegation"]["id"]
            assert response["event"]["type"] == "response.created"

    asyncio.run(scenario())


def test_only_the_delegation_settings_change_during_a_session(live: Live) -> None:
    async def scenario() -> None:
        async with live(delegation=RESPONSES) as caller:
            await caller.event("session.started")
            changed = {"type": "responses", "responses": {"instructions": "Be brief."}}
            caller.send("session.update", session={"delegation": changed})
            updated = (await caller.event("session.updated"))["session"]["delegation"]
            assert updated["responses"] == {**RESPONSES["responses"], "instructions": "Be brief."}  # type: ignore[dict-item]
            for session, param in (
                ({"delegation": {"type": "client"}}, "session.delegation.type"),
                ({"instructions": "Be long."}, "session.instructions"),
                ({"triggers": []}, "session.triggers"),
            ):
                caller.send("session.update", session=session)
                assert (await caller.event("error"))["error"]["param"] == param

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", ["session.start", "session.input_audio.append", "session.output_audio.fixture.play"])
def test_what_is_for_web_sockets_is_refused_on_the_data_channel(live: Live, kind: str) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            caller.send(kind, audio="", session={})
            assert (await caller.event("error"))["error"]["code"] == "invalid_event"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_required_parameter", "session"),
        ({"session": {}}, "missing_required_parameter", "session.model"),
        ({"session": {"model": "m", "type": "live"}}, "unknown_parameter", "session.type"),
        ({"session": {"model": "m", "audio": {"output": {"voices": "a"}}}}, "unknown_parameter", None),
        ({"session": {"model": " "}}, "invalid_value", "session.model"),
        ({"session": {"model": "m", "idle_timeout_s": 5}}, "invalid_value", "session.idle_timeout_s"),
        ({"session": {"model": "m", "delegation": {"type": "mine"}}}, "invalid_value", "session.delegation.type"),
        ({"transport": {"type": "websocket", "sdp": "v=0"}}, "invalid_value", "transport.type"),
        ({"transport": {"type": "webrtc", "sdp": "v=0"}}, "invalid_offer", None),
    ],
)
def test_an_invalid_request_creates_nothing(
    http: httpx.Client, body: dict[str, Any], code: str, param: str | None
) -> None:
    whole = {"session": SESSION, "transport": {"type": "webrtc", "sdp": "v=0\r\n"}} | body if body else {}

    response = http.post("/v1/live/sessions", json=whole)

    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == code
    if param:
        assert error["param"] == param


def test_only_the_standard_key_creates_a_session(stand_in: str, sdk: openai.OpenAI) -> None:
    key = sdk.realtime.client_secrets.create(session={"type": "realtime"}).value

    response = httpx.post(f"{stand_in}/v1/live/sessions", headers={"Authorization": f"Bearer {key}"}, json={})

    assert response.status_code == 401
