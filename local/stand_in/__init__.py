"""A stand-in for OpenAI's Realtime API: real WebRTC on 127.0.0.1, and a model that repeats what it hears."""
