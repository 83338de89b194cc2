"""A stand-in for OpenAI's Realtime API: real WebRTC on 127.0.0.1, and a parrot instead of a model."""
