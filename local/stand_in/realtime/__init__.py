"""Realtime and transcription sessions: `/v1/realtime`."""
