"""One preset of presets.toml: what is checked of it, and what becomes of it."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from realtime.presets import CHOICE_PATHS, Type, Value, query_value, set_path

from build.locked import check_locked, lock
from build.rules import check_rules, function_tools, get_member
from build.session_config import TYPES, InvalidSession, Path, check_types


class StrictModel(BaseModel):
    """Refuses unknown fields, and cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Preset(StrictModel):
    """One session config, and what a client may change of it."""

    title: str
    description: str = ""
    suggestions: list[str] = Field(default=[], max_length=4)
    locked: bool = False
    may_choose: dict[str, list[Value]] = {}
    key_lifetime_seconds: int = Field(default=600, ge=10, le=7200)
    session: dict[str, Any]

    @field_validator("session")
    @classmethod
    def _its_api_would_accept_it(cls, session: dict[str, Any]) -> dict[str, Any]:
        kinds = ", ".join(TYPES)
        if session.get("type") not in TYPES:
            raise _error(("type",), f"Input should be one of {kinds}", session)
        try:
            _check(session["type"], _sent(session))
        except InvalidSession as invalid:
            raise _error(invalid.path, invalid.reason, session) from None
        return session

    @model_validator(mode="after")
    def _every_choice_is_possible(self) -> Self:
        for choice, values in self.may_choose.items():
            path = CHOICE_PATHS[self.type].get(choice)
            if not path:
                possible = ", ".join(CHOICE_PATHS[self.type])
                raise _error(("may_choose", choice), f"Of a {self.type} session one may choose {possible}", choice)
            for value in values:
                try:
                    _check(self.type, set_path(self.session_config(), path, value))
                except InvalidSession as invalid:
                    raise _error(("may_choose", choice), f"{value}: {invalid.reason}", value) from None
        return self

    @model_validator(mode="after")
    def _locked_preset_can_work(self) -> Self:
        if self.locked:
            check_locked(self.type, _sent(self.session))
        return self

    @property
    def type(self) -> Type:
        """The type of session."""
        kind: Type = self.session["type"]
        return kind

    @property
    def has_data_channel(self) -> bool:
        """Whether events can cross a data channel."""
        if self.type != "live":
            return not self.locked
        allowed = get_member(self.session_config(), ("client", "data_channel")) or {}
        return any(allowed.get(f"allowed_{side}_events", "all") for side in ("client", "server"))

    def session_config(self) -> dict[str, Any]:
        """Return the session config as it is sent upstream."""
        return lock(self.type, _sent(self.session)) if self.locked else _sent(self.session)

    def default_choices(self) -> dict[str, Value]:
        """Return the preset's value of each choice, where it has one."""
        paths = {choice: tuple(CHOICE_PATHS[self.type][choice].split(".")) for choice in self.may_choose}
        values = {choice: get_member(self.session, path) for choice, path in paths.items()}
        return {choice: value for choice, value in values.items() if value is not None}

    def for_the_functions(self) -> dict[str, Any]:
        """Return the members of `realtime.presets.Preset`."""
        members = self.model_dump(include={"may_choose", "locked", "key_lifetime_seconds"})
        return {"type": self.type, "session": self.session_config(), **members}

    def for_the_catalogue(self, name: str) -> dict[str, Any]:
        """Describe it to the person who picks one, without what the server keeps private."""
        return {
            "name": name,
            "title": self.title,
            "description": self.description,
            "suggestions": self.suggestions,
            "type": self.type,
            "locked": self.locked,
            "data_channel": self.has_data_channel,
            "tools": [tool["name"] for _, tool in function_tools(self.type, self.session)],
            "may_choose": {
                choice: [query_value(value) for value in values] for choice, values in self.may_choose.items()
            },
            "chosen": {choice: query_value(value) for choice, value in self.default_choices().items()},
        }


def _check(kind: Type, session: dict[str, Any]) -> None:
    check_types(kind, session)
    check_rules(kind, session)


def _sent(session: dict[str, Any]) -> dict[str, Any]:
    """Write a session config as it is sent.

    `type` is ours where the API's routes say it, and "none" stands for null, which TOML does not have.
    """
    if session["type"] in ("translation", "live"):
        session = {name: member for name, member in session.items() if name != "type"}
    if get_member(session, ("audio", "input", "turn_detection")) == "none":
        session = set_path(session, "audio.input.turn_detection", None)
    return session


def _error(path: Path, reason: str, given: object) -> ValidationError:
    """Make an error that pydantic puts below the field that is being validated."""
    kind = PydanticCustomError("session", "{reason}", {"reason": reason})  # in braces, so that the reason is no format
    return ValidationError.from_exception_data("session", [InitErrorDetails(type=kind, loc=path, input=given)])
