"""The settings that the gateway reads from the template, and its errors for an invalid one."""

import json
from pathlib import Path

import pytest

from local.environment import process_environment
from local.headers import page_headers
from local.intrinsics import STACK, InvalidTemplate
from local.settings import CorsSettings, JwtSettings
from local.template import ROOT, Template
from tests.gateway.conftest import write_api

HANDLER = "def handler(event, context): return None"


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """The small API's template with some of its text replaced."""
    file = write_api(folder, HANDLER, "GET /odd")
    text = file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
    return file


def test_the_shipped_routes_lead_to_their_functions() -> None:
    template = Template(parameters={"Access": "open", "OpenAIBaseUrl": "http://127.0.0.1:1/v1"})
    template.physical_ids["ApiKeySecret"] = "arn:of:the:secret"

    routes = {route.key: route for route in template.routes}

    assert {key: (route.function.code, route.function.handler) for key, route in routes.items()} == {
        "POST /session": (ROOT / "functions/session", "app.handler"),
        "DELETE /session/{call_id}": (ROOT / "functions/session", "app.handler"),
        "GET /token": (ROOT / "functions/token", "app.handler"),
        "GET /usage": (ROOT / "functions/token", "app.handler"),
    }
    assert {(route.payload_format, route.timeout, route.authorizer, route.scopes) for route in template.routes} == {
        ("2.0", 30.0, None, ())
    }
    function = routes["POST /session"].function
    assert (function.timeout, function.memory, function.runtime) == (28.0, 512, "python3.13")
    assert function.layers == (ROOT / "layers/realtime",)
    assert function.environment == {
        "AWS_URL_SUFFIX": "amazonaws.com",
        "API_KEY_SECRET_ID": "arn:of:the:secret",
        "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
        "OPENAI_AUTH": "bearer",
        "OPENAI_ORGANIZATION": "",
        "OPENAI_PROJECT": "",
        "UPSTREAM_TIMEOUT_SECONDS": "15",
        "MODEL": "",
        "DEFAULT_PRESET": "",
        "ALLOWED_EMAILS": "",
        "SAFETY_KEY_SECRET_ID": "",
        "ALLOWED_ORIGINS": "",
        "EPHEMERAL_KEYS": "on",
        "MAX_CALL_MINUTES": "15",
        "CALLS_AT_ONCE": "2",
        "MINUTES_PER_PERSON_PER_DAY": "600",
        "MINUTES_PER_DAY": "1200",
        "LEDGER_TABLE": "Ledger",
        "POWERTOOLS_SERVICE_NAME": STACK,
    }


def test_variables_for_all_functions_replace_those_of_the_template() -> None:
    function = Template(parameters={"Access": "open", "UpstreamTimeoutSeconds": "20"}).routes[0].function

    names = ("UPSTREAM_TIMEOUT_SECONDS", "OPENAI_AUTH")
    variables = process_environment(function, {"UPSTREAM_TIMEOUT_SECONDS": "1.5"})
    assert [variables[name] for name in names] == ["1.5", "bearer"]


def test_the_shipped_api_is_locked_unless_opened() -> None:
    user_pool = Template()
    given_issuer = Template(parameters={"Issuer": "https://issuer.example", "Audience": "me"})

    cognito = "https://cognito-idp.us-west-2.amazonaws.com/UserPool"
    assert {route.authorizer for route in user_pool.routes} == {
        JwtSettings("authorization", cognito, ("UserPoolClient",))
    }
    assert {route.authorizer for route in given_issuer.routes} == {
        JwtSettings("authorization", "https://issuer.example", ("me",))
    }


def test_the_shipped_cors_configuration_takes_a_list_of_origins() -> None:
    template = Template(parameters={"AllowedOrigins": "https://a.example, https://b.example"})

    assert template.cors is not None
    assert template.cors.origins == ("https://a.example", "https://b.example")
    assert template.cors.exposed == ("location", "x-request-id", "retry-after", "x-call-seconds", "x-calls-url")


def test_an_api_may_have_no_cors(tmp_path: Path) -> None:
    file = changed(
        tmp_path, ("      CorsConfiguration:\n        AllowOrigins: !Ref AllowedOrigins\n", "      Other:\n")
    )

    assert Template(file).cors is None


def test_a_cors_configuration_may_be_partial(tmp_path: Path) -> None:
    file = changed(tmp_path, ("MaxAge: 60", "AllowCredentials: true"), ("ExposeHeaders: [location]", ""))

    assert Template(file).cors == CorsSettings(
        ("*",), ("GET", "POST"), ("authorization", "content-type"), (), None, credentials=True
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("!Ref Access", "open"),
        ("{Ref: AWS::AccountId}", "123456789012"),
        ("!Sub '${AWS::Partition}-${Access}-${!literal}'", "aws-open-${literal}"),
        ("!Sub ['${variable}-${Access}', {variable: !Ref AWS::Region}]", "us-west-2-open"),
        ("!Sub ['${variable}', {variable: true}]", "true"),
        ("!Sub '${Odd.Arn}'", "arn:aws:lambda:us-west-2:123456789012:function:local-Odd"),
        ("!GetAtt Odd.Arn", "arn:aws:lambda:us-west-2:123456789012:function:local-Odd"),
        ("!Ref Odd", "local-Odd"),
        ("!Join ['-', [a, !Ref Access]]", "a-open"),
        ("!Select [1, !Split [',', 'a,b,c']]", "b"),
        ("!Select [0, !Ref AllowedOrigins]", "*"),
        ("!If [SignedIn, !Nonsense x, taken]", "taken"),
        ("!If [Deep, yes-it-is, no-it-is-not]", "yes-it-is"),
        ("!If [SignedIn, x, !Ref AWS::NoValue]", None),
        ("true", "true"),
        ("12", "12"),
    ],
)
def test_intrinsic_functions_have_the_same_values_as_on_aws(tmp_path: Path, value: str, expected: str | None) -> None:
    deep = "  Deep: !And [!Not [!Condition SignedIn], !Or [!Condition SignedIn, !Equals [a, a]]]\nResources:"
    file = changed(
        tmp_path,
        ("Resources:", deep),
        ("Runtime: python3.13,", f"Runtime: python3.13, Environment: {{Variables: {{VALUE: {value}}}}},"),
    )

    environment = Template(file).routes[0].function.environment

    assert environment == ({} if expected is None else {"VALUE": expected})


def test_a_functions_properties_override_globals(tmp_path: Path) -> None:
    shared = "Globals: {Function: {Timeout: 1, Environment: {Variables: {A: shared, B: shared}}}}\nResources:"
    specific = "Runtime: python3.13, Environment: {Variables: {B: specific}},"
    file = changed(tmp_path, ("Resources:", shared), ("Runtime: python3.13,", specific))

    function = Template(file).routes[0].function

    assert (function.timeout, function.environment) == (5.0, {"A": "shared", "B": "specific"})


def test_a_long_integration_uri_leads_to_the_function_too(tmp_path: Path) -> None:
    uri = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Odd.Arn}/invocations"
    file = changed(tmp_path, ("!GetAtt Odd.Arn", f"!Sub '{uri}'"))

    assert Template(file).routes[0].function.name == "local-Odd"


def read(file: Path) -> object:
    template = Template(file)
    return template.routes, template.cors


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("!GetAtt Odd.Arn", "!ImportValue x"), "Route0: the intrinsic function Fn::ImportValue is not known"),
        (("!GetAtt Odd.Arn", "!GetAtt Odd.Version"), "Route0: the attribute Odd.Version is not known"),
        (("!GetAtt Odd.Arn", "arn:aws:lambda:x"), "Route0: the target arn:aws:lambda:x is no function"),
        (("!GetAtt Odd.Arn", "!Sub '${Nobody}'"), "Route0: there is no Nobody to refer to"),
        (("!GetAtt Odd.Arn", "!Ref Authorizer"), "Route0: there is no Authorizer to refer to"),
        (("${Integration}", "${Api}"), "Route0: Api is no AWS::ApiGatewayV2::Integration"),
        (("AWS_PROXY", "HTTP_PROXY"), "Route0: the integration type HTTP_PROXY is not known"),
        (('PayloadFormatVersion: "2.0"', ""), "Route0: it has no PayloadFormatVersion"),
        (("CodeUri: odd", "CodeUri: even"), "Route0: there is no folder even"),
        (("JWT, NONE", "JWT, AWS_IAM"), "Route0: the authorization type AWS_IAM is not known"),
        (("If [SignedIn, JWT", "If [Locked, JWT"), "Route0: there is no condition Locked"),
        (("ProtocolType: HTTP", "ProtocolType: WEBSOCKET"), "Api: the protocol type WEBSOCKET is not known"),
        (("  Api:", "  Api2: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}\n  Api:"), "not one"),
        (("Resources:", "Resources: ["), "while parsing"),
    ],
)
def test_the_error_names_what_is_not_known_or_not_valid(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    file = changed(tmp_path, change)

    with pytest.raises(InvalidTemplate) as invalid:
        read(file)

    assert str(invalid.value).startswith("template.yaml: ")
    assert message in str(invalid.value)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Nonsense": "x"}, "it has no parameter Nonsense"),
        ({"Access": "closed"}, "the parameter Access is one of signed-in, open"),
        (
            {"OpenAIBaseUrl": "nowhere"},
            (
                "the parameter OpenAIBaseUrl must start with https:// and end in the version prefix without a slash,"
                " for example https://api.openai.com/v1"
            ),
        ),
    ],
)
def test_a_parameter_that_a_deployment_would_refuse_is_refused(parameters: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidTemplate) as invalid:
        Template(parameters=parameters)

    assert str(invalid.value) == f"template.yaml: {message}"


def test_an_unknown_identity_source_is_named(tmp_path: Path) -> None:
    file = changed(tmp_path, ("$request.header.Authorization", "$request.querystring.token"))

    with pytest.raises(InvalidTemplate, match=r"the identity source \$request.querystring.token is not known"):
        _ = Template(file, {"Access": "signed-in"}).routes


def test_the_shipped_events_are_for_the_shipped_routes() -> None:
    events = [json.loads(file.read_text()) for file in (ROOT / "events").glob("*.json")]
    contexts = [event["requestContext"] for event in events]
    keys = {context.get("routeKey", context.get("resourceId")) for context in contexts}

    assert sorted(keys) == sorted(route.key for route in Template().routes)


def test_the_shipped_page_has_the_headers_that_cloudfront_adds() -> None:
    template = Template(parameters={"Access": "open", "OpenAIBaseUrl": "https://api.example/v1"})

    module, page = template.page_headers.items()

    assert module == (
        "/realtime/*",
        {
            "access-control-allow-origin": "*",
            "content-security-policy": (
                "default-src 'none'; script-src 'self' 'sha256-10m9WSfFWWa1qM9Z5+4hPCEFJP7DRPogeAkaBk+dSEo='; "
                "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
                "form-action 'none'; frame-ancestors 'none'"
            ),
            "strict-transport-security": "max-age=63072000",
            "x-content-type-options": "nosniff",
        },
    )
    assert page[0] == "*"
    assert page[1] == {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
            "manifest-src 'self'; connect-src 'self' https://api.example/v1/ ; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        "strict-transport-security": "max-age=63072000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
    }


@pytest.mark.parametrize(
    ("members", "value"),
    [
        ({}, "max-age=60"),
        ({"IncludeSubdomains": False, "Preload": False}, "max-age=60"),
        ({"IncludeSubdomains": True}, "max-age=60; includeSubDomains"),
        ({"IncludeSubdomains": True, "Preload": True}, "max-age=60; includeSubDomains; preload"),
    ],
)
def test_strict_transport_security_is_written_as_by_cloudfront(members: dict[str, bool], value: str) -> None:
    policy = {"StrictTransportSecurity": {"AccessControlMaxAgeSec": 60, **members}}

    assert page_headers({"SecurityHeadersConfig": policy}) == {"strict-transport-security": value}
