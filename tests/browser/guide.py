"""The guide's code, as it stands there: a snippet is a block of code under a comment that names it."""

import re

from tests.conftest import ROOT

DEPLOYMENT = "https://voice.example.com"
"""What the guide calls the deployment's URL."""

SNIPPET = re.compile(r"<!-- snippet: ([\w-]+) -->\n\n```\w+\n(.*?)```", re.DOTALL)


def snippets(url: str) -> dict[str, str]:
    """Read all snippets of the guide and of the package's README.

    Args:
        url: of the deployment that they are to call.

    Returns:
        The code of each, by name.
    """
    texts = [(ROOT / file).read_text() for file in ("docs/frontend.md", "web/realtime/README.md")]
    return {name: code.replace(DEPLOYMENT, url) for text in texts for name, code in SNIPPET.findall(text)}
