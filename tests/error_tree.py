"""All errors that a response is made of."""

from realtime.errors import RealtimeError


def leaves(kind: type[RealtimeError]) -> list[type[RealtimeError]]:
    """Return the errors without subclasses, in the order in which they are defined."""
    return [leaf for child in kind.__subclasses__() for leaf in leaves(child)] or [kind]


ERRORS = leaves(RealtimeError)
