"""Large inputs of every kind that a client or the upstream can send: time must not grow with their square."""

import json
from collections.abc import Callable
from typing import Any

from tests.conftest import event
from tests.scripted_upstream import Reply

KIB = 1024
Maker = Callable[[int], dict[str, tuple[Any, Reply]]]
"""Makes events and the upstream's replies of a size in bytes; the keys say what they consist of."""
OPENING = b"v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"

PIECES = {
    "line breaks": b"\r\n",
    "media sections": b"m=audio\n",
    "spaces": b" ",
    "NULs": b"\0",
    "one line": b"a",
    "line separators": "\u2028".encode(),
    "candidates without an end": b"a=candidate:",
    "addresses": b"c=IN IP4 192.0.2.1\n",
    "equals signs": b"=",
    "keys": b"sk-",
    "brackets": b"[",
}
"""What a body or the upstream's message consists of."""


def repeat(piece: bytes, size: int) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def as_bodies(size: int) -> dict[str, tuple[Any, Reply]]:
    """Return offers that pass the check and are refused by the upstream."""
    reply = Reply(400, json.dumps({"error": {"message": "a=candidate: " * 400}}))
    made = {kind: OPENING + repeat(piece, size - len(OPENING) - 1) + b"\n" for kind, piece in PIECES.items()}
    return {f"a body of {kind}": (event("session", body=body), reply) for kind, body in made.items()}


def as_messages(size: int) -> dict[str, tuple[Any, Reply]]:
    """Return errors of the upstream."""
    messages = {kind: repeat(piece, size).decode(errors="replace") for kind, piece in PIECES.items()}
    replies = {kind: json.dumps({"error": {"message": message}}) for kind, message in messages.items()}
    replies["JSON"] = "[" * size
    return {f"an error of {kind}": (event("session"), Reply(400, body)) for kind, body in replies.items()}


def as_the_rest(size: int) -> dict[str, tuple[Any, Reply]]:
    """Return queries, headers and paths."""
    long = "x" * size
    made = {
        "a query of ampersands": event("session", query="&" * size),
        "a query of percent signs": event("session", query="preset=" + "%" * size),
        "a query of parameters": event("session", query="a=b&" * (size // 4)),
        "the name of a preset": event("session", query="preset=" + long),
        "a dcid": event("session", query="dcid=" + "1" * size),
        "a content type": event("session", headers={"content-type": ";" * size}),
        "a cookie": event("session") | {"cookies": ["a=b"] * (size // 4)},
        "headers": event("session", headers={f"x{number}": "y" for number in range(size // 8)}),
        "a call id": event("hang-up", path="/session/" + long),
        "a path of slashes": event("hang-up", path="/" * size),
    }
    return {kind: (one, Reply()) for kind, one in made.items()}


MAKERS: list[Maker] = [as_bodies, as_messages, as_the_rest]
