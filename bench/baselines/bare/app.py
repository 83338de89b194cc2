"""The minimum for any function: sends fixed bytes over one connection. Its time is the overhead of the measurement."""

import http.client
import os
import ssl
import urllib.parse

UPSTREAM = urllib.parse.urlsplit(os.environ["OPENAI_BASE_URL"])
CONNECTION = http.client.HTTPSConnection(UPSTREAM.netloc, context=ssl.create_default_context())
BODY = b"x" * 2000


def session(event, context):
    return {"statusCode": 201, "headers": {"Content-Type": "application/sdp"}, "body": post("/realtime/calls")}


def token(event, context):
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": post("/realtime/client_secrets"),
    }


def post(path):
    CONNECTION.request("POST", UPSTREAM.path + path, BODY)
    return CONNECTION.getresponse().read().decode()
