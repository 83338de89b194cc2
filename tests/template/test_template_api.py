"""The HTTP API: which routes require a token, their functions, and CORS."""

import json

from tests.template.translated import CASES, Resource, Stack, functions

ROUTES = {
    "POST /session": "integrations/SessionIntegration",
    "DELETE /session/{call_id}": "integrations/SessionIntegration",
    "GET /token": "integrations/TokenIntegration",
    "GET /usage": "integrations/TokenIntegration",
}
POOL = "https://cognito-idp.us-west-2.amazonaws.com/UserPool"


def authorization(route: Resource) -> tuple[str, str | None]:
    return route["AuthorizationType"], route.get("AuthorizerId")


def test_every_route_requires_a_token_except_in_an_open_stack(stack: Stack, parameters: dict[str, str]) -> None:
    expected = ("NONE", None) if parameters.get("Access") == "open" else ("JWT", "SignedInAuthorizer")
    routes = stack.of("AWS::ApiGatewayV2::Route").values()

    assert {one["RouteKey"]: authorization(one) for one in routes} == dict.fromkeys(ROUTES, expected)


def test_routes_lead_to_the_aliases_of_their_functions(stack: Stack, parameters: dict[str, str]) -> None:
    routes = {one["RouteKey"]: one["Target"] for one in stack.of("AWS::ApiGatewayV2::Route").values()}
    integrations = {name: one["IntegrationUri"] for name, one in stack.of("AWS::ApiGatewayV2::Integration").items()}
    aliases = {name: one["Name"] for name, one in stack.of("AWS::Lambda::Alias").items()}

    assert routes == ROUTES
    assert integrations == {
        "SessionIntegration": "SessionFunctionAliaslive",
        "TokenIntegration": "TokenFunctionAliaslive",
    }
    assert aliases == {f"{name}FunctionAliaslive": "live" for name in functions(parameters)}


def test_tokens_are_of_the_user_pool_or_of_the_given_issuer(stack: Stack, parameters: dict[str, str]) -> None:
    tokens = {"Issuer": parameters.get("Issuer", POOL), "Audience": [parameters.get("Audience", "UserPoolClient")]}
    expected = {} if parameters.get("Access") == "open" else {"SignedInAuthorizer": ("JWT", tokens)}

    authorizers = stack.of("AWS::ApiGatewayV2::Authorizer")

    assert {name: (one["AuthorizerType"], one["JwtConfiguration"]) for name, one in authorizers.items()} == expected


def test_other_origins_are_allowed_only_if_they_are_given(stack: Stack, parameters: dict[str, str]) -> None:
    origins = parameters.get("AllowedOrigins")
    cors = stack["RealtimeApi"].get("CorsConfiguration")

    assert (cors and cors["AllowOrigins"]) == (origins and origins.split(","))


def test_other_origins_may_send_and_read_what_the_agents_sdk_needs() -> None:
    assert Stack(CASES["other origins"])["RealtimeApi"]["CorsConfiguration"] == {
        "AllowOrigins": ["https://a.example", "https://b.example"],
        "AllowMethods": ["GET", "POST", "DELETE", "OPTIONS"],
        "AllowHeaders": ["authorization", "content-type", "x-openai-agents-sdk"],
        "ExposeHeaders": ["location", "x-request-id", "retry-after", "x-call-seconds", "x-calls-url"],
        "MaxAge": 86400,
    }


def test_every_route_is_throttled_measured_and_logged_without_what_clients_send(stack: Stack) -> None:
    stage = stack["RealtimeStage"]
    logged = json.loads(stage["AccessLogSettings"]["Format"])

    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": "1",
        "ThrottlingBurstLimit": "5",
        "DetailedMetricsEnabled": True,
    }
    assert stage["AccessLogSettings"]["DestinationArn"] == "AccessLog.Arn"
    assert set(logged.values()) & {"$context.path", "$context.httpMethod", "$context.identity.sourceIp"} == set()


def test_hang_ups_are_still_taken_when_calls_are_throttled(stack: Stack) -> None:
    """What a route of its own has replaces all of the stage's defaults, metrics included."""
    assert stack["RealtimeStage"]["RouteSettings"] == {
        route: {"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40, "DetailedMetricsEnabled": True}
        for route in ("DELETE /session/{call_id}", "GET /usage")
    }
    # API Gateway refuses settings of a route that is not there yet.
    there_before = stack.resources["RealtimeStage"]["DependsOn"]
    assert {stack[name]["RouteKey"] for name in there_before} == stack["RealtimeStage"]["RouteSettings"].keys()


def test_the_access_log_is_where_one_policy_of_the_account_covers_every_log(stack: Stack) -> None:
    assert stack["AccessLog"]["LogGroupName"] == "/aws/vendedlogs/local-access"


def test_every_route_asks_for_the_scope_that_is_required() -> None:
    scoped = Stack(CASES["own issuer"] | {"RequiredScope": "call"})
    opened = Stack(CASES["own issuer"] | {"RequiredScope": "call", "Access": "open"})

    def scopes(stack: Stack) -> dict[str, list[str] | None]:
        return {
            one["RouteKey"]: one.get("AuthorizationScopes") for one in stack.of("AWS::ApiGatewayV2::Route").values()
        }

    assert set(map(str, scopes(scoped).values())) == {"['call']"}
    assert set(scopes(opened).values()) == set(scopes(Stack(CASES["own issuer"])).values()) == {None}


def test_the_functions_are_given_the_list_of_people_where_the_own_issuer_says_who_they_are() -> None:
    people = {"AllowedEmails": "ann@example.com, @example.org"}
    cases = [CASES["own issuer"] | people, CASES["own issuer"], CASES["own issuer"] | people | {"Access": "open"}]
    functions = [Stack(case).of("AWS::Lambda::Function") for case in cases]

    assert [
        {one[name]["Environment"]["Variables"]["ALLOWED_EMAILS"] for name in ("SessionFunction", "TokenFunction")}
        for one in functions
    ] == [{"ann@example.com,@example.org"}, {""}, {""}]


def test_the_outputs_say_who_may_start_a_call() -> None:
    own = CASES["own issuer"]
    said = [Stack(given).outputs["Access"] for given in ({}, own, own | {"AllowedEmails": "@a.example"}, CASES["open"])]

    assert said == [
        "Only people whom you invite",
        "Everybody with an account at https://issuer.example/tenant - AllowedEmails and RequiredScope let in fewer",
        "Only people with an account at https://issuer.example/tenant whom AllowedEmails and RequiredScope let in",
        "OPEN: ANYBODY WHO FINDS THE URL CAN START CALLS AT YOUR EXPENSE",
    ]


def test_timeouts_nest(stack: Stack) -> None:
    functions = [stack[name]["Timeout"] for name in ("SessionFunction", "TokenFunction")]
    integrations = [one["TimeoutInMillis"] for one in stack.of("AWS::ApiGatewayV2::Integration").values()]
    [origin] = [one for one in stack["Distribution"]["DistributionConfig"]["Origins"] if one["Id"] == "api"]

    assert max(functions) * 1000 < min(integrations) < origin["CustomOriginConfig"]["OriginReadTimeout"] * 1000
