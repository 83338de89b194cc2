"""Which certificates are believed: read once, for Secrets Manager and the upstream alike."""

import os
import ssl

import certifi

TLS = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where())
"""To read the authorities takes longer than to speak to anybody. `SSL_CERT_FILE` names others, as it does for httpx."""
