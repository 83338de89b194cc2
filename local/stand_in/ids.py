"""Ids in the API's format."""

import secrets


def new_id(kind: str) -> str:
    """Make an id, for example `item_…`."""
    return f"{kind}_{secrets.token_hex(12)}"
