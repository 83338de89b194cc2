"""The first sign-in of an invited person: the authorization code flow with PKCE, with the page's parameters."""

import base64
import hashlib
import re
import secrets
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.rehearse.stack import Stack

HIDDEN = re.compile(r'<input[^>]+type="hidden"[^>]+name="([^"]+)"[^>]+value="([^"]*)"')


def access_token(stack: Stack) -> str:
    """Invite a person by the command in the stack's outputs, sign in as them, and return their access token.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/using-pkce-in-authorization-code.html
    """
    done = stack.run(stack.outputs()["InviteUser"])
    assert done.returncode == 0, done.stderr
    verifier = secrets.token_urlsafe(48)
    client = {"client_id": stack.resource("UserPoolClient"), "redirect_uri": stack.outputs()["PageUrl"]}
    with httpx.Client(base_url=stack.endpoint) as cognito:
        form = cognito.get("/oauth2/authorize", params=client | authorization_request(verifier))
        form = submit(cognito, form, username="person@example.com", password=password_in_the_invitation(cognito))
        chosen = secrets.token_urlsafe(16) + "aA1!"
        back = submit(cognito, form, new_password=chosen, confirm_password=chosen)
        code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
        grant = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        answer = cognito.post("/oauth2/token", data=client | grant)
    token: str = answer.raise_for_status().json()["access_token"]
    return token


def authorization_request(verifier: str) -> dict[str, str]:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return {
        "response_type": "code",
        "scope": "openid email",
        "state": "state",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def submit(cognito: httpx.Client, page: httpx.Response, **typed: str) -> httpx.Response:
    """Fill in and submit a form of the sign-in page."""
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
    return cognito.post("/login", data=hidden | typed)


def password_in_the_invitation(cognito: httpx.Client) -> str:
    [mails] = cognito.get("/_ministack/ses/messages").json()["messages"].values()
    [password] = re.findall(r"temporary password is (\S+)\.$", mails[-1]["BodyText"])
    return unescape(password)
