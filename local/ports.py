"""The ports that the local stack listens on, all on 127.0.0.1."""

import socket

HOST = "127.0.0.1"


class PortInUse(Exception):
    """Raised when somebody else listens there; the message names the variable that changes the port.

    Args:
        port: the port.
        variable: the environment variable that it comes from.
    """

    def __init__(self, port: int, variable: str) -> None:
        super().__init__(f"port {port} is in use or not allowed: set {variable} to another one")


def bound(port: int, variable: str) -> socket.socket:
    """Take a port.

    Args:
        port: the port; 0 takes a free one.
        variable: the environment variable that it comes from.

    Returns:
        A socket that has it, and does not listen yet.

    Raises:
        PortInUse: it is not to be had.
    """
    # The protocol is named, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an acknowledgement.
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # As servers do: a connection of the last run that is not forgotten yet is no obstacle.
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
    except OSError as refused:
        taken.close()
        raise PortInUse(port, variable) from refused
    return taken


def free(port: int, variable: str) -> int:
    """Find a port for a server that binds it itself.

    Args:
        port: the port; 0 takes a free one.
        variable: the environment variable that it comes from.

    Returns:
        The port.

    Raises:
        PortInUse: it is not to be had.
    """
    with bound(port, variable) as taken:
        number: int = taken.getsockname()[1]
        return number
