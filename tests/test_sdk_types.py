"""The openai package's types: they have everything that we use, and are those that were recorded."""

from build.locked import CLIENT_EVENTS, SERVER_EVENTS
from build.presets import read_presets
from build.rules import RANGES
from realtime.presets import CHOICE_PATHS

from tests import sdk_types

ROUTES = [
    "post /live/sessions",
    "post /live/sessions/{session_id}/hangup",
    "post /realtime/calls",
    "post /realtime/calls/{call_id}/hangup",
    "post /realtime/client_secrets",
    "post /realtime/translations/client_secrets",
]


def ours() -> set[str]:
    """List everything of the package that presets or the layer name."""
    presets = read_presets()["presets"].values()
    used = {line for preset in presets for line in sdk_types.used(preset["type"], preset["session"])}
    used |= {f"{kind}: {path}" for kind, paths in CHOICE_PATHS.items() for path in paths.values()}
    used |= {f"live client event: {name}" for name in CLIENT_EVENTS}
    used |= {f"live server event: {name}" for name in SERVER_EVENTS}
    return used | {f"route: {route}" for route in ROUTES}


def test_the_package_declares_everything_that_is_used() -> None:
    assert ours() - set(sdk_types.declared()) == set()


def test_the_package_declares_every_number_whose_range_is_checked() -> None:
    members = {line.partition(": ")[2] for line in sdk_types.declared()}

    assert set(RANGES) - members == set()


def test_what_was_recorded_is_what_the_package_declares() -> None:
    assert sdk_types.declared() == sdk_types.recorded(), "`make lock` writes it again"
