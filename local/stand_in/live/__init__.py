"""Live sessions: `/v1/live`."""
