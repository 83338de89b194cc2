"""64 KiB of anything is answered in milliseconds: time grows with the size, not with its square."""

import time
from typing import Any

import pytest

from tests.conftest import Invoke
from tests.fuzz.sizes import KIB, MAKERS, Maker
from tests.scripted_upstream import Reply, ScriptedUpstream

GROWTH = 8 * 3
"""How many times as long eight times the size may take; if time grew with its square it would be 64 times."""

SHORTEST = 0.002
"""Seconds that an invocation takes with a small input, roughly; growth below this cannot be measured."""


def seconds(session: Invoke, upstream: ScriptedUpstream, made: Any, reply: Reply) -> float:
    """Return the shortest of three runs, in processor time of this thread: other processes do not change it."""
    upstream.says(reply)
    taken = []
    for _ in range(3):
        began = time.thread_time()
        assert 200 <= session(made)["statusCode"] < 500
        taken.append(time.thread_time() - began)
    return min(taken)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_time_does_not_grow_with_the_square_of_the_size(
    session: Invoke, upstream: ScriptedUpstream, maker: Maker
) -> None:
    small = {kind: seconds(session, upstream, *one) for kind, one in maker(8 * KIB).items()}
    large = {kind: seconds(session, upstream, *one) for kind, one in maker(64 * KIB).items()}

    assert [kind for kind in large if large[kind] > GROWTH * max(small[kind], SHORTEST)] == []
