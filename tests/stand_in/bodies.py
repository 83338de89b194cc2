"""Bodies of requests to the stand-in, and of its error responses."""

import httpx

DEFAULT_INPUT = {
    "format": {"type": "audio/pcm", "rate": 24000},
    "noise_reduction": None,
    "transcription": None,
    "turn_detection": {
        "type": "server_vad",
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "create_response": True,
        "interrupt_response": True,
        "idle_timeout_ms": None,
    },
}
"""Of a session config that says nothing of its input, as it is shown."""

SESSION = b'{"type":"realtime","model":"gpt-realtime"}'


def error(response: httpx.Response) -> tuple[int, str | None, str | None]:
    """The status, code and param of an error response; also checks its other members."""
    body = response.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"message", "type", "param", "code"}
    assert body["error"]["type"] == "invalid_request_error"
    return response.status_code, body["error"]["code"], body["error"]["param"]


def multipart(*parts: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """A form whose parts have exactly these headers."""
    body = b"".join(b"--line\r\n%b\r\n\r\n%b\r\n" % (head.encode(), value) for head, value in parts) + b"--line--\r\n"
    return body, {"content-type": "multipart/form-data; boundary=line"}


def form_of(session: bytes | None, offer: bytes, **more: bytes) -> tuple[bytes, dict[str, str]]:
    fields = {"sdp": offer, "session": session, **more}
    given = [(f'Content-Disposition: form-data; name="{name}"', value) for name, value in fields.items() if value]
    return multipart(*given)
