"""The shortest handlers that work: no library but boto3, no checks, no retries."""

import base64
import json
import os
import urllib.request

import boto3

UPSTREAM = os.environ["OPENAI_BASE_URL"]
SECRET = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["API_KEY_SECRET_ID"])
AUTHORIZATION = {"Authorization": f"Bearer {SECRET['SecretString']}"}
SESSION = {"type": "realtime", "model": "gpt-realtime-2.1", "audio": {"output": {"voice": "marin"}}}


def session(event, context):
    """Relay an offer."""
    sdp = base64.b64decode(event["body"]).decode() if event["isBase64Encoded"] else event["body"]
    form = "".join(
        f'--xxx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"sdp": sdp, "session": json.dumps(SESSION)}.items()
    )
    response = post("/realtime/calls", "multipart/form-data; boundary=xxx", form + "--xxx--\r\n")
    return {"statusCode": 201, "headers": {"Content-Type": "application/sdp"}, "body": response}


def token(event, context):
    """Mint an ephemeral key."""
    response = post("/realtime/client_secrets", "application/json", json.dumps({"session": SESSION}))
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": response}


def post(path, media_type, body):
    """Post to the upstream."""
    headers = AUTHORIZATION | {"Content-Type": media_type}
    with urllib.request.urlopen(urllib.request.Request(UPSTREAM + path, body.encode(), headers)) as response:
        return response.read().decode()
