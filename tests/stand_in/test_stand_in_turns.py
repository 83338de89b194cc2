"""Turns: voice activity detection, interruption, push to talk, silence, transcription."""

import array
import asyncio
import base64
import math

import av
import pytest

from tests.stand_in.caller import seconds_of_speech, vad
from tests.stand_in.conftest import Calling


def encoded(hz: float, seconds: float, audio_format: str) -> bytes:
    """Return a tone in one of the API's formats."""
    rate = 24000 if audio_format == "audio/pcm" else 8000
    samples = [int(9000 * math.sin(2 * math.pi * hz * n / rate)) for n in range(int(rate * seconds))]
    pcm = array.array("h", samples).tobytes()
    if audio_format == "audio/pcm":
        return pcm
    codec = av.CodecContext.create("pcm_mulaw" if audio_format == "audio/pcmu" else "pcm_alaw", "w")
    codec.sample_rate, codec.layout, codec.format = rate, "mono", "s16"
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
    frame.planes[0].update(pcm)
    frame.sample_rate = rate
    return b"".join(bytes(packet) for packet in [*codec.encode(frame), *codec.encode(None)])


def test_speech_interrupts_a_response_that_is_being_generated(call: Calling) -> None:
    async def scenario() -> None:
        async with call(vad()) as caller:
            await caller.event("session.created")
            caller.ask("la " * 60)
            await caller.event("output_audio_buffer.started")
            await caller.until(lambda: sum(peak > 500 for peak in caller.loudness) > 10)  # 200 ms were played
            caller.forget()
            await caller.microphone.play_tone(700, 0.4)
            await caller.event("input_audio_buffer.committed")

            types = [kind for kind in caller.types() if not kind.endswith("delta")]
            assert types == [
                "input_audio_buffer.speech_started",
                "response.output_audio.done",
                "response.output_audio_transcript.done",
                "response.content_part.done",
                "conversation.item.done",
                "response.output_item.done",
                "response.done",
                "output_audio_buffer.cleared",
                "conversation.item.truncated",
                "input_audio_buffer.speech_stopped",
                "input_audio_buffer.committed",
            ]
            done = next(event["response"] for event in caller.events if event["type"] == "response.done")
            assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
            truncated = next(event for event in caller.events if event["type"] == "conversation.item.truncated")
            assert truncated["item_id"] == done["output"][0]["id"]
            assert 200 < truncated["audio_end_ms"] < 2000

    asyncio.run(scenario())


def test_speech_interrupts_a_response_that_is_still_being_played(call: Calling) -> None:
    async def scenario() -> None:
        async with call(vad(create_response=False)) as caller:
            await caller.event("session.created")
            caller.ask("la la la la la la")
            item = (await caller.event("response.done"))["response"]["output"][0]
            caller.forget()
            await caller.microphone.play_tone(700, 0.4)
            committed = await caller.event("input_audio_buffer.committed")
            await caller.until(lambda: not caller.is_hearing())
            caller.send("conversation.item.retrieve", item_id=item["id"])
            retrieved = (await caller.event("conversation.item.retrieved"))["item"]

            assert caller.types() == [
                "input_audio_buffer.speech_started",
                "output_audio_buffer.cleared",
                "conversation.item.truncated",
                "input_audio_buffer.speech_stopped",
                "input_audio_buffer.committed",
                "conversation.item.added",
                "conversation.item.done",
                "conversation.item.retrieved",
            ]
            assert committed["previous_item_id"] == item["id"]
            assert retrieved["content"] == [{"type": "output_audio", "transcript": None}]

    asyncio.run(scenario())


def test_speech_does_not_interrupt_with_interrupt_response_off(call: Calling) -> None:
    async def scenario() -> None:
        async with call(vad(interrupt_response=False)) as caller:
            await caller.event("session.created")
            caller.ask("la " * 40)
            await caller.event("output_audio_buffer.started")
            await caller.microphone.play_tone(700, 0.3)
            await caller.event("input_audio_buffer.committed")
            error = (await caller.event("error"))["error"]
            assert error["code"] == "conversation_already_has_active_response"
            assert "output_audio_buffer.cleared" not in caller.types()

    asyncio.run(scenario())


def test_push_to_talk(call: Calling) -> None:
    async def scenario() -> None:
        async with call({"audio": {"input": {"turn_detection": None}}}) as caller:
            await caller.event("session.created")
            await caller.microphone.play_tone(500, 0.2)
            caller.send("input_audio_buffer.clear")
            await caller.event("input_audio_buffer.cleared")
            caller.send("input_audio_buffer.commit", event_id="early")
            error = (await caller.event("error"))["error"]
            assert (error["code"], error["event_id"]) == ("input_audio_buffer_commit_empty", "early")

            caller.forget()
            await caller.microphone.play_tone(700, 0.6)
            caller.send("input_audio_buffer.commit")
            await caller.event("conversation.item.done")
            assert caller.types() == [
                "input_audio_buffer.committed",
                "conversation.item.added",
                "conversation.item.done",
            ]
            caller.send("response.create")
            done = await caller.event("response.done")
            transcript = done["response"]["output"][0]["content"][0]["transcript"]
            assert seconds_of_speech(transcript) == pytest.approx(0.6, abs=0.15)
            await caller.event("output_audio_buffer.stopped")
            await caller.until_quiet()
            assert caller.heard_hz() == pytest.approx(700, abs=5)

    asyncio.run(scenario())


def test_semantic_vad_detects_turns(call: Calling) -> None:
    async def scenario() -> None:
        turns = {"type": "semantic_vad", "eagerness": "high"}
        async with call({"audio": {"input": {"turn_detection": turns}}, "output_modalities": ["text"]}) as caller:
            await caller.event("session.created")
            await caller.microphone.play_tone(700, 0.4)
            done = await caller.event("response.done")
            text = done["response"]["output"][0]["content"][0]["text"]
            assert text.startswith("You said something: ")
            assert seconds_of_speech(text) == pytest.approx(0.4, abs=0.15)

    asyncio.run(scenario())


def test_a_transcription_session_transcribes_and_never_answers(call: Calling) -> None:
    async def scenario() -> None:
        session = {"type": "transcription", **vad(), "include": ["item.input_audio_transcription.logprobs"]}
        session["audio"]["input"]["transcription"] = {"model": "gpt-4o-transcribe"}
        async with call(session) as caller:
            created = (await caller.event("session.created"))["session"]
            assert (created["object"], created["type"]) == ("realtime.transcription_session", "transcription")
            caller.forget()
            await caller.microphone.play_tone(700, 0.4)
            completed = await caller.event("conversation.item.input_audio_transcription.completed")
            caller.send("response.create", event_id="mine")
            assert (await caller.event("error"))["error"]["event_id"] == "mine"
            assert list(dict.fromkeys(caller.types())) == [
                "input_audio_buffer.speech_started",
                "input_audio_buffer.speech_stopped",
                "input_audio_buffer.committed",
                "conversation.item.added",
                "conversation.item.done",
                "conversation.item.input_audio_transcription.delta",
                "conversation.item.input_audio_transcription.completed",
                "error",
            ]
            assert seconds_of_speech(completed["transcript"]) == pytest.approx(0.4, abs=0.15)
            assert "".join(entry["token"] for entry in completed["logprobs"]) == completed["transcript"]

    asyncio.run(scenario())


@pytest.mark.parametrize("audio_format", ["audio/pcmu", "audio/pcma"])
def test_audio_in_an_item_is_repeated(call: Calling, audio_format: str) -> None:
    async def scenario() -> None:
        async with call({"audio": {"input": {"format": {"type": audio_format}}}}) as caller:
            await caller.event("session.created")
            recording = base64.b64encode(encoded(700, 0.3, audio_format)).decode()
            content = [{"type": "input_audio", "audio": recording}]
            caller.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
            caller.send("response.create")
            await caller.event("output_audio_buffer.stopped")
            await caller.until_quiet()
            assert caller.heard_hz() == pytest.approx(700, abs=5)

    asyncio.run(scenario())


def test_appended_audio_is_treated_like_the_microphones(call: Calling) -> None:
    async def scenario() -> None:
        async with call({**vad(), "output_modalities": ["text"]}) as caller:
            await caller.event("session.created")
            audio = base64.b64encode(encoded(700, 0.5, "audio/pcm")).decode()
            caller.send("input_audio_buffer.append", audio=audio)
            done = await caller.event("response.done")
            text = done["response"]["output"][0]["content"][0]["text"]
            assert text == "You said something: (0.5 s of speech)."

    asyncio.run(scenario())
