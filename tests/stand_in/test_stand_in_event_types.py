"""The validation of server events is tested itself: it must find invalid ones."""

import pytest

from tests.stand_in.event_types import KINDS, problems

DONE = {
    "type": "response.done",
    "event_id": "event_1",
    "response": {"id": "resp_1", "object": "realtime.response", "status": "completed", "output": []},
}


def test_all_types_of_the_sdk_are_known() -> None:
    assert {kind: len(types) for kind, types in KINDS.items()} == {"realtime": 46, "live": 28, "translation": 7}


def test_a_valid_event_has_no_problems() -> None:
    assert problems(DONE) == []


CLOSED = {
    "type": "session.closed",
    "event_id": "event_1",
    "reason": "close_requested",
    "session": {"id": "live_1", "model": "gpt-live-1", "status": "active", "expires_at": 1},
    "usage": {"seconds": 1},
}
NESTED = {"type": "response.event", "event_id": "event_1", "event": {"type": "response.output_text.delta"}}


def test_a_valid_event_of_another_api_has_no_problems_there() -> None:
    assert problems(CLOSED, "live") == []
    assert problems({"type": "session.closed", "event_id": "event_1"}, "translation") == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (CLOSED, "translation"),
        (CLOSED, "realtime"),
        ({**CLOSED, "reason": "bored"}, "live"),
        ({**CLOSED, "usage": {"seconds": 1, "minutes": 1}}, "live"),
        ({**CLOSED, "session": {**CLOSED["session"], "idle_timeout_s": 1}}, "live"),  # type: ignore[dict-item]
        (NESTED, "live"),
        (DONE, "live"),
        ({"type": "session.input_transcript.delta", "event_id": "event_1", "delta": "a", "end_ms": 1}, "translation"),
    ],
)
def test_an_invalid_event_of_another_api_has_problems(event: dict[str, object], kind: str) -> None:
    assert problems(event, kind) != []


@pytest.mark.parametrize(
    "event",
    [
        {**DONE, "type": "response.cancelled"},
        {"type": "response.done", "response": DONE["response"]},
        {**DONE, "response": {"status": "finished"}},
        {**DONE, "response": {"usage": {"total_tokens": "many"}}},
        {**DONE, "response": {"usage": {"tokens": 1}}},
        {**DONE, "extra": 1},
    ],
)
def test_an_invalid_event_has_problems(event: dict[str, object]) -> None:
    assert problems(event) != []
