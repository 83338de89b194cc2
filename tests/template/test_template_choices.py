"""The resources and properties that each parameter changes."""

from tests.template.translated import CASES, Stack

POOL = {"UserPool", "UserPoolDomain", "UserPoolClient", "ManagedLogin"}
CONCURRENCY = {"SessionConcurrencyAlarm", "TokenConcurrencyAlarm"}

CHANGES: dict[str, tuple[set[str], set[str]]] = {
    "own issuer": (set(), POOL),
    "open": (set(), POOL | {"SignedInAuthorizer"}),
    "own secret": (set(), {"ApiKeySecret"}),
    "reserved concurrency": (CONCURRENCY, set()),
    "alarms by e-mail": ({"AlarmSubscription"}, set()),
    "first user": ({"FirstUser"}, set()),
}
"""The resources that a case adds to those of the default parameters, and those that it removes."""


def names(stack: Stack) -> set[str]:
    """The logical ids of the resources; those of versions without the hash of their content."""
    return {"Version" if one["Type"] == "AWS::Lambda::Version" else name for name, one in stack.resources.items()}


def test_each_parameter_adds_and_removes_its_own_resources() -> None:
    defaults = names(Stack({}))
    changes = {case: (names(Stack(given)) - defaults, defaults - names(Stack(given))) for case, given in CASES.items()}

    assert {case: change for case, change in changes.items() if change != (set(), set())} == CHANGES


def test_snapshots_are_taken_only_where_they_are_wanted(stack: Stack, parameters: dict[str, str]) -> None:
    expected = {"ApplyOn": "PublishedVersions"} if "SnapStart" in parameters else None
    snapshots = [stack[name].get("SnapStart") for name in ("SessionFunction", "TokenFunction", "PublishFunction")]

    assert snapshots == [expected, expected, None]


def test_concurrency_is_reserved_only_where_it_is_wanted(stack: Stack, parameters: dict[str, str]) -> None:
    reserved = parameters.get("ReservedConcurrency")

    assert [stack[name].get("ReservedConcurrentExecutions") for name in ("SessionFunction", "TokenFunction")] == [
        reserved,
        reserved,
    ]


def test_functions_and_layer_have_the_same_architecture(stack: Stack, parameters: dict[str, str]) -> None:
    processor = [parameters.get("Architecture", "arm64")]

    assert [one["Architectures"] for one in stack.of("AWS::Lambda::Function").values()] == [processor] * 3
    assert [one["CompatibleArchitectures"] for one in stack.of("AWS::Lambda::LayerVersion").values()] == [processor]


def test_every_parameter_of_the_functions_changes_their_version() -> None:
    secret = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:"
    longest = {
        "ApiKeySecretArn": secret + "s" * (130 - len(secret)),
        "OpenAIBaseUrl": f"https://{'u' * 92}",
        "OpenAIAuth": "api-key",
        "Model": "m" * 64,
        "SnapStart": "on",
    }
    versions = {name: descriptions(Stack({name: value})) for name, value in longest.items()}

    assert [name for name, version in versions.items() if version == descriptions(Stack({}))] == []
    # Lambda's limit.
    assert max(map(len, descriptions(Stack(longest)))) <= 256
    assert [version.split() for version in descriptions(Stack({}))] == [
        ["7", "https://api.openai.com/v1", "bearer", "off"]
    ] * 2


def descriptions(stack: Stack) -> list[str]:
    """The descriptions of the two functions' versions, by which versions differ if only parameters have changed."""
    versions = stack.of("AWS::Lambda::Version").values()
    return [one["Description"] for one in versions if one["FunctionName"] != "PublishFunction"]


def test_people_cannot_register_themselves(stack: Stack) -> None:
    pools = stack.of("AWS::Cognito::UserPool").values()

    assert [one["AdminCreateUserConfig"] for one in pools] in ([{"AllowAdminCreateUserOnly": True}], [])


def test_the_pages_client_has_no_secret_and_uses_the_code_flow_only(stack: Stack) -> None:
    for client in stack.of("AWS::Cognito::UserPoolClient").values():
        assert client["GenerateSecret"] is False
        assert client["AllowedOAuthFlows"] == ["code"]
        assert client["CallbackURLs"] == client["LogoutURLs"]
        assert all(url.startswith("https://") for url in client["CallbackURLs"])


def test_every_alarm_reaches_the_topic(stack: Stack) -> None:
    alarms = stack.of("AWS::CloudWatch::Alarm")

    assert {name: one["AlarmActions"] for name, one in alarms.items()} == {name: ["AlarmTopic"] for name in alarms}


def test_every_log_has_a_retention(stack: Stack) -> None:
    assert [one["RetentionInDays"] for one in stack.of("AWS::Logs::LogGroup").values()] == ["30"] * 4
