"""Who is believed over TLS: only whose authority is among those that were laid out, each in a file of its own."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest
from realtime.authorities import lay_out
from realtime.trust import _context

from bench.certificate import Certificate, certificate
from tests.scripted_upstream import server_context


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server(files: Certificate) -> Iterator[tuple[str, int]]:
    """A server with a certificate that is its own authority."""
    context = server_context(files)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet, args=[context, listener], daemon=True).start()
        yield listener.getsockname()


def greet(context: ssl.SSLContext, listener: socket.socket) -> None:
    connection, _ = listener.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.sendall(b"hello")
    except ssl.SSLError:  # it was not believed
        connection.close()


def greeting(server: tuple[str, int]) -> bytes:
    with socket.create_connection(server) as plain, _context().wrap_socket(plain, server_hostname=server[0]) as secured:
        return secured.recv(5)


@pytest.mark.parametrize(("name", "where"), [("SSL_CERT_DIR", "folder"), ("SSL_CERT_FILE", "bundle")])
def test_a_server_is_believed_whose_authority_is_there(
    monkeypatch: pytest.MonkeyPatch, files: Certificate, server: tuple[str, int], name: str, where: str
) -> None:
    monkeypatch.setenv(name, str(getattr(files, where)))

    assert greeting(server) == b"hello"


@pytest.mark.parametrize("laid_out", [True, False])
def test_a_server_is_not_believed_whose_authority_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: tuple[str, int], laid_out: bool
) -> None:
    if laid_out:
        lay_out(certifi.contents(), tmp_path / "authorities")
    monkeypatch.setattr("realtime.trust.FOLDER", tmp_path / "authorities")

    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate"):
        greeting(server)


def test_each_authority_is_where_openssl_looks_for_it(files: Certificate) -> None:
    in_files = [file.read_text() for file in files.folder.iterdir()]
    bundled = re.findall("-----BEGIN.+?END CERTIFICATE-----\n", files.bundle.read_text(), re.DOTALL)
    context = ssl.create_default_context(capath=files.folder)

    assert sorted(in_files) == sorted(bundled)
    assert {file.name for file in files.folder.iterdir() if re.fullmatch(r"[0-9a-f]{8}\.\d", file.name)} == {
        file.name for file in files.folder.iterdir()
    }
    assert context.cert_store_stats()["x509_ca"] == 0  # none is read before it is asked for
