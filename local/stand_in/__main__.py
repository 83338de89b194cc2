"""Serve the stand-in: `python -m local.stand_in`.

Environment: `UPSTREAM_PORT` (8001 where it is not set) and `OPENAI_API_KEY`, the standard key that it accepts.
"""

import os

import uvicorn

from local.stand_in.app import create_app

HOST = "127.0.0.1"
PORT = 8001


def main() -> None:
    """Serve until told to stop; then end the calls, within two seconds."""
    port = int(os.environ.get("UPSTREAM_PORT", PORT))
    app = create_app(os.environ["OPENAI_API_KEY"])
    uvicorn.run(app, host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=1, access_log=False)


if __name__ == "__main__":
    main()
