"""What can go wrong, as the Realtime API names it.

ApiError            400, or an `error` event on the data channel
├── InvalidKey      401
├── NotFound        404
└── MethodRefused   405
"""


class ApiError(Exception):
    """Raised for what the API refuses; becomes a response at the door, or an `error` event on the data channel.

    Args:
        message: what is wrong, for a person.
        code: what is wrong, for a program.
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
    """Raised when no key, a wrong one, or a used one came along."""

    status = 401


class NotFound(ApiError):
    """Raised when the call, or the path, does not exist."""

    status = 404


class MethodRefused(ApiError):
    """Raised when the path exists, but not for this method."""

    status = 405
