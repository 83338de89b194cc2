"""Splits a bundle of CA certificates into a folder from which OpenSSL reads only the one that it needs.

The layer's Makefile runs `python -m build.ca_certificates BUNDLE FOLDER`. Reading the whole bundle of about 140
certificates for the two that are needed would be an eighth of a cold start.
Source: https://docs.openssl.org/master/man1/openssl-rehash/
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path


def split_bundle(bundle: str, folder: Path) -> None:
    """Write each certificate into a separate file, named by the hash of its subject.

    Args:
        bundle: certificates, as PEM.
        folder: where the files are written; it is created.
    """
    folder.mkdir()
    count: Counter[str] = Counter()
    for certificate in re.findall("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", bundle, re.DOTALL):
        subject = _subject_hash(certificate)
        (folder / f"{subject}.{count[subject]}").write_text(certificate)
        count[subject] += 1


def _subject_hash(certificate: str) -> str:
    command = [shutil.which("openssl") or "openssl", "x509", "-noout", "-subject_hash"]
    return subprocess.run(command, input=certificate, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


if __name__ == "__main__":
    if not shutil.which("openssl"):
        sys.exit("openssl is needed to hash the CA certificates: install it, then build again")
    split_bundle(Path(sys.argv[1]).read_text(), Path(sys.argv[2]))
