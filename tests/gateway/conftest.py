"""Small APIs for the tests: each is a template and a handler in a folder, served by the local gateway."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest

from local.stack import Stack, serve

TEMPLATE = """
Parameters:
  Access: {Type: String, Default: open}
  AllowedOrigins: {Type: CommaDelimitedList, Default: "*"}
  OpenAIBaseUrl: {Type: String, Default: ""}
  Issuer: {Type: String, Default: "http://127.0.0.1:9"}
  Scopes: {Type: CommaDelimitedList, Default: ""}
Conditions:
  SignedIn: !Equals [!Ref Access, signed-in]
  Scoped: !Not [!Equals [!Join ["", !Ref Scopes], ""]]
Resources:
  Odd:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: odd, Handler: app.handler, Runtime: python3.13, Timeout: TIMEOUT, MemorySize: 256}
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      ProtocolType: HTTP
      CorsConfiguration:
        AllowOrigins: !Ref AllowedOrigins
        AllowMethods: [GET, POST]
        AllowHeaders: [authorization, content-type]
        ExposeHeaders: [location]
        MaxAge: 60
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Condition: SignedIn
    Properties:
      ApiId: !Ref Api
      AuthorizerType: JWT
      IdentitySource: [$request.header.Authorization]
      JwtConfiguration: {Issuer: !Ref Issuer, Audience: [audience]}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Odd.Arn
      PayloadFormatVersion: "FORMAT"
      TimeoutInMillis: WAIT
"""

ROUTE = """
  Route{number}:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: {key}
      Target: !Sub integrations/${{Integration}}
      AuthorizationType: !If [SignedIn, JWT, NONE]
      AuthorizerId: !If [SignedIn, !Ref Authorizer, !Ref AWS::NoValue]
      AuthorizationScopes: !If [Scoped, !Ref Scopes, !Ref AWS::NoValue]
"""

NOWHERE = "http://127.0.0.1:9/v1"

Serve = Callable[..., httpx.Client]


def write_api(
    folder: Path,
    handler: str,
    *routes: str,
    timeout: float = 5,
    wait: int = 30_000,
    payload_format: str = "2.0",
) -> Path:
    """Write a template with one function for all routes; `handler` is the function's source."""
    (folder / "odd").mkdir(exist_ok=True)
    (folder / "odd" / "app.py").write_text(dedent(handler))
    text = TEMPLATE.replace("TIMEOUT", str(timeout)).replace("WAIT", str(wait)).replace("FORMAT", payload_format)
    keys = routes or ("GET /odd", "POST /odd")
    template = folder / "template.yaml"
    template.write_text(text + "".join(ROUTE.format(number=number, key=key) for number, key in enumerate(keys)))
    return template


@contextmanager
def serving(folder: Path) -> Iterator[Serve]:
    """Serve APIs until the context ends.

    Of the options, those whose names begin with a capital are parameters of the template; the others are passed to
    `write_api`.
    """
    with ExitStack() as running:

        def start(handler: str, *routes: str, **options: Any) -> httpx.Client:
            parameters = {name: options.pop(name) for name in [*options] if name[0].isupper()}
            template = write_api(folder, handler, *routes, **options)
            stack = running.enter_context(serve(template=template, base_url=NOWHERE, parameters=parameters))
            return running.enter_context(httpx.Client(base_url=stack.url, timeout=20))

        yield start


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Serve]:
    """Serve an API that the test defines."""
    with serving(tmp_path) as start:
        yield start


def is_running(process: int) -> bool:
    """Tell whether there is a process with this id."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="session")
def shipped() -> Iterator[Stack]:
    """The shipped API with an upstream that cannot be reached."""
    with serve(base_url=NOWHERE, parameters={"AllowedOrigins": "https://app.example"}) as stack:
        yield stack
