"""API Gateway: finds the route of a request, asks its authorizer, invokes its function, and answers as AWS does."""

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local import cors
from local.arrival import Arrival, new_request_id
from local.authorizer import Authorizer, Granted, Refused
from local.event import event_of
from local.function import Function, InvocationFailed
from local.response import MalformedResponse, own, response_of
from local.routes import Routes
from local.settings import JwtSettings, RouteSettings
from local.template import Template

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes; https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html."""


class TooLarge(Exception):
    """Raised when a request has more than LARGEST_BODY bytes."""


class Gateway:
    """An HTTP API, as an ASGI application.

    Args:
        template: where its routes, CORS configuration and authorizers come from.
        environment: variables that every function is given besides the template's.
    """

    def __init__(self, template: Template, environment: Mapping[str, str]) -> None:
        self._cors = template.cors
        self._routes = Routes(template.routes)
        settings = {route.function.name: route.function for route in template.routes}
        self._functions = {name: Function(one, environment) for name, one in settings.items()}
        authorizers: set[JwtSettings] = {route.authorizer for route in template.routes if route.authorizer}
        self._authorizers = {one: Authorizer(one) for one in authorizers}
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def paths(self) -> list[str]:
        """The paths of all routes, as the template has them."""
        return self._routes.paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        request.state.request_id = new_request_id()
        response = self._preflight(request) or await self._respond(request)
        response.headers["apigw-requestid"] = request.state.request_id
        await response(scope, receive, send)

    def end(self) -> None:
        """End all functions."""
        for function in self._functions.values():
            function.end()

    def _preflight(self, request: Request) -> Response | None:
        if not self._cors or not cors.is_preflight(request.method, request.headers):
            return None
        # A route that takes OPTIONS gets it, one with ANY too, and its authorizer refuses what no browser can sign:
        # https://repost.aws/questions/QUa05IJrBaSGKwB16CI_IcBw
        if self._routes.match(request.method, request.scope["path"]):
            return None
        return Response(status_code=204, headers=cors.preflight_headers(self._cors, request.headers))

    async def _respond(self, request: Request) -> Response:
        response = await self._routed(request)
        if self._cors:
            cors.put_over(self._cors, request.headers.get("origin"), response.headers)
        return response

    async def _routed(self, request: Request) -> Response:
        match = self._routes.match(request.method, request.scope["path"])
        if match is None:
            return own(404)
        try:
            granted = await self._authorize(request, match.route)
            body = await _read(request)
        except Refused as refused:
            return own(refused.status, {"www-authenticate": refused.challenge})
        except TooLarge:
            return own(413)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody will see it
        return await self._integrate(
            match.route, Arrival(request, body, match.route.key, match.path_parameters, granted)
        )

    async def _authorize(self, request: Request, route: RouteSettings) -> Granted | None:
        if route.authorizer is None:
            return None
        return await self._authorizers[route.authorizer].authorize(request.headers, route.scopes)

    async def _integrate(self, route: RouteSettings, arrival: Arrival) -> Response:
        event = event_of(arrival, route.payload_format)
        invocation = asyncio.create_task(self._functions[route.function.name].invoke(event))
        # On AWS too the function runs on when API Gateway does not wait any longer.
        self._running.add(invocation)
        invocation.add_done_callback(self._running.discard)
        await asyncio.wait({invocation}, timeout=route.timeout)
        if not invocation.done():
            invocation.add_done_callback(_forget)
            return own(503)
        try:
            return response_of(invocation.result(), route.payload_format)
        except (InvocationFailed, MalformedResponse) as failed:
            print(f"{route.function.name}: {failed}", file=sys.stderr, flush=True)
            return own(500)


async def _read(request: Request) -> bytes:
    if int(request.headers.get("content-length", 0)) > LARGEST_BODY:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)


def _forget(invocation: asyncio.Task[Any]) -> None:
    """Look at what came of an invocation that nobody waits for, so that asyncio does not complain."""
    if not invocation.cancelled() and (late := invocation.exception()):
        print(f"after its time: {late}", file=sys.stderr, flush=True)
