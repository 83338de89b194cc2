"""The Responses backend of a Live session: calls the page's functions, or answers in writing, which the voice speaks.

Source: `openai/types/live/response_event.py`, and `openai/types/responses/*_event.py` for the events in it.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from local.stand_in.errors import ApiError
from local.stand_in.ids import new_id
from local.stand_in.tool_calls import arguments, choose
from local.stand_in.typed import Json

Send = Callable[..., None]

NOT_UNDERSTOOD = "You asked for something that I did not understand, because I am a parrot."


class LiveBackend:
    """One conversation with the backend.

    Args:
        config: the session's `delegation.responses`, which may be replaced.
        send: sends a server event of the session.
        say: speaks a text.
    """

    def __init__(self, config: Json, send: Send, say: Callable[[str], None]) -> None:
        self.config = config
        self._send = send
        self._say = say
        self._items: list[Json] = []
        self._names: dict[str, str] = {}
        self._response: Json = {}
        self._sequence = 0
        self._delegation: str | None = None

    def add(self, item: Json) -> None:
        """Add what the page sends: a message, or a function's output; raises ApiError if that was not called."""
        if item.get("type") == "function_call_output" and item.get("call_id") not in self._names:
            message = f"No tool call found for function call output with call_id {item.get('call_id')}."
            raise ApiError(message, code="invalid_value", param="item.call_id")
        self._items.append(item)

    def respond(self) -> None:
        """Respond to the last item."""
        self.new_response()
        self._nested("response.created", response=self._response)
        last = self._items[-1] if self._items else {}
        if last.get("type") == "function_call_output":
            self._write(f"{self._names[last['call_id']]} says: {last.get('output')}")
        else:
            self._call_or_write(_text_of(last), "auto", otherwise=f"You typed: {_text_of(last)}")
        self._complete()

    def new_response(self) -> str:
        """Make the next response, and return its id."""
        self._response = {
            "id": new_id("resp"),
            "object": "response",
            "created_at": time.time(),
            "model": self.config["model"],
            "status": "in_progress",
            "output": [],
            "tools": [],
            "tool_choice": "auto",
            "parallel_tool_calls": True,
        }
        return str(self._response["id"])

    def respond_to_speech(self, delegation: str) -> None:
        """Respond, with the response that was made last, to speech that was delegated.

        Of speech nothing is understood, so that the first function is called.
        """
        self._delegation = delegation
        self._nested("response.created", response=self._response)
        self._call_or_write("", "required", otherwise=NOT_UNDERSTOOD)
        self._complete()

    def _call_or_write(self, text: str, choice: str, *, otherwise: str) -> None:
        chosen = choose(self.config.get("tools", []), choice, text)
        if chosen:
            self._call(chosen["name"], json.dumps(arguments(chosen, text)))
        else:
            self._write(otherwise)

    def _complete(self) -> None:
        self._nested("response.completed", response={**self._response, "status": "completed"})

    def _call(self, name: str, given: str) -> None:
        call = {"type": "function_call", "id": new_id("fc"), "call_id": new_id("call"), "name": name}
        self._names[call["call_id"]] = name
        about = {"item_id": call["id"], "output_index": 0}
        self._nested(
            "response.output_item.added", output_index=0, item={**call, "arguments": "", "status": "in_progress"}
        )
        self._nested("response.function_call_arguments.delta", **about, delta=given)
        self._nested("response.function_call_arguments.done", **about, arguments=given)
        done = {**call, "arguments": given, "status": "completed"}
        self._nested("response.output_item.done", output_index=0, item=done)

    def _write(self, text: str) -> None:
        message = {"type": "message", "id": new_id("msg"), "role": "assistant"}
        about = {"item_id": message["id"], "output_index": 0, "content_index": 0, "logprobs": []}
        begun = {**message, "status": "in_progress", "content": []}
        self._nested("response.output_item.added", output_index=0, item=begun)
        self._nested("response.output_text.delta", **about, delta=text)
        self._nested("response.output_text.done", **about, text=text)
        content = [{"type": "output_text", "text": text, "annotations": []}]
        done = {**message, "status": "completed", "content": content}
        self._nested("response.output_item.done", output_index=0, item=done)
        self._say(text)

    def _nested(self, kind: str, **members: Any) -> None:
        event = {"type": kind, "sequence_number": self._sequence, **members}
        self._sequence += 1
        self._send("response.event", event=event, delegation_id=self._delegation)


def _text_of(item: Json) -> str:
    content = item.get("content", "")
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content)
