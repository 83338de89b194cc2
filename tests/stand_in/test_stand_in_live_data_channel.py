"""What a page may send and receive on the data channel of a Live session."""

import asyncio
import json

import pytest

from tests.stand_in.conftest import Live

LOCKED = {
    "allowed_client_events": ["session.close", "session.input_audio.mute"],
    "allowed_server_events": [{"type": "session.input_transcript.delta"}, {"type": "error"}],
}


def test_what_is_not_allowed_is_neither_done_nor_sent(live: Live) -> None:
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
            await caller.microphone.play_tone(440, 0.5)
            await caller.event("session.input_transcript.delta")
            # A pause, since events that do not come cannot be waited for.
            await asyncio.sleep(1)
            assert set(caller.types()) == {"error", "session.input_transcript.delta"}
            assert "Confidential" not in str(caller.events)

    asyncio.run(scenario())


def test_limits_of_the_data_channel_are_announced(live: Live) -> None:
    async def scenario() -> None:
        async with live(client={"data_channel": {"allowed_client_events": []}}) as caller:
            await caller.event("session.started")
            assert (await caller.event("info"))["code"] == "data_channel_permissions"

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", ["session.start", "session.input_audio.append", "session.output_audio.fixture.play"])
def test_what_is_for_web_sockets_is_refused_on_the_data_channel(live: Live, kind: str) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            caller.send(kind, audio="", session={})
            assert (await caller.event("error"))["error"]["code"] == "invalid_event"

    asyncio.run(scenario())


def test_channels_that_a_hostile_page_opens_beside_the_first_carry_nothing(live: Live) -> None:
    """The same label again, another one, and one that the answerer does not know."""

    async def scenario() -> None:
        async with live(instructions="Confidential.", client={"data_channel": LOCKED}) as caller:
            await caller.until(lambda: caller.channel is not None and caller.channel.readyState == "open")
            others = [
                caller.peer.createDataChannel("oai-events"),
                caller.peer.createDataChannel("another"),
                caller.peer.createDataChannel("oai-events", negotiated=True, id=100),
            ]
            received: list[object] = []
            for channel in others:
                channel.on("message", received.append)
            await caller.until(lambda: {channel.readyState for channel in others} == {"open"})
            for channel in others:
                channel.send(json.dumps({"type": "session.commentary.append", "content": "x", "delegation_id": None}))
                channel.send(json.dumps({"type": "session.close"}))
            await caller.microphone.play_tone(440, 0.5)
            await caller.event("session.input_transcript.delta")
            assert received == []
            assert set(caller.types()) == {"session.input_transcript.delta"}

    asyncio.run(scenario())


def test_a_channel_that_is_opened_again_carries_nothing(live: Live) -> None:
    async def scenario() -> None:
        async with live(client={"data_channel": LOCKED}) as caller:
            assert caller.channel is not None
            await caller.until(lambda: caller.channel is not None and caller.channel.readyState == "open")
            caller.channel.close()
            await caller.until(lambda: caller.channel is not None and caller.channel.readyState == "closed")
            received: list[str] = []
            again = caller.peer.createDataChannel("oai-events")
            again.on("message", received.append)
            await caller.until(lambda: again.readyState == "open")
            again.send(json.dumps({"type": "session.commentary.append", "content": "x", "delegation_id": None}))
            await caller.microphone.play_tone(440, 0.5)
            await caller.until(caller.is_hearing)
            assert (received, caller.types()) == ([], [])

    asyncio.run(scenario())


def test_an_event_of_the_backend_is_allowed_by_its_own_type(live: Live) -> None:
    selector = {"type": "response.event", "response_event": "response.completed"}
    delegation = {"type": "responses", "responses": {"model": "gpt-5.5"}}

    async def scenario() -> None:
        async with live(
            delegation=delegation, client={"data_channel": {"allowed_server_events": [selector]}}
        ) as caller:
            await caller.until(lambda: caller.channel is not None and caller.channel.readyState == "open")
            caller.send("response.item.create", item={"type": "message", "role": "user", "content": "Hello"})
            caller.send("response.create")
            assert (await caller.event("response.event"))["event"]["type"] == "response.completed"
            assert caller.types() == ["response.event"]

    asyncio.run(scenario())


def test_with_nothing_allowed_the_page_receives_nothing(live: Live) -> None:
    nothing: dict[str, list[object]] = {"allowed_client_events": [], "allowed_server_events": []}

    async def scenario() -> None:
        async with live(client={"data_channel": nothing}) as caller:
            await caller.until(lambda: caller.channel is not None and caller.channel.readyState == "open")
            caller.send("session.close")
            await caller.microphone.play_tone(440, 0.5)
            await caller.until(caller.is_hearing)
            assert caller.events == []

    asyncio.run(scenario())
