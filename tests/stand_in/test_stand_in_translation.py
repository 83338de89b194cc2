"""Translation: a key minted by the official SDK, a voice that follows the person's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import openai
import pytest

from tests.conftest import SDP
from tests.stand_in.caller import Caller, calling

SESSION: dict[str, Any] = {
    "model": "gpt-realtime-translate",
    "audio": {"input": {"transcription": {"model": "gpt-live-transcribe"}}, "output": {"language": "es"}},
}

Translate = Callable[..., AbstractAsyncContextManager[Caller]]


@pytest.fixture(scope="module")
def translate(sdk: openai.OpenAI, stand_in: str) -> Translate:
    @asynccontextmanager
    async def open_call(session: dict[str, Any] = SESSION) -> AsyncIterator[Caller]:
        locations: list[str] = []

        def signal(offer: bytes) -> str:
            key = sdk.realtime.translations.client_secrets.create(session=session)  # type: ignore[arg-type]
            headers = {**SDP, "Authorization": f"Bearer {key.value}"}
            response = httpx.post(f"{stand_in}/v1/realtime/translations/calls", content=offer, headers=headers)
            assert (response.status_code, response.headers["location"][:23]) == (201, "/v1/realtime/calls/rtc_")
            locations.append(response.headers["location"])
            return response.text

        async with calling(lambda offer: asyncio.to_thread(signal, offer), kind="translation") as caller:
            caller.call_id = locations[0].rpartition("/")[2]
            yield caller

    return open_call


def test_the_translation_follows_the_speech_without_waiting_for_its_end(translate: Translate) -> None:
    async def scenario() -> None:
        async with translate() as caller:
            created = await caller.event("session.created")
            assert created["session"]["audio"] == SESSION["audio"]
            speaking = asyncio.create_task(caller.microphone.play_tone(440, 2.5))
            await caller.until(caller.is_hearing)
            assert not speaking.done()
            assert caller.transcript("output").startswith("sí sí")
            await speaking
            await caller.until(lambda: not caller.is_hearing())
            assert caller.heard_hz() == pytest.approx(440, abs=5)
            assert len(caller.transcript("input").split()) == len(caller.transcript("output").split()) >= 6

    asyncio.run(scenario())


def test_without_transcription_only_the_translation_is_written_down(translate: Translate) -> None:
    async def scenario() -> None:
        async with translate({"model": "gpt-realtime-translate"}) as caller:
            await caller.event("session.created")
            await caller.microphone.play_tone(440, 0.6)
            assert (caller.transcript("input"), caller.transcript("output")[:3]) == ("", "yes")

    asyncio.run(scenario())


def test_the_target_language_changes_during_the_call(translate: Translate) -> None:
    async def scenario() -> None:
        async with translate() as caller:
            await caller.event("session.created")
            caller.send("session.update", session={"audio": {"output": {"language": "de"}}})
            assert (await caller.event("session.updated"))["session"]["audio"] == {
                **SESSION["audio"],
                "output": {"language": "de"},
            }
            await caller.microphone.play_tone(440, 0.6)
            assert caller.transcript("output").startswith("ja")

    asyncio.run(scenario())


def test_what_was_said_before_the_close_is_still_translated(translate: Translate) -> None:
    async def scenario() -> None:
        async with translate() as caller:
            await caller.event("session.created")
            await caller.microphone.play_tone(440, 0.6)
            caller.send("session.close")
            await caller.until(caller.is_hearing)
            await caller.event("session.closed")
            assert caller.transcript("output") == "sí sí"
            await caller.until(lambda: caller.peer.connectionState == "closed")

    asyncio.run(scenario())


def test_a_translation_that_is_hung_up_says_that_it_is_closed(translate: Translate, http: httpx.Client) -> None:
    async def scenario() -> None:
        async with translate() as caller:
            await caller.event("session.created")
            url = f"/v1/realtime/calls/{caller.call_id}/hangup"
            assert (await asyncio.to_thread(http.post, url)).status_code == 200
            await caller.event("session.closed")
            await caller.until(lambda: caller.peer.connectionState == "closed")

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("event", "param"),
    [
        ({"type": "response.create"}, "type"),
        ({"type": "session.input_audio_buffer.append", "audio": ""}, "type"),
        ({"type": "session.update", "session": {"model": "other"}}, "session.model"),
        (
            {"type": "session.update", "session": {"audio": {"output": {"voice": "marin"}}}},
            "session.audio.output.voice",
        ),
    ],
)
def test_an_invalid_event_is_answered_by_an_error(translate: Translate, event: dict[str, Any], param: str) -> None:
    async def scenario() -> None:
        async with translate() as caller:
            await caller.event("session.created")
            kind = event["type"]
            caller.send(kind, **{name: value for name, value in event.items() if name != "type"})
            assert (await caller.event("error"))["error"]["param"] == param

    asyncio.run(scenario())


def test_a_key_is_for_its_own_api_and_for_one_call(
    http: httpx.Client, sdk: openai.OpenAI, stand_in: str, offer: bytes
) -> None:
    translation = sdk.realtime.translations.client_secrets.create(session=SESSION).value  # type: ignore[arg-type]
    realtime = sdk.realtime.client_secrets.create(session={"type": "realtime"}).value

    def status(path: str, key: str) -> int:
        headers = {**SDP, "Authorization": f"Bearer {key}"}
        return httpx.post(f"{stand_in}/v1/realtime/{path}", content=offer, headers=headers).status_code

    assert status("calls", translation) == 401
    assert status("translations/calls", realtime) == 401
    assert status("translations/calls", translation) == 201
    assert status("translations/calls", translation) == 401


def test_a_session_config_with_an_unknown_member_is_refused(http: httpx.Client) -> None:
    response = http.post(
        "/v1/realtime/translations/client_secrets", json={"session": {**SESSION, "type": "translation"}}
    )

    assert (response.status_code, response.json()["error"]["param"]) == (400, "session.type")


@pytest.mark.parametrize(("seconds", "status"), [(9, 400), (10, 200), (7_200, 200), (7_201, 400)])
def test_a_key_lives_from_ten_seconds_to_two_hours(http: httpx.Client, seconds: int, status: int) -> None:
    body = {"session": SESSION, "expires_after": {"anchor": "created_at", "seconds": seconds}}

    assert http.post("/v1/realtime/translations/client_secrets", json=body).status_code == status
