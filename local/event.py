"""The events by which an HTTP API of API Gateway passes a request to a Lambda function.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from typing import Any

from local.intrinsics import ACCOUNT
from local.routed_request import RoutedRequest

API_ID = "local"
STAGE = "$default"

_IAM_IDENTITY = (
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
"""Members of `identity` in format 1.0 that only a caller with IAM credentials has; null for all others."""

Event = dict[str, Any]


def to_event(request: RoutedRequest, payload_format: str) -> Event:
    """Build the event.

    Args:
        request: the request.
        payload_format: `2.0` or `1.0`, as the integration says.

    Returns:
        The event; format 2.0 leaves members without a value out, format 1.0 has null.
    """
    return _version_1(request) if payload_format == "1.0" else _version_2(request)


def _version_2(request: RoutedRequest) -> Event:
    headers = {name: ",".join(values) for name, values in request.headers.items() if name != "cookie"}
    cookies = [cookie for header in request.headers.get("cookie", []) for cookie in header.split("; ")]
    body, is_base64 = request.body
    optional = {
        "cookies": cookies or None,
        "queryStringParameters": {name: ",".join(values) for name, values in request.query.items()} or None,
        "pathParameters": request.path_params or None,
        "body": body,
    }
    return {
        "version": "2.0",
        "routeKey": request.route_key,
        "rawPath": request.path,
        "rawQueryString": request.query_string,
        "headers": headers,
        "requestContext": _context_2(request),
        "isBase64Encoded": is_base64,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _context_2(request: RoutedRequest) -> Event:
    http = {
        "method": request.method,
        "path": request.path,
        "protocol": request.protocol,
        "sourceIp": request.source_ip,
        "userAgent": request.user_agent,
    }
    context: Event = {
        **_context(request),
        "http": http,
        "routeKey": request.route_key,
        "time": request.formatted_time,
        "timeEpoch": int(request.time * 1000),
    }
    if request.authorizer:
        context["authorizer"] = {"jwt": request.authorizer}
    return context


def _version_1(request: RoutedRequest) -> Event:
    body, is_base64 = request.body
    return {
        "version": "1.0",
        "resource": _resource(request),
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in request.headers.items()},
        "multiValueHeaders": request.headers,
        "queryStringParameters": {name: values[-1] for name, values in request.query.items()} or None,
        "multiValueQueryStringParameters": request.query or None,
        "requestContext": _context_1(request),
        "pathParameters": request.path_params or None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _context_1(request: RoutedRequest) -> Event:
    context: Event = {
        **_context(request),
        "extendedRequestId": request.request_id,
        "httpMethod": request.method,
        "identity": {
            **dict.fromkeys(_IAM_IDENTITY),
            "sourceIp": request.source_ip,
            "userAgent": request.user_agent,
        },
        "path": request.path,
        "protocol": request.protocol,
        "requestTime": request.formatted_time,
        "requestTimeEpoch": int(request.time * 1000),
        "resourceId": request.route_key,
        "resourcePath": _resource(request),
    }
    if request.authorizer:
        context["authorizer"] = request.authorizer
    return context


def _context(request: RoutedRequest) -> Event:
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": request.host,
        "domainPrefix": request.host.partition(".")[0],
        "requestId": request.request_id,
        "stage": STAGE,
    }


def _resource(request: RoutedRequest) -> str:
    return request.route_key.partition(" ")[2] or request.route_key
