"""Lays out the authorities whose certificates are believed one by one, in the way in which OpenSSL looks for one.

`python -m realtime.authorities BUNDLE FOLDER`, as `sam build` runs it. To read all hundred and forty of them, for the
sake of two, would be an eighth of a cold start. Source: https://docs.openssl.org/master/man1/openssl-rehash/
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path


def lay_out(bundle: str, folder: Path) -> None:
    """Write each certificate into a file of its own, named by the hash of its subject.

    Args:
        bundle: certificates, as PEM.
        folder: where the files are put; it is made.
    """
    folder.mkdir()
    taken: Counter[str] = Counter()
    for certificate in re.findall("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", bundle, re.DOTALL):
        subject = _subject_hash(certificate)
        (folder / f"{subject}.{taken[subject]}").write_text(certificate)
        taken[subject] += 1


def _subject_hash(certificate: str) -> str:
    command = [shutil.which("openssl") or "openssl", "x509", "-noout", "-subject_hash"]
    return subprocess.run(command, input=certificate, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


if __name__ == "__main__":
    if not shutil.which("openssl"):
        sys.exit("openssl is needed to lay out the certificate authorities: install it, then build again")
    lay_out(Path(sys.argv[1]).read_text(), Path(sys.argv[2]))
