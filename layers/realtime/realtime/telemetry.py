"""Logs and metrics: ids, codes and counts; never an event, an offer, an answer or a key."""

import logging

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

NAMESPACE = "RealtimeServerless"

UPSTREAM_CODES = ("insufficient_quota", "rate_limit_exceeded", "model_not_found")
"""Codes of the upstream that are counted separately: each value of a dimension is billed."""

# The name of the asyncio task is the same in every line.
logging.logAsyncioTasks = False  # type: ignore[attr-defined]

# With the function's log level at DEBUG, Lambda lets the root logger pass everything: these would log the API key as
# Secrets Manager sends it, and the requests to the upstream.
for _library in ("httpcore", "httpx", "asyncio"):
    logging.getLogger(_library).setLevel(logging.WARNING)

# It logs every request once more, and the traceback of an exception that the handler raises again.
logging.getLogger("mangum").setLevel(logging.CRITICAL)

# Named after the stack by POWERTOOLS_SERVICE_NAME. No location: nearly every line is logged by the same statement.
logger = Logger(location=None)


def count(metric: str, value: float = 1, **dimensions: str) -> None:
    """Add to a CloudWatch metric.

    Args:
        metric: its name.
        value: what is added.
        dimensions: few values each, since each combination is billed as a metric.
    """
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=value)
    for name, text in dimensions.items():
        metrics.add_dimension(name, text)
    metrics.flush_metrics()
