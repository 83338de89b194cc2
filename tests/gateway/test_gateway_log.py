"""The request log: one line for each response."""

import re
from pathlib import Path

import httpx

from local.stack import serve
from tests.gateway.conftest import NOWHERE, write_api


def test_control_characters_in_an_errors_message_do_not_reach_the_terminal(tmp_path: Path) -> None:
    error = {"code": "odd", "message": "\x1b[31mred\nnext line\x9b"}
    source = f"import json\ndef handler(*_): return {{'statusCode': 400, 'body': json.dumps({{'error': {error!r}}})}}"
    lines: list[str] = []

    with serve(template=write_api(tmp_path, source), base_url=NOWHERE, log=lines.append) as stack:
        httpx.get(f"{stack.url}/odd", timeout=30)

    assert [re.sub(r"\d+ ms", "0 ms", line) for line in lines] == ["GET     /odd  400  0 ms  odd:  [31mred next line "]
