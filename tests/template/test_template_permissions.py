"""Permissions: each role has only those that it needs."""

from tests.template.translated import CASES, Resource, Stack, functions, limited, listed


def permissions(statements: list[Resource], service: str) -> list[tuple[list[str], list[str]]]:
    found = [(listed(one["Action"]), listed(one["Resource"])) for one in statements]
    return [(actions, resources) for actions, resources in found if any(a.startswith(f"{service}:") for a in actions)]


def test_the_api_key_is_read_by_whoever_calls_the_upstream_and_the_safety_key_where_people_sign_in(
    stack: Stack, parameters: dict[str, str]
) -> None:
    secret = parameters.get("ApiKeySecretArn", "ApiKeySecret")
    identifying = [] if parameters.get("Access") == "open" else ["SafetyKey"]
    secrets = {"Session": [secret, *identifying], "Token": [secret, *identifying], "Sweep": [secret], "Publish": []}
    readers = {role: permissions(statements, "secretsmanager") for role, statements in stack.statements().items()}

    assert readers == {
        f"{name}Role": [(["secretsmanager:GetSecretValue"], [one]) for one in secrets[name]]
        for name in functions(parameters)
    }
    assert ("ApiKeySecret" in stack.resources) == ("ApiKeySecretArn" not in parameters)


def test_a_secret_has_no_value_in_the_template(stack: Stack) -> None:
    """Not even a placeholder, since everybody who can read the stack can read the template's values."""
    members = {name: set(one) for name, one in stack.of("AWS::SecretsManager::Secret").items()}

    assert members.pop("ApiKeySecret", {"Description"}) == {"Description"}
    assert members.pop("SafetyKey", set()) <= {"Description", "GenerateSecretString"}
    assert members == {}


def test_only_x_ray_has_permissions_with_a_wildcard(stack: Stack) -> None:
    allowed = [one for statements in stack.statements().values() for one in statements]
    wide = [one for one in allowed if "*" in listed(one["Resource"])]

    assert [one for one in allowed if any("*" in action for action in listed(one["Action"]))] == []
    assert {one["Effect"] for one in allowed} == {"Allow"}
    assert {action for one in wide for action in one["Action"]} == {
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
    }


def test_each_role_writes_its_own_log_alone(stack: Stack, parameters: dict[str, str]) -> None:
    written = {role: permissions(statements, "logs") for role, statements in stack.statements().items()}

    assert written == {
        f"{name}Role": [(["logs:CreateLogStream", "logs:PutLogEvents"], [f"{name}Log.Arn"])]
        for name in functions(parameters)
    }


def test_each_function_has_its_own_role_and_log(stack: Stack, parameters: dict[str, str]) -> None:
    deployed = stack.of("AWS::Lambda::Function")

    assert {name: (one["Role"], one["LoggingConfig"]) for name, one in deployed.items()} == {
        f"{name}Function": (f"{name}Role.Arn", {"LogFormat": "JSON", "LogGroup": f"{name}Log"})
        for name in functions(parameters)
    }


def test_the_publish_role_has_access_to_the_pages_bucket_and_distribution_only(stack: Stack) -> None:
    statements = stack.statements()["PublishRole"]

    assert {resource for _, resources in permissions(statements, "s3") for resource in resources} == {
        "WebBucket.Arn",
        "WebBucket.Arn/*",
    }
    assert permissions(statements, "cloudfront") == [
        (
            ["cloudfront:CreateInvalidation"],
            ["arn:aws:cloudfront::123456789012:distribution/Distribution"],
        )
    ]


def test_roles_are_for_lambda_and_have_no_managed_policy(stack: Stack) -> None:
    for role in stack.of("AWS::IAM::Role").values():
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        assert set(role) == {"AssumeRolePolicyDocument", "Policies"}
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_only_this_api_and_this_rule_invoke_the_handlers(stack: Stack, parameters: dict[str, str]) -> None:
    permissions = {
        one["FunctionName"]: (one["Principal"], one["SourceArn"])
        for one in stack.of("AWS::Lambda::Permission").values()
    }
    api = ("apigateway.amazonaws.com", "arn:aws:execute-api:us-west-2:123456789012:RealtimeApi/*")
    schedule = {"SweepFunctionAliaslive": ("events.amazonaws.com", "SweepRule.Arn")} if limited(parameters) else {}

    assert permissions == {"SessionFunctionAliaslive": api, "TokenFunctionAliaslive": api, **schedule}
    assert stack.of("AWS::Lambda::Url") == {}


def test_every_case_makes_a_different_stack() -> None:
    stacks = [Stack(parameters).resources for parameters in CASES.values()]

    assert [one for number, one in enumerate(stacks) if one in stacks[:number]] == []
