"""Which certificate authorities are believed, by Secrets Manager and the upstream alike."""

import os
import ssl
from pathlib import Path

FOLDER = Path(__file__).with_name("authorities")
"""What `sam build` makes of certifi's: a file each, of which only those are read that are asked for."""


def _context() -> ssl.SSLContext:
    file, folder = (os.environ.get(name) or None for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    if file or folder:
        return ssl.create_default_context(cafile=file, capath=folder)
    if FOLDER.is_dir():
        return ssl.create_default_context(capath=FOLDER)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


TLS = _context()
"""Made once. `SSL_CERT_FILE` and `SSL_CERT_DIR` name others, as they do for OpenSSL."""
