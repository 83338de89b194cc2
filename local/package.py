"""What `sam build` adds to the npm package below /realtime/: the module by its version, the tarball, the reference."""

import json

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from local.headers import Headers, headers_for
from local.template import ROOT

VERSION: str = json.loads((ROOT / "web" / "realtime" / "package.json").read_text())["version"]
BUILT = ROOT / ".aws-sam" / "build" / "PublishFunction" / "web"


def package_routes(headers: Headers) -> list[Route]:
    """Make the routes of what is not in web/.

    Args:
        headers: response headers by path pattern.

    Returns:
        The module by its full and by its major version, which is the modules of web/realtime here; and what the last
        `make build` made.
    """

    def module(request: Request) -> Response:
        return Response(
            "export * from '/realtime/index.js'\nexport * from '/realtime/conversation/index.js'\n",
            media_type="text/javascript",
            headers=headers_for(headers, request.url.path),
        )

    def built(request: Request) -> Response:
        file = (BUILT / request.url.path.lstrip("/")).resolve()
        if not file.is_relative_to(BUILT) or not file.is_file():
            return PlainTextResponse("`make build` makes what is served here.\n", 404)
        return FileResponse(file, headers=headers_for(headers, request.url.path))

    versions = [Route(f"/realtime/{version}/index.js", module) for version in (VERSION, VERSION.partition(".")[0])]
    tarball = Route(f"/realtime/{VERSION}/realtime-serverless.tgz", built)
    return [*versions, tarball, Route("/realtime/reference/{path:path}", built)]
