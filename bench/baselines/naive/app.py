"""The same packages as ours in their usual style: everything imported at the top, a new client for each invocation."""

import os
from typing import Any, Literal

import httpx
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from mangum import Mangum
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

logger = Logger(service="realtime")
metrics = Metrics(namespace="Realtime", service="realtime")


class Output(BaseModel):
    voice: str = "marin"


class Audio(BaseModel):
    output: Output = Output()


class Session(BaseModel):
    type: Literal["realtime"] = "realtime"
    model: str = "gpt-realtime-2.1"
    instructions: str = "You are a friendly voice assistant."
    audio: Audio = Audio()


class ClientSecret(BaseModel):
    value: str = Field(min_length=1)
    expires_at: int
    session: dict[str, Any]


def authorization() -> dict[str, str]:
    key = parameters.get_secret(os.environ["API_KEY_SECRET_ID"], max_age=300)
    return {"Authorization": f"Bearer {key}"}


async def relay(request: Request) -> Response:
    offer = await request.body()
    form = {
        "sdp": (None, offer, "application/sdp"),
        "session": (None, Session().model_dump_json(), "application/json"),
    }
    async with httpx.AsyncClient(base_url=os.environ["OPENAI_BASE_URL"], timeout=15) as client:
        response = await client.post("/realtime/calls", files=form, headers=authorization())
    response.raise_for_status()
    metrics.add_metric(name="Calls", unit=MetricUnit.Count, value=1)
    logger.info("Relayed", status=response.status_code)
    headers = {"Location": response.headers["Location"]}
    return Response(response.content, 201, headers, media_type="application/sdp")


async def mint(request: Request) -> Response:
    async with httpx.AsyncClient(base_url=os.environ["OPENAI_BASE_URL"], timeout=15) as client:
        body = {"session": Session().model_dump()}
        response = await client.post("/realtime/client_secrets", json=body, headers=authorization())
    response.raise_for_status()
    secret = ClientSecret.model_validate_json(response.content)
    metrics.add_metric(name="EphemeralKeys", unit=MetricUnit.Count, value=1)
    logger.info("Minted", status=response.status_code)
    return JSONResponse(secret.model_dump())


app = Starlette(routes=[Route("/session", relay, methods=["POST"]), Route("/token", mint, methods=["GET"])])
mangum = Mangum(app, lifespan="off", text_mime_types=["application/json", "application/sdp"])


@logger.inject_lambda_context
@metrics.log_metrics
def session(event, context):
    return mangum(event, context)


token = session
