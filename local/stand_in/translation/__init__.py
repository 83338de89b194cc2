"""Translation sessions: `/v1/realtime/translations`."""
