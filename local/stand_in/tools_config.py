"""The tools of a session config."""

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, SerializerFunctionWrapHandler, Tag, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from local.stand_in.parameters import Parameters


class Sparse(Parameters):
    """Parameters that the effective config contains only if they were set."""

    @model_serializer(mode="wrap")
    def _omit_none(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in serialise(self).items() if value is not None}


class FunctionTool(Sparse):
    """A function that the client runs."""

    type: Literal["function"]
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _name_is_valid(self) -> "FunctionTool":
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", self.name):
            raise PydanticCustomError("name", "a function's name has 1 to 64 of a-z, A-Z, 0-9, _ and -")
        return self


class ToolFilter(Sparse):
    """A selection of an MCP server's tools."""

    read_only: bool | None = None
    tool_names: list[str] | None = None


class Approval(Sparse):
    """The tools of an MCP server that need the client's approval, and those that do not."""

    always: ToolFilter | None = None
    never: ToolFilter | None = None


class McpTool(Sparse):
    """The tools of an MCP server. The stand-in accepts the config and never calls the server."""

    type: Literal["mcp"]
    server_label: str
    server_url: str | None = None
    connector_id: str | None = None
    tunnel_id: str | None = None
    authorization: str | None = None
    headers: dict[str, str] | None = None
    server_description: str | None = None
    allowed_tools: list[str] | ToolFilter | None = None
    allowed_callers: list[Literal["direct", "programmatic"]] | None = None
    require_approval: Literal["always", "never"] | Approval | None = None
    defer_loading: bool | None = None

    @model_validator(mode="after")
    def _reachable(self) -> "McpTool":
        if not (self.server_url or self.connector_id or self.tunnel_id):
            raise PydanticCustomError("mcp", "give one of server_url, connector_id and tunnel_id")
        return self


class ChosenFunction(Parameters):
    """The model must call this function."""

    type: Literal["function"]
    name: str


class ChosenMcp(Sparse):
    """The model must call this MCP server."""

    type: Literal["mcp"]
    server_label: str
    name: str | None = None


Tool = Annotated[FunctionTool | McpTool, Field(discriminator="type")]

Chosen = Annotated[ChosenFunction | ChosenMcp, Field(discriminator="type")]


def plain_or_object(value: object) -> str:
    """Discriminate a union of an object and a plain value."""
    return "object" if isinstance(value, dict | Parameters) else "plain"


ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("plain")] | Annotated[Chosen, Tag("object")],
    Discriminator(plain_or_object),
]
