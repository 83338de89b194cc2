"""CloudFront: one origin for the page and the API, so that the page needs no CORS."""

import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from local.gateway import Gateway
from local.response import own
from local.template import ROOT

sys.path.append(str(ROOT / "layers" / "realtime"))

from realtime.errors import Misconfigured
from realtime.presets import presets

Headers = Mapping[str, Mapping[str, str]]

WEB = ROOT / "web"
VENDOR = {"/vendor/oauth4webapi.js": ROOT / "node_modules" / "oauth4webapi" / "build" / "index.js"}
"""What the page needs of others, by its path there: only to sign people in, and never kept in web/."""


class Page(StaticFiles):
    """The files of the page.

    Args:
        web: their folder.
        headers: by path pattern; a file has those of the first that fits.
    """

    def __init__(self, web: Path, headers: Headers) -> None:
        super().__init__(directory=web, html=True)
        self._headers = headers

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request; what is no file is for the API, which does not know it either."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException:
            return own(404)
        response.headers.update(fitting(self._headers, scope["path"]))
        return response


def fitting(headers: Headers, path: str) -> dict[str, str]:
    """Find the headers of a path.

    Args:
        headers: by path pattern.
        path: the request's.

    Returns:
        Those of the first pattern that fits.
    """
    found = next((own for pattern, own in headers.items() if fnmatchcase(path, pattern)), {})
    # The browser asks each time whether a file has changed, since a contributor edits them.
    return {"cache-control": "no-cache", **found}


def site(gateway: Gateway, web: Path, config: Mapping[str, Any], headers: Headers) -> Starlette:
    """Put the page, its configuration and the API behind one origin.

    Args:
        gateway: the API.
        web: the folder of the page.
        config: what /config.json has besides the presets.
        headers: of whatever belongs to the page, e.g. its Content-Security-Policy, by path pattern.

    Returns:
        An ASGI application.
    """

    def configure(request: Request) -> Response:
        try:
            return JSONResponse({**config, **catalogue()}, headers=fitting(headers, request.url.path))
        except Misconfigured as broken:  # since the start
            return JSONResponse({"error": {"message": broken.message, "code": "misconfigured"}}, 500)

    def lend(request: Request) -> Response:
        file = VENDOR[request.url.path]
        return FileResponse(file, headers=fitting(headers, request.url.path)) if file.is_file() else own(404)

    api = [Route(path.replace("+}", ":path}"), gateway) for path in gateway.paths]
    vendor = [Route(path, lend) for path in VENDOR]
    files = GZipMiddleware(Page(web, headers), minimum_size=1_000)  # what CloudFront compresses, too
    site = Starlette(routes=[Route("/config.json", configure), *vendor, *api, Mount("/", files)])
    site.router.redirect_slashes = False
    return site


def catalogue() -> dict[str, Any]:
    """Describe the presets, as the file has them now.

    Returns:
        The members of /config.json that are about presets.

    Raises:
        Misconfigured: the file is not valid; the message names the field and the reason.
    """
    presets.cache_clear()
    return {"default_preset": presets().default, "presets": presets().catalogue}


__all__ = ["WEB", "Misconfigured", "catalogue", "site"]
