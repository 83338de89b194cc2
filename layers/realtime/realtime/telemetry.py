"""Logs and metrics: ids, codes and counts; never an event, an offer, an answer or a key."""

import logging

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

NAMESPACE = "RealtimeServerless"

# The name of asyncio's task says nothing here, and would stand in every line.
logging.logAsyncioTasks = False  # type: ignore[attr-defined]

# With the function's log level at DEBUG, Lambda opens the root logger to all: these would write down the API key, as
# Secrets Manager sends it, and what the upstream is told.
for _library in ("boto3", "botocore", "httpcore", "httpx", "urllib3"):
    logging.getLogger(_library).setLevel(logging.WARNING)

# Both name the stack, by POWERTOOLS_SERVICE_NAME.
logger = Logger(location=None)  # without the place in the code, which is always the same


def count(what: str, **dimensions: str) -> None:
    """Add one to a metric of CloudWatch.

    Args:
        what: the name of the metric.
        dimensions: by what it can be told apart; few values each, since each combination is billed as a metric.
    """
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    metrics.add_metric(name=what, unit=MetricUnit.Count, value=1)
    for name, value in dimensions.items():
        metrics.add_dimension(name, value)
    metrics.flush_metrics()
