"""A certificate for 127.0.0.1: upstream and AWS are reached over TLS, as in a deployment."""

import datetime
import ipaddress
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local.template import ROOT


class Certificate(NamedTuple):
    """Where the files are."""

    certificate: Path
    key: Path
    bundle: Path
    """The public authorities and this one: what a client has to read is as large as it is on AWS."""
    folder: Path
    """The same, a file each, as our layer ships them."""


def certificate(folder: Path) -> Certificate:
    """Make a certificate that lasts for a day.

    Args:
        folder: where the files are put.
    """
    made = Certificate(folder / "certificate.pem", folder / "key.pem", folder / "bundle.pem", folder / "authorities")
    key = ec.generate_private_key(ec.SECP256R1())
    pem = _signed(key).public_bytes(serialization.Encoding.PEM)
    made.certificate.write_bytes(pem)
    made.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    made.bundle.write_bytes(Path(certifi.where()).read_bytes() + pem)
    split = [sys.executable, "-m", "build.ca_certificates", str(made.bundle), str(made.folder)]
    subprocess.run(split, cwd=ROOT / "layers" / "realtime", check=True)
    return made


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    usage = {"digital_signature": True, "key_cert_sign": True}
    rest = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign")
    never = ("encipher_only", "decipher_only")
    public = key.public_key()
    return (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage, **dict.fromkeys((*rest, *never), False)), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
