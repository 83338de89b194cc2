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
