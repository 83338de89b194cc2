"""Logs and metrics: ids, codes and counts; never an event, an offer, an answer or a key."""

import logging

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "RealtimeServerless"

# The name of asyncio's task says nothing here, and would stand in every line.
logging.logAsyncioTasks = False  # type: ignore[attr-defined]

logger = Logger(service="realtime-serverless")


def count(what: str, **dimensions: str) -> None:
    """Add one to a metric of CloudWatch.

    Args:
        what: the name of the metric.
        dimensions: by what it can be told apart; few values each, since each combination is billed as a metric.
    """
    with single_metric(name=what, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
        for name, value in dimensions.items():
            metric.add_dimension(name, value)
