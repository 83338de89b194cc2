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
        "ExposeHeaders": ["location", "x-request-id", "retry-after", "x-call-seconds"],
        "MaxAge": 86400,
    }


def test_every_route_is_throttled_measured_and_logged_without_what_clients_send(stack: Stack) -> None:
    stage = stack["RealtimeStage"]
    logged = json.loads(stage["AccessLogSettings"]["Format"])

    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": "5",
        "ThrottlingBurstLimit": "10",
        "DetailedMetricsEnabled": True,
    }
    assert stage["AccessLogSettings"]["DestinationArn"] == "AccessLog.Arn"
    assert set(logged.values()) & {"$context.path", "$context.httpMethod", "$context.identity.sourceIp"} == set()


def test_timeouts_nest(stack: Stack) -> None:
    functions = [stack[name]["Timeout"] for name in ("SessionFunction", "TokenFunction")]
    integrations = [one["TimeoutInMillis"] for one in stack.of("AWS::ApiGatewayV2::Integration").values()]
    [origin] = [one for one in stack["Distribution"]["DistributionConfig"]["Origins"] if one["Id"] == "api"]

    assert max(functions) * 1000 < min(integrations) < origin["CustomOriginConfig"]["OriginReadTimeout"] * 1000
