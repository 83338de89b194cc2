"""Secrets Manager and DynamoDB: moto's server, run in this process."""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.secretsmanager.models import secretsmanager_backends
from werkzeug.serving import make_server

from local.intrinsics import ACCOUNT, REGION

TABLE_PROPERTIES = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
"""The properties of a table that are used locally."""

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Aws(NamedTuple):
    """The running services."""

    url: str
    access_key: str
    """The access key id that a client must sign with; the secret access key is not checked."""

    def create_secret(self, name: str, value: str) -> str:
        """Create a secret.

        Args:
            name: its name, to which a random suffix is added, as CloudFormation does.
            value: its content.

        Returns:
            Its ARN.
        """
        backend = secretsmanager_backends[ACCOUNT][REGION]
        created = backend.create_secret(
            name=f"{name}-{secrets.token_hex(6)}",
            secret_string=value,
            secret_binary=None,
            description=None,
            tags=None,
            kms_key_id=None,
            client_request_token=None,
            replica_regions=[],
            force_overwrite=False,
        )
        return str(json.loads(created)["ARN"])

    def create_table(self, name: str, properties: dict[str, Any]) -> str:
        """Create a DynamoDB table.

        Args:
            name: its name, to which a random suffix is added, as CloudFormation does.
            properties: as the template has them.

        Returns:
            Its name.
        """
        unique = f"{name}-{secrets.token_hex(6)}"
        given = {key: properties[key] for key in TABLE_PROPERTIES if key in properties}
        session = boto3.Session(self.access_key, "local", region_name=REGION)
        session.client("dynamodb", endpoint_url=self.url).create_table(TableName=unique, **given)
        return unique


@contextmanager
def aws(port: int, access_key: str) -> Iterator[Aws]:
    """Serve Secrets Manager and DynamoDB on 127.0.0.1 until the context ends.

    Args:
        port: the port; 0 chooses a free one.
        access_key: the access key id that a client must sign with. Moto itself answers every client on the machine,
            including web pages, so this must be random where the secret is a real API key.

    Yields:
        The running services.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto: Wsgi = DomainDispatcherApplication(create_backend_app)
    server = make_server(
        "127.0.0.1", port, _require_access_key(moto, access_key), threaded=True, request_handler=MotoRequestHandler
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Aws(f"http://127.0.0.1:{server.port}", access_key)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _require_access_key(app: Wsgi, access_key: str) -> Wsgi:
    one_at_a_time = threading.Lock()  # moto's transactions are not isolated from each other

    def checked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if f"Credential={access_key}/" in environ.get("HTTP_AUTHORIZATION", ""):
            with one_at_a_time:
                return app(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "application/x-amz-json-1.1")])
        return [b'{"__type": "UnrecognizedClientException", "message": "The security token is invalid."}']

    return checked
