"""Local stand-ins for AWS and for the Realtime API, started by `make run`."""
