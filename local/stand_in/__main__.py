"""Serves the stand-in: `python -m local.stand_in`.

Environment: `OPENAI_API_KEY`, the standard API key that it accepts, and `UPSTREAM_PORT` (default 8001) or
`UPSTREAM_SOCKET`, the descriptor of a socket with which the parent listens. `MEDIA_ADDRESS` (default 127.0.0.1) is the
address of this machine at which the calls' audio and events arrive.
With `--while-stdin-is-open` it ends when its standard input is closed, so that it ends with a parent that is killed.
"""

import os
import signal
import socket
import sys
import threading
from contextlib import suppress

import uvicorn

from local.stand_in.app import create_app

HOST = "127.0.0.1"
PORT = 8001


def main() -> None:
    """Serve until a signal arrives; then end the calls within two seconds."""
    if "--while-stdin-is-open" in sys.argv:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    app = create_app(os.environ["OPENAI_API_KEY"], media_address=os.environ.get("MEDIA_ADDRESS") or HOST)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, access_log=False)
    with suppress(KeyboardInterrupt):  # which the server raises once it has stopped
        uvicorn.Server(config).run([_listener()])
    # Not by returning: an import that still runs in its thread would be interrupted with a traceback.
    os._exit(0)


def _listener() -> socket.socket:
    if descriptor := os.environ.get("UPSTREAM_SOCKET"):
        return socket.socket(fileno=int(descriptor))
    return socket.create_server((HOST, int(os.environ.get("UPSTREAM_PORT", PORT))))


def _end_with_stdin() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
