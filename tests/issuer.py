"""An OpenID provider on a real socket: its discovery document, its keys and its tokens."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key


class Issuer:
    """A running OpenID provider."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys = {"first": generate_private_key(65537, 2048)}
        self.asked: list[str] = []
        self.replies: dict[str, str] = {}
        """Bodies that replace the documents, by the end of their path."""

    def document(self, path: str) -> Any:
        if path.endswith("/.well-known/openid-configuration"):
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        return {"keys": [public_jwk(name, key) for name, key in self.keys.items()]}

    def token(self, key_id: str = "first", **changes: Any) -> str:
        claims = {"iss": self.url, "aud": "audience", "sub": "me", "exp": int(time.time()) + 60, **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, self.keys[key_id], "RS256", {"kid": key_id})


def bearer(token: str) -> dict[str, str]:
    """The request header with a token."""
    return {"Authorization": f"Bearer {token}"}


def public_jwk(name: str, key: RSAPrivateKey) -> dict[str, Any]:
    public: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return public | {"kid": name, "alg": "RS256", "use": "sig"}


@contextmanager
def running() -> Iterator[Issuer]:
    """Run a provider until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            replies = [body for path, body in provider.replies.items() if self.path.endswith(path)]
            self.wfile.write((replies or [json.dumps(provider.document(self.path))])[0].encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Issuer(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield provider
        server.shutdown()
