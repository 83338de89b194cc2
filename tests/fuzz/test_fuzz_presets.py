"""Whatever a presets file says, the build accepts it or names the field; it never breaks."""

import copy
from typing import Any, cast

import pytest
from build.locked import check_locked
from build.presets import read_presets
from build.rules import check_rules
from build.session_config import InvalidSession, check_types
from hypothesis import given, settings
from hypothesis import strategies as st
from realtime.presets import Type

MANY_EXAMPLES = settings(max_examples=300, deadline=None)

FULL: dict[str, Any] = {
    "live": {
        "model": "gpt-live-1",
        "input": [{"role": "user", "content": [{"text": "hi"}]}],
        "client": {"data_channel": {"allowed_client_events": [], "allowed_server_events": [{"type": "info"}]}},
        "delegation": {
            "type": "responses",
            "responses": {"model": "m", "tools": [{"type": "function", "name": "f"}, {"type": "mcp"}]},
        },
        "wake_policy": {"type": "speech", "vad_threshold": 0.5},
        "idle_timeout_s": 60,
    },
    "realtime": {
        "type": "realtime",
        "tools": [{"type": "function", "name": "f"}, {"type": "mcp", "server_label": "s"}],
        "audio": {"input": {"turn_detection": {"type": "server_vad", "threshold": 0.5}}, "output": {"speed": 1}},
        "output_modalities": ["audio"],
        "max_output_tokens": "inf",
        "truncation": {"type": "retention_ratio", "retention_ratio": 0.5},
    },
}
SESSIONS = [*FULL.items(), *((one["type"], one["session"]) for one in read_presets()["presets"].values())]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=3,
)


@st.composite
def sessions(draw: st.DrawFn) -> tuple[Type, dict[str, Any]]:
    """A session config of which one member, at any depth, is another value, missing, or new."""
    kind, session = copy.deepcopy(draw(st.sampled_from(SESSIONS)))
    part: Any = session
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = draw(st.sampled_from([*keys, "type", "x"]) if isinstance(part, dict) else st.sampled_from(keys or [0]))
        inner = part[key] if key in keys else None
        if isinstance(inner, dict | list) and inner and draw(st.booleans()):
            part = inner
            continue
        if isinstance(part, dict) and draw(st.booleans()):
            part.pop(key, None)
        elif isinstance(part, dict) or keys:
            part[key] = draw(VALUES)
        return cast("Type", kind), session


def fault_in(kind: Type, session: dict[str, Any]) -> tuple[Any, str]:
    """Say what is wrong with a session config: the path, if there is one, and the reason; both empty if nothing is."""
    try:
        check_types(kind, session)
        check_rules(kind, session)
        check_locked(kind, session)
    except InvalidSession as invalid:
        return invalid.path, invalid.reason
    except ValueError as cannot_work:
        return "locked", str(cannot_work)
    return (), ""


@MANY_EXAMPLES
@given(sessions())
def test_a_session_config_is_accepted_or_its_field_is_named(made: tuple[Type, dict[str, Any]]) -> None:
    path, reason = fault_in(*made)

    assert bool(path) == bool(reason)


@pytest.mark.parametrize(("kind", "session"), SESSIONS)
def test_the_session_configs_that_are_changed_are_valid(kind: Type, session: dict[str, Any]) -> None:
    check_types(kind, session)
    check_rules(kind, session)
