"""Session configs: what is accepted, how it is shown, and what is refused."""

import httpx
import pytest

from tests.stand_in.bodies import DEFAULT_INPUT, error

WHISPER = "gpt-realtime-whisper"


def test_a_transcription_session_is_shown_as_one(http: httpx.Client) -> None:
    body = {"session": {"type": "transcription", "audio": {"input": {"transcription": {"model": "whisper-1"}}}}}
    session = http.post("/v1/realtime/client_secrets", json=body).json()["session"]
    assert session == {
        "id": session["id"],
        "object": "realtime.transcription_session",
        "expires_at": 0,
        "type": "transcription",
        "audio": {"input": {**DEFAULT_INPUT, "transcription": {"model": "whisper-1"}}},
        "include": None,
    }


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"session": {"type": "realtime", "voice": "marin"}}, "unknown_parameter", "session.voice"),
        ({"session": {"type": "realtime", "modalities": ["text"]}}, "unknown_parameter", "session.modalities"),
        ({"sesion": {}}, "unknown_parameter", "sesion"),
        ({"session": {"model": "gpt-realtime"}}, "missing_required_parameter", "session.type"),
        ({"session": {"type": "realtim"}}, "invalid_value", "session.type"),
        ({"session": {"type": "transcription", "model": "whisper-1"}}, "unknown_parameter", "session.model"),
        ({"session": []}, "invalid_type", "session"),
        ({"session": {"type": "realtime", "instructions": 7}}, "invalid_type", "session.instructions"),
        (
            {"session": {"type": "realtime", "output_modalities": ["text", "audio"]}},
            "invalid_value",
            "session.output_modalities",
        ),
        (
            {"session": {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "x": 1}}}}},
            "unknown_parameter",
            "session.audio.input.turn_detection.x",
        ),
        (
            {"session": {"type": "realtime", "audio": {"output": {"speed": 1.6}}}},
            "decimal_above_max_value",
            "session.audio.output.speed",
        ),
        (
            {"session": {"type": "realtime", "tools": [{"type": "function", "name": "f", "strict": True}]}},
            "unknown_parameter",
            "session.tools[0].strict",
        ),
        (
            {"session": {"type": "realtime", "tools": [{"type": "function"}]}},
            "missing_required_parameter",
            "session.tools[0].name",
        ),
        ({"session": {"type": "realtime", "tool_choice": "always"}}, "invalid_value", "session.tool_choice"),
        (
            {"session": {"type": "realtime", "tool_choice": {"type": "function", "name": "f"}}},
            "invalid_value",
            "session.tool_choice",
        ),
        (
            {"session": {"type": "realtime", "tools": [{"type": "mcp", "server_label": "docs"}]}},
            "invalid_value",
            "session.tools[0]",
        ),
        (
            {"session": {"type": "realtime", "tools": [{"type": "function", "name": "a b"}]}},
            "invalid_value",
            "session.tools[0].name",
        ),
        (
            {"session": {"type": "realtime", "audio": {"output": {"voice": {"name": "marin"}}}}},
            "missing_required_parameter",
            "session.audio.output.voice.id",
        ),
        (
            {"session": {"type": "transcription", "audio": {"input": {"transcription": {"delay": "low"}}}}},
            "invalid_value",
            "session.audio.input.transcription.delay",
        ),
        (
            {"session": {"type": "transcription", "audio": {"input": {"transcription": {"languages": ["en"]}}}}},
            "invalid_value",
            "session.audio.input.transcription.languages",
        ),
        (
            {"session": {"type": "transcription", "audio": {"input": {"transcription": {"model": WHISPER}}}}},
            "invalid_value",
            "session.audio.input.turn_detection",
        ),
        ({"expires_after": {"seconds": 9}}, "integer_below_min_value", "expires_after.seconds"),
        ({"expires_after": {"seconds": 7201}}, "integer_above_max_value", "expires_after.seconds"),
        ({"expires_after": {"anchor": "now"}}, "invalid_value", "expires_after.anchor"),
    ],
)
def test_an_invalid_session_config_is_refused(http: httpx.Client, body: object, code: str, param: str) -> None:
    assert error(http.post("/v1/realtime/client_secrets", json=body)) == (400, code, param)


def test_null_turns_off_what_its_description_says(http: httpx.Client) -> None:
    off = {"noise_reduction": None, "transcription": None, "turn_detection": None}
    body = {"session": {"type": "realtime", "audio": {"input": off}}}

    shown = http.post("/v1/realtime/client_secrets", json=body).json()["session"]["audio"]["input"]

    assert {name: shown[name] for name in off} == off


def test_a_session_config_with_every_member_is_accepted(http: httpx.Client) -> None:
    session = {
        "type": "realtime",
        "model": "my-deployment",
        "output_modalities": ["text"],
        "instructions": "",
        "audio": {
            "input": {
                "format": {"type": "audio/pcmu"},
                "noise_reduction": {"type": "near_field"},
                "transcription": {"model": "gpt-transcribe", "languages": ["en"], "keywords": ["parrot"]},
                "turn_detection": None,
            },
            "output": {"format": {"type": "audio/pcma"}, "voice": {"id": "voice_1"}, "speed": 1},
        },
        "include": ["item.input_audio_transcription.logprobs"],
        "tools": [
            {"type": "mcp", "server_label": "docs", "server_url": "https://example.com", "require_approval": "never"}
        ],
        "tool_choice": {"type": "mcp", "server_label": "docs"},
        "parallel_tool_calls": False,
        "reasoning": {"effort": "high"},
        "max_output_tokens": 4096,
        "truncation": {"type": "retention_ratio", "retention_ratio": 0.8, "token_limits": {"post_instructions": 500}},
        "tracing": {"workflow_name": "w", "metadata": {"a": 1}},
        "prompt": {"id": "pmpt_1", "variables": {"name": "Ada"}},
    }
    reply = http.post("/v1/realtime/client_secrets", json={"session": session})
    assert reply.status_code == 200, reply.text
    shown = reply.json()["session"]
    session["audio"]["input"]["noise_reduction"]["strength"] = 1.0  # type: ignore[index]
    assert {name: shown[name] for name in session} == session
