"""Client and server events on the data channel, and the audio that belongs to them."""

import asyncio
import copy
import json
from typing import Any

import pytest

from tests.stand_in.caller import Caller, seconds_of_speech, typed, vad
from tests.stand_in.conftest import Calling

COLOUR = {
    "type": "function",
    "name": "set_colour",
    "description": "Change the colour of a part of the page.",
    "parameters": {
        "type": "object",
        "properties": {
            "element": {"type": "string", "enum": ["background", "text", "accent"]},
            "colour": {"type": "string", "description": "A CSS colour."},
        },
        "required": ["element", "colour"],
    },
}
CLOCK = {"type": "function", "name": "get_time", "description": "Tell the time.", "parameters": {"type": "object"}}

SPOKEN_RESPONSE = [
    "response.created",
    "rate_limits.updated",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_audio_transcript.delta",
    "output_audio_buffer.started",
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
    "output_audio_buffer.stopped",
]


def in_order(types: list[str]) -> list[str]:
    """Each type once, in the order of the first occurrences."""
    return list(dict.fromkeys(types))


def test_a_spoken_turn_is_repeated(call: Calling) -> None:
    async def scenario() -> None:
        session = vad()
        session["audio"]["input"]["transcription"] = {"model": "whisper-1"}
        async with call(session) as caller:
            await caller.event("session.created")
            caller.forget()
            await caller.microphone.play_tone(700, 0.8)
            committed = await caller.event("input_audio_buffer.committed")
            done = await caller.event("response.done")
            await caller.event("output_audio_buffer.stopped")
            await caller.until_quiet()

            assert caller.heard_hz() == pytest.approx(700, abs=5)
            about = [event for event in caller.events if "input_audio_transcription" not in event["type"]]
            turn, rest = about[:5], [event["type"] for event in about[5:]]
            assert [event["type"] for event in turn] == [
                "input_audio_buffer.speech_started",
                "input_audio_buffer.speech_stopped",
                "input_audio_buffer.committed",
                "conversation.item.added",
                "conversation.item.done",
            ]
            assert len({event.get("item_id") or event["item"]["id"] for event in turn}) == 1
            assert in_order(rest) == SPOKEN_RESPONSE
            heard = [e for e in caller.events if e["type"].endswith("input_audio_transcription.completed")]
            transcript = heard[0]["transcript"]
            assert [(e["item_id"], e["transcript"]) for e in heard] == [(committed["item_id"], transcript)]
            assert seconds_of_speech(transcript) == pytest.approx(0.8, abs=0.15)
            content = done["response"]["output"][0]["content"]
            assert content == [{"type": "output_audio", "transcript": transcript}]

            caller.send("conversation.item.retrieve", item_id=committed["item_id"])
            item = (await caller.event("conversation.item.retrieved"))["item"]
            assert item["content"] == [{"type": "input_audio", "transcript": transcript}]

    asyncio.run(scenario())


def test_typed_text_is_answered_with_audio(call: Calling) -> None:
    async def scenario() -> None:
        async with call() as caller:
            await caller.event("session.created")
            caller.forget()
            caller.send("conversation.item.create", item=typed("hello"))
            caller.send("response.create", event_id="mine")
            done = await caller.event("response.done")
            await caller.event("output_audio_buffer.stopped")

            assert caller.types()[:2] == ["conversation.item.added", "conversation.item.done"]
            assert in_order(caller.types()[2:]) == SPOKEN_RESPONSE
            assert done["response"]["status"] == "completed"
            assert done["response"]["output"][0]["content"] == [
                {"type": "output_audio", "transcript": "You typed: hello"}
            ]
            assert max(caller.loudness) > 2000

    asyncio.run(scenario())


def test_text_is_answered_with_text_in_a_text_session(call: Calling) -> None:
    async def scenario() -> None:
        async with call({"output_modalities": ["text"]}) as caller:
            await caller.event("session.created")
            caller.send("conversation.item.create", item=typed("hello there"))
            await caller.event("conversation.item.done")
            caller.forget()
            caller.send("response.create", response={"metadata": {"turn": "1"}})
            done = await caller.event("response.done")

            assert in_order(caller.types()) == [
                "response.created",
                "rate_limits.updated",
                "response.output_item.added",
                "conversation.item.added",
                "response.content_part.added",
                "response.output_text.delta",
                "response.output_text.done",
                "response.content_part.done",
                "conversation.item.done",
                "response.output_item.done",
                "response.done",
            ]
            deltas = [event["delta"] for event in caller.events if event["type"] == "response.output_text.delta"]
            assert deltas == ["You", " typed:", " hello", " there"]
            item = done["response"]["output"][0]
            assert item == {
                "id": item["id"],
                "object": "realtime.item",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": "You typed: hello there"}],
            }
            assert done["response"]["metadata"] == {"turn": "1"}

    asyncio.run(scenario())


def test_items_are_inserted_retrieved_and_deleted(call: Calling) -> None:
    async def scenario() -> None:
        async with call() as caller:
            await caller.event("session.created")
            for position, item in (
                ({}, {**typed("one"), "id": "one"}),
                ({}, {**typed("three"), "id": "three"}),
                ({"previous_item_id": "one"}, {**typed("two"), "id": "two"}),
                ({"previous_item_id": "root"}, {**typed("zero"), "id": "zero"}),
            ):
                caller.send("conversation.item.create", item=item, **position)
                await caller.event("conversation.item.done")
            added = [event for event in caller.events if event["type"] == "conversation.item.added"]
            assert [(event["item"]["id"], event["previous_item_id"]) for event in added] == [
                ("one", None),
                ("three", "one"),
                ("two", "one"),
                ("zero", None),
            ]
            caller.send("conversation.item.retrieve", item_id="two")
            assert (await caller.event("conversation.item.retrieved"))["item"] == {
                **typed("two"),
                "id": "two",
                "object": "realtime.item",
                "status": "completed",
            }
            caller.send("conversation.item.delete", item_id="two")
            assert (await caller.event("conversation.item.deleted"))["item_id"] == "two"

    asyncio.run(scenario())


def test_an_invalid_event_is_answered_by_an_error_with_its_id(call: Calling) -> None:
    async def error(caller: Caller, event: str, /, **members: Any) -> tuple[Any, ...]:
        caller.send(event, event_id="mine", **members)
        error = (await caller.event("error"))["error"]
        assert (error["type"], error["event_id"]) == ("invalid_request_error", "mine")
        return error["code"], error["param"], error["message"]

    async def scenario() -> None:
        async with call() as caller:
            await caller.event("session.created")
            caller.send("conversation.item.create", item={**typed("hi"), "id": "known"})

            assert (await error(caller, "session.upgrade"))[:2] == ("invalid_value", "type")
            assert await error(caller, "response.create", response={"modalities": ["text"]}) == (
                "unknown_parameter",
                "response.modalities",
                "Unknown parameter: 'response.modalities'.",
            )
            assert await error(
                caller, "conversation.item.create", item={**typed("hi"), "content": [{"text": "hi"}]}
            ) == (
                "missing_required_parameter",
                "item.content[0].type",
                "Missing required parameter: 'item.content[0].type'.",
            )
            audio = {"type": "message", "role": "assistant", "content": [{"type": "output_audio", "transcript": "hi"}]}
            assert (await error(caller, "conversation.item.create", item=audio))[1] == "item.content[0].type"
            assert await error(caller, "conversation.item.create", item={**typed("hi"), "id": "known"}) == (
                "item_already_exists",
                "item.id",
                "Item with id 'known' already exists.",
            )
            lost = await error(caller, "conversation.item.create", item=typed("hi"), previous_item_id="nobody")
            assert lost[:2] == ("invalid_value", "previous_item_id")
            for doing, what in (("delete", "deleting"), ("retrieve", "retrieving"), ("truncate", "truncating")):
                rest = {"content_index": 0, "audio_end_ms": 0} if doing == "truncate" else {}
                assert await error(caller, f"conversation.item.{doing}", item_id="nobody", **rest) == (
                    f"item_{doing}_invalid_item_id",
                    "item_id",
                    f"Error {what} item: the item with id 'nobody' does not exist.",
                )
            assert (await error(caller, "input_audio_buffer.append", audio="§"))[:2] == ("invalid_value", "audio")
            assert await error(caller, "response.cancel") == (
                "response_cancel_not_active",
                None,
                "Cancellation failed: no active response found.",
            )
            for nonsense in ("{", "[]", b"{}"):
                caller.send_text(nonsense)
                assert (await caller.event("error"))["error"]["code"] == "invalid_json"

    asyncio.run(scenario())


def test_a_response_is_cancelled_and_its_audio_cleared(call: Calling) -> None:
    async def scenario() -> None:
        async with call() as caller:
            await caller.event("session.created")
            caller.ask("la " * 40)
            started = await caller.event("output_audio_buffer.started")
            caller.send("response.create", event_id="second")
            second = (await caller.event("error"))["error"]
            assert (second["code"], second["event_id"]) == ("conversation_already_has_active_response", "second")

            caller.send("response.cancel")
            done = (await caller.event("response.done"))["response"]
            assert done["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
            assert (done["status"], done["output"][0]["status"]) == ("cancelled", "incomplete")
            caller.send("output_audio_buffer.clear")
            cleared = await caller.event("output_audio_buffer.cleared")
            assert cleared["response_id"] == started["response_id"] == done["id"]
            await caller.until(lambda: not caller.is_hearing())
            # A pause, since an event that does not come cannot be waited for.
            await asyncio.sleep(0.3)
            assert not caller.is_hearing()
            assert "output_audio_buffer.stopped" not in caller.types()

            caller.send(
                "conversation.item.truncate", item_id=done["output"][0]["id"], content_index=0, audio_end_ms=9**9
            )
            assert "is already shorter than" in (await caller.event("error"))["error"]["message"]
            caller.send(
                "conversation.item.truncate", item_id=done["output"][0]["id"], content_index=0, audio_end_ms=100
            )
            assert (await caller.event("conversation.item.truncated"))["audio_end_ms"] == 100

    asyncio.run(scenario())


def test_a_function_that_the_text_mentions_is_called_and_its_output_repeated(call: Calling) -> None:
    async def scenario() -> None:
        async with call({"tools": [COLOUR, CLOCK], "output_modalities": ["text"]}) as caller:
            await caller.event("session.created")
            caller.send("conversation.item.create", item=typed("Please make the colour of the text green"))
            await caller.event("conversation.item.done")
            caller.forget()
            caller.send("response.create")
            done = (await caller.event("response.done"))["response"]

            assert in_order(caller.types()) == [
                "response.created",
                "rate_limits.updated",
                "response.output_item.added",
                "conversation.item.added",
                "response.function_call_arguments.delta",
                "response.function_call_arguments.done",
                "conversation.item.done",
                "response.output_item.done",
                "response.done",
            ]
            function_call = done["output"][0]
            assert (function_call["name"], function_call["status"]) == ("set_colour", "completed")
            assert json.loads(function_call["arguments"]) == {"element": "text", "colour": "green"}

            output = {"type": "function_call_output", "call_id": function_call["call_id"], "output": "it is green now"}
            caller.send("conversation.item.create", item=output)
            caller.send("response.create")
            done = (await caller.event("response.done"))["response"]
            assert done["output"][0]["content"][0]["text"] == "set_colour says: it is green now"

    asyncio.run(scenario())


def test_the_tool_choice_is_followed(call: Calling) -> None:
    async def answer(caller: Caller, **response: Any) -> str:
        caller.send("response.create", response={"output_modalities": ["text"], **response})
        item = (await caller.event("response.done"))["response"]["output"][0]
        return str(item.get("name") or item["content"][0]["text"])

    async def scenario() -> None:
        async with call({"tools": [COLOUR, CLOCK]}) as caller:
            await caller.event("session.created")
            caller.send("conversation.item.create", item=typed("What time is it?"))
            assert await answer(caller) == "get_time"
            assert await answer(caller, tool_choice="none") == "You typed: What time is it?"
            assert await answer(caller, tool_choice={"type": "function", "name": "set_colour"}) == "set_colour"
            assert await answer(caller, tools=[]) == "You typed: What time is it?"
            caller.send("conversation.item.create", item=typed("hello"))
            assert await answer(caller) == "You typed: hello"
            assert await answer(caller, tool_choice="required") == "set_colour"
            caller.send("response.create", response={"tool_choice": {"type": "function", "name": "nobody"}})
            assert (await caller.event("error"))["error"]["param"] == "response.tool_choice"

    asyncio.run(scenario())


def test_an_out_of_band_response_is_not_added_to_the_conversation(call: Calling) -> None:
    async def scenario() -> None:
        async with call({"output_modalities": ["text"]}) as caller:
            await caller.event("session.created")
            caller.send("conversation.item.create", item={**typed("known"), "id": "known"})
            await caller.event("conversation.item.done")
            caller.forget()
            reference = {"type": "item_reference", "id": "known"}
            caller.send("response.create", response={"conversation": "none", "input": [reference, typed("aside")]})
            done = (await caller.event("response.done"))["response"]
            assert done["conversation_id"] is None
            assert done["output"][0]["content"][0]["text"] == "You typed: aside"
            assert not [kind for kind in caller.types() if kind.startswith("conversation.")]

            caller.send("response.create", response={"input": []})
            done = (await caller.event("response.done"))["response"]
            assert done["output"][0]["content"][0]["text"].startswith("Hello, I am a parrot")

    asyncio.run(scenario())


def test_a_response_ends_at_its_token_limit(call: Calling) -> None:
    async def scenario() -> None:
        async with call({"output_modalities": ["text"], "max_output_tokens": 3}) as caller:
            await caller.event("session.created")
            caller.ask("a rather long sentence")
            done = (await caller.event("response.done"))["response"]
            assert (done["status"], done["status_details"]["reason"]) == ("incomplete", "max_output_tokens")
            assert done["output"][0]["content"][0]["text"] == "You typed: a"

    asyncio.run(scenario())


def test_a_response_that_raises_fails_and_the_session_goes_on(call: Calling, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        broken = {"type": "function", "name": "broken", "parameters": {"properties": []}}
        async with call({"tools": [broken], "output_modalities": ["text"]}) as caller:
            await caller.event("session.created")
            caller.send("response.create", response={"tool_choice": "required"})
            done = (await caller.event("response.done"))["response"]
            assert (done["status"], done["status_details"]["type"]) == ("failed", "failed")
            caller.send("response.create", response={"tools": []})
            assert (await caller.event("response.done"))["response"]["status"] == "completed"

    asyncio.run(scenario())
    assert "failed" in caplog.text


def test_an_update_changes_the_given_members_of_a_session(call: Calling) -> None:
    async def scenario() -> None:
        async with call({"model": "gpt-realtime", "instructions": "Be brief."}) as caller:
            created = (await caller.event("session.created"))["session"]
            change = {
                "type": "realtime",
                "model": "gpt-realtime-2.1",
                "audio": {"input": {"turn_detection": {"type": "semantic_vad"}}, "output": {"voice": "marin"}},
            }
            caller.send("session.update", session=change)
            expected = copy.deepcopy(created)
            expected["audio"]["output"]["voice"] = "marin"
            expected["audio"]["input"]["turn_detection"] = {
                "type": "semantic_vad",
                "eagerness": "auto",
                "create_response": True,
                "interrupt_response": True,
            }
            assert (await caller.event("session.updated"))["session"] == expected

            caller.send("session.update", session={"type": "realtime", "tracing": "auto"})
            assert (await caller.event("session.updated"))["session"] == {**expected, "tracing": "auto"}
            caller.send("session.update", event_id="bad", session={"type": "realtime", "voice": "cedar"})
            error = (await caller.event("error"))["error"]
            assert (error["code"], error["param"], error["event_id"]) == ("unknown_parameter", "session.voice", "bad")
            caller.send("session.update", session={"voice": "cedar"})
            assert (await caller.event("error"))["error"]["param"] == "session.type"
            caller.send("session.update", session={"type": "transcription"})
            assert (await caller.event("error"))["error"]["param"] == "session.type"

            caller.send("response.create")
            await caller.event("output_audio_buffer.started")
            caller.send("session.update", session={"type": "realtime", "audio": {"output": {"voice": "cedar"}}})
            assert (await caller.event("error"))["error"]["code"] == "cannot_update_voice"
            caller.send("session.update", session={"type": "realtime", "audio": {"output": {"voice": "marin"}}})
            assert (await caller.event("session.updated"))["session"]["audio"]["output"]["voice"] == "marin"
            off = {"input": {"transcription": None, "turn_detection": {"type": "semantic_vad"}}}
            caller.send("session.update", session={"type": "realtime", "audio": off})
            heard = (await caller.event("session.updated"))["session"]["audio"]["input"]
            assert (heard["transcription"], heard["turn_detection"]["eagerness"]) == (None, "auto")

    asyncio.run(scenario())
