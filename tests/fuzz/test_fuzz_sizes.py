"""64 KiB of anything is answered in milliseconds: time grows with the size, never with its square."""

import time
from typing import Any

import pytest

from tests.conftest import Invoke
from tests.fuzz.sizes import KIB, MAKERS, Maker
from tests.scripted_upstream import Reply, ScriptedUpstream

GROWTH = 8 * 3
"""How much longer eight times as much may take; with the square of the size it would be 64 times."""

LEAST = 0.002
"""Seconds that an invocation takes with a little of anything, roughly: below it, no growth can be seen."""


def seconds(session: Invoke, upstream: ScriptedUpstream, made: Any, reply: Reply) -> float:
    """The shortest of three, of this thread's own processor time: what else the machine does has no say in it."""
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
    little = {kind: seconds(session, upstream, *one) for kind, one in maker(8 * KIB).items()}
    much = {kind: seconds(session, upstream, *one) for kind, one in maker(64 * KIB).items()}

    assert [kind for kind in much if much[kind] > GROWTH * max(little[kind], LEAST)] == []
