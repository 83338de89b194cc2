"""Reads presets.toml, and checks every session config in it against what its API accepts.

The layer's Makefile runs `python -m build.presets FILE`, which writes the result as JSON. The functions need neither
this file nor pydantic nor the openai package: importing pydantic alone would add about a quarter to a cold start.
"""

import datetime
import json
import sys
import tomllib
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator
from realtime.errors import Misconfigured

from build.preset import Preset, StrictModel
from build.warn import warnings

FILE = Path(__file__).parents[1] / "presets.toml"


class PresetFile(StrictModel):
    """The whole file."""

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
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{file.name}: {error}.") from error
    except ValidationError as invalid:
        # Without the cause, which is logged: pydantic's message contains the input.
        raise Misconfigured(f"{file.name}: {_first_error(invalid)}.") from None
    return {
        "default": read.default,
        "presets": {name: preset.for_the_functions() for name, preset in read.presets.items()},
        "catalogue": [preset.for_the_catalogue(name) for name, preset in read.presets.items()],
    }


def _first_error(invalid: ValidationError) -> str:
    error = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in error["loc"])
    return f"{field}: {error['msg']}" if field else error["msg"]


def build(file: Path) -> None:
    """Write the built presets, and print what may be wrong with them: `sam build` shows the standard output alone.

    Args:
        file: where they are written, as JSON.

    Raises:
        Misconfigured: they are not valid.
    """
    built = read_presets()
    file.write_text(json.dumps(built, ensure_ascii=False))
    for warning in warnings(built["presets"], datetime.datetime.now(datetime.UTC).date()):
        print(f"Warning: {FILE.name}: {warning}.")


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]))
    except Misconfigured as wrong:
        sys.exit(wrong.message)
