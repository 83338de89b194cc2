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


PERSON = "person@example.com"
"""Whom the stack's outputs name."""


def invite(stack: Stack) -> str:
    """Invite the person with the command of the stack's output; return the mail that they get."""
    done = stack.run(stack.outputs()["InviteUser"])
    assert done.returncode == 0, done.stderr
    [mails] = httpx.get(f"{stack.endpoint}/_ministack/ses/messages").json()["messages"].values()
    mail: str = mails[-1]["BodyHtml"]
    return mail


def password_in(mail: str) -> str:
    """Return the temporary password: what stands on the last line of the invitation, and nothing else there."""
    lines = [line.strip() for line in re.split(r"<br>|\n", mail) if line.strip()]
    return unescape(lines[-1])


def access_token(stack: Stack) -> str:
    """Invite the person, and sign in for the first time.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/using-pkce-in-authorization-code.html

    Returns:
        The access token that the sign-in brings.
    """
    return choose_password(stack, password_in(invite(stack)), secrets.token_urlsafe(16) + "aA1!")


def choose_password(stack: Stack, temporary: str, chosen: str) -> str:
    """Sign in with the temporary password, and choose another one; return the access token."""
    first = {"username": PERSON, "password": temporary}
    return sign_in(stack, first, {"new_password": chosen, "confirm_password": chosen})


def sign_in(stack: Stack, *forms: dict[str, str]) -> str:
    """Sign in with what is typed into one form after the other; return the access token."""
    verifier = secrets.token_urlsafe(48)
    client = {"client_id": stack.resource("UserPoolClient"), "redirect_uri": stack.outputs()["PageUrl"]}
    with httpx.Client(base_url=stack.endpoint) as cognito:
        page = cognito.get("/oauth2/authorize", params=client | authorization_request(verifier))
        for typed in forms:
            page = submit(cognito, page, **typed)
        code = parse_qs(urlsplit(page.headers["location"]).query)["code"][0]
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
