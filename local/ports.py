"""The ports of the local stack, all on 127.0.0.1."""

import socket

HOST = "127.0.0.1"


class PortInUse(Exception):
    """Raised when nothing can listen on a port; the message names the variable that changes the port.

    Args:
        port: the port.
        variable: the environment variable that it comes from.
    """

    def __init__(self, port: int, variable: str) -> None:
        super().__init__(f"port {port} is in use or not allowed: set {variable} to another one")


def bind(port: int, variable: str) -> socket.socket:
    """Listen on a port.

    Args:
        port: the port; 0 chooses a free one.
        variable: the environment variable that it comes from.

    Returns:
        The socket. It already listens, since Linux lets several sockets with SO_REUSEADDR be bound to a port until one
        of them listens: the others would fail only when their servers start.

    Raises:
        PortInUse: the port cannot be bound, or another socket listens on it.
    """
    # Without IPPROTO_TCP asyncio would leave Nagle's algorithm on, and every response would wait 40 ms for an ACK.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # Connections of the last run may still be in TIME_WAIT, which must not prevent a restart.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
        bound.listen()
    except OSError as failed:
        bound.close()
        raise PortInUse(port, variable) from failed
    return bound


def free(port: int, variable: str) -> int:
    """Find a port for a server that binds it itself.

    Args:
        port: the port; 0 chooses a free one.
        variable: the environment variable that it comes from.

    Returns:
        The port.

    Raises:
        PortInUse: the port cannot be bound, or another socket listens on it.
    """
    with bind(port, variable) as taken:
        number: int = taken.getsockname()[1]
        return number
