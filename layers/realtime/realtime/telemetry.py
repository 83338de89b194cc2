"""Logs and metrics: ids, codes and durations; never an event, an offer, an answer or a key."""

from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "RealtimeServerless"
SERVICE = "realtime-serverless"

logger = Logger(service=SERVICE)
metrics = Metrics(namespace=NAMESPACE, service=SERVICE)
