"""The built presets of the repository, cached for all processes: to check them, a process imports the openai package.

That takes most of a second, and `make run` starts a process for every function.
"""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

LAYER = Path(__file__).resolve().parents[1]
FOLDER = LAYER.parents[1] / ".run" / "presets"


def built_presets(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what the current code makes of the current presets.toml, from the cache if it is there.

    Args:
        folder: of the cache.

    Returns:
        What `build.presets.read_presets` returns.

    Raises:
        Misconfigured: presets.toml is not valid.
    """
    cached = folder / f"{_digest()}.json"
    with suppress(FileNotFoundError):
        built: dict[str, Any] = json.loads(cached.read_text())
        return built
    from build.presets import read_presets

    built = read_presets()
    with suppress(OSError):  # nobody may write here: then every process builds them
        _write(cached, json.dumps(built))
    return built


def _digest() -> str:
    """Digest all that the result depends on; the pins stand for the versions of pydantic and openai."""
    files = [LAYER / "presets.toml", LAYER / "realtime" / "presets.py", *sorted((LAYER / "build").glob("*.*"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    for older in file.parent.glob("*.json"):
        older.unlink(missing_ok=True)
    partial = file.with_suffix(f".{os.getpid()}")
    partial.write_text(text)
    partial.replace(file)  # at once, since several processes may do this
