"""The errors of the Realtime API, and the exception handler that turns them into responses.

ApiError               400, or an `error` event on the data channel
├── InvalidKey         401
├── NotFound           404
└── MethodNotAllowed   405
"""

from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """Raised for an invalid request or client event; becomes an HTTP response or an `error` event.

    Args:
        message: the reason, for people.
        code: the reason, for programs.
        param: the path of the parameter at fault, for example `session.audio.output.voice`.
    """

    status = 400
    type = "invalid_request_error"

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param

    @property
    def members(self) -> dict[str, str | None]:
        """The members of the API's error object (OpenAPI: `Error`)."""
        return {"message": self.message, "type": self.type, "param": self.param, "code": self.code}


class InvalidKey(ApiError):
    """Raised when the key is missing, wrong, expired or used already."""

    status = 401


class NotFound(ApiError):
    """Raised when the call or the path does not exist."""

    status = 404


class MethodNotAllowed(ApiError):
    """Raised when the path exists, but not for this method."""

    status = 405


def error_response(request: Request, error: Exception) -> Response:
    """Turn an error into a response; Starlette's exception handler."""
    api_error = error if isinstance(error, ApiError) else _from_http_exception(request, cast(HTTPException, error))
    response = JSONResponse({"error": api_error.members}, api_error.status)
    if api_error.code == "invalid_api_key":
        # The real API does this too; clients that choose a parser by the content type fail on it.
        response.headers["content-type"] = "text/plain; charset=utf-8"
    return response


def _from_http_exception(request: Request, error: HTTPException) -> ApiError:
    path = f"{request.method} {request.url.path}"
    if error.status_code == 404:
        return NotFound(f"Invalid URL ({path})")
    if error.status_code == 405:
        return MethodNotAllowed(f"Not allowed to {path}. (HINT: Perhaps you meant to use a different HTTP method?)")
    return ApiError(error.detail)
