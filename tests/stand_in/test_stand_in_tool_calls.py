"""The choice of the function to call and of its arguments."""

from typing import Any

import pytest

from local.stand_in.tool_calls import arguments, choose


def tool(name: str, description: str = "", **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "function", "name": name, "description": description, "parameters": schema}


COLOUR = tool(
    "set_colour",
    "Set the colour of a part of the page",
    element={"type": "string", "enum": ["background", "text", "accent"]},
    colour={"type": "string", "description": "A CSS colour"},
)
TIME = tool("get_time", "Tell what time it is")
WEATHER = tool("getWeather", "Look up the forecast for a city", city={"type": "string"}, days={"type": "integer"})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("make the background blue", "set_colour"),
        ("Please change the color!", "set_colour"),
        ("what time is it?", "get_time"),
        ("call get_time", "get_time"),
        ("how is the weather in Paris", "getWeather"),
        ("the forecast for my city", "getWeather"),
        ("hello", None),
        ("tell me a story about a page", None),
        ("", None),
    ],
)
def test_the_function_whose_words_are_in_the_text_is_chosen(text: str, name: str | None) -> None:
    chosen = choose([COLOUR, TIME, WEATHER], "auto", text)
    assert (chosen and chosen["name"]) == name


def test_a_value_in_the_text_becomes_an_argument() -> None:
    assert arguments(COLOUR, "make the background blue") == {"element": "background", "colour": "blue"}
    assert arguments(COLOUR, "text #ff8800") == {"element": "text", "colour": "#ff8800"}
    assert arguments(WEATHER, "the weather for 3 days in Paris") == {"city": "Paris", "days": 3}


def test_without_a_value_in_the_text_the_default_or_a_simple_value_is_the_argument() -> None:
    assert arguments(COLOUR, "") == {"element": "background", "colour": "teal"}
    assert arguments(TIME, "") == {}
    anything = tool(
        "anything",
        number={"type": "number", "minimum": 0.5},
        switch={"type": "boolean"},
        nothing={"type": "null"},
        either={"anyOf": [{"type": "integer"}, {"type": "null"}]},
        maybe={"type": ["null", "string"]},
        fixed={"const": 7},
        usual={"type": "string", "default": "tea"},
        many={"type": "array", "items": {"type": "object", "properties": {"a": {"enum": [4]}}, "required": ["a"]}},
        free={},
        any=True,
    )
    assert arguments(anything, "") == {
        "number": 0.5,
        "switch": True,
        "nothing": None,
        "either": 1,
        "maybe": "something",
        "fixed": 7,
        "usual": "tea",
        "many": [{"a": 4}],
        "free": "something",
        "any": "something",
    }


def test_an_optional_argument_is_given_only_if_the_text_has_a_value() -> None:
    schema = {"type": "object", "properties": {"unit": {"enum": ["celsius", "fahrenheit"]}, "city": {"type": "string"}}}
    parameters = {**schema, "required": ["city"]}
    optional = {"type": "function", "name": "weather", "parameters": parameters}
    assert arguments(optional, "weather in Rome") == {"city": "Rome"}
    assert arguments(optional, "in celsius for Rome") == {"unit": "celsius", "city": "Rome"}
