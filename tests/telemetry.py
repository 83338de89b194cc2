"""What the functions have written: lines of the log, and metrics in CloudWatch's embedded format."""

import io
import json
from typing import Any

import pytest

OF_LAMBDA = ("timestamp", "service", "cold_start", "xray_trace_id")
OF_POWERTOOLS = ("function_name", "function_memory_size", "function_arn", "function_request_id")


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """Return the log's lines, without what Powertools adds to each."""
    read = [json.loads(line) for line in log.getvalue().splitlines()]
    return [{name: line[name] for name in line if name not in (*OF_LAMBDA, *OF_POWERTOOLS)} for line in read]


def errors(log: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines that report an exception, without its text."""
    return [
        {name: value for name, value in line.items() if name not in ("exception", "stack_trace")}
        for line in lines(log)
        if "exception" in line
    ]


def empty(log: io.StringIO) -> None:
    log.seek(0)
    log.truncate()


def emitted(output: str) -> list[dict[str, Any]]:
    """Return the lines of metrics on standard output, without their time."""
    found = [json.loads(line) for line in output.splitlines() if '"_aws"' in line]
    for line in found:
        assert line["_aws"].pop("Timestamp") > 1_700_000_000_000  # milliseconds
    return found


def counted(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, dict[str, str], list[float]]]:
    """Return the metrics since the last call: name, dimensions, values."""
    found = []
    for line in emitted(capsys.readouterr().out):
        [definition] = line["_aws"]["CloudWatchMetrics"]
        name = definition["Metrics"][0]["Name"]
        found.append((name, {one: line[one] for one in definition["Dimensions"][0] if one != "service"}, line[name]))
    return found
