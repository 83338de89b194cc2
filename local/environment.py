"""The environment variables and the files that a function's process is started with."""

import contextlib
import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.intrinsics import REGION
from local.settings import FunctionSettings

Fingerprint = frozenset[tuple[str, int, int]]


def process_environment(settings: FunctionSettings, shared: Mapping[str, str]) -> dict[str, str]:
    """List all variables of a function's process. It inherits none from the developer's shell.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime

    Args:
        settings: the function.
        shared: variables that every function gets, whatever the template says: credentials, endpoints.

    Returns:
        The variables of Lambda's runtime, those of the template, and the shared ones.
    """
    code = settings.code.resolve()
    python_path = [str(code), *(str(layer.resolve()) for layer in settings.layers)]
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": os.pathsep.join(python_path),
        "LAMBDA_TASK_ROOT": str(code),
        "_HANDLER": settings.handler,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{settings.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": settings.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{settings.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"local/[$LATEST]{uuid.uuid4().hex}",
        **settings.environment,
        **shared,
    }


def fingerprint(settings: FunctionSettings) -> Fingerprint:
    """Describe the state of a function's files; two fingerprints are equal if no file has changed between them.

    Args:
        settings: the function.

    Returns:
        Path, time of last change and size of every file of the function and its layers.
    """
    return frozenset(state for folder in (settings.code, *settings.layers) for state in _file_states(folder))


def _file_states(folder: Path) -> Iterator[tuple[str, int, int]]:
    for file in folder.rglob("*"):
        # Bytecode that Python writes is not a change. An editor's temporary file may be removed before the stat.
        if "__pycache__" not in file.parts:
            with contextlib.suppress(FileNotFoundError):
                state = file.stat()
                yield str(file), state.st_mtime_ns, state.st_size
