"""Chooses the function to call and its arguments, from the words of a text and the function's JSON schema."""

import re
from typing import Any

from local.stand_in.typed import Json

COLOURS = (
    "aqua", "beige", "black", "blue", "brown", "coral", "crimson", "cyan", "fuchsia", "gold", "gray", "green", "grey",
    "indigo", "ivory", "khaki", "lavender", "lime", "magenta", "maroon", "mint", "navy", "olive", "orange", "orchid",
    "pink", "plum", "purple", "red", "salmon", "silver", "teal", "tomato", "turquoise", "violet", "white", "yellow",
)  # fmt: skip

COMMON = {
    "about", "after", "between", "called", "calls", "changes", "each", "from", "function", "gets", "given", "into",
    "page", "returns", "sets", "shows", "tells", "that", "their", "then", "this", "tool", "used", "user", "uses",
    "what", "when", "which", "will", "with", "your",
}  # fmt: skip
"""Words that are too common in descriptions to identify a function."""


def choose(tools: list[Json], choice: object, text: str) -> Json | None:
    """Choose the function to call.

    Args:
        tools: the response's tools.
        choice: the response's tool choice.
        text: what the person typed, empty where the turn was spoken.

    Returns:
        The function that the tool choice names, or the one that the text mentions. If the text mentions none: any
        one where the tool choice requires a call, else None.
    """
    functions = [tool for tool in tools if tool["type"] == "function"]
    if isinstance(choice, dict):
        return next((tool for tool in functions if tool["name"] == choice.get("name")), None)
    if choice not in ("auto", "required") or not functions:
        return None
    best = max(functions, key=lambda tool: _mentions(tool, text))
    return best if choice == "required" or _mentions(best, text) >= 2 else None


def arguments(tool: Json, text: str) -> dict[str, Any]:
    """Make a function's arguments: all required ones, and the optional ones for which the text has a value."""
    value = _value(tool.get("parameters") or {}, "", text)
    return value if isinstance(value, dict) else {}


def _mentions(tool: Json, text: str) -> int:
    """Score how well a text matches: two for the name and each word of it, one for each other word or value."""
    said, parts = _words(text), (tool.get("parameters") or {}).get("properties", {})
    name = {word for word in _words(tool["name"]) if len(word) > 3}
    about = {word for word in _words(tool.get("description") or "") - COMMON if len(word) > 3}
    values = [part for part_name, part in parts.items() if _mentioned(part, part_name, text) is not None]
    whole = tool["name"].lower() in text.lower()
    return 2 * whole + 2 * len(name & said) + len(about & said) + len(values)


def _words(text: str) -> set[str]:
    plain = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).replace("_", " ").lower()
    return {"colour" if word == "color" else word for word in re.findall(r"\w+", plain)}


def _value(schema: dict[str, Any] | bool, name: str, text: str) -> Any:
    """Make a value for a schema: one that the text mentions, or the default, or a simple value of the type."""
    schema = schema if isinstance(schema, dict) else {}  # `true` is a valid schema too
    mentioned = _mentioned(schema, name, text)
    if mentioned is not None:
        return mentioned
    if "const" in schema or "default" in schema or schema.get("enum"):
        return schema.get("const", schema.get("default", (schema.get("enum") or [None])[0]))
    for union in ("anyOf", "oneOf", "allOf"):
        if schema.get(union):
            return _value(schema[union][0], name, text)
    return _plain(schema, name, text)


def _mentioned(schema: dict[str, Any] | bool, name: str, text: str) -> Any:
    if not isinstance(schema, dict):
        return None
    said = _words(text)
    for value in schema.get("enum", []):
        if isinstance(value, str) and _words(value) and _words(value) <= said:
            return value
    kind = _type(schema)
    if kind == "string" and "enum" not in schema and "colour" in _words(f"{name} {schema.get('description', '')}"):
        return next((word for word in re.findall(r"#[0-9a-f]{3,8}\b|\w+", text.lower()) if _is_colour(word)), None)
    if kind in ("integer", "number") and (number := re.search(r"-?\d+(?:\.\d+)?", text)):
        return int(float(number[0])) if kind == "integer" else float(number[0])
    return None


def _plain(schema: dict[str, Any], name: str, text: str) -> Any:
    kind = _type(schema)
    if kind == "object" or "properties" in schema:
        return _object(schema, text)
    if kind == "array":
        return [_value(schema.get("items", {}), name, text)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return not _words(text) & {"no", "not", "off", "false", "without"}
    if kind == "null":
        return None
    if "colour" in _words(f"{name} {schema.get('description', '')}"):
        return "teal"
    words = re.findall(r"\w+", text)
    return words[-1] if words else "something"


def _object(schema: dict[str, Any], text: str) -> dict[str, Any]:
    required = schema.get("required", [])
    parts: dict[str, dict[str, Any]] = schema.get("properties", {})
    return {
        name: _value(part, name, text)
        for name, part in parts.items()
        if name in required or _mentioned(part, name, text) is not None
    }


def _type(schema: dict[str, Any]) -> str | None:
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((one for one in kind if one != "null"), "null")
    return kind if isinstance(kind, str) else None


def _is_colour(word: str) -> bool:
    return word.startswith("#") or word in COLOURS
