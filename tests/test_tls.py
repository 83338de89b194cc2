"""Which servers are trusted: those with a certificate of an authority that the build has put into its folder."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest
from build.ca_certificates import split_bundle
from realtime.tls import FOLDER, ssl_context

from tests.certificate import Certificate
from tests.conftest import ROOT
from tests.scripted_upstream import server_context

PUBLIC = certifi.contents()[: certifi.contents().index("-----END") + 26]
"""The first of the public authorities."""


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    ssl_context.cache_clear()


@pytest.fixture
def server(certificate_files: Certificate) -> Iterator[tuple[str, int]]:
    """A server with a self-signed certificate."""
    context = server_context(certificate_files)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet, args=[context, listener], daemon=True).start()
        yield listener.getsockname()


def greet(context: ssl.SSLContext, listener: socket.socket) -> None:
    connection, _ = listener.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            encrypted.sendall(b"hello")
    except (ConnectionError, ssl.SSLError):  # the client does not trust it
        connection.close()


def greeting(server: tuple[str, int]) -> bytes:
    context = ssl_context()
    with (
        socket.create_connection(server) as connection,
        context.wrap_socket(connection, server_hostname=server[0]) as encrypted,
    ):
        return encrypted.recv(5)


@pytest.mark.parametrize(("name", "where"), [("SSL_CERT_DIR", "folder"), ("SSL_CERT_FILE", "bundle")])
def test_a_server_is_trusted_if_its_authority_is_in_the_variable(
    monkeypatch: pytest.MonkeyPatch, certificate_files: Certificate, server: tuple[str, int], name: str, where: str
) -> None:
    monkeypatch.setenv(name, str(getattr(certificate_files, where)))

    assert greeting(server) == b"hello"


@pytest.mark.parametrize("where", ["file", "folder"])
def test_both_variables_count_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
    certificate_files: Certificate,
    tmp_path: Path,
    server: tuple[str, int],
    where: str,
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(PUBLIC)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_files.bundle if where == "file" else other))
    monkeypatch.setenv("SSL_CERT_DIR", str(certificate_files.folder if where == "folder" else tmp_path))

    assert greeting(server) == b"hello"


def test_where_nothing_was_built_the_authorities_of_certifi_are_trusted(
    monkeypatch: pytest.MonkeyPatch, certificate_files: Certificate, tmp_path: Path, server: tuple[str, int]
) -> None:
    monkeypatch.setattr("realtime.tls.FOLDER", tmp_path / "ca_certificates")
    monkeypatch.setattr("certifi.where", lambda: str(certificate_files.bundle))

    assert greeting(server) == b"hello"


def test_a_server_is_trusted_if_its_authority_is_in_the_folder_that_the_build_has_written(
    monkeypatch: pytest.MonkeyPatch, certificate_files: Certificate, server: tuple[str, int]
) -> None:
    monkeypatch.setattr("realtime.tls.FOLDER", certificate_files.folder)

    assert greeting(server) == b"hello"


@pytest.mark.parametrize("built", [True, False])
def test_any_other_server_is_not_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: tuple[str, int], built: bool
) -> None:
    if built:
        split_bundle(PUBLIC, tmp_path / "ca_certificates")
    monkeypatch.setattr("realtime.tls.FOLDER", tmp_path / "ca_certificates")

    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate"):
        greeting(server)


def test_the_build_writes_the_folder_that_the_layer_reads() -> None:
    assert f'"$(TO)/realtime/{FOLDER.name}"' in (ROOT / "layers" / "realtime" / "Makefile").read_text()


def test_each_authority_is_in_the_file_in_which_openssl_looks_for_it(certificate_files: Certificate) -> None:
    in_files = [file.read_text() for file in certificate_files.folder.iterdir()]
    bundled = re.findall("-----BEGIN.+?END CERTIFICATE-----\n", certificate_files.bundle.read_text(), re.DOTALL)
    context = ssl.create_default_context(capath=certificate_files.folder)

    assert sorted(in_files) == sorted(bundled)
    assert {
        file.name for file in certificate_files.folder.iterdir() if re.fullmatch(r"[0-9a-f]{8}\.\d", file.name)
    } == {file.name for file in certificate_files.folder.iterdir()}
    assert context.cert_store_stats()["x509_ca"] == 0  # none is read before it is needed
