"""`make mutants`: lays the sources out in .run/mutants as mutmut needs them, and runs mutmut there.

mutmut finds a mutant by its module's name, so each module has to be in src/ under the name by which it is imported. It
does not mutate a function that has a decorator, so `@cache` above a function becomes a call of `cache` below it.
"""

import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TARGET = ROOT / ".run" / "mutants"
NEEDED = ("bench", "events", "functions", "layers", "local", "pyproject.toml", "template.yaml")
FUNCTIONS = ("session", "sweep", "token")

OTHERS = (
    "test_bench.py",
    "test_build.py",
    "test_errors.py",
    "test_package_types.py",
    "test_pins.py",
    "test_sdk_types.py",
    "test_section.py",
)
"""Tests of documents, pins and the build, none of which is mutated."""

TESTS = [
    *(path for path in ROOT.glob("tests/*.py") if path.name not in OTHERS),
    *ROOT.glob("tests/ledger/*.py"),
]
"""The tests of `make check`, and others that take seconds."""

FASTER = """
import mangum, moto.secretsmanager.responses, starlette.routing  # once, and not again for every mutant
ThreadedMotoServer.stop = lambda _: None  # it takes half a second, and the process ends anyway

import os

deselect = pytest_collection_modifyitems
FIRST = {
    **dict.fromkeys(("app", "error_response", "event", "session_app", "upstream"), "session"),
    **dict.fromkeys(("day", "duration", "ending", "ledger", "reservation"), "ledger"),
    **dict.fromkeys(("action", "dynamodb", "item", "transactions", "usage"), "ledger_requests"),
    "caller": "people", "ephemeral_key": "keys", "sdp": "locked", "secret": "api_key", "sigv4": "aws",
    "sweep_app": "sweep_at_scale", "token_app": "token", "upstream_client": "keys",
}

THEN = ("log", "metrics", "error_rows", "upstream_errors", "unexpected_errors", "hang_up", "ledger_open_calls")

def pytest_collection_modifyitems(config, items):
    # First, what is most likely to notice the mutant: the tests that are named after its module, then those of texts.
    deselect(config, items)
    module = os.environ.get("MUTANT_UNDER_TEST", "").partition(".x")[0].rpartition(".")[2]
    order = [f"test_{name}" for name in (module, FIRST.get(module), *THEN)]
    items.sort(key=lambda item: order.index(item.path.stem) if item.path.stem in order else len(order))
"""
"""What is added to tests/conftest.py."""

SHIM = """
import importlib
import {name}_app
handler = importlib.reload({name}_app).handler  # what a function does at its start is mutated too
"""
"""What the tests import as a function."""

DECORATED = re.compile(r"^( *)@(.+)\n(\1(?:async )?def (\w+)(?:.*\n)(?:\1[ )].*\n|\n)*)", re.MULTILINE)
"""A function with one decorator: its indentation, the decorator, the function, its name."""


def main() -> None:
    """Lay out, and try every mutant, or only those that are named on the command line."""
    lay_out(from_scratch=not sys.argv[1:])
    os.chdir(TARGET)
    os.execv(Path(sys.executable).with_name("mutmut"), ["mutmut", "run", "--max-children", "1", *sys.argv[1:]])


def lay_out(*, from_scratch: bool) -> None:
    """Copy the sources and the quick tests.

    Args:
        from_scratch: whether to remove the results of the last run, which are in .run/mutants/mutants.
    """
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in TARGET.iterdir():
        if from_scratch or path.name != "mutants":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (*(ROOT / name for name in NEEDED), *TESTS):
        copy(path, TARGET / path.relative_to(ROOT))
    with (TARGET / "tests" / "conftest.py").open("a") as conftest:
        conftest.write(FASTER)
    (TARGET / "src").mkdir()
    copy(TARGET / "layers" / "realtime" / "realtime", TARGET / "src" / "realtime")  # the cache of presets reads both
    for name in FUNCTIONS:
        app = TARGET / "functions" / name / "app.py"
        app.rename(TARGET / "src" / f"{name}_app.py")
        app.write_text(SHIM.format(name=name))
    for module in TARGET.glob("src/**/*.py"):
        module.write_text(without_decorators(module.read_text()))


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules", "web"))
    else:
        shutil.copy2(source, target)


def without_decorators(source: str) -> str:
    """Call each decorator after the function that it decorates."""
    return DECORATED.sub(
        lambda found: f"{found[3].rstrip()}\n{found[1]}{found[4]} = {found[2]}({found[4]})\n\n", source
    )


if __name__ == "__main__":
    main()
