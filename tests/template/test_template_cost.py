"""The table of costs has the results of its arithmetic, and counts what the template has."""

import pytest

from docs import cost
from tests.template.translated import Stack


def test_the_document_has_the_table_that_is_computed() -> None:
    assert cost.SECTION.read() == cost.table(), "write it with `python -m docs.cost`"


def test_what_is_counted_is_what_the_template_has() -> None:
    stack = Stack({})
    alarms = stack.of("AWS::CloudWatch::Alarm").values()
    metrics = sum(
        len([one for one in alarm.get("Metrics", [{"MetricStat": {}}]) if "MetricStat" in one]) for alarm in alarms
    )
    snapshots = [one for one in Stack({"SnapStart": "on"}).of("AWS::Lambda::Function").values() if "SnapStart" in one]

    assert metrics == cost.ALARM_METRICS
    assert len(stack.of("AWS::CloudWatch::Dashboard")) == cost.DASHBOARDS
    assert len(stack.of("AWS::SecretsManager::Secret")) == cost.SECRETS
    assert len(snapshots) == cost.SNAPSHOTS
    assert len(stack.of("AWS::ApiGatewayV2::Route")) == cost.ROUTES
    assert {one["MemorySize"] for one in stack.of("AWS::Lambda::Function").values()} == {cost.FUNCTION_GB * 1024}


def test_a_call_of_five_minutes_costs_a_fifth_of_a_dollar_at_openai() -> None:
    """1,200 tokens heard, 2,400 said, 16,200 read again from the cache."""
    assert cost.openai(1) == pytest.approx(1_200 * 32e-6 + 2_400 * 64e-6 + 16_200 * 0.4e-6)


def test_the_calls_cost_more_than_all_of_aws() -> None:
    assert all(cost.openai(calls) > 10 * sum(row.cost(calls) for row in cost.AWS) for calls in cost.CALLS if calls)
