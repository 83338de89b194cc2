"""The ledger's resources: the table, who may do what with it, the schedule of the sweep, and what is watched.

What the functions really do with the table, and which metrics they emit, is recorded while they run against moto.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from realtime import aws
from realtime.day import today
from realtime.telemetry import UPSTREAM_CODES

from tests.conftest import REGION, ROOT, event, function
from tests.error_tree import ERRORS
from tests.scripted_upstream import ANSWER_WITH_DATA, Reply, ScriptedUpstream
from tests.template.translated import CASES, Resource, Stack, limited, listed, translation

TABLE_PROPERTIES = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
CREATED = Reply(201, ANSWER_WITH_DATA, {"Location": "/v1/realtime/calls/rtc_example"})
KEY = Reply(200, json.dumps({"value": "ek_test", "expires_at": 1795460000, "session": {}}))
FAILED = Reply(500, "")

ACTION_OF = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
"""The permission that each action of a transaction needs.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
"""

Permissions = dict[str, set[tuple[str, str]]]
Metrics = set[tuple[str, tuple[str, ...]]]


@dataclass
class Recorded:
    """What the functions have done."""

    permissions: Permissions = field(default_factory=lambda: defaultdict(set))
    """Actions and resources, by role."""
    metrics: Metrics = field(default_factory=set)
    """Names, and names of dimensions."""


@pytest.fixture
def table(environment: pytest.MonkeyPatch, secrets: Any) -> Iterator[Any]:
    """The table of the template, and the functions' variables that go with it."""
    session = boto3.Session("test", "test", region_name=REGION)
    client = session.client("dynamodb", endpoint_url=secrets.meta.endpoint_url)
    client.create_table(TableName="Ledger", **{name: Stack({})["Ledger"][name] for name in TABLE_PROPERTIES})
    variables = Stack({})["SweepFunction"]["Environment"]["Variables"]
    for name in ("LEDGER_TABLE", "MAX_CALL_MINUTES", "MINUTES_PER_DAY", "EPHEMERAL_KEYS"):
        environment.setenv(name, variables[name])
    environment.setenv("POWERTOOLS_SERVICE_NAME", "stack")
    yield client
    client.delete_table(TableName="Ledger")


@pytest.fixture
def recorded(
    table: Any,
    new_process: None,
    environment: pytest.MonkeyPatch,
    upstream: ScriptedUpstream,
    capsys: pytest.CaptureFixture[str],
) -> Recorded:
    """Run each function through all that it does with the table."""
    record = Recorded()
    call = aws.invoke

    def invoke(name: str, request: Any, *replies: Reply) -> None:
        async def recording(service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
            if service == "dynamodb":
                record.permissions[f"{name.capitalize()}Role"] |= needed(operation, parameters)
            return await call(service, operation, parameters)

        upstream.says(*replies or [Reply(200, "")])
        environment.setattr(aws, "invoke", recording)
        function(name)(request)

    invoke("session", event("session"), CREATED)
    invoke("session", event("hang-up"))
    invoke("token", event("token"), KEY)
    invoke("token", event("token"), FAILED)
    invoke("token", event("usage"))
    invoke("session", event("session"), CREATED)
    table.put_item(TableName="Ledger", Item={"id": {"S": f"day#{today()}"}, "reserved_seconds": {"N": "72000"}})
    invoke("session", event("session"))
    invoke("token", event("token"))
    invoke("sweep", {}, FAILED)
    table.put_item(TableName="Ledger", Item={"id": {"S": "paused"}})
    invoke("sweep", {}, FAILED)
    invoke("sweep", {})
    record.metrics = emitted(capsys.readouterr().out)
    return record


def needed(operation: str, parameters: dict[str, Any]) -> set[tuple[str, str]]:
    """Return which permissions a request needs."""
    if operation == "BatchGetItem":
        return {("dynamodb:BatchGetItem", f"{name}.Arn") for name in parameters["RequestItems"]}
    if operation != "TransactWriteItems":
        index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
        return {(f"dynamodb:{operation}", f"{parameters['TableName']}.Arn{index}")}
    one = [(kind, action) for item in parameters["TransactItems"] for kind, action in item.items()]
    return {(ACTION_OF[kind], f"{action['TableName']}.Arn") for kind, action in one}


def emitted(output: str) -> Metrics:
    """Read the metrics, in CloudWatch's embedded format, of a function's output."""
    lines = [json.loads(line) for line in output.splitlines() if '"_aws"' in line]
    directives = [one for line in lines for one in line["_aws"]["CloudWatchMetrics"]]
    assert {one["Namespace"] for one in directives} == {"RealtimeServerless"}
    return {
        (metric["Name"], tuple(sorted(dimensions)))
        for one in directives
        for metric in one["Metrics"]
        for dimensions in one["Dimensions"]
    }


def permitted(statements: list[Resource]) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for one in statements
        for action in listed(one["Action"])
        for resource in listed(one["Resource"])
        if action.startswith("dynamodb:")
    }


def test_the_table_is_billed_by_request_indexed_and_forgets(stack: Stack, parameters: dict[str, str]) -> None:
    tables = stack.of("AWS::DynamoDB::Table")

    assert tables == (
        {
            "Ledger": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": "id", "AttributeType": "S"},
                    {"AttributeName": "index_key", "AttributeType": "S"},
                    {"AttributeName": "ends_at", "AttributeType": "N"},
                ],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": "open_by_end",
                        "KeySchema": [
                            {"AttributeName": "index_key", "KeyType": "HASH"},
                            {"AttributeName": "ends_at", "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
                "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
                # False is not "not encrypted": it chooses the key that AWS owns.
                # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-dynamodb-table-ssespecification.html
                "SSESpecification": {"SSEEnabled": False},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
            }
        }
        if limited(parameters)
        else {}
    )


def test_each_function_has_its_limits_and_the_tables_name(stack: Stack, parameters: dict[str, str]) -> None:
    names = ("SessionFunction", "TokenFunction", *(["SweepFunction"] if limited(parameters) else []))
    variables = {name: stack[name]["Environment"]["Variables"] for name in names}
    expected = {
        "LEDGER_TABLE": "Ledger" if limited(parameters) else "",
        "MAX_CALL_MINUTES": parameters.get("MaxCallMinutes", "15"),
        "CALLS_AT_ONCE": parameters.get("CallsAtOnce", "2"),
        "MINUTES_PER_PERSON_PER_DAY": parameters.get("MinutesPerPersonPerDay", "600"),
        "MINUTES_PER_DAY": parameters.get("MinutesPerDay", "1200"),
        "EPHEMERAL_KEYS": "on",
    }

    assert {name: {key: one[key] for key in expected} for name, one in variables.items()} == dict.fromkeys(
        names, expected
    )


def test_each_function_may_do_with_the_table_what_it_does_and_no_more(recorded: Recorded) -> None:
    roles = {role: permitted(statements) for role, statements in Stack({}).statements().items()}

    assert roles == recorded.permissions | {"PublishRole": set()}


def test_without_limits_no_role_reaches_any_table() -> None:
    statements = Stack(CASES["no limits"]).statements()

    assert {role: permitted(one) for role, one in statements.items()} == {role: set() for role in statements}


def test_the_sweep_is_invoked_once_a_minute_and_not_again_when_it_fails(
    stack: Stack, parameters: dict[str, str]
) -> None:
    once = {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    rules = {name: (one["ScheduleExpression"], one["Targets"]) for name, one in stack.of("AWS::Events::Rule").items()}
    target = {"Id": "sweep", "Arn": "SweepFunctionAliaslive", "RetryPolicy": once}

    if not limited(parameters):
        assert rules == {}
        return
    assert rules == {"SweepRule": ("rate(1 minute)", [target])}
    assert stack["SweepFunctionEventInvokeConfig"] == {
        "FunctionName": "SweepFunction",
        "Qualifier": "live",
        "DestinationConfig": {},
        **once,
    }
    assert stack["SweepFunction"]["Timeout"] < 60


def test_every_alarm_reads_a_metric_that_the_functions_emit(recorded: Recorded) -> None:
    alarms = Stack(CASES["reserved concurrency"]).of("AWS::CloudWatch::Alarm").values()
    read = {
        (one["MetricName"], tuple(sorted(dimension["Name"] for dimension in one["Dimensions"])))
        for one in alarms
        if one.get("Namespace") == "RealtimeServerless"
    }

    assert read - recorded.metrics == set()


def test_every_alarm_of_a_code_names_one_that_exists(stack: Stack) -> None:
    dimensions = [d for one in stack.of("AWS::CloudWatch::Alarm").values() for d in one.get("Dimensions", [])]
    codes = {one["Value"] for one in dimensions if one["Name"] == "code"}

    assert codes - {error.code for error in ERRORS} - {*UPSTREAM_CODES} == set()
    assert ("ledger_unavailable" in codes) == ("Ledger" in stack.resources)


def test_the_dashboard_shows_minutes_the_days_use_limits_and_the_sweep(recorded: Recorded) -> None:
    widgets = json.loads(Stack({})["Dashboard"]["DashboardBody"])["widgets"]
    shown = json.dumps([one["properties"].get("metrics", []) for one in widgets])
    areas = [(one["x"], one["y"], one["width"], one["height"]) for one in widgets]
    cells = [(x + column, y + row) for x, y, width, height in areas for column in range(width) for row in range(height)]

    assert [name for name, _ in recorded.metrics if name not in shown] == []
    assert [
        code for code in ("quota_exceeded", "blocked", "paused", "ledger_unavailable") if f'"{code}"' not in shown
    ] == []
    assert len(cells) == len(set(cells))  # no widget lies on another


def test_the_deployer_is_given_a_line_each_to_pause_resume_and_block(stack: Stack, parameters: dict[str, str]) -> None:
    given = {name: stack.outputs.get(name) for name in ("PauseCalls", "ResumeCalls", "BlockPerson")}
    put = "aws dynamodb put-item --region us-west-2 --table-name Ledger --item"

    assert given == (
        {
            "PauseCalls": f"""{put} '{{"id":{{"S":"paused"}}}}'""",
            "ResumeCalls": (
                'aws dynamodb delete-item --region us-west-2 --table-name Ledger --key \'{"id":{"S":"paused"}}\''
            ),
            "BlockPerson": f"""{put} '{{"id":{{"S":"blocked#0123456789abcdef"}}}}'""",
        }
        if limited(parameters)
        else dict.fromkeys(given)
    )


def test_the_documents_defaults_are_those_of_the_template() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", (ROOT / "docs" / "deploy.md").read_text(), re.MULTILINE)
    parameters = translation()["Parameters"]

    assert dict(rows) == {name: str(parameters[name]["Default"]) for name in [*CASES["no limits"], "EphemeralKeys"]}


def test_the_saved_query_tells_who_used_most(stack: Stack, parameters: dict[str, str]) -> None:
    queries = {one["Name"]: one for one in stack.of("AWS::Logs::QueryDefinition").values()}

    assert queries.get("local/People") == (
        {
            "Name": "local/People",
            "LogGroupNames": ["SessionLog", "SweepLog"],
            "QueryString": (
                'filter message = "Settled"\n'
                "| stats sum(minutes) as used_minutes, count(*) as calls by person\n"
                "| sort used_minutes desc\n"
                "| limit 50\n"
            ),
        }
        if limited(parameters)
        else None
    )
