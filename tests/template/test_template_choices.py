"""The resources and properties that each parameter changes."""

from tests.template.translated import CASES, Stack, functions, translation

POOL = {"UserPool", "UserPoolDomain", "UserPoolClient", "ManagedLogin"}
CONCURRENCY = {"SessionConcurrencyAlarm", "TokenConcurrencyAlarm"}
DAY_ALARMS = {"DayNearlyUsedAlarm", "DayUsedAlarm"}
LEDGER = {
    "Ledger",
    "LedgerAlarm",
    "PeopleQuery",
    "SweepFailuresAlarm",
    "SweepFunction",
    "SweepFunctionAliaslive",
    "SweepFunctionEventInvokeConfig",
    "SweepLog",
    "SweepPermission",
    "SweepRole",
    "SweepRule",
    "SweepStoppedAlarm",
}

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
"""With the shortest name of a region, which leaves most to the secret's own."""

CHANGES: dict[str, tuple[set[str], set[str]]] = {
    "own issuer": (set(), POOL),
    "open": (set(), POOL | {"SignedInAuthorizer"}),
    "own secret": (set(), {"ApiKeySecret"}),
    "reserved concurrency": (CONCURRENCY, set()),
    "alarms by e-mail": ({"AlarmSubscription"}, set()),
    "first user": ({"FirstUser"}, set()),
    "no limits": (set(), LEDGER | DAY_ALARMS),
    "one limit only": (set(), DAY_ALARMS),
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

    assert {name: one["Architectures"] for name, one in stack.of("AWS::Lambda::Function").items()} == {
        f"{name}Function": processor for name in functions(parameters)
    }
    assert [one["CompatibleArchitectures"] for one in stack.of("AWS::Lambda::LayerVersion").values()] == [processor]


def test_whatever_the_functions_depend_on_makes_a_new_version_of_them() -> None:
    changes = {
        "ApiKeySecretArn": f"{SECRET}s",
        "OpenAIBaseUrl": "https://upstream.example/v1",
        "OpenAIAuth": "api-key",
        "Model": "m",
        "SnapStart": "on",
        "MaxCallMinutes": "1",
        "CallsAtOnce": "1",
        "MinutesPerPersonPerDay": "1",
        "MinutesPerDay": "1",
        "EphemeralKeys": "off",
    }
    usual = descriptions(Stack({}))
    unchanged = [name for name, value in changes.items() if usual.items() & descriptions(Stack({name: value})).items()]

    assert unchanged == []
    assert {name: " ".join(text.split()) for name, text in usual.items()} == dict.fromkeys(
        ("SessionFunction", "TokenFunction", "SweepFunction"),
        "7 https://api.openai.com/v1 bearer off 15.2.600.1200.on",
    )


def test_the_longest_description_of_a_version_is_no_longer_than_lambda_takes() -> None:
    declared = translation()["Parameters"]
    longest = {
        "ApiKeySecretArn": SECRET.ljust(declared["ApiKeySecretArn"]["MaxLength"], "s"),
        "OpenAIBaseUrl": "https://".ljust(declared["OpenAIBaseUrl"]["MaxLength"], "u"),
        "OpenAIAuth": "api-key",
        "Model": "m" * declared["Model"]["MaxLength"],
        "SnapStart": "off",
        **{name: str(declared[name]["MaxValue"]) for name in CASES["no limits"]},
        "EphemeralKeys": "off",
    }
    lengths = {name: len(text) for name, text in descriptions(Stack(longest)).items()}

    # The layer's version is the 7th in these tests; in an account it may have six digits.
    assert {name for name, length in lengths.items() if length + len("99999") > 256} == set()


def descriptions(stack: Stack) -> dict[str, str]:
    """Return what tells each function's version from the one before: SAM itself looks at nothing but their code."""
    versions = stack.of("AWS::Lambda::Version").values()
    described = {one["FunctionName"]: one["Description"] for one in versions}
    return {name: text for name, text in described.items() if name != "PublishFunction"}


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


def test_every_log_ends(stack: Stack, parameters: dict[str, str]) -> None:
    assert {name: one["RetentionInDays"] for name, one in stack.of("AWS::Logs::LogGroup").items()} == {
        f"{name}Log": "30" for name in ("Access", *functions(parameters))
    }
