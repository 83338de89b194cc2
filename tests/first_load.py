"""The files of the built page that a browser asks for when somebody who is signed in opens the page and calls."""

import gzip
import posixpath
import re
from pathlib import Path

LINKED = re.compile(r'<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"')
IMPORTED = re.compile(r'\b(?:from|import)"(\./[^"]+)"')
SIGN_IN = "assets/sign-in-*.js"
"""Which main.js imports where people sign in."""
CALL = "assets/system-*.js"
"""Which is imported when a call begins."""
CALL_ICON = "icon-call.svg"
"""Which the tab has during a call."""
COMPRESSED = 1_000
"""CloudFront compresses files of so many bytes and more."""


def first_load(web: Path) -> set[str]:
    """Return the paths of the files below the page's folder; config.json is made at the deployment."""
    return {*opened(web), "config.json", CALL_ICON} | imported(web, SIGN_IN) | imported(web, CALL)


def opened(web: Path) -> set[str]:
    """Return the document, and the files that it names, among them all modules that are loaded at once."""
    return {"index.html", *LINKED.findall((web / "index.html").read_text())}


def imported(web: Path, pattern: str) -> set[str]:
    """Return a module that is loaded later, and the modules that are loaded with it."""
    [module] = web.glob(pattern)
    left, found = {module.relative_to(web).as_posix()}, set[str]()
    while left:
        path = left.pop()
        found.add(path)
        names = IMPORTED.findall((web / path).read_text())
        left |= {posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in names} - found
    return found


def transferred(web: Path, names: set[str]) -> int:
    """Return how many bytes CloudFront sends for files."""
    bodies = [(web / name).read_bytes() for name in names]
    return sum(len(gzip.compress(body) if len(body) >= COMPRESSED else body) for body in bodies)
