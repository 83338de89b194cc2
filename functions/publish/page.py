"""The page: its files, the configuration that is made for it, and how each is served."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from failure import InvalidPresets, NothingToPublish

WEB = Path(__file__).with_name("web")
"""A link to the page's folder; `sam build` puts the folder itself in its place."""

TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ts": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""Spelt out, since a browser that is told not to sniff takes no module of another type, and what the operating system
thinks of a suffix differs. Anything else is a download. Types: https://www.iana.org/assignments/media-types"""

# The names of the files stay the same when their content changes, so a browser may keep one but must ask before it
# uses it: its ETag makes that answer a 304 as long as nothing has changed.
REVALIDATED = "no-cache"
# Tells who may come in, and how: a copy that outlives a deployment would lock people out.
NEVER_KEPT = "no-store"

CONFIG = "config.json"


class File(NamedTuple):
    """A file, and the headers that it is served with, in S3's parameters."""

    key: str
    body: bytes
    headers: dict[str, Any]

    @property
    def rank(self) -> int:
        """Tell what has to be there first: modules, then the configuration, then pages, then the first page."""
        if self.key == "index.html":
            return 3
        return 2 if self.key.endswith(".html") else int(self.key == CONFIG)


def page(config: dict[str, Any]) -> list[File]:
    """Gather the page.

    Args:
        config: what config.json has besides the presets.

    Returns:
        Every file of it, config.json included.

    Raises:
        NothingToPublish: the page is not in the bundle.
        InvalidPresets: the presets are not valid.
    """
    if not (WEB / "index.html").is_file():
        raise NothingToPublish(
            "The bundle has no web/index.html: run `sam build` in the whole repository, then deploy."
        )
    files = [served(name(path), path.read_bytes()) for path in WEB.rglob("*") if path.is_file() and is_public(path)]
    return [*(file for file in files if file.key != CONFIG), configuration(config)]


def configuration(config: dict[str, Any]) -> File:
    """Make config.json, as `make run` makes it.

    Args:
        config: what it has besides the presets.

    Returns:
        The file.

    Raises:
        InvalidPresets: the presets are not valid.
    """
    # Not at the head of the file: a layer that does not load must be told to CloudFormation too, and hinder no removal.
    from realtime.errors import Misconfigured
    from realtime.presets import presets

    try:
        catalogue = {"default_preset": presets().default, "presets": presets().catalogue}
    except Misconfigured as invalid:
        raise InvalidPresets(f"{invalid.message} Mend that, then deploy again.") from invalid
    whole = {**config, **catalogue}
    return served(CONFIG, json.dumps(whole).encode(), cache_control=NEVER_KEPT)


def served(key: str, body: bytes, *, cache_control: str = REVALIDATED) -> File:
    """Say how a file is served.

    Args:
        key: its path from the page's folder.
        body: its content.
        cache_control: what browsers and CloudFront may do with it.

    Returns:
        The file. Its digest is among the headers, since S3's own ETag is one only under some kinds of encryption.
    """
    content_type = TYPES.get(Path(key).suffix.lower(), "application/octet-stream")
    digest = {"sha256": hashlib.sha256(body).hexdigest()}
    return File(key, body, {"ContentType": content_type, "CacheControl": cache_control, "Metadata": digest})


def name(path: Path) -> str:
    """Name a file as it is addressed: `img/icon.svg`."""
    return path.relative_to(WEB).as_posix()


def is_public(path: Path) -> bool:
    """Keep back what an editor or a system hides there; /.well-known is for the public (RFC 8615)."""
    return not any(part.startswith(".") and part != ".well-known" for part in path.relative_to(WEB).parts)
