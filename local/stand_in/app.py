"""The stand-in as an ASGI app."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Thread

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_in.authentication import Authentication
from local.stand_in.calls import Calls
from local.stand_in.connection import listen_only_at
from local.stand_in.errors import ApiError, error_response
from local.stand_in.keys import Keys
from local.stand_in.live.routes import LiveRoutes
from local.stand_in.middleware import HeadersMiddleware
from local.stand_in.realtime.routes import RealtimeRoutes
from local.stand_in.translation.routes import TranslationRoutes
from local.stand_in.typed import import_types

CONNECT_TIMEOUT_SECONDS = 30.0


def create_app(
    api_key: str,
    *,
    clock: Callable[[], float] = time.time,
    connect_timeout: float = CONNECT_TIMEOUT_SECONDS,
    max_call_seconds: float | None = None,
    media_address: str = "127.0.0.1",
) -> Starlette:
    """Make the stand-in.

    Args:
        api_key: the standard API key that it accepts.
        clock: returns the time by which ephemeral keys expire, in seconds since the epoch.
        connect_timeout: seconds within which the client of a new call must connect.
        max_call_seconds: seconds after which a call ends; None for what its API allows.
        media_address: the IPv4 address of this machine at which the calls' audio and events arrive.

    Returns:
        The app; its calls run in the event loop that serves it, and end with it.
    """
    listen_only_at(media_address)
    keys, calls = Keys(api_key, clock), Calls(connect_timeout, max_call_seconds)
    authentication = Authentication(keys)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        Thread(target=import_types, daemon=True).start()
        yield
        await calls.close()

    async def describe(request: Request) -> Response:
        """`GET /_stand_in`: the state of the stand-in, for tests. The real API has no such route."""
        return JSONResponse(
            {
                "open_calls": calls.describe(),
                "calls_created": calls.created,
                "calls_ended": calls.ended,
                "connections": authentication.connections,
            }
        )

    return Starlette(
        routes=[
            *RealtimeRoutes(authentication, keys, calls).routes,
            *TranslationRoutes(authentication, keys, calls).routes,
            *LiveRoutes(authentication, calls).routes,
            Route("/_stand_in", describe),
        ],
        middleware=[Middleware(HeadersMiddleware)],
        exception_handlers={ApiError: error_response, HTTPException: error_response},
        lifespan=lifespan,
    )
