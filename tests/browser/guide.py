"""The snippets of the guide: blocks of code below a comment with the snippet's name."""

import re

from tests.conftest import ROOT

DEPLOYMENT = "https://voice.example.com"
"""The deployment's URL in the guide."""

SNIPPET = re.compile(r"<!-- snippet: ([\w-]+) -->\n\n```\w+\n(.*?)```", re.DOTALL)


def snippets(url: str) -> dict[str, str]:
    """Read the snippets of the guide and of the package's README.

    Args:
        url: the URL of the deployment that they call.

    Returns:
        The code of each snippet, by its name.
    """
    texts = [(ROOT / file).read_text() for file in ("docs/frontend.md", "web/realtime/README.md")]
    return {name: code.replace(DEPLOYMENT, url) for text in texts for name, code in SNIPPET.findall(text)}
