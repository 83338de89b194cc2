"""Session configs, checked by the openai package's types: an unknown member, a wrong type or value, a missing member.

The API refuses the whole object for one of these, so a mistake is found here, before any call. What the types leave
open is in `rules.py`. A new version of the API is a new version of that package.
"""

from typing import Any

from openai.types.live.media_session_config_param import MediaSessionConfigParam
from openai.types.realtime.realtime_session_create_request_param import RealtimeSessionCreateRequestParam
from openai.types.realtime.realtime_transcription_session_create_request_param import (
    RealtimeTranscriptionSessionCreateRequestParam,
)
from openai.types.realtime.realtime_translation_session_create_request_param import (
    RealtimeTranslationSessionCreateRequestParam,
)
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from realtime.presets import Type

Path = tuple[str | int, ...]

TYPES: dict[Type, Any] = {
    "realtime": RealtimeSessionCreateRequestParam,
    "transcription": RealtimeTranscriptionSessionCreateRequestParam,
    "translation": RealtimeTranslationSessionCreateRequestParam,
    "live": MediaSessionConfigParam,
}
"""The type of each session config. Those of the last two have no member `type`."""

# In a list, since pydantic applies a config to the TypedDicts inside a type, and never to the outermost itself.
_ADAPTERS: dict[Type, TypeAdapter[list[Any]]] = {
    name: TypeAdapter(list[one], config=ConfigDict(extra="forbid", strict=True))  # type: ignore[valid-type]
    for name, one in TYPES.items()
}


class InvalidSession(Exception):
    """Raised when a session config has something that its API would refuse.

    Attributes:
        path: where, within the session config.
        reason: why.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(reason)
        self.path, self.reason = path, reason


def check_types(kind: Type, session: dict[str, Any]) -> None:
    """Check a session config by its type in the openai package.

    Args:
        kind: the type of session.
        session: the session config, as it is sent.

    Raises:
        InvalidSession: it is not of that type.
    """
    try:
        [validated] = _ADAPTERS[kind].validate_python([session])
    except ValidationError as invalid:
        in_list = _most_telling(invalid, [session], ())
        raise InvalidSession(in_list.path[1:], in_list.reason) from None
    _read_through(validated, session, ())


def _read_through(value: Any, given: Any, path: Path) -> None:
    """Read every iterator: pydantic checks what is declared as `Iterable` no earlier than it is read."""
    try:
        parts = list(value.items() if isinstance(value, dict) else enumerate(value))
    except TypeError:
        return
    except ValidationError as invalid:
        raise _most_telling(invalid, given, path) from None
    for part, inner in parts:
        if not isinstance(inner, str):
            _read_through(inner, given[part], (*path, part))


def _most_telling(invalid: ValidationError, given: Any, path: Path) -> InvalidSession:
    """Choose one of the errors: of a union, pydantic has some for each member, and the deepest is of the one meant.

    A member whose `type` or `role` is another was not meant.
    """
    errors = invalid.errors(include_url=False, include_input=False)
    others = [error["loc"][:-1] for error in errors if error["loc"][-1] in ("type", "role")]
    meant = [error for error in errors if not any(error["loc"][: len(one)] == one for one in others)] or errors
    located = [(_path_within(given, error), error) for error in meant]
    deepest, chosen = max(located, key=lambda one: len(one[0]))
    literals = [error["ctx"]["expected"] for where, error in located if where == deepest and _is_literal(error)]
    reason = f"Input should be {' or '.join(literals)}" if len(literals) > 1 else chosen["msg"]
    return InvalidSession((*path, *deepest), reason)


def _is_literal(error: ErrorDetails) -> bool:
    return error["type"] == "literal_error"


def _path_within(given: Any, error: ErrorDetails) -> Path:
    """Return where an error is, without the names of the types in between."""
    path: list[str | int] = []
    for part in error["loc"]:
        is_there = part in given if isinstance(given, dict) else isinstance(given, list) and isinstance(part, int)
        if is_there:
            given = given[part]
        if is_there or (error["type"] == "missing" and part == error["loc"][-1]):
            path.append(part)
    return tuple(path)
