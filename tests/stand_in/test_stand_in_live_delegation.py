"""Tasks that a Live session delegates, to the application or to its Responses backend."""

import asyncio
from typing import Any

from tests.stand_in.caller import Caller
from tests.stand_in.conftest import Live

FUNCTION = {"type": "function", "name": "get_time", "description": "Tell the local time.", "parameters": {}}
RESPONSES: dict[str, Any] = {"type": "responses", "responses": {"model": "gpt-5.5", "tools": [FUNCTION]}}


def test_a_long_turn_is_a_task_for_the_application_which_sends_its_result(live: Live) -> None:
    async def scenario() -> None:
        async with live(delegation={"type": "client"}) as caller:
            await caller.event("session.started")
            await caller.microphone.play_tone(440, 2.4)
            created = await caller.event("session.delegation.created")
            assert created["delegation"]["target"] == "client"
            await caller.until(lambda: caller.transcript("output") == "One moment.")
            caller.send("session.commentary.append", content="It rains.", delegation_id=created["delegation"]["id"])
            appended = await caller.event("session.commentary.appended")
            assert appended["start_ms"] == appended["end_ms"] > created["offset_ms"]
            await caller.until(lambda: caller.transcript("output") == "One moment. It rains.")
            caller.send("session.thinking.append", content="x", delegation_id="delegation_of_nobody")
            assert (await caller.event("error"))["error"]["param"] == "delegation_id"

    asyncio.run(scenario())


def test_thinking_and_instructions_are_taken_in_silence(live: Live) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            for kind in ("session.thinking.append", "session.instructions.append"):
                caller.send(kind, content="It will rain.", delegation_id=None, event_id=kind)
                assert (await caller.event(f"{kind}ed"))["client_event_id"] == kind
            caller.send("session.thinking.append", content="word " * 501, delegation_id=None)
            assert (await caller.event("error"))["error"]["param"] == "content"
            caller.send("session.commentary.append", content="Now.", delegation_id=None)
            await caller.event("session.output_transcript.delta")
            assert caller.transcript("output") == "Now."

    asyncio.run(scenario())


def test_a_result_that_comes_before_the_acknowledgement_replaces_it(live: Live) -> None:
    async def scenario() -> None:
        async with live(delegation={"type": "client", "acknowledgement_delay_ms": 5_000}) as caller:
            await caller.event("session.started")
            await caller.microphone.play_tone(440, 2.4)
            created = await caller.event("session.delegation.created")
            caller.send("session.commentary.append", content="It rains.", delegation_id=created["delegation"]["id"])
            await caller.until(lambda: caller.transcript("output") == "It rains.")

    asyncio.run(scenario())


def test_a_session_that_delegates_nothing_repeats_a_long_turn(live: Live) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            await caller.microphone.play_tone(440, 2.4)
            await caller.until(lambda: caller.transcript("output") == caller.transcript("input"), within=10)
            assert "session.delegation.created" not in caller.types()

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
            caller.send("response.item.create", item={**output, "call_id": "call_of_nobody"})
            assert (await caller.event("error"))["error"]["param"] == "item.call_id"
            caller.send("response.item.create", item=output)
            caller.send("response.create")
            await caller.until(lambda: caller.transcript("output") == "get_time says: noon")

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
            assert response["event"]["response"]["id"] == created["delegation"]["response_id"]
            caller.send("session.commentary.append", content="x", delegation_id=created["delegation"]["id"])
            assert (await caller.event("error"))["error"]["param"] == "delegation_id"

    asyncio.run(scenario())


def test_only_the_delegation_settings_change_during_a_session(live: Live) -> None:
    async def scenario() -> None:
        async with live(delegation=RESPONSES) as caller:
            await caller.event("session.started")
            changed = {"type": "responses", "responses": {"instructions": "Be brief."}}
            caller.send("session.update", session={"delegation": changed})
            updated = (await caller.event("session.updated"))["session"]["delegation"]
            assert updated["responses"] == {**RESPONSES["responses"], "instructions": "Be brief."}
            for session, param in (
                ({"delegation": {"type": "client"}}, "session.delegation.type"),
                ({"instructions": "Be long."}, "session.instructions"),
                ({"triggers": []}, "session.triggers"),
            ):
                caller.send("session.update", session=session)
                assert (await caller.event("error"))["error"]["param"] == param

    asyncio.run(scenario())


def test_credentials_of_an_mcp_server_are_not_shown(live: Live) -> None:
    server = {"type": "mcp", "server_label": "docs", "server_url": "https://example.com", "authorization": "Bearer x"}
    delegation = {"type": "responses", "responses": {"model": "gpt-5.5", "tools": [server]}}

    async def scenario() -> None:
        async with live(delegation=delegation) as caller:
            [shown] = (await caller.event("session.started"))["session"]["delegation"]["responses"]["tools"]
            assert shown == {name: value for name, value in server.items() if name != "authorization"}

    asyncio.run(scenario())


def test_without_a_backend_there_is_nobody_to_ask(live: Live) -> None:
    async def scenario() -> None:
        async with live() as caller:
            await caller.event("session.started")
            caller.send("response.create")
            assert (await caller.event("error"))["error"]["code"] == "invalid_event"
            caller.send("response.item.create", item={"type": "message", "role": "user", "content": "Hello"})
            assert (await caller.event("error"))["error"]["code"] == "invalid_event"

    asyncio.run(scenario())
