"""CloudFront: one origin for the page and the API, so that the page needs no CORS."""

import sys
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from local.gateway import Gateway
from local.response import own
from local.template import ROOT

sys.path.append(str(ROOT / "layers" / "realtime"))

from realtime.errors import Misconfigured
from realtime.presets import presets

WEB = ROOT / "web"


class Page(StaticFiles):
    """The files of the page; the browser asks each time whether they have changed, since a contributor edits them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Answer with a file, or with 304."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request; what is no file is for the API, which does not know it either."""
        try:
            return await super().get_response(path, scope)
        except HTTPException:
            return own(404)


def site(gateway: Gateway, web: Path, config: dict[str, Any]) -> Starlette:
    """Put the page, its configuration and the API behind one origin.

    Args:
        gateway: the API.
        web: the folder of the page.
        config: what /config.json has besides the presets.

    Returns:
        An ASGI application.
    """

    def configure(_: Request) -> Response:
        try:
            return JSONResponse({**config, **catalogue()}, headers={"cache-control": "no-cache"})
        except Misconfigured as broken:  # since the start
            return JSONResponse({"error": {"message": broken.message, "code": "misconfigured"}}, 500)

    api = [Route(path.replace("+}", ":path}"), gateway) for path in gateway.paths]
    site = Starlette(routes=[Route("/config.json", configure), *api, Mount("/", Page(directory=web, html=True))])
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
    return {"default_preset": presets().default, "presets": presets().catalogue()}


__all__ = ["WEB", "Misconfigured", "catalogue", "site"]
