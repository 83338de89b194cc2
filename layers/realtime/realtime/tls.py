"""Which certificate authorities are trusted, for AWS and the upstream alike."""

import os
import ssl
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("ca_certificates")
"""Written by the build: a file for each authority, of which OpenSSL reads only the one that it needs."""


@cache
def ssl_context() -> ssl.SSLContext:
    """Return the TLS settings, the same object for the life of the process.

    `SSL_CERT_FILE` and `SSL_CERT_DIR` name other authorities, as they do for OpenSSL.
    """
    file, folder = (os.environ.get(name) or None for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    if file or folder:
        return ssl.create_default_context(cafile=file, capath=folder)
    if FOLDER.is_dir():
        return ssl.create_default_context(capath=FOLDER)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())
