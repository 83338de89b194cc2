"""Reads presets.toml, and validates every session config in it against what the Realtime API accepts.

The layer's Makefile runs `python -m build.presets`, which prints the result as JSON. The functions need neither this
file nor pydantic: importing pydantic, making its models and validating was two fifths of a cold start.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from realtime.errors import Misconfigured
from realtime.presets import CHOICE_PATHS, Value, query_value, set_path

from build.session_config import FunctionTool, McpTool, RealtimeSession, SessionConfig, TranscriptionSession

FILE = Path(__file__).parents[1] / "presets.toml"


def _is_choice(name: str) -> str:
    if name not in CHOICE_PATHS:
        raise ValueError(f"it is none of {', '.join(CHOICE_PATHS)}")
    return name


Choice = Annotated[str, AfterValidator(_is_choice)]


class Preset(BaseModel):
    """One session config, and what a client may change of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str = ""
    suggestions: list[str] = Field(default=[], max_length=4)
    locked: bool = False
    may_choose: dict[Choice, list[Value]] = {}
    key_lifetime_seconds: int = Field(default=600, ge=10, le=7200)
    session: SessionConfig

    @model_validator(mode="after")
    def _every_choice_is_possible(self) -> Self:
        for choice, values in self.may_choose.items():
            for value in values:
                _check_session(
                    set_path(self.session_config(), CHOICE_PATHS[choice], value), f"may_choose.{choice}: {value}"
                )
        return self

    @model_validator(mode="after")
    def _locked_preset_can_work(self) -> Self:
        if self.locked and isinstance(self.session, TranscriptionSession):
            raise ValueError("a locked transcription could show nothing to anybody: leave one of the two out")
        if self.locked and self.functions():
            raise ValueError(
                "a locked preset has no data channel to answer function tools by: leave one of the two out"
            )
        if self.locked and self.needs_approval():
            raise ValueError(
                "a locked preset has no data channel to approve calls of MCP tools by: set require_approval to never"
            )
        return self

    def needs_approval(self) -> bool:
        """Tell whether the upstream asks the client before it calls an MCP tool, as it does by default."""
        tools = self.session.tools if isinstance(self.session, RealtimeSession) else []
        return any(isinstance(tool, McpTool) and tool.require_approval != "never" for tool in tools or [])

    def functions(self) -> list[str]:
        """Return the names of the functions that the client has to run."""
        if not isinstance(self.session, RealtimeSession):
            return []
        return [tool.name for tool in self.session.tools or [] if isinstance(tool, FunctionTool)]

    def session_config(self) -> dict[str, Any]:
        """Return the session config with only the members that are set."""
        return self.session.model_dump(mode="json", exclude_unset=True)

    def default_choices(self) -> dict[str, Value]:
        """Return the preset's value of each choice, where it has one."""
        session = self.session.model_dump(mode="json")
        values = {choice: _get_path(session, CHOICE_PATHS[choice]) for choice in self.may_choose}
        return {choice: value for choice, value in values.items() if value is not None}

    def for_the_functions(self) -> dict[str, Any]:
        """Return the members of `realtime.presets.Preset`."""
        members = self.model_dump(include={"may_choose", "locked", "key_lifetime_seconds"})
        return {"session": self.session_config(), **members}

    def for_the_catalogue(self, name: str) -> dict[str, Any]:
        """Describe it to the person who picks one, without what the server keeps private."""
        return {
            "name": name,
            "title": self.title,
            "description": self.description,
            "suggestions": self.suggestions,
            "type": self.session.type,
            "locked": self.locked,
            "tools": self.functions(),
            "may_choose": {
                choice: [query_value(value) for value in values] for choice, values in self.may_choose.items()
            },
            "chosen": {choice: query_value(value) for choice, value in self.default_choices().items()},
        }


class PresetFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: str
    presets: dict[str, Preset] = Field(min_length=1)

    @model_validator(mode="after")
    def _the_default_exists(self) -> Self:
        if self.default not in self.presets:
            raise ValueError(f"default: there is no preset {self.default!r}")
        return self


def read_presets(file: Path = FILE) -> dict[str, Any]:
    """Read and validate a presets file.

    Args:
        file: the file.

    Returns:
        The members of `realtime.presets.Presets`, as JSON has them.

    Raises:
        Misconfigured: the file is not TOML, or a field of it is wrong; the message names the field and the reason.
    """
    try:
        read = PresetFile.model_validate(tomllib.loads(file.read_text()))
    except tomllib.TOMLDecodeError as broken:
        raise Misconfigured(f"{file.name}: {broken}.") from broken
    except ValidationError as invalid:
        # Without the cause, which is logged: pydantic's message contains the input.
        raise Misconfigured(f"{file.name}: {_first_error(invalid)}.") from None
    return {
        "default": read.default,
        "presets": {name: preset.for_the_functions() for name, preset in read.presets.items()},
        "catalogue": [preset.for_the_catalogue(name) for name, preset in read.presets.items()],
    }


def _check_session(session: dict[str, Any], label: str) -> None:
    try:
        _SESSION.validate_python(session)
    except ValidationError as invalid:
        raise ValueError(f"{label}: {invalid.errors()[0]['msg']}") from invalid


def _first_error(invalid: ValidationError) -> str:
    error = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in error["loc"])
    return f"{field}: {error['msg']}" if field else error["msg"]


def _get_path(part: Any, path: str) -> Any:
    for name in path.split("."):
        part = part.get(name) if isinstance(part, dict) else None
    return part


_SESSION: TypeAdapter[RealtimeSession | TranscriptionSession] = TypeAdapter(SessionConfig)

if __name__ == "__main__":
    try:
        json.dump(read_presets(), sys.stdout, ensure_ascii=False)
    except Misconfigured as wrong:
        sys.exit(wrong.message)
