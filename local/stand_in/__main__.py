"""Serves the stand-in: `python -m local.stand_in`.

Environment: `UPSTREAM_PORT` (default 8001) and `OPENAI_API_KEY`, the standard API key that it accepts.
With `--while-stdin-is-open` it ends when its standard input is closed, so that it ends with a parent that is killed.
"""

import os
import signal
import sys
import threading

import uvicorn

from local.stand_in.app import create_app

HOST = "127.0.0.1"
PORT = 8001


def main() -> None:
    """Serve until a signal arrives; then end the calls within two seconds."""
    if "--while-stdin-is-open" in sys.argv:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    port = int(os.environ.get("UPSTREAM_PORT", PORT))
    app = create_app(os.environ["OPENAI_API_KEY"])
    uvicorn.run(app, host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=1, access_log=False)


def _end_with_stdin() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
