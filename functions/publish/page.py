"""The page: its files, its config.json, and the headers with which each file is served."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from failure import InvalidPresets, NothingToPublish

WEB = Path(__file__).with_name("web")
"""A link to the page's folder, which `sam build` replaces by the folder itself."""

TYPES = {
    "": "text/plain; charset=utf-8",
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
    ".tgz": "application/gzip",
    ".ts": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""The media types by suffix; any other file is a download. They are listed here, since `mimetypes` depends on the
operating system, and with `nosniff` a browser refuses modules of another type. Types:
https://www.iana.org/assignments/media-types"""

# A file keeps its name when its content changes, so the browser must ask before it uses a cached copy. By the file's
# ETag the answer is a 304 if nothing has changed. CloudFront answers from its cache, for a year or until the
# invalidation of the next deployment: otherwise S3 would be asked whenever somebody opens the page.
# Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
REVALIDATED = "max-age=0, must-revalidate, s-maxage=31536000"
# A file of the page whose name contains a digest of its content, for example assets/main-26V5CE5U.js, and the file of a
# full version, for example realtime/1.0.0/index.js, are neither replaced nor removed: see `Bucket`.
IMMUTABLE = "max-age=31536000, immutable"
# The file of a major version, realtime/1/index.js, is what the frontends of others import: an hour without a request.
SHORT = "max-age=3600, s-maxage=31536000"
# config.json says how people sign in: with a copy from before a deployment they could not.
NOT_CACHED = "no-store"

CONFIG = "config.json"

BUNDLE = r"assets/[\w-]+-[A-Z2-7]{8}\.(js|css)"
"""A bundle of the page: esbuild ends its name with 40 bits of a digest in base32."""

NUMBER = "(0|[1-9][0-9]*)"
PRE_RELEASE = f"({NUMBER}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
BUILD = "[0-9a-zA-Z-]+"
FULL_VERSION = rf"{NUMBER}\.{NUMBER}\.{NUMBER}(-{PRE_RELEASE}(\.{PRE_RELEASE})*)?(\+{BUILD}(\.{BUILD})*)?"
"""A semantic version, also with a pre-release or build metadata: 1.0.0, 1.0.0-rc.1 (https://semver.org/)."""


class File(NamedTuple):
    """A file, and the headers with which it is served, as parameters of S3's PutObject."""

    key: str
    body: bytes
    headers: dict[str, Any]

    @property
    def rank(self) -> int:
        """The order of upload: scripts and other files, then config.json, then HTML, then index.html."""
        if self.key == "index.html":
            return 3
        return 2 if self.key.endswith(".html") else int(self.key == CONFIG)


def page(config: dict[str, Any]) -> list[File]:
    """Collect the files of the page.

    Args:
        config: the members of config.json, without those about presets.

    Returns:
        All files, including config.json.

    Raises:
        NothingToPublish: the page is not in the bundle.
        InvalidPresets: the presets are not valid.
    """
    if not (WEB / "index.html").is_file():
        raise NothingToPublish(
            "The bundle has no web/index.html: run `sam build` in the whole repository, then deploy."
        )
    files = [
        with_headers(name(path), path.read_bytes()) for path in WEB.rglob("*") if path.is_file() and is_public(path)
    ]
    return [*(file for file in files if file.key != CONFIG), configuration(config)]


def configuration(config: dict[str, Any]) -> File:
    """Make config.json, with the same members as in `make run`.

    Args:
        config: its members, without `presets`; `default_preset` is empty where the presets' default is used.

    Returns:
        The file.

    Raises:
        InvalidPresets: the presets are not valid.
    """
    # Imported here: if the layer cannot be imported, CloudFormation must get an answer, and a Delete must still work.
    from realtime.errors import Misconfigured
    from realtime.presets import presets

    try:
        catalogue = presets().for_the_page(config.get("default_preset"))
    except Misconfigured as invalid:
        raise InvalidPresets(f"{invalid.message} Fix that, then deploy again.") from invalid
    members = {**config, **catalogue}
    return with_headers(CONFIG, json.dumps(members).encode())


def is_immutable(key: str) -> bool:
    """Return whether a key is a bundle of the page, or below a full version of the package: `realtime/1.0.0/`."""
    return re.match(rf"{BUNDLE}$|realtime/{FULL_VERSION}/", key) is not None


def is_major_version(key: str) -> bool:
    """Return whether a key is below a major version of the package: `realtime/1/`."""
    return re.match(rf"realtime/{NUMBER}/", key) is not None


def cache_control(key: str) -> str:
    """Return the `Cache-Control` header of a key."""
    if key == CONFIG:
        return NOT_CACHED
    if is_immutable(key):
        return IMMUTABLE
    return SHORT if is_major_version(key) else REVALIDATED


def with_headers(key: str, body: bytes) -> File:
    """Add the headers to a file.

    Args:
        key: its path below the page's folder.
        body: its content.

    Returns:
        The file. Its metadata has a digest, since S3's ETag is a digest only with some kinds of encryption.
    """
    content_type = TYPES.get(Path(key).suffix.lower(), "application/octet-stream")
    digest = {"sha256": hashlib.sha256(body).hexdigest()}
    headers = {"ContentType": content_type, "CacheControl": cache_control(key), "Metadata": digest}
    return File(key, body, headers)


def name(path: Path) -> str:
    """Return a file's path in its URL: `img/icon.svg`."""
    return path.relative_to(WEB).as_posix()


def is_public(path: Path) -> bool:
    """Return whether a file is published: hidden files are not, except those in .well-known (RFC 8615)."""
    return not any(part.startswith(".") and part != ".well-known" for part in path.relative_to(WEB).parts)
