"""API Gateway's events: a request in the form in which a Lambda function gets it from an HTTP API.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from typing import Any

from local.arrival import Arrival
from local.intrinsics import ACCOUNT

API_ID = "local"
STAGE = "$default"

_CALLER = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "user",
    "userArn",
)
"""What format 1.0 says of a caller that IAM knows; null for all others."""

Event = dict[str, Any]


def event_of(arrival: Arrival, payload_format: str) -> Event:
    """Build the event.

    Args:
        arrival: the request.
        payload_format: `2.0` or `1.0`, as the integration says.

    Returns:
        The event; format 2.0 leaves out what is not there, 1.0 says null.
    """
    return _version_1(arrival) if payload_format == "1.0" else _version_2(arrival)


def _version_2(arrival: Arrival) -> Event:
    headers = {name: ",".join(values) for name, values in arrival.headers.items() if name != "cookie"}
    cookies = [cookie for header in arrival.headers.get("cookie", []) for cookie in header.split("; ")]
    body, is_base64 = arrival.body
    there_or_not = {
        "cookies": cookies or None,
        "queryStringParameters": {name: ",".join(values) for name, values in arrival.query.items()} or None,
        "pathParameters": arrival.path_parameters or None,
        "body": body,
    }
    return {
        "version": "2.0",
        "routeKey": arrival.route_key,
        "rawPath": arrival.path,
        "rawQueryString": arrival.query_string,
        "headers": headers,
        "requestContext": _context_2(arrival),
        "isBase64Encoded": is_base64,
        **{name: value for name, value in there_or_not.items() if value is not None},
    }


def _context_2(arrival: Arrival) -> Event:
    http = {
        "method": arrival.request.method,
        "path": arrival.path,
        "protocol": arrival.protocol,
        "sourceIp": arrival.source_ip,
        "userAgent": arrival.user_agent,
    }
    context: Event = {
        **_context(arrival),
        "http": http,
        "routeKey": arrival.route_key,
        "time": arrival.clock,
        "timeEpoch": int(arrival.time * 1000),
    }
    if arrival.authorizer:
        context["authorizer"] = {"jwt": arrival.authorizer}
    return context


def _version_1(arrival: Arrival) -> Event:
    body, is_base64 = arrival.body
    return {
        "version": "1.0",
        "resource": _resource(arrival),
        "path": arrival.path,
        "httpMethod": arrival.request.method,
        "headers": {name: values[-1] for name, values in arrival.headers.items()},
        "multiValueHeaders": arrival.headers,
        "queryStringParameters": {name: values[-1] for name, values in arrival.query.items()} or None,
        "multiValueQueryStringParameters": arrival.query or None,
        "requestContext": _context_1(arrival),
        "pathParameters": arrival.path_parameters or None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _context_1(arrival: Arrival) -> Event:
    context: Event = {
        **_context(arrival),
        "extendedRequestId": arrival.request_id,
        "httpMethod": arrival.request.method,
        "identity": {
            **dict.fromkeys(_CALLER),
            "sourceIp": arrival.source_ip,
            "userAgent": arrival.user_agent,
        },
        "path": arrival.path,
        "protocol": arrival.protocol,
        "requestTime": arrival.clock,
        "requestTimeEpoch": int(arrival.time * 1000),
        "resourceId": arrival.route_key,
        "resourcePath": _resource(arrival),
    }
    if arrival.authorizer:
        context["authorizer"] = arrival.authorizer
    return context


def _context(arrival: Arrival) -> Event:
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": arrival.host,
        "domainPrefix": arrival.host.partition(".")[0],
        "requestId": arrival.request_id,
        "stage": STAGE,
    }


def _resource(arrival: Arrival) -> str:
    return arrival.route_key.partition(" ")[2] or arrival.route_key
