"""API Gateway: matches a request to its route, runs its authorizer, invokes its function, and answers as AWS does."""

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local import cors
from local.authorizer import Authorizer, Claims, Unauthorized
from local.event import to_event
from local.function import Function, InvocationFailed
from local.response import MalformedResponse, gateway_error, to_response
from local.routed_request import RoutedRequest, new_request_id
from local.routes import Routes
from local.schedule import Schedule
from local.settings import JwtSettings, RouteSettings
from local.template import Template

MAX_BODY_BYTES = 10 * 1024 * 1024
"""Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html."""


class BodyTooLarge(Exception):
    """Raised when a request's body has more than MAX_BODY_BYTES bytes."""


class Gateway:
    """An HTTP API, as an ASGI application.

    Args:
        template: where its routes, CORS configuration and authorizers come from.
        environment: variables that every function gets in addition to the template's.
    """

    def __init__(self, template: Template, environment: Mapping[str, str]) -> None:
        self._cors = template.cors
        self._routes = Routes(template.routes)
        scheduled = {function.name: seconds for function, seconds in template.schedules}
        settings = {route.function.name: route.function for route in template.routes}
        settings |= {function.name: function for function, _ in template.schedules}
        self._functions = {name: Function(one, environment) for name, one in settings.items()}
        self.schedule = Schedule([(self._functions[name], seconds) for name, seconds in scheduled.items()])
        """Invokes the functions that no route leads to."""
        authorizers: set[JwtSettings] = {route.authorizer for route in template.routes if route.authorizer}
        self._authorizers = {one: Authorizer(one) for one in authorizers}
        self._invocations: set[asyncio.Task[Any]] = set()

    @property
    def paths(self) -> list[str]:
        """The paths of all routes, as in the template."""
        return self._routes.paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        request.state.request_id = new_request_id()
        response = self._preflight(request) or await self._respond(request)
        response.headers["apigw-requestid"] = request.state.request_id
        await response(scope, receive, send)

    def close(self) -> None:
        """End the processes of all functions."""
        for function in self._functions.values():
            function.close()

    def _preflight(self, request: Request) -> Response | None:
        if not self._cors or not cors.is_preflight(request.method, request.headers):
            return None
        # A route with OPTIONS or ANY takes the preflight, as on AWS. If that route has an authorizer, the preflight
        # is answered 401, since browsers send no token with it: https://repost.aws/questions/QUa05IJrBaSGKwB16CI_IcBw
        if self._routes.match(request.method, request.scope["path"]):
            return None
        return Response(status_code=204, headers=cors.preflight_headers(self._cors, request.headers))

    async def _respond(self, request: Request) -> Response:
        response = await self._route(request)
        if self._cors:
            cors.replace_headers(self._cors, request.headers.get("origin"), response.headers)
        return response

    async def _route(self, request: Request) -> Response:
        match = self._routes.match(request.method, request.scope["path"])
        if match is None:
            return gateway_error(404)
        try:
            claims = await self._authorize(request, match.route)
            body = await _read_body(request)
        except Unauthorized as unauthorized:
            return gateway_error(unauthorized.status, {"www-authenticate": unauthorized.challenge})
        except BodyTooLarge:
            return gateway_error(413)
        except ClientDisconnect:
            return Response(status_code=400)  # the client has gone and gets no response
        return await self._integrate(
            match.route, RoutedRequest(request, body, match.route.key, match.path_params, claims)
        )

    async def _authorize(self, request: Request, route: RouteSettings) -> Claims | None:
        if route.authorizer is None:
            return None
        return await self._authorizers[route.authorizer].authorize(request.headers, route.scopes)

    async def _integrate(self, route: RouteSettings, request: RoutedRequest) -> Response:
        event = to_event(request, route.payload_format)
        invocation = asyncio.create_task(self._functions[route.function.name].invoke(event))
        # As on AWS, the function goes on running after API Gateway has stopped waiting for it.
        self._invocations.add(invocation)
        invocation.add_done_callback(self._invocations.discard)
        await asyncio.wait({invocation}, timeout=route.timeout)
        if not invocation.done():
            invocation.add_done_callback(_log_late_failure)
            return gateway_error(503)
        try:
            return to_response(invocation.result(), route.payload_format)
        except (InvocationFailed, MalformedResponse) as failed:
            print(f"{route.function.name}: {failed}", file=sys.stderr, flush=True)
            return gateway_error(500)


async def _read_body(request: Request) -> bytes:
    if int(request.headers.get("content-length", 0)) > MAX_BODY_BYTES:
        raise BodyTooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge
    return bytes(body)


def _log_late_failure(invocation: asyncio.Task[Any]) -> None:
    """Retrieve the exception of an invocation that timed out, or asyncio would warn that nobody has."""
    if not invocation.cancelled() and (late := invocation.exception()):
        print(f"after the integration's timeout: {late}", file=sys.stderr, flush=True)
