"""The files that a browser asks for when somebody who is signed in opens the page and calls, found in its source."""

import posixpath
import re

from local.page import WEB

LINKED = re.compile(r'<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"')
IMPORTED = re.compile(r"^(?:import|export) [^']*?'(\.[^']+)'", re.MULTILINE)
SIGN_IN = "sign-in/index.js"
"""Which main.js imports where people sign in."""
CALL = "call/system.js"
"""Which is imported when a call begins."""
CALL_ICON = "icon-call.svg"
"""Which the tab has during a call."""


def first_load() -> set[str]:
    """Return the paths of the files below the page's folder; config.json is made at the deployment."""
    return {"index.html", "config.json", CALL_ICON} | linked() | imported(SIGN_IN) | imported(CALL)


def linked() -> set[str]:
    """Return the files that the document names, among them all modules that are loaded at once."""
    return set(LINKED.findall((WEB / "index.html").read_text()))


def imported(module: str) -> set[str]:
    """Return a module that is loaded later, and the modules that are loaded with it."""
    found: set[str] = set()
    left = {module}
    while left:
        path = left.pop()
        found.add(path)
        names = IMPORTED.findall((WEB / path).read_text())
        left |= {posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in names} - found
    return found - linked()
