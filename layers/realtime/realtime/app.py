"""The ASGI app of a function, and its Lambda handler: each error becomes a response here, once."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from realtime.error_response import respond_to_error, respond_to_http_exception
from realtime.errors import RealtimeError
from realtime.event import TEXT_MIME_TYPES, HttpApiAdapter, request_id, root_path
from realtime.event_loop import event_loop
from realtime.http_client import http_client
from realtime.telemetry import logger
from realtime.timeouts import set_function_deadline
from realtime.warm_up import warm_up

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Event = dict[str, Any]
Handler = Callable[[Event, "LambdaContext"], dict[str, Any]]


class RequestMiddleware:
    """Starts the function's time limit, adds the headers that every response has, logs one line, and remembers errors.

    Args:
        app: the app inside.

    Attributes:
        unexpected_error: an exception that no exception handler turned into a response. Mangum would answer 500 and
            hide it from Lambda, so the handler raises it again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.unexpected_error: BaseException | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        correlation_id = request_id(scope["aws.event"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(b"cache-control", b"no-store"), (b"x-request-id", correlation_id.encode())]
                log = logger.error if message["status"] >= 500 else logger.info
                log("Answered", status=message["status"])
            await send(message)

        try:
            scope["root_path"] = root_path(scope["aws.event"], scope["path"])
            logger.set_correlation_id(correlation_id)
            set_function_deadline(scope["aws.context"].get_remaining_time_in_millis())
            await http_client.close_if_idle()
            await self._app(scope, receive, send_with_headers)
        except BaseException as error:
            self.unexpected_error = error
            raise


def create_handler(routes: Sequence[Route]) -> Handler:
    """Make the Lambda handler of a function. Sets the thread's event loop, and in Lambda reads the secrets.

    Args:
        routes: its routes.

    Returns:
        A function of API Gateway's event (payload format 2.0 or 1.0) and Lambda's context that returns API Gateway's
        response. It raises every exception that is not a RealtimeError, so that Lambda counts it.
    """
    asyncio.set_event_loop(event_loop())  # Mangum uses the current loop of the thread
    app = RequestMiddleware(_create_app(routes))
    adapter = HttpApiAdapter(app, lifespan="off", text_mime_types=TEXT_MIME_TYPES)
    warm_up()

    # POWERTOOLS_LOGGER_LOG_EVENT would log offers and bearer tokens: it has no effect here.
    @logger.inject_lambda_context(clear_state=True, log_event=False)
    def handler(event: Event, context: "LambdaContext") -> dict[str, Any]:
        app.unexpected_error = None
        response = adapter(event, cast("Any", context))
        if app.unexpected_error:
            raise app.unexpected_error
        if response["statusCode"] == 204:
            response["headers"].pop("content-type", None)  # Mangum adds one to every response; a 204 has no content
        return response

    return cast("Handler", handler)


def _create_app(routes: Sequence[Route]) -> Starlette:
    handlers: dict[Any, Any] = {RealtimeError: respond_to_error, HTTPException: respond_to_http_exception}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    for route in routes:
        cast("set[str]", route.methods).discard("HEAD")  # Starlette adds it to GET, and a HEAD would mint a key
    return app
