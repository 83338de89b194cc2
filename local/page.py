"""CloudFront: one origin for the page and the API, so that the page needs no CORS."""

import sys
from collections.abc import Mapping
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
from local.headers import Headers, headers_for
from local.package import package_routes
from local.response import gateway_error
from local.routed_request import new_request_id
from local.template import ROOT

sys.path.append(str(ROOT / "layers" / "realtime"))

from realtime.errors import Misconfigured
from realtime.presets import presets

WEB = ROOT / "web"
VENDOR = {
    "/vendor/marked.js": ROOT / "node_modules" / "marked" / "lib" / "marked.esm.js",
    "/vendor/oauth4webapi.js": ROOT / "node_modules" / "oauth4webapi" / "build" / "index.js",
}
"""Third-party scripts of the page by their URL path. The page loads them only where they are needed."""


class Page(StaticFiles):
    """The files of the page.

    Args:
        web: their folder.
        headers: response headers by path pattern; a file gets those of the first pattern that matches its path.
    """

    def __init__(self, web: Path, headers: Headers) -> None:
        super().__init__(directory=web, html=True)
        self._headers = headers

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request with a file, or with API Gateway's 404."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException:
            return gateway_error(404)
        response.headers.update(headers_for(self._headers, scope["path"]))
        return response


def site(gateway: Gateway, web: Path, config: Mapping[str, Any], headers: Headers) -> Starlette:
    """Serve the page, its configuration and the API from one origin.

    Args:
        gateway: the API.
        web: the folder of the page.
        config: the members of /config.json, without those about presets.
        headers: response headers of the page's files by path pattern, e.g. its Content-Security-Policy.

    Returns:
        An ASGI application.
    """

    def config_json(request: Request) -> Response:
        try:
            return JSONResponse(
                {**config, **catalogue(config.get("default_preset"))}, headers=headers_for(headers, request.url.path)
            )
        except Misconfigured as invalid:  # the presets were edited after the start
            return _error_response(invalid)

    def vendor_file(request: Request) -> Response:
        file = VENDOR[request.url.path]
        if not file.is_file():
            return gateway_error(404)
        return FileResponse(file, headers=headers_for(headers, request.url.path))

    api = [Route(path.replace("+}", ":path}"), gateway) for path in gateway.paths]
    vendor = [Route(path, vendor_file) for path in VENDOR]
    files = GZipMiddleware(Page(web, headers), minimum_size=1_000)  # CloudFront compresses from 1,000 bytes too
    site = Starlette(
        routes=[Route("/config.json", config_json), *vendor, *package_routes(headers), *api, Mount("/", files)]
    )
    site.router.redirect_slashes = False
    return site


def _error_response(error: Misconfigured) -> Response:
    """Answer with an error in the form of the contract, as the functions do."""
    body = {"message": error.message, "type": "server_error", "code": error.code, "param": error.param}
    return JSONResponse({"error": {**body, "request_id": new_request_id()}}, error.status)


def catalogue(default: str | None = None) -> dict[str, Any]:
    """Describe the presets in their current file.

    Args:
        default: replaces the default that the file names.

    Returns:
        The members of /config.json that are about presets.

    Raises:
        Misconfigured: the file is not valid; the message names the field and the reason. Or it has no such default.
    """
    presets.cache_clear()
    return presets().for_the_page(default)
