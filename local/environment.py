"""What a function finds around it: its variables, and the files that it consists of."""

import contextlib
import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.intrinsics import REGION
from local.settings import FunctionSettings

Source = frozenset[tuple[str, int, int]]


def environment_of(settings: FunctionSettings, besides: Mapping[str, str]) -> dict[str, str]:
    """List all variables of a function's process; the developer's own environment is not among them.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime

    Args:
        settings: the function.
        besides: what is set for every function: credentials, endpoints.

    Returns:
        The variables of Lambda's runtime, those of the template, and these.
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
        **besides,
        **settings.environment,
    }


def source_of(settings: FunctionSettings) -> Source:
    """Take the state of a function's files, to be compared with an earlier one.

    Args:
        settings: the function.

    Returns:
        Path, time of last change and size of every file of the function and its layers.
    """
    return frozenset(state for folder in (settings.code, *settings.layers) for state in _states(folder))


def _states(folder: Path) -> Iterator[tuple[str, int, int]]:
    for file in folder.rglob("*"):
        # What Python writes is no change; what an editor makes and removes may be gone by now.
        if "__pycache__" not in file.parts:
            with contextlib.suppress(FileNotFoundError):
                state = file.stat()
                yield str(file), state.st_mtime_ns, state.st_size
