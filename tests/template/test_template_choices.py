"""The resources and properties that each parameter changes."""

from realtime.timeouts import MAX_UPSTREAM_SECONDS, UPSTREAM_SECONDS

from local.intrinsics import parse
from local.template import TEMPLATE
from tests.template.translated import CASES, PSEUDO, Stack, functions, translation

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
    "open": (set(), {"SignedInAuthorizer"}),
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
        "ApiKeySecretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:mine-AbCdEf",
        "OpenAIBaseUrl": "https://upstream.example/v1",
        "OpenAIAuth": "api-key",
        "OpenAIOrganization": "org-abc",
        "OpenAIProject": "proj_abc",
        "UpstreamTimeoutSeconds": "20",
        "Model": "m",
        "DefaultPreset": "live",
        "SnapStart": "on",
        "MaxCallMinutes": "1",
        "CallsAtOnce": "1",
        "MinutesPerPersonPerDay": "1",
        "MinutesPerDay": "1",
        "EphemeralKeys": "off",
    }
    own = CASES["own issuer"]
    usual = Stack({})["Configuration"]["Of"]

    assert [name for name, value in changes.items() if Stack({name: value})["Configuration"]["Of"] == usual] == []
    assert Stack(own)["Configuration"]["Of"] != Stack(own | {"AllowedEmails": "@a.example"})["Configuration"]["Of"]


def test_the_upstreams_time_is_that_of_the_functions() -> None:
    parameter = translation()["Parameters"]["UpstreamTimeoutSeconds"]

    assert (parameter["Default"], parameter["MaxValue"]) == (UPSTREAM_SECONDS, MAX_UPSTREAM_SECONDS)


def test_every_variable_and_layer_of_the_functions_is_digested_into_their_versions(stack: Stack) -> None:
    """SAM itself looks at nothing but their code, and a version's description has 256 characters at most."""
    of = {*stack["Configuration"]["Of"], *PSEUDO.values()}
    versions = {one["FunctionName"]: one["Description"] for one in stack.of("AWS::Lambda::Version").values()}

    for name in stack.of("AWS::Lambda::Function").keys() - {"PublishFunction"}:
        function = stack[name]
        assert [one for one in function["Environment"]["Variables"].values() if one not in of] == []
        assert [one for one in function["Layers"] if one not in of] == []
        assert versions[name] == "Configuration.Digest"


def test_no_version_of_before_is_left_to_be_billed(stack: Stack) -> None:
    policies = [
        one["DeletionPolicy"] for one in stack.resources.values() if one["Type"].startswith("AWS::Lambda::Version")
    ]

    assert policies == ["Delete"] * len(stack.of("AWS::Lambda::Function"))


def test_open_and_back_removes_nobody() -> None:
    """Neither the pool nor who is in it depends on who may call."""
    first = CASES["first user"]
    people = [name for name, one in Stack(first).resources.items() if one["Type"].startswith("AWS::Cognito::")]

    assert "FirstUser" in people
    assert [name for name in people if name not in Stack(first | CASES["open"]).resources] == []


def test_open_and_back_leaves_everybody_the_same_person() -> None:
    """With another key, whoever is blocked would be somebody else, and today's minutes would be free again."""
    assert Stack(CASES["open"]).resources["SafetyKey"] == Stack({}).resources["SafetyKey"]


def test_no_parameter_removes_people() -> None:
    stack = Stack(CASES["first user"])

    assert {
        name: (stack.resources[name]["DeletionPolicy"], stack.resources[name]["UpdateReplacePolicy"])
        for name in ("UserPool", "FirstUser")
    } == dict.fromkeys(("UserPool", "FirstUser"), ("RetainExceptOnCreate", "Retain"))


def test_the_invitation_names_the_page_and_has_the_password_on_a_line_of_its_own() -> None:
    mails = {
        case: Stack(CASES[case])["UserPool"]["AdminCreateUserConfig"]["InviteMessageTemplate"]
        for case in ("first user", "own domain")
    }

    for case, url in (("first user", "https://Distribution.DomainName/"), ("own domain", "https://voice.example.com/")):
        lines = mails[case]["EmailMessage"].replace("\n", "").split("<br>")
        assert f'<a href="{url}">{url}</a>' in lines
        assert "{####}" in lines
        assert "{username}" in mails[case]["EmailMessage"]
    assert "SMSMessage" not in mails["first user"]


def test_the_invitation_is_sent_when_the_page_is_there() -> None:
    first = Stack(CASES["first user"])

    assert first.resources["FirstUser"]["DependsOn"] == ["Page", "UserPoolDomain", "ManagedLogin"]
    assert first["FirstUser"]["DesiredDeliveryMediums"] == ["EMAIL"]
    assert "--desired-delivery-mediums EMAIL" in first.outputs["InviteUser"]


def test_a_removed_person_has_a_token_for_a_quarter_of_an_hour_at_most() -> None:
    client = Stack({})["UserPoolClient"]

    assert (client["AccessTokenValidity"], client["IdTokenValidity"]) == (15, 15)
    assert client["TokenValidityUnits"] == {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"}


def test_a_code_of_an_authenticator_app_is_asked_for_where_it_is_required() -> None:
    pools = [Stack(given)["UserPool"] for given in ({}, {"Totp": "required"})]

    assert [(one["MfaConfiguration"], one.get("EnabledMfas")) for one in pools] == [
        ("OFF", None),
        ("ON", ["SOFTWARE_TOKEN_MFA"]),
    ]


def test_what_is_done_most_often_is_a_command_of_the_outputs() -> None:
    pool = "--region us-west-2 --user-pool-id UserPool"
    secret = "aws secretsmanager put-secret-value --region us-west-2 --secret-id ApiKeySecret"

    outputs = Stack({}).outputs

    assert {name: outputs[name] for name in ("PutApiKey", "InviteUser", "RemoveUser", "ListUsers")} == {
        "PutApiKey": f"{secret} --secret-string file://key.txt",
        "InviteUser": f"aws cognito-idp admin-create-user {pool} --desired-delivery-mediums EMAIL"
        " --username person@example.com"
        " --user-attributes Name=email,Value=person@example.com Name=email_verified,Value=true",
        "RemoveUser": f"aws cognito-idp admin-delete-user {pool} --username person@example.com",
        "ListUsers": f"aws cognito-idp list-users {pool}"
        " --query 'Users[].[Attributes[?Name==`email`]|[0].Value,UserStatus,Username]' --output text",
    }


def test_sam_asks_for_the_parameters_in_the_order_of_the_console() -> None:
    """`sam deploy --guided` goes by the order of the template, the console by that of its groups."""
    document = parse(TEMPLATE.read_text())
    groups = document["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert [name for group in groups for name in group["Parameters"]] == list(document["Parameters"])
    assert list(document["Parameters"])[:2] == ["Access", "FirstUserEmail"]


def test_people_cannot_register_themselves(stack: Stack, parameters: dict[str, str]) -> None:
    pools = stack.of("AWS::Cognito::UserPool").items()

    assert {name: one["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] for name, one in pools} == (
        {} if "Issuer" in parameters else {"UserPool": True}
    )


def test_the_pages_client_has_no_secret_and_uses_the_code_flow_only(stack: Stack, parameters: dict[str, str]) -> None:
    expected = {"GenerateSecret": False, "AllowedOAuthFlows": ["code"], "AllowedOAuthFlowsUserPoolClient": True}
    clients = stack.of("AWS::Cognito::UserPoolClient").items()

    assert {name: {member: one[member] for member in expected} for name, one in clients} == (
        {} if "Issuer" in parameters else {"UserPoolClient": expected}
    )


def test_people_come_back_from_signing_in_and_out_to_the_page_and_to_frontends_that_are_named() -> None:
    page, others = "https://Distribution.DomainName/", ["https://app.example.com/signed-in", "http://localhost:5173"]
    cases = {
        "a pool of its own": [page],
        "own domain": ["https://voice.example.com/"],
        "sign-in from other sites": [page, *others],
    }

    for case, expected in cases.items():
        client = Stack(CASES[case])["UserPoolClient"]
        assert (client["CallbackURLs"], client["LogoutURLs"]) == (expected, expected)


def test_every_alarm_reaches_the_topic(stack: Stack) -> None:
    alarms = stack.of("AWS::CloudWatch::Alarm")

    assert {name: one["AlarmActions"] for name, one in alarms.items()} == {name: ["AlarmTopic"] for name in alarms}


def test_every_log_ends(stack: Stack, parameters: dict[str, str]) -> None:
    assert {name: one["RetentionInDays"] for name, one in stack.of("AWS::Logs::LogGroup").items()} == {
        f"{name}Log": "30" for name in ("Access", *functions(parameters))
    }
